"""A slip as bytes for a receipt printer: ESC/POS raster and a cut. As text, Vietnamese fails on most printers."""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardware.printer.models import Model

if TYPE_CHECKING:  # drawing is loaded when something is drawn: not every program that knows a printer prints
    from PIL.Image import Image


def encode(image: "Image", model: Model) -> bytes:
    """Initialise, the picture in strips, feed and cut; where there is no cutter, feed to the edge to tear at."""
    if image.mode != "1" or image.width != model.width_dots:
        raise ValueError(f"a slip is 1-bit and {model.width_dots} dots wide, not {image.mode!r} and {image.width}")
    printer = load_escpos().Dummy(profile=model.profile)
    printer.hw("INIT")
    printer.image(image, impl="bitImageRaster", fragment_height=model.strip_rows, center=False)
    if model.feed_lines:
        printer.print_and_feed(model.feed_lines)
    encoded: bytes = printer.output + model.cut
    printer.close()
    return encoded


@cache
def load_escpos() -> Any:
    """`escpos.printer`, when it is needed: it takes half a second, and not every program prints."""
    from escpos import capabilities, printer

    _remove_litter(Path(capabilities.pickle_dir))
    return printer


def _remove_litter(folder: Path) -> None:
    """At import python-escpos makes a folder for a cache that it never finds again."""
    if folder.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(folder, ignore_errors=True)
