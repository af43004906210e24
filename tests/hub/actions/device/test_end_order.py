"""What becomes of orders: done, failed, or over."""

import pytest

from hub.actions.asking import Action
from hub.actions.device.end_order import expire_orders, finish_order
from hub.actions.device.order import LIFE_MS, REPRINT_LIFE_MS, order_device, reprint_slip
from hub.actions.device.register import add_device
from hub.actions.work import Device
from hub.contract.messages import OrderName
from hub.contract.names import OrderState
from hub.contract.time import Instant
from hub.queueing.facts import OrderEnded
from tests.hub.actions.place import CHIEF, Place


@pytest.fixture
def place(place: Place) -> Place:
    """With a kiosk."""
    place.done(lambda work: add_device(work, Device("k1", "kiosk", (), None, None, "ab", Instant(0))))
    return place


def ordered(place: Place) -> str:
    order_id: str = place.done(lambda work: order_device(work, CHIEF, "k1", OrderName.TEST_PRINT))["order_id"]
    return order_id


def finish(order_id: str, *, ok: bool = True, detail: str = "", device: str = "k1") -> Action:
    return lambda work: finish_order(work, device, order_id, ok=ok, detail=detail)


@pytest.mark.parametrize(("ok", "state"), [(True, OrderState.DONE), (False, OrderState.FAILED)])
def test_the_devices_word_is_kept_and_its_meaning_stated(place: Place, ok: bool, state: OrderState) -> None:
    """Its free text stays out of the journal."""
    order_id = ordered(place)
    place.centre.clock.turn(2000)
    assert place.stated_by(finish(order_id, ok=ok, detail="no paper")) == [
        OrderEnded("k1", "test-print", order_id, state)
    ]
    (kept,) = place.reading.all_orders()
    assert (kept.state, kept.detail, kept.ended_at) == (state, "no paper", place.centre.clock.now)
    assert place.reading.open_orders() == []


def test_only_the_first_word_of_the_device_itself_counts(place: Place) -> None:
    """Not another's, not a second one, not about an order that never was."""
    order_id = ordered(place)
    assert place.stated_by(finish(order_id, device="k2")) == []
    assert place.stated_by(finish("nobody")) == []
    place.done(finish(order_id))
    assert place.stated_by(finish(order_id, ok=False)) == []
    (kept,) = place.reading.all_orders()
    assert kept.state is OrderState.DONE


def test_what_cannot_be_shown_is_left_out(place: Place) -> None:
    """A device may say what it likes: no NUL for the database, no line end for a terminal."""
    place.done(finish(ordered(place), ok=False, detail="kẹt\x00 giấy\n\x1b[2J"))
    assert place.reading.all_orders()[0].detail == "kẹt giấy[2J"


def test_an_order_that_nobody_does_is_over_in_time(place: Place) -> None:
    """After five minutes, a copy of a slip after ten; a late word of the device counts no more."""
    order_id = ordered(place)
    ticket = place.issue()
    copy = place.done(lambda work: reprint_slip(work, CHIEF, ticket))["order_id"]
    place.centre.clock.turn(LIFE_MS - 1)
    assert place.stated_by(expire_orders) == []
    place.centre.clock.turn(1)
    assert place.stated_by(expire_orders) == [OrderEnded("k1", "test-print", order_id, OrderState.EXPIRED)]
    assert place.stated_by(finish(order_id)) == []
    place.centre.clock.turn(REPRINT_LIFE_MS - LIFE_MS)
    assert place.stated_by(expire_orders) == [OrderEnded("k1", "reprint", copy, OrderState.EXPIRED)]
