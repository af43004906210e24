"""The kiosk's typed settings: what is true of this one machine. `default.toml` beside this file explains each."""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from appliance.screen_size import file_beside
from appliance.watchdog import Supervision
from hardware.errors import SettingFault
from hardware.printer.address import find_printer
from hardware.printer.models import find_model
from hub.ground import settings_file
from hub.ground.sections import Place, Section, none_if_empty

VIRTUAL: Final = "virtual"
ANY_MODEL: Final = "generic-80"


def _address(value: str) -> str:
    """Refuses what is no address of a printer."""
    try:
        if value != VIRTUAL:
            find_printer(value, ANY_MODEL)
    except SettingFault as problem:
        raise ValueError(str(problem).removeprefix(f"{value!r} ")) from problem
    return value


def _model(value: str) -> str:
    """Refuses what is no model."""
    try:
        return find_model(value).id
    except SettingFault as problem:
        raise ValueError(f"is no model that is known; {str(problem).partition('; ')[2]}") from problem


Millimetres = Annotated[int, Field(ge=0, le=5000)]
Pixels = Annotated[int, Field(ge=0, le=10_000)]
MaybePort = Annotated[Annotated[int, Field(ge=0, le=65535)] | None, BeforeValidator(none_if_empty)]


class Printer(Section):
    """Where it is plugged in, and what it is."""

    address: Annotated[str, AfterValidator(_address)] = "usb"
    model: Annotated[str, AfterValidator(_model)] = ANY_MODEL
    slips: Place = Path("slips")


class Screen(Section):
    """How large it is; 0 where it is asked itself. The window has read it before (`appliance.screen_size`)."""

    width_mm: Millimetres = 0
    height_mm: Millimetres = 0
    width: Pixels = 0
    height: Pixels = 0


class Sound(Section):
    """How loud it begins, and through what."""

    volume: Annotated[int, Field(ge=0, le=100)] = 70
    mixer: Annotated[str, Field(max_length=100)] = ""


class Storage(Section):
    """Where the kiosk remembers."""

    directory: Place = Path("state")


class Mirror(Section):
    """The page that shows the screen."""

    port: MaybePort = None


class Log(Section):
    """What the kiosk says of its own running."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Settings(Section):
    """All settings of a kiosk. Made by `load`, or in code with a section or two set and the rest as by default."""

    printer: Printer = Printer()
    screen: Screen = Screen()
    sound: Sound = Sound()
    storage: Storage = Storage()
    mirror: Mirror = Mirror()
    log: Log = Log()


def load(device: Path, path: Path | None = None) -> Settings:
    """The settings in `path`, else in the directory of `device` (or of its file), else the defaults.

    Raises `SettingsFault` with every problem found, and nothing else.
    """
    file = (path or file_beside(device)).absolute()
    return settings_file.read(file, Settings, must_exist=path is not None, default="appliance/default.toml")


def supervision(environ: Mapping[str, str]) -> Supervision:
    """What systemd says to a program it watches over."""
    every_us = environ.get("WATCHDOG_USEC", "")
    watched = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    every_s = int(every_us) / 1e6 if every_us.isdecimal() and int(every_us) and watched else None
    return Supervision(environ.get("NOTIFY_SOCKET", ""), every_s)


def supervision_here() -> Supervision:
    """`supervision` with the environment of this process. No other module of the kiosk reads the environment."""
    return supervision(os.environ)


def default_text() -> str:
    """The commented file with every default, to be copied and changed."""
    return files("appliance").joinpath("default.toml").read_text(encoding="utf-8")
