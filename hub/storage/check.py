"""`motcua-hub check`: whether what is kept holds together. Reads only."""

import hashlib
from collections.abc import Iterator
from typing import Final

import orjson
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from hub.storage.database import Database
from hub.storage.journal import FIRST_HASH
from hub.storage.tables import JournalRow

_COLUMNS: Final = JournalRow.__table__.c  # type: ignore[attr-defined]

INVARIANTS: Final[dict[str, str]] = {
    "a number given twice on one day": "SELECT day, number FROM ticket GROUP BY day, number HAVING count(*) > 1",
    "a request answered with two tickets": (
        "SELECT asker, request_id FROM ticket GROUP BY asker, request_id HAVING count(*) > 1"
    ),
    "a number at or beyond the next one of its service": (
        "SELECT t.day, t.number FROM ticket t LEFT JOIN numbering n ON n.day = t.day AND n.service = t.service "
        "WHERE t.legs = 1 AND (n.next IS NULL OR t.sequence >= n.next)"  # one sent on has another service's number
    ),
    "one ticket at two counters": (
        "SELECT ticket FROM desk WHERE ticket IS NOT NULL GROUP BY ticket HAVING count(*) > 1"
    ),
    "a counter with a ticket that is neither called nor being served there": (
        "SELECT d.counter, d.ticket FROM desk d LEFT JOIN ticket t ON t.id = d.ticket WHERE d.ticket IS NOT NULL "
        "AND (t.id IS NULL OR t.state NOT IN ('called', 'serving') OR t.counter IS NULL OR t.counter <> d.counter)"
    ),
    "a called or served ticket that no counter has": (
        "SELECT t.day, t.number FROM ticket t LEFT JOIN desk d ON d.ticket = t.id "
        "WHERE t.state IN ('called', 'serving') AND d.counter IS NULL"
    ),
    "a waiting ticket that still names a counter": (
        "SELECT day, number FROM ticket WHERE state = 'waiting' AND counter IS NOT NULL"
    ),
    "a waiting ticket sent to a counter that is closed": (
        "SELECT t.day, t.number FROM ticket t LEFT JOIN desk d ON d.counter = t.sent_to "
        "WHERE t.state = 'waiting' AND t.sent_to IS NOT NULL AND d.officer IS NULL"
    ),
    "a duration below zero": (
        "SELECT day, number FROM ticket WHERE since < issued_at OR called_at < issued_at OR started_at < called_at "
        "OR ended_at < since"
    ),
    "a ticket whose issue is not in the journal": (
        "SELECT t.day, t.number FROM ticket t LEFT JOIN journal j "
        'ON j.ticket = t.id AND j.text LIKE \'%"kind":"TicketIssued"%\' WHERE j.entry IS NULL'
    ),
    "an entry about a ticket that is not there": (
        "SELECT j.entry FROM journal j LEFT JOIN ticket t ON t.id = j.ticket "
        "WHERE j.ticket IS NOT NULL AND t.id IS NULL ORDER BY j.entry"
    ),
}
"""What must never be found: a sentence, and the query that would find it."""


def examine(database: Database) -> list[str]:
    """Every problem of a database, also of one that cannot even be opened."""
    try:
        with database.reading() as connection:
            return list(problems(connection))
    except DBAPIError as error:
        return [f"it cannot be opened: {error.orig}"]


def problems(connection: Connection) -> Iterator[str]:
    """Every problem found, in words; none when all is well."""
    try:
        if connection.dialect.name == "sqlite":
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if found != ["ok"]:
                yield f"SQLite finds the file damaged: {found[0]}"
        yield from chain_problems(connection)
        for words, query in INVARIANTS.items():
            rows = connection.execute(text(query)).fetchall()
            if rows:
                first = ", ".join(" ".join(str(part) for part in row) for row in rows[:5])
                yield f"{words}: {first} ({len(rows)} in all)"
    except DBAPIError as error:
        yield f"it cannot be read to its end: {error.orig}"


def chain_problems(connection: Connection) -> Iterator[str]:
    """Walks the hash chain and names the first entry at which it breaks."""
    before, expected = FIRST_HASH, 1
    query = JournalRow.__table__.select().order_by(_COLUMNS.entry)  # type: ignore[attr-defined]
    with connection.execute(query.execution_options(yield_per=2000)) as rows:
        for row in rows:
            if row.entry != expected:
                yield f"the journal has entry {row.entry} where {expected} belongs: entries were taken out or moved"
                return
            before = hashlib.sha256(f"{before}\n{row.text}".encode()).hexdigest()
            if before != row.hash:
                yield f"the journal's entry {row.entry} was changed after it was written: its hash does not fit"
                return
            if _number(row.text) != row.entry:
                yield f"the journal's entry {row.entry} carries the text of another"
                return
            expected += 1


def _number(said: str) -> object:
    """The entry's number by its own word."""
    try:
        body = orjson.loads(said)
    except ValueError:
        return None
    return body.get("entry") if isinstance(body, dict) else None
