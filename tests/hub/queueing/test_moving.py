"""Sent on, brought back, of another class: where a ticket stands afterwards."""

import pytest

from hub.contract.refusals import RefusalCode
from hub.contract.time import Instant
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import Hall

MINUTE = 60_000


def at_work() -> Hall:
    """c1 and c2 are open, c3 is not; A001, A002, B001 and A003 wait, in this order."""
    hall = Hall()
    hall.open()
    hall.open("c2", "binh")
    for service in ("births", "births", "land", "births"):
        hall.issue(service)
    return hall


def test_who_is_sent_to_a_counter_is_called_there_alone_and_before_others() -> None:
    """By arrival among those who were sent there; no other counter calls them."""
    hall = at_work()
    hall.open("c3", "chi")
    for ticket in ("t4", "t2"):
        hall.send("c1", "c2", "binh", ticket)
    assert (hall.sent_on(), hall.waiting()) == (["A002", "A003"], ["A001"])
    assert hall.call("c3", "chi").number == "A001"
    hall.press(Verb.START, "c3", "chi")
    hall.refuses(RefusalCode.NOBODY_WAITING, lambda: hall.call("c3", "chi"))
    called = []
    for _ in range(3):
        called.append(hall.call().number)
        hall.press(Verb.START)
    assert called == ["A002", "A003", "B001"]


def test_people_ahead_are_those_of_the_same_line() -> None:
    """Of a counter's own line, or of the service's: whoever was sent elsewhere is ahead of nobody there."""
    hall = at_work()
    for ticket in ("t1", "t3"):
        hall.send("c1", "c2", "binh", ticket)
    ahead = {number: hall.line.people_ahead(hall.line.tickets[number]) for number in ("t1", "t2", "t3", "t4")}
    assert ahead == {"t1": 0, "t2": 0, "t3": 1, "t4": 1}
    assert (hall.line.waiting_count("births"), hall.line.waiting_count("land")) == (2, 0)


def test_a_ticket_is_sent_to_a_counter_that_is_open() -> None:
    """Not to one that is closed or unknown, nor where it is already."""
    hall = at_work()
    hall.refuses(RefusalCode.COUNTER_CLOSED, lambda: hall.send("c3", ticket="t1"))
    hall.refuses(RefusalCode.UNKNOWN_COUNTER, lambda: hall.send("c9", ticket="t1"))
    hall.send("c2", ticket="t1")
    hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.send("c2", ticket="t1"))
    hall.call()
    hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.send("c1"))
    hall.press(Verb.HOLD)
    hall.send("c1", "c2", "binh", "t2")
    assert hall.sent_on() == ["A002"]


def test_one_that_was_sent_to_a_counter_can_be_sent_back_to_its_service() -> None:
    """And to another one; it stands by its arrival."""
    hall = at_work()
    hall.send("c2", ticket="t2")
    hall.transfer("births", ticket="t2")
    assert (hall.waiting(), hall.sent_on("c2")) == (["A001", "A002", "A003"], [])
    hall.send("c2", ticket="t2")
    hall.transfer("land", ticket="t2")
    assert (hall.waiting("land"), hall.sent_on("c2")) == (["A002", "B001"], [])


def test_returned_as_if_not_called_it_waits_for_that_counter_still() -> None:
    """As long as somebody sits there."""
    hall = at_work()
    hall.send("c1", "c2", "binh", "t4")
    assert hall.call().number == "A003"
    hall.press(Verb.RETURN)
    assert hall.sent_on() == ["A003"]


@pytest.mark.parametrize("verb", [Verb.HOLD, Verb.NO_SHOW])
@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("own", ["A001", "A002", "A003", "A004", "A005"]),
        ("front", ["A003", "A001", "A002", "A004", "A005"]),
        ("after", ["A001", "A002", "A004", "A003", "A005"]),
    ],
)
def test_a_rested_number_comes_back_to_the_place_that_the_centre_has_chosen(
    verb: Verb, place: str, line: list[str]
) -> None:
    """Its own by arrival, the front, or behind all who have taken a number by then; later arrivals stand behind it."""
    hall = at_work().having(returning={"place": place})
    hall.pick("t4")
    hall.press(verb)
    hall.issue()
    hall.press(Verb.RETURN, ticket="t4")
    hall.issue()
    assert hall.waiting() == line


def test_who_comes_back_stands_by_arrival_among_those_who_came_back() -> None:
    """At the front as behind."""
    for place, line in (("front", ["A001", "A002", "A003"]), ("after", ["A003", "A001", "A002"])):
        hall = at_work().having(returning={"place": place})
        for _ in range(2):
            hall.call()
            hall.press(Verb.NO_SHOW)
        for ticket in ("t2", "t1"):
            hall.press(Verb.RETURN, ticket=ticket)
        assert hall.waiting() == line, place


def test_the_place_that_was_given_stays() -> None:
    """A number at the front that is called and put back stands at the front again."""
    hall = at_work().having(returning={"place": "front"})
    hall.pick("t4")
    hall.press(Verb.NO_SHOW)
    hall.press(Verb.RETURN, ticket="t4")
    for _ in range(2):
        assert hall.call().number == "A003"
        hall.press(Verb.RETURN)


def test_the_time_for_coming_back_is_over_when_the_centre_says_so() -> None:
    """To the minute; without a limit it is all day."""
    hall = at_work()
    hall.call()
    hall.press(Verb.NO_SHOW)
    missed = hall.line.tickets["t1"].since
    hall.now = Instant(missed + 600 * MINUTE)
    hall.having(returning={"within_min": 15})
    hall.refuses(RefusalCode.RETURN_OVER, lambda: hall.press(Verb.RETURN, ticket="t1"))
    hall.now = Instant(missed + 15 * MINUTE)
    hall.press(Verb.RETURN, ticket="t1")
    assert hall.waiting() == ["A001", "A002", "A003"]


def test_a_class_is_one_that_the_service_takes() -> None:
    """All of the centre when it names none."""
    hall = at_work()
    document = hall.set_up.model_dump()
    document["services"][0]["classes"] = ["ordinary"]
    hall.having(services=document["services"])
    hall.refuses(RefusalCode.UNKNOWN_CLASS, lambda: hall.set_class("elderly", ticket="t1"))
    hall.set_class("elderly", ticket="t3")
    assert hall.line.tickets["t3"].class_ == "elderly"


def test_the_wait_begins_anew_when_somebody_is_sent_on_or_comes_back() -> None:
    """Not with a call that led to nothing."""
    hall = at_work()
    ticket = hall.line.tickets["t1"]
    hall.later(MINUTE)
    hall.call()
    hall.press(Verb.RETURN)
    assert hall.line.tickets["t1"].waits_since == ticket.issued_at
    hall.later(MINUTE)
    sent_on = hall.now
    hall.transfer("trade", ticket="t1")
    assert hall.line.tickets["t1"].waits_since == sent_on
