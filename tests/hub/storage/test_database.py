"""The database: durable, one writer, many readers."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, text

from hub.storage.database import Database, DatabaseFault, sqlite_url
from tests.postgresql import PostgreSQL


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_sqlite_is_durable_on_every_connection(sqlite_database: Database, pragma: str, value: object) -> None:
    """Read back from the writer's and from readers' connections, several at once."""
    writer = sqlite_database.writer()
    connections = [sqlite_database._readers.connect() for _ in range(3)]
    for connection in (writer, *connections):
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
        connection.close()


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "synchronous=OFF", "journal_mode=DELETE"])
def test_sqlite_that_is_less_than_durable_is_refused(sqlite_database: Database, pragma: str) -> None:
    """Sabotage: something turns it down behind our back. The words say what is needed."""

    @event.listens_for(sqlite_database._writer, "connect")
    def turn_down(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    with pytest.raises(DatabaseFault, match="needed: wal, 2"):
        sqlite_database.writer()


def test_a_database_in_memory_is_refused() -> None:
    """It forgets everything."""
    database = Database("sqlite://")
    with pytest.raises(DatabaseFault, match="journal_mode=memory"):
        database.writer()
    database.close()


def test_readers_see_committed_state_while_a_writer_writes(database: Database) -> None:
    """And do not wait for it."""
    writer = database.writer()
    with writer.begin():
        writer.execute(text("INSERT INTO epoch VALUES (1, 'e', 0)"))
        with database.reading() as reader:
            assert reader.execute(text("SELECT count(*) FROM epoch")).scalar() == 0
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM epoch")).scalar() == 1
    writer.close()


def test_a_reading_that_breaks_gives_its_connection_back(database: Database) -> None:
    """More often than there are connections."""
    for _ in range(30):
        with pytest.raises(ZeroDivisionError), database.reading() as connection:
            connection.execute(text("SELECT 1"))
            raise ZeroDivisionError
        with pytest.raises(Exception, match="nonsense"), database.reading() as connection:
            connection.execute(text("SELECT nonsense"))
    with database.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_closing_twice_is_harmless(database: Database) -> None:
    """And nothing stays open, as PostgreSQL would warn."""
    database.writer().close()
    database.close()
    database.close()


def test_a_sqlite_file_that_another_program_writes_is_not_waited_for_for_ever(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words name the file."""
    with sqlite_database._writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 5000
    sqlite_database.close()

    @event.listens_for(sqlite_database._writer, "connect")
    def be_quick(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    other = sqlite3.connect(sqlite_database.place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseFault, match="locked"):
        sqlite_database.writer()
    other.close()
    sqlite_database.writer().close()


def test_any_path_is_a_place(tmp_path: Path) -> None:
    """Letters of any language, spaces, signs that mean something in an address."""
    for name in ("trung tâm.db", "a b.db", "a?b#c%20.db", "100%.db"):
        database = Database(sqlite_url(tmp_path / name))
        database.writer().close()
        assert (tmp_path / name).exists(), sorted(tmp_path.iterdir())
        assert database.place == str(tmp_path / name)
        database.close()


# ---------------------------------------------------------------- PostgreSQL


@pytest.mark.postgresql
def test_a_second_hub_is_refused_until_the_first_has_gone(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one program and from another; and however often it was tried."""
    monkeypatch.setattr("hub.storage.database.LOCK_PATIENCE_MS", 20)
    first = postgresql_database.writer()
    second = Database(postgresql_database.url.render_as_string(hide_password=False))
    for database in (second, postgresql_database, second):
        with pytest.raises(DatabaseFault, match="another hub"):
            database.writer()
    first.close()
    second.writer().close()
    second.close()
    postgresql_database.writer().close()


@pytest.mark.postgresql
def test_a_hub_that_is_just_ending_is_waited_for(postgresql_database: Database) -> None:
    """Killed and started again at once: the server holds the dead one's lock for a moment longer."""
    for _ in range(20):
        postgresql_database.writer().close()
    first = postgresql_database.writer()
    with ThreadPoolExecutor() as pool:
        second = pool.submit(postgresql_database.writer)
        with pytest.raises(TimeoutError):
            second.result(0.05)
        first.close()
        second.result(10).close()


@pytest.mark.postgresql
def test_hubs_on_two_databases_of_one_server_are_no_matter(postgresql: PostgreSQL, postgresql_template: str) -> None:
    """The lock is the database's."""
    names = [postgresql.create(postgresql_template) for _ in range(2)]
    databases = [Database(postgresql.url(name)) for name in names]
    writers = [database.writer() for database in databases]
    for writer, database, name in zip(writers, databases, names, strict=True):
        writer.close()
        database.close()
        postgresql.drop(name)


@pytest.mark.postgresql
@pytest.mark.parametrize("value", ["off", "local", "remote_write"])
def test_postgresql_that_commits_before_it_is_on_disk_is_refused(postgresql_database: Database, value: str) -> None:
    """Set for the database, as an administrator would; the words say what could be lost."""
    name = postgresql_database.url.database
    with postgresql_database.engine.connect() as connection, connection.begin():
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = {value}'))
    with pytest.raises(DatabaseFault, match=f"synchronous_commit={value}.*answered ticket could be lost"):
        postgresql_database.writer()
    with postgresql_database.engine.connect() as connection, connection.begin():
        connection.execute(text(f'ALTER DATABASE "{name}" RESET synchronous_commit'))
    postgresql_database.writer().close()


@pytest.mark.postgresql
@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_postgresql_that_does_not_flush_is_refused(
    postgresql_database: Database, postgresql: PostgreSQL, setting: str
) -> None:
    """The server's own settings, really turned off and on again."""

    def turn(value: str) -> None:
        with postgresql.connect() as connection:
            connection.execute(f"ALTER SYSTEM SET {setting} = {value}")
            connection.execute("SELECT pg_reload_conf()")
            for _ in range(5_000):
                if connection.execute(f"SHOW {setting}").fetchone() == (value,):
                    return
        pytest.fail("the server did not take the setting")

    turn("off")
    try:
        with pytest.raises(DatabaseFault, match=f"{setting}=off"):
            postgresql_database.writer()
    finally:
        turn("on")
    postgresql_database.writer().close()


@pytest.mark.postgresql
def test_the_server_of_the_tests_is_durable(postgresql: PostgreSQL) -> None:
    """Else they would prove less than they say."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert postgresql.execute(f"SHOW {setting}") == [("on",)]
