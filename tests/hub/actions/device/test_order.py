"""Staff tell a device what to do, and a kiosk to print a slip again."""

from uuid import UUID

import pytest

from hub.actions.asking import Action
from hub.actions.citizen.report_slip import report_slip_failed, report_slip_printed
from hub.actions.device.order import (
    LIFE_MS,
    MOST_OPEN,
    REPRINT_LIFE_MS,
    order_device,
    reprint_at_counter,
    reprint_slip,
)
from hub.actions.device.register import add_device, remove_device
from hub.actions.work import Asker, Device, DeviceOrder
from hub.contract.messages import Order, OrderName
from hub.contract.names import OrderState
from hub.contract.set_up import ReceptionSetUp, SetUp
from hub.contract.time import Instant, from_datetime
from hub.queueing.facts import DeviceOrdered, ReprintOrdered, SlipPrinted
from hub.queueing.ticket import Verb
from tests.hub.actions.place import CHIEF, Place
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS

AN = Asker("staff", "an")
DESK = Asker("staff", "desk")


@pytest.fixture
def place(place: Place) -> Place:
    """With the kiosk that issues, another kiosk, and a board."""
    with_board = SetUp.model_validate(SET_UP.model_dump() | {"boards": [{"id": "hall", "name": {"vi": "Sảnh"}}]})
    place.centre.done(place.centre.apply(with_board))
    for device, role in (("k1", "kiosk"), ("k2", "kiosk"), ("b1", "board")):
        boards = ("hall",) if role == "board" else ()
        place.done(
            lambda work, device=device, role=role, boards=boards: add_device(
                work, Device(device, role, boards, None, None, device, Instant(0))
            )
        )
    return place


def order(name: OrderName = OrderName.IDENTIFY, device: str = "k1", ticket: str | None = None) -> Action:
    return lambda work: order_device(work, CHIEF, device, name, ticket)


def reprint(ticket: str, asker: Asker = DESK) -> Action:
    return lambda work: reprint_slip(work, asker, ticket)


def at_counter(ticket: str | None = None, counter: str = "c1", officer: Asker = AN) -> Action:
    return lambda work: reprint_at_counter(work, officer, counter, ticket)


def given(place: Place) -> DeviceOrder:
    """The one order that is open."""
    (only,) = place.reading.open_orders()
    return only


def message(place: Place) -> Order:
    """The one open order as it goes over the wire."""
    return Order.model_validate_json(given(place).message, extra="forbid")


# ---------------------------------------------------------------- orders of any kind


@pytest.mark.parametrize("name", [OrderName.IDENTIFY, OrderName.RESTART, OrderName.TEST_PRINT, OrderName.SCREENSHOT])
def test_an_order_is_kept_and_stated(place: Place, name: OrderName) -> None:
    """Who gave which order to whom; it lives for five minutes."""
    now = place.centre.clock.now
    (fact,) = place.stated_by(order(name))
    one = given(place)
    assert fact == DeviceOrdered("k1", name.value, one.id, "staff:chief")
    assert (one.device, one.order, one.ticket, one.by) == ("k1", name, None, "staff:chief")
    assert (one.state, one.ordered_at, one.expires_at) == (OrderState.OPEN, now, now + LIFE_MS)
    said = message(place)
    assert (str(said.order_id), said.order, said.ticket) == (one.id, name, None)
    assert from_datetime(said.expires_at) == one.expires_at


def test_the_answer_names_the_order(place: Place) -> None:
    """Under its id the rest is found."""
    assert place.done(order()) == {"order_id": given(place).id}


def test_the_same_order_is_not_given_twice_while_it_is_open(place: Place) -> None:
    """Whoever gives it: a double click identifies once, and prints one copy."""
    first = place.done(order())
    assert place.stated_by(order()) == []
    assert place.done(order()) == first
    assert place.done(order(device="k2")) != first
    assert place.done(order(OrderName.TEST_PRINT)) != first
    ticket = place.issue()
    copy = place.done(reprint(ticket))
    assert place.done(order(OrderName.REPRINT, ticket=ticket)) == copy
    assert place.done(reprint(place.issue())) != copy


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (order(device="nobody"), "not-found"),
        (order(OrderName.UPDATE), "malformed"),
        (order(OrderName.TEST_PRINT, "b1"), "malformed"),
        (order(OrderName.REPRINT, "b1", "t"), "malformed"),
        (order(OrderName.REPRINT), "malformed"),
        (order(OrderName.IDENTIFY, ticket="t"), "malformed"),
        (order(OrderName.REPRINT, ticket="nobody"), "not-found"),
    ],
)
def test_what_cannot_be_is_refused(place: Place, action: Action, code: str) -> None:
    """A device nobody knows; what such a device cannot do; a ticket where none belongs, or none where one does."""
    assert place.refused(action) == code


def test_a_device_is_not_buried_in_orders(place: Place) -> None:
    """So many at once; another device's do not count."""
    for _ in range(MOST_OPEN):
        place.done(reprint(place.issue()))
    assert place.refused(order()) == "too-many"
    place.done(order(device="k2"))


def test_orders_of_a_device_that_is_removed_are_gone(place: Place) -> None:
    """Those of others stay."""
    place.done(order())
    place.done(order(device="k2"))
    place.done(lambda work: remove_device(work, "k1"))
    assert [one.device for one in place.reading.all_orders()] == ["k2"]


# ---------------------------------------------------------------- slips


def test_a_copy_shows_the_ticket_as_it_stands_now(place: Place) -> None:
    """Fewer people ahead than on the first slip; in the language of its holder; stated in the ticket's history."""
    first, ticket = place.issue(), place.issue()
    place.open()
    place.call()
    facts = place.stated_by(reprint(ticket))
    one = given(place)
    assert facts == [ReprintOrdered(ticket, "staff:desk"), DeviceOrdered("k1", "reprint", one.id, "staff:desk")]
    said = message(place)
    assert said.ticket is not None
    assert (said.ticket.id, said.ticket.number, said.ticket.people_ahead) == (UUID(ticket), "A002", 0)
    assert said.language == "vi"
    assert from_datetime(said.expires_at) == place.centre.clock.now + REPRINT_LIFE_MS
    place.done(lambda work: report_slip_printed(work, Asker("device", "k1"), ticket, copy=True))
    kinds = [line.kind for line in place.reading.history_of(ticket)]
    assert kinds == ["TicketIssued", "ReprintOrdered", "SlipPrinted"]
    assert place.facts()[-1] == SlipPrinted(ticket, copy=True)
    assert first != ticket


def test_a_slip_that_failed_can_be_printed_after_all(place: Place) -> None:
    """The ticket's slip is printed then."""
    ticket = place.issue()
    kiosk = Asker("device", "k1")
    place.done(lambda work: report_slip_failed(work, kiosk, ticket, copy=False, reason="paper-out"))
    place.done(reprint(ticket))
    place.done(lambda work: report_slip_printed(work, kiosk, ticket, copy=True))
    assert (place.ticket(ticket).slip, place.ticket(ticket).copies) == ("printed", 1)


def test_a_number_that_is_over_has_no_slip(place: Place) -> None:
    """Cancelled, or of yesterday; one that never was is not found."""
    place.open()
    cancelled, yesterdays = place.issue(), place.issue()
    place.call()
    place.press(Verb.CANCEL)
    for ticket in (cancelled,):
        assert place.refused(reprint(ticket)) == "illegal-move"
    place.centre.clock.turn(DAY_MS)
    place.issue()
    assert place.refused(reprint(yesterdays)) == "illegal-move"
    assert place.refused(reprint("nobody")) == "not-found"


def test_only_what_a_kiosk_of_ours_has_issued_can_be_printed(place: Place) -> None:
    """Not a number of the desk, nor of a kiosk that is gone."""
    desk, gone = place.issue(asker=DESK), place.issue(asker=Asker("device", "k2"))
    place.done(lambda work: remove_device(work, "k2"))
    for ticket in (desk, gone):
        assert place.refused(reprint(ticket)) == "no-slip"


def test_another_kiosk_does_not_print_it(place: Place) -> None:
    """Its word about the slip would count for nothing."""
    ticket = place.issue()
    assert place.refused(order(OrderName.REPRINT, "k2", ticket)) == "not-allowed"


# ---------------------------------------------------------------- at a counter


def test_an_officer_has_the_slip_at_the_counter_printed(place: Place) -> None:
    """And is told how the counter stands; it is no press that could be taken back."""
    ticket = place.issue()
    place.open()
    place.call()
    answer = place.done(at_counter())
    assert (answer["state"], answer["ticket"]["id"]) == ("called", ticket)
    assert given(place).ticket == ticket
    assert given(place).by == "staff:an"
    assert place.press(Verb.START)["ticket"]["state"] == "serving"


def test_an_officer_may_name_one_that_waits_or_rests(place: Place) -> None:
    """As the lists beside the counter show them."""
    waiting, held = place.issue("land"), place.issue()
    place.open()
    place.call()
    place.press(Verb.RETURN)
    place.done(at_counter(waiting))
    assert given(place).ticket == waiting
    place.done(at_counter(held))
    assert {one.ticket for one in place.reading.open_orders()} == {waiting, held}


@pytest.mark.parametrize(
    ("ticket", "counter", "officer", "code"),
    [
        (None, "c1", AN, "not-found"),
        ("nobody", "c1", AN, "not-found"),
        (None, "c1", DESK, "counter-taken"),
        (None, "c2", DESK, "counter-closed"),
        (None, "c9", AN, "unknown-counter"),
    ],
)
def test_no_slip_from_where_one_does_not_sit(
    place: Place, ticket: str | None, counter: str, officer: Asker, code: str
) -> None:
    """Nor where nobody is called, nor of a number that is not there."""
    place.open()
    assert place.refused(at_counter(ticket, counter, officer)) == code


def test_what_another_counter_serves_is_its_own(place: Place) -> None:
    """Its officer has the slip at hand."""
    ticket = place.issue()
    place.open()
    place.open("c3", "chi")
    place.call()
    assert place.refused(at_counter(ticket, "c3", Asker("staff", "chi"))) == "not-allowed"


# ---------------------------------------------------------------- numbers of the desk


def with_a_printer_for_the_desk(place: Place, kiosk: str = "k2") -> str:
    """The centre lets `kiosk` print for the desk; the id of a ticket given there."""
    place.centre.done(
        place.centre.apply(
            place.centre.ledger.sight.set_up.model_copy(update={"reception": ReceptionSetUp(kiosk=kiosk)})
        )
    )
    return place.issue(asker=DESK)


def test_the_centres_kiosk_prints_for_the_desk(place: Place) -> None:
    """Its word about the paper counts, and nobody else's."""
    ticket = with_a_printer_for_the_desk(place)
    place.done(reprint(ticket))
    assert (given(place).device, given(place).ticket) == ("k2", ticket)

    def printed(device: str) -> Action:
        return lambda work: report_slip_printed(work, Asker("device", device), ticket, copy=True)

    assert place.refused(printed("k1")) == "not-allowed"
    assert place.stated_by(printed("k2")) == [SlipPrinted(ticket, True)]


def test_it_does_not_print_for_other_kiosks(place: Place) -> None:
    """Their numbers are printed where they were given, and reported from there."""
    with_a_printer_for_the_desk(place)
    ticket = place.issue()
    place.done(reprint(ticket))
    assert given(place).device == "k1"
    assert place.refused(lambda work: report_slip_printed(work, Asker("device", "k2"), ticket, copy=True)) == (
        "not-allowed"
    )


def test_a_printer_that_is_none_prints_nothing(place: Place) -> None:
    """A board, a kiosk that is gone, none at all."""
    for kiosk in ("b1", "k9"):
        ticket = with_a_printer_for_the_desk(place, kiosk)
        assert place.refused(reprint(ticket)) == "no-slip"
