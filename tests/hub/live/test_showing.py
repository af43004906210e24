"""What becomes of a call by the words of screens, and by their silence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.actions.device.showing import Seen
from hub.contract.messages import Shown
from hub.contract.time import Instant
from hub.live.showing import LIMIT_S, Showing, begun, confirmed, is_waiting, overdue
from hub.queueing.facts import Entry, TicketCalled

AT_S = 100.0
HALLS = {"hall-a": frozenset({"tv-1", "tv-2"}), "hall-b": frozenset({"tv-3"}), "hall-c": frozenset[str]()}


def call() -> Showing:
    """A012 to a counter, the journal's entry 50, for two halls with screens and one without."""
    called = TicketCalled("t1", "A012", "c5", "s1")
    return begun(Entry(50, "e1", Instant(0), called), called, HALLS, AT_S)


def shown(speech: str = "pending", **changed: Any) -> Shown:
    """A screen's word on it."""
    said = {"board": "hall-a", "epoch": "e1", "sequence": 50, "number": "A012", "speech": speech, **changed}
    return Shown.model_validate({**said, "drawn_at": datetime(2026, 11, 23, tzinfo=UTC)})


def test_a_hall_without_screens_says_nothing() -> None:
    """Nobody could tell."""
    assert call().halls() == {"hall-a": Seen.SENT, "hall-b": Seen.SENT}


@pytest.mark.parametrize(
    ("speech", "seen"),
    [("pending", Seen.SPEAKING), ("spoken", Seen.SPOKEN), ("skipped", Seen.SILENT), ("muted", Seen.SILENT)],
)
def test_a_screen_confirms(speech: str, seen: Seen) -> None:
    """For its own hall only."""
    after = confirmed(call(), "tv-1", shown(speech))
    assert after.halls() == {"hall-a": seen, "hall-b": Seen.SENT}


def test_one_screen_of_a_hall_is_enough() -> None:
    """The one that says it counts before the one that is silent."""
    after = confirmed(confirmed(call(), "tv-1", shown("spoken")), "tv-2", shown("muted"))
    assert after.halls()["hall-a"] is Seen.SPOKEN
    late, missing = overdue(after, AT_S + LIMIT_S)
    assert missing == ("hall-b",)
    assert late.halls() == {"hall-a": Seen.SPOKEN, "hall-b": Seen.MISSING}


def test_silence_counts_once_and_not_too_early() -> None:
    """And a screen that comes late is believed."""
    early, missing = overdue(call(), AT_S + LIMIT_S - 0.001)
    assert (early, missing) == (call(), ())
    late, missing = overdue(early, AT_S + LIMIT_S)
    assert missing == ("hall-a", "hall-b")
    assert not is_waiting(late)
    assert overdue(late, AT_S + LIMIT_S + 1)[1] == ()
    assert confirmed(late, "tv-2", shown()).halls()["hall-a"] is Seen.SPEAKING


def test_the_end_of_an_announcement_is_not_taken_back() -> None:
    """By a word that was overtaken on its way."""
    after = confirmed(confirmed(call(), "tv-1", shown("spoken")), "tv-1", shown("pending"))
    assert after.halls()["hall-a"] is Seen.SPOKEN


@pytest.mark.parametrize(
    "changed",
    [
        {"epoch": "e0"},
        {"sequence": 49},
        {"number": "A013"},
        {"board": "hall-b"},
        {"board": "nowhere"},
        {"sequence": 51, "number": None},
    ],
)
def test_a_word_on_something_else_confirms_nothing(changed: dict[str, Any]) -> None:
    """Another database, an earlier call of the same number, another number, a hall that is not the screen's."""
    assert confirmed(call(), "tv-1", shown(**changed)) == call()


def test_a_stranger_confirms_nothing() -> None:
    """Whatever it says."""
    assert confirmed(call(), "kiosk-01", shown()) == call()


@pytest.mark.parametrize("changed", [{"sequence": 57}, {"number": None}])
def test_a_call_found_in_a_list_is_the_same_call(changed: dict[str, Any]) -> None:
    """It bears the list's mark, and its number; a board that tells no number confirms the very call."""
    assert confirmed(call(), "tv-1", shown(**changed)).halls()["hall-a"] is Seen.SPEAKING
