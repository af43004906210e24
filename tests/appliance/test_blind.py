"""A screen without a window: lines out, lines in."""

import threading

import pytest

from appliance.blind import Blind
from appliance.errors import NoPicture
from appliance.flow import events as ev
from appliance.flow import screens as sc
from tests.appliance.flow.hall import REQUEST, SCREENS, TICKET, kiosk
from tests.hub.client.scripted_hub import LIMIT_S, until


def test_each_screen_is_a_line() -> None:
    """The same one is said once; what a test has to know of it stands there."""
    lines: list[dict[str, object]] = []
    blind = Blind(lambda _event: None, tell=lines.append)
    for screen in SCREENS:
        blind.show(kiosk(screen))
        blind.show(kiosk(screen))
    assert len(lines) <= len(SCREENS)
    result = sc.Result(TICKET, sc.Paper.FAILED, 160.0, copy=True)
    blind.show(kiosk(result))
    assert lines[-1] == {
        "screen": "result",
        "serial": 7,
        "number": "A012",
        "ticket_id": str(TICKET.id),
        "paper": "failed",
        "copy": True,
    }
    blind.show(kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0)))
    assert lines[-1]["request_id"] == REQUEST


def test_lines_are_pressed_on_the_screen_of_their_moment() -> None:
    """What is not understood is said, with what would be."""
    events: list[ev.Event] = []
    lines: list[dict[str, object]] = []
    blind = Blind(
        events.append, tell=lines.append, lines=["press take-number", "choose birth", "type a", "", "press me", "dance"]
    )
    blind.show(kiosk(sc.Home()))
    ticks = threading.Event()
    thread = threading.Thread(target=blind.run, args=(ticks.set,))
    thread.start()
    assert ticks.wait(LIMIT_S)
    until(lambda: len(lines) == 3, "all lines")
    blind.stop()
    blind.stop()
    thread.join(LIMIT_S)
    assert events == [ev.Pressed(ev.Press.TAKE_NUMBER, 7), ev.Chose("birth", 7), ev.Typed("a", 7)]
    assert [line.get("not_understood") for line in lines[1:]] == ["press me", "dance"]


def test_there_is_nothing_to_see() -> None:
    """Nor to touch."""
    blind = Blind(lambda _event: None, tell=lambda _line: None)
    blind.tap(0.5, 0.5)
    with pytest.raises(NoPicture):
        blind.picture(blanked=True)
