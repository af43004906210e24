"""Fixtures of the web's tests: a hall on SQLite, its application, browsers."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from hub.contract.names import StaffRole
from tests.hub.web.browsing import chromium
from tests.hub.web.hall import Browser, Browsers, Hall, signed_in


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


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio."""
    return "asyncio"


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browsers]:
    """Makes browsers over the application; all are closed at the end."""
    made: list[Browser] = []

    def make(**options: str) -> Browser:
        made.append(Browser(app, **options))
        return made[-1]

    yield make
    for one in made:
        await one.http.aclose()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chromium]:
    """A real browser, for all tests of a file."""
    expect.set_options(timeout=30_000)
    with chromium() as one:
        yield one


@pytest.fixture
async def officer(browser: Browsers) -> Browser:
    """An officer's browser, signed in."""
    return await signed_in(browser, "officer")


@pytest.fixture
async def administrator(browser: Browsers) -> Browser:
    """An administrator's browser, signed in."""
    return await signed_in(browser, "administrator")
