"""The staff's door, its PIN, and the menu behind it."""

from dataclasses import replace
from typing import Final

from appliance.flow import effects as fx
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.flow.press import Press
from appliance.flow.ways import NOTHING, Stepped, go_home, show, under

DOOR_PRESSES: Final = 5
DOOR_WITHIN_S: Final = 4.0
PIN_DIGITS: Final = 6
PIN_TRIES: Final = 3
PIN_BLOCK_S: Final = 30.0


def door_pressed(kiosk: Kiosk) -> Stepped:
    """Five presses on the emblem within four seconds; nothing shows that there is a door. It never stands in the way
    of somebody's number."""
    recent = tuple(at for at in kiosk.door_presses if kiosk.now_s - at < DOOR_WITHIN_S)
    presses = (*recent, kiosk.now_s)
    taken = isinstance(under(kiosk.screen), sc.Working | sc.Result | sc.StaffPin | sc.StaffMenu)
    if len(presses) < DOOR_PRESSES or not kiosk.policy.pin_hash or taken:
        return replace(kiosk, door_presses=presses[-DOOR_PRESSES:]), NOTHING
    return show(replace(kiosk, door_presses=()), sc.StaffPin()), NOTHING


def pin_typed(kiosk: Kiosk, screen: sc.StaffPin, key: str) -> Stepped:
    """A digit of the PIN. Wrong ones are answered with a growing wait."""
    if key == "backspace":
        return replace(kiosk, screen=replace(screen, digits=screen.digits[:-1])), NOTHING
    if not (len(key) == 1 and key.isdecimal()) or kiosk.now_s < screen.blocked_until_s:
        return kiosk, NOTHING
    digits = screen.digits + key
    if len(digits) < PIN_DIGITS:
        return replace(kiosk, screen=replace(screen, digits=digits)), NOTHING
    if kiosk.policy.opens(digits):
        return show(kiosk, sc.StaffMenu()), NOTHING
    wrong = screen.wrong + 1
    blocked_s = 0.0 if wrong < PIN_TRIES else PIN_BLOCK_S * 2 ** min(wrong - PIN_TRIES, 6)
    return replace(kiosk, screen=sc.StaffPin("", wrong, kiosk.now_s + blocked_s)), NOTHING


def menu_pressed(kiosk: Kiosk, screen: sc.StaffMenu, what: Press) -> Stepped:
    """What staff can do."""
    match what:
        case Press.TEST_PRINT:
            return show(kiosk, replace(screen, note="test-print")), (fx.TestPrint(),)
        case Press.LOUDER | Press.QUIETER:
            steps = 1 if what is Press.LOUDER else -1
            return show(kiosk, replace(screen, note="volume")), (fx.SetVolume(steps),)
        case Press.RESTART:
            return show(kiosk, replace(screen, note="restart")), (fx.Restart(),)
        case Press.LEAVE | Press.BACK | Press.DONE:
            return go_home(kiosk), NOTHING
        case _:
            return kiosk, NOTHING
