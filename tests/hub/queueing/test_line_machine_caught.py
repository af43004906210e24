"""Rules broken in just one place: the day in the hall of `test_line_machine` finds each, and says why."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hub.contract.names import TicketState
from hub.contract.set_up import CounterSetUp
from hub.contract.time import Instant
from hub.queueing import calling, desks, moving, undoing, visiting
from hub.queueing import facts as f
from hub.queueing.issuing import Wish, issue
from hub.queueing.line import Line
from hub.queueing.numbers import number
from hub.queueing.ticket import Ticket
from tests.hub.queueing import hall as halls
from tests.hub.queueing.test_line_machine import SETTINGS, HallMachine

AS_IT_IS: Final = {
    "call_next": calling.call_next,
    "choose_next": calling.choose_next,
    "close_counter": desks.close_counter,
    "put": Line._put,
    "move": Line._move,
}


def everybody_but_me(line: Line, ticket: Ticket) -> int:
    return line.waiting_count(ticket.service) - 1


def by_number(line: Line, counter: CounterSetUp, now: Instant) -> Ticket | None:
    waiting = [one for one in line.tickets.values() if one.state is TicketState.WAITING]
    return min((one for one in waiting if one.service in counter.services), key=lambda one: one.number, default=None)


def largest_plus_one(line: Line, set_up: Any, wish: Wish) -> f.TicketIssued:
    fact = issue(line, set_up, wish)
    largest = max((one.sequence for one in line.tickets.values() if one.service == wish.service), default=0)
    return replace(fact, sequence=largest + 1, number=number(fact.number.rstrip("0123456789"), largest + 1))


def to_the_end(line: Line, ticket: Ticket) -> None:
    back = ticket.state is TicketState.WAITING and ticket.called_at is not None
    AS_IT_IS["put"](line, replace(ticket, order=line.next_order + 100) if back else ticket)


def for_good(line: Line, ticket: Ticket) -> None:
    line._line_to_join(ticket).remove(ticket.turn)


def touching_first(line: Line, set_up: Any, counter: str, officer: str, *more: Any) -> list[f.Fact]:
    line.next_order += 1
    return AS_IT_IS["call_next"](line, set_up, counter, officer, *more)


def at_the_clocks_time(line: Line, ticket: str, state: TicketState, at: Instant, *stamps: str, **changes: Any) -> None:
    AS_IT_IS["move"](line, ticket, state, at, *stamps, **changes)
    line._put(replace(line.touched(ticket), since=at, **dict.fromkeys(stamps, at)))


def not_off_the_counter(line: Line, ticket: str, _at: Instant) -> None:
    if line.tickets[ticket].state is TicketState.WAITING:
        line._leave(line.tickets[ticket])


def like_the_others(line: Line, counter: CounterSetUp, now: Instant) -> Ticket | None:
    nobody_sent = Line(tickets=line.tickets, waiting=line.waiting)
    return AS_IT_IS["choose_next"](nobody_sent, counter, now)


def closed_behind_them(line: Line, set_up: Any, counter: str, officer: str) -> list[f.Fact]:
    stated = AS_IT_IS["close_counter"](line, set_up, counter, officer)
    return [fact for fact in stated if not isinstance(fact, f.TicketReleased)]


SABOTAGES: Final[dict[str, tuple[object, str, object, str]]] = {
    "all the others are ahead": (Line, "people_ahead", everybody_but_me, "ahead are counted wrong"),
    "the smallest number is called": (calling, "choose_next", by_number, "called before its turn|another order"),
    "the largest number plus one": (halls, "issue", largest_plus_one, "given twice"),
    "returned to the end of the line": (Line, "_put", to_the_end, "another order|before its turn|is .* now"),
    "a place cannot be taken back": (Line, "_leave", for_good, "left a trace|empty list"),
    "refused after a first change": (calling, "call_next", touching_first, "changed something|left a trace"),
    "every move is legal": (visiting, "after", lambda state, _: state, "went from|'t"),
    "times as the clock says": (Line, "_move", at_the_clocks_time, "runs backwards"),
    "undone whatever has happened since": (undoing, "_place", lambda _: None, "came back|at a counter"),
    "who was sent to a counter is not called first": (calling, "choose_next", like_the_others, "its turn|order"),
    "a counter closes behind those who were sent there": (desks, "close_counter", closed_behind_them, "that is closed"),
    "back to the front of nobody": (moving, "BEFORE_ALL", 0, "another order|before its turn|not in the line"),
    "still at the counter": (Line, "_change", not_off_the_counter, "at a counter|'t"),
}


@pytest.mark.parametrize(("owner", "name", "instead", "words"), SABOTAGES.values(), ids=SABOTAGES)
def test_each_sabotage_is_found(
    owner: object, name: str, instead: object, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine fails on rules that are broken in just one place, and says why."""
    monkeypatch.setattr(owner, name, instead)
    found = settings(SETTINGS, max_examples=2000, derandomize=True, database=None, phases=[Phase.generate])
    with pytest.raises((AssertionError, LookupError), match=words):
        run_state_machine_as_test(HallMachine, settings=found)
