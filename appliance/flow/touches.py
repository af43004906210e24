"""What fingers mean: presses, choices and keys, on the screen of their moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from appliance.finding.keyboard import opened, press
from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import TEXT_SIZES, Kiosk
from appliance.flow.press import Press
from appliance.flow.staff import door_pressed, menu_pressed, pin_typed
from appliance.flow.ways import NOTHING, Stepped, above, first, go_home, is_busy, name_of, show

SETTLE_S: Final = 0.35
"""A press so soon after the screen changed was meant for the one before (a double tap, a palm)."""

HELP_S: Final = 8.0
TWICE_WITHIN_S: Final = 60.0


def touched(kiosk: Kiosk, event: ev.Pressed | ev.Chose | ev.Typed, fresh: str) -> Stepped:
    """The next state. A touch that was meant for a screen before this one changes nothing."""
    if event.serial != kiosk.serial or kiosk.now_s - kiosk.changed_s < SETTLE_S:
        return kiosk, NOTHING
    kiosk = replace(kiosk, touched_s=kiosk.now_s)
    match event:
        case ev.Pressed(what) if what in _ALWAYS:
            return _ALWAYS[what](kiosk)
        case ev.Pressed(what):
            return _pressed(kiosk, what, fresh)
        case ev.Chose(chosen):
            return _chose(kiosk, chosen, fresh)
        case ev.Typed(key):
            return _typed(kiosk, key)


def _pressed(kiosk: Kiosk, what: Press, fresh: str) -> Stepped:
    match kiosk.screen, what:
        case sc.StillThere(below), Press.MORE_TIME:
            return show(kiosk, below), NOTHING
        case sc.HelpCalled(below), Press.DONE | Press.BACK:
            return show(kiosk, below), NOTHING
        case sc.Home(), Press.TAKE_NUMBER:
            return show(kiosk, sc.Groups()), NOTHING
        case sc.Groups() | sc.Services(), Press.FIND:
            return show(kiosk, sc.Finding(opened(kiosk.comfort.language))), NOTHING
        case sc.Groups() | sc.Services() | sc.Finding() | sc.Classes() | sc.StaffMenu(), Press.NEXT_PAGE:
            return show(kiosk, replace(kiosk.screen, page=kiosk.screen.page + 1)), NOTHING
        case sc.Confirming(service, class_), Press.YES:
            return _ask(kiosk, service, class_, fresh)
        case sc.Result(paper=paper), Press.DONE if paper is not sc.Paper.COMING:
            return go_home(kiosk), NOTHING
        case sc.Result(paper=paper), Press.ANOTHER if paper is not sc.Paper.COMING:
            return _another(kiosk), NOTHING
        case sc.Result(paper=sc.Paper.FAILED), Press.MORE_TIME:
            longer = replace(kiosk.screen, until_s=kiosk.now_s + kiosk.policy.trouble_s)
            return replace(kiosk, screen=longer), NOTHING
        case sc.Refused(), Press.DONE | Press.BACK:
            return go_home(kiosk), NOTHING
        case sc.StaffMenu(), _:
            return menu_pressed(kiosk, kiosk.screen, what)
        case _, Press.BACK:
            return _back(kiosk)
        case _:
            return kiosk, NOTHING


def _another(kiosk: Kiosk) -> Kiosk:
    """The same visitor goes on, and keeps language and text size; what must be shown comes first."""
    home = go_home(kiosk)
    at_first = home.screen == first(home)
    return show(kiosk, sc.Groups()) if at_first else home


def _back(kiosk: Kiosk) -> Stepped:
    match kiosk.screen:
        case sc.Services() | sc.Finding():
            return show(kiosk, sc.Groups()), NOTHING
        case sc.Classes(service) | sc.Confirming(service):
            return show(kiosk, above(kiosk.world, service)), NOTHING
        case sc.Groups():
            return show(kiosk, first(kiosk)), NOTHING
        case sc.StaffPin():
            return go_home(kiosk), NOTHING
        case _:
            return kiosk, NOTHING


def _chose(kiosk: Kiosk, chosen: str, fresh: str) -> Stepped:
    match kiosk.screen:
        case sc.Groups():
            group = kiosk.world.group(chosen)
            if group is None:
                return kiosk, NOTHING
            if len(group.services) == 1:
                return _chose_service(kiosk, group.services[0].id, fresh)
            return show(kiosk, sc.Services(chosen)), NOTHING
        case sc.Services() | sc.Finding():
            return _chose_service(kiosk, chosen, fresh)
        case sc.Classes(service):
            found = kiosk.world.service(service)
            if found is None or chosen not in found.classes:
                return kiosk, NOTHING
            return _ask_or_doubt(kiosk, service, chosen, fresh)
        case _:
            return kiosk, NOTHING


def _chose_service(kiosk: Kiosk, service: str, fresh: str) -> Stepped:
    found = kiosk.world.service(service)
    if found is None or not kiosk.world.is_open(found) or not found.classes:
        return kiosk, NOTHING
    if kiosk.policy.ask_class and len(found.classes) > 1:
        return show(kiosk, sc.Classes(service)), NOTHING
    return _ask_or_doubt(kiosk, service, found.classes[0], fresh)


def _ask_or_doubt(kiosk: Kiosk, service: str, class_: str, fresh: str) -> Stepped:
    doubt = _doubt(kiosk, service)
    if doubt is not None:
        return show(kiosk, sc.Confirming(service, class_, doubt)), NOTHING
    return _ask(kiosk, service, class_, fresh)


def _doubt(kiosk: Kiosk, service: str) -> sc.Doubt | None:
    taken = kiosk.taken
    if taken is not None and taken.service == service and kiosk.now_s - taken.at_s < TWICE_WITHIN_S:
        return sc.Doubt.TAKEN_JUST_NOW
    centre, waiting, stands = kiosk.world.centre, kiosk.world.waiting, kiosk.world.stands(service)
    if centre is None or centre.closes_at is None or waiting is None or stands is None or stands.wait is None:
        return None
    late = waiting.at + timedelta(seconds=stands.wait.high_s) > centre.closes_at
    return sc.Doubt.CLOSES_BEFORE if late else None


def _ask(kiosk: Kiosk, service: str, class_: str, fresh: str) -> Stepped:
    working = sc.Working(fresh, service, class_, kiosk.now_s)
    return show(kiosk, working), (fx.Ask(fresh, service, class_, kiosk.comfort.language),)


def _typed(kiosk: Kiosk, key: str) -> Stepped:
    match kiosk.screen:
        case sc.Finding(keyboard):
            typed = sc.Finding(press(keyboard, key))
            return replace(kiosk, screen=typed), NOTHING
        case sc.StaffPin():
            return pin_typed(kiosk, kiosk.screen, key)
        case _:
            return kiosk, NOTHING


# ---------------------------------------------------------------- the bar, always there


def _language(kiosk: Kiosk) -> Stepped:
    languages = kiosk.policy.languages
    at = languages.index(kiosk.comfort.language) if kiosk.comfort.language in languages else -1
    return _comfort(kiosk, language=languages[(at + 1) % len(languages)])


def _text_size(kiosk: Kiosk) -> Stepped:
    return _comfort(kiosk, text_size=(kiosk.comfort.text_size + 1) % len(TEXT_SIZES))


def _contrast(kiosk: Kiosk) -> Stepped:
    return _comfort(kiosk, high_contrast=not kiosk.comfort.high_contrast)


def _lower_half(kiosk: Kiosk) -> Stepped:
    return _comfort(kiosk, lower_half=not kiosk.comfort.lower_half)


def _comfort(kiosk: Kiosk, **changes: object) -> Stepped:
    comfort = replace(kiosk.comfort, **changes)  # type: ignore[arg-type]
    return replace(kiosk, comfort=comfort, serial=kiosk.serial + 1, changed_s=kiosk.now_s), NOTHING


def _call_staff(kiosk: Kiosk) -> Stepped:
    screen = kiosk.screen
    if is_busy(screen) or isinstance(screen, sc.HelpCalled):
        return kiosk, NOTHING
    below = screen.below if isinstance(screen, sc.StillThere) else screen
    called = sc.HelpCalled(below, False, kiosk.now_s + HELP_S)
    return show(kiosk, called), (fx.CallStaff(name_of(below)),)


def _support(kiosk: Kiosk) -> Stepped:
    return replace(kiosk, support_open=not kiosk.support_open, serial=kiosk.serial + 1), NOTHING


_ALWAYS: Final[dict[Press, Callable[[Kiosk], Stepped]]] = {
    Press.LANGUAGE: _language,
    Press.TEXT_SIZE: _text_size,
    Press.CONTRAST: _contrast,
    Press.LOWER_HALF: _lower_half,
    Press.CALL_STAFF: _call_staff,
    Press.SUPPORT: _support,
    Press.STAFF_DOOR: door_pressed,
}
