"""The memory of requests: the same id and body gets the same answer, the same id with another body is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Integer, bindparam, delete, insert, select, tuple_

from hub.contract.time import Instant
from hub.storage.prepared import Prepared
from hub.storage.tables import RequestRow

KEPT_MS: Final = 2 * 86_400_000
"""Two days; the contract promises one."""

SLICE: Final = 500
"""At most so many are dropped at once: the writer must never be held long."""

SPARE: Final = 50_000
"""How many requests the filter takes before it is rebuilt, at least: some 4 MB."""

Key = tuple[str, str]
"""(asker, request id)."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer given before. `answer`: JSON text of the result, or of the refusal when not `ok`."""

    asker: str
    request_id: str
    body_hash: str
    at: Instant
    ok: bool
    answer: str


_COLUMNS = RequestRow.__table__.c  # type: ignore[attr-defined]
_INSERT = Prepared(insert(RequestRow.__table__))  # type: ignore[attr-defined]
_FIND = select(RequestRow.__table__).where(  # type: ignore[attr-defined]
    tuple_(_COLUMNS.asker, _COLUMNS.request_id).in_(bindparam("keys", expanding=True))
)
_OLD = (
    select(_COLUMNS.asker, _COLUMNS.request_id)
    .where(_COLUMNS.at < bindparam("before"))
    .limit(bindparam("slice", type_=Integer))
)
_FORGET = delete(RequestRow.__table__).where(  # type: ignore[attr-defined]
    tuple_(_COLUMNS.asker, _COLUMNS.request_id).in_(bindparam("keys", expanding=True))
)


def recall(connection: Connection, keys: Iterable[Key]) -> dict[Key, Remembered]:
    """What is remembered of these requests: one query for a whole batch."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = connection.execute(_FIND, {"keys": wanted})
    return {(row.asker, row.request_id): Remembered(**row._mapping) for row in rows}


class Filter:
    """Which requests may be remembered: says "no" for certain, "perhaps" otherwise, so that a new request costs no
    query. Rebuilt from the table when it has grown far beyond what it held at first.
    """

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(select(_COLUMNS.asker, _COLUMNS.request_id))
        self._hashes = {hash((row.asker, row.request_id)) for row in rows}
        self._most = 2 * len(self._hashes) + SPARE

    @property
    def worn(self) -> bool:
        """Whether it is time for a new one."""
        return len(self._hashes) > self._most

    def perhaps(self, keys: Iterable[Key]) -> list[Key]:
        """Those of `keys` that have to be looked up."""
        return [key for key in keys if hash(key) in self._hashes]

    def add(self, keys: Iterable[Key]) -> None:
        """These are remembered from now on: they are on disk."""
        self._hashes.update(hash(key) for key in keys)


def remember(connection: Connection, answers: Iterable[Remembered]) -> None:
    """Writes answers in one insert."""
    rows = [
        {
            "asker": one.asker,
            "request_id": one.request_id,
            "body_hash": one.body_hash,
            "at": one.at,
            "ok": one.ok,
            "answer": one.answer,
        }
        for one in answers
    ]
    _INSERT.run_many(connection, rows)


def forget(connection: Connection, now: Instant) -> int:
    """Drops at most a slice of what is older than two days; returns how many, so that the caller can go on."""
    old = connection.execute(_OLD, {"before": now - KEPT_MS, "slice": SLICE}).all()
    if old:
        connection.execute(_FORGET, {"keys": [tuple(row) for row in old]})
    return len(old)
