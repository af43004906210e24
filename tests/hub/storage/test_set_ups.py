"""The set-up by version: the highest is in force, every letter of it."""

from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.storage.database import Database
from hub.storage.set_ups import load_set_up, save_set_up
from tests.hub.queueing.hall import SET_UP


def test_a_new_database_has_none(database: Database) -> None:
    """Not an empty one: none."""
    with database.reading() as connection:
        assert load_set_up(connection) is None


def test_what_was_saved_is_loaded(database: Database) -> None:
    """Classes under their name on the wire, texts in every language, what is empty and what is not given."""
    document = SET_UP.model_dump() | {
        "notice": {"vi": 'Nghỉ trưa 11:30–13:30 "đúng giờ"', "en": "Lunch"},
        "boards": [{"id": "hall", "name": {"vi": "Sảnh"}, "counters": ["c1"]}],
        "playlist_version": 3,
    }
    saved = SetUp.model_validate(document)
    with database.engine.connect() as connection, connection.begin():
        save_set_up(connection, 1, Instant(1_795_395_600_000), saved)
        assert load_set_up(connection) == (1, saved)


def test_the_highest_version_is_in_force(database: Database) -> None:
    """By number, whatever was written last."""
    with database.engine.connect() as connection, connection.begin():
        for version in (9, 10, 2):
            save_set_up(connection, version, Instant(version), SetUp(name={"en": f"version {version}"}))
        assert load_set_up(connection) == (10, SetUp(name={"en": "version 10"}))
