"""Who is called next, and what an officer's press does."""

from collections.abc import Callable

import pytest

from hub.contract.names import TicketState
from hub.contract.refusals import RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.calling import choose_next, pick
from hub.queueing.line import Desk
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import START, Hall


def test_first_come_first_served_over_a_counters_services() -> None:
    """c1 serves births and land: by arrival, whatever the letter; trade is not its own."""
    hall = Hall()
    hall.open()
    for service in ("trade", "land", "births", "births", "land"):
        hall.issue(service)
    called = []
    for _ in range(4):
        called.append(hall.call().number)
        hall.press(Verb.START)
    assert called == ["B001", "A001", "A002", "B002"]
    hall.refuses(RefusalCode.NOBODY_WAITING, hall.call)


def test_a_called_ticket_stands_at_the_counter_and_in_no_line() -> None:
    """With who called it, when, and no longer among those ahead."""
    hall = Hall()
    hall.open()
    first, second = hall.issue(), hall.issue()
    hall.later(5000)
    called = hall.call()
    assert (called.id, called.counter, called.officer, called.called_at) == (first.id, "c1", "an", START + 5002)
    assert hall.line.desk("c1") == Desk("an", False, first.id, since=Instant(START + 5002))
    assert hall.line.people_ahead(second) == 0


def test_calling_while_serving_finishes_that_visit() -> None:
    """Both in one press; the finished one left the line."""
    hall = Hall()
    hall.open()
    first, second = hall.issue(), hall.issue()
    hall.call()
    hall.press(Verb.START)
    assert hall.call().id == second.id
    assert first.id not in hall.line.tickets


def test_nobody_waiting_finishes_nothing() -> None:
    """The visit goes on when there is nobody to call."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.press(Verb.START)
    hall.refuses(RefusalCode.NOBODY_WAITING, hall.call)


def test_a_called_person_who_has_not_come_blocks_the_next_call() -> None:
    """Nobody is jumped by a second press."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.issue()
    hall.call()
    hall.refuses(RefusalCode.STILL_CALLED, hall.call)


Press = Callable[[Hall], object]
PRESSES: dict[str, Press] = {
    "call": lambda hall: hall.call(),
    "start": lambda hall: hall.press(Verb.START),
    "transfer": lambda hall: hall.transfer("land"),
    "undo": lambda hall: hall.undo(),
    "close": lambda hall: hall.close(),
    "pause": lambda hall: hall.pause(),
    "resume": lambda hall: hall.resume(),
}


@pytest.mark.parametrize("act", PRESSES.values(), ids=PRESSES)
def test_only_the_officer_at_an_open_counter_presses(act: Press) -> None:
    """Closed: `counter-closed`. Somebody else's: `counter-taken`. Not there: `unknown-counter`."""
    hall = Hall()
    hall.issue()
    hall.refuses(RefusalCode.COUNTER_CLOSED, lambda: act(hall))
    hall.open(officer="binh")
    hall.refuses(RefusalCode.COUNTER_TAKEN, lambda: act(hall))
    hall.set_up = SetUp.model_validate(hall.set_up.model_dump() | {"counters": []})
    hall.refuses(RefusalCode.UNKNOWN_COUNTER, lambda: act(hall))


def test_a_paused_counter_calls_nobody() -> None:
    """Until it is resumed."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.pause()
    hall.refuses(RefusalCode.COUNTER_PAUSED, hall.call)
    hall.resume()
    hall.call()


def test_a_press_on_nothing_is_not_found() -> None:
    """No ticket at the counter, or one that does not exist."""
    hall = Hall()
    hall.open()
    hall.refuses(RefusalCode.NOT_FOUND, lambda: hall.press(Verb.START))
    hall.refuses(RefusalCode.NOT_FOUND, lambda: hall.press(Verb.RETURN, ticket="t99"))
    hall.refuses(RefusalCode.NOT_FOUND, lambda: hall.transfer("land"))


@pytest.mark.parametrize("serving", [False, True])
def test_no_counter_touches_what_another_one_has_called_or_serves(serving: bool) -> None:
    """Neither a press nor a transfer."""
    hall = Hall()
    hall.open()
    hall.open("c2", "binh")
    ticket = hall.issue("land").id
    hall.call()
    if serving:
        hall.press(Verb.START)
    for verb in (Verb.RECALL, Verb.START, Verb.FINISH, Verb.RETURN, Verb.CANCEL, Verb.HOLD):
        hall.refuses(RefusalCode.NOT_ALLOWED, lambda verb=verb: hall.press(verb, "c2", "binh", ticket))
    hall.refuses(RefusalCode.NOT_ALLOWED, lambda: hall.transfer("trade", "c2", "binh", ticket))


def test_a_held_or_missed_ticket_can_be_returned_at_any_counter_to_its_place() -> None:
    """Its place by arrival, not the end of the line."""
    hall = Hall()
    hall.open()
    hall.open("c3", "binh")
    held, missed, third = hall.issue(), hall.issue(), hall.issue()
    hall.call()
    hall.press(Verb.HOLD)
    hall.call()
    hall.press(Verb.NO_SHOW)
    assert hall.waiting() == ["A003"]
    hall.press(Verb.RETURN, "c3", "binh", missed.id)
    hall.press(Verb.RETURN, "c3", "binh", held.id)
    assert hall.waiting() == ["A001", "A002", "A003"]
    assert hall.line.people_ahead(third) == 2
    assert hall.call("c3", "binh").id == held.id


def test_a_transfer_keeps_the_place_by_arrival() -> None:
    """Ahead of those who came later to the other service."""
    hall = Hall()
    hall.open()
    moved = hall.issue()
    other = hall.issue("land")
    hall.call()
    hall.press(Verb.START)
    hall.transfer("land")
    assert hall.waiting("land") == ["A001", "B001"]
    assert hall.line.people_ahead(other) == 1
    again = hall.call()
    assert (again.id, again.legs, again.started_at) == (moved.id, 2, None)


def test_a_transfer_goes_to_another_service_that_there_is() -> None:
    """Not to nowhere, nor to itself."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.refuses(RefusalCode.UNKNOWN_SERVICE, lambda: hall.transfer("moon"))
    hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.transfer("births"))


def test_recalls_are_counted_from_one_and_a_new_call_from_zero() -> None:
    """Each repeat is said to the boards."""
    hall = Hall()
    hall.open()
    ticket = hall.issue().id
    hall.call()
    for repeat in (1, 2):
        hall.press(Verb.RECALL)
        assert hall.line.tickets[ticket].recalls == repeat
        assert hall.line.recent_calls[0].repeat == repeat
    hall.press(Verb.RETURN)
    hall.call()
    assert hall.line.tickets[ticket].recalls == 0


@pytest.mark.parametrize("state", ["waiting", "called", "held", "serving", "finished"])
def test_a_citizen_gives_a_number_back_until_it_is_served(state: str) -> None:
    """Then no more; and a called one frees the counter."""
    hall = Hall()
    hall.open()
    ticket = hall.issue()
    presses = {"waiting": [], "called": ["call"], "held": ["call", Verb.HOLD], "serving": ["call", Verb.START]}
    for verb in presses.get(state, ["call", Verb.START, Verb.FINISH]):
        if verb == "call":
            hall.call()
        else:
            hall.press(Verb(verb))
    if state in ("serving", "finished"):
        left = hall.line.touched(ticket.id)
        hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.give_back(left))
        return
    hall.give_back(ticket)
    assert ticket.id not in hall.line.tickets
    assert hall.line.desk("c1").ticket is None


def test_a_number_is_picked_for_one_of_the_centre_s_reasons() -> None:
    """One that waits, is held or did not come; the visit before it is finished; the fact says why."""
    hall = Hall()
    hall.open()
    for _ in range(3):
        hall.issue()
    hall.call()
    hall.press(Verb.NO_SHOW)
    hall.call()
    hall.press(Verb.START)
    stated = pick(hall.line, hall.set_up, "c1", "an", "t1", "came-back")
    assert stated == [
        f.ServiceFinished("t2", "c1", "an"),
        f.TicketCalled("t1", "A001", "c1", "an", picked="came-back"),
    ]
    assert hall.pick("t3").counter == "c1"
    hall.refuses(RefusalCode.STILL_CALLED, lambda: hall.pick("t1"))
    hall.press(Verb.START)
    hall.refuses(RefusalCode.UNKNOWN_CHOICE, lambda: hall.pick("t1", reason="because"))
    hall.refuses(RefusalCode.NOT_FOUND, lambda: hall.pick("t2"))
    hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.pick("t3"))
    hall.having(calling={"pick_reasons": []})
    hall.refuses(RefusalCode.UNKNOWN_CHOICE, lambda: hall.pick("t1"))


def test_a_number_is_called_so_often_and_no_more() -> None:
    """As the centre says, the first call included; a new call begins anew."""
    hall = Hall().having(calling={"most_calls": 2})
    hall.open()
    hall.issue()
    hall.call()
    hall.press(Verb.RECALL)
    hall.refuses(RefusalCode.CALLED_ENOUGH, lambda: hall.press(Verb.RECALL))
    hall.press(Verb.RETURN)
    hall.call()
    hall.press(Verb.RECALL)


def test_the_choice_is_none_when_none_of_the_services_has_anybody() -> None:
    """Also when somebody waits elsewhere, and for services nobody ever asked for."""
    hall = Hall()
    hall.issue("trade")
    assert choose_next(hall.line, hall.set_up.counter["c1"], hall.now) is None


def test_what_is_stated_names_ticket_counter_and_officer() -> None:
    """The journal can be read without the rows."""
    hall = Hall()
    hall.open()
    hall.issue()
    ticket = hall.call()
    hall.press(Verb.START)
    assert ticket.state is TicketState.CALLED
    before, _ = hall.line.presses["c1"].moves[0]
    assert before.state is TicketState.CALLED
    assert f.KINDS["ServiceStarted"] is f.ServiceStarted
