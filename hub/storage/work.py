"""One action's unit of work over the write connection: the storage side of `hub.actions.work`."""

import secrets
from dataclasses import dataclass, field

import uuid_utils
from sqlalchemy import Connection

from hub.actions.work import Rules
from hub.contract.names import Day
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.facts import DayOpened, Fact, MoveUndone, TicketIssued
from hub.queueing.limits import IssueLimit
from hub.queueing.line import Line
from hub.queueing.ticket import Ticket
from hub.storage import rows
from hub.storage.notes import StoredNotes
from hub.storage.orders import StoredOrders
from hub.storage.prepared import run_plain
from hub.storage.register import StoredRegister
from hub.storage.set_ups import save_set_up

Stated = list[tuple[Fact, Instant]]


@dataclass(slots=True)
class StoredWork:
    """Implements `hub.actions.work.Work`. A savepoint is opened by the first write and closed by the writer."""

    connection: Connection
    line: Line
    set_up: SetUp
    set_up_version: int
    rules: Rules
    issue_limit: IssueLimit
    wall: Instant
    now: Instant
    low_on_disk: bool = False
    look_twice: bool = False
    """After a double insert was refused: look the request up before issuing again."""
    stated: Stated = field(default_factory=list)
    saved_numbers: dict[str, int] = field(default_factory=dict)
    """The next numbers of the day as the database has them."""
    _in_savepoint: bool = False
    _new_tickets: set[str] = field(default_factory=set)

    # ------------------------------------------------------------ what actions use

    @property
    def register(self) -> StoredRegister:
        """Rows beside the line."""
        return StoredRegister(self.inside())

    @property
    def orders(self) -> StoredOrders:
        """Orders to devices."""
        return StoredOrders(self.inside())

    @property
    def notes(self) -> StoredNotes:
        """Notes about tickets."""
        return StoredNotes(self.inside())

    def state(self, *facts: Fact) -> None:
        """Makes facts true in the line and keeps them for the journal."""
        for fact in facts:
            self.line.apply(fact, self.now)
            self.stated.append((fact, self.now))
            if isinstance(fact, TicketIssued):
                self._new_tickets.add(fact.ticket)

    def state_undone(self, fact: MoveUndone, before: Ticket) -> None:
        """States an undone move. The slip's state is today's, not that of the moment before."""
        self.line.restore(fact, self.find_ticket(before.id) or before, self.now)
        self.stated.append((fact, self.now))

    def confirm_clock(self, fact: Fact) -> None:
        """Goes back to the wall's time, with `fact` as the witness."""
        self.now = self.wall
        self.line.apply(fact, self.now)
        self.stated.append((fact, self.now))

    def find_ticket(self, ticket: str) -> Ticket | None:
        """Today's line first, then any day."""
        return self.line.tickets.get(ticket) or rows.find_ticket(self.inside(), ticket)

    def find_by_request(self, asker: str, request_id: str) -> Ticket | None:
        """Asked of the database only when its own constraint said that there is one: the usual case costs nothing."""
        return rows.find_by_request(self.inside(), asker, request_id) if self.look_twice else None

    def save_ticket(self, ticket: Ticket) -> None:
        """A ticket of the past."""
        rows.update_ticket(self.inside(), ticket)

    def open_day(self, day: Day) -> None:
        """Ends other days' tickets, closes the counters, starts the numbers."""
        self.save_numbers()
        ended = rows.end_days_before(self.inside(), day, self.now)
        rows.note_day(self.inside(), day, self.now)
        self.state(DayOpened(day, ended))
        self.line.start_numbers(*rows.next_numbers(self.connection, day))
        self.saved_numbers = dict(self.line.next_sequence)

    def put_set_up(self, set_up: SetUp) -> int:
        """In force at once; on disk with this transaction."""
        self.set_up_version += 1
        save_set_up(self.inside(), self.set_up_version, self.now, set_up)
        self.set_up = set_up
        return self.set_up_version

    def new_id(self) -> str:
        """A UUIDv7."""
        return str(uuid_utils.uuid7())

    def new_key(self) -> str:
        """128 random bits, 22 letters."""
        return secrets.token_urlsafe(16)

    # ------------------------------------------------------------ what the writer uses

    def inside(self) -> Connection:
        """The connection, inside this action's savepoint. Reads belong there too: after an error outside of it
        PostgreSQL refuses the whole transaction.
        """
        if not self._in_savepoint:
            run_plain(self.connection, "SAVEPOINT action")
            self._in_savepoint = True
        return self.connection

    def mark(self) -> "Mark":
        """A point to go back to with `take_back`."""
        numbers = self.saved_numbers
        return Mark(self.line.mark(), len(self.stated), self.set_up, self.set_up_version, self.now, numbers)

    def save(self) -> None:
        """Writes what the stated facts changed, and closes the savepoint."""
        tickets, counters = self.line.take_touched()
        for ticket in tickets:
            write = rows.insert_ticket if ticket.id in self._new_tickets else rows.update_ticket
            write(self.inside(), ticket)
        if counters:
            rows.save_desks(self.inside(), [(counter, self.line.desk(counter)) for counter in counters])
        if self._in_savepoint:
            run_plain(self.connection, "RELEASE SAVEPOINT action")
            self._in_savepoint = False
        self._new_tickets.clear()

    def save_numbers(self) -> None:
        """Writes the next numbers that changed since last saved; once a batch and before a day ends."""
        if self.line.day is None:
            return
        numbers = self.line.next_sequence.items()
        changed = [
            (service, following) for service, following in numbers if self.saved_numbers.get(service) != following
        ]
        rows.save_next(self.connection, self.line.day, changed)
        self.saved_numbers = dict(self.line.next_sequence)

    def take_back(self, mark: "Mark") -> None:
        """Undoes all that was done since `mark`, on disk and in memory."""
        if self._in_savepoint:
            run_plain(self.connection, "ROLLBACK TO SAVEPOINT action")
            run_plain(self.connection, "RELEASE SAVEPOINT action")
            self._in_savepoint = False
        self.line.undo_to(mark.line)
        del self.stated[mark.stated :]
        self.set_up, self.set_up_version = mark.set_up, mark.set_up_version
        self.now, self.saved_numbers = mark.now, mark.saved_numbers
        self._new_tickets.clear()


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an action began."""

    line: int
    stated: int
    set_up: SetUp
    set_up_version: int
    now: Instant
    saved_numbers: dict[str, int]
