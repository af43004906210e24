"""How the machine feels that a device runs on: disk, heat, power. `None` where the machine does not say."""

import shutil
from pathlib import Path
from typing import Final

SYS: Final = Path("/sys")


def storage_free_bytes(directory: Path) -> int | None:
    """Room on the disk that `directory` is on."""
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return None


def temperature_c(sys: Path = SYS) -> float | None:
    """The hottest of what is measured."""
    zones = (sys / "class" / "thermal").glob("thermal_zone*/temp")
    degrees = [value / 1000 for zone in zones if (value := _number(zone)) is not None]
    return max((value for value in degrees if -60 <= value <= 200), default=None)


def undervoltage(sys: Path = SYS) -> bool | None:
    """Whether a Raspberry Pi gets too little power: its kernel has a sensor for that, called `rpi_volt`."""
    for name in (sys / "class" / "hwmon").glob("hwmon*/name"):
        if _text(name) == "rpi_volt":
            alarm = _number(name.with_name("in0_lcrit_alarm"))
            return None if alarm is None else alarm != 0
    return None


def _number(file: Path) -> int | None:
    text = _text(file)
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _text(file: Path) -> str | None:
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:
        return None
