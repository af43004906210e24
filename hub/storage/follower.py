"""Following the journal: a thread with a cursor of its own, woken by a signal that carries nothing."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from hub.queueing.facts import Entry
from hub.storage import journal
from hub.storage.database import Database

QUIET_S: Final = 0.05
"""How long a follower lets quiet entries gather: while people only take numbers, nobody needs each told by itself."""

PATIENCE_S: Final = 1.0
"""How long to wait before reading again what could not be read or told."""

log = structlog.get_logger("hub.storage.follower")


class Signal:
    """Wakes every follower; says nothing but "look", or "look at once"."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0
        self._urgent = 0

    def ring(self, *, urgent: bool = True) -> None:
        """Something was committed. What is not urgent may be looked at together with what follows it shortly."""
        with self._changed:
            self._rings += 1
            self._urgent += urgent
            self._changed.notify_all()

    @property
    def rings(self) -> tuple[int, int]:
        """How often it rang, and how often of these urgently: where a wait begins."""
        with self._changed:
            return self._rings, self._urgent

    def wait_beyond(self, rings: int, urgent: int) -> None:
        """Returns at once when it rang urgently since, and shortly after when it only rang."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings > rings)
            self._changed.wait_for(lambda: self._urgent > urgent, QUIET_S)


class Follower:
    """Hands entries to `tell` in order, each at least once; what fails is told again. `stop()` twice is harmless."""

    def __init__(self, name: str, database: Database, signal: Signal, tell: Callable[[Sequence[Entry]], None]) -> None:
        self._database = database
        self._signal = signal
        self._tell = tell
        self._cursor = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"follower-{name}", daemon=True)
        self._name = name

    def start(self, cursor: int) -> None:
        """Follows from the entry behind `cursor`."""
        self._cursor = cursor
        self._thread.start()

    def stop(self, limit_s: float = 2.0) -> None:
        """Ends the thread."""
        self._stopping.set()
        self._signal.ring()
        if self._thread.is_alive():
            self._thread.join(limit_s)

    def _run(self) -> None:
        broken = False
        while not self._stopping.is_set():
            try:
                rings = self._signal.rings
                self._catch_up()
                if broken:
                    log.info("follower-recovered", follower=self._name)
                broken = False
                self._signal.wait_beyond(*rings)
            except Exception as error:  # listed loop: whatever a tell breaks on, the rest of the day must be told
                if not broken:
                    log.error("follower-broke", follower=self._name, error=str(error), exc_info=error)
                broken = True
                self._stopping.wait(PATIENCE_S)

    def _catch_up(self) -> None:
        while not self._stopping.is_set():
            with self._database.reading() as connection:
                entries = journal.read_after(connection, self._cursor)
            if not entries:
                return
            self._tell(entries)
            self._cursor = entries[-1].number
