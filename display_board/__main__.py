"""The program `motcua-board`: the call board of a TV."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from display_board.announcing import SPOKEN, words
from display_board.bootstrap import BoardProgram, Plan
from display_board.errors import BoardFault
from hub.client.errors import LinkFault
from hub.client.logs import set_up_logs
from hub.contract.version import __version__
from hub.errors import SettingsFault

NAME: Final = "motcua-board"
NO_DEVICE: Final = "--device is missing: the directory of the device that `motcua-hub device add` has written."


@dataclass(frozen=True)
class Options:
    """How the program was asked for."""

    device: Path
    settings: Path | None
    player: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the board until it is told to end; returns the exit status."""
    try:
        options = _options(arguments)
        if options is not None:
            _run(options)
    except (BoardFault, LinkFault, SettingsFault) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


def _options(arguments: Sequence[str] | None) -> Options | None:
    parser = argparse.ArgumentParser(
        NAME,
        description="The call board of a TV. SIGTERM and Ctrl-C end it cleanly; what it says on standard output is "
        "JSON, by lines: first where its page is.",
    )
    add = parser.add_argument
    add("--device", type=Path, help="the device's directory, with device.toml")
    add("--settings", type=Path, help="what this screen shows, and how; DEVICE/board.toml if not given")
    add("--no-player", action="store_true", help="no browser of its own: the page is opened by somebody else")
    add("--clips", action="store_true", help="list the clips of a voice pack with what is said in each, and end")
    add("--version", action="version", version=f"{NAME} {__version__}")
    asked = parser.parse_args(arguments)
    if asked.clips:
        _list_clips()
        return None
    if asked.device is None:
        raise BoardFault(NO_DEVICE)
    return Options(asked.device, asked.settings, player=not asked.no_player)


def _run(options: Options) -> None:
    plan = Plan(options.device, options.settings, player=options.player, tell=_tell, log_from=set_up_logs)
    program = BoardProgram(plan)
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, lambda _signal, _frame: program.stop())
    program.run()


def _list_clips() -> None:
    lines = [f"{clip.language}/{clip.name}.wav\t{clip.text}" for one in SPOKEN for clip in words(one, "north")]
    sys.stdout.write("\n".join(lines) + "\n")


def _tell(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
