"""The supervisor hears of the screen only while the screen draws."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from appliance.watchdog import Supervision, Watchdog
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, ScriptedHub, SecureBroker, until

ROOT = Path(__file__).parents[2]
EVERY_S = 0.4
FROZEN_ON_COMMAND = """
import sys, threading
from appliance import blind
from appliance.__main__ import main

frozen, thawed = threading.Event(), threading.Event()
take = blind._event

def event(words, serial):
    if words == ["freeze"]:
        frozen.set()
    elif words == ["thaw"]:
        thawed.set()
    else:
        return take(words, serial)

blind._event = event
run = blind.Blind.run

def run_until_frozen(self, tick):
    def tick_or_freeze():
        tick()
        if frozen.is_set():
            thawed.wait()
    run(self, tick_or_freeze)

blind.Blind.run = run_until_frozen
sys.exit(main())
"""
"""The program with one thing more: its screen's thread stands still on command. All others go on."""


class Supervisor:
    """Listens as systemd does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.settimeout(0.05)
        self.heard: list[str] = []

    def listen(self) -> list[str]:
        """All that was said so far."""
        while True:
            try:
                self.heard.append(self._socket.recv(4096).decode())
            except TimeoutError:
                return self.heard

    def pings(self, seconds: float) -> int:
        """How often it hears of the screen in so long."""
        before = len(self.listen())
        self._socket.settimeout(seconds)
        try:
            end = self._socket.recv(4096).decode()
            self.heard.append(end)
        except TimeoutError:
            return 0
        finally:
            self._socket.settimeout(0.05)
        return len(self.listen()) - before

    def close(self) -> None:
        """Listens no more."""
        self._socket.close()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """One for each test."""
    listening = Supervisor(tmp_path)
    yield listening
    listening.close()


def test_it_says_ready_at_the_first_beat_and_then_twice_as_often_as_asked(supervisor: Supervisor) -> None:
    """And at the end that it ends."""
    now = 0.0
    watchdog = Watchdog(Supervision(str(supervisor.path), 10.0), now=lambda: now)
    for _ in range(31 * 30):
        watchdog.beat()
        now += 1 / 30
    watchdog.ending()
    watchdog.ending()
    assert supervisor.listen() == ["READY=1", *["WATCHDOG=1"] * 7, "STOPPING=1"]


def test_without_a_watchdog_it_only_says_ready(supervisor: Supervisor) -> None:
    """A supervisor that waits for the start, and no more."""
    watchdog = Watchdog(Supervision(str(supervisor.path)))
    for _ in range(100):
        watchdog.beat()
    watchdog.ending()
    assert supervisor.listen() == ["READY=1", "STOPPING=1"]


def test_a_supervisor_that_does_not_read_stops_no_screen(tmp_path: Path) -> None:
    """Nor one that is not there, nor none at all."""
    deaf = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    deaf.bind(str(tmp_path / "deaf"))
    for address in (str(tmp_path / "deaf"), str(tmp_path / "none"), "", "@motcua-nobody"):
        watchdog = Watchdog(Supervision(address, 1e-6))
        for _ in range(3_000):
            watchdog.beat()
        watchdog.ending()
    deaf.close()


@contextmanager
def supervised(folder: Path, supervisor: Supervisor) -> Iterator["subprocess.Popen[str]"]:
    """The real program in a process of its own, whose screen can be frozen."""
    with SecureBroker(folder) as broker, ScriptedHub(broker.port):
        device = broker.enrol(DEVICE, DeviceRole.KIOSK, folder / "device")
        program = [sys.executable, "-W", "error", "-c", FROZEN_ON_COMMAND, "--blind", "--device", device]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "NOTIFY_SOCKET": str(supervisor.path),
            "WATCHDOG_USEC": str(int(EVERY_S * 1e6)),
        }
        pipe = subprocess.PIPE
        with subprocess.Popen(
            [*program, "--slips", folder / "slips"], env=environment, stdin=pipe, stdout=pipe, text=True
        ) as kiosk:
            try:
                yield kiosk
            finally:
                kiosk.kill()


def say(kiosk: "subprocess.Popen[str]", word: str) -> None:
    """A line of standard input."""
    assert kiosk.stdin is not None
    kiosk.stdin.write(f"{word}\n")
    kiosk.stdin.flush()


def test_a_frozen_screen_starves_its_watchdog(tmp_path: Path, supervisor: Supervisor) -> None:
    """While it works the pings go; they stop with its thread, whatever else still runs, and with nothing else."""
    with supervised(tmp_path, supervisor) as kiosk:
        until(lambda: supervisor.listen()[:1] == ["READY=1"], "the kiosk ready", 3 * LIMIT_S)
        until(lambda: supervisor.pings(EVERY_S) > 0, "a ping")
        assert all(supervisor.pings(4 * EVERY_S) > 0 for _ in range(4))
        say(kiosk, "freeze")
        until(lambda: supervisor.pings(2 * EVERY_S) == 0, "no more pings")
        assert supervisor.pings(4 * EVERY_S) == 0
        assert kiosk.poll() is None
        say(kiosk, "thaw")
        until(lambda: supervisor.pings(2 * EVERY_S) > 0, "a ping again")
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.wait(LIMIT_S) == 0
        assert supervisor.listen()[-1] == "STOPPING=1"
