"""`check`: every invariant is seen red by a planted row, and nothing is red that is in order."""

import re
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from hub.storage import check
from hub.storage.database import Database, sqlite_url
from tests.hub.storage.centre import Centre
from tests.hub.storage.damage import BROKEN, rewrite
from tests.hub.storage.lived import two_days, working_day

PLANTED: Final = [
    ("a number given twice on one day", "UPDATE ticket SET number = 'A001' WHERE number = 'A002'"),
    ("a request answered with two tickets", "UPDATE ticket SET request_id = 'r1', asker = 'device:k1'"),
    ("a number at or beyond the next one of its service", "UPDATE numbering SET next = 6 WHERE service = 'births'"),
    ("a number at or beyond the next one of its service", "DELETE FROM numbering WHERE service = 'land'"),
    ("one ticket at two counters", "UPDATE desk SET ticket = (SELECT max(ticket) FROM desk)"),
    (
        "a counter with a ticket that is neither called nor being served there",
        "UPDATE ticket SET state = 'finished' WHERE state = 'serving'",
    ),
    (
        "a counter with a ticket that is neither called nor being served there",
        "UPDATE ticket SET counter = 'c3' WHERE state = 'serving'",
    ),
    (
        "a counter with a ticket that is neither called nor being served there",
        "UPDATE ticket SET counter = NULL WHERE state = 'serving'",
    ),
    (
        "a counter with a ticket that is neither called nor being served there",
        "UPDATE desk SET ticket = 'nobody' WHERE counter = 'c1'",
    ),
    ("a called or served ticket that no counter has", "UPDATE desk SET ticket = NULL WHERE counter = 'c1'"),
    ("a called or served ticket that no counter has", "DELETE FROM desk WHERE counter = 'c2'"),
    ("a waiting ticket that still names a counter", "UPDATE ticket SET counter = 'c1' WHERE state = 'waiting'"),
    ("a waiting ticket sent to a counter that is closed", "UPDATE ticket SET sent_to = 'c3' WHERE state = 'waiting'"),
    ("a duration below zero", "UPDATE ticket SET since = issued_at - 1"),
    ("a duration below zero", "UPDATE ticket SET called_at = issued_at - 1"),
    ("a duration below zero", "UPDATE ticket SET started_at = called_at - 1"),
    ("a duration below zero", "UPDATE ticket SET ended_at = since - 1"),
    ("a ticket whose issue is not in the journal", "UPDATE ticket SET id = 'nobody' WHERE number = 'B005'"),
    ("a ticket whose issue is not in the journal", "UPDATE journal SET ticket = NULL WHERE text LIKE '%\"B005\"%'"),
    ("an entry about a ticket that is not there", "DELETE FROM ticket WHERE number = 'B005'"),
]


def found(database: Database) -> list[str]:
    return check.examine(database)


def plant(database: Database, statement: str) -> None:
    with database.engine.connect() as connection, connection.begin():
        assert connection.execute(text(statement)).rowcount != 0, "nothing was planted"


def found_after(database: Database, statement: str) -> list[str]:
    """What is found when `statement` has been planted in a table that takes anything; then all is as before."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        connection.exec_driver_sql("CREATE TABLE loose AS SELECT * FROM ticket")
        connection.exec_driver_sql("DROP TABLE ticket")
        connection.exec_driver_sql("ALTER TABLE loose RENAME TO ticket")
        assert connection.execute(text(statement)).rowcount != 0, "nothing was planted"
        problems = list(check.problems(connection))
        transaction.rollback()
    return problems


# ---------------------------------------------------------------- invariants


def test_a_centre_in_order_has_no_problems(centre: Centre) -> None:
    """Empty, at work, and on its second day."""
    assert found(centre.database) == []
    two_days(centre)
    assert found(centre.database) == []


def test_each_invariant_finds_what_it_is_for(centre: Centre) -> None:
    """The planted row, named by its own sentence; nothing without it."""
    working_day(centre)
    for words, statement in PLANTED:
        assert [one for one in found_after(centre.database, statement) if one.startswith(f"{words}: ")], statement
        assert found(centre.database) == []


def test_no_invariant_is_without_a_planted_row() -> None:
    """One that nobody has seen red proves nothing."""
    assert {words for words, _ in PLANTED} == check.INVARIANTS.keys()


def test_a_problem_names_the_first_rows_and_counts_them_all(centre: Centre) -> None:
    """Five at most: a person reads this."""
    centre.ask(*(centre.issue() for _ in range(7)))
    plant(centre.database, "UPDATE ticket SET since = 0")
    (problem,) = found(centre.database)
    assert re.fullmatch(r"a duration below zero: (2026-11-23 A00\d(, )?){5} \(7 in all\)", problem)


def test_a_ticket_sent_on_keeps_the_number_of_its_first_service(centre: Centre) -> None:
    """`A005` waits for a service whose next number is 1: in order. (Told by its present service, it would not be.)"""
    centre.ask(*(centre.issue() for _ in range(5)), centre.desk("open", "c3", "chi"))
    for _ in range(5):
        centre.ask(centre.call("c3", "chi"), centre.transfer("trade", "c3", "chi"))
    assert found(centre.database) == []
    naive = check.INVARIANTS["a number at or beyond the next one of its service"].replace("t.legs = 1", "1 = 1")
    with centre.database.reading() as connection:
        assert len(connection.execute(text(naive)).all()) == 5


# ---------------------------------------------------------------- the chain


def test_the_chain_is_named_where_it_breaks(centre: Centre) -> None:
    """The first entry that does not fit, once."""
    working_day(centre)
    for damage, words in BROKEN:
        with centre.database.engine.connect() as connection, connection.begin() as transaction:
            rewrite(connection, damage)
            (problem,) = check.chain_problems(connection)
            transaction.rollback()
        assert words in problem, damage.__name__
    assert found(centre.database) == []


def test_the_chain_off_would_not_be_noticed_but_by_the_check(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: a hub that hashes nothing works as before; its journal is refused at its first entry."""
    monkeypatch.setattr("hub.storage.journal.chained", lambda before, _: before)
    centre.number()
    assert "entry 4 was changed" in found(centre.database)[0]


def test_a_journal_cut_at_its_end_is_given_away_by_the_rows(centre: Centre) -> None:
    """The chain itself is whole then."""
    working_day(centre)
    plant(centre.database, "DELETE FROM journal WHERE entry > 6")
    with centre.database.reading() as connection:
        assert list(check.chain_problems(connection)) == []
    assert any("whose issue is not in the journal" in one for one in found(centre.database))


# ---------------------------------------------------------------- what cannot be read


def test_a_table_that_is_missing_is_a_problem(centre: Centre) -> None:
    """In words, not as an exception; so is a database in which there is nothing yet."""
    plant(centre.database, "DROP TABLE desk")
    assert any("cannot be read to its end" in one for one in found(centre.database))


def test_a_database_without_a_schema_is_a_problem(empty_url: str) -> None:
    """As `motcua-hub check` finds it where no hub was ever started."""
    database = Database(empty_url)
    (problem,) = found(database)
    assert problem.startswith("it cannot be read to its end: ")
    database.close()


def test_text_that_is_no_text_is_a_problem(sqlite_database: Database) -> None:
    """SQLite keeps whatever bytes have rotted into a text."""
    centre = Centre(sqlite_database)
    working_day(centre)
    plant(sqlite_database, "UPDATE journal SET text = CAST(x'7bff7d' AS TEXT) WHERE entry = 7")
    assert [one for one in found(sqlite_database) if "cannot be read to its end" in one]
    centre.ledger.close()


def test_a_damaged_page_is_a_problem(sqlite_database: Database) -> None:
    """Found by SQLite's own check, or by what can no longer be read."""
    centre = Centre(sqlite_database)
    two_days(centre)
    centre.ledger.close()
    sqlite_database.close()
    path = Path(sqlite_database.place)
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\x17" * 4096)
    database = Database(str(sqlite_database.url))
    assert found(database)
    database.close()


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    """It cannot even be opened; nor can one in a directory that is not there."""
    (tmp_path / "text.db").write_text("no database" * 500)
    for place in ("text.db", "missing/hub.db"):
        database = Database(sqlite_url(tmp_path / place))
        (problem,) = found(database)
        assert problem.startswith("it cannot be opened: ")
        database.close()
