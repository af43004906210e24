"""Ways between screens: which stands first, which must stand instead of it, and how one comes home."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from appliance.flow import screens as sc
from appliance.flow.kiosk import Comfort, Kiosk, World

if TYPE_CHECKING:  # the first screen wants nothing done yet
    from appliance.flow import effects as fx

Effects: TypeAlias = "tuple[fx.Effect, ...]"
Stepped: TypeAlias = "tuple[Kiosk, Effects]"
NOTHING: Final[Effects] = ()

GRACE_S: Final = 8.0
"""So long after the start a hub that has not answered yet is no hub that is away."""

CHOOSING: Final = sc.Home | sc.Groups | sc.Services | sc.Finding | sc.Classes | sc.Confirming
STANDING_IN: Final = sc.Starting | sc.NoHub | sc.Closed
"""Screens that stand where nothing can be chosen."""

_INNER_CAPITAL: Final = re.compile(r"(?<=.)(?=[A-Z])")


def start(kiosk: Kiosk) -> Kiosk:
    """The first screen of a kiosk just switched on."""
    return go_home(replace(kiosk, grace_until_s=kiosk.now_s + GRACE_S))


def show(kiosk: Kiosk, screen: sc.Screen) -> Kiosk:
    """Another screen. Whoever reads it has not touched it yet."""
    return replace(kiosk, screen=screen, serial=kiosk.serial + 1, changed_s=kiosk.now_s, touched_s=kiosk.now_s)


def go_home(kiosk: Kiosk) -> Kiosk:
    """Everything of this visitor is forgotten. Once everything was known, the grace of the start is over."""
    clean = replace(kiosk, comfort=usual(kiosk), door_presses=(), support_open=False)
    must = must_show(kiosk)
    if must is not None:
        return show(clean, must)
    return show(replace(clean, grace_until_s=0.0), first(kiosk))


def first(kiosk: Kiosk) -> sc.Screen:
    """Where a visit begins."""
    return sc.Groups() if kiosk.policy.services_first else sc.Home()


def usual(kiosk: Kiosk) -> Comfort:
    """How the next visitor finds the screen."""
    return Comfort(language=kiosk.policy.languages[0])


def must_show(kiosk: Kiosk) -> sc.Screen | None:
    """The screen that stands instead of all choosing, or None."""
    world = kiosk.world
    heard = world.hub_online and world.services is not None
    if kiosk.now_s < kiosk.grace_until_s and (world.awaited or not heard):
        return sc.Starting()
    if not heard:
        return sc.NoHub()
    if world.awaited:
        return sc.Starting()
    if world.centre is not None and not world.centre.open:
        return sc.Closed()
    return None


def give_way(kiosk: Kiosk) -> Kiosk:
    """Choosing gives way to what must be shown, and may begin anew when nothing must."""
    screen = kiosk.screen
    if isinstance(screen, sc.NoHub) and kiosk.now_s < screen.until_s:
        return kiosk
    if not is_choosing(screen) and not isinstance(screen, STANDING_IN):
        return kiosk
    must = must_show(kiosk)
    if must is None:
        return kiosk if is_choosing(screen) else go_home(kiosk)
    return kiosk if type(must) is type(screen) else show(kiosk, must)


def is_choosing(screen: sc.Screen) -> bool:
    """Whether the visitor has not asked for a number yet."""
    return isinstance(under(screen), CHOOSING)


def under(screen: sc.Screen) -> sc.Screen:
    """What comes back when a notice that stands over it goes."""
    return under(screen.below) if isinstance(screen, sc.StillThere | sc.HelpCalled) else screen


def is_busy(screen: sc.Screen) -> bool:
    """Whether somebody waits for a number, or for its slip."""
    below = under(screen)
    return isinstance(below, sc.Working) or (isinstance(below, sc.Result) and below.paper is sc.Paper.COMING)


def is_personal(screen: sc.Screen) -> bool:
    """Whether the screen says something of the visitor: nobody far away may look at it."""
    return isinstance(under(screen), sc.Finding | sc.Classes | sc.Confirming | sc.Result | sc.StaffPin)


def above(world: World, service: str) -> sc.Screen:
    """Where a service was chosen: its group, or the groups when it stands alone in one."""
    for group in world.groups:
        if any(one.id == service for one in group.services):
            return sc.Services(group.id) if len(group.services) > 1 else sc.Groups()
    return sc.Groups()


def name_of(screen: sc.Screen) -> str:
    """The screen in one word, `still-there`, for logs and for whoever is called to help; nothing of the visitor."""
    return _INNER_CAPITAL.sub("-", type(screen).__name__).lower()
