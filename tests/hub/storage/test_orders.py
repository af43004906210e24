"""Orders to devices, as rows, on either database."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hub.actions.work import DeviceOrder
from hub.contract.messages import OrderName
from hub.contract.names import OrderState
from hub.contract.time import Instant
from hub.storage.database import Database
from hub.storage.orders import KEPT, StoredOrders

LATE = Instant(4_000_000_000_000)
FIRST = DeviceOrder(
    *("o-001", "k1", OrderName.REPRINT, "t1", "staff:an"), ordered_at=Instant(1), expires_at=LATE, message='{"a":"ế"}'
)


@pytest.fixture
def orders(database: Database) -> Iterator[StoredOrders]:
    with database.engine.connect() as connection, connection.begin():
        yield StoredOrders(connection)


def order(number: int, device: str = "k1", state: OrderState = OrderState.OPEN) -> DeviceOrder:
    return replace(FIRST, id=f"o-{number:03}", device=device, state=state)


def test_an_order_is_read_as_it_was_written(orders: StoredOrders) -> None:
    """Every field, with its words as words of the contract."""
    identify = replace(order(2), order=OrderName.IDENTIFY, ticket=None)
    for one in (FIRST, identify):
        orders.add(one)
        read = orders.find(one.id)
        assert read == one
        assert (type(read.order), type(read.state)) == (OrderName, OrderState)
    assert orders.find("o-003") is None
    assert orders.open() == [FIRST, identify]
    assert orders.all() == [identify, FIRST]


def test_an_order_ends_once_it_is_said(orders: StoredOrders) -> None:
    """With the device's word and the time; others stay open."""
    for one in (FIRST, order(2), order(3, "k2")):
        orders.add(one)
    orders.end("o-001", OrderState.FAILED, "hết giấy", LATE)
    assert orders.find("o-001") == replace(FIRST, state=OrderState.FAILED, detail="hết giấy", ended_at=LATE)
    assert [one.id for one in orders.open()] == ["o-002", "o-003"]
    assert [one.id for one in orders.open("k2")] == ["o-003"]


def test_old_ones_are_dropped_and_open_ones_never(orders: StoredOrders) -> None:
    """A device's last twenty that have ended; what another device was told does not count."""
    orders.add(order(1, "k2", OrderState.DONE))
    for number in range(2, KEPT + 12):
        orders.add(order(number, state=OrderState.OPEN if number == 3 else OrderState.DONE))
    kept = [one.id for one in reversed(orders.all())]
    assert kept[:2] == ["o-001", "o-003"]
    assert kept[2:] == [f"o-{number:03}" for number in range(12, KEPT + 12)]


def test_a_device_that_is_gone_leaves_none(orders: StoredOrders) -> None:
    """Others keep theirs."""
    for one in (FIRST, order(2, state=OrderState.DONE), order(3, "k2")):
        orders.add(one)
    orders.forget("k1")
    assert [one.id for one in orders.all()] == ["o-003"]
