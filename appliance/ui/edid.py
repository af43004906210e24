"""How large a display is, as it says itself in its EDID (VESA E-EDID 1.4): many do, and some say nothing useful."""

from pathlib import Path
from typing import Final

DISPLAYS: Final = Path("/sys/class/drm")
HEADER: Final = bytes.fromhex("00ffffffffffff00")
FIRST_TIMING: Final = 54
PLAUSIBLE_MM: Final = range(60, 2500)


def size_of_display(displays: Path = DISPLAYS) -> tuple[int, int] | None:
    """Width and height in millimetres of the first display that is connected and says so."""
    for status in sorted(displays.glob("*/status")):
        try:
            if status.read_text("ascii").strip() == "connected":
                size = size_in((status.parent / "edid").read_bytes())
                if size is not None:
                    return size
        except (OSError, UnicodeDecodeError):
            continue
    return None


def size_in(edid: bytes) -> tuple[int, int] | None:
    """The size in an EDID block: to the millimetre from the first timing, else to the centimetre; None: none."""
    if len(edid) < 128 or edid[:8] != HEADER:
        return None
    timing = edid[FIRST_TIMING : FIRST_TIMING + 18]
    exact = (timing[12] | (timing[14] & 0xF0) << 4, timing[13] | (timing[14] & 0x0F) << 8)
    rough = (edid[21] * 10, edid[22] * 10)
    for size in (exact if timing[0] or timing[1] else (0, 0), rough):
        if all(side in PLAUSIBLE_MM for side in size):
            return size
    return None
