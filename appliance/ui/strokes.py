"""Items as Kivy's drawing instructions: one group for each. Kivy counts from the bottom, we from the top."""

from typing import Any, Final

from kivy.graphics import BorderImage, Color, InstructionGroup, Rectangle, SmoothRoundedRectangle

from appliance.layout import items as it
from appliance.ui import stencils
from appliance.ui.letters import Textures

SHADOW: Final = (0.063, 0.141, 0.243)
LARGEST_CORNER: Final = 64
"""Pixels. Larger ones are rare, and drawn by the graphics."""
RING_ALPHA: Final = 0.3


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
        texture, border = stencils.shadow(round(radius), round(blur))
        pos, size = self._place(it.Box(box.x, box.y + down, box.w, box.h).inset(-blur))
        group.add(Color(*SHADOW, alpha))
        edges = {"border": (border,) * 4, "display_border": (2 * border,) * 4}
        group.add(BorderImage(texture=texture, pos=pos, size=size, **edges))

    def _rounded(self, group: InstructionGroup, box: it.Box, colour: str, radius: float) -> None:
        pos, size = self._place(box)
        if size[0] <= 0 or size[1] <= 0:
            return
        group.add(Color(*rgb(colour)))
        corner = round(radius)
        if corner < 1:
            group.add(Rectangle(pos=pos, size=size))
        elif corner > LARGEST_CORNER or min(size) < 2 * corner + 1:
            group.add(SmoothRoundedRectangle(pos=pos, size=size, radius=[radius]))
        else:
            texture = stencils.rounded(corner)
            group.add(BorderImage(texture=texture, border=(corner,) * 4, pos=pos, size=size))

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
        width, side = round(dots.box.w), max(1, round(dots.box.h))
        self._texture(group, dots.box, stencils.dots(width, side, dots.count), dots.colour)

    def _drum(self, group: InstructionGroup, drum: it.Drum) -> None:
        """Of the drum, what lies in the header."""
        seen_left, seen_top = max(drum.box.x, drum.parent.x), max(drum.box.y, drum.parent.y)
        seen = it.Box(
            seen_left,
            seen_top,
            min(drum.box.right, drum.parent.right) - seen_left,
            min(drum.box.bottom, drum.parent.bottom) - seen_top,
        )
        side = round(drum.box.w)
        left, low = seen.x - drum.box.x, side - (seen.bottom - drum.box.y)
        texture = stencils.drum(side).get_region(2 * left, 2 * low, 2 * seen.w, 2 * seen.h)
        pos, size = self._place(seen)
        group.add(Color(*rgb(drum.colour), RING_ALPHA))
        group.add(Rectangle(texture=texture, pos=pos, size=size))

    def _code(self, group: InstructionGroup, code: it.Code) -> None:
        texture, side = stencils.code(code.text)
        pixels = max(1, int(code.box.w // side)) * side
        box = code.box.centred(pixels, pixels)
        pos, size = self._place(box)
        group.add(Color(1, 1, 1, 1))
        group.add(Rectangle(texture=texture, pos=(round(pos[0]), round(pos[1])), size=size))


def rgb(colour: str) -> tuple[float, float, float]:
    """`#10243E` as Kivy wants it."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255
