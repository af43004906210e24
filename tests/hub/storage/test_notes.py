"""What officers write down: kept beside the journal, erased without a trace."""

from pathlib import Path

from sqlalchemy import text

from hub.actions.asking import Request
from hub.actions.counter.note import erase_notes
from hub.storage.database import Database
from hub.storage.notes import StoredNotes
from tests.hub.storage.centre import DAY_MS, Centre
from tests.hub.storage.lived import NOTE, working_day


def notes(centre: Centre) -> dict[str, str]:
    """All that is written down, by key."""
    with centre.database.reading() as connection:
        keys = connection.execute(text("SELECT key FROM note")).scalars().all()
        return StoredNotes(connection).texts(keys)


def test_a_note_is_read_by_its_key(centre: Centre) -> None:
    """And by no other."""
    working_day(centre)
    (key,) = notes(centre)
    with centre.database.reading() as connection:
        assert StoredNotes(connection).texts([key, "another"]) == {key: NOTE}
        assert StoredNotes(connection).days() == {"2026-11-23"}


def test_notes_are_erased_when_their_day_is_over(centre: Centre) -> None:
    """Not before; those of the new day stay."""
    working_day(centre)
    assert centre.done(Request(erase_notes)) == {"notes": 0}
    centre.clock.turn(DAY_MS)
    working_day(centre)
    assert len(notes(centre)) == 2
    assert centre.done(Request(erase_notes)) == {"notes": 1}
    assert len(notes(centre)) == 1
    centre.assert_on_disk()


def test_nothing_is_left_of_an_erased_note(sqlite_database: Database) -> None:
    """Not a letter in the files; the journal is whole and has only ever known the key."""
    centre = Centre(sqlite_database)
    working_day(centre)
    files = [Path(sqlite_database.place + ending) for ending in ("", "-wal")]
    assert any(NOTE.encode() in file.read_bytes() for file in files)
    centre.clock.turn(DAY_MS)
    centre.done(Request(erase_notes))
    centre.assert_on_disk()
    centre.ledger.close()
    sqlite_database.close()
    assert not any(NOTE.encode() in file.read_bytes() for file in files if file.exists())
