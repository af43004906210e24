"""A slip as bytes for a receipt printer: ESC/POS raster and a cut. As text, Vietnamese fails on most printers."""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from PIL.Image import Image

WIDTH_DOTS: Final = 576
"""72 mm at 203 dots an inch: what a printer for 80 mm paper can print on."""
STRIP_DOTS: Final = 256
"""Rows in one piece; printers with small buffers take no more."""
PROFILE: Final = "TM-T20II"
"""576 dots, with a cutter. The bytes are those of every printer of this width."""


def encode(image: Image) -> bytes:
    """Initialise, the picture in strips, feed and cut."""
    if image.mode != "1" or image.width != WIDTH_DOTS:
        raise ValueError(f"a slip is 1-bit and {WIDTH_DOTS} dots wide, not {image.mode!r} and {image.width}")
    from escpos.printer import Dummy  # late: it takes half a second, and not every program prints

    _remove_litter()
    printer = Dummy(profile=PROFILE)
    printer.hw("INIT")
    printer.image(image, impl="bitImageRaster", fragment_height=STRIP_DOTS, center=False)
    printer.cut()
    encoded: bytes = printer.output
    printer.close()
    return encoded


def _remove_litter() -> None:
    """At import python-escpos makes a folder for a cache that it never finds again."""
    from escpos import capabilities

    folder = Path(capabilities.pickle_dir)
    if folder.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(folder, ignore_errors=True)
