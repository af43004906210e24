"""Fixtures for any test: a database of one's own, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.storage.database import Database, sqlite_url
from hub.storage.schema import migrate
from tests.postgresql import Missing, PostgreSQL, running

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The server of this run (of this worker, when there are several): made once, ended with it."""
    try:
        server = running()
        with server as started:
            yield started
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it."""
    path = tmp_path_factory.mktemp("template") / "hub.db"
    _migrated(sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgreSQL) -> str:
    """A PostgreSQL database with the schema and nothing in it."""
    name = postgresql.create()
    _migrated(postgresql.url(name))
    return name


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without even a schema; each test runs on both kinds."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "hub.db")
    else:
        yield from _own(request.getfixturevalue("postgresql"), "template0")


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite file with the schema."""
    return sqlite_url(Path(shutil.copy(sqlite_template, tmp_path / "hub.db")))


@pytest.fixture
def postgresql_database_url(postgresql: PostgreSQL, postgresql_template: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the schema."""
    yield from _own(postgresql, postgresql_template)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the schema; each test runs on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with the schema, opened; each test runs on both kinds."""
    yield from _opened(database_url)


@pytest.fixture
def sqlite_database(sqlite_database_url: str) -> Iterator[Database]:
    """A fresh SQLite database with the schema, opened."""
    yield from _opened(sqlite_database_url)


@pytest.fixture
def postgresql_database(postgresql_database_url: str) -> Iterator[Database]:
    """A fresh PostgreSQL database with the schema, opened."""
    yield from _opened(postgresql_database_url)


def _own(server: PostgreSQL, template: str) -> Iterator[str]:
    name = server.create(template)
    yield server.url(name)
    server.drop(name)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


def _migrated(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
