"""Epochs: one for each life of the database."""

import pytest
from sqlalchemy import text

from hub.contract.time import Instant
from hub.storage import epochs
from hub.storage.database import Database
from hub.storage.epochs import begin_epoch, current_epoch


def test_a_new_database_has_none(database: Database) -> None:
    """Its first hub begins one."""
    with database.reading() as connection:
        assert current_epoch(connection) is None


def test_the_one_begun_last_is_in_force(database: Database) -> None:
    """All are kept, in order, each unlike any other."""
    with database.engine.connect() as connection, connection.begin():
        begun = [begin_epoch(connection, Instant(1_795_395_600_000 + n)) for n in range(12)]
        assert current_epoch(connection) == begun[-1]
        rows = connection.execute(text("SELECT number, epoch, began_at FROM epoch ORDER BY number")).all()
    assert [tuple(row) for row in rows] == [(n + 1, epoch, 1_795_395_600_000 + n) for n, epoch in enumerate(begun)]
    assert len(set(begun)) == 12
    assert all(len(bytes.fromhex(epoch)) == 8 for epoch in begun)


def test_one_that_was_undone_was_never_in_force(database: Database) -> None:
    """It belongs to its transaction."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        begin_epoch(connection, Instant(0))
        transaction.rollback()
    with database.reading() as connection:
        assert current_epoch(connection) is None


def next_epoch(database: Database) -> str:
    """The one that would begin now, if this database went on from here."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        epoch = begin_epoch(connection, Instant(0))
        transaction.rollback()
    return epoch


def test_two_lives_from_one_moment_have_two_epochs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One back-up restored twice. (Sabotage: epochs that are counted would be one and the same.)"""
    assert next_epoch(database) != next_epoch(database)
    monkeypatch.setattr(epochs.secrets, "token_hex", lambda _: "0000000000000002")
    assert next_epoch(database) == next_epoch(database)
