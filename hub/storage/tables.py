"""The rows, as SQLModel classes. No rule lives here: `table=True` classes accept anything.

Instants are milliseconds since 1970 UTC; ids of tickets, staff and sessions are text.
"""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

LIVE = text("state IN ('waiting', 'called', 'serving', 'held', 'no-show')")


class TicketRow(SQLModel, table=True):
    """One number of one day. (`day`, `number`) and (`asker`, `request_id`) are unique for good."""

    __tablename__: ClassVar[Any] = "ticket"
    __table_args__ = (
        UniqueConstraint("day", "number", name="ticket_number_once_a_day"),
        UniqueConstraint("asker", "request_id", name="ticket_once_a_request"),
        Index("ticket_live", "day", "order", sqlite_where=LIVE, postgresql_where=LIVE),
    )
    id: str = Field(primary_key=True)
    number: str
    sequence: int
    order: int
    day: str
    service: str
    class_: str
    language: str
    asker: str
    request_id: str
    track_key: str = Field(unique=True)
    issued_at: int = Field(sa_type=BigInteger)
    state: str
    since: int = Field(sa_type=BigInteger)
    counter: str | None = None
    officer: str | None = None
    called_at: int | None = Field(default=None, sa_type=BigInteger)
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    recalls: int
    legs: int
    slip: str
    copies: int
    place: int | None = None
    sent_to: str | None = None


class NumberingRow(SQLModel, table=True):
    """The next number of a service on a day; it only grows."""

    __tablename__: ClassVar[Any] = "numbering"
    day: str = Field(primary_key=True)
    service: str = Field(primary_key=True)
    next: int


class DayRow(SQLModel, table=True):
    """Days in the order in which they were opened; the last one is today's."""

    __tablename__: ClassVar[Any] = "day"
    turn: int = Field(primary_key=True)
    day: str
    opened_at: int = Field(sa_type=BigInteger)


class DeskRow(SQLModel, table=True):
    """A counter at work."""

    __tablename__: ClassVar[Any] = "desk"
    counter: str = Field(primary_key=True)
    officer: str | None = None
    paused: bool = False
    ticket: str | None = None
    since: int | None = Field(default=None, sa_type=BigInteger)
    reason: str | None = None
    until: int | None = Field(default=None, sa_type=BigInteger)


class NoteRow(SQLModel, table=True):
    """What an officer wrote down about a ticket: free text, erased when its day is over, and in no back-up."""

    __tablename__: ClassVar[Any] = "note"
    key: str = Field(primary_key=True)
    ticket: str = Field(index=True)
    day: str
    at: int = Field(sa_type=BigInteger)
    text: str = Field(sa_type=Text)


class JournalRow(SQLModel, table=True):
    """One fact. `text` is hashed as it stands; the other columns repeat what it says, for queries."""

    __tablename__: ClassVar[Any] = "journal"
    entry: int = Field(primary_key=True, sa_type=BigInteger)
    ticket: str | None = Field(default=None, index=True)
    text: str = Field(sa_type=Text)
    hash: str


class RequestRow(SQLModel, table=True):
    """A request that was answered: the same id and body gets the same answer."""

    __tablename__: ClassVar[Any] = "request"
    asker: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    body_hash: str
    at: int = Field(sa_type=BigInteger, index=True)
    ok: bool
    answer: str = Field(sa_type=Text)


class EpochRow(SQLModel, table=True):
    """The epochs of this database, the last one being in force."""

    __tablename__: ClassVar[Any] = "epoch"
    number: int = Field(primary_key=True)
    epoch: str
    began_at: int = Field(sa_type=BigInteger)


class SetUpRow(SQLModel, table=True):
    """The centre's set-up by version; the highest is in force."""

    __tablename__: ClassVar[Any] = "set_up"
    version: int = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    document: str = Field(sa_type=Text)


class StaffRow(SQLModel, table=True):
    """A person of the staff. Erasable: facts know the id only."""

    __tablename__: ClassVar[Any] = "staff"
    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    display_name: str
    role: str
    password_hash: str
    created_at: int = Field(sa_type=BigInteger)


class SessionRow(SQLModel, table=True):
    """A signed-in browser. Only the hash of its token is kept."""

    __tablename__: ClassVar[Any] = "session"
    token_hash: str = Field(primary_key=True)
    staff: str = Field(index=True)
    csrf: str
    created_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)
    address: str


class SystemRow(SQLModel, table=True):
    """Another system with a bearer token; only the token's hash is kept."""

    __tablename__: ClassVar[Any] = "system"
    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    role: str
    created_at: int = Field(sa_type=BigInteger)


class DeviceRow(SQLModel, table=True):
    """A device that was given a certificate."""

    __tablename__: ClassVar[Any] = "device"
    id: str = Field(primary_key=True)
    role: str
    boards: str
    counter: str | None = None
    kiosk_number: int | None = None
    fingerprint: str
    added_at: int = Field(sa_type=BigInteger)
    settings_version: int = 1
    pin_salt: str | None = None
    pin_hash: str | None = None


class DeviceOrderRow(SQLModel, table=True):
    """An order to a device, and what became of it. `message`: the order as it goes over the wire."""

    __tablename__: ClassVar[Any] = "device_order"
    id: str = Field(primary_key=True)
    device: str = Field(index=True)
    order: str
    ticket: str | None = None
    by: str
    ordered_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
    message: str = Field(sa_type=Text)
    state: str
    detail: str
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
