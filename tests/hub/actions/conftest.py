"""A place to act in, over SQLite: that both databases do the same is the storage's promise, and tested there."""

from collections.abc import Iterator

import pytest

from hub.storage.database import Database
from tests.hub.actions.place import Place
from tests.hub.storage.centre import Centre


@pytest.fixture
def place(sqlite_database: Database) -> Iterator[Place]:
    """Set up; on 23 November 2026 at eight in the morning."""
    centre = Centre(sqlite_database)
    yield Place(centre)
    centre.ledger.close()
