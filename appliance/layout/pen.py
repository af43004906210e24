"""The pen: sets text, and puts panels, words and icons in places given in reference pixels.

Every item knows the box it must lie in (`inside`); a test holds all of them to it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from appliance.layout.items import Act, Bars, Box, Code, Dots, Drum, Icon, Item, Panel, Words
from appliance.layout.theme import LEAST_TEXT, Look, Text, Theme
from appliance.view import Button, Kind, Level
from appliance.wrapping import shortened, wrapped

Measure = Callable[[str, int, int], float]
"""How many pixels wide a text is: (text, weight, size in pixels)."""

CELL_EM: Final = 0.72
"""The font has no figures of equal width: changing ones are set in cells."""
COLON_EM: Final = 0.36

SCALE_STEP: Final = 0.05

STACKED_SCALE: Final = 1.25
"""Words under an icon grow no further: the icon has to stay."""

LEVELS: Final = {
    Level.NONE: (0, "brand", "ink"),
    Level.NOW: (1, "success", "success_strong"),
    Level.MIDDLE: (2, "brand", "ink"),
    Level.LONG: (3, "warn", "warn_strong"),
}
"""Bars, their colour, and the colour of the words, by how long the wait is."""


@dataclass(frozen=True, slots=True)
class Block:
    """Text set in lines. `cut`: the last line had to be shortened."""

    lines: tuple[str, ...]
    text: Text
    width: float
    cut: bool = False

    @property
    def height(self) -> float:
        """All lines."""
        return len(self.lines) * self.text.line


class Pen:
    """Makes items, in the order in which they are drawn."""

    def __init__(self, theme: Theme, measure: Measure) -> None:
        self.theme = theme
        self._measure = measure
        self.items: list[Item] = []
        self._parent = Box(0, 0, theme.width, theme.height)

    @property
    def screen(self) -> Box:
        """The whole screen."""
        return Box(0, 0, self.theme.width, self.theme.height)

    @contextmanager
    def inside(self, box: Box) -> Iterator[None]:
        """What is put down meanwhile has to lie in `box`."""
        before, self._parent = self._parent, box
        try:
            yield
        finally:
            self._parent = before

    # ------------------------------------------------------------ surfaces

    def panel(
        self,
        box: Box,
        fill: str,
        *,
        radius: float = 28,
        edge: str = "",
        border: str = "control_bar",
        lift: str = "none",
    ) -> Box:
        """A surface that only shows."""
        theme = self.theme
        self._add(
            Panel,
            box,
            fill=theme.colour(fill),
            radius=self._px(radius),
            edge=theme.colour(edge) if edge else "",
            edge_width=max(1.0, self._px(theme.border(border))) if edge else 0.0,
            shadow=self._shadow(lift),
        )
        return box

    def touch(self, box: Box, button: Button, look: Look, *, radius: float = 28, lift: str = "none") -> Box:
        """A surface that can be pressed, unless the button is off."""
        theme = self.theme
        act = None if button.off else Act(button.kind, button.what, button.says or button.text)
        self._add(
            Panel,
            box,
            fill=theme.colour(look.fill),
            radius=self._px(radius),
            edge=theme.colour(look.edge) if look.edge else "",
            edge_width=max(1.0, self._px(theme.border("control_bar"))) if look.edge else 0.0,
            shadow=self._shadow(lift),
            act=act,
            pressed=(theme.colour(look.pressed_fill), theme.colour(look.pressed_edge) if look.pressed_edge else ""),
        )
        return box

    def button(
        self, box: Box, button: Button, look_name: str = "", *, stacked: bool = False, radius: float = 28
    ) -> None:
        """A whole button: icon and words beside each other, or one above the other if `stacked`."""
        kind = look_name or ("off" if button.off else "main" if button.main else "on" if button.on else "plain")
        look = self.theme.look(kind)
        self.touch(box, button, look, radius=radius)
        with self.inside(box):
            if stacked:
                self._stacked(box, button, look)
            else:
                self._beside(box, button, look)
            if button.on:
                self._tick(box, look)

    def _stacked(self, box: Box, button: Button, look: Look) -> None:
        room = box.inset(8, 6)
        size = self.theme.text("small").size / self.theme.scale * min(self.theme.scale, STACKED_SCALE)
        text = button.short or button.text
        block = self.block(text, "small", room.w, height=room.h, weight=700, size=max(size, LEAST_TEXT))
        icon = min(48.0, room.h - block.height - 4)
        top = room.y + (room.h - block.height - icon - 4) / 2
        if icon >= 20:
            self.icon(Box(room.x, top, room.w, icon), button.icon, look.icon)
            top += icon + 4
        else:
            top = room.y + (room.h - block.height) / 2
        self.put(block, Box(room.x, top, room.w, block.height), look.ink, align="center")

    def _beside(self, box: Box, button: Button, look: Look) -> None:
        room = box.inset(min(24.0, box.w * 0.07), 4)
        icon = min(44.0, room.h * 0.5) if button.icon else 0.0
        gap = 14.0 if button.icon and button.text else 0.0
        block = self.block(button.text, "button", room.w - icon - gap, height=room.h) if button.text else None
        words = block.width if block is not None else 0.0
        left = room.x + (room.w - icon - gap - words) / 2
        if icon:
            self.icon(Box(left, room.y + (room.h - icon) / 2, icon, icon), button.icon, look.icon)
        if block is not None:
            self.put(block, Box(left + icon + gap, room.y, words, room.h), look.ink, align="center")

    def _tick(self, box: Box, look: Look) -> None:
        """Selected is never told by colour alone."""
        side = 34.0
        at = Box(box.right - side - 6, box.y + 6, side, side)
        self.panel(at, look.ink, radius=side / 2)
        self.icon(at.inset(7), "check", look.fill)

    def tile(self, box: Box, icon: str, ground: str, ink: str, *, radius: float = 28) -> None:
        """An icon on a square of colour; in high contrast the icon alone."""
        if not self.theme.high_contrast or ground.startswith("#FF"):
            self.panel(box, ground, radius=min(radius, box.w * 0.24))
        with self.inside(box):
            side = box.w * 0.52
            self.icon(box.centred(side, side), icon, ink)

    # ------------------------------------------------------------ text

    @contextmanager
    def as_large_as_fits(self, fits: Callable[[], bool]) -> Iterator[None]:
        """Sets what follows in the chosen size of text, or in the largest smaller one for which `fits` holds."""
        chosen = self.theme
        while self.theme.scale > 1.0 and not fits():
            self.theme = replace(self.theme, scale=max(1.0, self.theme.scale - SCALE_STEP))
        try:
            yield
        finally:
            self.theme = chosen

    def block(
        self,
        text: str,
        role: str,
        width: float,
        *,
        most: int | None = None,
        height: float | None = None,
        weight: int | None = None,
        size: float | None = None,
    ) -> Block:
        """Sets `text` in `most` lines (one, if nothing is said) and no more than `height` holds: as large as its role
        says, smaller if need be, cut only in the end.
        """
        wanted = self.theme.text(role)
        line_em = wanted.line / wanted.size
        heavy = weight or wanted.weight
        at = size or wanted.size
        while True:
            room = inf if height is None else (height + 1) / (at * line_em)
            limit = min(most or (1 if height is None else inf), room)
            lines = self._lines(text, heavy, at, width)
            whole = all(self.width_of(piece, heavy, at) <= width for piece in (*text.split(), *lines))
            if whole and len(lines) <= limit:
                return self._set(lines, Text(at, at * line_em, heavy), cut=False)
            if at <= LEAST_TEXT:
                break
            at = max(LEAST_TEXT, at - 1)
        kept = max(1, int(limit))
        if len(lines) > kept:
            lines = [*lines[: kept - 1], self._cut(" ".join(lines[kept - 1 :]), heavy, at, width)]
            whole = False
        return self._set(lines, Text(at, at * line_em, heavy), cut=not whole)

    def put(self, block: Block, box: Box, colour: str, *, align: str = "left", valign: str = "middle") -> None:
        """Puts set text into a box."""
        spare = box.h - block.height
        top = box.y + {"top": 0.0, "middle": spare / 2, "bottom": spare}[valign]
        for at, line in enumerate(block.lines):
            width = self.width_of(line, block.text.weight, block.text.size)
            left = box.x + {"left": 0.0, "center": (box.w - width) / 2, "right": box.w - width}[align]
            place = Box(left, top + at * block.text.line, width, block.text.line)
            self._word(line, place, block.text, colour, cut=block.cut and at == len(block.lines) - 1)

    def words(
        self,
        box: Box,
        text: str,
        role: str,
        colour: str = "ink",
        *,
        align: str = "left",
        valign: str = "middle",
        weight: int | None = None,
        most: int | None = None,
    ) -> Block:
        """Sets text for a box, in as many lines as it has room for, and puts it there."""
        block = self.block(text, role, box.w, most=most, height=box.h, weight=weight)
        self.put(block, box, colour, align=align, valign=valign)
        return block

    def figures(self, box: Box, text: str, role: str, colour: str, *, align: str = "right") -> None:
        """A clock or a countdown: every figure in a cell of its own, so that nothing moves when one changes."""
        style = self.theme.text(role)
        cells = [(one, CELL_EM if one.isdecimal() else COLON_EM) for one in text]
        most = box.w / sum(wide for _, wide in cells)
        if style.size > most:
            style = Text(most, style.line * most / style.size, style.weight)
        cells = [(one, wide * style.size) for one, wide in cells]
        width = sum(wide for _, wide in cells)
        left = box.right - width if align == "right" else box.x + (box.w - width) / 2
        for one, wide in cells:
            own = self.width_of(one, style.weight, style.size)
            place = Box(left + (wide - own) / 2, box.y + (box.h - style.line) / 2, own, style.line)
            self._word(one, place, style, colour)
            left += wide

    def width_of(self, text: str, weight: int, size: float) -> float:
        """How wide a text is, in reference pixels."""
        return self._measure(text, weight, self._size(size)) / self.theme.unit

    def _lines(self, text: str, weight: int, size: float, width: float) -> list[str]:
        measure = lambda piece: self.width_of(piece, weight, size)  # noqa: E731 - one expression, used here only
        return [line for paragraph in text.split("\n") for line in wrapped(paragraph, max(1, int(width)), measure)]

    def _cut(self, text: str, weight: int, size: float, width: float) -> str:
        return shortened(text, max(1, int(width)), lambda piece: self.width_of(piece, weight, size))

    def _set(self, lines: Sequence[str], text: Text, *, cut: bool) -> Block:
        width = max((self.width_of(line, text.weight, text.size) for line in lines), default=0.0)
        return Block(tuple(lines), text, width, cut)

    def _word(self, text: str, place: Box, style: Text, colour: str, *, cut: bool = False) -> None:
        self._add(
            Words,
            place,
            text=text,
            size=self._size(style.size),
            weight=style.weight,
            colour=self.theme.colour(colour),
            cut=cut,
        )

    # ------------------------------------------------------------ pictures

    def icon(self, box: Box, name: str, colour: str) -> None:
        """An icon in the middle of a box, as large as fits."""
        side = min(box.w, box.h)
        self._add(Icon, box.centred(side, side), name=name, colour=self.theme.colour(colour))

    def bars(self, box: Box, level: Level) -> None:
        """How long a wait is."""
        count, colour, _ = LEVELS[level]
        theme = self.theme
        edge = theme.colour("line_strong") if theme.high_contrast else ""
        self._add(Bars, box, level=count, on=theme.colour(colour), off=theme.colour("meter_off"), edge=edge)

    def dots(self, box: Box, colour: str, every: float = 20.0) -> None:
        """A row of dots across a box."""
        self._add(Dots, box, count=max(2, int(box.w // every)), colour=self.theme.colour(colour))

    def drum(self, box: Box) -> None:
        """Rings around the middle of a box; not in high contrast."""
        if not self.theme.high_contrast:
            self._add(Drum, box, colour=self.theme.colour("header_text"))

    def code(self, box: Box, text: str) -> None:
        """A QR code in the middle of a box."""
        side = min(box.w, box.h)
        self._add(Code, box.centred(side, side), text=text)

    # ------------------------------------------------------------ into the screen's own pixels

    def _add(self, kind: type[Item], box: Box, **fields: object) -> None:
        self.items.append(kind(self._on_screen(box), self._on_screen(self._parent), **fields))

    def _on_screen(self, box: Box) -> Box:
        left, top = round(box.x * self.theme.unit), round(box.y * self.theme.unit)
        right, bottom = round(box.right * self.theme.unit), round(box.bottom * self.theme.unit)
        return Box(left, top, right - left, bottom - top)

    def _px(self, length: float) -> float:
        return round(length * self.theme.unit)

    def _size(self, size: float) -> int:
        """A size of text in pixels: rounded up, so that the least stays what it is."""
        return int(-(-size * self.theme.unit // 1))

    def _shadow(self, lift: str) -> tuple[float, float, float] | None:
        found = self.theme.shadow(lift)
        return None if found is None else (self._px(found[0]), self._px(found[1]), found[2])


def pressing(kind: Kind, what: str, says: str) -> Button:
    """A button without words of its own: a card, an emblem."""
    return Button(what, "", kind=kind, says=says)
