"""The window's only widget: it shows pictures and tells what was pressed."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import Color, Fbo, InstructionGroup, Rectangle
from kivy.uix.widget import Widget

from appliance.layout import touching
from appliance.layout.items import Act, Item, Panel, Picture
from appliance.layout.theme import ScreenSize
from appliance.ui.letters import Textures
from appliance.ui.strokes import Strokes, rgb

Pressed = Callable[[Act, int], None]
"""Told of a press: what it does, and the number of the screen it was made on."""


class Stage(Widget):
    """`show` draws what has changed since the last picture, and nothing else."""

    def __init__(self, screen: ScreenSize, pressed: Pressed, **options: Any) -> None:
        super().__init__(size_hint=(None, None), size=(screen.width, screen.height), **options)
        self._screen = screen
        self._pressed = pressed
        self._strokes = Strokes(screen.height, Textures())
        self._fingers = touching.Fingers()
        self._items: list[Item] = []
        self._groups: list[InstructionGroup] = []
        self._held: Panel | None = None
        self.picture: Picture | None = None
        with self.canvas:
            self._ground = Color(1, 1, 1)
            Rectangle(pos=(0, 0), size=(screen.width, screen.height))
        self._drawing = InstructionGroup()
        self.canvas.add(self._drawing)

    def show(self, picture: Picture) -> None:
        """Draws `picture`: what it begins and ends with as the last one stays as it is."""
        before = self.picture
        self.picture = picture
        if before is None or before.ground != picture.ground:
            self._ground.rgb = rgb(picture.ground)
        new = list(picture.items)
        head = _alike(self._items, new)
        tail = min(_alike(self._items[::-1], new[::-1]), len(new) - head, len(self._items) - head)
        old_stop, new_stop = len(self._items) - tail, len(new) - tail
        for group in self._groups[head:old_stop]:
            self._drawing.remove(group)
        made = [self._strokes.of(item) for item in new[head:new_stop]]
        for at, group in enumerate(made):
            self._drawing.insert(head + at, group)
        self._groups[head:old_stop] = made
        self._items = new
        self._held = None
        self._hold()

    def draw_apart(self, picture: Picture) -> tuple[tuple[int, int], bytes]:
        """A picture's size and pixels (RGBA, rows from the bottom up), without showing it."""
        size = (self._screen.width, self._screen.height)
        beside = Fbo(size=size)
        beside.add(Color(*rgb(picture.ground)))
        beside.add(Rectangle(pos=(0, 0), size=size))
        for item in picture.items:
            beside.add(self._strokes.of(item))
        beside.draw()
        return size, bytes(beside.pixels)

    # ------------------------------------------------------------ fingers

    def on_touch_down(self, touch: Any) -> bool:
        """A finger comes down."""
        if self.picture is not None:
            self._fingers = touching.touched(self._fingers, touch.uid, self.picture, touch.x, self._top(touch.y))
            self._hold()
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """A finger moves."""
        self._fingers = touching.moved(self._fingers, touch.uid, touch.x, self._top(touch.y))
        self._hold()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """A finger goes, and has perhaps pressed something."""
        self._fingers, pressing = touching.left(self._fingers, touch.uid, touch.x, self._top(touch.y))
        self._hold()
        if pressing is not None and pressing.target.act is not None:
            self._pressed(pressing.target.act, pressing.serial)
        return True

    def _top(self, y: float) -> float:
        return self._screen.height - y

    def _hold(self) -> None:
        """Lets the pressed target look pressed, and no other."""
        held = self._fingers.held
        if held == self._held:
            return
        for panel in (self._held, held):
            if panel is not None and panel in self._items:
                at = self._items.index(panel)
                self._drawing.remove(self._groups[at])
                self._groups[at] = self._strokes.of(panel, held=panel == held)
                self._drawing.insert(at, self._groups[at])
        self._held = held


def _alike(old: list[Item], new: list[Item]) -> int:
    """How many items from the beginning are the same."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count
