"""Builds the kiosk: the only file that knows every concrete class, and the order in which they start and end.

The first screen comes first. All that it does not need, down to the models of the wire, is loaded, built and started on
a thread of its own once that screen stands.
"""

from __future__ import annotations

import gc
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from appliance.conductor import Conductor
from appliance.flow.kiosk import Awaited, Kiosk, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from appliance.hands.kiosk_hands import KioskHands
    from appliance.hands.pending import PendingRequests
    from appliance.hands.requests import Post
    from appliance.screen import Screen
    from appliance.settings import Settings
    from appliance.storage import Storage
    from appliance.watchdog import Supervision, Watchdog
    from hardware.printer.port import Printer
    from hub.client.agent import Agent
    from hub.client.device_file import DeviceFile
    from hub.client.link import HubLink
    from hub.client.spool import Spool
    from hub.contract.messages import DeviceHealth

    ScreenOf = Callable[[Post, Callable[[], tuple[str, ...]], Callable[[], datetime]], Screen]
    """Makes the screen: it is told where to post what fingers do, and whom to ask for the last slips and the time."""

PATIENCE_S: Final = 6.0
"""How long a person is kept waiting for an answer at most."""
BUILT_WITHIN_S: Final = 30.0
LONGEST_ERROR: Final = 200


@dataclass(frozen=True)
class Plan:
    """What the program was asked for. `slips`: print there, whatever printer is set. `mirror`: the port of the page
    that shows the screen, instead of the one that is set. `tell` says something to whoever started the program.

    `log_from`: told the level from which on it is to be logged, once the settings are read.

    `printer` and `supervision`: instead of those that settings and environment speak of.
    """

    device: Path
    screen_of: ScreenOf
    settings_file: Path | None = None
    slips: Path | None = None
    mirror: int | None = None
    tell: Callable[[dict[str, object]], None] = lambda _line: None
    log_from: Callable[[str], None] = lambda _level: None
    printer: Printer | None = None
    supervision: Supervision | None = None
    patience_s: float = PATIENCE_S


@dataclass(frozen=True)
class Parts:
    """What works behind the screen."""

    storage: Storage
    pending: PendingRequests
    link: HubLink
    spool: Spool
    printer: Printer
    hands: KioskHands


class KioskProgram:
    """A kiosk from its first screen to its good-bye."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ends = ExitStack()
        self._building = threading.Thread(target=self._build_or_end, name="building", daemon=True)
        self._problem: Exception | None = None
        self._last_words: Literal["offline", "restarting"] = "offline"
        self._slips: Callable[[], tuple[str, ...]] = tuple
        self._changed: Callable[[], None] = lambda: None
        self._watchdog: Watchdog | None = None
        nobody_chooses_yet = World(awaited=frozenset((Awaited.PRINTER, Awaited.EARLIER)))
        self.conductor = Conductor(Kiosk(world=nobody_chooses_yet), clock=time.monotonic, new_id=_new_id)
        self.screen = plan.screen_of(self.conductor.post, self._last_slips, self._now)
        self.parts: Parts | None = None
        """Once they are started."""

    def run(self) -> None:
        """Blocks the thread that owns the screen until `stop`, or until the kiosk is told to begin anew. Raises the
        fault that keeps it from working, with all that was started ended."""
        try:
            self.conductor.begin(self._show)
            self.screen.run(self._tick)
        finally:
            if self._building.ident is not None:
                self._building.join(BUILT_WITHIN_S)
            self._ends.close()
        if self._problem is not None:
            raise self._problem

    def _now(self) -> datetime:
        """The hub's time as soon as it is known: a device may have been off for long, and has no clock of its own."""
        return datetime.now(UTC) if self.parts is None else self.parts.link.now()

    def stop(self) -> None:
        """Lets `run` return soon; from any thread, or a signal."""
        self.screen.stop()

    def _last_slips(self) -> tuple[str, ...]:
        return self._slips()

    # ------------------------------------------------------------ on the screen's thread

    def _tick(self) -> None:
        """Something has been drawn."""
        if self._building.ident is None:
            gc.enable()
            self._building.start()
        self.conductor.drain()
        if self._watchdog is not None:
            self._watchdog.beat()

    def _show(self, kiosk: Kiosk) -> None:
        self.screen.show(kiosk)
        self._changed()

    # ------------------------------------------------------------ behind the screen

    def _build_or_end(self) -> None:
        try:
            self._build()
        except Exception as problem:  # a listed catch: `run` raises it, where somebody hears of it
            self._problem = problem
            self.screen.stop()

    def _build(self) -> None:
        """Everything is there before anything starts."""
        from appliance.settings import load, supervision_here
        from appliance.storage import Storage
        from appliance.watchdog import Watchdog

        settings = load(self._plan.device, self._plan.settings_file)
        self._plan.log_from(settings.log.level)
        device = enrolled(self._plan.device)
        storage = Storage(settings.storage.directory).open()
        self._ends.callback(storage.close)
        parts, agent = self._make(settings, device, storage)
        self._start(parts, agent)
        self._start_mirror(settings.mirror.port if self._plan.mirror is None else self._plan.mirror)
        self._watchdog = Watchdog(self._plan.supervision or supervision_here())
        self._ends.callback(self._watchdog.ending)
        self.parts = parts

    def _make(self, settings: Settings, device: DeviceFile, storage: Storage) -> tuple[Parts, Agent]:
        from appliance.hands.hearing import HubEars
        from appliance.hands.kiosk_hands import KioskHands, Outside
        from appliance.hands.pending import PendingRequests
        from appliance.hands.printing import SlipPrinter
        from appliance.hands.volume import Volume
        from appliance.naming import Names
        from hub.client.link import HubLink
        from hub.client.orders import OrderBook
        from hub.client.spool import Spool

        post = self.conductor.post
        ears, names, orders = HubEars(post), Names(), OrderBook(storage.orders)
        link = HubLink(device.address, device.device, device.role, on_change=ears.on_change, orders=orders)
        ears.follow(link)
        names.follow(link)
        pending, spool = PendingRequests(storage.requests), Spool(link, storage.spool)
        printer = self._plan.printer or printer_of(settings, self._plan.slips)
        slips = SlipPrinter(printer, names)
        self._slips = lambda: slips.printed
        volume = Volume(storage.volume, usual=settings.sound.volume, mixer=settings.sound.mixer)
        outside = Outside(volume.apply, volume.change, self._restart)
        hands = KioskHands(link, slips, pending, spool, outside, post=post, patience_s=self._plan.patience_s)
        parts = Parts(storage, pending, link, spool, printer, hands)
        return parts, self._make_agent(parts, device)

    def _make_agent(self, parts: Parts, device: DeviceFile) -> Agent:
        from appliance.flow import events as ev
        from appliance.hands.orders import kiosk_orders
        from hub.client.agent import Agent, kept_settings

        kept = kept_settings(parts.storage.settings)
        if kept is not None:
            self.conductor.post(ev.SettingsHeard(kept))
        return Agent(
            parts.link,
            parts.storage.settings,
            feel=lambda: health_of(parts),
            obey=kiosk_orders(device, parts.hands, self.screen, self.conductor.post),
            heed=lambda heard: self.conductor.post(ev.SettingsHeard(heard)),
        )

    def _start(self, parts: Parts, agent: Agent) -> None:
        """In this order; and ended in the opposite one, each even if another fails to."""
        from appliance.hands.hearing import PrinterEyes

        eyes = PrinterEyes(parts.printer, self.conductor.post)
        self._begin(parts.printer.open, parts.printer.close)
        self._begin(eyes.start, eyes.close)
        self._begin(parts.link.start, lambda: parts.link.close(self._last_words))
        self._begin(parts.spool.start, parts.spool.close)
        self._begin(parts.hands.start, parts.hands.close)
        self._begin(agent.start, agent.close)
        self.conductor.hands = parts.hands

    def _start_mirror(self, port: int | None) -> None:
        if port is None:
            return
        from appliance.mirror import Mirror

        mirror = Mirror(self.screen, port)
        self._begin(mirror.start, mirror.close)
        self._changed = mirror.changed
        self._plan.tell({"mirror": mirror.address})

    def _begin(self, start: Callable[[], object], end: Callable[[], object]) -> None:
        self._ends.callback(end)
        start()

    def _restart(self) -> None:
        """The supervisor starts the program again."""
        self._last_words = "restarting"
        self.screen.stop()


def enrolled(place: Path) -> DeviceFile:
    """The device that was enrolled there. Raises a fault when there is none, or when it is no kiosk."""
    from appliance.errors import ApplianceFault
    from hub.client.device_file import load
    from hub.contract.names import DeviceRole

    device = load(place)
    if device.role is not DeviceRole.KIOSK:
        raise ApplianceFault(f"{device.device} is enrolled as a {device.role.value}, not as a kiosk")
    return device


def printer_of(settings: Settings, slips: Path | None) -> Printer:
    """The printer that is set, or one that prints into the directory `slips`."""
    from appliance.settings import VIRTUAL
    from hardware.printer.address import find_printer
    from hardware.printer.models import find_model
    from hardware.printer.virtual import VirtualPrinter

    model = settings.printer.model
    if slips is None and settings.printer.address != VIRTUAL:
        return find_printer(settings.printer.address, model)
    return VirtualPrinter(slips or settings.printer.slips, model=find_model(model))


def health_of(parts: Parts) -> DeviceHealth:
    """How the kiosk feels now. Nothing is waited for."""
    from hub.client.machine import storage_free_bytes, temperature_c, undervoltage
    from hub.contract.messages import DeviceHealth, PrinterHealth

    printer, offset_s = parts.printer.state(), parts.link.clock_offset_s
    error = printer.last_error[:LONGEST_ERROR] if printer.last_error else None
    return DeviceHealth(
        at=parts.link.now(),
        printer=PrinterHealth(state=printer.link, paper=printer.paper, last_error=error),
        scanner=None,
        storage_free_bytes=storage_free_bytes(parts.storage.directory),
        temperature_c=temperature_c(),
        undervoltage=undervoltage(),
        clock_offset_s=None if offset_s is None else round(offset_s, 3),
        own_numbers={},
        spool=len(parts.spool) + len(parts.pending),
    )


def _new_id() -> str:
    from uuid_utils.compat import uuid7

    return str(uuid7())
