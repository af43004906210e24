"""Officers sit down, rest and leave."""

from hub.contract.names import CounterState, TicketState
from hub.contract.refusals import RefusalCode
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


def test_a_new_officer_finds_no_pause_of_the_last_one() -> None:
    """Opening starts afresh."""
    hall = Hall()
    hall.open()
    hall.pause()
    hall.close()
    hall.open(officer="binh")
    assert hall.line.counter_state("c1") is CounterState.OPEN
