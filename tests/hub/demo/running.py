"""The demo's program as `make demo` starts it, its processes told apart by number and start."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

from hub.messaging.broker_process import RunningProcess
from tests.rig.centre import free_ports
from tests.rig.running import ROOT, eventually

READY_LIMIT_S: Final = 60.0
END_LIMIT_S: Final = 30.0


class Demo:
    """One directory and two ports; started as often as the test wants. `close()` leaves nothing running."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "demo"
        self.http_port, self.mqtt_port = free_ports(2)
        self._log = directory / "demo.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._said_before = 0
        self.family: list[RunningProcess] = []
        """The program and all that it has started, as far as it was looked for."""
        self.everything: list[RunningProcess] = []
        """The same over all starts."""

    @property
    def described(self) -> dict[str, Any]:
        """What demo.json says."""
        said: dict[str, Any] = json.loads((self.directory / "demo.json").read_text("utf-8"))
        return said

    @property
    def said(self) -> str:
        """All it has said since the last start."""
        return self._log.read_text(errors="replace")[self._said_before :]

    def launch(self, *options: str) -> None:
        """Starts the program; it ends with this one."""
        self._said_before = len(self._log.read_text(errors="replace")) if self._log.exists() else 0
        ports = ["--port", str(self.http_port), "--mqtt-port", str(self.mqtt_port)]
        command = [
            sys.executable,
            "-m",
            "hub",
            "demo",
            "--directory",
            str(self.directory),
            *ports,
            "--headless",
            *options,
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=INT", "--", *command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start(self, *options: str) -> "Demo":
        """Starts it and waits until it is ready, as anybody would: by its pages, and by what it prints then."""
        self.launch(*options)
        assert self._process is not None
        eventually(lambda: self.ended or self._is_ready(), "the demo ready", READY_LIMIT_S, every_s=0.05)
        assert not self.ended, self.said
        self._look_around()
        return self

    @property
    def ended(self) -> bool:
        """Whether the program has ended."""
        return self._process is None or self._process.poll() is not None

    def wait_ended(self) -> int:
        """Its exit status, once it has ended by itself."""
        assert self._process is not None
        return self._process.wait(END_LIMIT_S)

    def interrupt(self) -> int:
        """Ctrl-C; its exit status."""
        assert self._process is not None
        self._look_around()
        self._process.send_signal(signal.SIGINT)
        return self.wait_ended()

    def close(self) -> None:
        """Ends it, and whatever of it is left."""
        if not self.ended:
            self.interrupt()
        for process in self.everything:
            process.send(signal.SIGKILL)

    def member(self, *words: str) -> RunningProcess:
        """The one process of the family whose command line has these words."""
        (found,) = (one for one in self.family if set(words) <= set(one.arguments()))
        return found

    def _look_around(self) -> None:
        assert self._process is not None
        self.family = list(family(self._process.pid))
        self.everything += self.family

    def _is_ready(self) -> bool:
        if "Ctrl-C ends everything." not in self.said:
            return False
        try:
            return httpx.get(f"http://127.0.0.1:{self.http_port}/readyz", trust_env=False).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def demo(directory: Path) -> Iterator[Demo]:
    """A demo that is not started yet, and gone at the end whatever happens."""
    made = Demo(directory)
    try:
        yield made
    finally:
        made.close()


def family(pid: int) -> Iterator[RunningProcess]:
    """A process, its children, and their children."""
    process = RunningProcess.at(pid)
    if process is not None:
        yield process
    for child in _children(pid):
        yield from family(child)


def _children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = status.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue  # gone while we looked
        if int(parent) == pid:
            found.append(int(status.parent.name))
    return found


def wait_gone(processes: list[RunningProcess], limit_s: float = 2.0) -> list[str]:
    """Command lines of those that are still there after a moment."""
    latest = time.monotonic() + limit_s
    return [" ".join(one.arguments()) for one in processes if not one.wait(max(0.0, latest - time.monotonic()))]
