"""Rubbish from devices with good certificates, on the real broker and hub (quality: R18).

Nothing comes back but declared refusals, nothing breaks inside, each message that names its request is answered, and
a healthy kiosk is served all the while.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from uuid_utils.compat import uuid7

from hub.contract.messages import Reply
from hub.contract.names import DeviceRole
from hub.contract.refusals import RefusalCode
from hub.contract.topics import MAX_PAYLOAD, DeviceIdentity, writes
from tests.faults import figures
from tests.faults.garbage import SAMPLES, Rubbish, as_bytes, mutated, readable_id, rubbish, sample
from tests.faults.sabotaged_hub import hub as sabotaged
from tests.rig import checker, truth
from tests.rig.centre import CLASS, ID, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.kiosk import Kiosk
from tests.rig.running import RunningHub, eventually, running
from tests.rig.web import figure

MUTATIONS: Final = 12_000
EXAMPLES, MESSAGES = 90, 25
PATIENCE_S: Final = 5.0
"""A healthy kiosk never waits so long, on a machine that is busy with other tests; usually it waits for 0.1 s."""

DOUBLED: Final = "device-doubled"
"""What the hub says of presences that name one boot after another; rubbish may well do so."""

ABUSERS: Final = {"kiosk-01": DeviceRole.KIOSK, "pad-01": DeviceRole.PAD, "board-01": DeviceRole.BOARD}
WISH: Final = {"service": "service-a", "class": CLASS, "language": "vi"}


@dataclass(frozen=True)
class Scene:
    """Three devices that misbehave, and one kiosk that works."""

    centre: Centre
    hub: RunningHub
    devices: dict[str, Device]
    healthy: Kiosk

    def throw(self, device: str, thrown: list[Rubbish]) -> None:
        """Publishes, waits until the hub has read it all, and looks at what has come back."""
        one = self.devices[device]
        expected: Counter[str] = Counter()
        before = {request_id: len(replies) for request_id, replies in one.replies.items()}
        for message in thrown:
            one.publish(self.topic(one, message.name), message.payload)
            found = readable_id(message.payload) if message.name in OPERATIONS else None
            if found is not None:
                expected[found] += 1
        one.greet()
        for request_id, count in expected.items():
            one.hear(request_id, before.get(request_id, 0) + count)
        for replies in list(one.replies.values()):
            for reply in replies:
                assert_declared(reply)

    def topic(self, device: Device, name: str) -> str:
        """Where a message of this name goes."""
        return device.topic("request", operation=name) if name in OPERATIONS else device.topic(name)


OPERATIONS: Final = frozenset(SAMPLES) - {"presence", "health", "shown", "orders-done"}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """One hub for all rubbish; at its end it must be as sound as at its beginning."""
    finish = threading.Event()
    with made(Plan(kiosks=2, pads=1, services=2)) as centre, running(centre) as hub:
        with ExitStack() as closing:
            devices = {name: Device(centre, name) for name in ABUSERS}
            for device in devices.values():
                closing.callback(device.open().close)
            healthy = Kiosk(centre, "kiosk-02", random.Random(1), finish, timeout_s=PATIENCE_S)
            closing.enter_context(healthy.link)
            assert healthy.link.wait_ready(10)
            healthy.start()
            there = Scene(centre, hub, devices, healthy)
            yield there
            finish.set()
            healthy.join(10)
            faults = {name: figure(centre, f"motcua_{name}_total") for name in ("internal_faults", "callback_errors")}
            dropped = hub.events("request-dropped")
        assert hub.stop() == 0
        assert faults == {"internal_faults": 0, "callback_errors": 0}
        assert [line for line in hub.complaints() if DOUBLED not in line] == []
        assert max(Counter(event["device"] for event in dropped).values()) <= 2, "logged once a minute, no more"
        histories = [healthy.history]
        assert healthy.broken == []
        assert checker.unknown_outcomes(histories) == 0
        waited = [asked.answered_s - asked.asked_s for asked in healthy.history.asked]
        figures.keep("garbage", {"healthy requests": len(waited), "longest wait s": round(max(waited), 3)})
        kept = truth.read(centre)
        assert [*checker.answers(histories), *checker.moves(kept), *checker.own_judgement(centre, kept)] == []


def assert_declared(reply: dict[str, Any]) -> None:
    """A reply in good form, with a refusal of the list if it is one."""
    read = Reply.model_validate(reply, strict=False)
    assert read.refusal is None or read.refusal.code in set(RefusalCode)


def written(role: DeviceRole) -> list[str]:
    """The last levels of all topics that this role may publish to."""
    identity = DeviceIdentity("x", role)
    return sorted(topic.rpartition("/")[2] for topic in writes(ID, identity))


@pytest.mark.parametrize("device", ABUSERS)
def test_rubbish_harms_nobody(scene: Scene, device: str) -> None:
    """Whatever bytes and JSON, on every topic that a device may publish to."""

    @settings(
        max_examples=EXAMPLES // len(ABUSERS),
        deadline=None,
        phases=(Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.lists(rubbish(written(ABUSERS[device])), min_size=MESSAGES, max_size=MESSAGES))
    def throw(thrown: list[Rubbish]) -> None:
        scene.throw(device, thrown)

    throw()


def test_thousands_of_mutations_harm_nobody(scene: Scene) -> None:
    """Golden messages with a few bytes changed, some of them twice."""
    seed = figures.seed()
    chance = random.Random(seed)
    for _ in range(MUTATIONS // 100):
        device = chance.choice(sorted(ABUSERS))
        names = written(ABUSERS[device])
        thrown = []
        for name in chance.choices(names, k=100):
            body = mutated(as_bytes(sample(name, chance)), chance)
            thrown += [Rubbish(name, body)] * chance.choice((1, 1, 1, 2))
        scene.throw(device, thrown)


def test_what_cannot_be_answered_is_counted(scene: Scene) -> None:
    """A request without an id, and a reading that cannot be read."""
    kiosk = scene.devices["kiosk-01"]
    dropped, unread = 'motcua_dropped_messages_total{reason="malformed"}', "motcua_malformed_readings_total"
    before = figure(scene.centre, dropped), figure(scene.centre, unread)
    for payload in (b"", b"{", b"[]", b'{"request_id": 7}', b"\xff"):
        kiosk.publish(kiosk.topic("request", operation="issue-ticket"), payload)
        kiosk.publish(kiosk.topic("health"), payload)
    kiosk.greet()
    assert figure(scene.centre, dropped) == before[0] + 5
    assert figure(scene.centre, unread) == before[1] + 4, "an empty payload clears a retained reading, and is none"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"service": "no-such-service"}, "unknown-service"),
        ({"class": "no-such-class"}, "unknown-class"),
        ({"service": "A" * 33}, "malformed"),
        ({"language": "Vietnamese"}, "malformed"),
        ({"dossier_code": "x" * 201}, "malformed"),
        ({"class": None}, "malformed"),
        ({"sent_at": (datetime.now(UTC) - timedelta(minutes=6)).isoformat()}, "too-late"),
        ({"sent_at": "0001-01-01T00:00:00+14:00"}, "too-late"),
        ({"sent_at": "1970-01-01T00:00:00Z"}, "too-late"),
        ({"sent_at": "2026-11-23T08:42:00"}, "malformed"),
        ({"sent_at": 1_700_000_000}, "malformed"),
        ({"sent_at": "9999-12-31T23:59:59Z"}, ""),
        ({"from_the_future": {"any": ["thing"]}}, ""),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused(scene: Scene, changes: dict[str, Any], code: str) -> None:
    """With a code that says why; what a newer device may say is granted."""
    reply = scene.devices["kiosk-01"].ask("issue-ticket", {**WISH, **changes})
    assert reply.get("refusal", {}).get("code", "") == code


def test_an_id_used_for_another_body_is_refused(scene: Scene) -> None:
    """The first answer stands."""
    kiosk = scene.devices["kiosk-01"]
    request_id = kiosk.send("issue-ticket", WISH)
    first = kiosk.hear(request_id)[0]
    kiosk.send("issue-ticket", {**WISH, "language": "en"}, request_id=request_id)
    kiosk.send("slip-printed", {"ticket_id": first["result"]["ticket"]["id"]}, request_id=request_id)
    kiosk.send("issue-ticket", WISH, request_id=request_id)
    _, other_body, other_operation, again = kiosk.hear(request_id, 4)
    assert other_body["refusal"]["code"] == other_operation["refusal"]["code"] == "request-mismatch"
    assert again["result"] == first["result"]


def test_a_request_sent_fifty_times_has_one_answer(scene: Scene) -> None:
    """And one ticket."""
    kiosk = scene.devices["kiosk-01"]
    replies = kiosk.hear(kiosk.send("issue-ticket", WISH, copies=50), 50)
    assert len({reply["result"]["ticket"]["number"] for reply in replies}) == 1
    assert all(reply["result"] == replies[0]["result"] for reply in replies)


def test_another_devices_ticket_is_left_alone(scene: Scene) -> None:
    """Neither given back nor reported on; nor one that never was."""
    eventually(lambda: scene.healthy.tickets, "a ticket of the other kiosk")
    kiosk = scene.devices["kiosk-01"]
    for ticket, code in ((scene.healthy.tickets[0], "not-allowed"), (str(uuid7()), "not-found")):
        for operation, more in (("cancel-ticket", {}), ("slip-printed", {}), ("slip-failed", {"reason": "jam"})):
            reply = kiosk.ask(operation, {"ticket_id": ticket, **more})
            assert reply["refusal"]["code"] == code, operation


def test_a_retained_request_is_cleared_and_not_carried_out(scene: Scene) -> None:
    """Else it would come again with every start of the hub."""
    kiosk, dropped = scene.devices["kiosk-01"], 'motcua_dropped_messages_total{reason="retained"}'
    before = figure(scene.centre, dropped)
    topic = kiosk.topic("request", operation="issue-ticket")
    body = {**WISH, "request_id": str(uuid7()), "sent_at": datetime.now(UTC).isoformat()}
    kiosk.publish(topic, as_bytes(body), retain=True)
    kiosk.publish(kiosk.topic("request", operation="no-such-operation"), b"{}", retain=True)
    kiosk.greet()
    assert figure(scene.centre, dropped) == before + 1
    assert kiosk.replies[body["request_id"]] == []
    assert truth.rows(scene.centre, f"SELECT id FROM ticket WHERE request_id = '{body['request_id']}'") == []
    eventually(lambda: retained_requests(scene.centre) == [], "no request retained at the broker")


def retained_requests(centre: Centre) -> list[str]:
    """Topics of retained requests, as somebody hears them who comes new to the broker by the hub's own door."""
    heard: list[str] = []
    over = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, "spy", protocol=MQTTProtocolVersion.MQTTv5, transport="unix")
    client.on_connect = lambda one, *_: one.subscribe([(f"motcua/1/{ID}/devices/+/requests/+", 1), ("end", 1)])
    client.on_subscribe = lambda one, *_: one.publish("end", b"", 1)
    client.on_message = lambda _c, _d, message: over.set() if message.topic == "end" else heard.append(message.topic)
    client.connect(str(centre.settings.data.directory / "broker" / "broker.sock"))
    client.loop_start()
    try:
        assert over.wait(10), "the broker does not answer"
    finally:
        client.disconnect()
        client.loop_stop()
    return heard


def test_a_message_too_large_costs_its_sender_the_connection(scene: Scene) -> None:
    """The broker ends it; the device comes back, and the others notice nothing."""
    kiosk = scene.devices["kiosk-01"]
    losses = kiosk.losses
    kiosk.publish(kiosk.topic("request", operation="issue-ticket"), b"x" * (2 * MAX_PAYLOAD))
    eventually(lambda: kiosk.losses > losses, "the connection ended")
    kiosk.wait(lambda: kiosk.subscribed, "the device back")
    kiosk.greet()


@pytest.mark.parametrize("device", ["pad-01", "board-01"])
def test_another_roles_request_is_not_heard(scene: Scene, device: str) -> None:
    """Pads and boards give no numbers: the broker does not even pass it on."""
    one = scene.devices[device]
    before = len(truth.rows(scene.centre, f"SELECT id FROM ticket WHERE asker = 'device:{device}'"))
    request_id = one.send("issue-ticket", WISH)
    one.greet()
    assert one.replies[request_id] == []
    assert before == 0
    assert truth.rows(scene.centre, f"SELECT id FROM ticket WHERE asker = 'device:{device}'") == []


def test_a_careless_reader_is_caught() -> None:
    """A hub that reads requests without care: it is counted, and the message that names its request gets no answer."""
    with made(Plan(kiosks=1)) as centre, running(centre, sabotaged("careless-reader")) as hub:
        kiosk = Device(centre, "kiosk-01").open()
        try:
            request_id = kiosk.send("issue-ticket", {"service": 7})
            kiosk.greet()
            assert kiosk.replies[request_id] == []
            assert figure(centre, "motcua_callback_errors_total") == 1
            assert len(hub.complaints()) == 1
        finally:
            kiosk.close()
