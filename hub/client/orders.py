"""Orders of the hub are sent again until done; each is carried out once. Pure bookkeeping."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from hub.contract.messages import OrderDone

KEPT: Final = 64
"""Orders remembered; the hub repeats only what is neither done nor expired."""


class OrderBook:
    """Which orders were taken up, and what became of them."""

    def __init__(self) -> None:
        self._known: OrderedDict[UUID, OrderDone | None] = OrderedDict()

    def is_new(self, order_id: UUID) -> bool:
        """Whether this is the first time; from now on it is not."""
        if order_id in self._known:
            return False
        self._known[order_id] = None
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return True

    def outcome(self, order_id: UUID) -> OrderDone | None:
        """What to tell the hub again; None while the order is still being carried out."""
        return self._known.get(order_id)

    def finish(self, done: OrderDone) -> None:
        """The order was carried out, or failed."""
        self._known[done.order_id] = done
