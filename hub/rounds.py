"""What the hub does by itself every so often: one thread, one list of rounds, each guarded."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger("hub.rounds")


@dataclass(slots=True)
class Round:
    """One duty: `walk` is called every `every_s` seconds, first after `first_s`."""

    name: str
    every_s: float
    walk: Callable[[], object]
    first_s: float = 0.0
    due_at: float = 0.0
    broken: bool = False


class Rounds:
    """Walks each round when it is due. A round that breaks is logged once, and once when it works again."""

    def __init__(self, rounds: list[Round]) -> None:
        self._rounds = rounds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def start(self) -> None:
        """Begins to walk."""
        now = time.monotonic()
        for one in self._rounds:
            one.due_at = now + one.first_s
        self._thread.start()

    def stop(self, limit_s: float = 5.0) -> None:
        """Ends the thread; twice is harmless."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(limit_s)

    @property
    def broken(self) -> list[str]:
        """Names of rounds that did not work last time."""
        return [one.name for one in self._rounds if one.broken]

    def _run(self) -> None:
        while not self._stopping.is_set():
            now = time.monotonic()
            for one in self._rounds:
                if one.due_at <= now and not self._stopping.is_set():
                    one.due_at = now + one.every_s
                    _walk(one)
            next_at = min(one.due_at for one in self._rounds)
            self._stopping.wait(max(0.05, next_at - time.monotonic()))


def _walk(one: Round) -> None:
    try:
        one.walk()
    except Exception as error:  # listed loop: one duty that fails must not stop the others
        if not one.broken:
            log.error("round-broke", round=one.name, error=str(error), exc_info=error)
        one.broken = True
    else:
        if one.broken:
            log.info("round-recovered", round=one.name)
        one.broken = False
