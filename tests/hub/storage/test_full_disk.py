"""No room, no disk, no database: a batch is on disk whole, or nobody was answered that it is."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from hub.actions.asking import Request
from hub.queueing.ticket import Verb
from hub.storage import prepared
from hub.storage.database import Database
from tests.hub.storage.centre import Centre, answers, kept
from tests.postgresql import PostgreSQL

LIMIT = 1_000_000
"""SQLite's pages: room for everything."""


def driver(centre: Centre) -> Any:
    return centre.ledger._connection.connection.driver_connection


@pytest.fixture
def sqlite_centre(sqlite_database: Database) -> Iterator[Centre]:
    """A centre over SQLite."""
    opened = Centre(sqlite_database)
    yield opened
    opened.ledger.close()


@pytest.fixture
def postgresql_centre(postgresql_database: Database) -> Iterator[Centre]:
    """A centre over PostgreSQL."""
    opened = Centre(postgresql_database)
    yield opened
    opened.ledger.close()


def busy_batch(centre: Centre) -> list[Request]:
    """A bit of everything: numbers, a call, a move, a refusal, a bug."""
    return [
        centre.desk("open"),
        *(centre.issue(request_id=f"batch-{number}") for number in range(3)),
        centre.call(),
        centre.press(Verb.START),
        centre.press(Verb.START),
        centre.bug(centre.issue("land").action),
        centre.issue("land", request_id="batch-land"),
    ]


CAME_TO = ["done", "A001", "A002", "A003", "A001", "A001", "illegal-move", "ActionFault", "B001"]

# ---------------------------------------------------------------- SQLite says that it is full


def test_a_full_disk_refuses_the_whole_batch_and_heals_when_room_returns(sqlite_centre: Centre) -> None:
    """Really full (a limit of pages), in the middle of a batch: nothing of it is kept, nothing of it is remembered."""
    centre = sqlite_centre
    centre.number()
    before, entry = kept(centre.line), centre.ledger.sight.entry
    pages = driver(centre).execute("PRAGMA page_count").fetchone()[0]
    driver(centre).execute(f"PRAGMA max_page_count={pages + 1}")
    batch = lambda: [centre.issue(request_id=f"full-{number}") for number in range(64)]  # noqa: E731
    assert set(answers(centre.ask(*batch()))) == {"hub-full"}
    assert (kept(centre.line), centre.ledger.sight.entry) == (before, entry)
    centre.assert_on_disk()
    driver(centre).execute(f"PRAGMA max_page_count={LIMIT}")
    assert answers(centre.ask(*batch())) == [f"A{number:03d}" for number in range(2, 66)]
    centre.assert_on_disk()
    assert (centre.ledger.figures.full, centre.ledger.figures.refused["hub-full"]) == (1, 64)


def test_on_the_last_pages_every_answer_is_still_true(sqlite_centre: Centre) -> None:
    """One request at a time until nothing fits: what was answered is there, what was not is not."""
    centre = sqlite_centre
    pages = driver(centre).execute("PRAGMA page_count").fetchone()[0]
    driver(centre).execute(f"PRAGMA max_page_count={pages + 4}")
    given = []
    for _ in range(400):
        answer = answers(centre.ask(centre.issue()))[0]
        if answer == "hub-full":
            break
        given.append(answer)
    else:
        pytest.fail("the disk was never full")
    assert given == [f"A{number:03d}" for number in range(1, len(given) + 1)]
    centre.assert_on_disk()
    assert centre.line.waiting_count("births") == len(given)


def test_ballast_thrown_off_lets_calling_go_on(sqlite_centre: Centre) -> None:
    """`make_room` is called before anything is tried again."""
    centre = sqlite_centre
    centre.ask(centre.desk("open"), *(centre.issue() for _ in range(3)))
    pages = driver(centre).execute("PRAGMA page_count").fetchone()[0]
    driver(centre).execute(f"PRAGMA max_page_count={pages}")
    centre.ledger.make_room = lambda: driver(centre).execute(f"PRAGMA max_page_count={LIMIT}")
    assert set(answers(centre.ask(*(centre.issue() for _ in range(64))))) == {"hub-full"}
    assert answers(centre.ask(centre.call())) == ["A001"]


# ---------------------------------------------------------------- the n-th write fails, for every n


@contextmanager
def failing_at(nth: int, error: Callable[[], Exception], monkeypatch: pytest.MonkeyPatch) -> Iterator[Iterator[int]]:
    """The `nth` statement on the hot path fails in the driver, and only that one."""
    calls = count(1)

    def execute(connection: Any, sql: str, values: Any, run: Callable[[], None]) -> None:
        if next(calls) == nth:
            raise prepared._explained(connection, sql, values, error())
        run()

    run, run_many, run_plain = prepared.Prepared.run, prepared.Prepared.run_many, prepared.run_plain
    with monkeypatch.context() as patch:
        patch.setattr(
            prepared.Prepared, "run", lambda self, to, values: execute(to, "", values, lambda: run(self, to, values))
        )
        patch.setattr(
            prepared.Prepared,
            "run_many",
            lambda self, to, rows: execute(to, "", None, lambda: run_many(self, to, rows)),
        )
        patch.setattr("hub.storage.work.run_plain", lambda to, sql: execute(to, sql, None, lambda: run_plain(to, sql)))
        yield calls


def sqlite_error(code: int) -> Callable[[], Exception]:
    def error() -> Exception:
        made = sqlite3.OperationalError("database or disk is full")
        made.sqlite_errorcode = code
        return made

    return error


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE])
def test_room_that_ends_at_any_statement_ends_the_whole_batch(
    sqlite_centre: Centre, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first, the second … the last: always all refused and nothing changed, until one goes through clean."""
    centre = sqlite_centre
    before = kept(centre.line)
    for nth in range(1, 200):
        with failing_at(nth, sqlite_error(code), monkeypatch) as calls:
            came_to = answers(centre.ask(*busy_batch(centre)))
        if next(calls) <= nth:
            break
        assert set(came_to) == {"hub-full"}, nth
        assert kept(centre.line) | {"last_entry_at": 0} == before | {"last_entry_at": 0}
        centre.assert_on_disk()
    assert nth > 20
    assert came_to == CAME_TO
    centre.assert_on_disk()


def test_a_constraint_that_breaks_at_any_statement_breaks_one_request_or_stops_the_hub(
    sqlite_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside a request it is tried once more; in what belongs to the batch, nothing of the batch is kept."""
    centre = sqlite_centre
    ways = set()
    for nth in range(1, 200):
        before = centre.ledger.sight.entry
        with failing_at(nth, lambda: sqlite3.IntegrityError("UNIQUE constraint failed"), monkeypatch) as calls:
            try:
                came_to = answers(centre.ask(*busy_batch(centre)))
                ways.add("answered")
            except IntegrityError:
                ways.add("stopped")
                centre.reopen()
                assert centre.ledger.sight.entry == before
        if next(calls) <= nth:
            break
        centre.assert_on_disk()
        centre.clock.turn(86_400_000)
        centre.reopen()
        forget(centre)
    assert ways == {"answered", "stopped"}
    assert came_to == CAME_TO


def forget(centre: Centre) -> None:
    with centre.database.engine.connect() as connection, connection.begin():
        connection.execute(text("DELETE FROM request"))
        connection.execute(text("UPDATE ticket SET request_id = id"))


# ---------------------------------------------------------------- the commit itself fails


def test_a_commit_that_finds_the_disk_full_is_undone(sqlite_centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has rolled back by itself then (seen on a full tmpfs); nothing was durable."""
    centre = sqlite_centre

    def do_commit(connection: Any) -> None:
        connection.rollback()
        raise sqlite_error(sqlite3.SQLITE_FULL)()

    with monkeypatch.context() as patch:
        patch.setattr(centre.ledger._connection.dialect, "do_commit", do_commit)
        patch.setattr(centre.ledger, "_load", lambda _: patch.undo() or type(centre.ledger)._load(centre.ledger, _))
        assert set(answers(centre.ask(*busy_batch(centre)))) == {"hub-full"}
    centre.assert_on_disk()
    assert answers(centre.ask(*busy_batch(centre))) == CAME_TO
    centre.assert_on_disk()


@pytest.mark.parametrize("durable", [False, True])
def test_a_commit_of_unknown_outcome_is_never_answered(
    centre: Centre, durable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An I/O error at the flush, before or after it was durable: it is raised. Started again, the repeat tells."""
    dialect = centre.ledger._connection.dialect
    error = dialect.loaded_dbapi.OperationalError("disk I/O error")

    def do_commit(connection: Any) -> None:
        connection.commit() if durable else connection.rollback()
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", do_commit)
        with pytest.raises(OperationalError):
            centre.ask(centre.issue(request_id="same"))
    centre.reopen()
    assert centre.line.waiting_count("births") == (1 if durable else 0)
    again = centre.outcome(centre.issue(request_id="same"))
    assert (answers([again]), again.repeated) == (["A001"], durable)
    centre.assert_on_disk()


# ---------------------------------------------------------------- PostgreSQL's words for the same


@pytest.mark.postgresql
@pytest.mark.parametrize("state", ["53100", "58030"])
def test_postgresql_without_room_or_with_a_failing_disk(postgresql_centre: Centre, state: str) -> None:
    """disk_full and io_error, said by the server in the middle of a batch."""
    centre = postgresql_centre
    centre.number()
    trouble(centre, f"AFTER INSERT ON ticket FOR EACH ROW WHEN (NEW.number = 'A003') EXECUTE FUNCTION fail('{state}')")
    assert set(answers(centre.ask(*(centre.issue() for _ in range(4))))) == {"hub-full"}
    centre.assert_on_disk()
    trouble(centre, None)
    assert answers(centre.ask(*(centre.issue() for _ in range(4)))) == ["A002", "A003", "A004", "A005"]
    centre.assert_on_disk()


@pytest.mark.postgresql
def test_postgresql_that_refuses_the_commit_stops_the_hub(postgresql_centre: Centre) -> None:
    """A constraint that is checked at the commit: raised, not answered."""
    centre = postgresql_centre
    trouble(
        centre,
        "AFTER INSERT ON ticket DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail('53100')",
        "CONSTRAINT TRIGGER",
    )
    with pytest.raises(DBAPIError):
        centre.ask(centre.issue())
    trouble(centre, None)
    centre.reopen()
    assert centre.number() == "A001"


def trouble(centre: Centre, when: str | None, kind: str = "TRIGGER") -> None:
    """A trigger that raises the error code it is given; None takes it away."""
    body = "BEGIN RAISE EXCEPTION 'no' USING ERRCODE = TG_ARGV[0]; END"
    with centre.database.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS trouble ON ticket")
        if when is not None:
            connection.exec_driver_sql(
                f"CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
            )
            connection.exec_driver_sql(f"CREATE {kind} trouble {when}")


@pytest.mark.postgresql
@pytest.mark.parametrize("while_working", [False, True])
def test_a_lost_connection_stops_the_hub(
    postgresql_centre: Centre, postgresql: PostgreSQL, while_working: bool
) -> None:
    """With it the lock against a second hub is gone: nothing is written over another connection."""
    centre = postgresql_centre
    centre.number()

    def lose() -> None:
        pid = driver(centre).info.backend_pid
        with psycopg.connect(centre.database.url.render_as_string(), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    if while_working:
        inner = centre.issue().action
        request = centre.request(lambda work: (lose(), inner(work))[1], centre.issue().asker)  # type: ignore[arg-type]
    else:
        lose()
        request = centre.issue()
    with pytest.raises(DBAPIError):
        centre.ask(request)
    centre.ledger.close()
    centre.reopen()
    assert centre.number() == "A002"
    centre.assert_on_disk()
