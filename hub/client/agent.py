"""What every device does for its hub beside its work: says how it feels, keeps its settings, carries orders out."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import structlog
from pydantic import ValidationError

from hub.client.link import HubLink
from hub.contract.messages import DeviceHealth, DeviceSettings, Message, Order, OrderName
from hub.ground.files import replace_file

HEALTH_EVERY_S: Final = 60.0
LOOK_EVERY_S: Final = 1.0
CLOSE_LIMIT_S: Final = 5.0
LONGEST_DETAIL: Final = 200
UNSUPPORTED: Final = "unsupported"

Obey = Callable[[Order], str]
"""Carries an order out; returns nothing when it is done, else why not, in a word."""

log = structlog.get_logger("hub.client.agent")


class Agent:
    """Listens from the beginning, so it is made before the link is started; tells between `start` and `close`.

    `feel` says how the device is. `obey`: what it can be told to do; each order is carried out once, on a thread of its
    own, and answered. `heed` gets every new settings message, on the network thread: it posts and returns. The last
    good one is kept in `settings_file` before that.
    """

    def __init__(
        self,
        link: HubLink,
        settings_file: Path,
        *,
        feel: Callable[[], DeviceHealth],
        obey: Mapping[OrderName, Obey],
        heed: Callable[[DeviceSettings], None],
    ) -> None:
        self._link = link
        self._settings_file = settings_file
        self._feel = feel
        self._obey = obey
        self._heed = heed
        self._closing = threading.Event()
        self._orders: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._tell_health, name="agent", daemon=True)
        link.obey(self._on_order)
        link.follow("settings", self._on_settings)

    def start(self) -> None:
        """Begins to tell how the device feels."""
        self._thread.start()

    def close(self) -> None:
        """Lets orders under way end, for a moment. Harmless twice."""
        self._closing.set()
        end = time.monotonic() + CLOSE_LIMIT_S
        for thread in (self._thread, *self._orders):
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(max(0.0, end - time.monotonic()))

    # ------------------------------------------------------------ orders

    def _on_order(self, order: Order) -> None:
        self._orders = [thread for thread in self._orders if thread.is_alive()]
        thread = threading.Thread(target=self._carry_out, args=(order,), name=f"order {order.order}", daemon=True)
        self._orders.append(thread)
        thread.start()

    def _carry_out(self, order: Order) -> None:
        obey = self._obey.get(order.order)
        try:
            detail = UNSUPPORTED if obey is None else obey(order)
        except Exception as error:  # a listed loop: an order that breaks is answered like any other
            log.exception("order-broke", order=order.order, id=str(order.order_id))
            detail = f"{type(error).__name__}: {error}"
        log.info("order", order=order.order, id=str(order.order_id), ok=not detail, detail=detail)
        self._link.order_done(order.order_id, ok=not detail, detail=detail[:LONGEST_DETAIL])

    # ------------------------------------------------------------ settings

    def _on_settings(self, _topic: str, message: Message | None) -> None:
        if not isinstance(message, DeviceSettings):
            return
        try:
            replace_file(self._settings_file, message.model_dump_json().encode(), mode=0o600)
        except OSError as problem:
            log.error("settings-not-kept", problem=str(problem))
        self._heed(message)

    # ------------------------------------------------------------ health

    def _tell_health(self) -> None:
        told, told_s = None, 0.0
        while not self._closing.is_set():
            try:
                health = self._feel()
                now_s = time.monotonic()
                if told is None or _notable(health) != _notable(told) or now_s - told_s >= HEALTH_EVERY_S:
                    self._link.publish_health(health)
                    told, told_s = health, now_s
            except Exception:  # a listed loop: a device must not fall silent over one reading
                log.exception("health-not-told")
            self._closing.wait(LOOK_EVERY_S)


def kept_settings(file: Path) -> DeviceSettings | None:
    """The last good copy; None when there is none that can be read."""
    try:
        return DeviceSettings.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _notable(health: DeviceHealth) -> tuple[object, ...]:
    """What is told at once when it changes. Room, heat and clock change all the time: they come along."""
    return health.printer, health.scanner, health.undervoltage, health.own_numbers, health.spool
