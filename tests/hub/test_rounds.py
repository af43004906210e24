"""Rounds: each when it is due, none held up by another that fails."""

import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from hub.rounds import Round, Rounds
from tests.rig.running import eventually

QUICK_S = 20.0
LONG_S = 600.0


class Walks:
    """A duty that counts how often it was done, and may be told to fail."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = False
        self.waits: threading.Event | None = None

    def __call__(self) -> None:
        self.done += 1
        if self.waits is not None:
            assert self.waits.wait(10)
        if self.fails:
            raise ZeroDivisionError("a duty that breaks")


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def walking() -> Iterator[Callable[..., Rounds]]:
    """Starts rounds that are stopped at the end."""
    made: list[Rounds] = []

    def start(*rounds: Round) -> Rounds:
        made.append(Rounds(list(rounds)))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop()
        assert not one._thread.is_alive()


def test_each_is_walked_at_its_own_pace(walking: Callable[..., Rounds]) -> None:
    """Often, seldom, later."""
    often, seldom, later = Walks(), Walks(), Walks()
    walking(Round("often", 0.01, often), Round("seldom", LONG_S, seldom), Round("later", 0.01, later, first_s=LONG_S))
    eventually(lambda: often.done >= 5, "walked often")
    assert (seldom.done, later.done) == (1, 0)


def test_the_first_walk_waits_as_long_as_it_is_told(walking: Callable[..., Rounds]) -> None:
    """Not at once, and then at its pace."""
    began, times = time.monotonic(), []
    walking(Round("later", 0.05, lambda: times.append(time.monotonic()), first_s=0.2))
    eventually(lambda: len(times) >= 3, "walked")
    assert times[0] - began >= 0.2
    assert times[2] - times[1] >= 0.04


def test_one_that_breaks_is_logged_once_and_once_when_it_works_again(
    walking: Callable[..., Rounds], logged: list[MutableMapping[str, Any]]
) -> None:
    """It is walked on and on; the others never notice; who looks is told its name."""
    broken, other = Walks(), Walks()
    broken.fails = True
    rounds = walking(Round("back-up", 0.01, broken), Round("day", 0.01, other))
    eventually(lambda: broken.done >= 4 and other.done >= 4, "walked on")
    assert rounds.broken == ["back-up"]
    broken.fails = False
    eventually(lambda: rounds.broken == [], "works again")
    broken.fails = True
    eventually(lambda: rounds.broken == ["back-up"], "breaks again")
    assert [(entry["event"], entry["round"]) for entry in logged] == [
        *(("round-broke", "back-up"), ("round-recovered", "back-up"), ("round-broke", "back-up")),
    ]
    assert logged[0]["error"] == "a duty that breaks"


def test_unguarded_one_would_end_them_all(walking: Callable[..., Rounds], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: a walk as it is."""
    died = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: died.set())
    monkeypatch.setattr("hub.rounds._walk", lambda one: one.walk())
    broken, other = Walks(), Walks()
    broken.fails = True
    walking(Round("other", 0.01, other, first_s=0.01), Round("broken", 0.01, broken))
    assert died.wait(10)
    assert other.done <= 1


def test_it_stops_quickly_although_nothing_is_due(walking: Callable[..., Rounds]) -> None:
    """Twice is harmless, and so is one never started."""
    idle = walking(Round("seldom", LONG_S, Walks()))
    for rounds in (idle, idle, Rounds([Round("never", 1.0, Walks())])):
        began = time.monotonic()
        rounds.stop()
        assert time.monotonic() - began < QUICK_S


def test_a_round_under_way_is_finished_and_no_other_begun(walking: Callable[..., Rounds]) -> None:
    """A back-up is not cut off; what was due behind it is left for the next life."""
    slow, behind = Walks(), Walks()
    slow.waits = threading.Event()
    rounds = walking(Round("slow", LONG_S, slow), Round("behind", LONG_S, behind))
    eventually(lambda: slow.done, "begun")
    rounds.stop(limit_s=0.01)
    slow.waits.set()
    eventually(lambda: not rounds._thread.is_alive(), "ended")
    assert (slow.done, behind.done) == (1, 0)
