"""The centre's set-up, by version."""

from sqlalchemy import Connection, insert, select

from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.storage.tables import SetUpRow

_TABLE = SetUpRow.__table__  # type: ignore[attr-defined]


def save_set_up(connection: Connection, version: int, at: Instant, set_up: SetUp) -> None:
    """A new version."""
    document = set_up.model_dump_json(by_alias=True)
    connection.execute(insert(_TABLE), {"version": version, "at": at, "document": document})


def load_set_up(connection: Connection) -> tuple[int, SetUp] | None:
    """The version in force; None before the first."""
    row = connection.execute(select(_TABLE).order_by(_TABLE.c.version.desc()).limit(1)).first()
    return None if row is None else (row.version, SetUp.model_validate_json(row.document))
