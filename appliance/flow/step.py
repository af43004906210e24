"""The step function: what each event means on each screen. An event that means nothing there changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.events import Press
from appliance.flow.kiosk import TEXT_SIZES, Comfort, Kiosk, Taken, World
from appliance.keyboard import opened, press
from hub.contract.messages import IssuedTicket

SETTLE_S: Final = 0.35
"""A press so soon after the screen changed was meant for the one before (a double tap, a palm)."""

WORKING_LIMIT_S: Final = 15.0
COMING_LIMIT_S: Final = 45.0
REFUSED_S: Final = 20.0
HELP_S: Final = 8.0
TWICE_WITHIN_S: Final = 60.0
DOOR_PRESSES: Final = 5
DOOR_WITHIN_S: Final = 4.0
PIN_DIGITS: Final = 6
PIN_TRIES: Final = 3
PIN_BLOCK_S: Final = 30.0

Effects = tuple[fx.Effect, ...]
Stepped = tuple[Kiosk, Effects]
NOTHING: Final[Effects] = ()


def step(kiosk: Kiosk, event: ev.Event, fresh: str) -> Stepped:
    """The next state and what is to be done. `fresh`: an id for a request, used if one is made."""
    match event:
        case ev.Ticked(now_s):
            return _tick(replace(kiosk, now_s=max(now_s, kiosk.now_s)))
        case ev.Pressed() | ev.Chose() | ev.Typed():
            return _touch(kiosk, event, fresh)
        case ev.HubChanged() | ev.CentreHeard() | ev.ServicesHeard() | ev.WaitingHeard() | ev.PrinterChanged():
            return _hear(kiosk, event)
        case _:
            return _answered(kiosk, event)


def start(kiosk: Kiosk) -> Kiosk:
    """The first screen of a kiosk just switched on."""
    return _show(kiosk, _first(kiosk))


# ---------------------------------------------------------------- time


def _tick(kiosk: Kiosk) -> Stepped:
    now, screen, policy = kiosk.now_s, kiosk.screen, kiosk.policy
    match screen:
        case sc.Working(request_id=request_id, since_s=since_s):
            if now - since_s >= WORKING_LIMIT_S:
                return _show(kiosk, sc.NoHub()), (fx.Withdraw(request_id),)
            return kiosk, NOTHING
        case sc.Result(paper=sc.Paper.COMING, until_s=until_s):
            if now < until_s:
                return kiosk, NOTHING
            return _stuck(kiosk, screen, "unknown")
        case sc.Result(until_s=until_s) | sc.Refused(until_s=until_s) | sc.StillThere(until_s=until_s):
            return (_go_home(kiosk) if now >= until_s else kiosk), NOTHING
        case sc.HelpCalled(below, _, until_s):
            return (_show(kiosk, below) if now >= until_s else kiosk), NOTHING
        case sc.NoHub() | sc.Closed():
            return _leave_comfort(kiosk), NOTHING
        case _ if now - kiosk.touched_s >= policy.idle_s:
            if screen == _first(kiosk):
                return _leave_comfort(kiosk), NOTHING
            return _show(kiosk, sc.StillThere(screen, now + policy.warning_s)), NOTHING
        case _:
            return kiosk, NOTHING


def _leave_comfort(kiosk: Kiosk) -> Kiosk:
    """A visitor who left the first screen in large print has gone: the next one finds it as it was."""
    if kiosk.now_s - kiosk.touched_s < kiosk.policy.idle_s or kiosk.comfort == _usual(kiosk):
        return kiosk
    return replace(kiosk, comfort=_usual(kiosk), support_open=False, serial=kiosk.serial + 1)


# ---------------------------------------------------------------- the world


def _hear(kiosk: Kiosk, event: ev.Event) -> Stepped:
    world = _heard(kiosk.world, event)
    kiosk = replace(kiosk, world=world)
    screen = kiosk.screen
    if isinstance(screen, sc.NoHub | sc.Closed) or _is_choosing(screen):
        must = _must_show(world)
        if must is not None:
            return (kiosk if screen == must else _show(kiosk, must)), NOTHING
        if isinstance(screen, sc.NoHub | sc.Closed):
            return _go_home(kiosk), NOTHING
    return kiosk, NOTHING


def _heard(world: World, event: ev.Event) -> World:
    match event:
        case ev.HubChanged(online):
            return replace(world, hub_online=online)
        case ev.CentreHeard(centre):
            return replace(world, centre=centre)
        case ev.ServicesHeard(services):
            return replace(world, services=services)
        case ev.WaitingHeard(waiting):
            return replace(world, waiting=waiting)
        case ev.PrinterChanged(link, paper):
            return replace(world, printer_link=link, printer_paper=paper)
        case _:
            return world


def _must_show(world: World) -> sc.Screen | None:
    """The screen that stands instead of all choosing, or None."""
    if not world.hub_online or world.services is None:
        return sc.NoHub()
    if world.centre is not None and not world.centre.open:
        return sc.Closed()
    return None


def _is_choosing(screen: sc.Screen) -> bool:
    if isinstance(screen, sc.StillThere | sc.HelpCalled):
        return _is_choosing(screen.below)
    return isinstance(screen, sc.Home | sc.Groups | sc.Services | sc.Finding | sc.Classes | sc.Confirming)


# ---------------------------------------------------------------- touches


def _touch(kiosk: Kiosk, event: ev.Pressed | ev.Chose | ev.Typed, fresh: str) -> Stepped:
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
            return _show(kiosk, below), NOTHING
        case sc.HelpCalled(below), Press.DONE | Press.BACK:
            return _show(kiosk, below), NOTHING
        case sc.Home(), Press.TAKE_NUMBER:
            return _show(kiosk, sc.Groups()), NOTHING
        case sc.Groups() | sc.Services(), Press.FIND:
            return _show(kiosk, sc.Finding(opened(kiosk.comfort.language))), NOTHING
        case sc.Groups() | sc.Services() | sc.Finding() | sc.Classes() | sc.StaffMenu(), (
            Press.NEXT_PAGE | Press.PREVIOUS_PAGE
        ):
            turn = 1 if what is Press.NEXT_PAGE else -1
            return _show(kiosk, replace(kiosk.screen, page=max(0, kiosk.screen.page + turn))), NOTHING
        case sc.Confirming(service, class_), Press.YES:
            return _ask(kiosk, service, class_, fresh)
        case sc.Result(paper=paper), Press.DONE if paper is not sc.Paper.COMING:
            return _go_home(kiosk), NOTHING
        case sc.Result(paper=paper), Press.ANOTHER if paper is not sc.Paper.COMING:
            return _show(kiosk, sc.Groups()), NOTHING
        case sc.Result(paper=sc.Paper.FAILED), Press.MORE_TIME:
            longer = replace(kiosk.screen, until_s=kiosk.now_s + kiosk.policy.trouble_s)
            return replace(kiosk, screen=longer), NOTHING
        case sc.Refused(), Press.DONE | Press.BACK:
            return _go_home(kiosk), NOTHING
        case sc.StaffMenu(), _:
            return _staff(kiosk, kiosk.screen, what)
        case _, Press.BACK:
            return _back(kiosk)
        case _:
            return kiosk, NOTHING


def _back(kiosk: Kiosk) -> Stepped:
    match kiosk.screen:
        case sc.Services() | sc.Finding():
            return _show(kiosk, sc.Groups()), NOTHING
        case sc.Classes(service) | sc.Confirming(service):
            return _show(kiosk, _above(kiosk.world, service)), NOTHING
        case sc.Groups() | sc.StaffPin():
            return _show(kiosk, _first(kiosk)), NOTHING
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
            return _show(kiosk, sc.Services(chosen)), NOTHING
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
        return _show(kiosk, sc.Classes(service)), NOTHING
    return _ask_or_doubt(kiosk, service, found.classes[0], fresh)


def _ask_or_doubt(kiosk: Kiosk, service: str, class_: str, fresh: str) -> Stepped:
    doubt = _doubt(kiosk, service)
    if doubt is not None:
        return _show(kiosk, sc.Confirming(service, class_, doubt)), NOTHING
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
    return _show(kiosk, working), (fx.Ask(fresh, service, class_, kiosk.comfort.language),)


def _typed(kiosk: Kiosk, key: str) -> Stepped:
    match kiosk.screen:
        case sc.Finding(keyboard):
            typed = sc.Finding(press(keyboard, key))
            return replace(kiosk, screen=typed), NOTHING
        case sc.StaffPin():
            return _pin(kiosk, kiosk.screen, key)
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
    busy = isinstance(screen, sc.Working) or (isinstance(screen, sc.Result) and screen.paper is sc.Paper.COMING)
    if busy or isinstance(screen, sc.HelpCalled):
        return kiosk, NOTHING
    called = sc.HelpCalled(kiosk.screen, False, kiosk.now_s + HELP_S)
    return _show(kiosk, called), (fx.CallStaff(name_of(kiosk.screen)),)


def _support(kiosk: Kiosk) -> Stepped:
    return replace(kiosk, support_open=not kiosk.support_open, serial=kiosk.serial + 1), NOTHING


def _staff_door(kiosk: Kiosk) -> Stepped:
    """Five presses on the emblem within four seconds; nothing shows that there is a door."""
    recent = tuple(at for at in kiosk.door_presses if kiosk.now_s - at < DOOR_WITHIN_S)
    presses = (*recent, kiosk.now_s)
    if len(presses) < DOOR_PRESSES or not kiosk.policy.pin_hash or isinstance(kiosk.screen, sc.Working | sc.StaffPin):
        return replace(kiosk, door_presses=presses), NOTHING
    return _show(replace(kiosk, door_presses=()), sc.StaffPin()), NOTHING


_ALWAYS: Final[dict[Press, Callable[[Kiosk], Stepped]]] = {
    Press.LANGUAGE: _language,
    Press.TEXT_SIZE: _text_size,
    Press.CONTRAST: _contrast,
    Press.LOWER_HALF: _lower_half,
    Press.CALL_STAFF: _call_staff,
    Press.SUPPORT: _support,
    Press.STAFF_DOOR: _staff_door,
}


# ---------------------------------------------------------------- staff


def _pin(kiosk: Kiosk, screen: sc.StaffPin, key: str) -> Stepped:
    if key == "backspace":
        return replace(kiosk, screen=replace(screen, digits=screen.digits[:-1])), NOTHING
    if not (len(key) == 1 and key.isdecimal()) or kiosk.now_s < screen.blocked_until_s:
        return kiosk, NOTHING
    digits = screen.digits + key
    if len(digits) < PIN_DIGITS:
        return replace(kiosk, screen=replace(screen, digits=digits)), NOTHING
    if kiosk.policy.opens(digits):
        return _show(kiosk, sc.StaffMenu()), NOTHING
    wrong = screen.wrong + 1
    blocked_s = 0.0 if wrong < PIN_TRIES else PIN_BLOCK_S * 2 ** min(wrong - PIN_TRIES, 6)
    return replace(kiosk, screen=sc.StaffPin("", wrong, kiosk.now_s + blocked_s)), NOTHING


def _staff(kiosk: Kiosk, screen: sc.StaffMenu, what: Press) -> Stepped:
    match what:
        case Press.TEST_PRINT:
            return _show(kiosk, replace(screen, note="test-print")), (fx.TestPrint(),)
        case Press.LOUDER | Press.QUIETER:
            steps = 1 if what is Press.LOUDER else -1
            return _show(kiosk, replace(screen, note="volume")), (fx.SetVolume(steps),)
        case Press.RESTART:
            return _show(kiosk, replace(screen, note="restart")), (fx.Restart(),)
        case Press.LEAVE | Press.BACK | Press.DONE:
            return _go_home(kiosk), NOTHING
        case _:
            return kiosk, NOTHING


# ---------------------------------------------------------------- answers


def _answered(kiosk: Kiosk, event: ev.Event) -> Stepped:
    match event, kiosk.screen:
        case ev.TicketGiven(request_id, ticket), sc.Working(request_id=asked, service=service) if request_id == asked:
            taken = Taken(service, ticket.number, kiosk.now_s)
            return _give(replace(kiosk, taken=taken), ticket, request_id, copy=False)
        case ev.TicketRefused(request_id, code, words), sc.Working(request_id=asked) if request_id == asked:
            refused = sc.Refused(code, words, kiosk.now_s + REFUSED_S)
            return _show(kiosk, refused), (fx.Settle(request_id),)
        case ev.NobodyAnswered(request_id), sc.Working(request_id=asked) if request_id == asked:
            return _show(kiosk, sc.NoHub()), (fx.Withdraw(request_id),)
        case ev.SlipCame(ticket_id), sc.Result(ticket=ticket, paper=sc.Paper.COMING) if ticket.id == ticket_id:
            printed = replace(kiosk.screen, paper=sc.Paper.PRINTED, until_s=kiosk.now_s + kiosk.policy.result_s)
            return _show(kiosk, printed), (fx.Report(ticket_id, kiosk.screen.copy),)
        case ev.SlipCame(ticket_id), _:
            return kiosk, (fx.Report(ticket_id, copy=True),)
        case ev.SlipStuck(ticket_id, reason), sc.Result(ticket=ticket, paper=sc.Paper.COMING) if ticket.id == ticket_id:
            return _stuck(kiosk, kiosk.screen, reason)
        case ev.SlipStuck(ticket_id, reason), _:
            return kiosk, (fx.Report(ticket_id, copy=True, reason=reason),)
        case ev.HelpAnswered(reached), sc.HelpCalled():
            return _show(kiosk, replace(kiosk.screen, reached=reached)), NOTHING
        case ev.Recovered(request_id, ticket, begun), _ if _is_choosing(kiosk.screen) or isinstance(
            kiosk.screen, sc.NoHub
        ):
            return _give(kiosk, ticket, request_id, copy=begun)
        case ev.Reprint(ticket), _ if _is_choosing(kiosk.screen):
            return kiosk, (fx.Print(ticket, kiosk.comfort.language, copy=True),)
        case _:
            return kiosk, NOTHING


def _give(kiosk: Kiosk, ticket: IssuedTicket, request_id: str, *, copy: bool) -> Stepped:
    """The number is on disk at the hub: it is shown at once, and the paper follows if there can be any."""
    coming = sc.Result(ticket, sc.Paper.COMING, kiosk.now_s + COMING_LIMIT_S, copy)
    if kiosk.world.can_print:
        printing = fx.Print(ticket, kiosk.comfort.language, copy)
        return _show(kiosk, coming), (printing, fx.Settle(request_id))
    shown, reported = _stuck(_show(kiosk, coming), coming, _why_no_paper(kiosk.world))
    return shown, (*reported, fx.Settle(request_id))


def _stuck(kiosk: Kiosk, screen: sc.Result, reason: str) -> Stepped:
    failed = replace(screen, paper=sc.Paper.FAILED, until_s=kiosk.now_s + kiosk.policy.trouble_s)
    return _show(kiosk, failed), (fx.Report(screen.ticket.id, screen.copy, reason),)


def _why_no_paper(world: World) -> str:
    """The reason in the words of the wire."""
    if world.printer_link in ("cover-open", "jam", "silent", "offline"):
        return world.printer_link
    return "paper-out" if world.printer_paper == "out" else "unknown"


# ---------------------------------------------------------------- ways


def _show(kiosk: Kiosk, screen: sc.Screen) -> Kiosk:
    return replace(kiosk, screen=screen, serial=kiosk.serial + 1, changed_s=kiosk.now_s, touched_s=kiosk.now_s)


def _go_home(kiosk: Kiosk) -> Kiosk:
    """Everything of this visitor is forgotten."""
    clean = replace(kiosk, comfort=_usual(kiosk), door_presses=(), support_open=False)
    return _show(clean, _must_show(kiosk.world) or _first(kiosk))


def _first(kiosk: Kiosk) -> sc.Screen:
    return sc.Groups() if kiosk.policy.services_first else sc.Home()


def _usual(kiosk: Kiosk) -> Comfort:
    return Comfort(language=kiosk.policy.languages[0])


def _above(world: World, service: str) -> sc.Screen:
    """Where a service was chosen: its group, or the groups when it stands alone in one."""
    for group in world.groups:
        if any(one.id == service for one in group.services):
            return sc.Services(group.id) if len(group.services) > 1 else sc.Groups()
    return sc.Groups()


def name_of(screen: sc.Screen) -> str:
    """The screen in one word, for logs and for whoever is called to help; nothing of the visitor."""
    return type(screen).__name__
