"""Statements for the hot path: built from our tables, compiled once, run on the driver's own connection.

SQLAlchemy's work per execution costs more than SQLite's own (measured: 70 µs beside 8); here it is done once. The
errors are SQLAlchemy's, as everywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement

_DIALECTS: Final[dict[str, Dialect]] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.dialect(paramstyle="pyformat"),  # type: ignore[no-untyped-call]
}

Values = Mapping[str, Any]


class Prepared:
    """One statement for both databases. Values are given by column name and reach the driver as they are."""

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        by_dialect = statement if isinstance(statement, Mapping) else dict.fromkeys(_DIALECTS, statement)
        self._sql = {name: _compiled(one, name) for name, one in by_dialect.items()}

    def run(self, connection: Connection, values: Values) -> None:
        """Runs it once."""
        sql = self._sql[connection.dialect.name]
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _explained(connection, sql, values, error) from error

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Runs it for each row; not at all without rows."""
        if not rows:
            return
        sql = self._sql[connection.dialect.name]
        driver: Any = connection.connection.driver_connection
        try:
            if len(rows) == 1:
                driver.execute(sql, rows[0])
            else:
                driver.cursor().executemany(sql, rows)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _explained(connection, sql, None, error) from error


def run_plain(connection: Connection, sql: str) -> None:
    """A statement without values, such as `SAVEPOINT action`."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(sql)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _explained(connection, sql, None, error) from error


def _compiled(statement: Executable, dialect: str) -> str:
    assert isinstance(statement, ClauseElement)
    return str(statement.compile(dialect=_DIALECTS[dialect]))


def _explained(connection: Connection, sql: str, values: Values | None, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy's; a lost connection is marked as such."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.driver_connection, None)  # type: ignore[arg-type]
    return DBAPIError.instance(
        sql,
        values,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
