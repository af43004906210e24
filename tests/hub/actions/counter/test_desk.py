"""An officer opens, pauses, resumes or closes a counter."""

import pytest

from hub.actions.asking import Action
from hub.actions.counter.desk import DESK_VERBS, change_desk, pause_desk
from hub.contract.names import TicketState
from hub.queueing import facts as f
from hub.queueing.ticket import Verb
from tests.hub.actions.place import Place


def desk(verb: str, counter: str = "c1", officer: str = "an") -> Action:
    if verb == "pause":
        return lambda work: pause_desk(work, counter, officer)
    return lambda work: change_desk(work, counter, officer, verb)


def test_a_counter_s_day(place: Place) -> None:
    """Each verb answers how the counter stands now; said twice it is no change."""
    for verb, state, fact in (
        ("open", "open", f.CounterOpened),
        ("pause", "paused", f.CounterPaused),
        ("resume", "open", f.CounterResumed),
        ("close", "closed", f.CounterClosed),
    ):
        before = place.centre.ledger.sight.entry
        assert place.done(desk(verb)) == {"counter": "c1", "state": state, "ticket": None}
        assert place.facts(before) == [fact("c1", "an")]
        if verb != "close":
            assert place.stated_by(desk(verb)) == []


def test_opening_another_counter_leaves_the_first(place: Place) -> None:
    """And what was called there goes back to its place."""
    place.open("c1")
    ticket = place.issue()
    place.call()
    assert place.stated_by(desk("open", "c3")) == [
        f.TicketReturned(ticket, "an"),
        f.CounterClosed("c1", "an"),
        f.CounterOpened("c3", "an"),
    ]


def test_reopened_a_counter_shows_what_it_has(place: Place) -> None:
    """The same officer in another browser."""
    place.open()
    place.issue()
    place.call()
    answer = place.done(desk("open"))
    assert (answer["state"], answer["ticket"]["number"]) == ("called", "A001")


def test_closing_returns_a_called_ticket(place: Place) -> None:
    """Nobody is forgotten because an officer left."""
    place.open()
    ticket = place.issue()
    place.call()
    assert place.done(desk("close"))["state"] == "closed"
    assert place.ticket(ticket).state is TicketState.WAITING


@pytest.mark.parametrize("verb", [*DESK_VERBS, "pause"])
def test_a_counter_nobody_has_is_refused(place: Place, verb: str) -> None:
    """Whatever is asked of it."""
    assert place.refused(desk(verb, "c9")) == "unknown-counter"


@pytest.mark.parametrize("verb", [*DESK_VERBS, "pause"])
def test_another_officer_s_counter_is_refused(place: Place, verb: str) -> None:
    """He or she closes it, or an administrator removes the person."""
    place.open()
    assert place.refused(desk(verb, "c1", "binh")) == "counter-taken"


@pytest.mark.parametrize("verb", ["pause", "resume", "close"])
def test_a_closed_counter_must_be_opened_first(place: Place, verb: str) -> None:
    """There is nothing to pause or close."""
    assert place.refused(desk(verb)) == "counter-closed"


def test_with_somebody_at_the_counter_it_can_be_neither_paused_nor_left(place: Place) -> None:
    """Called: not paused. Being served: neither, nor by opening another."""
    place.open()
    place.issue()
    place.call()
    assert place.refused(desk("pause")) == "still-called"
    place.press(Verb.START)
    assert place.refused(desk("pause")) == "still-serving"
    assert place.refused(desk("close")) == "still-serving"
    assert place.refused(desk("open", "c3")) == "still-serving"
