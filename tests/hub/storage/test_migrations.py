"""Each step of the history, on the data of a centre that has worked for a year: nothing of it is lost or changed."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Table, insert, select

from hub.storage import schema
from hub.storage.database import Database
from hub.storage.reading import StoredReading
from hub.storage.schema import HEAD, migrate, revision

TICKETS: Final = 60_000
ENTRIES: Final = 150_000
LIMIT_S: Final = 10.0


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """A database without even a schema."""
    opened = Database(empty_url)
    yield opened
    opened.close()


def upgrade(database: Database, to: str) -> None:
    """As far as a version of then."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with database.engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def filled(database: Database) -> None:
    """A year's rows, in the columns of the first version."""
    with database.engine.connect() as connection, connection.begin():
        tables = reflected(connection)
        put(connection, tables["ticket"], (ticket(n) for n in range(TICKETS)))
        put(connection, tables["journal"], (entry(n) for n in range(1, ENTRIES + 1)))
        put(connection, tables["device"], (device(n) for n in range(1, 60)))
        put(connection, tables["set_up"], [{"version": 1, "at": 1, "document": '{"name":{"vi":"Hoa Sen"}}'}])


def put(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while some := list(islice(left, 2000)):
        connection.execute(insert(table), some)


def ticket(n: int) -> dict[str, Any]:
    at = 1_795_395_600_000 + n
    said = {"id": f"t{n}", "number": f"A{n % 300:03}", "sequence": n % 300, "order": n, "day": f"day-{n // 300}"}
    said |= {"service": "births", "class_": "ordinary", "language": "vi", "asker": "device:k1", "request_id": f"r{n}"}
    said |= {"track_key": f"key{n}", "issued_at": at, "state": "finished", "since": at, "recalls": 0, "legs": 1}
    return said | {"slip": "printed", "copies": 0, "ended_at": at}


def entry(n: int) -> dict[str, Any]:
    return {"entry": n, "ticket": f"t{n % TICKETS}", "text": f'{{"entry":{n}}}', "hash": f"{n:064x}"}


def device(n: int) -> dict[str, Any]:
    said = {"id": f"kiosk-{n:02}", "role": "kiosk", "boards": "", "kiosk_number": n, "fingerprint": f"{n:x}"}
    return said | {"added_at": 1_795_395_600_000, "settings_version": 3}


def reflected(connection: Connection) -> dict[str, Table]:
    """The tables as they are there."""
    known = MetaData()
    known.reflect(connection)
    return dict(known.tables)


def content(connection: Connection, columns: dict[str, list[str]]) -> dict[str, str]:
    """By table: a hash over every value of these columns."""
    found = {}
    for name, table in reflected(connection).items():
        if name in columns:
            asked = select(*(table.c[column] for column in columns[name])).order_by(*table.primary_key.columns)
            rows = [tuple(row) for row in connection.execute(asked)]
            found[name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def test_a_year_comes_through_unchanged(empty: Database) -> None:
    """Every column there was, of every row; within the time that a start may take."""
    upgrade(empty, "0001")
    filled(empty)
    with empty.engine.connect() as connection:
        columns = {
            name: [column.name for column in table.c]
            for name, table in reflected(connection).items()
            if name != "alembic_version"
        }
        before = content(connection, columns)
    begun = time.monotonic()
    migrate(empty)
    assert time.monotonic() - begun < LIMIT_S
    with empty.engine.connect() as connection:
        assert revision(connection) == HEAD
        assert content(connection, columns) == before


def test_a_kiosk_of_the_first_version_has_no_pin(empty: Database) -> None:
    """And so no staff menu, until it is given one."""
    upgrade(empty, "0001")
    filled(empty)
    migrate(empty)
    kiosks = StoredReading(empty).all_devices()
    assert len(kiosks) == 59
    assert {(one.pin_salt, one.pin_hash, one.settings_version) for one in kiosks} == {(None, None, 3)}
