"""Somebody at a device calls for staff; staff go there."""

from hub.actions.asking import Action
from hub.actions.device.call_staff import answer_staff_call, call_staff
from hub.actions.device.register import add_device, remove_device
from hub.actions.work import Asker, Device
from hub.contract.time import Instant
from hub.queueing.facts import DeviceRemoved, StaffCallAnswered, StaffCalled
from hub.queueing.line import StaffCall
from tests.hub.actions.place import Place
from tests.hub.storage.centre import DAY_MS

AN = Asker("staff", "an")


def call(device: str = "k1", screen: str = "home") -> Action:
    return lambda work: call_staff(work, device, screen)


def answer(device: str = "k1") -> Action:
    return lambda work: answer_staff_call(work, AN, device)


def test_a_call_is_stated_and_stands_until_it_is_answered(place: Place) -> None:
    """With where it came from and since when."""
    assert place.stated_by(call()) == [StaffCalled("k1", "home")]
    since = place.centre.clock.now
    place.centre.clock.turn(60_000)
    place.issue()
    assert place.centre.line.staff_calls == {"k1": StaffCall("home", since)}
    assert place.stated_by(answer()) == [StaffCallAnswered("k1", "staff:an")]
    assert place.centre.line.staff_calls == {}


def test_a_second_call_changes_nothing_while_one_stands(place: Place) -> None:
    """And is answered all the same; after the answer it is a new one."""
    place.done(call())
    place.centre.clock.turn(1000)
    assert place.stated_by(call(screen="ticket")) == []
    place.done(answer())
    assert place.stated_by(call(screen="ticket")) == [StaffCalled("k1", "ticket")]


def test_each_device_calls_for_itself(place: Place) -> None:
    """Going to one leaves the other waiting."""
    place.done(call("k1"))
    place.done(call("k2"))
    place.done(answer("k1"))
    assert list(place.centre.line.staff_calls) == ["k2"]


def test_who_comes_second_is_refused(place: Place) -> None:
    """As is who goes where nobody has called."""
    assert place.refused(answer()) == "not-found"
    place.done(call())
    place.done(answer())
    assert place.refused(answer()) == "not-found"


def test_a_call_ends_with_its_day_and_with_its_device(place: Place) -> None:
    """Nobody waits there any longer."""
    place.done(lambda work: add_device(work, Device("k2", "kiosk", (), None, None, "ab", Instant(0))))
    place.done(call("k1"))
    place.done(call("k2"))
    assert place.stated_by(lambda work: remove_device(work, "k2")) == [DeviceRemoved("k2")]
    assert list(place.centre.line.staff_calls) == ["k1"]
    place.centre.clock.turn(DAY_MS)
    place.issue()
    assert place.centre.line.staff_calls == {}
