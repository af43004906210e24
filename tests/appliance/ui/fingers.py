"""A finger on the glass: real touches, through Kivy's own input."""

from typing import Any

from appliance.layout.items import Panel
from appliance.ui.window import KioskWindow
from tests.appliance.ui.frames import draw


class Finger:
    """Touches targets where they stand. Each touch is a new one to Kivy. `draws`: a frame after each step, where nobody
    else sees to it."""

    def __init__(self, window: KioskWindow, *, draws: bool = True) -> None:
        from kivy.base import EventLoop
        from kivy.input.motionevent import MotionEvent

        class Touch(MotionEvent):
            def __init__(self, number: int) -> None:
                super().__init__("finger", str(number), {}, is_touch=True, type_id="touch")
                self.profile = ["pos"]

            def depack(self, args: dict[str, float]) -> None:
                self.sx, self.sy = args.get("x", 0.0), args.get("y", 0.0)
                super().depack(args)

        self._loop = EventLoop
        self._kind = Touch
        self._size = window.size
        self._draws = draws
        self._count = 0
        self._down: Any = None

    def tap(self, panel: Panel) -> None:
        """Down and up."""
        self.down(panel)
        self.up(panel)

    def down(self, panel: Panel) -> None:
        """Comes down, and stays."""
        self._down = self._new()
        self._tell("begin", self._down, panel)

    def up(self, panel: Panel) -> None:
        """Goes."""
        self._tell("end", self._down, panel)

    def drag(self, start: Panel, end: Panel) -> None:
        """Comes down on one and goes on another."""
        touch = self._new()
        self._tell("begin", touch, start)
        self._tell("update", touch, end)
        self._tell("end", touch, end)

    def palm(self, *panels: Panel) -> None:
        """On all of them at once."""
        touches = [self._new() for _ in panels]
        for what in ("begin", "end"):
            for touch, panel in zip(touches, panels, strict=True):
                self._tell(what, touch, panel)

    def _new(self) -> Any:
        self._count += 1
        return self._kind(self._count)

    def _tell(self, what: str, touch: Any, panel: Panel) -> None:
        x, y = panel.box.middle
        touch.move({"x": x / self._size.width, "y": 1 - y / self._size.height})
        touch.scale_for_screen(self._size.width, self._size.height)
        self._loop.post_dispatch_input(what, touch)
        if self._draws:
            draw(1)
