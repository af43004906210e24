"""The staff's door and menu."""

from dataclasses import replace

import pytest

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.press import Press
from appliance.flow.step import step
from tests.appliance.flow.hall import PIN, REQUEST, TICKET, kiosk
from tests.appliance.flow.walking import FRESH, tap, walk

FOUR_ALREADY = (99.1, 99.2, 99.3, 99.4)


def test_the_staff_door_needs_five_presses_and_the_pin() -> None:
    """Wrong digits are answered with a growing wait."""
    one, _ = walk(kiosk(sc.Home()), *(tap(Press.STAFF_DOOR) for _ in range(3)))
    assert one.screen == sc.Home()
    one = replace(kiosk(sc.Home()), door_presses=FOUR_ALREADY)
    one, _ = step(one, ev.Pressed(Press.STAFF_DOOR, one.serial), FRESH)
    assert one.screen == sc.StaffPin()
    for _ in range(3):
        one, _ = walk(one, *(ev.Typed(digit, 0) for digit in "000000"))
    assert isinstance(one.screen, sc.StaffPin)
    assert one.screen.blocked_until_s > one.now_s
    still, _ = walk(one, *(ev.Typed(digit, 0) for digit in PIN))
    assert isinstance(still.screen, sc.StaffPin)
    one = replace(one, now_s=one.screen.blocked_until_s + 1, touched_s=one.screen.blocked_until_s + 1)
    one, _ = walk(one, *(ev.Typed(digit, 0) for digit in PIN))
    assert one.screen == sc.StaffMenu()


@pytest.mark.parametrize(
    "screen",
    [
        sc.Working(REQUEST, "birth", "ordinary", 99.0),
        *(sc.Result(TICKET, paper, 160.0) for paper in sc.Paper),
        sc.HelpCalled(sc.Result(TICKET, sc.Paper.FAILED, 160.0), True, 108.0),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_door_takes_nobody_the_number_from_before_the_eyes(screen: sc.Screen) -> None:
    """Without paper the screen is all there is of it."""
    one = replace(kiosk(screen), door_presses=FOUR_ALREADY)
    assert step(one, ev.Pressed(Press.STAFF_DOOR, one.serial), FRESH)[0].screen == screen


def test_the_door_leads_back_to_what_must_be_shown() -> None:
    """Staff who come while the hub is away leave the kiosk as it has to be."""
    one, _ = walk(kiosk(sc.StaffPin()), ev.HubChanged(False), tap(Press.BACK))
    assert one.screen == sc.NoHub()


def test_what_staff_can_do() -> None:
    """A test slip, the volume, a restart; and home."""
    one, effects = walk(
        kiosk(sc.StaffMenu()), tap(Press.TEST_PRINT), tap(Press.LOUDER), tap(Press.QUIETER), tap(Press.RESTART)
    )
    assert effects == [fx.TestPrint(), fx.SetVolume(1), fx.SetVolume(-1), fx.Restart()]
    assert one.screen == sc.StaffMenu("restart")
    assert walk(one, tap(Press.LEAVE))[0].screen == sc.Home()
