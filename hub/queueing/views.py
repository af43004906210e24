"""What the hall is told: the line as messages of the wire. Pure: the same line gives the same words."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from hub.contract import messages as m
from hub.contract.set_up import CounterSetUp, SetUp
from hub.contract.time import Instant, to_datetime
from hub.queueing.line import Line, RecentCall

CALLS_ON_A_BOARD: Final = 8


def centre(set_up: SetUp, public_url: str | None) -> m.Centre:
    """The centre as citizens see it. Opening windows are not part of this version: it is open."""
    return m.Centre(
        name=set_up.name,
        languages=set_up.languages,
        classes=[m.TicketClass(id=one.id, name=one.name, icon=one.icon) for one in set_up.classes],
        open=True,
        opens_at=None,
        closes_at=None,
        notice=set_up.notice,
        public_url=public_url,
    )


def services(set_up: SetUp, version: int) -> m.Services:
    """All services by group; groups without services are left out."""
    everyone = [one.id for one in set_up.classes]
    groups = []
    for group in set_up.groups:
        own = [
            m.Service(
                id=one.id,
                prefix=one.prefix,
                name=one.name,
                description=one.description,
                icon=one.icon,
                open=one.open,
                closed_reason=None,
                opens_at=None,
                classes=one.classes or everyone,
            )
            for one in set_up.services
            if one.group == group.id
        ]
        if own:
            groups.append(m.ServiceGroup(id=group.id, name=group.name, services=own))
    return m.Services(version=version, groups=groups)


def waiting(line: Line, set_up: SetUp, now: Instant, zone: tzinfo) -> m.Waiting:
    """How many wait for each service."""
    return m.Waiting(
        at=to_datetime(now, zone),
        services={
            one.id: m.ServiceWaiting(open=one.open, closed_reason=None, waiting=line.waiting_count(one.id), wait=None)
            for one in set_up.services
        },
    )


def counter(line: Line, set_up: CounterSetUp, officers: Mapping[str, str], zone: tzinfo) -> m.Counter:
    """One counter. `officers`: display names by staff id; one who is not there is not named."""
    desk = line.desk(set_up.id)
    ticket = line.tickets.get(desk.ticket) if desk.ticket else None
    name = officers.get(desk.officer) if desk.officer else None
    return m.Counter(
        number=set_up.number,
        label=set_up.label,
        state=line.counter_state(set_up.id),
        officer=m.CounterOfficer(display_name=name, photo_url=None) if name else None,
        ticket=m.CounterTicket(number=ticket.number, since=to_datetime(ticket.since, zone)) if ticket else None,
    )


def board(line: Line, set_up: SetUp, board_id: str, *, epoch: str, sequence: int, zone: tzinfo) -> m.Board:
    """All a board needs after a restart: its last calls and who waits for the services of its counters."""
    shown = _counters_on(set_up, board_id)
    calls = [call for call in line.recent_calls if call.stands and call.counter in shown][:CALLS_ON_A_BOARD]
    served = {service for one in shown.values() for service in one.services}
    return m.Board(
        epoch=epoch,
        sequence=sequence,
        calls=[_call(call, shown[call.counter], zone) for call in calls],
        waiting=[
            m.BoardWaiting(
                service=one.id, prefix=one.prefix, name=one.name, waiting=line.waiting_count(one.id), wait=None
            )
            for one in set_up.services
            if one.id in served
        ],
        notice=set_up.notice,
        playlist_version=set_up.playlist_version,
    )


def board_call(
    number: str, at_counter: CounterSetUp, *, repeat: int, at: Instant, epoch: str, sequence: int, zone: tzinfo
) -> m.BoardCall:
    """A call as it happens. `sequence` is its journal entry's number."""
    return m.BoardCall(
        epoch=epoch,
        sequence=sequence,
        number=number,
        counter=at_counter.id,
        label=at_counter.label,
        repeat=repeat,
        at=to_datetime(at, zone),
    )


def _counters_on(set_up: SetUp, board_id: str) -> dict[str, CounterSetUp]:
    return {one.id: one for one in set_up.counters if board_id in set_up.boards_of(one.id)}


def _call(call: RecentCall, at_counter: CounterSetUp, zone: tzinfo) -> m.Call:
    return m.Call(
        number=call.number,
        counter=call.counter,
        label=at_counter.label,
        called_at=to_datetime(call.called_at, zone),
        repeat=call.repeat,
    )
