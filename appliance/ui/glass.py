"""Kivy set up for a kiosk: before it is first imported, for it listens to the environment and to its configuration."""

import os
from typing import Any, Final

from appliance.layout.theme import REFERENCE_PX_PER_MM, ScreenSize
from appliance.screen_size import SizeSet
from appliance.ui.edid import size_of_display

FRAMES_PER_S: Final = 30
LONG_SIDE: Final = 1920
"""Pixels of the reference kiosk's longer side: a window on a desk without a size in millimetres imitates it."""

ENVIRONMENT: Final = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_METRICS_FONTSCALE": "1",
    "KIVY_DPI": "96",
}
WITHOUT_DISPLAY: Final = {"SDL_VIDEODRIVER": "offscreen"}


def open_window(wanted: SizeSet, *, offscreen: bool) -> tuple[Any, ScreenSize]:
    """Kivy's window, and how large it is. `offscreen`: drawn all the same, without a display."""
    os.environ.update(ENVIRONMENT)
    if offscreen:
        os.environ.update(WITHOUT_DISPLAY)
    _configure(wanted, offscreen=offscreen)
    from kivy.base import EventLoop
    from kivy.core.window import Window
    from kivy.graphics.opengl import glFinish

    EventLoop.ensure_window()
    Window.show_cursor = False
    Window.bind(on_flip=lambda *_: glFinish())  # or frames wait in a line of their own, and memory with them
    width, height = (wanted.width, wanted.height) if _is_set(wanted) else map(int, Window.system_size)
    return Window, measured(wanted, width, height)


def measured(wanted: SizeSet, width: int, height: int) -> ScreenSize:
    """A screen of so many pixels: in millimetres as set, else as the display says itself, else like the reference."""
    if wanted.width_mm > 0:
        return ScreenSize(width, height, width / wanted.width_mm)
    if wanted.height_mm > 0:
        return ScreenSize(width, height, height / wanted.height_mm)
    if _is_set(wanted):
        return ScreenSize(width, height, REFERENCE_PX_PER_MM * max(width, height) / LONG_SIDE)
    display = size_of_display()
    if display is not None:
        return ScreenSize(width, height, max(width, height) / max(display))
    return ScreenSize(width, height, REFERENCE_PX_PER_MM * max(width, height) / LONG_SIDE)


def _is_set(wanted: SizeSet) -> bool:
    return wanted.width > 0 and wanted.height > 0


def _configure(wanted: SizeSet, *, offscreen: bool) -> None:
    from kivy.config import Config

    window = _is_set(wanted)
    graphics = {
        "multisamples": 0,  # edges are smooth by themselves; samples cost ten times as much
        "maxfps": FRAMES_PER_S,
        "resizable": 0,
        "borderless": 0 if window and not offscreen else 1,
        "fullscreen": 0 if window or offscreen else "auto",
        "verify_gl_main_thread": 0,
    }
    if window:
        graphics |= {"width": wanted.width, "height": wanted.height}
    elif offscreen:
        graphics |= {"width": 1080, "height": LONG_SIDE}
    for key, value in graphics.items():
        Config.set("graphics", key, str(value))
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "log_level", "critical")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    for name in list(dict(Config.items("modules"))):
        Config.remove_option("modules", name)
