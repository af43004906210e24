"""Bringing the schema up to this version's."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, String, inspect, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import column

from hub.storage.database import Database, DatabaseFault

HEAD: Final = "0004"
"""The revision this version needs; a test holds it against the newest file of the history."""

_VERSION: Final = select(column("version_num", String)).select_from(table("alembic_version"))


def migrate(database: Database) -> None:
    """Creates or upgrades the schema. Alembic is loaded only when there is something to do.

    Raises `DatabaseFault` when the file is no database, is another program's, or was written by a newer version.
    """
    try:
        with database.engine.connect() as connection, connection.begin():
            found = revision(connection)
            if found == HEAD:
                return
            if found is None:
                _refuse_strangers(connection, database.place)
            _upgrade(connection, found, database.place)
    except DBAPIError as error:
        words = f"{database.place}: cannot be opened as our database: {error.orig}; {database.remedy}"
        raise DatabaseFault(words) from error


def revision(connection: Connection) -> str | None:
    """The schema's revision; None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_VERSION).scalar()


def _refuse_strangers(connection: Connection, place: str) -> None:
    strangers = inspect(connection).get_table_names()
    if strangers:
        raise DatabaseFault(
            f"{place}: holds tables of another program ({', '.join(sorted(strangers)[:3])}); "
            "give the hub a database of its own"
        )


def _upgrade(connection: Connection, found: str | None, place: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        if found is not None:
            ScriptDirectory.from_config(config).get_revision(found)
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseFault(
            f"{place}: its schema has revision {found}, which this version does not know; "
            "start the newer version that wrote it, or restore a back-up"
        ) from error
