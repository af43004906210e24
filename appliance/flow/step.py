"""The step function: what each event means on each screen. An event that means nothing there changes nothing."""

from dataclasses import replace
from typing import Final

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Awaited, Kiosk, World
from appliance.flow.policy import policy_of
from appliance.flow.tickets import answered, paper_back, run_late
from appliance.flow.touches import SETTLE_S, touched
from appliance.flow.ways import NOTHING, STANDING_IN, Stepped, first, give_way, go_home, is_busy, name_of, show, usual

__all__ = ["SETTLE_S", "Stepped", "name_of", "step"]

WORKING_LIMIT_S: Final = 15.0
NOTICE_S: Final = 10.0
"""So long stands what somebody must be able to read."""
IDENTIFY_S: Final = 15.0
RESTART_WITHIN_S: Final = 60.0


def step(kiosk: Kiosk, event: ev.Event, fresh: str) -> Stepped:
    """The next state and what is to be done. `fresh`: an id for a request, used if one is made."""
    match event:
        case ev.Ticked(now_s):
            return _tick(replace(kiosk, now_s=max(now_s, kiosk.now_s)))
        case ev.Pressed() | ev.Chose() | ev.Typed():
            return touched(kiosk, event, fresh)
        case ev.HubChanged() | ev.CentreHeard() | ev.ServicesHeard() | ev.WaitingHeard() | ev.SettingsHeard():
            return _hear(kiosk, _heard(kiosk.world, event)), NOTHING
        case ev.PrinterChanged(link, paper):
            awaited = kiosk.world.awaited - {Awaited.PRINTER}
            world = replace(kiosk.world, printer_link=link, printer_paper=paper, awaited=awaited)
            return paper_back(_hear(kiosk, world), could_print=kiosk.world.can_print)
        case ev.RecoveryEnded():
            return _hear(kiosk, replace(kiosk.world, awaited=kiosk.world.awaited - {Awaited.EARLIER})), NOTHING
        case ev.NobodyAnswered(request_id):
            return _given_up(kiosk, request_id)
        case ev.Identify(device):
            return replace(kiosk, device=device, identify_until_s=kiosk.now_s + IDENTIFY_S), NOTHING
        case ev.RestartOrdered():
            return replace(kiosk, restart_by_s=kiosk.now_s + RESTART_WITHIN_S), NOTHING
        case _:
            return answered(kiosk, event)


# ---------------------------------------------------------------- time


def _tick(kiosk: Kiosk) -> Stepped:
    kiosk, effects = _time_passes(kiosk)
    if kiosk.restart_by_s is None or is_busy(kiosk.screen):
        return kiosk, effects
    at_rest = isinstance(kiosk.screen, STANDING_IN) or kiosk.screen == first(kiosk)
    if at_rest or kiosk.now_s >= kiosk.restart_by_s:
        return replace(kiosk, restart_by_s=None), (*effects, fx.Restart())
    return kiosk, effects


def _time_passes(kiosk: Kiosk) -> Stepped:
    now, screen, policy = kiosk.now_s, kiosk.screen, kiosk.policy
    match screen:
        case sc.Working(request_id=request_id, since_s=since_s):
            return _given_up(kiosk, request_id) if now - since_s >= WORKING_LIMIT_S else (kiosk, NOTHING)
        case sc.Result(paper=sc.Paper.COMING, until_s=until_s):
            return (run_late(kiosk, screen) if now >= until_s else kiosk), NOTHING
        case sc.Result(until_s=until_s) | sc.Refused(until_s=until_s) | sc.StillThere(until_s=until_s):
            return (go_home(kiosk) if now >= until_s else kiosk), NOTHING
        case sc.HelpCalled(below, _, until_s):
            return (show(kiosk, below) if now >= until_s else kiosk), NOTHING
        case sc.Starting() | sc.NoHub() | sc.Closed():
            return _leave_comfort(give_way(kiosk)), NOTHING
        case _ if now - kiosk.touched_s >= policy.idle_s:
            if screen == first(kiosk):
                return _leave_comfort(kiosk), NOTHING
            return show(kiosk, sc.StillThere(screen, now + policy.warning_s)), NOTHING
        case _:
            return kiosk, NOTHING


def _leave_comfort(kiosk: Kiosk) -> Kiosk:
    """A visitor who left the first screen in large print has gone: the next one finds it as it was."""
    if kiosk.now_s - kiosk.touched_s < kiosk.policy.idle_s or kiosk.comfort == usual(kiosk):
        return kiosk
    return replace(kiosk, comfort=usual(kiosk), support_open=False, serial=kiosk.serial + 1)


def _given_up(kiosk: Kiosk, request_id: str) -> Stepped:
    """The person is told that there is no number, so there must be none."""
    if not isinstance(kiosk.screen, sc.Working) or kiosk.screen.request_id != request_id:
        return kiosk, NOTHING
    return show(kiosk, sc.NoHub(kiosk.now_s + NOTICE_S)), (fx.Withdraw(request_id),)


# ---------------------------------------------------------------- the world


def _hear(kiosk: Kiosk, world: World) -> Kiosk:
    """The world has changed, and with it perhaps the policy and what must be shown."""
    before = usual(kiosk)
    kiosk = replace(kiosk, world=world, policy=policy_of(kiosk.policy, world.settings, world.centre))
    if kiosk.comfort == before:
        kiosk = replace(kiosk, comfort=usual(kiosk))
    no_door = not kiosk.policy.pin_hash and isinstance(kiosk.screen, sc.StaffPin | sc.StaffMenu)
    if no_door or (isinstance(kiosk.screen, sc.Home) and kiosk.policy.services_first):
        return go_home(kiosk)
    return give_way(kiosk)


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
        case ev.SettingsHeard(settings):
            return replace(world, settings=settings)
        case _:
            return world
