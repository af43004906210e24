"""Who waits longest, and why."""

from hub.queueing import desks, moving
from hub.queueing.ticket import Verb
from hub.queueing.waits import longest_waits, wait_of
from tests.hub.queueing.hall import SET_UP, Hall


def test_the_longest_wait_comes_first_and_no_more_than_asked_for() -> None:
    """Over all services; who is called waits no longer."""
    hall = Hall()
    hall.open("c1")
    for service in ("births", "land", "births", "trade"):
        hall.issue(service)
    hall.call("c1")
    assert [one.ticket.number for one in longest_waits(hall.line, SET_UP, 2)] == ["B001", "A002"]


def test_it_says_which_counters_could_call_and_which_do() -> None:
    """Land is served at counters 1 and 2; a paused one calls nobody."""
    hall = Hall()
    ticket = hall.issue("land")
    assert wait_of(hall.line, SET_UP, ticket).working == ()
    hall.open("c1")
    hall.open("c2", "binh")
    hall.state(*desks.pause_counter(hall.line, SET_UP, "c1", "an"))
    wait = wait_of(hall.line, SET_UP, ticket)
    assert (wait.counters, wait.working) == (("c1", "c2"), ("c2",))


def test_it_says_who_is_called_before() -> None:
    """Earlier numbers of all services of the counters that work, and nobody of a service they do not serve."""
    hall = Hall()
    hall.open("c1")
    for service in ("births", "trade", "land", "births"):
        hall.issue(service)
    last = hall.issue("land")
    assert wait_of(hall.line, SET_UP, last).before == ("A001", "B001", "A002")


def test_those_sent_to_a_counter_are_called_before() -> None:
    """Whenever they came; they themselves wait for one another only."""
    hall = Hall()
    hall.open("c1")
    waiting, *sent = (hall.issue("land") for _ in range(3))
    for ticket in sent:
        hall.state(moving.sent_to_counter(hall.line, SET_UP, ticket, "c1", "an"))
    now = [wait_of(hall.line, SET_UP, hall.line.tickets[one.id]) for one in (waiting, *sent)]
    assert [one.before for one in now] == [("B002", "B003"), (), ("B002",)]
    assert now[1].counters == ("c1",)


def test_the_order_is_the_one_in_which_a_counter_calls() -> None:
    """What is said to come before comes before."""
    hall = Hall()
    hall.open("c1")
    for service in ("births", "land", "births", "land"):
        hall.issue(service)
    last = hall.issue("births")
    foretold = wait_of(hall.line, SET_UP, last).before
    called = []
    for _ in foretold:
        called.append(hall.call("c1").number)
        hall.press(Verb.START)
        hall.press(Verb.FINISH)
    assert tuple(called) == foretold
