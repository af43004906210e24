"""Items as Kivy's drawing instructions: one group for each. Kivy counts from the bottom, we from the top."""

from math import cos, pi, sin
from typing import Any, Final

from kivy.graphics import BoxShadow, Color, Ellipse, InstructionGroup, Rectangle, SmoothLine, SmoothRoundedRectangle
from kivy.graphics.scissor_instructions import ScissorPop, ScissorPush
from kivy.graphics.texture import Texture

from appliance.layout import items as it
from appliance.ui.letters import Textures

SHADOW: Final = (0.063, 0.141, 0.243)
RINGS: Final = (0.30, 0.36, 0.47, 0.60, 0.72, 0.80, 0.95)
"""Radii of the drum's rings, as shares of half the box."""
BEADS: Final = ((0.415, 16), (0.66, 28), (0.875, 40))
"""Rows of small circles between them: radius and count."""
RING_ALPHA: Final = 0.11


class Strokes:
    """Makes the groups of one screen `height` pixels high."""

    def __init__(self, height: float, textures: Textures) -> None:
        self._height = height
        self._textures = textures

    def of(self, item: it.Item, *, held: bool = False) -> InstructionGroup:
        """The instructions of an item; `held`: a finger presses it."""
        group = InstructionGroup()
        match item:
            case it.Panel():
                self._panel(group, item, held=held)
            case it.Words():
                self._words(group, item)
            case it.Icon():
                self._icon(group, item)
            case it.Bars():
                self._bars(group, item)
            case it.Dots():
                self._dots(group, item)
            case it.Drum():
                self._drum(group, item)
            case it.Code():
                self._code(group, item)
            case _:
                raise TypeError(f"no strokes for {type(item).__name__}")
        return group

    def _place(self, box: it.Box) -> tuple[tuple[float, float], tuple[float, float]]:
        return (box.x, self._height - box.bottom), (box.w, box.h)

    def _panel(self, group: InstructionGroup, panel: it.Panel, *, held: bool) -> None:
        fill, edge = (panel.pressed[0], panel.pressed[1] or panel.edge) if held else (panel.fill, panel.edge)
        width = (panel.edge_width or 3.0) if edge else 0.0
        radius = min(panel.radius, panel.box.w / 2, panel.box.h / 2)
        if panel.shadow is not None and not held:
            self._shadow(group, panel.box, radius, panel.shadow)
        if edge:
            self._rounded(group, panel.box, edge, radius)
        self._rounded(group, panel.box.inset(width), fill, max(0.0, radius - width))

    def _shadow(self, group: InstructionGroup, box: it.Box, radius: float, shadow: tuple[float, float, float]) -> None:
        down, blur, alpha = shadow
        pos, size = self._place(box)
        group.add(Color(*SHADOW, alpha))
        group.add(BoxShadow(pos=pos, size=size, offset=(0, -down), blur_radius=blur, border_radius=[radius] * 4))

    def _rounded(self, group: InstructionGroup, box: it.Box, colour: str, radius: float) -> None:
        pos, size = self._place(box)
        if size[0] <= 0 or size[1] <= 0:
            return
        group.add(Color(*rgb(colour)))
        if radius < 1:
            group.add(Rectangle(pos=pos, size=size))
        else:
            group.add(SmoothRoundedRectangle(pos=pos, size=size, radius=[radius]))

    def _words(self, group: InstructionGroup, words: it.Words) -> None:
        self._texture(group, words.box, self._textures.words(words.text, words.weight, words.size), words.colour)

    def _icon(self, group: InstructionGroup, icon: it.Icon) -> None:
        size = max(1, round(icon.box.h))
        self._texture(group, icon.box, self._textures.icon(icon.name, size), icon.colour)

    def _texture(self, group: InstructionGroup, box: it.Box, texture: Any, colour: str) -> None:
        """In the middle of the box, pixel on pixel: a texture between two pixels looks out of focus."""
        w, h = texture.size
        left = round(box.x + (box.w - w) / 2)
        bottom = round(self._height - box.bottom + (box.h - h) / 2)
        group.add(Color(*rgb(colour)))
        group.add(Rectangle(texture=texture, pos=(left, bottom), size=(w, h)))

    def _bars(self, group: InstructionGroup, bars: it.Bars) -> None:
        width = bars.box.w * 0.26
        for at, share in enumerate((0.42, 0.7, 1.0)):
            height = bars.box.h * share
            box = it.Box(bars.box.x + at * bars.box.w * 0.37, bars.box.bottom - height, width, height)
            filled = at < bars.level
            radius = width * 0.26
            if bars.edge and not filled:
                self._rounded(group, box, bars.edge, radius)
                self._rounded(group, box.inset(2), bars.off, max(0.0, radius - 2))
            else:
                self._rounded(group, box, bars.on if filled else bars.off, radius)

    def _dots(self, group: InstructionGroup, dots: it.Dots) -> None:
        side = dots.box.h
        step = (dots.box.w - side) / (dots.count - 1)
        group.add(Color(*rgb(dots.colour)))
        bottom = self._height - dots.box.bottom
        for at in range(dots.count):
            group.add(Ellipse(pos=(dots.box.x + at * step, bottom), size=(side, side), segments=16))

    def _drum(self, group: InstructionGroup, drum: it.Drum) -> None:
        clip_pos, clip_size = self._place(drum.parent)
        x, y = drum.box.middle
        y = self._height - y
        half = drum.box.w / 2
        group.add(
            ScissorPush(x=int(clip_pos[0]), y=int(clip_pos[1]), width=int(clip_size[0]), height=int(clip_size[1]))
        )
        group.add(Color(*rgb(drum.colour), RING_ALPHA))
        for share in RINGS:
            group.add(SmoothLine(circle=(x, y, half * share), width=1.0))
        for share, count in BEADS:
            for dx, dy in _around(count):
                group.add(SmoothLine(circle=(x + dx * half * share, y + dy * half * share, half * 0.022), width=1.0))
        group.add(ScissorPop())

    def _code(self, group: InstructionGroup, code: it.Code) -> None:
        texture, side = _code_texture(code.text)
        pixels = max(1, int(code.box.w // side)) * side
        box = code.box.centred(pixels, pixels)
        pos, size = self._place(box)
        group.add(Color(1, 1, 1, 1))
        group.add(Rectangle(texture=texture, pos=(round(pos[0]), round(pos[1])), size=size))


def _around(count: int) -> list[tuple[float, float]]:
    return [(cos(2 * pi * at / count), sin(2 * pi * at / count)) for at in range(count)]


def _code_texture(text: str) -> tuple[Any, int]:
    """A QR code with its quiet zone, one texel a module, and how many modules it has on a side."""
    import segno

    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    side = len(matrix)
    texture = Texture.create(size=(side, side), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    dots = bytes(0 if dark else 255 for row in reversed(matrix) for dark in row)
    texture.blit_buffer(dots, colorfmt="luminance", bufferfmt="ubyte")
    return texture, side


def rgb(colour: str) -> tuple[float, float, float]:
    """`#10243E` as Kivy wants it."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255
