"""The access list, and that the real broker keeps to it: every device, every topic, both ways."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest

from hub.contract.names import DeviceRole
from hub.contract.topics import OPERATION, OPERATIONS, ROOT, TOPICS, DeviceIdentity, Sender, Topic
from hub.messaging.access import access_list
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerPlan

CENTRE = "hoa-sen"
LISTED = (
    DeviceIdentity("kiosk-01", DeviceRole.KIOSK),
    DeviceIdentity("kiosk-02", DeviceRole.KIOSK),
    DeviceIdentity("board-01", DeviceRole.BOARD, boards=("hall",)),
    DeviceIdentity("board-02", DeviceRole.BOARD, boards=("gate", "stairs")),
    DeviceIdentity("pad-01", DeviceRole.PAD, counter="counter-1"),
    DeviceIdentity("pad-02", DeviceRole.PAD, counter="counter-2"),
    DeviceIdentity("pad-03", DeviceRole.PAD),
)
STRANGER = DeviceIdentity("stranger", DeviceRole.KIOSK)
"""Has a certificate of ours, but is not listed."""

DEVICES = (*LISTED, STRANGER)
LEVELS = {
    "device": [device.id for device in DEVICES],
    "board": ["hall", "gate", "stairs"],
    "counter": ["counter-1", "counter-2"],
    "operation": list(OPERATION),
}
Right = tuple[str, str, str]
"""Device, `write` or `read`, topic."""


@dataclass(frozen=True)
class Cell:
    """One topic with all its levels filled in; `row` is `None` for one that is not in the table."""

    row: Topic | None
    levels: dict[str, str]
    topic: str


def cells() -> Iterator[Cell]:
    """Every topic there can be in this centre, and some there should not be."""
    for row in TOPICS:
        names = [name for name in LEVELS if f"{{{name}}}" in row.pattern]
        for values in product(*(LEVELS[name] for name in names)):
            levels = dict(zip(names, values, strict=True))
            yield Cell(row, levels, f"{ROOT}/{CENTRE}/{row.pattern.format(**levels)}")
    for path in ("devices/kiosk-01", "devices/kiosk-01/other", "devices/kiosk-01/requests", "boards/hall/other"):
        yield Cell(None, {}, f"{ROOT}/{CENTRE}/{path}")
    for topic in (f"{ROOT}/other-centre/hub", f"{ROOT}/other-centre/devices/kiosk-01/presence", "kiosk-01", ROOT):
        yield Cell(None, {}, topic)
    yield Cell(None, {}, f"{ROOT}/{CENTRE}/devices/kiosk-01/requests/no-such-operation")


def may_write(device: DeviceIdentity, cell: Cell) -> bool:
    """What the table says, worked out here once more and in another way than the product does."""
    if cell.row is None or device not in LISTED or cell.row.sender is Sender.HUB:
        return False
    asked = [operation for operation in OPERATIONS if operation.name == cell.levels.get("operation")]
    return cell.levels["device"] == device.id and all(device.role in operation.roles for operation in asked)


def may_read(device: DeviceIdentity, cell: Cell) -> bool:
    """What the table says, worked out here once more and in another way than the product does."""
    if cell.row is None or device not in LISTED or device.role not in cell.row.readers:
        return False
    return (
        cell.levels.get("device", device.id) == device.id
        and ("board" not in cell.levels or cell.levels["board"] in device.boards)
        and (
            "counter" not in cell.levels or device.role is DeviceRole.BOARD or cell.levels["counter"] == device.counter
        )
    )


def table() -> set[Right]:
    """All the rights that the table gives."""
    writes = {(device.id, "write", cell.topic) for device in DEVICES for cell in cells() if may_write(device, cell)}
    reads = {(device.id, "read", cell.topic) for device in DEVICES for cell in cells() if may_read(device, cell)}
    return writes | reads


@pytest.fixture
def measure(connect_hub: Callable, connect_device: Callable) -> Callable[[], set[Right]]:
    """Tries every cell on the broker and returns the rights it really gives."""
    hub = connect_hub()
    peers = {device.id: connect_device(device.id) for device in DEVICES}
    topics = [cell.topic for cell in cells()]
    rounds = iter(range(1000))

    def measured_writes() -> set[Right]:
        hub.subscribe("#")
        turn = next(rounds)
        sent = {
            (name, topic): peer.publish(topic, f"{name} {turn}") for topic in topics for name, peer in peers.items()
        }
        for name, peer in peers.items():
            mids = {mid for (sender, _), mid in sent.items() if sender == name}
            peer.wait(lambda peer=peer, mids=mids: mids <= peer.published.keys(), f"answers to all that {name} sent")
        hub.subscribe("nothing")
        heard = hub.heard()
        delivered = {(name, "write", topic) for name, topic in sent if (topic, f"{name} {turn}") in heard}
        accepted = {
            (name, "write", topic) for (name, topic), mid in sent.items() if not peers[name].published[mid].is_failure
        }
        assert accepted == delivered, "the broker's answer to a sender and what it delivers differ"
        hub.client.unsubscribe("#")
        return delivered

    def measured_reads(filters: list[str]) -> set[Right]:
        turn = next(rounds)
        for peer in peers.values():
            peer.subscribe(*filters)
        mids = {hub.publish(topic, f"hub {turn}") for topic in topics}
        hub.wait(lambda: mids <= hub.published.keys(), "answers to all that the hub sent")
        for peer in peers.values():
            peer.client.unsubscribe(filters)
            peer.subscribe("nothing")
        return {
            (name, "read", topic)
            for name, peer in peers.items()
            for topic, said in peer.heard()
            if said == f"hub {turn}"
        }

    def measured() -> set[Right]:
        by_name, by_wildcard = measured_reads(topics), measured_reads(["#"])
        assert by_name == by_wildcard, "asking for everything gives more, or less, than asking by name"
        return measured_writes() | by_name

    return measured


def test_the_broker_gives_exactly_the_rights_of_the_table(broker: Broker, measure: Callable) -> None:
    broker.write_access(LISTED)
    assert measure() == table()


def test_one_right_too_many_is_seen(broker: Broker, plan: BrokerPlan, measure: Callable) -> None:
    """The test above can fail: two rights that the table does not give are found, and only they."""
    broker.write_access(LISTED)
    stolen_write = f"{ROOT}/{CENTRE}/devices/kiosk-02/presence"
    stolen_read = f"{ROOT}/{CENTRE}/devices/kiosk-02/replies"
    with (plan.directory / "access.acl").open("a") as file:
        file.write(f"user kiosk-01\ntopic write {stolen_write}\ntopic read {stolen_read}\n")
    broker.reload()
    assert measure() - table() == {("kiosk-01", "write", stolen_write), ("kiosk-01", "read", stolen_read)}


def test_one_right_too_few_is_seen(broker: Broker, measure: Callable) -> None:
    broker.write_access(LISTED[1:])
    missing = table() - measure()
    assert missing == {right for right in table() if right[0] == "kiosk-01"}


def test_no_device_sees_the_brokers_own_topics(broker: Broker, connect_hub: Callable, connect_device: Callable) -> None:
    """`$SYS` tells who is connected and how much is said."""
    broker.write_access(LISTED)
    hub, kiosk = connect_hub(), connect_device("kiosk-01")
    for peer in (hub, kiosk):
        peer.subscribe("$SYS/#")
        peer.subscribe("nothing")
    assert any(topic.startswith("$SYS/") for topic, _ in hub.heard())
    assert kiosk.heard() == set()
    assert kiosk.publish_and_wait("$SYS/broker/version", "no").is_failure


def test_a_new_list_is_in_force_at_once(broker: Broker, connect_device: Callable) -> None:
    kiosk = connect_device("kiosk-01")
    for turn in range(30):
        broker.write_access(LISTED if turn % 2 else LISTED[1:])
        answer = kiosk.publish_and_wait(f"{ROOT}/{CENTRE}/devices/kiosk-01/presence")
        assert answer.is_failure == (turn % 2 == 0)


def test_what_the_hub_keeps_for_all_survives_a_new_list(
    broker: Broker, connect_hub: Callable, connect_device: Callable
) -> None:
    """The broker asks, when it gives out a retained message, whether its sender may still send it."""
    hub = connect_hub()
    hub.publish_and_wait(f"{ROOT}/{CENTRE}/centre", "open", retain=True)
    broker.write_access(LISTED)
    kiosk = connect_device("kiosk-01")
    kiosk.subscribe(f"{ROOT}/{CENTRE}/centre")
    kiosk.wait_for_message(f"{ROOT}/{CENTRE}/centre", "open")
    hub.publish_and_wait(f"{ROOT}/{CENTRE}/centre", retain=True)


def test_the_list_is_the_same_in_whatever_order_devices_come() -> None:
    assert access_list(CENTRE, LISTED) == access_list(CENTRE, reversed(LISTED))


def test_a_device_has_one_section_with_full_topics() -> None:
    pad = DeviceIdentity("pad-01", DeviceRole.PAD, counter="counter-1")
    text = access_list(CENTRE, [pad])
    assert text.count("user ") == 1
    assert f"\nuser pad-01\ntopic write {ROOT}/{CENTRE}/devices/pad-01/shown\n" in text
    assert f"\ntopic read {ROOT}/{CENTRE}/counters/counter-1\n" in text
    assert "pattern" not in text
    assert "#" not in text.partition("\n")[2]


def test_no_devices_make_a_list_without_rights() -> None:
    assert "topic" not in access_list(CENTRE, [])


@pytest.mark.parametrize(
    "device",
    [
        DeviceIdentity("#", DeviceRole.KIOSK),
        DeviceIdentity("+", DeviceRole.KIOSK),
        DeviceIdentity("kiosk-01\ntopic readwrite #", DeviceRole.KIOSK),
        DeviceIdentity("", DeviceRole.KIOSK),
        DeviceIdentity("board-01", DeviceRole.BOARD, boards=("+",)),
        DeviceIdentity("pad-01", DeviceRole.PAD, counter="#"),
    ],
)
def test_an_id_that_could_mean_more_is_refused(device: DeviceIdentity) -> None:
    with pytest.raises(ValueError, match="not an id"):
        access_list(CENTRE, [device])


def test_a_device_listed_twice_is_refused() -> None:
    twice = [DeviceIdentity("kiosk-01", DeviceRole.KIOSK), DeviceIdentity("kiosk-01", DeviceRole.BOARD)]
    with pytest.raises(ValueError, match="twice"):
        access_list(CENTRE, twice)
