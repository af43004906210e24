"""Statements for the hot path: built from our tables, compiled once, run on the driver's own connection.

SQLAlchemy's work per execution costs more than SQLite's own (measured: 70 µs beside 8); here it is done once. The
errors are SQLAlchemy's, as everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.elements import ClauseElement

PARAMETERS: Final = {"sqlite": "named", "postgresql": "pyformat"}
"""How each driver wants values named in a statement."""

Values = Mapping[str, Any]
Make = Callable[[str], Executable]


class Prepared:
    """One statement, or one a database (`Make`, by the database's name), compiled when first run there.

    Values are given by column name and reach the driver as they are.
    """

    def __init__(self, statement: Executable | Make) -> None:
        self._statement = statement
        self._compiled: dict[str, str] = {}

    def _sql(self, connection: Connection) -> str:
        name = connection.dialect.name
        if name not in self._compiled:
            statement = self._statement(name) if callable(self._statement) else self._statement
            assert isinstance(statement, ClauseElement)
            kind: Any = type(connection.dialect)
            dialect = kind(paramstyle=PARAMETERS[name])
            self._compiled[name] = str(statement.compile(dialect=dialect))
        return self._compiled[name]

    def run(self, connection: Connection, values: Values) -> None:
        """Runs it once."""
        sql = self._sql(connection)
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.execute(sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _explained(connection, sql, values, error) from error

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Runs it for each row; not at all without rows."""
        if not rows:
            return
        sql = self._sql(connection)
        driver: Any = connection.connection.dbapi_connection
        try:
            if len(rows) == 1:
                driver.execute(sql, rows[0])
            else:
                driver.cursor().executemany(sql, rows)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _explained(connection, sql, None, error) from error


def run_plain(connection: Connection, sql: str) -> None:
    """A statement without values, such as `SAVEPOINT action`."""
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(sql)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _explained(connection, sql, None, error) from error


def _explained(connection: Connection, sql: str, values: Values | None, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy's; a lost connection is marked as such."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    return DBAPIError.instance(
        sql,
        values,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=gone,
        dialect=dialect,
    )
