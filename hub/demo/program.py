"""`motcua-hub demo`: starts a centre with its parts, each a program of its own, and ends what it started."""

import json
import os
import queue
import shutil
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

from hub.demo.place import BOARD, CROWD, KIOSK, SPARE, DemoPlace, claim, describe_screens, prepare, throw_away
from hub.errors import Fault
from hub.messaging.broker_configuration import CONFIGURATION_FILE, PID_FILE
from hub.messaging.broker_process import RunningProcess, holder_of

READY_LIMIT_S: Final = 30.0
END_LIMIT_S: Final = 10.0

SCREEN_LIMIT_S: Final = 20.0

REFERENCE: Final = (1080, 1920)
DESK: Final = (540, 960)
"""Pixels of the kiosk's screen; a window on a desk is half as large."""

KIOSK_SETTINGS: Final = """# Written by the demo at every start.
[printer]
address = "virtual"

[screen]
width = {width}
height = {height}
"""

BOARD_SETTINGS: Final = """# Written by the demo at every start.
[player]
program = "{program}"
arguments = {arguments}
full_screen = {full_screen}
"""

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
TV: Final = (1280, 720)

FIRST_VISITORS: Final = (
    "issue civil-status",
    "issue certification elderly",
    "issue land ordinary en",
    "issue results",
)
"""Who has come before: an empty hall shows little."""


@dataclass(frozen=True)
class Options:
    """How the demo was asked for."""

    directory: Path
    http_port: int
    mqtt_port: int
    traffic: bool
    speed: float
    reset: bool
    window: bool
    """Whether there is a display for the kiosk's window."""


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
        if fresh and not stopping.is_set():
            _let_first_visitors_come(place)
        screens = (_kiosk(place, options, stopping), _board(place, options, stopping))
        with screens[0] as kiosk, screens[1] as board, _crowd(place, options):
            if not stopping.is_set():
                describe_screens(place, described, kiosk=kiosk, board=board)
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


def _appliance(*options: object) -> list[str]:
    return [sys.executable, "-m", "appliance", *(str(one) for one in options)]


def _let_first_visitors_come(place: DemoPlace) -> None:
    script = place.directory / "visitors.script"
    script.write_text("\n".join(FIRST_VISITORS) + "\n", "utf-8")
    options = ["--device", place.device(CROWD), "--slips", place.slips / CROWD, "--script", script]
    with _program(_appliance(*options)) as visitors:
        try:
            visitors.wait(READY_LIMIT_S)
        except subprocess.TimeoutExpired as late:
            raise Fault("the first visitors got no numbers; the hub's words are above") from late


@contextmanager
def _kiosk(place: DemoPlace, options: Options, stopping: threading.Event) -> Iterator[str]:
    """The kiosk with its screen: in a window where there is a display, and always on a page; the page's address."""
    width, height = DESK if options.window else REFERENCE
    settings = KIOSK_SETTINGS.format(width=width, height=height)
    (place.device(KIOSK) / "kiosk.toml").write_text(settings, "utf-8")
    words = ["--device", place.device(KIOSK), "--slips", place.slips / KIOSK, "--mirror", 0]
    command = _appliance(*words, *([] if options.window else ["--offscreen"]))
    with _program(command, stdout=subprocess.PIPE) as kiosk:
        yield _address_said(kiosk, "mirror", "the kiosk", stopping)


@contextmanager
def _board(place: DemoPlace, options: Options, stopping: threading.Event) -> Iterator[str]:
    """The call board, with its browser if there is one: in a window where there is a display; its page's address."""
    browser = next(filter(shutil.which, BROWSERS), None)
    arguments = [f"--window-size={TV[0]},{TV[1]}", *([] if options.window else ["--headless=new"])]
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []  # a browser of root's has none
    settings = {"program": browser or BROWSERS[0], "arguments": json.dumps(arguments), "full_screen": "false"}
    (place.device(BOARD) / "board.toml").write_text(BOARD_SETTINGS.format_map(settings), "utf-8")
    alone = [] if browser else ["--no-player"]
    command = [sys.executable, "-m", "display_board", "--device", str(place.device(BOARD)), *alone]
    with _program(command, stdout=subprocess.PIPE) as board:
        yield _address_said(board, "page", "the call board", stopping)


def _address_said(program: "subprocess.Popen[bytes]", name: str, who: str, stopping: threading.Event) -> str:
    """Where a program says its screen can be seen; all that it says later is passed on."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in program.stdout or ():
            address = _address_in(line, name)
            if address:
                said.put(address)
            else:
                sys.stderr.buffer.write(line)

    threading.Thread(target=listen, name=f"{who}'s words", daemon=True).start()
    end = time.monotonic() + SCREEN_LIMIT_S
    while not stopping.is_set():
        try:
            return said.get(timeout=0.1)
        except queue.Empty:
            if program.poll() is not None or time.monotonic() > end:
                raise Fault(f"{who} did not start; its words are above") from None
    return ""


def _address_in(line: bytes, name: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return ""
    return str(said.get(name, "")) if isinstance(said, dict) else ""


@contextmanager
def _crowd(place: DemoPlace, options: Options) -> Iterator[None]:
    if not options.traffic:
        yield
        return
    with _program(_hub("simulate", "--demo", place.description_file, "--speed", options.speed)):
        yield


@contextmanager
def _program(command: list[str], stdout: Any = None) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the demo, in a session of its own so that Ctrl-C reaches it only through us, ended at the end."""
    heard = sys.stderr if stdout is None else stdout
    started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=heard, start_new_session=True)
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
    where.add_column()
    where.add_column(overflow="fold")
    for what, address in (
        ("Pages, sign in", place.http),
        ("The kiosk's screen", described["kiosk"]),
        ("The call board's screen", described["board"]),
        ("Call board, for any TV", f"{place.http}/board/{described['boards'][0]['id']}"),
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
