"""The kiosk's ears and eyes: callbacks become events, and silence is seen."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from appliance.flow import events as ev
from appliance.hands.hearing import HubEars, PrinterEyes
from hardware.printer.port import PrinterState, Watcher
from hardware.printer.virtual import VirtualPrinter
from hub.contract.messages import Centre, HubPresence
from tests.appliance.hall import CENTRE
from tests.hub.client.scripted_hub import until


def presence(state: str) -> HubPresence:
    """What a hub says of itself."""
    said = {"state": state, "epoch": "e", "boot_id": "b", "version": "0", "at": "2026-11-23T08:42:00Z"}
    return HubPresence.model_validate(said, strict=False)


def heard(*happened: Callable[[HubEars], None]) -> list[bool]:
    """Whether the hub can be asked, each time that it is told."""
    events: list[ev.Event] = []
    ears = HubEars(events.append)
    for happen in happened:
        happen(ears)
    return [event.online for event in events if isinstance(event, ev.HubChanged)]


def test_the_hub_is_there_when_it_has_answered_and_has_not_said_good_bye() -> None:
    """The broker may live on without it; a new connection begins anew."""
    ready, lost = (lambda ears: ears.on_change(True)), (lambda ears: ears.on_change(False))
    online, offline = (
        (lambda ears: ears._on_hub("", presence("online"))),
        (lambda ears: ears._on_hub("", presence("offline"))),
    )
    starting = lambda ears: ears._on_hub("", presence("starting"))  # noqa: E731
    assert heard(online, ready) == [False, True]
    assert heard(ready, offline, starting, online) == [True, False, True]
    assert heard(ready, lost, ready) == [True, False, True]
    assert heard(offline, ready) == [False, True]
    assert heard(ready, lambda ears: ears._on_hub("", None)) == [True]


def test_what_the_hub_keeps_for_all_becomes_events() -> None:
    """What was cleared, and what is none of the kiosk's, does not."""
    events: list[ev.Event] = []
    ears, centre = HubEars(events.append), Centre.model_validate(CENTRE)
    for message in (centre, None, presence("online")):
        ears._on_message("", message)
    assert events == [ev.CentreHeard(centre)]


@dataclass
class Stuck:
    """A printer whose thread has stopped: it tells nothing any more, and its state grows old."""

    now: PrinterState = PrinterState("ready", "ok")
    watchers: list[Watcher] = field(default_factory=list)

    def watch(self, watcher: Watcher) -> None:
        """In vain."""
        self.watchers.append(watcher)

    def state(self) -> PrinterState:
        """As last known."""
        return self.now


def test_silence_is_seen_though_nobody_tells_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And told once."""
    monkeypatch.setattr("appliance.hands.hearing.FIRST_WORD_S", 0.0)
    monkeypatch.setattr("appliance.hands.hearing.LOOK_EVERY_S", 0.01)
    printer, events = Stuck(), list[ev.Event]()
    eyes = PrinterEyes(printer, events.append)  # type: ignore[arg-type]
    eyes.start()
    until(lambda: events == [ev.PrinterChanged("ready", "ok")], "the first look")
    printer.now = PrinterState("silent", "unknown")
    until(lambda: events[1:] == [ev.PrinterChanged("silent", "unknown")], "the silence")
    eyes.close()
    eyes.close()
    assert len(events) == 2


def test_what_a_printer_tells_comes_in_its_order(tmp_path: Path) -> None:
    """And nothing twice, whoever looks meanwhile."""
    twin, events = VirtualPrinter(tmp_path), list[ev.Event]()
    eyes = PrinterEyes(twin, events.append)
    twin.open()
    eyes.start()
    for _ in range(20):
        twin.open_cover()
        twin.close_cover()
    eyes.close()
    twin.close()
    told = [event.link for event in events if isinstance(event, ev.PrinterChanged)]
    assert told == ["ready", *["cover-open", "ready"] * 20]
