"""How large the screen is set to be, read before anything else: the window cannot wait until all is understood.

What is wrong here is not told here: the settings are read again as a whole (`appliance.settings`), and refused with a
reason.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

DEVICE_FILE: Final = "device.toml"
KIOSK_FILE: Final = "kiosk.toml"


@dataclass(frozen=True, slots=True)
class SizeSet:
    """In millimetres what is seen of the screen, in pixels a window on a desk; 0 where the screen itself is asked."""

    width_mm: int = 0
    height_mm: int = 0
    width: int = 0
    height: int = 0


def size_set(file: Path) -> SizeSet:
    """What `file` says of it, as far as it can be read."""
    try:
        written = tomllib.loads(file.read_text("utf-8"))["screen"]
        known = {field.name: written[field.name] for field in fields(SizeSet) if type(written.get(field.name)) is int}
        return SizeSet(**known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return SizeSet()


def file_beside(device: Path) -> Path:
    """Where the settings of a device are, unless told otherwise: in its directory."""
    return (device.parent if device.name == DEVICE_FILE else device) / KIOSK_FILE
