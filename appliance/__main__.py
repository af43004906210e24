"""The program `motcua-kiosk`: the kiosk in the hall, on its touch screen, without one, or with a script of visitors.

Its first screen is there as soon as a window can be: what is not needed for that is loaded when it is needed.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from appliance.errors import ApplianceFault
from hub.client.errors import LinkFault
from hub.contract.version import __version__
from hub.errors import SettingsFault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from appliance.bootstrap import ScreenOf
    from appliance.script import Step

NAME: Final = "motcua-kiosk"
HIGHEST_PORT: Final = 65_535
NO_DEVICE: Final = "--device is missing: the directory of the device that `motcua-hub device add` has written."


@dataclass(frozen=True)
class Options:
    """How the program was asked for."""

    device: Path
    settings: Path | None
    slips: Path | None
    mirror: int | None
    blind: bool
    offscreen: bool
    script: str | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the kiosk until it is told to end; returns the exit status."""
    try:
        options = _options(arguments)
        if options.script is not None:
            _run_script(options, options.script)
        else:
            _run(options)
    except (ApplianceFault, LinkFault, SettingsFault) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        NAME,
        description="The kiosk. SIGTERM and Ctrl-C end it cleanly; what it says on standard output is JSON, by lines.",
    )
    add = parser.add_argument
    add("--device", type=Path, help="the device's directory, with device.toml")
    add("--settings", type=Path, help="what is plugged in; DEVICE/kiosk.toml if not given")
    add("--slips", type=Path, help="print into this directory, whatever printer is set")
    add("--mirror", type=_port, metavar="PORT", help="show the screen on a page of this machine; 0: at any port")
    add("--blind", action="store_true", help="no window: presses are lines of standard input, screens are lines too")
    add("--offscreen", action="store_true", help="draw without a display: for the mirror, and for trying things out")
    add("--script", help="no screen: visitors come from a file, or with - from standard input")
    add("--version", action="version", version=f"{NAME} {__version__}")
    asked = parser.parse_args(arguments)
    if asked.device is None:
        raise ApplianceFault(NO_DEVICE)
    return Options(**vars(asked))


def _port(word: str) -> int:
    port = int(word)
    if not 0 <= port <= HIGHEST_PORT:
        raise ValueError
    return port


def _run(options: Options) -> None:
    gc.disable()  # nothing that is loaded for the first screen is garbage; the program allows it again after that
    from appliance.bootstrap import KioskProgram, Plan

    stopping = threading.Event()
    screen_of = _blind(stopping) if options.blind else _window(options)
    plan = Plan(
        options.device,
        screen_of,
        options.settings,
        slips=options.slips,
        mirror=options.mirror,
        tell=_tell,
        log_from=_log_from,
    )
    program = KioskProgram(plan)
    _when_told_to_stop(stopping.set, program.stop)
    program.run()


def _log_from(level: str) -> None:
    from hub.client.logs import set_up_logs

    set_up_logs(level)


def _window(options: Options) -> ScreenOf:
    from appliance.presenter.screen import Presenter
    from appliance.screen_size import file_beside, size_set
    from appliance.texts import LANGUAGES, load_texts
    from appliance.ui.window import KioskWindow

    presenter = Presenter({language: load_texts(language) for language in LANGUAGES})
    size = size_set(options.settings or file_beside(options.device))
    return lambda post, slips, now: KioskWindow(post, slips, now, presenter, size=size, offscreen=options.offscreen)


def _blind(stopping: threading.Event) -> ScreenOf:
    from appliance.blind import Blind
    from appliance.standard_input import lines_of_input

    return lambda post, _slips, _now: Blind(post, tell=_tell, lines=lines_of_input(stopping))


def _run_script(options: Options, script: str) -> None:
    from appliance.bootstrap import enrolled
    from appliance.fonts import font_path
    from appliance.hands.printing import SlipPrinter
    from appliance.naming import Names
    from appliance.script import parse
    from appliance.scripted import ScriptedKiosk
    from appliance.standard_input import lines_of_input
    from hardware.printer.virtual import VirtualPrinter
    from hub.client.link import HubLink

    stopping = threading.Event()
    _when_told_to_stop(stopping.set)
    steps = parse(lines_of_input(stopping)) if script == "-" else _steps_of(Path(script))
    font_path(700)  # before a visitor comes, not when paper should move
    device, names = enrolled(options.device), Names()
    _log_from("info")
    link = HubLink(device.address, device.device, device.role)
    names.follow(link)
    slips = SlipPrinter(VirtualPrinter(options.slips or options.device / "slips"), names)
    with link:
        ScriptedKiosk(link, slips, tell=_tell, stopping=stopping).run(steps)


def _steps_of(file: Path) -> list[Step]:
    """The whole script, understood before the first visitor comes."""
    from appliance.script import parse

    try:
        return list(parse(file.read_text("utf-8").splitlines()))
    except (OSError, UnicodeDecodeError) as problem:
        raise ApplianceFault(f"the script {file} cannot be read: {problem}") from problem


def _tell(line: dict[str, object]) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(line).decode() + "\n")
    sys.stdout.flush()


def _when_told_to_stop(*ends: Callable[[], None]) -> None:
    """By SIGTERM and Ctrl-C."""

    def stop(_signal: int, _frame: object) -> None:
        for end in ends:
            end()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


if __name__ == "__main__":
    sys.exit(main())
