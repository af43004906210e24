"""Paper as a thing: a roll that ends, and the pieces that come out."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # drawing is loaded when something is drawn: not every program that knows a printer prints
    from PIL.Image import Image

DOTS_PER_MM: Final = 8
INVERTED: Final = bytes(range(255, -1, -1))


@dataclass
class Roll:
    """What is left of the paper, by length and by slips, whichever ends first; the sensor for `low` sits before."""

    mm: float = math.inf
    slips: int | None = None
    low_mm: float = 0.0
    low_slips: int = 0

    @property
    def out(self) -> bool:
        """Not a row of dots is left to print on."""
        return self.slips == 0 or self.mm * DOTS_PER_MM < 1

    @property
    def low(self) -> bool:
        """The sensor for the near end sees no paper any more."""
        return self.out or self.mm <= self.low_mm or (self.slips is not None and self.slips <= self.low_slips)

    def pull(self, rows: int) -> int:
        """Moves the paper by so many rows of dots; returns by how many it could."""
        moved = 0 if self.out else int(min(rows, self.mm * DOTS_PER_MM))
        self.mm -= moved / DOTS_PER_MM
        return moved


@dataclass
class Piece:
    """Paper in one piece, from where the last one ended: its rows of dots, black is 1, and the bytes that made it."""

    width_bytes: int
    whole: bool = True
    """A slip began on it and ended on it: it is not the half of something."""
    rows: bytearray = field(default_factory=bytearray)
    data: bytearray = field(default_factory=bytearray)
    printed: int = 0
    """Bytes of `rows` up to the last row that the head has made; below it is what was only fed."""

    def ink(self, rows: bytes) -> None:
        """The head has made rows."""
        self.rows += rows
        self.printed = len(self.rows)

    def feed(self, rows: int) -> None:
        """Paper has moved without the head."""
        self.rows += bytes(rows * self.width_bytes)

    def picture(self) -> "Image":
        """What is on it, without the white that was only fed at its end."""
        from PIL import Image

        white_is_one = self.rows[: self.printed].translate(INVERTED)
        return Image.frombytes("1", (self.width_bytes * 8, self.printed // self.width_bytes), bytes(white_is_one))
