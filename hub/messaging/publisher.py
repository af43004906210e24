"""What the hub tells: calls at once, counters when they change, waiting figures and boards at most every so often.

It follows the journal and holds no state that the database does not: after any loss it says everything again.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import tzinfo
from typing import Final

import structlog

from hub.actions.asking import Door, Sight
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.contract.topics import Announcement, announce
from hub.queueing import facts as f
from hub.queueing import views

LOOK_LIMIT_S: Final = 5.0

log = structlog.get_logger("hub.messaging.publisher")

Tell = Callable[[Announcement], None]
Complete = Callable[[Sequence[Announcement]], None]
"""Told after everything was said: this is all there is."""


class Publisher:
    """Turns entries into announcements and hands each to every `tell`. `stop()` twice is harmless."""

    def __init__(
        self,
        door: Door,
        tells: Sequence[Tell],
        *,
        clock: Callable[[], Instant],
        zone: tzinfo,
        public_url: str | None,
        officers: Callable[[], Mapping[str, str]],
        also: Callable[[Sight], Sequence[Announcement]],
        coalesce_s: float,
        complete: Complete = lambda _everything: None,
    ) -> None:
        self._door = door
        self._tells = tells
        self._clock = clock
        self._zone = zone
        self._public_url = public_url
        self._officers = officers
        self._also = also
        self._coalesce_s = coalesce_s
        self._complete = complete
        self._set_up: SetUp | None = None
        self._names: Mapping[str, str] = {}
        self._saying = threading.Lock()
        self._dirty = threading.Event()
        self._all = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._coalesce, name="publisher", daemon=True)

    def start(self) -> None:
        """Says everything once and begins to coalesce."""
        self._all.clear()
        self.say_everything()
        self._thread.start()

    def stop(self, limit_s: float = 2.0) -> None:
        """Ends the coalescing thread."""
        self._stopping.set()
        self._dirty.set()
        if self._thread.is_alive():
            self._thread.join(limit_s)

    def say_everything(self) -> None:
        """All retained state again."""
        with self._saying:
            everything = self._look(self._everything)
            self._tell(everything)
            self._complete(everything)

    def refresh(self) -> None:
        """Says everything again soon, on the publisher's own thread: the broker, or a device, was new."""
        self._all.set()
        self._dirty.set()

    def on_entries(self, entries: Sequence[f.Entry]) -> None:
        """A follower's hand-over: calls first, then what changed at the counters; the rest is coalesced."""
        counters: set[str] = set()
        everything = self._set_up is None
        for entry in entries:
            match entry.fact:
                case f.TicketCalled() | f.TicketRecalled():
                    self._tell(self._calls(entry))
                    counters.add(entry.fact.counter)
                case f.SetUpChanged() | f.DayOpened() | f.StaffAdded() | f.StaffRemoved():
                    everything = True
                case f.TicketIssued():
                    pass
                case f.TicketReturned() | f.TicketTransferred() | f.TicketCancelled():
                    counters.update(self._set_up.counter if self._set_up else ())
                case fact:
                    counters.update({counter} if (counter := getattr(fact, "counter", None)) else ())
        if everything:
            self.say_everything()
        elif counters:
            self._say(lambda sight: self._some_counters(sight, counters))
        self._dirty.set()

    # ------------------------------------------------------------ what to say

    def _everything(self, sight: Sight) -> list[Announcement]:
        self._set_up = sight.set_up
        return [
            announce("centre", views.centre(sight.set_up, self._public_url)),
            announce("services", views.services(sight.set_up, sight.set_up_version)),
            *self._some_counters(sight, set(sight.set_up.counter)),
            *self._waiting_and_boards(sight),
            *self._also(sight),
        ]

    def _some_counters(self, sight: Sight, counters: set[str]) -> list[Announcement]:
        return [
            announce("counter", views.counter(sight.line, one, self._names, self._zone), counter=one.id)
            for one in sight.set_up.counters
            if one.id in counters
        ]

    def _waiting_and_boards(self, sight: Sight) -> list[Announcement]:
        now = max(self._clock(), sight.line.last_entry_at)
        boards = [
            announce(
                "board",
                views.board(sight.line, sight.set_up, one.id, epoch=sight.epoch, sequence=sight.entry, zone=self._zone),
                board=one.id,
            )
            for one in sight.set_up.boards
        ]
        return [announce("waiting", views.waiting(sight.line, sight.set_up, Instant(now), self._zone)), *boards]

    def _calls(self, entry: f.Entry) -> list[Announcement]:
        fact = entry.fact
        if self._set_up is None or not isinstance(fact, f.TicketCalled | f.TicketRecalled):
            return []
        at_counter = self._set_up.counter.get(fact.counter)
        if at_counter is None:
            return []
        call = views.board_call(
            fact.number,
            at_counter,
            repeat=fact.repeat if isinstance(fact, f.TicketRecalled) else 0,
            at=entry.at,
            epoch=entry.epoch,
            sequence=entry.number,
            zone=self._zone,
        )
        return [announce("board-call", call, board=board) for board in self._set_up.boards_of(fact.counter)]

    # ------------------------------------------------------------ saying it

    def _say(self, question: Callable[[Sight], list[Announcement]]) -> None:
        """Looks and tells in one: two threads say state, and what is told last must be what was seen last."""
        with self._saying:
            self._tell(self._look(question))

    def _look(self, question: Callable[[Sight], list[Announcement]]) -> list[Announcement]:
        self._names = self._officers()
        looked: Future[list[Announcement]] = self._door.look(question)
        return looked.result(LOOK_LIMIT_S)

    def _tell(self, announcements: Sequence[Announcement]) -> None:
        for announcement in announcements:
            for tell in self._tells:
                tell(announcement)

    def _coalesce(self) -> None:
        broken = False
        while not self._stopping.is_set():
            self._dirty.wait()
            self._dirty.clear()
            if self._stopping.is_set():
                return
            everything = self._all.is_set()
            self._all.clear()
            try:
                if everything:
                    self.say_everything()
                else:
                    self._say(self._waiting_and_boards)
                if broken:
                    log.info("publisher-recovered")
                broken = False
            except Exception as error:  # listed loop: whatever it broke on, the last state must be told in the end
                if not broken:
                    log.error("publisher-broke", error=str(error), exc_info=error)
                broken = True
                if everything:
                    self._all.set()
                self._dirty.set()
            self._stopping.wait(self._coalesce_s)
