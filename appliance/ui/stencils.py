"""Textures that are made once and used on every screen: shadows, the drum in the header, QR codes.

A shadow drawn anew by the graphics in every frame costs as much as all the rest of the frame.
"""

from functools import lru_cache
from math import cos, hypot, pi, sin
from typing import Any, Final

from kivy.graphics import Color, Fbo, SmoothLine
from kivy.graphics.texture import Texture

RINGS: Final = (0.30, 0.36, 0.47, 0.60, 0.72, 0.80, 0.95)
"""Radii of the drum's rings, as shares of half its side."""
BEADS: Final = ((0.415, 16), (0.66, 28), (0.875, 40))
"""Rows of small circles between them: radius and count."""
BEAD: Final = 0.022
RING_SIDES: Final = 96
BEAD_SIDES: Final = 12


@lru_cache(maxsize=16)
def shadow(radius: int, blur: int) -> tuple[Any, int]:
    """A white shadow of a box with round corners as its nine patches, and how wide their border is.

    It lies `blur` around the box, and fades as a blurred edge does.
    """
    border = radius + 2 * blur
    side = 2 * border + 1
    quarter = [[_fade(radius, blur, border - x, border - y) for x in range(border + 1)] for y in range(border + 1)]
    rows = [[*row, *row[-2::-1]] for row in quarter]
    alphas = [alpha for row in (*rows, *rows[-2::-1]) for alpha in row]
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(b"".join(bytes((255, 255, 255, alpha)) for alpha in alphas), colorfmt="rgba")
    return texture, border


def _fade(radius: int, blur: int, right: int, down: int) -> int:
    """How dark it is so far from the middle towards the corner of the nine patches, 0 to 255."""
    outside = hypot(max(0, right - blur), max(0, down - blur)) - radius
    share = min(1.0, max(0.0, 0.5 - outside / (2 * blur))) if blur else float(outside <= 0)
    return round(255 * share * share * (3 - 2 * share))


@lru_cache(maxsize=4)
def drum(side: int) -> Any:
    """Rings like those of a bronze drum, white on nothing."""
    beside = Fbo(size=(side, side), with_depthbuffer=False)
    half = side / 2
    with beside:
        Color(1, 1, 1, 1)
        for share in RINGS:
            SmoothLine(circle=(half, half, half * share, 0, 360, RING_SIDES), width=1.0)
        for share, count in BEADS:
            for at in range(count):
                angle = 2 * pi * at / count
                x, y = half + cos(angle) * half * share, half + sin(angle) * half * share
                SmoothLine(circle=(x, y, half * BEAD, 0, 360, BEAD_SIDES), width=1.0)
    beside.draw()
    return beside.texture


@lru_cache(maxsize=8)
def code(text: str) -> tuple[Any, int]:
    """A QR code with its quiet zone, one texel a module, and how many modules it has on a side."""
    import segno

    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    side = len(matrix)
    texture = Texture.create(size=(side, side), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    dots = bytes(0 if dark else 255 for row in reversed(matrix) for dark in row)
    texture.blit_buffer(dots, colorfmt="luminance", bufferfmt="ubyte")
    return texture, side
