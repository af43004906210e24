"""What a device's presence means: lost, returned, or held by two."""

from hub.actions.work import Work
from hub.contract.messages import Done
from hub.queueing.facts import DeviceDoubled, DeviceLost, DeviceReturned

Meaning = type[DeviceLost] | type[DeviceReturned] | type[DeviceDoubled]


def note_device(work: Work, device: str, meaning: Meaning) -> Done:
    """Makes a reading's meaning a fact."""
    work.state(meaning(device))
    return Done()
