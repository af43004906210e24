"""Frames of the window, one at a time; and what is to be seen in a picture of it."""

from typing import Any

import numpy as np

from appliance.layout.items import Box


def draw(times: int = 2) -> None:
    """So many frames."""
    from kivy.base import EventLoop

    for _ in range(times):
        EventLoop.idle()


class Glass:
    """A picture as it was drawn: rows from the top, red, green and blue."""

    def __init__(self, size: tuple[int, int], pixels: bytes) -> None:
        self.pixels: Any = np.frombuffer(pixels, np.uint8).reshape(size[1], size[0], 4)[::-1, :, :3].astype(np.int16)

    def part(self, box: Box) -> Any:
        """What is in a box."""
        left, top = max(0, int(box.x)), max(0, int(box.y))
        return self.pixels[top : int(box.bottom), left : int(box.right)]

    def share_of(self, colour: str, box: Box, tolerance: int = 60) -> float:
        """How much of a box has about this colour."""
        wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.int16)
        near = np.abs(self.part(box) - wanted).sum(axis=2) < tolerance
        return float(near.mean()) if near.size else 0.0
