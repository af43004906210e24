"""A PostgreSQL server of the run's own, from Debian's binaries: durable like a real one, gone when the run is over."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

import psycopg

INSTALL: Final = "apt-get install -y postgresql"
PLACE: Final = Path("/tmp")
"""A socket's path must be short."""
PREFIX: Final = "motcua-pg-"
OLD_S: Final = 600
START_LIMIT_S: Final = 60.0
SUPERUSER: Final = "motcua"
SETTINGS: Final = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "32MB",
    "max_connections": "60",
}
"""In its file, where a test may change them. Durable: else the tests would prove less than they say."""


class Missing(Exception):
    """The server's programs are not on this machine."""


class PostgreSQL:
    """A running server, reached over a unix socket in `directory`. Ended by its process id, never by name."""

    def __init__(self, directory: Path, process: "subprocess.Popen[bytes]") -> None:
        self.directory = directory
        self.pid = process.pid
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """The address of a database, as the hub's setting has it."""
        return f"postgresql://{SUPERUSER}@/{name}?host={self.directory}"

    def create(self, template: str = "template0") -> str:
        """A fresh database, a copy of `template`; returns its name. Nobody may be connected to the template."""
        name = f"d{os.getpid()}x{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Takes a database away, whoever is still connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """One statement of its own, as the superuser."""
        with self.connect(database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A connection that commits each statement."""
        return psycopg.connect(self.url(database), autocommit=True, connect_timeout=5)


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Makes a cluster, starts the server, and leaves neither behind. Raises `Missing` with what to install."""
    programs = _programs()
    _tidy()
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACE))
    try:
        account = _account()
        if account is not None:
            os.chown(directory, account.pw_uid, account.pw_gid)
        _make_cluster(programs, directory, account)
        process = _start(programs, directory, account)
        try:
            server = PostgreSQL(directory, process)
            _wait_until_ready(server, process)
            yield server
        finally:
            process.send_signal(2)  # "fast shutdown"
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _tidy() -> None:
    """What a run left that was killed: its server has ended with it, its files have not."""
    for directory in PLACE.glob(f"{PREFIX}*"):
        with suppress(OSError):
            old = time.time() - directory.stat().st_mtime > OLD_S
            if old and not (directory / "data/postmaster.pid").exists():
                shutil.rmtree(directory, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise Missing(f"PostgreSQL is not installed; these tests need it: {INSTALL}")
    return found[-1].parent


def _account() -> pwd.struct_passwd | None:
    """Who runs the server: the server refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    known = {account.pw_name: account for account in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as(account: pwd.struct_passwd | None) -> list[str]:
    """Changes the user; the program ends with this process, even when this one is killed."""
    user = [] if account is None else [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return ["setpriv", *user, "--pdeathsig=INT", "--"]


def _make_cluster(programs: Path, directory: Path, account: pwd.struct_passwd | None) -> None:
    options = [f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [*_as(account), str(programs / "initdb"), f"--pgdata={directory / 'data'}", *options]
    made = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60)
    if made.returncode:
        raise RuntimeError(f"initdb: {made.stderr}")
    settings = "\n".join(f"{name} = '{value}'" for name, value in SETTINGS.items())
    with (directory / "data/postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\n{settings}\nunix_socket_directories = '{directory}'\n")


def _start(programs: Path, directory: Path, account: pwd.struct_passwd | None) -> "subprocess.Popen[bytes]":
    command = [*_as(account), str(programs / "postgres"), "-D", str(directory / "data")]
    with (directory / "log").open("wb") as log:
        return subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _wait_until_ready(server: PostgreSQL, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            server.execute("SELECT 1")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(server.directory / 'log').read_text()}") from error
            time.sleep(0.02)
