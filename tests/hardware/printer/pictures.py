"""Pictures to print."""

import random

from PIL import Image

from hardware.printer.models import Model, find_model

WIDE = find_model("epson-tm-t20iii")
NARROW = find_model("generic-58")


def noise(height: int, model: Model = WIDE, *, seed: int = 1) -> Image.Image:
    """A picture in which every bit counts."""
    data = random.Random(seed).randbytes(model.width_bytes * height)
    return Image.frombytes("1", (model.width_dots, height), data)


def tricky(height: int, model: Model = WIDE) -> Image.Image:
    """A picture whose dots are, over and over, what a printer takes for questions in real time."""
    questions = b"\x10\x04\x01\x10\x04\x04\x10\x04\x02\x00\x10\x04\x03"
    rows = (questions * (model.width_bytes * height // len(questions) + 1))[: model.width_bytes * height]
    return Image.frombytes("1", (model.width_dots, height), bytes(byte ^ 0xFF for byte in rows))
