"""The line: changed by facts alone, and taken back exactly."""

import copy
import inspect
import re
from dataclasses import replace

import pytest

from hub.contract.names import Day, SlipState, TicketState
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.line import RECENT_CALLS, Desk, Line
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import START, Hall, everything


def busy() -> Hall:
    """One served, one called, one held, some waiting, one of them for c1 only, one printed; two kiosks call for staff,
    and a counter for help."""
    hall = Hall()
    hall.open()
    hall.open("c2", "binh")
    for service in ("births", "land", "births", "trade", "land", "births"):
        hall.issue(service)
    hall.call()
    hall.press(Verb.HOLD)
    hall.call()
    hall.press(Verb.START)
    hall.call("c2", "binh")
    hall.send("c1", "c2", "binh", "t6")
    hall.state(f.SlipPrinted("t3", copy=False), f.StaffCalled("k1", "home"), f.StaffCalled("k2", "ticket"))
    hall.state(f.EmergencyRaised("c2", "binh"))
    return hall


FACTS: list[f.Fact] = [
    f.TicketIssued(
        *("t7", "A004", 4, 7, Day("2026-11-23"), "births", "ordinary", "vi", "device:k1", "r7", "k7"),
        slip=SlipState.NONE,
    ),
    f.TicketCalled("t3", "A002", "c3", "chi"),
    f.TicketRecalled("t4", "CK001", "c2", "binh", 1),
    f.ServiceStarted("t4", "c2", "binh"),
    f.ServiceFinished("t2", "c1", "an"),
    f.TicketNotCome("t4", "c2", "binh"),
    f.TicketHeld("t2", "c1", "an"),
    f.TicketReturned("t1", "an"),
    f.TicketReturned("t1", "an", place=7),
    f.TicketTransferred("t2", "trade", "an"),
    f.TicketTransferred("t3", "births", "an", sent_to="c2"),
    f.TicketReleased("t6", "c1", "an"),
    f.ClassChanged("t3", "elderly", "an"),
    f.TicketCancelled("t5", "device:k1"),
    f.SlipPrinted("t4", copy=True),
    f.SlipFailed("t5", copy=False, reason="jam"),
    f.CounterOpened("c3", "chi"),
    f.CounterPaused("c1", "an", "lunch", Instant(START + 60_000)),
    f.CounterResumed("c1", "an"),
    f.CounterClosed("c2", "binh"),
    f.StaffCalled("k3", "home"),
    f.StaffCallAnswered("k1", "staff:an"),
    f.DeviceRemoved("k2"),
    f.EmergencyRaised("c1", "an"),
    f.EmergencyAnswered("c2", "staff:an"),
    f.DayOpened(Day("2026-11-24"), 5),
    f.DeviceLost("k1"),
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_fact_is_taken_back_exactly(fact: f.Fact) -> None:
    """`undo_to` leaves what was there before `mark`, to the last letter, and nothing to be saved."""
    hall = busy()
    hall.line.take_touched()
    before = copy.deepcopy(everything(hall.line))
    mark = hall.line.mark()
    hall.later(1000)
    hall.state(fact)
    assert everything(hall.line) != before
    hall.line.undo_to(mark)
    assert everything(hall.line) == before
    assert hall.line.take_touched() == ([], [])


def test_every_fact_that_the_line_knows_is_among_them() -> None:
    """A new one cannot be forgotten here."""
    known = set(re.findall(r"\bf\.(\w+)\(\)", inspect.getsource(Line.apply)))
    assert len(known) > 10
    assert known <= {type(fact).__name__ for fact in FACTS}


def test_a_mark_within_a_mark_takes_back_only_what_followed_it() -> None:
    """As with savepoints: one request's changes, not those of the batch."""
    hall = busy()
    outer = hall.line.mark()
    start = everything(hall.line)
    hall.state(f.TicketCalled("t3", "A002", "c3", "chi"))
    between = everything(hall.line)
    inner = hall.line.mark()
    hall.state(f.DayOpened(Day("2026-11-24"), 5), f.CounterOpened("c1", "dung"))
    hall.line.undo_to(inner)
    assert everything(hall.line) == between
    hall.line.undo_to(outer)
    assert everything(hall.line) == start


def test_what_is_settled_is_not_taken_back() -> None:
    """It is on disk."""
    hall = busy()
    mark = hall.line.mark()
    hall.state(f.TicketCancelled("t5", "device:k1"))
    after = everything(hall.line)
    hall.line.settle()
    assert hall.line.mark() == 0
    hall.line.undo_to(mark)
    assert everything(hall.line) == after


def test_what_has_to_be_saved_is_said_once() -> None:
    """Tickets as they stand now, also those that have left; counters by name."""
    hall = busy()
    hall.line.take_touched()
    hall.state(f.ServiceFinished("t2", "c1", "an"))
    tickets, counters = hall.line.take_touched()
    assert [(ticket.id, ticket.state) for ticket in tickets] == [("t2", TicketState.FINISHED)]
    assert counters == ["c1"]
    assert hall.line.take_touched() == ([], [])


def test_a_day_ends_everything_but_the_counters_themselves() -> None:
    """Numbers start anew, nobody sits anywhere, nothing can be undone, no old call stands on a board or calls staff."""
    hall = busy()
    hall.state(f.DayOpened(Day("2026-11-24"), 5))
    line = hall.line
    assert (line.tickets, line.next_sequence, line.next_order, line.recent_calls) == ({}, {}, 1, ())
    assert set(line.desks.values()) == {Desk()}
    assert (everything(line)["waiting"], line.presses, line.day) == ({}, {}, "2026-11-24")
    assert (line.staff_calls, line.emergencies, everything(line)["sent_on"]) == ({}, {}, {})
    assert hall.issue().number == "A001"


def test_a_day_opened_again_goes_on_with_its_numbers() -> None:
    """As storage knows them; and other services begin at one."""
    hall = busy()
    hall.state(f.DayOpened(Day("2026-11-24"), 5), f.DayOpened(Day("2026-11-23"), 0))
    hall.line.start_numbers({"births": 3, "land": 3}, 6)
    assert [hall.issue(service).number for service in ("births", "land", "trade")] == ["A003", "B003", "CK001"]
    assert hall.line.tickets["t7"].order == 6


def test_loading_gives_the_same_line() -> None:
    """Tickets in any order; places come from their arrival."""
    hall = busy()
    loaded = Line(day=hall.line.day)
    loaded.load(reversed(list(hall.line.tickets.values())))
    loaded.desks = dict(hall.line.desks)
    for name in ("tickets", "waiting", "sent_on", "desks", "next_order", "day"):
        assert everything(loaded)[name] == everything(hall.line)[name]


def test_a_ticket_called_earlier_than_it_was_issued_has_waited_nothing() -> None:
    """The clock was confirmed to be an hour earlier in between: no time of a ticket runs backwards."""
    hall = Hall()
    hall.open()
    issued = hall.issue()
    hall.now = Instant(hall.now - 3_600_000)
    called = hall.call()
    assert called.called_at == called.since == issued.issued_at
    hall.press(Verb.START)
    hall.press(Verb.FINISH)
    finished = hall.line.touched(issued.id)
    assert finished.issued_at <= finished.called_at <= finished.started_at <= finished.ended_at


def test_a_visit_continued_at_another_counter_has_not_started_there() -> None:
    """Each call begins a leg of its own: its start is not that of the leg before."""
    hall = Hall()
    hall.open()
    hall.open("c2", "binh")
    hall.issue()
    hall.call()
    hall.press(Verb.START)
    hall.transfer("trade")
    assert hall.call("c2", "binh").started_at is None


def test_a_call_stands_until_its_ticket_is_back_in_the_line() -> None:
    """Returned, transferred or undone: nobody is sent to a counter that waits for somebody else."""
    hall = Hall()
    hall.open()
    ticket = hall.issue().id

    def standing() -> list[str]:
        return [call.ticket for call in hall.line.recent_calls if call.stands]

    hall.call()
    assert standing() == [ticket]
    hall.undo()
    assert standing() == []
    hall.call()
    hall.press(Verb.NO_SHOW)
    assert standing() == [ticket]
    hall.press(Verb.RETURN, ticket=ticket)
    assert standing() == []
    hall.undo()
    assert standing() == [ticket]
    hall.press(Verb.RETURN, ticket=ticket)
    hall.give_back(hall.line.tickets[ticket])
    assert standing() == []


def test_calls_are_kept_newest_first_each_ticket_once() -> None:
    """A recall comes to the front; no more than are needed are kept."""
    hall = Hall()
    hall.open()
    for _ in range(RECENT_CALLS + 2):
        hall.issue()
        hall.call()
        hall.press(Verb.START)
    assert len(hall.line.recent_calls) == RECENT_CALLS
    oldest = hall.line.recent_calls[-1]
    hall.state(f.TicketRecalled(hall.line.desk("c1").ticket or "", "A034", "c1", "an", 1))
    assert hall.line.recent_calls[0].repeat == 1
    assert hall.line.recent_calls[-1] == oldest


@pytest.mark.parametrize(
    ("slip", "copied", "becomes", "copies"),
    [
        (f.SlipPrinted("t1", copy=False), False, SlipState.PRINTED, 0),
        (f.SlipPrinted("t1", copy=True), True, SlipState.PRINTED, 1),
        (f.SlipFailed("t1", copy=False, reason="jam"), False, SlipState.FAILED, 0),
        (f.SlipFailed("t1", copy=True, reason="jam"), True, SlipState.PRINTED, 0),
    ],
)
def test_what_the_paper_did(slip: f.Fact, copied: bool, becomes: SlipState, copies: int) -> None:
    """A failed copy leaves a printed slip printed; and the place in the line is untouched."""
    hall = Hall()
    hall.issue()
    hall.issue()
    if copied:
        hall.state(f.SlipPrinted("t1", copy=False))
    hall.state(slip)
    ticket = hall.line.tickets["t1"]
    assert (ticket.slip, ticket.copies) == (becomes, copies)
    assert hall.waiting() == ["A001", "A002"]


def test_a_word_about_paper_of_another_day_moves_nothing() -> None:
    """The ticket is not in the line; its row is the action's business."""
    hall = busy()
    before = everything(hall.line)
    hall.state(f.SlipPrinted("t99", copy=False))
    assert everything(hall.line) | {"last_entry_at": 0} == before | {"last_entry_at": 0}


def test_people_ahead_is_counted_without_looking_at_each() -> None:
    """Two thousand waiting: a handful of comparisons, not two thousand."""

    class Counted(int):
        seen = 0

        def __lt__(self, other: object) -> bool:
            Counted.seen += 1
            return int(self) < int(other)  # type: ignore[call-overload]

    hall = Hall()
    ticket = hall.issue()
    hall.line.waiting["births"] = [(Counted(order), order, f"w{order}") for order in range(2000)]
    assert hall.line.people_ahead(replace(ticket, order=1500, id="x")) == 1501
    assert Counted.seen < 30
