"""A printer without a plug: each slip becomes a file of bytes, as a real one would get them, and a picture."""

import io
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PIL.Image import Image

from hardware.errors import PrinterFault
from hardware.printer.models import find_model
from hardware.printer.raster import encode


class VirtualPrinter:
    """Leaves `<time>-<label>.bin` and `.png` in `folder`. Runs out of paper after `slips_left` slips, if given."""

    def __init__(
        self,
        folder: Path,
        *,
        slips_left: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self.slips_left = slips_left
        self._folder = folder
        self._now = now

    def print_slip(self, image: Image, label: str) -> None:
        """The bytes are on disk before the picture: who sees a picture may read the bytes."""
        if self.slips_left == 0:
            raise PrinterFault("paper-out")
        name = f"{self._now():%Y%m%d-%H%M%S-%f}-{re.sub(r'[^A-Za-z0-9-]', '-', label)}"
        picture = io.BytesIO()
        image.save(picture, "PNG")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _leave(self._folder / f"{name}.bin", encode(image, find_model("epson-tm-t20iii")))
            _leave(self._folder / f"{name}.png", picture.getvalue())
        except OSError as problem:
            raise PrinterFault("unknown") from problem
        if self.slips_left is not None:
            self.slips_left -= 1


def _leave(path: Path, content: bytes) -> None:
    """The whole file or none, even if the power goes."""
    half = path.with_name(f".{path.name}")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
