"""Today's line: every live ticket, the counters, the next numbers. Changed by facts alone, and only in memory.

Each change is kept with its inverse until it is settled, so that a request whose rows could not be saved
leaves no trace here either.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hub.contract.names import LIVE_STATES, CounterState, Day, SlipState, TicketState
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.ticket import Ticket, Turn

RECENT_CALLS: Final = 32
"""How many calls are kept for the boards; each shows its own last eight."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter at work: who sits there, whether it is paused, and the ticket it called or serves.

    `since`: when that last changed; `reason`, `until`: of a pause, as the officer said.
    """

    officer: str | None = None
    paused: bool = False
    ticket: str | None = None
    since: Instant | None = None
    reason: str | None = None
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class RecentCall:
    """A call as boards list it."""

    ticket: str
    number: str
    counter: str
    called_at: Instant
    repeat: int
    stands: bool = True
    """False when the ticket is back in the line: whoever reads the call now would go there for nothing."""


@dataclass(frozen=True, slots=True)
class StaffCall:
    """Somebody at a device waits for a member of staff."""

    screen: str
    since: Instant


@dataclass(frozen=True, slots=True)
class Emergency:
    """The officer at a counter needs somebody at once."""

    officer: str
    since: Instant


@dataclass(frozen=True, slots=True)
class LastPress:
    """What a counter's last press changed: each ticket as it stood before and as it stood after."""

    at: Instant
    officer: str
    moves: tuple[tuple[Ticket, Ticket], ...]


@dataclass(slots=True)
class Line:
    """The state that decisions are made from. One thread owns it."""

    day: Day | None = None
    last_entry_at: Instant = Instant(0)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    waiting: dict[str, list[Turn]] = field(default_factory=dict)
    """Who waits for a service, in the order in which they are called."""
    sent_on: dict[str, list[Turn]] = field(default_factory=dict)
    """Who waits for one counter only, by counter."""
    desks: dict[str, Desk] = field(default_factory=dict)
    next_sequence: dict[str, int] = field(default_factory=dict)
    next_order: int = 1
    recent_calls: tuple[RecentCall, ...] = ()
    staff_calls: dict[str, StaffCall] = field(default_factory=dict)
    """Calls for staff that nobody has answered, by device."""
    emergencies: dict[str, Emergency] = field(default_factory=dict)
    """Emergencies that nobody has answered, by counter."""
    presses: dict[str, LastPress] = field(default_factory=dict)
    _inverses: list[Callable[[], object]] = field(default_factory=list)
    _touched_tickets: dict[str, Ticket] = field(default_factory=dict)
    _touched_desks: set[str] = field(default_factory=set)

    # ------------------------------------------------------------ reading

    def people_ahead(self, ticket: Ticket) -> int:
        """How many waiting tickets of the same line would be called before this one now: those who wait for its service
        or, for one that was sent to a counter, for that counter only. Exact, O(log n).
        """
        return bisect_left(self._line_of(ticket), ticket.turn)

    def waiting_count(self, service: str) -> int:
        """How many wait for `service`, whichever counter calls them."""
        return len(self.waiting.get(service, ()))

    def desk(self, counter: str) -> Desk:
        """The counter at work; one never opened is closed."""
        return self.desks.get(counter, Desk())

    def desk_of(self, officer: str) -> str | None:
        """The counter this officer has open."""
        return next((counter for counter, desk in self.desks.items() if desk.officer == officer), None)

    def counter_state(self, counter: str) -> CounterState:
        """What the hall sees of a counter."""
        desk = self.desk(counter)
        if desk.officer is None:
            return CounterState.CLOSED
        if desk.ticket is not None:
            called = self.tickets[desk.ticket].state is TicketState.CALLED
            return CounterState.CALLED if called else CounterState.SERVING
        return CounterState.PAUSED if desk.paused else CounterState.OPEN

    # ------------------------------------------------------------ filling (at start) and settling

    def load(self, tickets: Iterable[Ticket]) -> None:
        """Takes live tickets from storage into an empty line."""
        for ticket in tickets:
            self.tickets[ticket.id] = ticket
            self.next_order = max(self.next_order, ticket.order + 1)
            if ticket.state is TicketState.WAITING:
                self._line_to_join(ticket).append(ticket.turn)
        for turns in (*self.waiting.values(), *self.sent_on.values()):
            turns.sort()

    def mark(self) -> int:
        """A point to go back to with `undo_to`."""
        return len(self._inverses)

    def undo_to(self, mark: int) -> None:
        """Takes back every change since `mark`."""
        while len(self._inverses) > mark:
            self._inverses.pop()()
        self._touched_tickets.clear()
        self._touched_desks.clear()

    def settle(self) -> None:
        """All changes so far are on disk and can no longer be taken back."""
        self._inverses.clear()

    def touched(self, ticket: str) -> Ticket:
        """A ticket as a change not yet saved left it, whether it is still in the line or not."""
        return self._touched_tickets[ticket]

    def take_touched(self) -> tuple[list[Ticket], list[str]]:
        """Tickets and counters changed since last asked: what has to be saved."""
        touched = list(self._touched_tickets.values()), sorted(self._touched_desks)
        self._touched_tickets.clear()
        self._touched_desks.clear()
        return touched

    # ------------------------------------------------------------ applying facts

    def apply(self, fact: f.Fact, at: Instant) -> None:
        """Makes `fact`, stated at `at`, true here. Facts that do not concern the line change its time only."""
        self._assign("last_entry_at", at)
        match fact:
            case f.TicketIssued():
                self._issue(fact, at)
            case f.TicketCalled():
                called = {"counter": fact.counter, "officer": fact.officer, "recalls": 0, "started_at": None}
                self._move(fact.ticket, TicketState.CALLED, at, "called_at", **called)
                self._note_call(RecentCall(fact.ticket, fact.number, fact.counter, at, 0))
            case f.TicketRecalled():
                self._put(replace(self.tickets[fact.ticket], recalls=fact.repeat))
                self._note_call(RecentCall(fact.ticket, fact.number, fact.counter, at, fact.repeat))
            case f.ServiceStarted():
                self._move(fact.ticket, TicketState.SERVING, at, "started_at")
            case f.ServiceFinished():
                self._move(fact.ticket, TicketState.FINISHED, at, "ended_at")
            case f.TicketNotCome():
                self._move(fact.ticket, TicketState.NO_SHOW, at)
            case f.TicketHeld():
                self._move(fact.ticket, TicketState.HELD, at)
            case f.TicketReturned():
                place = self.tickets[fact.ticket].place if fact.place is None else fact.place
                nowhere = {"counter": None, "officer": None}
                self._move(fact.ticket, TicketState.WAITING, at, place=place, sent_to=fact.sent_to, **nowhere)
            case f.TicketTransferred():
                onward = {"service": fact.service, "sent_to": fact.sent_to, "counter": None, "officer": None}
                self._move(fact.ticket, TicketState.WAITING, at, legs=self.tickets[fact.ticket].legs + 1, **onward)
            case f.TicketReleased():
                waiting = self.tickets[fact.ticket]
                self._change(fact.ticket, at)
                self._put(replace(waiting, sent_to=None))
            case f.ClassChanged():
                self._put(replace(self.tickets[fact.ticket], class_=fact.class_))
            case f.TicketCancelled():
                self._move(fact.ticket, TicketState.CANCELLED, at, "ended_at")
            case f.SlipPrinted() | f.SlipFailed():
                self._note_slip(fact)
            case f.CounterOpened():
                self._put_desk(fact.counter, Desk(officer=fact.officer, since=at))
            case f.CounterPaused():
                desk = self.desk(fact.counter)
                since = desk.since if desk.paused else at
                paused = replace(desk, paused=True, since=since, reason=fact.reason, until=fact.until)
                self._put_desk(fact.counter, paused)
            case f.CounterResumed():
                going_on = replace(self.desk(fact.counter), paused=False, since=at, reason=None, until=None)
                self._put_desk(fact.counter, going_on)
            case f.CounterClosed():
                self._put_desk(fact.counter, Desk())
            case f.EmergencyRaised():
                self._set(self.emergencies, fact.counter, Emergency(fact.officer, at))
            case f.EmergencyAnswered():
                self._set(self.emergencies, fact.counter, None)
            case f.StaffCalled():
                self._set(self.staff_calls, fact.device, StaffCall(fact.screen, at))
            case f.StaffCallAnswered() | f.DeviceRemoved():
                self._set(self.staff_calls, fact.device, None)
            case f.DayOpened():
                self._open_day(fact)
            case _:
                pass

    def restore(self, fact: f.MoveUndone, before: Ticket, at: Instant) -> None:
        """Makes an undone move true: `before` is the ticket as storage or the last press knows it."""
        self._assign("last_entry_at", at)
        self._change(before.id, at)
        self._put(
            replace(
                before,
                service=fact.service,
                class_=fact.class_ or before.class_,
                state=fact.state,
                since=fact.since,
                counter=fact.at_counter,
                officer=fact.officer,
                called_at=fact.called_at,
                started_at=fact.started_at,
                ended_at=None,
                recalls=fact.recalls,
                legs=fact.legs,
                place=fact.place,
                sent_to=fact.sent_to,
            )
        )
        self._note_standing(fact.ticket, stands=fact.state is not TicketState.WAITING)
        if fact.state in (TicketState.CALLED, TicketState.SERVING):
            self._put_desk(fact.counter, replace(self.desk(fact.counter), ticket=fact.ticket, since=at))

    def remember_press(self, counter: str, press: LastPress | None) -> None:
        """Keeps what `counter` did last, for `undo`; None: there is nothing to undo."""
        self._set(self.presses, counter, press)

    def start_numbers(self, next_sequence: dict[str, int], next_order: int) -> None:
        """The day's next numbers and next place, as storage knows them: a day can be opened a second time."""
        self._assign("next_sequence", dict(next_sequence))
        self._assign("next_order", next_order)

    # ------------------------------------------------------------ the few ways in which anything changes

    def _issue(self, fact: f.TicketIssued, at: Instant) -> None:
        self._set(self.next_sequence, fact.service, fact.sequence + 1)
        self._assign("next_order", fact.order + 1)
        self._put(
            Ticket(
                id=fact.ticket,
                number=fact.number,
                sequence=fact.sequence,
                order=fact.order,
                day=fact.day,
                service=fact.service,
                class_=fact.class_,
                language=fact.language,
                asker=fact.asker,
                request_id=fact.request_id,
                track_key=fact.track_key,
                issued_at=at,
                state=TicketState.WAITING,
                since=at,
                slip=fact.slip,
            )
        )

    def _move(self, ticket_id: str, state: TicketState, at: Instant, *stamps: str, **changes: object) -> None:
        before = self.tickets[ticket_id]
        since = max(at, before.since)  # a clock confirmed to be earlier makes no ticket's time run backwards
        self._change(ticket_id, at)
        after = replace(before, state=state, since=since, **dict.fromkeys(stamps, since), **changes)  # type: ignore[arg-type]
        self._put(after)
        if state is TicketState.WAITING:
            self._note_standing(ticket_id, stands=False)
        if state in (TicketState.CALLED, TicketState.SERVING) and after.counter is not None:
            self._put_desk(after.counter, replace(self.desk(after.counter), ticket=ticket_id, since=at))

    def _change(self, ticket_id: str, at: Instant) -> None:
        """Takes a ticket out of the line and off its counter; `_put` sets it where it belongs now."""
        before = self.tickets.get(ticket_id)
        if before is None:
            return
        if before.state is TicketState.WAITING:
            self._leave(before)
        elif before.counter is not None and self.desk(before.counter).ticket == ticket_id:
            self._put_desk(before.counter, replace(self.desk(before.counter), ticket=None, since=at))

    def _put(self, ticket: Ticket) -> None:
        before = self.tickets.get(ticket.id)
        live = ticket.state in LIVE_STATES
        self._set(self.tickets, ticket.id, ticket if live else None)
        self._touched_tickets[ticket.id] = ticket
        joins = ticket.state is TicketState.WAITING
        stayed = before is not None and before.state is TicketState.WAITING and self._stands(before)
        if joins and not stayed:
            self._join(ticket)

    def _line_of(self, ticket: Ticket) -> Sequence[Turn]:
        """The line this ticket stands in, or would stand in."""
        return self.waiting.get(ticket.service, ()) if ticket.sent_to is None else self.sent_on.get(ticket.sent_to, ())

    def _line_to_join(self, ticket: Ticket) -> list[Turn]:
        if ticket.sent_to is None:
            return self.waiting.setdefault(ticket.service, [])
        return self.sent_on.setdefault(ticket.sent_to, [])

    def _stands(self, ticket: Ticket) -> bool:
        turns = self._line_of(ticket)
        at = bisect_left(turns, ticket.turn)
        return at < len(turns) and turns[at] == ticket.turn

    def _join(self, ticket: Ticket) -> None:
        turns, turn = self._line_to_join(ticket), ticket.turn
        insort(turns, turn)
        self._inverses.append(lambda: turns.pop(bisect_left(turns, turn)))

    def _leave(self, ticket: Ticket) -> None:
        turns, turn = self._line_to_join(ticket), ticket.turn
        turns.pop(bisect_left(turns, turn))
        self._inverses.append(lambda: insort(turns, turn))

    def _note_slip(self, fact: f.SlipPrinted | f.SlipFailed) -> None:
        ticket = self.tickets.get(fact.ticket)
        if ticket is not None:
            self._put(with_slip(ticket, fact))

    def _note_call(self, call: RecentCall) -> None:
        others = tuple(one for one in self.recent_calls if one.ticket != call.ticket)
        self._assign("recent_calls", (call, *others)[:RECENT_CALLS])

    def _note_standing(self, ticket_id: str, *, stands: bool) -> None:
        calls = (replace(one, stands=stands) if one.ticket == ticket_id else one for one in self.recent_calls)
        self._assign("recent_calls", tuple(calls))

    def _put_desk(self, counter: str, desk: Desk) -> None:
        self._set(self.desks, counter, desk)
        self._touched_desks.add(counter)

    def _open_day(self, fact: f.DayOpened) -> None:
        for name in ("tickets", "waiting", "sent_on", "presses", "next_sequence", "staff_calls", "emergencies"):
            self._assign(name, {})
        for counter, desk in list(self.desks.items()):
            if desk != Desk():
                self._put_desk(counter, Desk())
        self._assign("recent_calls", ())
        self._assign("next_order", 1)
        self._assign("day", fact.day)

    def _assign(self, name: str, value: object) -> None:
        before = getattr(self, name)
        self._inverses.append(lambda: setattr(self, name, before))
        setattr(self, name, value)

    def _set(self, mapping: dict[str, Any], key: str, value: object | None) -> None:
        before = mapping.get(key)
        self._inverses.append(lambda: _write(mapping, key, before))
        _write(mapping, key, value)


def _write(mapping: dict[str, Any], key: str, value: object | None) -> None:
    if value is None:
        mapping.pop(key, None)
    else:
        mapping[key] = value


def with_slip(ticket: Ticket, fact: f.SlipPrinted | f.SlipFailed) -> Ticket:
    """The ticket after the device's word about its paper. A failed copy leaves a printed slip printed."""
    if isinstance(fact, f.SlipPrinted):
        return replace(ticket, slip=SlipState.PRINTED, copies=ticket.copies + fact.copy)
    return ticket if fact.copy else replace(ticket, slip=SlipState.FAILED)
