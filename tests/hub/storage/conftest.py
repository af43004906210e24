"""A centre over each kind of database."""

from collections.abc import Iterator

import pytest

from hub.storage.database import Database
from tests.hub.storage.centre import Centre


@pytest.fixture
def centre(database: Database) -> Iterator[Centre]:
    """Set up, on 23 November 2026 at eight in the morning; nobody has come yet."""
    opened = Centre(database)
    yield opened
    opened.ledger.close()
