"""What the halls have seen of each counter's last call: screens confirm, and silence means something. Thread-safe."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from hub.actions.device.showing import HallWord
from hub.contract.messages import Shown
from hub.live.showing import Call, Showing, begun, confirmed, is_waiting, overdue
from hub.queueing.facts import Entry

CLOSE_LIMIT_S: Final = 2.0

log = structlog.get_logger("hub.live.halls")

Screens = Callable[[str], dict[str, frozenset[str]]]
"""Which screens shall show the calls of a counter: by board, by device."""

NotShown = Callable[[str, str, str], None]
"""Told that nobody in a hall has seen a call: (ticket, counter, board). It says itself when that can be read."""


class Halls:
    """`on_entries` before a call goes out to screens, `hear` when one has spoken. `changed` is told that there is news.

    Between `start` and `stop` silence is noticed by itself. `monotonic`: seconds that never go back.
    """

    def __init__(
        self, screens: Screens, not_shown: NotShown, changed: Callable[[], None], *, monotonic: Callable[[], float]
    ) -> None:
        self._screens = screens
        self._not_shown = not_shown
        self._changed = changed
        self._monotonic = monotonic
        self._news = threading.Condition()
        self._by_counter: dict[str, Showing] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._notice_all, name="halls", daemon=True)

    def start(self) -> None:
        """Begins to notice silence."""
        self._thread.start()

    def stop(self) -> None:
        """Notices nothing any more. Twice is harmless."""
        with self._news:
            self._stopping.set()
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT_S)

    def words(self) -> dict[str, list[HallWord]]:
        """What the halls say of the last call of each counter, by counter."""
        with self._news:
            showings = list(self._by_counter.values())
        return {
            one.counter: [HallWord(one.ticket, board, seen) for board, seen in sorted(one.halls().items())]
            for one in showings
        }

    def on_entries(self, entries: Sequence[Entry]) -> None:
        """A follower's hand-over: calls that go out now."""
        for entry in entries:
            if isinstance(entry.fact, Call):
                self._begin(entry, entry.fact)

    def hear(self, screen: str, shown: Shown) -> None:
        """A screen's own word."""
        with self._news:
            before = dict(self._by_counter)
            self._by_counter = {counter: confirmed(one, screen, shown) for counter, one in before.items()}
            news = self._by_counter != before
            self._news.notify()
        if news:
            self._changed()

    def notice(self) -> None:
        """Calls whose time is over become what they mean."""
        now_s = self._monotonic()
        missing: list[tuple[Showing, str]] = []
        with self._news:
            for counter, one in self._by_counter.items():
                self._by_counter[counter], halls = overdue(one, now_s)
                missing += ((one, board) for board in halls)
        for one, board in missing:
            log.warning("call-not-shown", board=board, counter=one.counter)
            self._not_shown(one.ticket, one.counter, board)

    def _begin(self, entry: Entry, call: Call) -> None:
        showing = begun(entry, call, self._screens(call.counter), self._monotonic())
        with self._news:
            self._by_counter[call.counter] = showing
            self._news.notify()

    def _notice_all(self) -> None:
        """A call that comes between a look and the wait is seen by the wait."""
        while not self._stopping.is_set():
            self.notice()
            with self._news:
                due_s = self._due_s()
                if not self._stopping.is_set():
                    self._news.wait(None if due_s is None else max(0.0, due_s - self._monotonic()))

    def _due_s(self) -> float | None:
        return min((one.due_s for one in self._by_counter.values() if is_waiting(one)), default=None)
