"""Devices are added and removed."""

from dataclasses import replace

import pytest

from hub.actions.asking import Action
from hub.actions.device.register import add_device, change_staff_pin, remove_device
from hub.actions.work import Device
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.facts import DeviceAdded, DeviceRemoved, StaffPinChanged
from tests.hub.actions.place import CHIEF, Place
from tests.hub.queueing.hall import SET_UP

KIOSK = Device("kiosk-01", "kiosk", (), None, 7, "ab", Instant(0))
BOARD = Device("board-01", "board", ("hall",), None, None, "cd", Instant(0))
PAD = Device("pad-01", "pad", (), "c1", None, "ef", Instant(0))


@pytest.fixture
def place(place: Place) -> Place:
    """With a board in the hall."""
    with_board = SetUp.model_validate(SET_UP.model_dump() | {"boards": [{"id": "hall", "name": {"vi": "Sảnh"}}]})
    place.centre.done(place.centre.apply(with_board))
    return place


def add(device: Device) -> Action:
    return lambda work: add_device(work, device)


def test_each_role_is_made_known(place: Place) -> None:
    """The fact names device and role, no more."""
    for device in (KIOSK, BOARD, PAD):
        assert place.stated_by(add(device)) == [DeviceAdded(device.id, device.role)]
    assert place.reading.all_devices() == [BOARD, KIOSK, PAD]


def test_added_again_it_takes_its_own_place(place: Place) -> None:
    """With what is new of it, its own kiosk number included."""
    place.done(add(KIOSK))
    again = replace(KIOSK, fingerprint="new", settings_version=2)
    place.done(add(again))
    assert place.reading.all_devices() == [again]


@pytest.mark.parametrize(
    ("device", "code"),
    [
        (replace(BOARD, boards=("hall", "moon")), "not-found"),
        (replace(PAD, counter="c9"), "unknown-counter"),
        (replace(PAD, counter=None), "unknown-counter"),
        (replace(KIOSK, id="kiosk-02"), "already-exists"),
    ],
)
def test_what_does_not_fit_the_centre_is_refused(place: Place, device: Device, code: str) -> None:
    """A board or counter it does not have; a kiosk number that would be on two kiosks' slips."""
    place.done(add(KIOSK))
    assert place.refused(add(device)) == code


def test_a_device_without_a_number_collides_with_nobody(place: Place) -> None:
    """Two of them."""
    place.done(add(replace(KIOSK, kiosk_number=None)))
    place.done(add(replace(KIOSK, id="kiosk-02", kiosk_number=None)))
    assert len(place.reading.all_devices()) == 2


def test_a_new_pin_is_kept_and_stated(place: Place) -> None:
    """Who changed it, never what it is; of a device that is gone it is refused."""
    place.done(add(KIOSK))
    changed = replace(KIOSK, settings_version=2, pin_salt="salt", pin_hash="hash")
    change: Action = lambda work: change_staff_pin(work, CHIEF, changed)  # noqa: E731
    assert place.stated_by(change) == [StaffPinChanged("kiosk-01", "staff:chief")]
    assert place.reading.all_devices() == [changed]
    place.done(lambda work: remove_device(work, "kiosk-01"))
    assert place.refused(change) == "not-found"


def test_it_is_removed_once(place: Place) -> None:
    """Then it is not found."""
    place.done(add(KIOSK))
    gone: Action = lambda work: remove_device(work, "kiosk-01")  # noqa: E731
    assert place.stated_by(gone) == [DeviceRemoved("kiosk-01")]
    assert place.reading.all_devices() == []
    assert place.refused(gone) == "not-found"
