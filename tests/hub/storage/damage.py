"""Ways in which a journal can be damaged, and the words of `check` for each."""

import hashlib
from collections.abc import Callable
from typing import Any, Final

import orjson
from sqlalchemy import Connection, text

Row = dict[str, Any]


def journal_of(connection: Connection) -> list[Row]:
    rows = connection.execute(text("SELECT entry, text, hash FROM journal ORDER BY entry"))
    return [dict(row._mapping) for row in rows]


def rehashed(rows: list[Row]) -> None:
    """As somebody would who knows how the chain is made."""
    before = "0" * 64
    for row in rows:
        before = row["hash"] = hashlib.sha256(f"{before}\n{row['text']}".encode()).hexdigest()


def changed(rows: list[Row]) -> None:
    rows[6]["text"] = rows[6]["text"].replace('"at":1', '"at":2')


def no_json(rows: list[Row]) -> None:
    rows[6]["text"] = "no JSON"


def other_hash(rows: list[Row]) -> None:
    rows[6]["hash"] = rows[5]["hash"]


def deleted(rows: list[Row]) -> None:
    del rows[6]


def headless(rows: list[Row]) -> None:
    del rows[0]


def swapped(rows: list[Row]) -> None:
    rows[6]["text"], rows[7]["text"] = rows[7]["text"], rows[6]["text"]
    rows[6]["hash"], rows[7]["hash"] = rows[7]["hash"], rows[6]["hash"]


def closed_up(rows: list[Row]) -> None:
    """Taken out, renumbered and hashed anew: the text still says which entry it was."""
    del rows[6]
    for entry, row in enumerate(rows, 1):
        row["entry"] = entry
    rehashed(rows)


def numberless(rows: list[Row]) -> None:
    rows[6]["text"] = "[7]"
    rehashed(rows)


def senseless(rows: list[Row]) -> None:
    rows[6]["text"] = "no JSON"
    rehashed(rows)


def of_another_epoch(rows: list[Row]) -> None:
    """An entry as it would follow in another life of the database: its hash is of that chain."""
    body = orjson.loads(rows[6]["text"]) | {"epoch": "0123456789abcdef"}
    rows[6]["text"] = orjson.dumps(body).decode()
    rows[6]["hash"] = hashlib.sha256(f"{'1' * 64}\n{rows[6]['text']}".encode()).hexdigest()


BROKEN: Final[list[tuple[Callable[[list[Row]], None], str]]] = [
    (changed, "entry 7 was changed after it was written"),
    (no_json, "entry 7 was changed after it was written"),
    (other_hash, "entry 7 was changed after it was written"),
    (deleted, "has entry 8 where 7 belongs"),
    (headless, "has entry 2 where 1 belongs"),
    (swapped, "entry 7 was changed after it was written"),
    (closed_up, "entry 7 carries the text of another"),
    (numberless, "entry 7 carries the text of another"),
    (senseless, "entry 7 carries the text of another"),
    (of_another_epoch, "entry 7 was changed after it was written"),
]


def rewrite(connection: Connection, damage: Callable[[list[Row]], None]) -> list[Row]:
    """The journal as `damage` leaves it."""
    rows = journal_of(connection)
    damage(rows)
    connection.execute(text("DELETE FROM journal"))
    connection.execute(text("INSERT INTO journal (entry, text, hash) VALUES (:entry, :text, :hash)"), rows)
    return rows
