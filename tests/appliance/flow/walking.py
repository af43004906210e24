"""Walking through the flow: events one after another, each press made on the screen of its moment."""

from dataclasses import replace

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow.kiosk import Kiosk
from appliance.flow.press import Press
from appliance.flow.step import step

TOUCHES = ev.Pressed | ev.Chose | ev.Typed
FRESH = "01a20000-0000-7000-8000-0000000000ff"


def walk(one: Kiosk, *events: ev.Event) -> tuple[Kiosk, list[fx.Effect]]:
    """A second apart."""
    effects: list[fx.Effect] = []
    for event in events:
        one, _ = step(one, ev.Ticked(one.now_s + 1), FRESH)
        made_here = replace(event, serial=one.serial) if isinstance(event, TOUCHES) else event
        one, done = step(one, made_here, FRESH)
        effects += done
    return one, effects


def tap(what: Press) -> ev.Pressed:
    """A button."""
    return ev.Pressed(what, 0)


def choose(what: str) -> ev.Chose:
    """A card."""
    return ev.Chose(what, 0)
