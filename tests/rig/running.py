"""A hub in a process of its own: started, waited for, killed, started again, and always ended with its broker."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from hub.messaging.broker_configuration import PID_FILE
from hub.messaging.broker_process import RunningProcess
from tests.rig.centre import Centre

ROOT: Final = Path(__file__).parents[2]
READY_LIMIT_S: Final = 60.0
END_LIMIT_S: Final = 30.0
LOOK_EVERY_S: Final = 0.003
HUB: Final = ("-m", "hub")

GUARD: Final = 'read _; pid=$(cat "$1") && grep -qaF "$2" "/proc/$pid/cmdline" && kill "$pid"'
"""Ends the broker of a pid file when its input ends: with the test, even one that is killed."""

Event = dict[str, Any]


def eventually(
    condition: Callable[[], object], what: str, limit_s: float = 30.0, every_s: float = LOOK_EVERY_S
) -> None:
    """Waits until `condition` holds; fails with `what` when it does not in time."""
    latest = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < latest, f"not within {limit_s} s: {what}"
        time.sleep(every_s)


class RunningHub:
    """The hub of `centre`, run by `program` (Python's arguments before `run`). `close()` leaves nothing behind."""

    def __init__(
        self, centre: Centre, program: Sequence[str] = HUB, environment: Mapping[str, str] | None = None
    ) -> None:
        self.centre = centre
        given = [f"{name}={value}" for name, value in (environment or {}).items()]
        self._command = ["env", *given, sys.executable, *program, "run", "--settings", str(centre.settings_file)]
        self._log = centre.directory / "hub.log"
        self._log.touch()
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    @property
    def pid(self) -> int:
        """The process as it runs now."""
        assert self._process is not None
        return self._process.pid

    def launch(self) -> None:
        """Starts the process. It ends with this one, even when this one is killed."""
        self._watch_broker()
        self._said_before = self._log.stat().st_size
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "--", *self._command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_ready(self) -> None:
        """Returns when the hub has said that it is ready; fails with its log when it ends or takes too long."""
        eventually(lambda: self.has_ended() or b'"hub-ready"' in self._said(), "the hub ready", READY_LIMIT_S)
        assert not self.has_ended(), f"the hub has ended:\n{self._said().decode(errors='replace')}"

    def start(self) -> "RunningHub":
        """Starts and waits until ready."""
        self.launch()
        self.wait_ready()
        return self

    def kill(self) -> None:
        """SIGKILL, and the process is gone when this returns."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(END_LIMIT_S)

    def stop(self) -> int:
        """Tells it to stop and returns its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(END_LIMIT_S)

    def wait_ended(self, limit_s: float = END_LIMIT_S) -> int:
        """Its exit status, once it has ended by itself."""
        assert self._process is not None
        return self._process.wait(limit_s)

    def log(self) -> str:
        """All it has said, over all its lives."""
        return self._log.read_text(errors="replace")

    def events(self, *names: str) -> list[Event]:
        """What it has said, line by line; with `names`, those events only."""
        found = [event for line in self.log().splitlines() if (event := _event(line)) is not None]
        return [event for event in found if not names or event.get("event") in names]

    def complaints(self) -> list[str]:
        """What it has said of things it did not foresee, and whatever is no line of its log."""
        lines = [line for line in self.log().splitlines() if line.strip()]
        told = [(line, _event(line)) for line in lines]
        return [line for line, event in told if event is None or event.get("level") in ("error", "critical")]

    def close(self) -> None:
        """Ends the hub and the broker it runs, by their process ids."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(END_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        end_broker(self.centre)
        if self._guard is not None:
            self._guard.communicate(timeout=END_LIMIT_S)

    def _watch_broker(self) -> None:
        """The hub's broker outlives the hub; it must not outlive the test."""
        if self._guard is None:
            folder = self.centre.settings.data.directory / "broker"
            command = ["sh", "-c", GUARD, "guard", str(folder / PID_FILE), str(folder)]
            quiet = subprocess.DEVNULL
            self._guard = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)

    def _said(self) -> bytes:
        with self._log.open("rb") as log:
            log.seek(self._said_before)
            return log.read()

    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process is None or self._process.poll() is not None


@contextmanager
def running(centre: Centre, program: Sequence[str] = HUB, **environment: str) -> Iterator[RunningHub]:
    """A hub that is ready, and gone at the end whatever happens."""
    hub = RunningHub(centre, program, environment)
    try:
        yield hub.start()
    finally:
        hub.close()


def broker_of(centre: Centre) -> RunningProcess | None:
    """The broker that this centre's hub started, told by its command line."""
    directory = centre.settings.data.directory / "broker"
    try:
        process = RunningProcess.at(int((directory / PID_FILE).read_text()))
    except (OSError, ValueError):
        return None
    return process if process is not None and str(directory) in " ".join(process.arguments()) else None


def end_broker(centre: Centre) -> None:
    """Ends a broker that a killed hub has left behind."""
    broker = broker_of(centre)
    if broker is None:
        return
    broker.send(signal.SIGTERM)
    if not broker.wait(END_LIMIT_S):
        broker.send(signal.SIGKILL)
        assert broker.wait(END_LIMIT_S), f"the broker (process {broker.pid}) does not end"


def tool(centre: Centre, *arguments: str, limit_s: float = 60.0) -> "subprocess.CompletedProcess[str]":
    """Runs `motcua-hub …` on the centre."""
    command = [sys.executable, *HUB, *arguments, "--settings", str(centre.settings_file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=limit_s)


def _event(line: str) -> Event | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
