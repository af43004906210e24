"""`motcua-hub`: runs the hub, and the tools around it."""

import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.contract.names import ID_PATTERN, DeviceRole, StaffRole
from hub.contract.refusals import Refusal
from hub.contract.version import __version__
from hub.errors import Fault
from hub.settings import Settings, default_text, load_here

FAULT: Final = 1
FAILED: Final = 70
"""Exit status of a hub that could not go on: its supervisor shall start it again."""

app = typer.Typer(help="The hub of a Motcua centre.", no_args_is_help=True, add_completion=False)
centre = typer.Typer(help="The centre's set-up: services, counters, boards.", no_args_is_help=True)
device = typer.Typer(help="Kiosks, boards and rating pads.", no_args_is_help=True)
staff = typer.Typer(help="People who sign in.", no_args_is_help=True)
for name, group in (("centre", centre), ("device", device), ("staff", staff)):
    app.add_typer(group, name=name)

SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="Settings file; else MOTCUA_SETTINGS, else ./hub.toml.")
]


def _an_id(name: str) -> str:
    if not re.fullmatch(ID_PATTERN, name):
        raise typer.BadParameter('an id has 1 to 32 of a-z, 0-9 and "-"')
    return name


@contextmanager
def _explained(subject: str = "") -> Iterator[None]:
    """A fault or a refusal ends a command with its words, never with a stack trace. `subject`: what is refused."""
    try:
        yield
    except Fault as fault:
        sys.stderr.write(f"motcua-hub: {fault}\n")
        raise typer.Exit(FAULT) from fault
    except Refusal as refusal:
        about = f"{subject}: " if subject else ""
        sys.stderr.write(f"motcua-hub: {about}{refusal.code}: {refusal.message['en']}\n")
        raise typer.Exit(FAULT) from refusal


def _settings(path: Path | None) -> Settings:
    settings = load_here(path)
    from hub.logs import set_up_logs

    set_up_logs(settings.log)
    return settings


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False) -> None:
    if version:
        sys.stdout.write(f"motcua-hub {__version__}\n")
        raise typer.Exit


@app.command()
def run(settings_file: SettingsFile = None) -> None:
    """Run the hub until it is told to stop (SIGTERM, Ctrl-C)."""
    with _explained():
        gc.disable()  # nothing that is made while starting is rubbish: looking for it costs a fifth of the time
        from hub.bootstrap import Hub

        hub = Hub(_settings(settings_file))
        told = _stop_when_told()
        try:
            hub.start()
            gc.freeze()
            gc.enable()
            _wait(told, hub.failed)
        finally:
            hub.stop(leave_broker=hub.failed.is_set())
        if hub.failed.is_set():
            os._exit(FAILED)


def _wait(*events: threading.Event) -> None:
    """Returns when one of `events` is set, the first of them at once. Signals arrive on this thread only while it is
    awake.
    """
    while not any(event.is_set() for event in events):
        events[0].wait(0.5)


@app.command()
def settings(settings_file: SettingsFile = None) -> None:
    """Print the commented default settings; with --settings, check that file instead."""
    with _explained():
        if settings_file is None:
            sys.stdout.write(default_text())
            return
        load_here(settings_file)
        sys.stdout.write(f"{settings_file}: in order\n")


@app.command()
def check(settings_file: SettingsFile = None) -> None:
    """Read all that is kept and say whether it holds together: chain, numbers, counters. Exit status 1 if not."""
    with _explained():
        from hub.standing import open_database
        from hub.storage.check import examine

        database = open_database(_settings(settings_file))
        found = examine(database)
        database.close()
    for problem in found:
        sys.stdout.write(f"PROBLEM: {problem}\n")
    sys.stdout.write(f"{database.place}: {len(found)} problems\n" if found else f"{database.place}: all is well\n")
    if found:
        raise typer.Exit(FAULT)


@app.command()
def backup(
    directory: Annotated[Path | None, typer.Argument(help="Where to; else as the settings say.")] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Write and verify a back-up now, whether the hub runs or not."""
    with _explained():
        from hub.standing import open_database, wall_clock
        from hub.storage.backup import back_up

        settings = _settings(settings_file)
        where = directory or settings.backup.directory or settings.data.directory / "backups"
        database = open_database(settings)
        try:
            made = back_up(database, where, wall_clock(), keep=settings.backup.keep)
        finally:
            database.close()
        sys.stdout.write(f"{made.path}: verified, {made.tickets} tickets, last entry {made.entry}\n")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The back-up.")],
    settings_file: SettingsFile = None,
    replace: Annotated[bool, typer.Option(help="Put a present SQLite database aside first.")] = False,
) -> None:
    """Fill the database from a back-up. The hub must stand still. Today's numbers jump to the next hundred."""
    with _explained():
        from hub.queueing.days import day_of
        from hub.standing import open_database, wall_clock
        from hub.storage.backup import put_aside, verify
        from hub.storage.backup import restore as fill
        from hub.storage.lock import DataLock

        settings = _settings(settings_file)
        now = wall_clock()
        with DataLock(settings.data.directory):
            if replace and not settings.database.url.get_secret_value():
                verify(file)  # before anything is touched
                aside = put_aside(settings.data.directory / "hub.db", now)
                if aside is not None:
                    sys.stdout.write(f"the present database was put aside: {aside}\n")
            database = open_database(settings)
            try:
                made = fill(file, database, now, day_of(now, settings.centre.zone))
            finally:
                database.close()
        sys.stdout.write(f"{database.place}: restored, {made.tickets} tickets, last entry {made.entry}\n")


@centre.command("import")
def import_centre(file: Annotated[Path, typer.Argument()], settings_file: SettingsFile = None) -> None:
    """Put a set-up file (TOML or JSON) in force."""
    with _explained(str(file)):
        from hub.tools import read_set_up, tools

        set_up = read_set_up(file)
        with tools(_settings(settings_file)) as hub:
            version = hub.apply_set_up(set_up)
        sys.stdout.write(f"{file}: in force as version {version}\n")


@centre.command("export")
def export_centre(settings_file: SettingsFile = None) -> None:
    """Print the set-up in force, as JSON."""
    with _explained():
        from hub.tools import tools

        with tools(_settings(settings_file)) as hub:
            sys.stdout.write(hub.set_up().model_dump_json(indent=2) + "\n")


@device.command("add")
def add_device(
    name: Annotated[str, typer.Argument(help="Id of the device, such as kiosk-01.", callback=_an_id)],
    role: Annotated[DeviceRole, typer.Option()],
    folder: Annotated[Path, typer.Option(help="Where its certificate, key and device.toml go.")],
    board: Annotated[list[str] | None, typer.Option(help="Boards of this device; may be repeated.")] = None,
    counter: Annotated[str | None, typer.Option(help="Counter of a rating pad.")] = None,
    kiosk_number: Annotated[int | None, typer.Option(min=1, max=99)] = None,
    settings_file: SettingsFile = None,
) -> None:
    """Issue a certificate; a known device gets a new one and its old one is revoked. Works while the hub runs.

    A kiosk's PIN for the staff menu is shown, this once.
    """
    with _explained(name):
        from hub.fleet.devices import write_folder
        from hub.tools import check_places, make_folder, tools

        with tools(_settings(settings_file)) as hub:
            check_places(hub.set_up(), board or [], counter)
            make_folder(folder)
            made = hub.add_device(name, role, boards=tuple(board or ()), counter=counter, kiosk_number=kiosk_number)
        write_folder(made.files, folder)
        sys.stdout.write(f"{name}: certificate and device.toml are in {folder}\n")
        if made.pin is not None:
            _tell_pin(name, made.pin)


@device.command("pin")
def change_pin(name: Annotated[str, typer.Argument(callback=_an_id)], settings_file: SettingsFile = None) -> None:
    """Give a kiosk's staff menu a new PIN, and show it: this once."""
    with _explained(name):
        from hub.tools import tools

        with tools(_settings(settings_file)) as hub:
            _tell_pin(name, hub.change_pin(name))


@device.command("remove")
def remove_device(name: Annotated[str, typer.Argument(callback=_an_id)], settings_file: SettingsFile = None) -> None:
    """Take a device's rights away at once, and revoke its certificate."""
    with _explained(name):
        from hub.tools import tools

        with tools(_settings(settings_file)) as hub:
            hub.remove_device(name)
        sys.stdout.write(f"{name}: removed\n")


@device.command("list")
def list_devices(settings_file: SettingsFile = None) -> None:
    """Print every device."""
    with _explained():
        from hub.tools import devices

        for one in devices(_settings(settings_file)):
            parts = (one.id, one.role, " ".join(one.boards) or one.counter or "")
            sys.stdout.write("\t".join(parts) + "\n")


@staff.command("list")
def list_staff(settings_file: SettingsFile = None) -> None:
    """Print everybody who may sign in."""
    with _explained():
        from hub.tools import people

        for one in people(_settings(settings_file)):
            sys.stdout.write(f"{one.name}\t{one.role}\t{one.display_name}\n")


@staff.command("remove")
def remove_staff(name: str, settings_file: SettingsFile = None) -> None:
    """Take a person out, with all sessions."""
    with _explained(name):
        from hub.tools import person, tools

        settings = _settings(settings_file)
        found = person(settings, name)
        with tools(settings) as hub:
            hub.remove_staff(found.id)
        sys.stdout.write(f"{name}: may sign in no longer\n")


@staff.command("password")
def set_password(name: str, settings_file: SettingsFile = None) -> None:
    """Set a person's password anew: it is asked for, or read from standard input. All of the sessions end."""
    with _explained(name):
        from hub.tools import person, tools

        settings = _settings(settings_file)
        found = person(settings, name)
        password = _ask_password()
        with tools(settings) as hub:
            hub.set_password(found.id, password)
        sys.stdout.write(f"{name}: has a new password\n")


@app.command("confirm-date")
def confirm_date(settings_file: SettingsFile = None) -> None:
    """Say that this machine's clock is right, though it lies before the last entry."""
    with _explained():
        from hub.tools import tools

        with tools(_settings(settings_file)) as hub:
            hub.confirm_date()
        sys.stdout.write("the date is confirmed\n")


@staff.command("add")
def add_staff(
    name: Annotated[str, typer.Argument(help="Sign-in name.")],
    role: Annotated[StaffRole, typer.Option()],
    display_name: Annotated[str, typer.Option(help="As people see it.")] = "",
    settings_file: SettingsFile = None,
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    with _explained(name):
        from hub.tools import tools

        password = _ask_password()
        with tools(_settings(settings_file)) as hub:
            hub.add_staff(name, display_name or name, role, password)
        sys.stdout.write(f"{name}: may sign in as {role}\n")


@app.command()
def demo(
    directory: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("var/demo"),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the pages.")] = 8080,
    mqtt_port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the broker.")] = 8883,
    headless: Annotated[bool, typer.Option(help="Open no window.")] = False,
    traffic: Annotated[bool, typer.Option(help="Let simulated visitors come.")] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=1000, help="How fast simulated time passes.")] = 10,
    reset: Annotated[bool, typer.Option(help="Throw the demo's data away first.")] = False,
) -> None:
    """Run a whole centre on this machine: hub, broker, a kiosk with a virtual printer, a seeded set-up."""
    with _explained():
        from hub.demo.program import Options
        from hub.demo.program import demo as run_demo

        run_demo(Options(directory, port, mqtt_port, traffic, speed, reset, window=not headless), _stop_when_told())


@app.command()
def simulate(
    place: Annotated[Path, typer.Option("--demo", help="The demo.json of a running centre.")] = Path(
        "var/demo/demo.json"
    ),
    speed: Annotated[float, typer.Option(min=0.1, max=1000, help="Simulated seconds in one real second.")] = 10,
    minutes: Annotated[float | None, typer.Option(min=0, help="Simulated minutes; else until told to stop.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed sends the same visitors.")] = 1,
) -> None:
    """Send simulated visitors and officers to a running centre, through the same doors as real ones."""
    from hub.logs import set_up_logs
    from hub.settings import Log
    from hub.simulation.crowd import simulate as send
    from hub.simulation.place import PlaceUnusable, read_place

    set_up_logs(Log(level="warning"))
    try:
        centre = read_place(place)
    except PlaceUnusable as unusable:
        sys.stderr.write(f"motcua-hub: {unusable}\n")
        raise typer.Exit(FAULT) from unusable
    told = _stop_when_told()
    send(centre, speed=speed, minutes=minutes, seed=seed, stopping=told, say=_say)


def _tell_pin(name: str, pin: str) -> None:
    sys.stdout.write(f"{name}: the PIN of its staff menu is {pin}; it is not shown again\n")


def _ask_password() -> str:
    """Asked for twice at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    return sys.stdin.readline().rstrip("\n")


def _say(words: str) -> None:
    sys.stderr.write(words + "\n")


def _stop_when_told() -> threading.Event:
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    return told


def main() -> None:
    """The program. What it writes is for its own user's eyes."""
    os.umask(0o077)
    app()


if __name__ == "__main__":
    main()
