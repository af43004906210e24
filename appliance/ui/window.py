"""The kiosk's window: a screen (`appliance.screen`) that Kivy draws."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from appliance.errors import NoPicture
from appliance.flow.press import Press
from appliance.flow.ways import is_personal
from appliance.layout.arrange import arrange
from appliance.layout.items import Act, Picture
from appliance.presenter.screen import Presenter, blanked
from appliance.screen_size import SizeSet
from appliance.ui.glass import FRAMES_PER_S, open_window
from appliance.view import Kind, View

if TYPE_CHECKING:
    from appliance.flow import events as ev
    from appliance.flow.kiosk import Kiosk

    Post = Callable[[ev.Event], None]

PICTURE_LIMIT_S: Final = 5.0


@dataclass(frozen=True)
class _Tap:
    """A finger for a moment; a touch as far as the stage asks."""

    x: float
    y: float
    uid: str = "tap"


class KioskWindow:
    """See `appliance.screen.Screen`. Made on the thread that runs it."""

    def __init__(
        self,
        post: Post,
        slips: Callable[[], tuple[str, ...]],
        now: Callable[[], datetime],
        presenter: Presenter,
        *,
        size: SizeSet,
        offscreen: bool = False,
    ) -> None:
        self._post = post
        self._slips = slips
        self._now = now
        self._presenter = presenter
        self._window, self.size = open_window(size, offscreen=offscreen)
        from appliance.ui.letters import measure
        from appliance.ui.stage import Stage

        self._measure = measure
        self._stage = Stage(self.size, self._pressed)
        self._window.add_widget(self._stage)
        self._asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._kiosk: Kiosk | None = None
        self._view: View | None = None
        self._stopping = False
        self._drawn = False
        self._window.bind(on_flip=self._note_drawn)

    # ------------------------------------------------------------ on the window's thread

    def show(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        view = self._presenter.view(kiosk, self._now(), self._slips())
        if view != self._view:
            self._view = view
            self._stage.show(self._arranged(view))

    def run(self, tick: Callable[[], None]) -> None:
        from kivy.base import runTouchApp, stopTouchApp
        from kivy.clock import Clock

        def each_frame(_passed_s: float) -> None:
            self._do_what_was_asked()
            if self._drawn:  # the first frame waits for nothing that a tick may begin
                tick()
            if self._stopping:
                stopTouchApp()

        Clock.schedule_interval(each_frame, 1 / FRAMES_PER_S)
        try:
            runTouchApp()
        finally:
            Clock.unschedule(each_frame)

    def _note_drawn(self, *_: object) -> None:
        self._drawn = True

    def _pressed(self, act: Act, serial: int) -> None:
        self._post(event_of(act, serial))

    def _arranged(self, view: View) -> Picture:
        return arrange(view, self.size, self._measure)

    def _do_what_was_asked(self) -> None:
        while True:
            try:
                self._asked.get_nowait()()
            except queue.Empty:
                return

    # ------------------------------------------------------------ from any thread

    def stop(self) -> None:
        self._stopping = True

    def picture(self, *, blanked: bool) -> bytes:
        drawn: Future[tuple[tuple[int, int], bytes]] = Future()
        self._asked.put(lambda: self._draw_apart(drawn, blanked=blanked))
        try:
            size, pixels = drawn.result(PICTURE_LIMIT_S)
        except TooLate as late:
            raise NoPicture("the screen did not draw in time") from late
        return png(size, pixels)

    def tap(self, x: float, y: float) -> None:
        touch = _Tap(x * self.size.width, (1 - y) * self.size.height)
        self._asked.put(lambda: self._tap(touch))

    def _tap(self, touch: _Tap) -> None:
        self._stage.on_touch_down(touch)
        self._stage.on_touch_up(touch)

    def _draw_apart(self, drawn: Future[tuple[tuple[int, int], bytes]], *, blanked: bool) -> None:
        """What is shown, drawn once more beside the window: so its content can be another one."""
        try:
            if self._view is None or self._kiosk is None:
                raise NoPicture("nothing was shown yet")
            view = self._blank(self._view) if blanked and is_personal(self._kiosk.screen) else self._view
            drawn.set_result(self._stage.draw_apart(self._arranged(view)))
        except Exception as problem:  # a listed catch: who asked is told, and the screen goes on
            drawn.set_exception(problem)

    def _blank(self, view: View) -> View:
        return replace(blanked(view, self._presenter.words(view.language)), serial=view.serial)


def event_of(act: Act, serial: int) -> ev.Event:
    """What a press means to the flow."""
    from appliance.flow import events as ev  # the first press is pressed after the first screen

    match act.kind:
        case Kind.PRESS:
            return ev.Pressed(Press(act.what), serial)
        case Kind.CHOOSE:
            return ev.Chose(act.what, serial)
        case Kind.TYPE:
            return ev.Typed(act.what, serial)


def png(size: tuple[int, int], pixels: bytes) -> bytes:
    """RGBA rows from the bottom up, as PNG."""
    from io import BytesIO

    from PIL import Image

    image: Any = Image.frombytes("RGBA", size, pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB")
    out = BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
