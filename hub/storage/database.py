"""Opening the database: SQLite with durable commits, or PostgreSQL. One connection writes, others read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from hub.errors import Fault

ADVISORY_LOCK = 0x6D6F7463  # "motc"
LOCK_PATIENCE_MS = 2000
"""The server takes a moment to notice that a hub was killed; until then it holds that hub's lock."""
LOCK_NOT_AVAILABLE = "55P03"
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
"""PostgreSQL's settings that must be on."""


class DatabaseFault(Fault):
    """The database cannot be opened, read or trusted."""


class Database:
    """One database, opened. `close()` twice is harmless. Errors never show values: they end up in the log."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._readers = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        self._writer = _sqlite_engine(url, immediate=True) if self.is_sqlite else _postgresql_engine(url, pooled=False)

    @property
    def engine(self) -> Engine:
        """For migrations and tools."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A short read transaction of one's own: it begins with the first statement, and there is nothing to commit."""
        with self._readers.connect() as connection:
            yield connection

    def writer(self) -> Connection:
        """The write connection. Its settings are asserted; PostgreSQL's holds the lock against a second hub."""
        try:
            connection = self._writer.connect()
            try:
                if self.is_sqlite:
                    _assert_durable(connection)
                else:
                    _take_advisory_lock(connection)
            except BaseException:
                connection.close()
                raise
        except OperationalError as error:
            raise DatabaseFault(f"{self.place}: cannot be opened: {error.orig}; {self.remedy}") from error
        except DBAPIError as error:
            raise DatabaseFault(f"{self.place}: not a database of ours: {error.orig}; {self.remedy}") from error
        return connection

    @property
    def place(self) -> str:
        """Where it is, for people; without a password."""
        return str(self.url.database) if self.is_sqlite else self.url.render_as_string(hide_password=True)

    @property
    def remedy(self) -> str:
        """What somebody can do when it cannot be opened or read."""
        if self.is_sqlite:
            return "put a back-up in its place: motcua-hub restore FILE --replace"
        return "see that its server runs, and that [database] url is right"

    def close(self) -> None:
        """Gives every connection back."""
        self._readers.dispose()
        self._writer.dispose()


PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON")
"""Durable, and what is deleted is overwritten: an erased note leaves no letters behind."""


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def _sqlite_engine(url: str, *, immediate: bool = False) -> Engine:
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=4, connect_args={"check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _postgresql_engine(url: str, *, pooled: bool = True) -> Engine:
    """Not pooled, closed means closed: a pool would keep the lock against a second hub."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    return (
        create_engine(address, pool_size=4, pool_pre_ping=True, hide_parameters=True)
        if pooled
        else create_engine(address, poolclass=NullPool, hide_parameters=True)
    )


def _assert_durable(connection: Connection) -> None:
    """SQLite's defaults differ between builds: what durability rests on is read back (quality: SQLite anchor)."""
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    connection.rollback()
    if (mode, synchronous) != ("wal", 2):
        raise DatabaseFault(
            f"SQLite runs with journal_mode={mode}, synchronous={synchronous}; needed: wal, 2 (FULL). "
            "Put the data directory on a local file system."
        )


def _take_advisory_lock(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_PATIENCE_MS}")
    try:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise DatabaseFault("another hub is using this PostgreSQL database; stop it first") from error
    settings = {
        name: connection.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one() for name in DURABLE
    }
    connection.rollback()
    if set(settings.values()) != {"on"}:
        raise DatabaseFault(
            f"PostgreSQL runs with {', '.join(f'{name}={value}' for name, value in settings.items())}; "
            "all must be on, else an answered ticket could be lost"
        )
