"""Staff tell a device what to do; a copy of a slip is told to the kiosk that issued the number."""

from typing import Final
from uuid import UUID

from hub.actions.citizen.issue_ticket import issued
from hub.actions.counter.visit import CounterAnswer, answer
from hub.actions.work import Asker, DeviceOrder, Work
from hub.contract.messages import Message, Order, OrderName
from hub.contract.names import DeviceRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant, to_datetime
from hub.queueing.calling import named_or_present
from hub.queueing.facts import DeviceOrdered, ReprintOrdered
from hub.queueing.ticket import Ticket

LIFE_MS: Final = 5 * 60_000
REPRINT_LIFE_MS: Final = 10 * 60_000
"""Somebody puts paper in first."""

MOST_OPEN: Final = 16
"""Orders one device may have before it; a kiosk without paper is asked for many copies, not for any number."""

_ANY: Final = frozenset({OrderName.IDENTIFY, OrderName.RESTART, OrderName.SCREENSHOT})
OBEYS: Final[dict[str, frozenset[OrderName]]] = {
    DeviceRole.KIOSK: _ANY | {OrderName.TEST_PRINT, OrderName.REPRINT},
    DeviceRole.BOARD: _ANY,
    DeviceRole.PAD: _ANY,
}
"""What a device of each role can be told to do."""


class Ordered(Message):
    """The order's id: under it stands what becomes of it."""

    order_id: UUID


def order_device(work: Work, asker: Asker, device: str, order: OrderName, ticket: str | None = None) -> Ordered:
    """Tells a device to do something; `ticket` is for `reprint` alone. The same order is not given twice while it is
    open.

    Refuses `not-found`, `malformed` for what such a device cannot do, `too-many`, and what `reprint_slip` refuses;
    `not-allowed` for a slip of another kiosk.
    """
    known = work.register.find_device(device)
    if known is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    if order not in OBEYS[known.role] or (order is OrderName.REPRINT) != (ticket is not None):
        raise Refusal(RefusalCode.MALFORMED)
    if ticket is None:
        return _give(work, asker, device, order)
    slip = _live(work, ticket)
    if printer_of(work, slip) != device:
        raise Refusal(RefusalCode.NOT_ALLOWED)
    return _reprint(work, asker, slip)


def reprint_slip(work: Work, asker: Asker, ticket: str) -> Ordered:
    """A copy of a slip as the ticket stands now.

    Refuses `not-found`, `illegal-move` when the ticket is not live today, `no-slip` when no kiosk of ours issued it
    and none prints for the desk, `too-many`.
    """
    return _reprint(work, asker, _live(work, ticket))


def reprint_at_counter(work: Work, asker: Asker, counter: str, ticket: str | None) -> CounterAnswer:
    """A copy of the slip of the ticket at the counter, or of a named one that waits or rests.

    Refuses what `hub.queueing.calling.named_or_present` and `reprint_slip` refuse.
    """
    subject = named_or_present(work.line, work.set_up, counter, asker.id, ticket)
    _reprint(work, asker, subject)
    return answer(work, counter, subject)


def _live(work: Work, ticket: str) -> Ticket:
    found = work.line.tickets.get(ticket)
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND if work.find_ticket(ticket) is None else RefusalCode.ILLEGAL_MOVE)
    return found


def printer_of(work: Work, ticket: Ticket) -> str | None:
    """The kiosk that prints the slip of `ticket`: the one that issued it or, for other numbers, the desk's."""
    kind, _, device = ticket.asker.partition(":")
    wanted = device if kind == "device" else work.set_up.reception.kiosk
    known = None if wanted is None else work.register.find_device(wanted)
    return known.id if known is not None and known.role == DeviceRole.KIOSK else None


def _reprint(work: Work, asker: Asker, ticket: Ticket) -> Ordered:
    device = printer_of(work, ticket)
    if device is None:
        raise Refusal(RefusalCode.NO_SLIP)
    return _give(work, asker, device, OrderName.REPRINT, ticket)


def _give(work: Work, asker: Asker, device: str, order: OrderName, ticket: Ticket | None = None) -> Ordered:
    open_ones = work.orders.open(device)
    about = None if ticket is None else ticket.id
    same = next((one for one in open_ones if (one.order, one.ticket) == (order, about)), None)
    if same is not None:
        return Ordered(order_id=UUID(same.id))
    if len(open_ones) >= MOST_OPEN:
        raise Refusal(RefusalCode.TOO_MANY, retry_after_s=LIFE_MS // 1000)
    given = _made(work, asker, device, order, ticket)
    work.orders.add(given)
    if ticket is not None:
        work.state(ReprintOrdered(ticket.id, asker.key))
    work.state(DeviceOrdered(device, order.value, given.id, asker.key))
    return Ordered(order_id=UUID(given.id))


def _made(work: Work, asker: Asker, device: str, order: OrderName, ticket: Ticket | None) -> DeviceOrder:
    order_id = work.new_id()
    expires_at = Instant(work.now + (LIFE_MS if ticket is None else REPRINT_LIFE_MS))
    message = Order(
        order_id=UUID(order_id),
        order=order,
        ticket=None if ticket is None else issued(work, ticket),
        language=None if ticket is None else ticket.language,
        expires_at=to_datetime(expires_at, work.rules.zone),
    )
    return DeviceOrder(
        id=order_id,
        device=device,
        order=order,
        ticket=None if ticket is None else ticket.id,
        by=asker.key,
        ordered_at=work.now,
        expires_at=expires_at,
        message=message.model_dump_json(by_alias=True),
    )
