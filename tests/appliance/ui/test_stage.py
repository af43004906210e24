"""The stage: draws what has changed and nothing else, and tells what real fingers press."""

from dataclasses import replace
from typing import Any

import pytest

from appliance.flow import events as ev
from appliance.flow.press import Press
from appliance.layout.items import Panel
from appliance.ui.window import KioskWindow
from tests.appliance.screens import SCREENS, kiosk
from tests.appliance.ui.fingers import Finger
from tests.appliance.ui.frames import Glass, draw


def show(window: KioskWindow, name: str, **changes: Any) -> None:
    window.show(replace(kiosk(SCREENS[name]), **changes))
    draw()


def target(window: KioskWindow, what: str) -> Panel:
    picture = window._stage.picture
    assert picture is not None
    return next(one for one in picture.targets() if one.act is not None and one.act.what == what)


@pytest.fixture
def finger(one_window: KioskWindow) -> Finger:
    return Finger(one_window)


def test_a_touch_becomes_an_event_of_the_screen_it_was_made_on(
    one_window: KioskWindow, posted: list[ev.Event], finger: Finger
) -> None:
    """A press, a choice and a key; each with the serial of what was shown."""
    show(one_window, "home", serial=3)
    finger.tap(target(one_window, "take-number"))
    show(one_window, "groups", serial=4)
    finger.tap(target(one_window, "land"))
    show(one_window, "finding", serial=5)
    finger.tap(target(one_window, "k"))
    assert posted == [ev.Pressed(Press.TAKE_NUMBER, 3), ev.Chose("land", 4), ev.Typed("k", 5)]


def test_two_fast_taps_are_two_events_of_one_screen(
    one_window: KioskWindow, posted: list[ev.Event], finger: Finger
) -> None:
    """The flow tells by the serial that the second means nothing."""
    show(one_window, "groups", serial=8)
    for _ in range(2):
        finger.tap(target(one_window, "land"))
    assert posted == [ev.Chose("land", 8)] * 2


def test_a_drag_and_a_palm_press_nothing(one_window: KioskWindow, posted: list[ev.Event], finger: Finger) -> None:
    """Through Kivy's own input, not only on paper."""
    show(one_window, "groups")
    land, social = target(one_window, "land"), target(one_window, "social")
    finger.drag(land, social)
    finger.palm(land, social)
    assert posted == []
    finger.tap(land)
    assert len(posted) == 1


def test_what_is_pressed_looks_pressed(one_window: KioskWindow, posted: list[ev.Event], finger: Finger) -> None:
    """As long as the finger is on it."""
    show(one_window, "groups")
    land = target(one_window, "land")
    spot = replace(land.box, x=land.box.x + land.box.w * 0.55, w=20, h=20, y=land.box.y + 12)
    before = _glass(one_window).share_of(land.fill, spot, 9)
    finger.down(land)
    held = _glass(one_window).share_of(land.pressed[0], spot, 9)
    finger.up(land)
    assert (before, held) == (1.0, 1.0)
    assert _glass(one_window).share_of(land.fill, spot, 9) == 1.0


def _glass(window: KioskWindow) -> Glass:
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

    draw()
    size = (window.size.width, window.size.height)
    return Glass(size, bytes(glReadPixels(0, 0, *size, GL_RGBA, GL_UNSIGNED_BYTE)))


def test_a_countdown_draws_its_words_again_and_nothing_else(one_window: KioskWindow) -> None:
    """A frame in which a second has passed costs a word."""
    show(one_window, "result", now_s=0.0)
    before = list(one_window._stage._groups)
    show(one_window, "result", now_s=1.0)
    after = one_window._stage._groups
    kept = sum(one is other for one in before for other in after)
    assert len(after) - kept <= 3


def test_the_same_screen_is_not_drawn_again(one_window: KioskWindow) -> None:
    """Told once a second, it looks whether anything is new."""
    show(one_window, "home")
    before = list(one_window._stage._groups)
    show(one_window, "home")
    assert all(one is other for one, other in zip(before, one_window._stage._groups, strict=True))


def test_textures_do_not_pile_up(one_window: KioskWindow) -> None:
    """However many numbers are shown."""
    from tests.appliance.screens import TICKET

    for number in range(700):
        shown = replace(SCREENS["result"].screen, ticket=TICKET.model_copy(update={"number": f"A{number:03}"}))
        one_window.show(replace(kiosk(SCREENS["result"]), screen=shown, serial=number))
    kept = one_window._stage._strokes._textures._kept
    assert len(kept) <= one_window._stage._strokes._textures._most
