"""One window without a display for all tests of this process; pictures of other sizes are drawn beside it."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from appliance.flow import events as ev
from appliance.screen_size import SizeSet
from appliance.ui.window import KioskWindow
from tests.appliance.screens import NOW, presenter


class Wall:
    """A clock on the wall that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def one_window() -> KioskWindow:
    """The window; its posts go to whoever has it at the time."""
    wall = Wall()
    posted: list[Callable[[ev.Event], None]] = []

    def post(event: ev.Event) -> None:
        posted[-1](event)

    window = KioskWindow(
        post,
        tuple,
        wall,
        presenter(),
        size=SizeSet(width=1080, height=1920),
        offscreen=True,
    )
    from kivy.clock import Clock

    Clock._max_fps = 0  # a test waits for no frame
    window.told = posted  # type: ignore[attr-defined]
    window.wall = wall  # type: ignore[attr-defined]
    return window


@pytest.fixture
def posted(one_window: KioskWindow) -> Iterator[list[ev.Event]]:
    """What the window posts during this test."""
    heard: list[ev.Event] = []
    one_window.told.append(heard.append)  # type: ignore[attr-defined]
    yield heard
    one_window.told.pop()  # type: ignore[attr-defined]
