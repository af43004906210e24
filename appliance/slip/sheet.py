"""A long sheet to draw on from top to bottom, with the house fonts, that becomes a 1-bit picture."""

from functools import cache
from typing import Final
from unicodedata import normalize

from PIL import Image, ImageDraw, ImageFont

from appliance.fonts import Weight, font_path

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


def text_width(text: str, weight: Weight, size: int) -> float:
    """Dots from the first letter's left to the last one's right."""
    return font(weight, size).getlength(normalize("NFC", text))


def fitting(text: str, weight: Weight, size: int, limit: int, least: int) -> int:
    """The largest size up to `size`, but not under `least`, at which `text` is not wider than `limit`."""
    while size > least and text_width(text, weight, size) > limit:
        size -= 1
    return size


class Sheet:
    """Draws downwards on paper `width` dots wide; `y` is where the next thing begins."""

    def __init__(self, width: int, margin: int) -> None:
        self.width = width
        self.margin = margin
        self.y = 0
        self._image = Image.new("L", (width, HEIGHT), WHITE)
        self._draw = ImageDraw.Draw(self._image)

    @property
    def inner(self) -> int:
        """Dots between the margins."""
        return self.width - 2 * self.margin

    def text(
        self,
        text: str,
        weight: Weight,
        size: int,
        line: int,
        *,
        x: int | None = None,
        align: str = "m",
        ink: int = BLACK,
    ) -> None:
        """One line of text in a box `line` dots high: around the middle or around `x`, from it with `align` "l", up to
        it with "r"."""
        x = self.width // 2 if x is None else x
        face = font(weight, size)
        ascent, descent = face.getmetrics()
        baseline = self.y + (line - ascent - descent) // 2 + ascent
        self._draw.text((x, baseline), normalize("NFC", text), ink, face, anchor=f"{align}s")
        self.y += line

    def rule(self) -> None:
        """A line across."""
        self.bar(self.margin, self.y, self.inner, 4)
        self.y += 4

    def bar(self, x: int, y: int, width: int, height: int) -> None:
        """A black rectangle."""
        self._draw.rectangle((x, y, x + width - 1, y + height - 1), BLACK)

    def frame(self, height: int, band: int) -> None:
        """A rounded frame across from here down, black in its upper `band`."""
        box = (self.margin, self.y, self.width - self.margin - 1, self.y + height - 1)
        self._draw.rounded_rectangle(box, 20, BLACK)
        below = (box[0] + 4, self.y + band, box[2] - 4, box[3] - 4)
        self._draw.rounded_rectangle(below, 16, WHITE, corners=(False, False, True, True))

    def picture(self, picture: Image.Image, x: int, y: int) -> None:
        """Another picture with its upper left corner at (x, y)."""
        self._image.paste(picture, (x, y))

    def cut(self) -> Image.Image:
        """The sheet down to here, in black and white."""
        used = self._image.crop((0, 0, self.width, self.y))
        return used.point([WHITE if level > CUT_AT else BLACK for level in range(256)], "1")
