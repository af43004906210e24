"""Fixtures of the web's tests: a hall on SQLite, its application, browsers."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from hub.contract.names import StaffRole
from tests.hub.web.hall import Browser, Hall


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Hall]:
    """A hub just created: no staff, no set-up."""
    hall = Hall(tmp_path)
    yield hall
    hall.close()


@pytest.fixture
def hall(bare: Hall) -> Hall:
    """A centre with a set-up and one person of each role, named as the role."""
    bare.furnish()
    for role in StaffRole:
        bare.add_staff(role.value, role)
    return bare


@pytest.fixture
def app(hall: Hall) -> FastAPI:
    """The application over the hall."""
    return hall.app()
