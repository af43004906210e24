"""Between rows and the line: prebuilt statements for the hot path, and the rebuild at start."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from importlib import import_module
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Executable, Table, bindparam, case, func, insert, select, update

from hub.contract.names import LIVE_STATES, Day, SlipState, TicketState
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.line import RECENT_CALLS, Desk, Emergency, Line, RecentCall, StaffCall
from hub.queueing.ticket import Ticket
from hub.storage import journal
from hub.storage.prepared import Prepared
from hub.storage.tables import DayRow, DeskRow, NumberingRow, TicketRow

_TICKET: Final = TicketRow.__table__  # type: ignore[attr-defined]
_DESK: Final = DeskRow.__table__  # type: ignore[attr-defined]
_NUMBERING: Final = NumberingRow.__table__  # type: ignore[attr-defined]

_DAY: Final = DayRow.__table__  # type: ignore[attr-defined]

_NAMES: Final = tuple(field.name for field in fields(Ticket))
_VALUES: Final = attrgetter(*_NAMES)
_STATE, _SLIP = _NAMES.index("state"), _NAMES.index("slip")
_STATES: Final = {state.value: state for state in TicketState}
_SLIPS: Final = {slip.value: slip for slip in SlipState}

_OF_DESK: Final = tuple(field.name for field in fields(Desk))
_DESK_VALUES: Final = attrgetter(*_OF_DESK)

TICKET_COLUMNS: Final = tuple(_TICKET.c[name] for name in _NAMES)
"""What to select for `read_ticket`."""

_FIXED: Final = frozenset({"id", "number", "sequence", "order", "day", "asker", "request_id", "track_key", "issued_at"})

_INSERT: Final = Prepared(insert(_TICKET))
_UPDATE: Final = Prepared(
    update(_TICKET)
    .where(_TICKET.c.id == bindparam("row_id"))
    .values({name: bindparam(name) for name in _NAMES if name not in _FIXED})
)
_ONE: Final = select(*TICKET_COLUMNS).where(_TICKET.c.id == bindparam("ticket"))
_BY_REQUEST: Final = select(*TICKET_COLUMNS).where(
    _TICKET.c.asker == bindparam("asker"), _TICKET.c.request_id == bindparam("request")
)
_BY_TRACK_KEY: Final = select(*TICKET_COLUMNS).where(_TICKET.c.track_key == bindparam("key"))
_BY_NUMBER: Final = select(*TICKET_COLUMNS).where(
    _TICKET.c.day == bindparam("day"), _TICKET.c.number == bindparam("number")
)
_LIVE: Final = select(*TICKET_COLUMNS).where(
    _TICKET.c.state.in_([state.value for state in LIVE_STATES]), _TICKET.c.day == bindparam("today")
)
_ENDED_AT: Final = case((_TICKET.c.since > bindparam("now"), _TICKET.c.since), else_=bindparam("now"))
"""Not before the ticket's last move, when the clock was confirmed to be earlier."""
_END_OF_DAY: Final = (
    update(_TICKET)
    .where(_TICKET.c.state.in_([state.value for state in LIVE_STATES]), _TICKET.c.day != bindparam("today"))
    .values(state=TicketState.ENDED.value, since=_ENDED_AT, ended_at=_ENDED_AT)
)


_OF_CALLS: Final = (
    *(f.TicketCalled, f.TicketRecalled, f.TicketReturned, f.TicketTransferred, f.MoveUndone),
    f.DayOpened,
)
_FACTS_READ_BACK: Final = 32 * RECENT_CALLS
_OF_STAFF_CALLS: Final = (f.StaffCalled, f.StaffCallAnswered, f.DeviceRemoved, f.DayOpened)
_OF_EMERGENCIES: Final = (f.EmergencyRaised, f.EmergencyAnswered, f.DayOpened)


def _upsert(table: Table, key: tuple[str, ...]) -> Prepared:
    """`INSERT … ON CONFLICT DO UPDATE` of whole rows."""

    def make(database: str) -> Executable:
        dialect = import_module(f"sqlalchemy.dialects.{database}")  # only the one in use: the other costs 4 MB
        statement = dialect.insert(table)
        rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
        changed: Executable = statement.on_conflict_do_update(index_elements=list(key), set_=rest)
        return changed

    return Prepared(make)


_PUT_DESK: Final = _upsert(_DESK, ("counter",))
_PUT_NEXT: Final = _upsert(_NUMBERING, ("day", "service"))


def insert_ticket(connection: Connection, ticket: Ticket) -> None:
    """A new number. An `IntegrityError` here means the number or the request was given before."""
    _INSERT.run(connection, dict(zip(_NAMES, _VALUES(ticket), strict=True)))


def update_ticket(connection: Connection, ticket: Ticket) -> None:
    """What a move changed; number, order and time of issue are never written again."""
    values = {name: value for name, value in zip(_NAMES, _VALUES(ticket), strict=True) if name not in _FIXED}
    _UPDATE.run(connection, {"row_id": ticket.id, **values})


def find_ticket(connection: Connection, ticket: str) -> Ticket | None:
    """Any ticket of any day."""
    row = connection.execute(_ONE, {"ticket": ticket}).first()
    return None if row is None else read_ticket(row)


def find_by_request(connection: Connection, asker: str, request_id: str) -> Ticket | None:
    """The ticket a request was answered with, however long ago."""
    row = connection.execute(_BY_REQUEST, {"asker": asker, "request": request_id}).first()
    return None if row is None else read_ticket(row)


def find_by_number(connection: Connection, day: Day, number: str) -> Ticket | None:
    """The ticket that had this number on that day."""
    row = connection.execute(_BY_NUMBER, {"day": day, "number": number}).first()
    return None if row is None else read_ticket(row)


def find_by_track_key(connection: Connection, track_key: str) -> Ticket | None:
    """The ticket of a follow-my-ticket address."""
    row = connection.execute(_BY_TRACK_KEY, {"key": track_key}).first()
    return None if row is None else read_ticket(row)


def read_ticket(row: Sequence[Any]) -> Ticket:
    """A ticket from a row of `TICKET_COLUMNS`."""
    values = list(row)
    values[_STATE] = _STATES[values[_STATE]]
    values[_SLIP] = _SLIPS[values[_SLIP]]
    return Ticket(*values)


def save_desks(connection: Connection, desks: Iterable[tuple[str, Desk]]) -> None:
    """Counters at work, as they stand now."""
    values = [dict(zip(_OF_DESK, _DESK_VALUES(desk), strict=True), counter=counter) for counter, desk in desks]
    _PUT_DESK.run_many(connection, values)


def save_next(connection: Connection, day: Day, numbers: Iterable[tuple[str, int]]) -> None:
    """The next numbers of services, as they stand now."""
    values = [{"day": day, "service": service, "next": following} for service, following in numbers]
    _PUT_NEXT.run_many(connection, values)


def end_days_before(connection: Connection, today: Day, now: Instant) -> int:
    """Ends every ticket of another day that is still open; returns how many."""
    return connection.execute(_END_OF_DAY, {"today": today, "now": now}).rowcount


def note_day(connection: Connection, day: Day, now: Instant) -> None:
    """This day is today from here on."""
    turn = connection.execute(select(func.coalesce(func.max(_DAY.c.turn), 0) + 1)).scalar_one()
    connection.execute(insert(_DAY), {"turn": turn, "day": day, "opened_at": now})


def current_day(connection: Connection) -> Day | None:
    """The day opened last."""
    return connection.execute(select(_DAY.c.day).order_by(_DAY.c.turn.desc()).limit(1)).scalar()


def next_numbers(connection: Connection, day: Day) -> tuple[dict[str, int], int]:
    """The next number by service and the next place in the arrivals, for a day seen before or not."""
    rows = connection.execute(select(_NUMBERING.c.service, _NUMBERING.c.next).where(_NUMBERING.c.day == day))
    numbers = {row.service: row.next for row in rows}
    order = connection.execute(select(func.max(_TICKET.c.order)).where(_TICKET.c.day == day)).scalar()
    return numbers, (order or 0) + 1


def rebuild_line(connection: Connection, last_entry_at: Instant) -> Line:
    """Today's line as the database has it."""
    day = current_day(connection)
    line = Line(day=day, last_entry_at=last_entry_at)
    line.staff_calls = _staff_calls(connection)
    line.emergencies = _emergencies(connection)
    if day is None:
        return line
    line.load(read_ticket(row) for row in connection.execute(_LIVE, {"today": day}))
    for row in connection.execute(select(_DESK)):
        desk = {name: getattr(row, name) for name in _OF_DESK} | {"paused": bool(row.paused)}
        line.desks[row.counter] = Desk(**desk)
    line.next_sequence, line.next_order = next_numbers(connection, day)
    line.recent_calls = _recent_calls(connection)
    return line


def _recent_calls(connection: Connection) -> tuple[RecentCall, ...]:
    """The day's last calls, told by the journal from its end: only it knows of recalls and of the calls' order."""
    calls: dict[str, RecentCall] = {}
    stands: dict[str, bool] = {}
    for entry in journal.read_back(connection, _OF_CALLS, _FACTS_READ_BACK):
        match entry.fact:
            case f.DayOpened():
                break
            case f.TicketCalled(ticket, number, counter) if ticket not in calls:
                calls[ticket] = RecentCall(ticket, number, counter, entry.at, 0, stands.get(ticket, True))
            case f.TicketRecalled(ticket, number, counter, _, repeat) if ticket not in calls:
                calls[ticket] = RecentCall(ticket, number, counter, entry.at, repeat, stands.get(ticket, True))
            case f.TicketReturned(ticket) | f.TicketTransferred(ticket):
                stands.setdefault(ticket, False)
            case f.MoveUndone(ticket):
                stands.setdefault(ticket, entry.fact.state != TicketState.WAITING)
        if len(calls) == RECENT_CALLS:
            break
    return tuple(calls.values())


def _staff_calls(connection: Connection) -> dict[str, StaffCall]:
    """The day's calls for staff that nobody has answered; only the journal knows of them."""
    calls: dict[str, StaffCall] = {}
    for entry in journal.about_no_ticket(connection, _OF_STAFF_CALLS):
        match entry.fact:
            case f.StaffCalled(device, screen):
                calls[device] = StaffCall(screen, entry.at)
            case f.StaffCallAnswered(device) | f.DeviceRemoved(device):
                calls.pop(device, None)
            case f.DayOpened():
                calls.clear()
    return calls


def _emergencies(connection: Connection) -> dict[str, Emergency]:
    """The day's emergencies that nobody has answered; only the journal knows of them."""
    raised: dict[str, Emergency] = {}
    for entry in journal.about_no_ticket(connection, _OF_EMERGENCIES):
        match entry.fact:
            case f.EmergencyRaised(counter, officer):
                raised[counter] = Emergency(officer, entry.at)
            case f.EmergencyAnswered(counter):
                raised.pop(counter, None)
            case f.DayOpened():
                raised.clear()
    return raised
