"""Orders on their way to devices: sent at once, and again until done or expired, also by the next life of the hub."""

from collections.abc import Callable, Sequence, Set
from typing import Final

from hub.actions.asking import Door, Request
from hub.actions.device.end_order import expire_orders, finish_order
from hub.actions.work import DeviceOrder
from hub.contract import messages as m
from hub.contract.time import Instant
from hub.contract.topics import Announcement, announce
from hub.queueing import facts as f

AGAIN_S: Final = 3.0
"""How often `walk` is to be called."""

_NEWS: Final = (f.DeviceOrdered, f.OrderEnded, f.DeviceRemoved)


class Orders:
    """What is open stands in the database, and is read again when the journal tells of an order.

    `start` once; then `on_entries`, `hear` and `walk` may be called from any thread. `there`: the devices that are;
    `uploads`: the beginning of the addresses at which devices put what is too large for a message.
    """

    def __init__(
        self,
        door: Door,
        read: Callable[[], Sequence[DeviceOrder]],
        tell: Callable[[Announcement], object],
        there: Callable[[], Set[str]],
        *,
        uploads: Callable[[], str],
        clock: Callable[[], Instant],
    ) -> None:
        self._uploads = uploads
        self._door = door
        self._read = read
        self._tell = tell
        self._there = there
        self._clock = clock
        self._open: dict[str, DeviceOrder] = {}

    def start(self) -> None:
        """Takes up what another life of the hub has left open."""
        self._open = {order.id: order for order in self._read()}

    def on_entries(self, entries: Sequence[f.Entry]) -> None:
        """A follower's hand-over: a new order is sent at once, whether its device is there or not."""
        if not any(isinstance(entry.fact, _NEWS) for entry in entries):
            return
        self.start()
        for entry in entries:
            match entry.fact:
                case f.DeviceOrdered(order_id=order_id) if order_id in self._open:
                    self._send(self._open[order_id])

    def hear(self, device: str, done: m.OrderDone) -> None:
        """What a device says of an order. What is said of one that is not open is no news."""
        order = self._open.get(str(done.order_id))
        if order is not None and order.device == device:
            self._door.submit(
                Request(lambda work: finish_order(work, device, order.id, ok=done.ok, detail=done.detail))
            )

    def walk(self) -> None:
        """Sends again what is open to devices that are there; ends what nobody has done in time."""
        now, there = self._clock(), self._there()
        waiting = list(self._open.values())
        if any(order.expires_at <= now for order in waiting):
            self._door.submit(Request(expire_orders))
        for order in waiting:
            if order.device in there and order.expires_at > now:
                self._send(order)

    def _send(self, order: DeviceOrder) -> None:
        """Where a picture is put is said with it each time: another life of the hub may have its door elsewhere."""
        message = m.Order.model_validate_json(order.message)
        if order.order is m.OrderName.SCREENSHOT:
            place = f"{self._uploads()}/devices/{order.device}/screenshots/{order.id}"
            message = message.model_copy(update={"upload_url": place})
        self._tell(announce("orders", message, device=order.device))
