"""The table of topics: complete, and the rights of each role follow from it."""

import re
from typing import Any, get_args

import pytest

from hub.contract.document import message_types
from hub.contract.messages import Message, RefusalMessage
from hub.contract.names import ID_PATTERN, DeviceRole
from hub.contract.topics import OPERATIONS, ROOT, TOPIC, TOPICS, DeviceIdentity, Sender, address, reads, writes

KIOSK = DeviceIdentity("kiosk-01", DeviceRole.KIOSK)
BOARD = DeviceIdentity("tv-01", DeviceRole.BOARD, boards=("sanh-chinh", "tang-2"))
PAD = DeviceIdentity("pad-03", DeviceRole.PAD, counter="quay-3")

OWN = ["shown", "presence", "health", "orders-done"]

WRITES = {
    KIOSK: [
        *OWN,
        "requests/hello",
        "requests/issue-ticket",
        "requests/slip-printed",
        "requests/slip-failed",
        "requests/cancel-ticket",
        "requests/call-staff",
    ],
    BOARD: [*OWN, "requests/hello"],
    PAD: [*OWN, "requests/hello", "requests/call-staff"],
}

READS = {
    KIOSK: ["hub", "centre", "services", "waiting"],
    BOARD: [
        "hub",
        "centre",
        "waiting",
        "counters/+",
        "boards/sanh-chinh",
        "boards/sanh-chinh/calls",
        "boards/tang-2",
        "boards/tang-2/calls",
    ],
    PAD: ["hub", "centre", "counters/quay-3"],
}


def inside(kind: type[Message]) -> set[type[Message]]:
    """`kind` and every message that is a part of it."""
    found = {kind}
    for field in kind.model_fields.values():
        for part in parts(field.annotation):
            found |= inside(part)
    return found


def parts(annotation: Any) -> list[type[Message]]:
    """Message types named anywhere in an annotation."""
    if isinstance(annotation, type):
        return [annotation] if issubclass(annotation, Message) else []
    return [part for argument in get_args(annotation) for part in parts(argument)]


def test_every_message_has_a_row_or_an_operation() -> None:
    """Or is a part of one that has: no message lies about unused."""
    roots = [topic.message for topic in TOPICS]
    roots += [kind for operation in OPERATIONS for kind in (operation.asks, operation.answers)]
    assert set().union(*(inside(kind) for kind in roots)) | {RefusalMessage} == set(message_types())


def test_names_and_patterns_stand_once() -> None:
    """One row per topic, one per operation."""
    for names in (
        [topic.name for topic in TOPICS],
        [topic.pattern for topic in TOPICS],
        [operation.name for operation in OPERATIONS],
    ):
        assert len(names) == len(set(names))


def test_operation_names_fit_into_a_topic() -> None:
    """They are one level of it, and no wildcard."""
    for operation in OPERATIONS:
        assert re.match(ID_PATTERN, operation.name)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_only_the_device_in_the_path_is_a_sender_beside_the_hub(topic: Any) -> None:
    """And what a device says is read by the hub alone."""
    if topic.sender is Sender.OWNER:
        assert topic.pattern.startswith("devices/{device}/")
        assert not topic.readers
    else:
        assert topic.readers


def test_an_address_is_the_whole_topic() -> None:
    """Root, centre, and the levels filled in."""
    assert address("hoa-sen", "presence", device="kiosk-01") == "motcua/1/hoa-sen/devices/kiosk-01/presence"
    assert address("hoa-sen", "board-call", board="sanh-chinh") == "motcua/1/hoa-sen/boards/sanh-chinh/calls"
    with pytest.raises(KeyError):
        address("hoa-sen", "presence")


@pytest.mark.parametrize("device", WRITES, ids=lambda device: device.role.value)
def test_a_device_writes_only_its_own(device: DeviceIdentity) -> None:
    """Exact topics; never its settings, orders or replies, never another's."""
    expected = {f"{ROOT}/hoa-sen/devices/{device.id}/{end}" for end in WRITES[device]}
    assert set(writes("hoa-sen", device)) == expected


@pytest.mark.parametrize("device", READS, ids=lambda device: device.role.value)
def test_a_device_reads_what_its_role_needs(device: DeviceIdentity) -> None:
    """And of the devices' topics its own only."""
    own = [f"devices/{device.id}/{end}" for end in ("settings", "orders", "replies")]
    assert set(reads("hoa-sen", device)) == {f"{ROOT}/hoa-sen/{end}" for end in [*READS[device], *own]}


def test_a_pad_without_a_counter_reads_none() -> None:
    """Not all of them."""
    found = set(reads("hoa-sen", DeviceIdentity("pad-09", DeviceRole.PAD)))
    assert not [topic for topic in found if "/counters/" in topic]


def test_state_is_retained_and_events_are_not() -> None:
    """A board that starts must not replay calls, and no request may wait in the broker."""
    passing = {topic.name for topic in TOPICS if not topic.retained}
    assert passing == {"board-call", "shown", "orders", "orders-done", "request", "reply"}
    assert TOPIC["hub"].retained
