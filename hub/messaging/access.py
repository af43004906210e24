"""Mosquitto's access list, made from THE table (`hub.contract.topics`)."""

import re
from collections.abc import Iterable, Iterator

from hub.contract.names import ID_PATTERN
from hub.contract.topics import DeviceIdentity, reads, writes


def access_list(centre: str, devices: Iterable[DeviceIdentity]) -> str:
    """The text of the access list: one section for each device, in order of their ids.

    Topics stand there in full, without patterns. A device that has no section may do nothing. An id that could say
    more than one name (a wildcard, a line end), or that stands there twice, is a programming error: `ValueError`.
    """
    listed = sorted(devices, key=lambda device: device.id)
    _check_ids(listed)
    return "".join(
        f"{line}\n" for line in ("# Written by the hub; changes made here are lost.", *_lines(centre, listed))
    )


def _lines(centre: str, devices: Iterable[DeviceIdentity]) -> Iterator[str]:
    for device in devices:
        yield ""
        yield f"user {device.id}"
        yield from dict.fromkeys(f"topic write {topic}" for topic in writes(centre, device))
        yield from dict.fromkeys(f"topic read {topic}" for topic in reads(centre, device))


def _check_ids(devices: list[DeviceIdentity]) -> None:
    ids = [device.id for device in devices]
    if len(set(ids)) != len(ids):
        raise ValueError("a device is listed twice: its rights would add up")
    for device in devices:
        for name in (device.id, *device.boards, *filter(None, [device.counter])):
            if not re.fullmatch(ID_PATTERN, name):
                raise ValueError(f"{name!r} in {device.id!r} is not an id")
