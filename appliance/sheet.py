"""A long sheet to draw on from top to bottom, with the house fonts, that becomes a 1-bit picture."""

from collections.abc import Callable
from functools import cache
from itertools import accumulate
from typing import Final
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

from appliance.fonts import Weight, font_path

WIDTH: Final = 576
"""Dots across 80 mm paper, 8 to the millimetre."""
MARGIN: Final = 16
INNER: Final = WIDTH - 2 * MARGIN
HEIGHT: Final = 4000
"""Paper to draw on; what is not used is cut off."""
CUT_AT: Final = 150
"""Of 255: darker becomes black. No dithering, so edges stay sharp."""

BLACK: Final = 0
WHITE: Final = 255


@cache
def font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The house font. The basic layout engine draws alike everywhere; the other depends on what is installed."""
    return ImageFont.truetype(font_path(weight), size, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, weight: Weight, size: int) -> int:
    """Dots from the first letter's left to the last one's right."""
    return round(font(weight, size).getlength(normalize("NFC", text)))


def fitting(text: str, weight: Weight, size: int, limit: int, least: int) -> int:
    """The largest size up to `size`, but not under `least`, at which `text` is not wider than `limit`."""
    while size > least and text_width(text, weight, size) > limit:
        size -= 1
    return size


def wrapped(text: str, limit: int, width: Callable[[str], int]) -> list[str]:
    """`text` in as few lines as `limit` allows, and these about equally long: a lone word on a line looks forgotten."""
    words = [part for word in text.split() for part in _parts(word, limit, width)]
    lines = _filled(words, limit, width)
    tight = max((width(word) for word in words), default=0)
    while tight < limit and len(_filled(words, tight, width)) > len(lines):
        tight += 4
    return _filled(words, min(tight, limit), width)


def _filled(words: list[str], limit: int, width: Callable[[str], int]) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _parts(word: str, limit: int, width: Callable[[str], int]) -> list[str]:
    """A word that is wider than a line, cut where it has to be; nearly always the word itself."""
    parts = []
    while width(word) > limit and len(word) > 1:
        fits = sum(width(head) <= limit for head in accumulate(word))
        parts.append(word[: max(1, fits)])
        word = word[max(1, fits) :]
    return [*parts, word]


class Sheet:
    """Draws downwards; `y` is where the next thing begins."""

    def __init__(self) -> None:
        self._image = Image.new("L", (WIDTH, HEIGHT), WHITE)
        self._draw = ImageDraw.Draw(self._image)
        self.y = 0

    def text(
        self,
        text: str,
        weight: Weight,
        size: int,
        line: int,
        *,
        x: int = WIDTH // 2,
        align: str = "m",
        ink: int = BLACK,
    ) -> None:
        """One line of text in a box `line` dots high, around `x` (or from it, with `align` "l")."""
        face = font(weight, size)
        ascent, descent = face.getmetrics()
        baseline = self.y + (line - ascent - descent) // 2 + ascent
        self._draw.text((x, baseline), normalize("NFC", text), ink, face, anchor=f"{align}s")
        self.y += line

    def rule(self) -> None:
        """A line across."""
        self.bar(MARGIN, self.y, INNER, 4)
        self.y += 4

    def bar(self, x: int, y: int, width: int, height: int) -> None:
        """A black rectangle."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), BLACK)

    def frame(self, height: int, band: int) -> None:
        """A rounded frame across from here down, black in its upper `band`."""
        box = (MARGIN, self.y, MARGIN + INNER - 1, self.y + height - 1)
        self._draw.rounded_rectangle(box, 20, BLACK)
        below = (box[0] + 4, self.y + band, box[2] - 4, box[3] - 4)
        self._draw.rounded_rectangle(below, 16, WHITE, corners=(False, False, True, True))

    def picture(self, picture: Image.Image, x: int, y: int) -> None:
        """Another picture with its upper left corner at (x, y)."""
        self._image.paste(picture, (x, y))

    def cut(self) -> Image.Image:
        """The sheet down to here, in black and white."""
        used = self._image.crop((0, 0, WIDTH, self.y))
        return used.point([WHITE if level > CUT_AT else BLACK for level in range(256)], "1")
