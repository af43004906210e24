"""The screens of the centre's staff: the door, and what is behind it."""

from appliance.bodies import PinPad, StaffDesk
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk, seconds_left
from appliance.flow.press import Press
from appliance.texts import Texts
from appliance.view import Button, Fact, Kind

PIN_DIGITS = 6


def pin_pad(kiosk: Kiosk, screen: sc.StaffPin, words: Texts) -> PinPad:
    """The door: digits to type."""
    blocked = seconds_left(screen.blocked_until_s, kiosk)
    note = words("pin.blocked", seconds=blocked) if blocked else words("pin.wrong") if screen.wrong else ""
    digits = [tuple(Button(key, key, kind=Kind.TYPE) for key in row) for row in ("123", "456", "789")]
    erase = Button("backspace", "", "delete", Kind.TYPE, says=words("find.backspace"))
    keys = (*digits, (erase, Button("0", "0", kind=Kind.TYPE)))
    return PinPad(words("pin.title"), words("pin.lead"), len(screen.digits), PIN_DIGITS, note, keys)


def staff_desk(kiosk: Kiosk, screen: sc.StaffMenu, words: Texts, slips: tuple[str, ...]) -> StaffDesk:
    """How things stand, and what staff can do about it."""
    world = kiosk.world
    return StaffDesk(
        title=words("staff.title"),
        facts=(
            Fact("wifi", words("staff.hub"), words("staff.ok" if world.hub_online else "staff.lost")),
            Fact("printer", words("staff.printer"), words(f"link.{world.printer_link}")),
            Fact("receipt-text", words("staff.paper"), words(f"paper.{world.printer_paper}")),
        ),
        buttons=(
            Button(Press.TEST_PRINT, words("staff.test_print"), "printer"),
            Button(Press.RESTART, words("staff.restart"), "rotate-ccw"),
            Button(Press.QUIETER, words("staff.quieter"), "volume-1"),
            Button(Press.LOUDER, words("staff.louder"), "volume-2"),
        ),
        note=words(f"staff.note.{screen.note}") if screen.note else "",
        slips_title=words("staff.slips"),
        slips=slips,
        no_slips=words("staff.no_slips"),
    )
