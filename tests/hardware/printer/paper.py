"""What paper would show: a strict decoder of the few ESC/POS commands a slip is made of."""

from dataclasses import dataclass

from PIL import Image

INITIALISE = b"\x1b\x40"
RASTER = b"\x1d\x76\x30\x00"
FEED = b"\x1b\x64"
CUT = b"\x1d\x56\x00"


@dataclass(frozen=True)
class Paper:
    """One strip of paper as it hangs out of the printer."""

    image: Image.Image
    cuts: int
    lines_fed: int


def decode(data: bytes) -> Paper:
    """Reads all of `data`; raises `ValueError` at the first byte it does not know."""
    rows, width, cuts, fed, at = b"", 0, 0, 0, 0
    while at < len(data):
        if data.startswith(INITIALISE, at):
            at += 2
        elif data.startswith(RASTER, at):
            across = int.from_bytes(data[at + 4 : at + 6], "little")
            down = int.from_bytes(data[at + 6 : at + 8], "little")
            strip = data[at + 8 : at + 8 + across * down]
            if len(strip) != across * down or width not in {0, across}:
                raise ValueError(f"the strip at byte {at} ends within, or has another width")
            width, rows, at = across, rows + strip, at + 8 + len(strip)
        elif data.startswith(FEED, at):
            fed, at = fed + data[at + 2], at + 3
        elif data.startswith(CUT, at):
            cuts, at = cuts + 1, at + 3
        else:
            raise ValueError(f"unknown command at byte {at}: {data[at]:#04x}")
    black_is_one = bytes(255 - byte for byte in rows)
    return Paper(Image.frombytes("1", (width * 8, len(rows) // width if width else 0), black_is_one), cuts, fed)
