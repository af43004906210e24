"""The program `motcua-kiosk`: the kiosk in the hall; in this version its visitors come from a script."""

import os
import select
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

import orjson
import structlog
import typer

from appliance.errors import ApplianceFault
from appliance.fonts import font_path
from appliance.naming import Names
from appliance.script import ALLOWED, Step, parse
from appliance.scripted import Line, ScriptedKiosk
from hardware.printer.virtual import VirtualPrinter
from hub.client.device_file import DeviceFile, load
from hub.client.errors import LinkFault
from hub.client.link import HubLink
from hub.contract.names import DeviceRole
from hub.contract.version import __version__

LOOK_EVERY_S: Final = 0.25
NO_SCREEN: Final = (
    "The touch screen is not part of this version yet; "
    f"give motcua-kiosk a script instead, --script FILE or --script - with lines of: {ALLOWED}."
)

app = typer.Typer(add_completion=False)


def main() -> None:
    """Run the command line."""
    app()


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"motcua-kiosk {__version__}")
        raise typer.Exit


@app.command()
def kiosk(
    device: Annotated[Path | None, typer.Option(help="The device's directory, with device.toml.")] = None,
    slips: Annotated[Path | None, typer.Option(help="Where slips go; DEVICE/slips if not given.")] = None,
    script: Annotated[str | None, typer.Option(help=f"A file, or - for standard input: {ALLOWED}.")] = None,
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """The kiosk. Prints one line of JSON for each ticket; SIGTERM and Ctrl-C end it cleanly."""
    if script is None:
        raise _refused(NO_SCREEN)
    if device is None:
        raise _refused("--device is missing: the directory of the device that `motcua-hub device add` has written.")
    stopping = _told_to_stop()
    try:
        steps = parse(_lines_of_input(stopping)) if script == "-" else _steps_of(Path(script))
        font_path(700)  # before a visitor comes, not when paper should move
        _run(load(device), slips or device / "slips", steps, stopping)
    except (ApplianceFault, LinkFault) as problem:
        raise _refused(str(problem)) from problem


def _run(device: DeviceFile, slips: Path, steps: Iterable[Step], stopping: threading.Event) -> None:
    if device.role is not DeviceRole.KIOSK:
        raise ApplianceFault(f"{device.device} is enrolled as a {device.role.value}, not as a kiosk")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    names = Names()
    link = HubLink(device.address, device.device, device.role)
    names.follow(link)
    with link:
        ScriptedKiosk(link, VirtualPrinter(slips), names, tell=_tell, stopping=stopping).run(steps)


def _tell(line: Line) -> None:
    typer.echo(orjson.dumps(line).decode())


def _refused(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)


def _told_to_stop() -> threading.Event:
    """Set by SIGTERM and Ctrl-C."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def _steps_of(file: Path) -> list[Step]:
    """The whole script, understood before the first visitor comes."""
    try:
        return list(parse(file.read_text("utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as problem:
        raise ApplianceFault(f"the script {file} cannot be read: {problem}") from problem


def _lines_of_input(stopping: threading.Event) -> Iterator[str]:
    """Lines of standard input as they come. It looks up now and then, for a read would sleep through a signal."""
    text = b""
    while not stopping.is_set():
        if not select.select([0], [], [], LOOK_EVERY_S)[0]:
            continue
        piece = os.read(0, 65_536)
        *lines, text = (text + piece).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)
        if not piece:
            yield text.decode("utf-8", "replace")
            return


if __name__ == "__main__":
    main()
