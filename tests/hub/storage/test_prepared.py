"""Statements prepared once: the driver's speed, SQLAlchemy's errors."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from hub.storage.database import Database
from hub.storage.prepared import Prepared, run_plain
from hub.storage.tables import JournalRow, StaffRow

STAFF = StaffRow.__table__  # type: ignore[attr-defined]
JOURNAL = JournalRow.__table__  # type: ignore[attr-defined]
ODD = "50 % :of %(this) ?, \"that\" 'and' \\n; DROP TABLE staff -- Nguyễn"


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """In a transaction."""
    with database.engine.connect() as opened, opened.begin():
        yield opened


def person(number: int, **changes: Any) -> dict[str, Any]:
    values = {"id": f"s{number}", "name": f"name{number}", "display_name": ODD, "role": "officer"}
    return values | {"password_hash": "secret-hash", "created_at": number} | changes


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(STAFF.c.name).order_by(STAFF.c.created_at)).scalars())


# ---------------------------------------------------------------- running


def test_values_reach_the_row_as_they_are(connection: Connection) -> None:
    """Whatever letters they have; by name, in any order."""
    prepared = Prepared(insert(STAFF))
    prepared.run(connection, dict(reversed(person(1).items())))
    prepared.run(connection, person(2, display_name=""))
    rows = connection.execute(select(STAFF).order_by(STAFF.c.created_at)).all()
    assert [dict(row._mapping) for row in rows] == [person(1), person(2, display_name="")]


def test_many_rows_are_one_after_the_other(connection: Connection) -> None:
    """None, one, many."""
    prepared = Prepared(insert(STAFF))
    for rows in ([], [person(1)], [person(n) for n in range(2, 50)]):
        prepared.run_many(connection, rows)
    assert names(connection) == [f"name{n}" for n in range(1, 50)]


def test_an_update_names_its_values_apart_from_its_columns(connection: Connection) -> None:
    """The row's key is a value like any other."""
    Prepared(insert(STAFF)).run_many(connection, [person(1), person(2)])
    change = Prepared(update(STAFF).where(STAFF.c.id == bindparam("row_id")).values(name=bindparam("name")))
    change.run(connection, {"row_id": "s2", "name": "binh"})
    assert names(connection) == ["name1", "binh"]


def test_nothing_is_kept_of_a_transaction_that_is_undone(database: Database) -> None:
    """It runs on the connection it is given, inside its transaction and its savepoints."""
    prepared = Prepared(insert(STAFF))
    with database.engine.connect() as connection, connection.begin():
        run_plain(connection, "SAVEPOINT one")
        prepared.run(connection, person(1))
        run_plain(connection, "ROLLBACK TO SAVEPOINT one")
        run_plain(connection, "RELEASE SAVEPOINT one")
        prepared.run(connection, person(2))
    with database.engine.connect() as connection, connection.begin() as transaction:
        prepared.run(connection, person(3))
        transaction.rollback()
    with database.reading() as connection:
        assert names(connection) == ["name2"]


def test_a_statement_is_made_once_for_each_database(connection: Connection) -> None:
    """By the database's name, and only when it is first run."""
    made = []

    def make(name: str) -> Any:
        made.append(name)
        return insert(STAFF)

    prepared = Prepared(make)
    assert made == []
    for number in range(3):
        prepared.run(connection, person(number))
    assert made == [connection.dialect.name]


# ---------------------------------------------------------------- errors


def test_a_broken_constraint_is_an_integrity_error(database: Database) -> None:
    """One row or many: what the ledger waits for to look a request up."""
    prepared = Prepared(insert(STAFF))
    with database.engine.connect() as connection, connection.begin():
        prepared.run(connection, person(1))
    for wrong in ([person(1)], [person(2), person(3, name="name2")], [person(4, name=None)]):
        with database.engine.connect() as connection, pytest.raises(IntegrityError) as caught, connection.begin():
            prepared.run_many(connection, wrong) if len(wrong) > 1 else prepared.run(connection, wrong[0])
        assert not caught.value.connection_invalidated
        assert isinstance(caught.value.orig, database.engine.dialect.loaded_dbapi.Error)
    with database.reading() as connection:
        assert names(connection) == ["name1"]


def test_a_statement_that_makes_no_sense_is_said_to_be_so(connection: Connection) -> None:
    """SQLite calls it operational, PostgreSQL a mistake of programming: both are errors of the database."""
    kind = OperationalError if connection.dialect.name == "sqlite" else ProgrammingError
    with pytest.raises(kind) as caught:
        run_plain(connection, "SELECT moon FROM nowhere")
    assert isinstance(caught.value, DBAPIError)
    connection.rollback()


def test_an_error_shows_no_values(database: Database) -> None:
    """It ends up in the log; the hash of a password does not."""
    with database.engine.connect() as connection:
        with pytest.raises(IntegrityError) as caught, connection.begin():
            Prepared(insert(STAFF)).run(connection, person(1))
            Prepared(insert(STAFF)).run(connection, person(1))
        assert "secret-hash" not in str(caught.value)
        with pytest.raises(IntegrityError) as caught, connection.begin():
            connection.execute(insert(STAFF), [person(1), person(1)])
        assert "secret-hash" not in str(caught.value)
        with pytest.raises(IntegrityError) as caught, connection.execution_options().begin():
            connection.engine.hide_parameters = False  # sabotage: as SQLAlchemy does when not told otherwise
            connection.execute(insert(STAFF), [person(1), person(1)])
        assert "secret-hash" in str(caught.value)


@pytest.mark.postgresql
@pytest.mark.parametrize("way", ["run", "run_many", "run_plain"])
def test_a_lost_connection_is_marked_as_such(postgresql_database: Database, way: str) -> None:
    """So that the hub stops: with it the lock against a second hub is gone."""
    with postgresql_database.engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        url = postgresql_database.url.render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        with pytest.raises(OperationalError) as caught:
            match way:
                case "run":
                    Prepared(insert(STAFF)).run(connection, person(1))
                case "run_many":
                    Prepared(insert(STAFF)).run_many(connection, [person(1), person(2)])
                case _:
                    run_plain(connection, "SAVEPOINT action")
        assert caught.value.connection_invalidated
        connection.invalidate()
