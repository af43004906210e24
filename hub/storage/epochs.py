"""The database's epoch: new at creation and at each restore, so that receivers know which entries are of one life."""

import secrets

from sqlalchemy import Connection, func, insert, select

from hub.contract.time import Instant
from hub.storage.tables import EpochRow

_TABLE = EpochRow.__table__  # type: ignore[attr-defined]


def current_epoch(connection: Connection) -> str | None:
    """The epoch in force; None in a database just created."""
    return connection.execute(select(_TABLE.c.epoch).order_by(_TABLE.c.number.desc()).limit(1)).scalar()


def begin_epoch(connection: Connection, now: Instant) -> str:
    """Puts a new epoch in force and returns it: eight random bytes in hexadecimal."""
    number = connection.execute(select(func.coalesce(func.max(_TABLE.c.number), 0) + 1)).scalar_one()
    epoch = secrets.token_hex(8)
    connection.execute(insert(_TABLE), {"number": number, "epoch": epoch, "began_at": now})
    return epoch
