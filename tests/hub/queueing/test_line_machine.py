"""A day in the hall, played at random: after every step the line is held against slow and obvious words.

The sabotages in `test_line_machine_caught` show that each of these words can be heard.
"""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.contract.names import LIVE_STATES, Day, TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import CounterSetUp
from hub.contract.time import Instant
from hub.queueing import calling
from hub.queueing import facts as f
from hub.queueing.days import day_of, day_to_open, entry_time
from hub.queueing.line import Line
from hub.queueing.ticket import MOVES, Ticket, Verb
from tests.hub.queueing.hall import SET_UP, Hall, everything

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
EVENING: Final = Instant(1_795_451_400_000)  # 23 November 2026, 23:30 in Hanoi: midnight is near
SERVICES: Final = tuple(SET_UP.service)
COUNTERS: Final = tuple(SET_UP.counter)
OFFICERS: Final = ("an", "binh", "chi")
EDGES: Final = {(before, after) for (before, _), after in MOVES.items()} | {(state, state) for state in LIVE_STATES}
MINUTE, HOUR, DAY_MS = 60_000, 3_600_000, 86_400_000

Standing = tuple[int, float, int]
"""Before all or not, behind how many arrivals, and the arrival itself."""

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
        self.stands: dict[str, Standing] = {}
        self.stood: dict[str, dict[str, Standing]] = {}
        self.next_numbers: dict[str, tuple[dict[str, int], int]] = {}
        line = Line()
        line.apply(f.DayOpened(day_of(self.wall, ZONE), 0), self.wall)
        self.hall = Hall(line, now=self.wall)
        self.line = line
        for officer, counter in zip(OFFICERS, COUNTERS, strict=True):
            self.hall.open(counter, officer)

    @initialize(
        services=st.lists(st.sampled_from(SERVICES), min_size=4, max_size=9),
        place=st.sampled_from(["own", "front", "after"]),
        within_min=st.sampled_from([None, None, 30]),
    )
    def the_doors_open(self, services: list[str], place: str, within_min: int | None) -> None:
        self.hall.having(returning={"place": place, "within_min": within_min})
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
            self.stands[ticket.id] = by_arrival(ticket)

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
        expected = next(iter([*self._sent_to(counter), *self._waiting(*services)]), None)
        called = self._do(lambda: self.hall.call(counter, officer))
        if isinstance(called, Ticket):
            assert called.id == expected, f"{called.number} was called before its turn"
        assert (called is RefusalCode.NOBODY_WAITING) <= (expected is None)

    @rule(verb=st.sampled_from(Verb), which=WHICH, **AT)
    def officer_presses(self, counter: str, intruder: str | None, verb: Verb, which: int | None) -> None:
        officer, ticket = self._officer(counter, intruder), self._which(which)
        match verb:
            case Verb.TRANSFER:
                self._do(lambda: self.hall.transfer(SERVICES[-1], counter, officer, ticket))
            case Verb.CALL:
                self._do(lambda: self.hall.pick(ticket or "", counter, officer))
            case Verb.SET_CLASS:
                self._do(lambda: self.hall.set_class("elderly", counter, officer, ticket))
            case _:
                self._do(lambda: self.hall.press(verb, counter, officer, ticket))

    @rule(service=st.sampled_from((*SERVICES, "moon")), which=WHICH, **AT)
    def officer_transfers(self, counter: str, intruder: str | None, service: str, which: int | None) -> None:
        officer = self._officer(counter, intruder)
        self._do(lambda: self.hall.transfer(service, counter, officer, self._which(which)))

    @rule(verb=st.sampled_from([Verb.HOLD, Verb.NO_SHOW]), which=st.integers(0, 7), **AT)
    def somebody_comes_back(self, counter: str, intruder: str | None, verb: Verb, which: int) -> None:
        """Called out of turn, and gone for a while."""
        officer, ticket = self._officer(counter, intruder), self._which(which) or ""
        if isinstance(self._do(lambda: self.hall.pick(ticket, counter, officer)), Ticket):
            self._do(lambda: self.hall.press(verb, counter, officer))
            self._do(lambda: self.hall.press(Verb.RETURN, counter, officer, ticket))

    @rule(onward=st.sampled_from((*COUNTERS, *COUNTERS, "c9")), which=WHICH, **AT)
    def officer_sends(self, counter: str, intruder: str | None, onward: str, which: int | None) -> None:
        officer = self._officer(counter, intruder)
        self._do(lambda: self.hall.send(onward, counter, officer, self._which(which)))

    @rule(class_=st.sampled_from(("ordinary", "elderly", "king")), which=WHICH, **AT)
    def officer_sets_class(self, counter: str, intruder: str | None, class_: str, which: int | None) -> None:
        officer = self._officer(counter, intruder)
        self._do(lambda: self.hall.set_class(class_, counter, officer, self._which(which)))

    @rule(which=st.integers(0, 2), **AT)
    def officer_undoes(self, which: int, counter: str, intruder: str | None) -> None:
        pressed = list(self.line.presses)
        counter = pressed[which] if which < len(pressed) else counter
        officer = self._officer(counter, intruder)
        press = self.line.presses.get(counter)
        if self._do(lambda: self.hall.undo(counter, officer), undoing=True) is None and press is not None:
            taken_back = {before.id for before, _ in press.moves}
            self.stands |= {ticket: self.stood[counter][ticket] for ticket in taken_back}

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
            self._note_standings(before)
        line.settle()
        line.take_touched()
        return result

    def _moved_along_the_table(self, before: dict[str, Ticket]) -> None:
        changed, _ = self.line.take_touched()
        for ticket in changed:
            came_from = before[ticket.id].state if ticket.id in before else TicketState.WAITING
            assert (came_from, ticket.state) in EDGES, f"{ticket.number} went from {came_from} to {ticket.state}"

    def _note_standings(self, before: dict[str, Any]) -> None:
        """Where those stand who came back, in words of this file's own; and how all stood before each press."""
        for counter, press in self.line.presses.items():
            if press != before["presses"].get(counter):
                self.stood[counter] = dict(self.stands)
        place = self.hall.set_up.returning.place
        arrived = max((one.order for one in self.arrivals if one.day == self.line.day), default=0)
        for ticket in self.line.tickets.values():
            was = before["tickets"].get(ticket.id)
            rested = was is not None and was.state in (TicketState.HELD, TicketState.NO_SHOW)
            if rested and ticket.state is TicketState.WAITING and ticket.legs == was.legs:
                own = by_arrival(ticket)
                self.stands[ticket.id] = {"own": own, "front": (0, *own[1:]), "after": (1, arrived + 0.5, own[2])}[
                    place
                ]

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
        """Who waits for these services, in the order in which they stand."""
        return [one.id for one in self._in_order() if one.service in services and one.sent_to is None]

    def _sent_to(self, counter: str) -> list[str]:
        """Who waits for this counter only, in the order in which they stand."""
        return [one.id for one in self._in_order() if one.sent_to == counter]

    def _in_order(self) -> list[Ticket]:
        waiting = [one for one in self.line.tickets.values() if one.state is TicketState.WAITING]
        return sorted(waiting, key=lambda one: self.stands[one.id])

    # ------------------------------------------------------------ what must always be true

    @invariant()
    def people_ahead_are_those_called_before(self) -> None:
        """Two oracles: calling them one after another in a copy; and counting who stands before."""
        for service in SERVICES:
            turns = called_in_turn(self.line, "oracle", service)
            assert turns == self._waiting(service), "they are called in another order than they stand"
            assert self.line.waiting_count(service) == len(turns)
            self._count_ahead(turns)
        for counter in COUNTERS:
            sent = self._sent_to(counter)
            turns = called_in_turn(self.line, counter, *SERVICES)
            assert turns == [*sent, *self._waiting(*SERVICES)], "they are called in another order than they stand"
            self._count_ahead(sent)

    def _count_ahead(self, turns: list[str]) -> None:
        for ahead, ticket in enumerate(turns):
            assert self.line.people_ahead(self.line.tickets[ticket]) == ahead, "people ahead are counted wrong"

    @invariant()
    def nobody_waits_for_a_counter_that_is_closed(self) -> None:
        for ticket in self.line.tickets.values():
            waits_for = ticket.sent_to if ticket.state is TicketState.WAITING else None
            assert waits_for is None or self.line.desk(waits_for).officer, "somebody waits for a counter that is closed"

    @invariant()
    def places_are_those_of_the_waiting(self) -> None:
        lines: dict[str, dict[str, list[str]]] = {"waiting": {}, "sent_on": {}}
        for ticket in self._in_order():
            line, place = ("waiting", ticket.service) if ticket.sent_to is None else ("sent_on", ticket.sent_to)
            lines[line].setdefault(place, []).append(ticket.id)
        found = {
            name: {place: [turn[-1] for turn in turns] for place, turns in everything(self.line)[name].items()}
            for name in lines
        }
        assert found == lines, "a ticket that waits is not in the line, or the reverse"

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


def by_arrival(ticket: Ticket) -> Standing:
    return 1, ticket.order, ticket.order


def called_in_turn(line: Line, counter: str, *services: str) -> list[str]:
    """Whom a counter that serves nothing else would call, one after another; played through in a copy."""
    copied = Line(day=line.day, last_entry_at=line.last_entry_at)
    copied.load(line.tickets.values())
    alone = CounterSetUp(id=counter, number=999, label={}, services=list(services))
    turns = []
    while (called := calling.choose_next(copied, alone, copied.last_entry_at)) is not None:
        copied.apply(f.TicketCalled(called.id, called.number, counter, "oracle"), copied.last_entry_at)
        turns.append(called.id)
    return turns


SETTINGS: Final = settings(
    max_examples=100, stateful_step_count=40, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
HallMachine.TestCase.settings = SETTINGS
TestHall = HallMachine.TestCase
