"""An officer calls the next number."""

from hub.actions.asking import Action
from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import pause_desk
from hub.queueing import facts as f
from hub.queueing.ticket import Verb
from tests.hub.actions.place import Place


def call(counter: str = "c1", officer: str = "an") -> Action:
    return lambda work: call_next(work, counter, officer)


def test_whoever_came_first_of_the_counter_s_services_is_called(place: Place) -> None:
    """The answer is what the officer's page shows."""
    place.open()
    trade, land, births = (place.issue(service) for service in ("trade", "land", "births"))
    place.centre.clock.turn(90_000)
    answer = place.done(call())
    assert answer == {
        "counter": "c1",
        "state": "called",
        "ticket": {
            "id": land,
            "number": "B001",
            "service": "land",
            "state": "called",
            "recalls": 0,
            "waited_s": 90,
        },
    }
    assert place.facts()[-1] == f.TicketCalled(land, "B001", "c1", "an")
    assert {trade, births} == {one.id for one in place.centre.line.tickets.values() if one.state == "waiting"}


def test_calling_while_serving_finishes_first(place: Place) -> None:
    """One press, two facts, in this order."""
    place.open()
    first, second = place.issue(), place.issue()
    place.call()
    place.press(Verb.START)
    assert place.stated_by(call()) == [
        f.ServiceFinished(first, "c1", "an"),
        f.TicketCalled(second, "A002", "c1", "an"),
    ]


def test_with_nobody_waiting_the_visit_is_not_finished(place: Place) -> None:
    """Refused, nothing has changed."""
    place.open()
    assert place.refused(call()) == "nobody-waiting"
    place.issue("trade")
    place.issue()
    place.call()
    place.press(Verb.START)
    assert place.refused(call()) == "nobody-waiting"


def test_somebody_who_has_not_come_is_dealt_with_first(place: Place) -> None:
    """Started, recalled or missed: two people are never called to one counter."""
    place.open()
    place.issue()
    place.issue()
    place.call()
    assert place.refused(call()) == "still-called"
    place.press(Verb.NO_SHOW)
    assert place.done(call())["ticket"]["number"] == "A002"


def test_only_an_open_counter_of_one_s_own_calls(place: Place) -> None:
    """Unknown, closed, another's, paused."""
    place.issue()
    assert place.refused(call("c9")) == "unknown-counter"
    assert place.refused(call()) == "counter-closed"
    place.open()
    assert place.refused(call("c1", "binh")) == "counter-taken"
    place.done(lambda work: pause_desk(work, "c1", "an"))
    assert place.refused(call()) == "counter-paused"
