"""What a device's presence means becomes a fact."""

import pytest

from hub.actions.device.presence import Meaning, note_device
from hub.queueing.facts import DeviceDoubled, DeviceLost, DeviceReturned
from tests.hub.actions.place import Place


@pytest.mark.parametrize("meaning", [DeviceLost, DeviceReturned, DeviceDoubled])
def test_it_is_stated_of_the_device_and_changes_nothing_else(place: Place, meaning: Meaning) -> None:
    """Nobody in the line notices."""
    place.issue()
    line = place.centre.line.tickets
    assert place.stated_by(lambda work: note_device(work, "kiosk-01", meaning)) == [meaning("kiosk-01")]
    assert place.centre.line.tickets == line


def test_the_journal_knows_who_is_there(place: Place) -> None:
    """By the last word on each; a doubled device is as it was."""
    for device, meaning in (
        ("k1", DeviceReturned),
        ("k2", DeviceReturned),
        ("k3", DeviceLost),
        ("k2", DeviceLost),
        ("k1", DeviceDoubled),
    ):
        place.done(lambda work, device=device, meaning=meaning: note_device(work, device, meaning))
    assert place.reading.devices_there() == {"k1"}
