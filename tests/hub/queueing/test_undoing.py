"""Taking back the last press."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.contract.names import SlipState, TicketState
from hub.contract.refusals import RefusalCode
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import UNDO_MS, Hall, everything

Step = Callable[[Hall], object]
CALL: Step = lambda hall: hall.call()  # noqa: E731
TRANSFER: Step = lambda hall: hall.transfer("land")  # noqa: E731


def pressed(verb: Verb) -> Step:
    return lambda hall: hall.press(verb)


def serving() -> Hall:
    """c1 serves A001; A002 and B001 wait; c2 is open."""
    hall = Hall()
    hall.open()
    hall.open("c2", "binh")
    for service in ("births", "births", "land"):
        hall.issue(service)
    hall.call()
    hall.press(Verb.START)
    return hall


WAYS: dict[str, tuple[list[Step], Step]] = {
    "call": ([pressed(Verb.FINISH)], CALL),
    "finish and call": ([], CALL),
    "start": ([CALL], pressed(Verb.START)),
    "finish": ([], pressed(Verb.FINISH)),
    "no-show": ([CALL], pressed(Verb.NO_SHOW)),
    "hold": ([], pressed(Verb.HOLD)),
    "return": ([], pressed(Verb.RETURN)),
    "cancel": ([CALL], pressed(Verb.CANCEL)),
    "transfer": ([], TRANSFER),
    "transfer of a called one": ([CALL], TRANSFER),
    "return of a held one": ([pressed(Verb.HOLD)], lambda hall: hall.press(Verb.RETURN, ticket="t1")),
    "cancelling one that waits": ([], lambda hall: hall.press(Verb.CANCEL, ticket="t3")),
    "transfer of one that waits": ([], lambda hall: hall.transfer("trade", ticket="t3")),
    "sent to another counter": ([], lambda hall: hall.send("c2")),
    "one that waits sent to another counter": ([], lambda hall: hall.send("c2", ticket="t3")),
    "call of one that was sent here": (
        [lambda hall: hall.send("c1", "c2", "binh", "t3"), pressed(Verb.FINISH)],
        CALL,
    ),
    "sent back to its own service": (
        [lambda hall: hall.send("c2", ticket="t3")],
        lambda hall: hall.transfer("land", ticket="t3"),
    ),
    "pick": ([], lambda hall: hall.pick("t3")),
    "pick of a held one": ([pressed(Verb.HOLD)], lambda hall: hall.pick("t1")),
    "class": ([], lambda hall: hall.set_class("elderly")),
    "class of one that waits": ([], lambda hall: hall.set_class("elderly", ticket="t3")),
    "return to the front": (
        [pressed(Verb.HOLD), lambda hall: hall.having(returning={"place": "front"})],
        lambda hall: hall.press(Verb.RETURN, ticket="t1"),
    ),
    "return behind all": (
        [pressed(Verb.HOLD), lambda hall: hall.having(returning={"place": "after"})],
        lambda hall: hall.press(Verb.RETURN, ticket="t1"),
    ),
}


@pytest.mark.parametrize(("before", "press"), WAYS.values(), ids=WAYS)
def test_every_press_but_a_recall_can_be_taken_back_whole(before: list[Step], press: Step) -> None:
    """The line is as it was: tickets, places, counters, calls on the boards."""
    hall = serving()
    for step in before:
        step(hall)
    was = shown(hall)
    press(hall)
    assert shown(hall) != was
    hall.undo()
    assert shown(hall) == was


def shown(hall: Hall) -> dict[str, object]:
    """All of the line but times, what can be undone, and calls that no longer stand."""
    picture = everything(hall.line)
    calls = [replace(call, called_at=None) for call in picture.pop("recent_calls") if call.stands]
    desks = {counter: replace(desk, since=None) for counter, desk in picture.pop("desks").items()}
    return {name: value for name, value in picture.items() if name not in ("presses", "last_entry_at")} | {
        "calls": calls,
        "desks": desks,
    }


def test_undo_is_for_once_and_for_ten_seconds() -> None:
    """Not twice, not late, not before anything was pressed."""
    hall = Hall()
    hall.open()
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)
    hall = serving()
    hall.press(Verb.FINISH)
    pressed_at = hall.line.presses["c1"].at
    hall.now = Instant(pressed_at + UNDO_MS + 1)
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)
    hall.now = Instant(pressed_at + UNDO_MS)
    hall.undo()
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)


def test_a_clock_confirmed_to_be_earlier_does_not_prolong_it() -> None:
    """A press that lies in the future is not fresh."""
    hall = serving()
    hall.press(Verb.FINISH)
    hall.now = Instant(hall.now - 3_600_000)
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)


def test_a_recall_cannot_be_unheard() -> None:
    """And it closes the way back before it."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.press(Verb.RECALL)
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)


def test_nobody_takes_back_what_another_officer_pressed() -> None:
    """After a change of officers at the counter."""
    hall = serving()
    hall.press(Verb.FINISH)
    hall.close()
    hall.open(officer="chi")
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, lambda: hall.undo(officer="chi"))


THEN = [
    *("called elsewhere", "cancelled by the citizen", "transferred elsewhere", "cancelled"),
    *("sent elsewhere", "of another class"),
]


@pytest.mark.parametrize("then", THEN)
def test_what_others_have_built_on_stays(then: str) -> None:
    """A returned ticket that moved on is not pulled back, nor one that has left the line."""
    hall = serving()
    hall.open("c3", "chi")
    hall.press(Verb.RETURN)
    ticket = hall.line.tickets["t1"]
    if then == "called elsewhere":
        assert hall.call("c3", "chi").id == "t1"
    elif then == "cancelled by the citizen":
        hall.give_back(ticket)
    elif then == "sent elsewhere":
        hall.send("c2", "c3", "chi", "t1")
    elif then == "of another class":
        hall.set_class("elderly", "c3", "chi", "t1")
    elif then == "cancelled":
        hall.press(Verb.CANCEL, "c3", "chi", "t1")
    else:
        hall.transfer("trade", "c3", "chi", "t1")
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)


def test_a_called_person_who_gave_the_number_back_is_not_called_again() -> None:
    """The ticket is gone, so the call cannot be taken back either."""
    hall = Hall()
    hall.open()
    ticket = hall.issue()
    hall.call()
    hall.give_back(ticket)
    hall.refuses(RefusalCode.NOTHING_TO_UNDO, hall.undo)


def test_nobody_is_put_back_to_wait_for_a_counter_that_has_closed() -> None:
    """The person waits for the service again, as everybody did who was sent there."""
    hall = serving()
    hall.send("c2", ticket="t3")
    hall.press(Verb.CANCEL, ticket="t3")
    hall.close("c2", "binh")
    hall.undo()
    assert (hall.waiting("land"), hall.sent_on("c2")) == (["B001"], [])


def test_a_slip_printed_in_between_stays_printed() -> None:
    """Undo takes back the press, not what a printer has said since."""
    hall = Hall()
    hall.open()
    hall.issue()
    hall.call()
    hall.state(f.SlipPrinted("t1", copy=False))
    hall.undo()
    assert hall.line.tickets["t1"].slip is SlipState.PRINTED


def test_all_that_a_move_can_change_is_said() -> None:
    """From the fact alone the ticket can be made again: the journal is enough for a rebuild."""
    hall = serving()
    before = hall.line.tickets["t1"]
    hall.press(Verb.HOLD)
    held = hall.line.tickets["t1"]
    assert held.state is TicketState.HELD
    press = hall.line.presses["c1"]
    assert press.moves == ((before, held),)
    hall.undo()
    assert hall.line.tickets["t1"] == replace(before, slip=held.slip)
