"""The conductor: one thread decides, any may post; what is wanted waits for hands."""

import threading
from dataclasses import dataclass, field

from appliance.conductor import Conductor
from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.flow.press import Press
from tests.appliance.flow.hall import POLICY, WORLD


@dataclass
class Stage:
    """A conductor with a clock that a test moves."""

    now_s: float = 100.0
    shown: list[Kiosk] = field(default_factory=list)
    wanted: list[fx.Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        kiosk = Kiosk(policy=POLICY, world=WORLD)
        self.conductor = Conductor(kiosk, clock=lambda: self.now_s, new_id=lambda: "an id")
        self.conductor.begin(self.shown.append)

    def carry_out(self, effect: fx.Effect) -> None:
        """As hands do."""
        self.wanted.append(effect)

    def pass_time(self, seconds: float) -> None:
        """And draw."""
        self.now_s += seconds
        self.conductor.drain()


def test_the_first_screen_is_shown_at_once() -> None:
    """With the time as it is."""
    stage = Stage()
    assert [kiosk.screen for kiosk in stage.shown] == [sc.Home()]
    assert stage.shown[0].now_s == 100.0


def test_what_has_changed_is_shown_once() -> None:
    """However many events it took."""
    stage = Stage()
    stage.now_s = 101.0
    for event in (ev.PrinterChanged("silent", "unknown"), ev.HubChanged(False), ev.HubChanged(True)):
        stage.conductor.post(event)
    stage.conductor.drain()
    assert len(stage.shown) == 2
    assert stage.shown[1].world.printer_link == "silent"


def test_time_alone_is_shown_by_the_second() -> None:
    """Thirty ticks a second are no reason to draw thirty times."""
    stage = Stage()
    for _ in range(32 * 3):
        stage.pass_time(1 / 32)
    assert [kiosk.now_s for kiosk in stage.shown] == [100.0, 101.0, 102.0, 103.0]


def test_what_is_wanted_waits_for_hands() -> None:
    """In its order."""
    stage = Stage()
    stage.pass_time(1.0)
    stage.conductor.post(ev.Pressed(Press.CALL_STAFF, stage.conductor.kiosk.serial))
    stage.conductor.drain()
    assert stage.wanted == []
    stage.conductor.hands = stage
    stage.conductor.drain()
    assert stage.wanted == [fx.CallStaff("home")]


def test_any_thread_may_post() -> None:
    """None is lost."""
    stage = Stage()
    threads = [
        threading.Thread(target=lambda: [stage.conductor.post(ev.Identify("k")) for _ in range(500)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stage.conductor.post(ev.HubChanged(False))
    stage.conductor.drain()
    assert stage.conductor.kiosk.identifying
    assert stage.conductor.kiosk.screen == sc.NoHub()
