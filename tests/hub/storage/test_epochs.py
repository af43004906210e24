"""Epochs: one for each life of the database."""

from itertools import count

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


def test_an_epoch_that_is_counted_would_come_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: two databases restored from one back-up must not both be in "epoch 2"."""
    with database.engine.connect() as connection, connection.begin():
        assert begin_epoch(connection, Instant(0)) != begin_epoch(connection, Instant(0))
    for _ in range(2):
        numbers = count(1)
        monkeypatch.setattr(epochs.secrets, "token_hex", lambda _, numbers=numbers: f"{next(numbers):016x}")
        with database.engine.connect() as connection, connection.begin() as transaction:
            assert begin_epoch(connection, Instant(0)) == "0000000000000001"
            transaction.rollback()
