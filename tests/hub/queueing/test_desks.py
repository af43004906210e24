"""Officers sit down, rest and leave."""

from hub.contract.names import CounterState, TicketState
from hub.contract.refusals import RefusalCode
from hub.contract.time import Instant
from hub.queueing.line import Desk
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import Hall, everything


def test_the_hall_sees_every_state_of_a_counter() -> None:
    """Closed, open, paused, open, called, serving, open, closed."""
    hall = Hall()
    hall.issue()
    seen = [hall.line.counter_state("c1")]
    for step in (
        hall.open,
        hall.pause,
        hall.resume,
        hall.call,
        lambda: hall.press(Verb.START),
        lambda: hall.press(Verb.FINISH),
        hall.close,
    ):
        step()
        seen.append(hall.line.counter_state("c1"))
    c = CounterState
    assert seen == [c.CLOSED, c.OPEN, c.PAUSED, c.OPEN, c.CALLED, c.SERVING, c.OPEN, c.CLOSED]


def test_what_is_done_already_is_no_change() -> None:
    """Opening one's own counter, pausing twice, resuming one that is not paused."""
    hall = Hall()
    hall.open()
    hall.resume()
    before = everything(hall.line)
    hall.open()
    hall.resume()
    assert everything(hall.line) == before
    hall.pause()
    before = everything(hall.line)
    hall.pause()
    assert everything(hall.line) == before


def test_a_counter_belongs_to_one_officer_and_an_officer_to_one_counter() -> None:
    """`counter-taken`; opening a second one closes the first."""
    hall = Hall()
    hall.open()
    hall.refuses(RefusalCode.COUNTER_TAKEN, lambda: hall.open(officer="binh"))
    hall.open("c2")
    assert hall.line.desk("c1") == Desk()
    assert hall.line.desk_of("an") == "c2"
    hall.open(officer="binh")


def test_a_counter_that_is_not_there_cannot_be_opened() -> None:
    """`unknown-counter`."""
    hall = Hall()
    hall.refuses(RefusalCode.UNKNOWN_COUNTER, lambda: hall.open("c9"))


def test_closing_returns_the_called_ticket_to_its_place() -> None:
    """First again, and at no counter."""
    hall = Hall()
    hall.open()
    ticket = hall.issue().id
    hall.issue()
    hall.call()
    hall.close()
    assert hall.waiting() == ["A001", "A002"]
    assert (hall.line.tickets[ticket].state, hall.line.tickets[ticket].counter) == (TicketState.WAITING, None)


def test_moving_to_another_counter_returns_it_too() -> None:
    """The called person is not left standing at a closed counter."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.open("c3")
    assert hall.waiting() == ["A001"]


def test_nobody_leaves_in_the_middle_of_a_visit() -> None:
    """Neither by closing nor by opening another counter."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.press(Verb.START)
    hall.refuses(RefusalCode.STILL_SERVING, hall.close)
    hall.refuses(RefusalCode.STILL_SERVING, lambda: hall.open("c2"))


def test_nobody_pauses_with_a_person_at_the_counter() -> None:
    """`still-called`, then `still-serving`."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.refuses(RefusalCode.STILL_CALLED, hall.pause)
    hall.press(Verb.START)
    hall.refuses(RefusalCode.STILL_SERVING, hall.pause)


def test_a_pause_says_why_and_until_when() -> None:
    """Both or neither; what is said again takes its place, and how long it lasts is counted from its beginning."""
    hall = Hall().having(pausing={"reasons": [{"id": "papers", "name": {"vi": "Xử lý hồ sơ"}}]})
    hall.open()
    began = hall.now
    hall.pause(reason="papers")
    assert hall.line.desk("c1") == Desk("an", True, since=began, reason="papers")
    hall.later(60_000)
    until = Instant(hall.now + 600_000)
    hall.pause(until=until)
    assert hall.line.desk("c1") == Desk("an", True, since=began, until=until)
    hall.later(60_000)
    hall.resume()
    assert hall.line.desk("c1") == Desk("an", since=hall.now)
    hall.refuses(RefusalCode.UNKNOWN_CHOICE, lambda: hall.pause(reason="lunch"))


def test_a_break_does_not_end_by_itself() -> None:
    """Nobody is called to a counter whose officer is late."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.pause(until=Instant(hall.now + 1000))
    hall.later(5000)
    hall.refuses(RefusalCode.COUNTER_PAUSED, hall.call)


def test_closing_lets_go_of_those_who_were_sent_there() -> None:
    """They wait for their services again, each at its place; also one that was called and had been sent here."""
    hall = Hall()
    hall.open()
    hall.open("c2", "binh")
    for service in ("births", "births", "land", "births"):
        hall.issue(service)
    for ticket in ("t1", "t3", "t4"):
        hall.send("c1", "c2", "binh", ticket)
    assert hall.call().number == "A001"
    hall.close()
    assert (hall.waiting(), hall.waiting("land"), hall.sent_on()) == (["A001", "A002", "A003"], ["B001"], [])


def test_a_new_officer_finds_no_pause_of_the_last_one() -> None:
    """Opening starts afresh."""
    hall = Hall()
    hall.open()
    hall.pause()
    hall.close()
    hall.open(officer="binh")
    assert hall.line.counter_state("c1") is CounterState.OPEN
