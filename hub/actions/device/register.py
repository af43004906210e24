"""Devices are added, given a new PIN, removed."""

from hub.actions.work import Asker, Device, Work
from hub.contract.messages import Done
from hub.contract.names import DeviceRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.facts import DeviceAdded, DeviceRemoved, StaffPinChanged


def add_device(work: Work, device: Device) -> Done:
    """Makes a device known, or gives a known one a new certificate (the old one is revoked by the caller).

    Refuses `not-found` for boards, and `unknown-counter` for a counter, that the set-up does not have,
    and `already-exists` for a kiosk number that another device has: their own numbers would collide.
    """
    if set(device.boards) - {board.id for board in work.set_up.boards}:
        raise Refusal(RefusalCode.NOT_FOUND)
    if device.role == DeviceRole.PAD and device.counter not in work.set_up.counter:
        raise Refusal(RefusalCode.UNKNOWN_COUNTER)
    number = device.kiosk_number
    if any(one.kiosk_number == number and one.id != device.id for one in work.register.all_devices() if number):
        raise Refusal(RefusalCode.ALREADY_EXISTS)
    work.register.add_device(device)
    work.state(DeviceAdded(device.id, device.role))
    return Done()


def change_staff_pin(work: Work, asker: Asker, device: Device) -> Done:
    """Keeps a kiosk's new PIN, with the next version of its settings. Refuses `not-found`."""
    if work.register.find_device(device.id) is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    work.register.add_device(device)
    work.state(StaffPinChanged(device.id, asker.key))
    return Done()


def remove_device(work: Work, device: str) -> Done:
    """From here on the device may do nothing, and nothing it was told to do is open. Refuses `not-found`."""
    if not work.register.remove_device(device):
        raise Refusal(RefusalCode.NOT_FOUND)
    work.orders.forget(device)
    work.state(DeviceRemoved(device))
    return Done()
