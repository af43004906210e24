"""Calls go out, screens answer or do not, and whoever has to know is told."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from hub.actions.device.showing import HallWord, Seen
from hub.contract.messages import Shown
from hub.contract.time import Instant
from hub.live.halls import Halls
from hub.live.showing import LIMIT_S
from hub.queueing.facts import Entry, Fact, ServiceStarted, TicketCalled, TicketRecalled


@dataclass
class Watched:
    """Halls with one screen for every counter."""

    now_s: float = 10.0
    entries: int = 40
    missing: list[tuple[str, str, str]] = field(default_factory=list)
    changes: int = 0

    def __post_init__(self) -> None:
        self.halls = Halls(
            lambda _counter: {"hall": frozenset({"tv-1"})},
            lambda *told: self.missing.append(told),
            self._note,
            monotonic=lambda: self.now_s,
        )

    def _note(self) -> None:
        self.changes += 1

    def state(self, fact: Fact) -> int:
        """Something that goes out; returns its entry."""
        self.entries += 1
        self.halls.on_entries([Entry(self.entries, "e1", Instant(0), fact)])
        return self.entries

    def call(self, counter: str = "c5", repeat: int = 0) -> int:
        """A012 to a counter, for the first time or again."""
        called = TicketCalled("t1", "A012", counter, "s1")
        return self.state(TicketRecalled("t1", "A012", counter, "s1", repeat) if repeat else called)

    def confirm(self, sequence: int, speech: str = "pending") -> None:
        """The screen's word."""
        said = {"board": "hall", "epoch": "e1", "sequence": sequence, "number": "A012", "speech": speech}
        self.halls.hear("tv-1", Shown.model_validate({**said, "drawn_at": datetime(2026, 11, 23, tzinfo=UTC)}))

    def seen(self, counter: str = "c5") -> list[HallWord]:
        """What the officer there is told."""
        return self.halls.words().get(counter, [])


@pytest.fixture
def it() -> Watched:
    return Watched()


def test_a_call_is_followed_to_its_end(it: Watched) -> None:
    """Sent, being said, said; each is news, and the same word twice is none."""
    sequence = it.call()
    assert it.seen() == [HallWord("t1", "hall", Seen.SENT)]
    it.halls.notice()
    it.confirm(sequence)
    it.confirm(sequence)
    assert it.seen() == [HallWord("t1", "hall", Seen.SPEAKING)]
    it.confirm(sequence, "spoken")
    assert it.seen() == [HallWord("t1", "hall", Seen.SPOKEN)]
    assert it.changes == 2
    it.now_s += LIMIT_S
    it.halls.notice()
    assert it.missing == []


def test_silence_is_stated_once(it: Watched) -> None:
    """For that ticket, at that counter, in that hall."""
    it.call()
    it.now_s += LIMIT_S
    it.halls.notice()
    it.halls.notice()
    assert it.missing == [("t1", "c5", "hall")]
    assert it.seen() == [HallWord("t1", "hall", Seen.MISSING)]


def test_a_recall_is_a_call_of_its_own(it: Watched) -> None:
    """What was confirmed of the first one says nothing of the second."""
    first = it.call()
    it.confirm(first, "spoken")
    second = it.call(repeat=1)
    it.confirm(first, "spoken")
    assert it.seen() == [HallWord("t1", "hall", Seen.SENT)]
    it.confirm(second)
    assert it.seen() == [HallWord("t1", "hall", Seen.SPEAKING)]


def test_counters_do_not_hide_each_other(it: Watched) -> None:
    """Two calls at once."""
    first = it.call("c1")
    it.call("c2")
    it.confirm(first)
    it.now_s += LIMIT_S
    it.halls.notice()
    assert it.missing == [("t1", "c2", "hall")]


def test_other_facts_are_no_calls(it: Watched) -> None:
    """Nothing to be shown."""
    it.state(ServiceStarted("t1", "c5", "s1"))
    assert it.halls.words() == {}


def test_silence_is_noticed_by_itself(it: Watched) -> None:
    """On a thread of its own, which ends."""
    told = threading.Event()
    halls = Halls(
        lambda _counter: {"hall": frozenset({"tv-1"})},
        lambda *_told: told.set(),
        lambda: None,
        monotonic=time.monotonic,
    )
    halls.start()
    halls.on_entries([Entry(1, "e1", Instant(0), TicketCalled("t1", "A012", "c5", "s1"))])
    assert told.wait(10)
    halls.stop()
    halls.stop()
