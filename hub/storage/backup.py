"""Back-ups: one SQLite file whatever the database, verified before it counts, restored into either."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from hub.contract.names import Day
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.errors import Fault
from hub.queueing.days import entry_time
from hub.queueing.facts import EpochBegan
from hub.queueing.numbers import next_hundred
from hub.storage import check, journal, rows
from hub.storage.database import Database, sqlite_url
from hub.storage.epochs import begin_epoch
from hub.storage.schema import migrate
from hub.storage.set_ups import load_set_up

SLICE: Final = 2000
NAME: Final = "hub-%Y%m%d-%H%M%S.backup"


class BackupFault(Fault):
    """A back-up could not be made, verified or restored."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A back-up that was read back: its file, number of tickets, and last journal entry with its time."""

    path: Path
    tickets: int
    entry: int
    at: Instant


def back_up(database: Database, directory: Path, now: Instant, *, keep: int) -> Verified:
    """Writes a consistent copy while the hub works, reads it back, and only then gives it its name.

    Older copies beyond `keep` are removed. Raises `BackupFault`; a copy that fails leaves the older ones alone.
    """
    name = datetime.fromtimestamp(now / 1000, UTC).strftime(NAME)
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _unfinished(directory / f".{name}.unfinished") as unfinished:
            copy_database(database, unfinished)
            verified = verify(unfinished)
            _flush(unfinished)
            final = directory / name
            unfinished.replace(final)
        _flush(directory)
    except (OSError, DBAPIError, sqlite3.Error) as error:
        raise BackupFault(f"{directory}: no back-up was made: {error}") from error
    for old in sorted(directory.glob("hub-*.backup"))[:-keep]:
        old.unlink(missing_ok=True)
    return Verified(final, verified.tickets, verified.entry, verified.at)


def verify(path: Path) -> Verified:
    """Reads a back-up whole: file, hash chain and invariants. Raises `BackupFault` naming what is wrong."""
    if not path.is_file():
        raise BackupFault(f"{path}: there is no such back-up")
    database = Database(sqlite_url(path))
    try:
        with database.reading() as connection:
            found = next(check.problems(connection), None)
            if found is not None:
                raise BackupFault(f"{path}: {found}")
            entry, _, at = journal.last_entry(connection)
            count = select(func.count()).select_from(SQLModel.metadata.tables["ticket"])
            return Verified(path, connection.execute(count).scalar_one(), entry, at)
    except DBAPIError as error:
        raise BackupFault(f"{path}: cannot be read as a back-up of ours: {error.orig}") from error
    finally:
        database.close()


def restore(path: Path, target: Database, now: Instant, today: Day) -> Verified:
    """Fills an empty `target` from a back-up, in one transaction, and begins a new epoch.

    Numbers of `today` jump to the next hundred: what was given after the back-up was made is not known to it.
    Raises `BackupFault` when the back-up is damaged or the target holds anything.
    """
    verified = verify(path)
    migrate(target)
    source = Database(sqlite_url(path))
    try:
        with source.reading() as old, target.engine.connect() as new, new.begin():
            for table in _tables():
                if new.execute(select(func.count()).select_from(table)).scalar_one():
                    raise BackupFault(f"{target.place}: holds data already; restore into an empty database")
                _copy_rows(old, new, table)
            _begin_anew(new, now, today)
    except DBAPIError as error:
        raise BackupFault(f"{target.place}: could not be filled: {error.orig}") from error
    finally:
        source.close()
    return verified


def put_aside(path: Path, now: Instant) -> Path | None:
    """Renames a SQLite database with what belongs to it; returns its new name, or None when there is none."""
    if not path.exists():
        return None
    aside = path.with_name(datetime.fromtimestamp(now / 1000, UTC).strftime(f"{path.name}.%Y%m%d-%H%M%S.aside"))
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside


def copy_database(database: Database, path: Path) -> None:
    """A consistent copy as one SQLite file."""
    if database.is_sqlite:
        with sqlite3.connect(f"file:{database.place}?mode=ro", uri=True) as old, sqlite3.connect(path) as new:
            old.backup(new, pages=4000)
        old.close()
        new.execute("PRAGMA journal_mode=DELETE")
        new.close()
        return
    copy = Database(sqlite_url(path))
    try:
        migrate(copy)
        with database.engine.connect() as old_connection, copy.engine.connect() as new_connection:
            old_connection.execution_options(isolation_level="REPEATABLE READ")
            with old_connection.begin(), new_connection.begin():
                for table in _tables():
                    _copy_rows(old_connection, new_connection, table)
        with copy.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    finally:
        copy.close()
    with sqlite3.connect(path) as new:
        new.execute("PRAGMA journal_mode=DELETE")
    new.close()


def _tables() -> list[Table]:
    return list(SQLModel.metadata.sorted_tables)


def _copy_rows(old: Connection, new: Connection, table: Table) -> None:
    found = old.execute(select(table).execution_options(yield_per=SLICE))
    for part in found.partitions():
        values: list[dict[str, Any]] = [dict(row._mapping) for row in part]
        new.execute(insert(table), values)


def _begin_anew(connection: Connection, now: Instant, today: Day) -> None:
    number, hash_, at = journal.last_entry(connection)
    epoch = begin_epoch(connection, now)
    head = journal.Head(number, hash_, at, epoch)
    journal.append(connection, head, [(EpochBegan(epoch, "restored"), entry_time(now, at))])
    _, set_up = load_set_up(connection) or (0, SetUp(name={}))
    known, _ = rows.next_numbers(connection, today)
    rows.save_next(connection, today, [(one.id, next_hundred(known.get(one.id, 1))) for one in set_up.services])


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    try:
        yield path
    finally:
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
