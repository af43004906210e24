"""What staff and citizens are shown of the line: the documents of the API, made from the committed state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from hub.actions.asking import Sight
from hub.actions.device.showing import HallWord, Seen
from hub.contract.messages import Count, Message, Short
from hub.contract.names import CounterState, Id, SlipState, Text, TicketNumber, TicketState
from hub.contract.set_up import Choice, CounterSetUp, SetUp
from hub.contract.time import Instant, to_datetime
from hub.queueing.line import Line
from hub.queueing.ticket import Ticket
from hub.web.waits import AlarmSight, LongWait, alarms_of, longest

Class = Annotated[Id, Field(alias="class")]
Token = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
"""The random part of a ticket's address, for whoever holds the slip."""

Halls = Mapping[str, Sequence[HallWord]]
"""What the halls say of the last call of each counter, by counter."""


class WaitingTicket(Message):
    """A ticket in line. `since`: when it began to wait here; `issued_at`: when the number was taken."""

    id: Short
    number: TicketNumber
    service: Id
    class_: Class
    issued_at: AwareDatetime
    since: AwareDatetime
    slip: SlipState


class ServiceQueue(Message):
    """A service and who waits for it, first come first."""

    id: Id
    prefix: Short
    name: Text
    open: bool
    waiting: Count
    tickets: list[WaitingTicket]


class TicketNow(Message):
    """A ticket that was called, is served, or rests (held, or did not come)."""

    id: Short
    number: TicketNumber
    service: Id
    class_: Class
    state: TicketState
    issued_at: AwareDatetime
    since: AwareDatetime
    called_at: AwareDatetime | None
    counter: Id | None
    recalls: Count
    slip: SlipState
    copies: Count


class Officer(Message):
    """Who sits at a counter."""

    id: Short
    display_name: Short


class Undoable(Message):
    """The counter's last press can be taken back until then. `was`, `state`: the ticket's before and after it."""

    number: TicketNumber
    was: TicketState
    state: TicketState
    until: AwareDatetime


class HallShown(Message):
    """What a hall has seen of the call of the ticket at a counter."""

    board: Id
    name: Text
    seen: Seen


class CounterQueue(Message):
    """A counter as staff see it. `shown`: by the halls whose screens can tell; `sent_here`: who waits for it only.

    `since`: when it last changed; `reason`, `until`: of a pause.
    """

    id: Id
    number: Count
    label: Text
    services: list[Id]
    state: CounterState
    officer: Officer | None
    since: AwareDatetime | None
    reason: Id | None
    until: AwareDatetime | None
    ticket: TicketNow | None
    sent_here: list[WaitingTicket]
    shown: list[HallShown]
    undo: Undoable | None


class ClassName(Message):
    """A class of visitors. `meaning`: what it is, and what follows from it."""

    id: Id
    name: Text
    meaning: Text


class Choices(Message):
    """What the centre lets officers choose from: see `hub.contract.set_up`."""

    most_calls: Count
    pick_reasons: list[Choice]
    pause_reasons: list[Choice]
    break_min: list[Count]
    outcomes: list[Choice]
    services_done: bool
    return_place: Short
    return_min: Count | None


class HelpWanted(Message):
    """Somebody at a device waits for a member of staff. `screen`: where in the device's program."""

    device: Id
    screen: Id
    since: AwareDatetime


class EmergencyNow(Message):
    """The officer at a counter needs somebody at once."""

    counter: Id
    since: AwareDatetime


class Queue(Message):
    """The whole line. `resting`: today's tickets that are held or did not come, and can be returned.

    `help`: calls for staff that nobody has answered, oldest first; `emergencies` likewise. `alarms`: people who wait
    for nobody or too long, also those that begin later; `longest`: who has waited longest, and why.
    """

    at: AwareDatetime
    epoch: Short
    entry: Count
    name: Text
    day: Short | None
    classes: list[ClassName]
    services: list[ServiceQueue]
    counters: list[CounterQueue]
    resting: list[TicketNow]
    help: list[HelpWanted]
    emergencies: list[EmergencyNow]
    choices: Choices
    alarms: list[AlarmSight]
    longest: list[LongWait]


class FollowedCounter(Message):
    """Where to go. `where`: in the building."""

    id: Id
    label: Text
    where: Text


class Followed(Message):
    """A ticket as its holder sees it: nothing about the person, nothing about others but their number.

    `counter`: where it is called to or served; `counters`: where it will be; `calls`: how often it was called there.
    """

    at: AwareDatetime
    centre: Text
    number: TicketNumber
    service: Text
    state: TicketState
    issued_at: AwareDatetime
    people_ahead: Count
    counter: FollowedCounter | None
    counters: list[FollowedCounter]
    called_at: AwareDatetime | None
    calls: Count
    can_cancel: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is shown, and on whose clock. `undo_ms`: how long a press can be taken back."""

    now: Instant
    zone: tzinfo
    undo_ms: int


def still(sight: Sight) -> Sight:
    """A copy that no longer changes, made on the writer's thread in microseconds; the rest is done elsewhere."""
    line = sight.line
    copy = Line(
        day=line.day,
        last_entry_at=line.last_entry_at,
        tickets=dict(line.tickets),
        waiting={service: list(turns) for service, turns in line.waiting.items()},
        sent_on={counter: list(turns) for counter, turns in line.sent_on.items()},
        desks=dict(line.desks),
        recent_calls=line.recent_calls,
        presses=dict(line.presses),
        staff_calls=dict(line.staff_calls),
        emergencies=dict(line.emergencies),
    )
    return Sight(copy, sight.set_up, sight.set_up_version, sight.epoch, sight.entry)


def officers_in(sight: Sight) -> set[str]:
    """Ids of those who sit at a counter."""
    return {desk.officer for desk in sight.line.desks.values() if desk.officer}


def queue(sight: Sight, names: Mapping[str, str], halls: Halls, moment: Moment) -> Queue:
    """The line as staff see it."""
    resting = [t for t in sight.line.tickets.values() if t.state in (TicketState.HELD, TicketState.NO_SHOW)]
    return Queue(
        at=to_datetime(moment.now, moment.zone),
        epoch=sight.epoch,
        entry=sight.entry,
        name=sight.set_up.name,
        day=sight.line.day,
        classes=[ClassName(id=one.id, name=one.name, meaning=one.meaning) for one in sight.set_up.classes],
        services=[
            ServiceQueue(
                id=one.id,
                prefix=one.prefix,
                name=one.name,
                open=one.open,
                waiting=sight.line.waiting_count(one.id),
                tickets=[
                    _waiting(sight.line.tickets[ticket], moment.zone)
                    for *_, ticket in sight.line.waiting.get(one.id, ())
                ],
            )
            for one in sight.set_up.services
        ],
        counters=[_counter(sight, one, names, halls.get(one.id, ()), moment) for one in sight.set_up.counters],
        resting=[ticket_now(one, moment.zone) for one in sorted(resting, key=lambda t: t.since)],
        help=_help_wanted(sight.line, moment.zone),
        emergencies=_emergencies(sight.line, moment.zone),
        choices=_choices(sight.set_up),
        alarms=alarms_of(sight, moment.zone),
        longest=longest(sight, moment.zone),
    )


def ticket_now(ticket: Ticket, zone: tzinfo) -> TicketNow:
    """A ticket as staff see it."""
    return TicketNow(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        class_=ticket.class_,
        state=ticket.state,
        issued_at=to_datetime(ticket.issued_at, zone),
        since=to_datetime(ticket.since, zone),
        called_at=None if ticket.called_at is None else to_datetime(ticket.called_at, zone),
        counter=ticket.counter,
        recalls=ticket.recalls,
        slip=ticket.slip,
        copies=ticket.copies,
    )


def followed(sight: Sight, ticket: Ticket, moment: Moment) -> Followed:
    """A ticket as its holder sees it. `ticket` is the one of the line when it is there."""
    present = sight.line.tickets.get(ticket.id, ticket)
    service = sight.set_up.service.get(present.service)
    at_counter = present.state in (TicketState.CALLED, TicketState.SERVING)
    return Followed(
        at=to_datetime(moment.now, moment.zone),
        centre=sight.set_up.name,
        number=present.number,
        service=service.name if service else {},
        state=present.state,
        issued_at=to_datetime(present.issued_at, moment.zone),
        people_ahead=sight.line.people_ahead(present) if present.state is TicketState.WAITING else 0,
        counter=_place(sight, present.counter) if at_counter else None,
        counters=[
            place
            for counter in sight.set_up.counters_of.get(present.service, ())
            if (place := _place(sight, counter)) is not None
        ],
        called_at=to_datetime(present.called_at, moment.zone) if at_counter and present.called_at else None,
        calls=present.recalls + 1 if at_counter else 0,
        can_cancel=present.state in (TicketState.WAITING, TicketState.CALLED, TicketState.HELD, TicketState.NO_SHOW),
    )


def _help_wanted(line: Line, zone: tzinfo) -> list[HelpWanted]:
    calls = sorted(line.staff_calls.items(), key=lambda one: (one[1].since, one[0]))
    return [
        HelpWanted(device=device, screen=call.screen, since=to_datetime(call.since, zone)) for device, call in calls
    ]


def _emergencies(line: Line, zone: tzinfo) -> list[EmergencyNow]:
    raised = sorted(line.emergencies.items(), key=lambda one: (one[1].since, one[0]))
    return [EmergencyNow(counter=counter, since=to_datetime(one.since, zone)) for counter, one in raised]


def _choices(set_up: SetUp) -> Choices:
    return Choices(
        most_calls=set_up.calling.most_calls,
        pick_reasons=set_up.calling.pick_reasons,
        pause_reasons=set_up.pausing.reasons,
        break_min=set_up.pausing.break_min,
        outcomes=set_up.finishing.outcomes,
        services_done=set_up.finishing.services_done,
        return_place=set_up.returning.place,
        return_min=set_up.returning.within_min,
    )


def _place(sight: Sight, counter: str | None) -> FollowedCounter | None:
    found = None if counter is None else sight.set_up.counter.get(counter)
    return None if found is None else FollowedCounter(id=found.id, label=found.label, where=found.where)


def _waiting(ticket: Ticket, zone: tzinfo) -> WaitingTicket:
    return WaitingTicket(
        id=ticket.id,
        number=ticket.number,
        service=ticket.service,
        class_=ticket.class_,
        issued_at=to_datetime(ticket.issued_at, zone),
        since=to_datetime(ticket.since, zone),
        slip=ticket.slip,
    )


def _counter(
    sight: Sight, one: CounterSetUp, names: Mapping[str, str], said: Sequence[HallWord], moment: Moment
) -> CounterQueue:
    line = sight.line
    desk = line.desk(one.id)
    officer = None if desk.officer is None else Officer(id=desk.officer, display_name=names.get(desk.officer, ""))
    return CounterQueue(
        id=one.id,
        number=one.number,
        label=one.label,
        services=one.services,
        state=line.counter_state(one.id),
        officer=officer,
        since=None if desk.since is None else to_datetime(desk.since, moment.zone),
        reason=desk.reason,
        until=None if desk.until is None else to_datetime(desk.until, moment.zone),
        sent_here=[_waiting(line.tickets[turn[-1]], moment.zone) for turn in line.sent_on.get(one.id, ())],
        ticket=ticket_now(line.tickets[desk.ticket], moment.zone) if desk.ticket else None,
        shown=[
            HallShown(board=board.id, name=board.name, seen=word.seen)
            for board in sight.set_up.boards
            for word in said
            if (word.board, word.ticket) == (board.id, desk.ticket)
        ],
        undo=_undoable(line, one.id, moment),
    )


def _undoable(line: Line, counter: str, moment: Moment) -> Undoable | None:
    press = line.presses.get(counter)
    if press is None or press.officer != line.desk(counter).officer or moment.now - press.at > moment.undo_ms:
        return None
    before, after = press.moves[-1]
    until = to_datetime(Instant(press.at + moment.undo_ms), moment.zone)
    return Undoable(number=after.number, was=before.state, state=after.state, until=until)
