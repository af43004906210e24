"""Textures that are made once and used on every screen: shadows, the drum in the header, QR codes.

A shadow drawn anew by the graphics in every frame costs as much as all the rest of the frame.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import cos, hypot, pi, sin
from typing import Any, Final

from kivy.graphics import Color, Fbo, Mesh
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
    """A white shadow of a box with round corners as its nine patches, and how wide their border is in it.

    It lies `blur` around the box, and fades as a blurred edge does. It is half as large as it is
    shown, for it has no edges.
    """
    border = (radius + 2 * blur) // 2
    steps = range(2 * border, -1, -2)
    return _patches([[_fade(radius, blur, right, down) for right in steps] for down in steps]), border


@lru_cache(maxsize=64)
def rounded(radius: int) -> Any:
    """A white box with round, smooth corners, as its nine patches; their border is `radius`."""
    steps = range(radius, -1, -1)
    quarter = [[_covered(radius, x, y) for x in steps] for y in steps]
    return _patches(quarter)


def _covered(radius: int, right: int, down: int) -> int:
    """How much of a pixel lies within the corner, so far from the corner's centre; 0 to 255."""
    return _covered_at(radius, right - 0.5, down - 0.5) if right and down else 255


@lru_cache(maxsize=8)
def dots(width: int, side: int, count: int) -> Any:
    """A row of white dots `side` wide, evenly from one end of `width` to the other."""
    step = (width - side) / max(1, count - 1)
    row = [_from_dot(x + 0.5, step, side) for x in range(width)]
    alphas = bytes(_covered_at(side / 2, x, y + 0.5 - side / 2) for y in range(side) for x in row)
    return _white(alphas, (width, side))


def _from_dot(x: float, step: float, side: int) -> float:
    """How far `x` is from the middle of the nearest dot."""
    along = x - side / 2
    return along - step * round(along / step) if step else along


def _covered_at(radius: float, right: float, down: float) -> int:
    """How much of the pixel there lies within a circle around nought; 0 to 255."""
    return round(255 * min(1.0, max(0.0, radius - hypot(right, down) + 0.5)))


def _patches(quarter: list[list[int]]) -> Any:
    """The upper left quarter, its last row and column in the middle, as a whole texture in white."""
    rows = [[*row, *row[-2::-1]] for row in quarter]
    alphas = bytes(alpha for row in (*rows, *rows[-2::-1]) for alpha in row)
    return _white(alphas, (len(rows[0]), len(rows[0])))


def _white(alphas: bytes, size: tuple[int, int]) -> Any:
    """White, as opaque as `alphas` says by rows."""
    pixels = bytearray(b"\xff" * (4 * len(alphas)))
    pixels[3::4] = alphas
    texture = Texture.create(size=size, colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba")
    return texture


def _fade(radius: int, blur: int, right: int, down: int) -> int:
    """How dark it is so far from the middle towards the corner of the nine patches, 0 to 255."""
    outside = hypot(max(0, right - blur), max(0, down - blur)) - radius
    share = min(1.0, max(0.0, 0.5 - outside / (2 * blur))) if blur else float(outside <= 0)
    return round(255 * share * share * (3 - 2 * share))


@lru_cache(maxsize=4)
def drum(side: int) -> Any:
    """Rings like those of a bronze drum, white on nothing; twice as large as shown, so that its lines become smooth."""
    beside = Fbo(size=(2 * side, 2 * side), with_depthbuffer=False)
    points = [point for circle in _circles(side) for point in circle]
    with beside:
        Color(1, 1, 1, 1)
        vertices = [part for x, y in points for part in (x, y, 0.0, 0.0)]
        Mesh(vertices=vertices, indices=list(range(len(points))), mode="lines")
    beside.draw()
    beside.texture.mag_filter = beside.texture.min_filter = "linear"
    return beside.texture


def _circles(side: int) -> Iterator[list[tuple[float, float]]]:
    """All rings and beads, each as the ends of its strokes."""
    for share in RINGS:
        yield _circle(side, side, side * share, RING_SIDES)
    for share, count in BEADS:
        for at in range(count):
            angle = 2 * pi * at / count
            yield _circle(side + cos(angle) * side * share, side + sin(angle) * side * share, side * BEAD, BEAD_SIDES)


def _circle(x: float, y: float, radius: float, sides: int) -> list[tuple[float, float]]:
    corners = [(x + cos(2 * pi * at / sides) * radius, y + sin(2 * pi * at / sides) * radius) for at in range(sides)]
    return [end for one, other in zip(corners, [*corners[1:], corners[0]], strict=True) for end in (one, other)]


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
