"""A demo of the test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.demo.running import Demo, demo


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory with a short path, for the sake of unix sockets."""
    made = Path(tempfile.mkdtemp(prefix="motcua-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def own(directory: Path) -> Iterator[Demo]:
    """A demo that is not started yet."""
    with demo(directory) as made:
        yield made
