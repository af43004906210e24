"""The board's typed settings: what is true of this one screen. `default.toml` beside this file explains each."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, Strict

from display_board.announcing import Sound
from display_board.spelling import Numbers, Variant
from hub.contract.names import Id
from hub.ground import settings_file
from hub.ground.sections import MaybePlace, Place, Section, none_if_empty

FILE: Final = "board.toml"

Spoken = Literal["vi", "en"]
MaybeLanguage = Annotated[Spoken | None, BeforeValidator(none_if_empty)]


class Board(Section):
    """What is shown, and how it looks."""

    counters: Annotated[tuple[Id, ...], Strict(False)] = ()
    theme: Literal["day", "high-contrast"] = "day"
    language: MaybeLanguage = None
    picture: bool = True
    spotlight_s: Annotated[int, Field(ge=15, le=20)] = 18


class Voice(Section):
    """Whether it speaks, and how."""

    speaks: Literal["as the hub says", "yes", "no"] = "as the hub says"
    sound: Sound = "both"
    languages: Annotated[tuple[Spoken, ...], Strict(False)] = ()
    numbers: Numbers = "digits"
    variant: Variant = "north"
    times: Annotated[int, Field(ge=1, le=3)] = 1
    volume: Annotated[int, Field(ge=0, le=100)] = 80
    pack: MaybePlace = None


class Page(Section):
    """Where the browser finds the screen."""

    port: Annotated[int, Field(ge=0, le=65535)] = 0


class Player(Section):
    """The browser."""

    program: Annotated[str, Field(min_length=1, max_length=4096)] = "chromium"
    arguments: Annotated[tuple[str, ...], Strict(False)] = ()
    full_screen: bool = True


class Storage(Section):
    """Where the board remembers."""

    directory: Place = Path("state")


class Log(Section):
    """What the board says of its own running."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(Section):
    """All settings of a board. Made by `load`, or in code with a section or two set and the rest as by default."""

    board: Board = Board()
    voice: Voice = Voice()
    page: Page = Page()
    player: Player = Player()
    storage: Storage = Storage()
    log: Log = Log()


def load(device: Path, path: Path | None = None) -> Settings:
    """The settings in `path`, else in the directory of `device` (or of its file), else the defaults.

    Raises `SettingsFault` with every problem found, and nothing else.
    """
    beside = (device if device.is_dir() else device.parent) / FILE
    file = (path or beside).absolute()
    return settings_file.read(file, Settings, must_exist=path is not None, default="display_board/default.toml")


def default_text() -> str:
    """The commented file with every default, to be copied and changed."""
    return files("display_board").joinpath("default.toml").read_text(encoding="utf-8")
