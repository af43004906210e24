"""The schema: one history, exactly our tables, and nothing of strangers touched."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text
from sqlmodel import SQLModel

from hub.storage import schema
from hub.storage.database import Database, DatabaseFault, sqlite_url
from hub.storage.schema import HEAD, migrate, revision
from tests.postgresql import PostgreSQL

NOBODY = 65534


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """A database without even a schema."""
    opened = Database(empty_url)
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    with database.reading() as connection:
        return set(inspect(connection).get_table_names())


def test_the_history_makes_exactly_our_tables(empty: Database) -> None:
    """Alembic, asked what it would still change, has nothing to say: columns, types, keys, indexes."""
    migrate(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []
        assert revision(connection) == HEAD
    assert tables(empty) == {*SQLModel.metadata.tables, "alembic_version"}


def test_a_column_forgotten_in_the_history_would_be_seen(empty: Database) -> None:
    """Sabotage: one column less, one index less."""
    migrate(empty)
    with empty.engine.connect() as connection, connection.begin():
        connection.execute(text("ALTER TABLE device DROP COLUMN kiosk_number"))
        connection.execute(text("DROP INDEX ix_request_at"))
    with empty.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert sorted(one[0] for one in found) == ["add_column", "add_index"]


def test_the_head_is_the_newest_of_one_history() -> None:
    """A new file must be made the head, and there is one line of them only."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    history = ScriptDirectory.from_config(config)
    assert history.get_heads() == [HEAD]
    assert len(history.get_bases()) == 1


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    """And the second time Alembic is not even asked."""
    migrate(empty)
    before = tables(empty)
    statements: list[str] = []
    event.listen(empty.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    migrate(empty)
    assert tables(empty) == before
    assert not [one for one in statements if one.startswith(("CREATE", "ALTER", "INSERT", "UPDATE"))]


def test_a_newer_version_is_left_alone_and_named(empty: Database) -> None:
    """With what to do about it."""
    migrate(empty)
    with empty.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = tables(empty)
    with pytest.raises(DatabaseFault, match=r"revision 9999.*newer version.*back-up"):
        migrate(empty)
    assert tables(empty) == before


def test_a_database_of_somebody_else_is_not_filled(empty: Database) -> None:
    """Tables that are not ours: refused before any of ours is made."""
    with empty.engine.connect() as connection, connection.begin():
        connection.execute(text("CREATE TABLE accounts (id INTEGER PRIMARY KEY)"))
    with pytest.raises(DatabaseFault, match="accounts"):
        migrate(empty)
    assert tables(empty) == {"accounts"}


# ---------------------------------------------------------------- killed half-way

KILLED = """
import os, sys
from sqlalchemy import event
from hub.storage.database import Database
from hub.storage.schema import migrate
import alembic.command, alembic.autogenerate  # loaded once, before there are children

def dies(url, nth):
    database, seen = Database(url), [0]
    @event.listens_for(database.engine, "before_cursor_execute")
    def count(*_):
        seen[0] += 1
        if seen[0] == nth:
            os._exit(9)
    migrate(database)
    os._exit(0)

for nth in range(1, 200, int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        dies(sys.argv[1], nth)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(ended, flush=True)
    if ended != 9:
        break
"""
"""Migrates a database and is killed at the first statement; again, at a later one … until it comes to its end."""


def test_a_migration_killed_at_any_statement_has_not_happened(empty: Database) -> None:
    """Nothing is left that the next one would trip over; the one that is not killed is whole."""
    step = 1 if empty.is_sqlite else 4  # every statement there, every fourth here: it costs more
    ran = migrated_and_killed(KILLED, empty.url.render_as_string(hide_password=False), step)
    codes = [int(line) for line in ran.stdout.split()]
    assert codes == [*[9] * (len(codes) - 1), 0], ran.stderr
    assert len(codes) > 20 // step
    assert tables(empty) == {*SQLModel.metadata.tables, "alembic_version"}
    with empty.reading() as connection:
        assert revision(connection) == HEAD


def test_a_migration_without_a_transaction_would_be_seen(tmp_path: Path) -> None:
    """Sabotage: each statement for itself. What the first kill left, the next one trips over."""
    alone = KILLED.replace(
        "    migrate(database)", "    event.remove(database.engine, 'begin', begin)\n    migrate(database)"
    )
    alone = alone.replace("def dies", "import hub.storage.database as d\ndef dies").replace(
        "database, seen = Database(url), [0]",
        "database, seen = Database(url), [0]\n    begin = next(iter(database.engine.dispatch.begin))",
    )
    ran = migrated_and_killed(alone, sqlite_url(tmp_path / "hub.db"), 4)
    assert "already exists" in ran.stderr or "tables of another program" in ran.stderr, ran.stderr


def migrated_and_killed(program: str, url: str, step: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", program, url, str(step)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


# ---------------------------------------------------------------- what is no database


def garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def prose(path: Path) -> None:
    path.write_text("Tên,Ngày sinh\nAn,1970\n" * 100)


def directory(path: Path) -> None:
    path.mkdir()


def half(path: Path) -> None:
    """A real one, cut in the middle."""
    database = Database(sqlite_url(path))
    migrate(database)
    database.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def page_of_noise(path: Path) -> None:
    """A real one, its table of tables written over."""
    half_way = path.with_suffix(".whole")
    database = Database(sqlite_url(half_way))
    migrate(database)
    database.close()
    content = bytearray(half_way.read_bytes())
    content[100:4096] = bytes((byte * 7 + 3) % 256 for byte in range(3996))
    path.write_bytes(content)


@pytest.mark.parametrize("make", [garbage, prose, directory, half, page_of_noise])
def test_what_is_no_database_of_ours_is_said_to_be_none(tmp_path: Path, make: object) -> None:
    """With its place; and it is left as it was."""
    path = tmp_path / "hub.db"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    refused(path)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A directory nobody made."""
    refused(tmp_path / "missing" / "hub.db")


def test_a_place_without_the_right_to_it_is_named() -> None:
    """A directory one may not write in; a file one may not read."""
    with not_root() as directory:
        (directory / "hub.db").touch(mode=0o000)
        refused(directory / "hub.db")
        directory.chmod(0o555)
        refused(directory / "new.db")
        directory.chmod(0o755)


@contextmanager
def not_root() -> Iterator[Path]:
    """A directory of one's own; without root's rights, who may read and write everything."""
    with tempfile.TemporaryDirectory(prefix="motcua-", dir="/tmp") as directory:
        root = os.geteuid() == 0
        if root:
            os.chown(directory, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(directory)
        finally:
            if root:
                os.seteuid(0)


def refused(path: Path) -> None:
    database = Database(sqlite_url(path))
    try:
        with pytest.raises(DatabaseFault, match=str(path)):
            migrate(database)
        with pytest.raises(DatabaseFault, match=str(path)):
            database.writer()
    finally:
        database.close()


@pytest.mark.postgresql
def test_a_postgresql_that_is_not_there_is_named_without_its_password(postgresql: PostgreSQL) -> None:
    """No such database; no such server."""
    for url in (postgresql.url("moon"), f"postgresql://motcua:secret@/moon?host={postgresql.directory}/none"):
        database = Database(url)
        with pytest.raises(DatabaseFault, match="moon") as caught:
            migrate(database)
        with pytest.raises(DatabaseFault):
            database.writer()
        assert "secret" not in str(caught.value)
        database.close()
