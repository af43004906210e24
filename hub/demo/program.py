"""`motcua-hub demo`: starts a centre with its parts, each a program of its own, and ends what it started."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.table import Table

from hub.demo.place import KIOSK, SPARE, DemoPlace, claim, prepare, throw_away
from hub.errors import Fault
from hub.messaging.broker_configuration import CONFIGURATION_FILE, PID_FILE
from hub.messaging.broker_process import RunningProcess, holder_of

READY_LIMIT_S: Final = 30.0
END_LIMIT_S: Final = 10.0

FIRST_VISITORS: Final = (
    "issue civil-status",
    "issue certification elderly",
    "issue land ordinary en",
    "issue results",
    "stay",
)
"""What the kiosk's script does in a new demo; afterwards it stays, as a kiosk does."""


@dataclass(frozen=True)
class Options:
    """How the demo was asked for."""

    directory: Path
    http_port: int
    mqtt_port: int
    traffic: bool
    speed: float
    reset: bool


def demo(options: Options, stopping: threading.Event) -> None:
    """Runs until `stopping` is set or the hub ends by itself. Raises `Fault` when it cannot start."""
    place = DemoPlace(options.directory.absolute(), options.http_port, options.mqtt_port)
    claim(place)
    _refuse_taken_port(place.http_port)
    if options.reset:
        _end_broker(place)
        throw_away(place)
    described, fresh = prepare(place)
    with _broker_ended(place), _program(_hub("run", "--settings", place.settings_file)) as hub:
        _await_ready(place, hub, stopping)
        with _program(_kiosk(place, fresh)), _crowd(place, options):
            if not stopping.is_set():
                _show(described, place)
            while not stopping.is_set() and hub.poll() is None:
                stopping.wait(0.3)
        if not stopping.is_set():
            raise Fault(f"the hub ended by itself with status {hub.returncode}; its words are above")


def _refuse_taken_port(port: int) -> None:
    """Another program there would answer in the place of our pages, and the demo would seem to be ready."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return
    except OSError as error:
        holder = holder_of(port) or error.strerror
        raise Fault(f"port {port} cannot be used: {holder}; end that program, or choose another DEMO_PORT") from error


@contextmanager
def _broker_ended(place: DemoPlace) -> Iterator[None]:
    """A hub that is told to end ends its broker; one that was killed leaves it behind, for us to end."""
    try:
        yield
    finally:
        _end_broker(place)


def _end_broker(place: DemoPlace) -> None:
    directory = place.directory / "data" / "broker"
    try:
        broker = RunningProcess.at(int((directory / PID_FILE).read_text("utf-8")))
    except (OSError, ValueError):
        return
    if broker is not None and str(directory / CONFIGURATION_FILE) in broker.arguments():
        broker.send(signal.SIGTERM)
        broker.wait(END_LIMIT_S)


def _hub(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "hub", *(str(one) for one in arguments)]


def _kiosk(place: DemoPlace, fresh: bool) -> list[str]:
    script = place.directory / "kiosk-01.script"
    script.write_text("\n".join(FIRST_VISITORS if fresh else ("stay",)) + "\n", "utf-8")
    options = ["--device", place.device(KIOSK), "--slips", place.slips / KIOSK, "--script", script]
    return [sys.executable, "-m", "appliance", *(str(one) for one in options)]


@contextmanager
def _crowd(place: DemoPlace, options: Options) -> Iterator[None]:
    if not options.traffic:
        yield
        return
    with _program(_hub("simulate", "--demo", place.description_file, "--speed", options.speed)):
        yield


@contextmanager
def _program(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the demo, in a session of its own so that Ctrl-C reaches it only through us, ended at the end."""
    started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True)
    try:
        yield started
    finally:
        if started.poll() is None:
            started.send_signal(signal.SIGTERM)
        try:
            started.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def _await_ready(place: DemoPlace, hub: "subprocess.Popen[bytes]", stopping: threading.Event) -> None:
    end = time.monotonic() + READY_LIMIT_S
    with httpx.Client(timeout=2.0, trust_env=False) as web:
        while not stopping.is_set():
            if hub.poll() is not None:
                raise Fault("the hub did not start; its words are above. DEMO_MQTT_PORT chooses its broker's port")
            try:
                if web.get(f"{place.http}/readyz").is_success:
                    return
            except httpx.HTTPError:
                pass
            if time.monotonic() > end:
                raise Fault(f"the hub was not ready within {READY_LIMIT_S:.0f} s")
            stopping.wait(0.1)


def _show(described: dict[str, Any], place: DemoPlace) -> None:
    console = Console()
    where = Table(title="Motcua demo", show_header=False, title_justify="left")
    for what, address in (
        ("Pages, sign in", place.http),
        ("Call board", f"{place.http}/board/{described['boards'][0]['id']}"),
        ("MQTT (mTLS)", f"127.0.0.1:{place.mqtt_port}"),
        ("Slips", str(place.slips)),
        (f"Staff PIN of {KIOSK}", next(one["pin"] for one in described["devices"] if one["id"] == KIOSK)),
        ("All of this", str(place.description_file)),
    ):
        where.add_row(what, address or "-")
    people = Table(title="Sign-ins", title_justify="left")
    for column in ("name", "password", "role", "person"):
        people.add_column(column)
    for one in described["accounts"]:
        people.add_row(one["name"], one["password"], one["role"], one["display_name"])
    console.print(where)
    console.print(people)
    kiosk = Path(sys.executable).with_name("motcua-kiosk")
    console.print(
        f"Take a number by hand:  echo 'issue land' | {kiosk} --device {place.device(SPARE)} "
        f"--slips {place.slips / SPARE} --script -",
        soft_wrap=True,
    )
    console.print("Ctrl-C ends everything.")
