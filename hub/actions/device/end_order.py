"""An order ends: the device says what became of it, or its time is over."""

from hub.actions.work import DeviceOrder, Work
from hub.contract.messages import Done
from hub.contract.names import OrderState
from hub.queueing.facts import OrderEnded


def finish_order(work: Work, device: str, order_id: str, *, ok: bool, detail: str) -> Done:
    """What the device says of an open order of its own; of any other its word counts for nothing."""
    order = work.orders.find(order_id)
    if order is not None and order.device == device and order.state is OrderState.OPEN:
        _end(work, order, OrderState.DONE if ok else OrderState.FAILED, detail)
    return Done()


def expire_orders(work: Work) -> Done:
    """Ends the open orders whose time is over."""
    for order in work.orders.open():
        if order.expires_at <= work.now:
            _end(work, order, OrderState.EXPIRED, "")
    return Done()


def _end(work: Work, order: DeviceOrder, state: OrderState, detail: str) -> None:
    work.orders.end(order.id, state, "".join(letter for letter in detail if letter.isprintable()), work.now)
    work.state(OrderEnded(order.device, order.order.value, order.id, state))
