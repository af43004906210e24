"""Back-ups: one SQLite file whatever the database, verified before it counts, restored into either."""

import hashlib
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, NullPool, Table, create_engine, func, insert, select
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
from hub.storage.database import Database, DatabaseFault, sqlite_url
from hub.storage.epochs import begin_epoch
from hub.storage.schema import HEAD, migrate, revision
from hub.storage.set_ups import load_set_up
from hub.storage.tables import NoteRow

SLICE: Final = 2000
STAMP: Final = "hub-%Y%m%d-%H%M%S"
SEALED: Final = re.compile(r"hub-\d{8}-\d{6}\.(?P<seal>[0-9a-f]{16})\.backup")
"""The name of a back-up carries the first digits of the file's SHA-256: rot is found where no other check would see it.
One that was given another name is judged by its content alone."""

LEFT_FOR_MS: Final = 86_400_000
"""What a killed program has left unfinished is taken away after a day: until then somebody may be writing it."""

UNFINISHED: Final = ".unfinished"

ERASING: Final = "secure_delete=ON"
"""What is deleted is overwritten, and not only forgotten."""

NOT_KEPT: Final = frozenset({NoteRow.__tablename__})
"""Tables that no back-up holds."""


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
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _unfinished(directory, f".{_stamp(now)}.") as unfinished:
            copy_database(database, unfinished)
            verified = verify(unfinished)
            _flush(unfinished)
            made = directory / f"{_stamp(now)}.{_seal(unfinished)}.backup"
            unfinished.replace(made)
        _flush(directory)
    except (OSError, DBAPIError, DatabaseFault, sqlite3.Error) as error:
        raise BackupFault(f"{directory}: no back-up was made: {error}") from error
    try:
        _prune(directory, made, now, keep)
    except OSError as error:
        raise BackupFault(f"{made}: is made, but older ones cannot be removed: {error}") from error
    return Verified(made, verified.tickets, verified.entry, verified.at)


def verify(path: Path) -> Verified:
    """Reads a back-up whole: file, hash chain and invariants. Raises `BackupFault` naming what is wrong.

    Nothing of it is written: it may be on a disk that cannot be.
    """
    if not path.is_file():
        raise BackupFault(f"{path}: there is no such back-up")
    try:
        named = SEALED.fullmatch(path.name)
        if named is not None and named["seal"] != _seal(path):
            raise BackupFault(f"{path}: was changed after it was made: its content does not fit its name")
        with _opened(path) as connection:
            written = revision(connection)
            if written is not None and written != HEAD:
                raise BackupFault(f"{path}: was made by another version (schema {written}, here {HEAD})")
            found = next(check.problems(connection), None)
            if found is not None:
                raise BackupFault(f"{path}: {found}")
            entry, _, at = journal.last_entry(connection)
            count = select(func.count()).select_from(SQLModel.metadata.tables["ticket"])
            return Verified(path, connection.execute(count).scalar_one(), entry, at)
    except DBAPIError as error:
        raise BackupFault(f"{path}: cannot be read as a back-up of ours: {error.orig}") from error
    except OSError as error:
        raise BackupFault(f"{path}: cannot be read: {error.strerror}") from error


def restore(path: Path, target: Database, now: Instant, today: Day) -> Verified:
    """Fills an empty `target` from a back-up, in one transaction, and begins a new epoch.

    Numbers of `today` jump to the next hundred: what was given after the back-up was made is not known to it.
    Raises `BackupFault` when the back-up is damaged or the target holds anything.
    """
    verified = verify(path)
    migrate(target)
    try:
        with _opened(path) as old, target.engine.connect() as new, new.begin():
            for table in _tables():
                if new.execute(select(func.count()).select_from(table)).scalar_one():
                    raise BackupFault(f"{target.place}: holds data already; restore into an empty database")
                _copy_rows(old, new, table)
            _begin_anew(new, now, today)
    except DBAPIError as error:
        raise BackupFault(f"{target.place}: could not be filled: {error.orig}") from error
    return verified


def put_aside(path: Path, now: Instant) -> Path | None:
    """Renames a SQLite database with what belongs to it; returns its new name, or None when there is none.

    Raises `BackupFault` rather than take the place of one that was put aside in the same second.
    """
    if not path.exists():
        return None
    aside = path.with_name(datetime.fromtimestamp(now / 1000, UTC).strftime(f"{path.name}.%Y%m%d-%H%M%S.aside"))
    if aside.exists():
        raise BackupFault(f"{aside}: exists already; try again in a moment")
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside


def copy_database(database: Database, path: Path) -> None:
    """A consistent copy as one SQLite file. Notes are left out: what is erased at the day's end lives on nowhere."""
    if database.is_sqlite:
        _copy_file(Path(database.place), path)
    else:
        _copy_tables(database, path)
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


def _copy_file(old: Path, new: Path) -> None:
    """In one step, which is one snapshot and lets the writer write: in several, each commit would begin it anew."""
    with closing(_read_only(old)) as source, closing(sqlite3.connect(new)) as copy:
        source.backup(copy)
        copy.execute(f"PRAGMA {ERASING}")
        copy.execute("DELETE FROM note")
        copy.commit()


def _copy_tables(database: Database, path: Path) -> None:
    copy = Database(sqlite_url(path))
    try:
        migrate(copy)
        with database.engine.connect() as old, copy.engine.connect() as new:
            old.execution_options(isolation_level="REPEATABLE READ")
            with old.begin(), new.begin():
                for table in _tables():
                    _copy_rows(old, new, table)
    finally:
        copy.close()


def _tables() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in NOT_KEPT]


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
    for day in {today, rows.current_day(connection) or today}:  # the day left open may be a later one: a wrong clock
        known, _ = rows.next_numbers(connection, day)
        rows.save_next(connection, day, [(one.id, next_hundred(known.get(one.id, 1))) for one in set_up.services])


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: _read_only(path), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _unfinished(directory: Path, beginning: str) -> Iterator[Path]:
    """A file of one's own, readable by its owner only; gone at the end unless it was given another name."""
    descriptor, name = tempfile.mkstemp(UNFINISHED, beginning, directory)
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _prune(directory: Path, made: Path, now: Instant, keep: int) -> None:
    """Never the one just made, whatever the clock says of its age."""
    others = sorted(one for one in directory.glob("hub-*.backup") if one != made)
    leftovers = [one for one in directory.glob(f".hub-*{UNFINISHED}*") if one.name < f".{_stamp(now - LEFT_FOR_MS)}"]
    for old in others[: max(0, len(others) + 1 - keep)] + leftovers:
        old.unlink(missing_ok=True)


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime(STAMP)


def _seal(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
