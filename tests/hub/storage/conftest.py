"""A centre over each kind of database."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from hub.storage.database import Database
from tests.hub.storage.centre import Centre


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What the hub would have logged."""
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def centre(database: Database) -> Iterator[Centre]:
    """Set up, on 23 November 2026 at eight in the morning; nobody has come yet."""
    opened = Centre(database)
    yield opened
    opened.ledger.close()
