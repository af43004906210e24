"""A day in the hall, played at random: after every step the line is held against slow and obvious words.

The sabotages at the end show that each of these words can be heard.
"""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hub.contract.names import LIVE_STATES, Day, TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import CounterSetUp
from hub.contract.time import Instant
from hub.queueing import calling, undoing
from hub.queueing import facts as f
from hub.queueing.days import day_of, day_to_open, entry_time
from hub.queueing.issuing import Wish, issue
from hub.queueing.line import Line
from hub.queueing.numbers import number
from hub.queueing.ticket import MOVES, Ticket, Verb
from tests.hub.queueing import hall as halls
from tests.hub.queueing.hall import SET_UP, Hall, everything

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
EVENING: Final = Instant(1_795_451_400_000)  # 23 November 2026, 23:30 in Hanoi: midnight is near
SERVICES: Final = tuple(SET_UP.service)
COUNTERS: Final = tuple(SET_UP.counter)
OFFICERS: Final = ("an", "binh", "chi")
EDGES: Final = {(before, after) for (before, _), after in MOVES.items()} | {(state, state) for state in LIVE_STATES}
MINUTE, HOUR, DAY_MS = 60_000, 3_600_000, 86_400_000

AT = {"counter": st.sampled_from(COUNTERS), "intruder": st.sampled_from([None] * 12 + ["an", "binh"])}
WHICH = st.sampled_from([None] * 4 + list(range(8)))
"""Which ticket: the one at the counter, or a late arrival, counted from the end."""


class HallMachine(RuleBasedStateMachine):
    """Officers, citizens and a clock, all of them free to do what makes no sense."""

    def __init__(self) -> None:
        super().__init__()
        self.wall = EVENING
        self.arrivals: list[Ticket] = []
        self.given: dict[str, Ticket] = {}
        self.given_back: set[str] = set()
        self.next_numbers: dict[str, tuple[dict[str, int], int]] = {}
        line = Line()
        line.apply(f.DayOpened(day_of(self.wall, ZONE), 0), self.wall)
        self.hall = Hall(line, now=self.wall)
        self.line = line
        for officer, counter in zip(OFFICERS, COUNTERS, strict=True):
            self.hall.open(counter, officer)

    @initialize(services=st.lists(st.sampled_from(SERVICES), min_size=4, max_size=9))
    def the_doors_open(self, services: list[str]) -> None:
        self.citizens_come(services)

    # ------------------------------------------------------------ what happens

    @rule(ms=st.sampled_from([1, 1, 500, 500, 9_000, 9_000, 11_000, 11_000, MINUTE, 40 * MINUTE, DAY_MS]))
    def time_passes(self, ms: int) -> None:
        self.wall = Instant(self.wall + ms)

    @rule(ms=st.sampled_from([1, HOUR, HOUR, DAY_MS]), confirmed=st.booleans())
    def clock_steps_back(self, ms: int, confirmed: bool) -> None:
        self.wall = Instant(self.wall - ms)
        if not confirmed or self.wall >= self.line.last_entry_at:
            return
        self.hall.now = self.wall
        self.hall.state(f.ClockConfirmed(self.line.last_entry_at, "staff:chief"))
        today = day_of(self.wall, ZONE)
        if today != self.line.day:
            self._open(today)
        self.line.settle()

    @rule(services=st.lists(st.sampled_from((*SERVICES, *SERVICES, "moon")), min_size=1, max_size=4))
    def citizens_come(self, services: list[str]) -> None:
        for service in services:
            ticket = self._do(lambda service=service: self.hall.issue(service))
            if not isinstance(ticket, Ticket):
                continue
            same = [one for one in self.arrivals if (one.day, one.number) == (ticket.day, ticket.number)]
            assert not same, f"{ticket.number} was given twice on {ticket.day}"
            self.arrivals.append(ticket)
            self.given[ticket.id] = ticket

    @rule(which=WHICH)
    def citizen_gives_a_number_back(self, which: int | None) -> None:
        called = [desk.ticket for desk in self.line.desks.values() if desk.ticket]
        ticket = self._which(which) or next(iter(called), None)
        if ticket is not None:
            refused = self._do(lambda: self.hall.give_back(replace(self.given[ticket], state=TicketState.ENDED)))
            self.given_back |= set() if refused else {ticket}

    @rule(counter=st.sampled_from(COUNTERS), choices=st.lists(st.integers(0, 11), min_size=1, max_size=5))
    def officer_works(self, counter: str, choices: list[int]) -> None:
        """Sits down, calls, and presses what makes sense with the ticket at the counter, a few times."""
        for choice in choices:
            self._work(counter, choice)

    def _work(self, counter: str, choice: int) -> None:
        desk = self.line.desk(counter)
        if desk.officer is None:
            self.officer_sits_down(counter, OFFICERS[choice % len(OFFICERS)])
        elif desk.paused:
            self.officer_rests(counter, None, "resume")
        elif desk.ticket is None:
            self.officer_calls(counter, None)
        else:
            state = self.line.tickets[desk.ticket].state
            sensible = [verb for verb in Verb if (state, verb) in MOVES]
            self.officer_presses(counter, None, sensible[choice % len(sensible)], None)

    @rule(**AT)
    def officer_calls(self, counter: str, intruder: str | None) -> None:
        officer = self._officer(counter, intruder)
        services = SET_UP.counter[counter].services
        expected = next(iter(self._waiting(*services)), None)
        called = self._do(lambda: self.hall.call(counter, officer))
        if isinstance(called, Ticket):
            assert called.id == expected, f"{called.number} was called before its turn"
        assert (called is RefusalCode.NOBODY_WAITING) <= (expected is None)

    @rule(verb=st.sampled_from(Verb), which=WHICH, **AT)
    def officer_presses(self, counter: str, intruder: str | None, verb: Verb, which: int | None) -> None:
        officer = self._officer(counter, intruder)
        if verb is Verb.TRANSFER:
            self._do(lambda: self.hall.transfer(SERVICES[-1], counter, officer, self._which(which)))
        else:
            self._do(lambda: self.hall.press(verb, counter, officer, self._which(which)))

    @rule(service=st.sampled_from((*SERVICES, "moon")), which=WHICH, **AT)
    def officer_transfers(self, counter: str, intruder: str | None, service: str, which: int | None) -> None:
        officer = self._officer(counter, intruder)
        self._do(lambda: self.hall.transfer(service, counter, officer, self._which(which)))

    @rule(which=st.integers(0, 2), **AT)
    def officer_undoes(self, which: int, counter: str, intruder: str | None) -> None:
        pressed = list(self.line.presses)
        counter = pressed[which] if which < len(pressed) else counter
        officer = self._officer(counter, intruder)
        self._do(lambda: self.hall.undo(counter, officer), undoing=True)

    @rule(verb=st.sampled_from(["close", "pause", "resume", "resume"]), **AT)
    def officer_rests(self, counter: str, intruder: str | None, verb: str) -> None:
        officer = self._officer(counter, intruder)
        self._do(lambda: getattr(self.hall, verb)(counter, officer))

    @rule(counter=st.sampled_from(COUNTERS), officer=st.sampled_from(OFFICERS))
    def officer_sits_down(self, counter: str, officer: str) -> None:
        self._do(lambda: self.hall.open(counter, officer))

    @rule(services=st.lists(st.sampled_from(SERVICES), max_size=3), new_day=st.booleans())
    def a_transaction_breaks(self, services: list[str], new_day: bool) -> None:
        """Storage refuses to save several requests, maybe over midnight: the line is where it was before them."""
        before, mark, ids = copy.deepcopy(everything(self.line)), self.line.mark(), self.hall._ids
        for counter, officer in zip(COUNTERS, OFFICERS, strict=False):
            for act in (self.hall.open, self.hall.call, self.hall.undo, self.hall.call):
                if new_day and act == self.hall.undo:
                    self.hall.state(f.DayOpened(Day("2030-01-01"), 0))
                for service in services:
                    self.hall.issue(service)
                try:
                    act(counter, officer)
                except Refusal:
                    continue
        self.line.undo_to(mark)
        self.hall._ids = ids
        assert everything(self.line) == before, "taking back left a trace"

    # ------------------------------------------------------------ how it is done

    def _do(self, act: Callable[[], object], *, undoing: bool = False) -> object:
        """One request: the day, the act; all of it or, refused, nothing. Taken back and done again it is the same."""
        line, hall = self.line, self.hall
        day = day_to_open(self.wall, line.last_entry_at, line.day, ZONE)
        hall.now = entry_time(self.wall, line.last_entry_at)
        if day is not None:
            self._open(day)
        line.settle()
        before, ids, now = copy.deepcopy(everything(line)), hall._ids, hall.now
        try:
            act()
        except Refusal as refusal:
            hall._ids = ids
            assert everything(line) == before, f"{refusal} changed something"
            return refusal.code
        after = everything(line)
        line.undo_to(0)
        assert everything(line) == before, "taking back left a trace"
        hall._ids, hall.now = ids, now
        result = act()
        assert everything(line) == after, "done again it was something else"
        if not undoing:
            self._moved_along_the_table(before["tickets"])
        line.settle()
        line.take_touched()
        return result

    def _moved_along_the_table(self, before: dict[str, Ticket]) -> None:
        changed, _ = self.line.take_touched()
        for ticket in changed:
            came_from = before[ticket.id].state if ticket.id in before else TicketState.WAITING
            assert (came_from, ticket.state) in EDGES, f"{ticket.number} went from {came_from} to {ticket.state}"

    def _open(self, day: Day) -> None:
        assert self.line.day is not None
        self.next_numbers[self.line.day] = dict(self.line.next_sequence), self.line.next_order
        self.hall.state(f.DayOpened(day, 0))
        self.line.start_numbers(*self.next_numbers.get(day, ({}, 1)))

    def _officer(self, counter: str, intruder: str | None) -> str:
        return intruder or self.line.desk(counter).officer or OFFICERS[0]

    def _which(self, which: int | None) -> str | None:
        return None if which is None or which >= len(self.arrivals) else self.arrivals[-1 - which].id

    def _waiting(self, *services: str) -> list[str]:
        """Who waits, in the order in which they came through the door."""
        tickets = [self.line.tickets[one.id] for one in self.arrivals if one.id in self.line.tickets]
        return [one.id for one in tickets if one.state is TicketState.WAITING and one.service in services]

    # ------------------------------------------------------------ what must always be true

    @invariant()
    def people_ahead_are_those_called_before(self) -> None:
        """Two oracles: calling them one after another in a copy; and counting who came earlier."""
        for service in SERVICES:
            turns = called_in_turn(self.line, service)
            assert turns == self._waiting(service), "they are called in another order than they came"
            assert self.line.waiting_count(service) == len(turns)
            for ahead, ticket in enumerate(turns):
                assert self.line.people_ahead(self.line.tickets[ticket]) == ahead, "people ahead are counted wrong"

    @invariant()
    def places_are_those_of_the_waiting(self) -> None:
        waiting: dict[str, list[tuple[int, str]]] = {}
        for ticket in sorted(self.line.tickets.values(), key=lambda one: (one.order, one.id)):
            if ticket.state is TicketState.WAITING:
                waiting.setdefault(ticket.service, []).append((ticket.order, ticket.id))
        assert everything(self.line)["waiting"] == waiting, "a ticket that waits is not in the line, or the reverse"

    @invariant()
    def a_ticket_is_at_one_counter_and_an_officer_too(self) -> None:
        taken = {counter: desk.ticket for counter, desk in self.line.desks.items() if desk.ticket}
        here = {
            ticket.counter: ticket.id
            for ticket in self.line.tickets.values()
            if ticket.state in (TicketState.CALLED, TicketState.SERVING)
        }
        assert taken == here, "a ticket is called or served, and not at a counter, or the reverse"
        assert len(set(taken.values())) == len(taken)
        officers = [desk.officer for desk in self.line.desks.values() if desk.officer]
        assert len(set(officers)) == len(officers)
        assert all(self.line.desk(counter).officer for counter in taken)

    @invariant()
    def what_was_printed_stays(self) -> None:
        for ticket in self.line.tickets.values():
            given = self.given[ticket.id]
            assert fixed(ticket) == fixed(given), f"{given.number} is {ticket.number} now"
        orders = [one.order for one in self.arrivals if one.day == self.line.day]
        assert orders == sorted(set(orders))

    @invariant()
    def what_was_given_back_is_gone(self) -> None:
        assert self.given_back.isdisjoint(self.line.tickets), "a ticket that its citizen gave back came back"

    @invariant()
    def no_time_runs_backwards(self) -> None:
        for ticket in self.line.tickets.values():
            times = [ticket.issued_at, ticket.called_at, ticket.started_at, ticket.ended_at]
            known = [time for time in times if time is not None]
            assert known == sorted(known), f"a time of {ticket.number} runs backwards: {known}"
            assert ticket.since >= ticket.issued_at, f"a time of {ticket.number} runs backwards"


def fixed(ticket: Ticket) -> tuple[Any, ...]:
    return ticket.number, ticket.sequence, ticket.order, ticket.day, ticket.issued_at, ticket.asker, ticket.request_id


def called_in_turn(line: Line, service: str) -> list[str]:
    """Whom a counter that serves nothing else would call, one after another; played through in a copy."""
    copied = Line(day=line.day, last_entry_at=line.last_entry_at)
    copied.load(line.tickets.values())
    counter = CounterSetUp(id="oracle", number=999, label={}, services=[service])
    turns = []
    while (called := calling.choose_next(copied, counter, copied.last_entry_at)) is not None:
        copied.apply(f.TicketCalled(called.id, called.number, "oracle", "oracle"), copied.last_entry_at)
        turns.append(called.id)
    return turns


SETTINGS: Final = settings(
    max_examples=100, stateful_step_count=40, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
HallMachine.TestCase.settings = SETTINGS
TestHall = HallMachine.TestCase

# ---------------------------------------------------------------- sabotages: each must be found

AS_IT_IS: Final = {"call_next": calling.call_next, "put": Line._put, "move": Line._move}


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
    line.waiting[ticket.service].remove((ticket.order, ticket.id))


def touching_first(line: Line, set_up: Any, counter: str, officer: str, now: Instant) -> list[f.Fact]:
    line.next_order += 1
    return AS_IT_IS["call_next"](line, set_up, counter, officer, now)


def at_the_clocks_time(line: Line, ticket: str, state: TicketState, at: Instant, *stamps: str, **changes: Any) -> None:
    AS_IT_IS["move"](line, ticket, state, at, *stamps, **changes)
    line._put(replace(line.touched(ticket), since=at, **dict.fromkeys(stamps, at)))


def not_off_the_counter(line: Line, ticket: str) -> None:
    if line.tickets[ticket].state is TicketState.WAITING:
        line._leave(line.tickets[ticket])


SABOTAGES: Final[dict[str, tuple[object, str, object, str]]] = {
    "all the others are ahead": (Line, "people_ahead", everybody_but_me, "ahead are counted wrong"),
    "the smallest number is called": (calling, "choose_next", by_number, "called before its turn|another order"),
    "the largest number plus one": (halls, "issue", largest_plus_one, "given twice"),
    "returned to the end of the line": (Line, "_put", to_the_end, "another order|before its turn|is .* now"),
    "a place cannot be taken back": (Line, "_leave", for_good, "left a trace|empty list"),
    "refused after a first change": (calling, "call_next", touching_first, "changed something|left a trace"),
    "every move is legal": (calling, "after", lambda state, _: state, "went from|'t"),
    "times as the clock says": (Line, "_move", at_the_clocks_time, "runs backwards"),
    "undone whatever has happened since": (undoing, "_place", lambda _: None, "came back|at a counter"),
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
