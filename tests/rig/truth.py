"""What the database holds, read with plain SQL: this shares no line with the hub that wrote it."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.rig.centre import Centre

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Truth:
    """All rows that the checker wants. `entries`: the journal's texts, read; `journal`: its rows as they stand."""

    tickets: list[Row]
    desks: list[Row]
    journal: list[Row]

    @property
    def entries(self) -> list[Row]:
        """What each entry says."""
        return [json.loads(row["text"]) for row in self.journal]


def read(centre: Centre) -> Truth:
    """The database of a hub that stands still."""
    tables = ('SELECT * FROM ticket ORDER BY "order"', "SELECT * FROM desk", "SELECT * FROM journal ORDER BY entry")
    return Truth(*(rows(centre, query) for query in tables))


def rows(centre: Centre, query: str) -> list[Row]:
    """What a query finds."""
    url = centre.settings.database.url.get_secret_value()
    if url:
        with psycopg.connect(url, row_factory=dict_row, connect_timeout=5) as connection:
            return list(connection.execute(query))
    with closing(sqlite3.connect(f"file:{centre.database_file}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]
