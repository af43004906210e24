"""Notes about tickets, as rows. Implements `hub.actions.work.Notes`."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from hub.actions.work import Note
from hub.contract.names import Day
from hub.storage.tables import NoteRow

_NOTE: Final = NoteRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredNotes:
    """The notes over one connection, in whatever transaction it is."""

    connection: Connection

    def add(self, note: Note) -> None:
        """A new one."""
        self.connection.execute(insert(_NOTE), asdict(note))

    def erase_but(self, day: Day) -> int:
        """Erases those of all other days; returns how many."""
        return self.connection.execute(delete(_NOTE).where(_NOTE.c.day != day)).rowcount

    def texts(self, keys: Collection[str]) -> dict[str, str]:
        """What is written, by key; nothing of what was erased."""
        rows = self.connection.execute(select(_NOTE.c.key, _NOTE.c.text).where(_NOTE.c.key.in_(keys)))
        return {row.key: row.text for row in rows}

    def days(self) -> set[Day]:
        """Days of which there are notes."""
        return set(self.connection.execute(select(_NOTE.c.day).distinct()).scalars())
