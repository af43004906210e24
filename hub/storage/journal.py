"""The journal: append-only facts, numbered and hash-chained, with the database's epoch. Outbox and audit trail in one.

An entry's text is UTF-8 JSON, `{"entry":7,"epoch":"…","at":…,"kind":"TicketCalled","fact":{…}}`; its hash is
SHA-256 over the hash before (hexadecimal), a line feed, and exactly that stored text.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, get_origin, get_type_hints

import orjson
from sqlalchemy import ColumnElement, Connection, insert, or_, select

from hub.contract.time import Instant
from hub.queueing.facts import KINDS, DeviceLost, DeviceRemoved, DeviceReturned, Entry, Fact
from hub.storage.prepared import Prepared
from hub.storage.tables import JournalRow

FIRST_HASH: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the last entry's number, hash and time, and the epoch in force."""

    number: int
    hash: str
    at: Instant
    epoch: str


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What makes a field of what JSON has of it."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    return tuple if get_origin(hint) is tuple else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


_FIELDS: Final[dict[str, dict[str, Callable[[Any], Any]]]] = {
    name: {field: _reader(hint) for field, hint in get_type_hints(kind).items()} for name, kind in KINDS.items()
}
"""What each field of each kind of fact is made of when it is read back."""

_INSERT = Prepared(insert(JournalRow.__table__))  # type: ignore[attr-defined]
_COLUMNS = JournalRow.__table__.c  # type: ignore[attr-defined]
_AFTER = select(_COLUMNS.entry, _COLUMNS.text).order_by(_COLUMNS.entry)


def append(connection: Connection, head: Head, stated: Sequence[tuple[Fact, Instant]]) -> Head:
    """Writes `stated` behind `head` in one insert and returns the new head. The caller commits."""
    if not stated:
        return head
    rows: list[dict[str, Any]] = []
    for fact, at in stated:
        text = entry_text(head.number + 1, head.epoch, at, fact)
        head = Head(head.number + 1, chained(head.hash, text), at, head.epoch)
        rows.append({"entry": head.number, "ticket": getattr(fact, "ticket", None), "text": text, "hash": head.hash})
    _INSERT.run_many(connection, rows)
    return head


def entry_text(number: int, epoch: str, at: Instant, fact: Fact) -> str:
    """The text that is stored and hashed."""
    body = {"entry": number, "epoch": epoch, "at": at, "kind": type(fact).__name__, "fact": fact}
    return orjson.dumps(body).decode()


def chained(before: str, text: str) -> str:
    """The hash of an entry from the hash before it and its text."""
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def read_entry(text: str) -> Entry:
    """An entry from its stored text. Fields unknown to this version are left out."""
    body = orjson.loads(text)
    known = _FIELDS[body["kind"]]
    values = {name: known[name](value) for name, value in body["fact"].items() if name in known}
    return Entry(body["entry"], body["epoch"], Instant(body["at"]), KINDS[body["kind"]](**values))


def read_after(connection: Connection, cursor: int, limit: int = 500) -> list[Entry]:
    """Entries behind `cursor`, oldest first, at most `limit`."""
    rows = connection.execute(_AFTER.where(_COLUMNS.entry > cursor).limit(limit))
    return [read_entry(row.text) for row in rows]


def read_back(connection: Connection, kinds: Iterable[type[Fact]], limit: int) -> list[Entry]:
    """Entries of these kinds from the end of the journal, newest first, at most `limit`."""
    said = select(_COLUMNS.text).where(_of_kinds(kinds))
    rows = connection.execute(said.order_by(_COLUMNS.entry.desc()).limit(limit))
    return [read_entry(row.text) for row in rows]


def about_no_ticket(connection: Connection, kinds: Iterable[type[Fact]]) -> list[Entry]:
    """Entries of these kinds, oldest first. Facts about no ticket are few: the index on `ticket` finds them."""
    rows = connection.execute(_AFTER.where(_COLUMNS.ticket.is_(None), _of_kinds(kinds)))
    return [read_entry(row.text) for row in rows]


def devices_there(connection: Connection) -> set[str]:
    """Devices that were last said to be there."""
    last: dict[str, bool] = {}
    for entry in about_no_ticket(connection, (DeviceReturned, DeviceLost, DeviceRemoved)):
        match entry.fact:
            case DeviceReturned(device):
                last[device] = True
            case DeviceLost(device) | DeviceRemoved(device):
                last[device] = False
    return {device for device, there in last.items() if there}


def _of_kinds(kinds: Iterable[type[Fact]]) -> ColumnElement[bool]:
    return or_(*(_COLUMNS.text.contains(f'"kind":"{kind.__name__}"') for kind in kinds))


def entries_of(connection: Connection, ticket: str) -> list[Entry]:
    """The history of one ticket, oldest first."""
    rows = connection.execute(_AFTER.where(_COLUMNS.ticket == ticket))
    return [read_entry(row.text) for row in rows]


def last_entry(connection: Connection) -> tuple[int, str, Instant]:
    """Number, hash and time of the last entry; zeros in an empty journal."""
    last = connection.execute(
        select(_COLUMNS.entry, _COLUMNS.hash, _COLUMNS.text).order_by(_COLUMNS.entry.desc()).limit(1)
    ).first()
    if last is None:
        return 0, FIRST_HASH, Instant(0)
    return last.entry, last.hash, read_entry(last.text).at
