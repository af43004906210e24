"""A real broker, real clients, and ways to wait for what they do."""

import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hub.fleet.authority import Authority
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerPlan

CENTRE = "hoa-sen"
LIMIT_S = 10.0


def eventually(condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
    """Wait until `condition` holds; fail with `what` when it does not in time."""
    latest = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < latest, f"not within {limit_s} s: {what}"
        time.sleep(0.005)


class Peer:
    """A paho client that remembers all it was told and can wait for it."""

    def __init__(self, client_id: str, *, transport: str = "tcp") -> None:
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            transport=transport,
            reconnect_on_failure=False,
        )
        self.client.max_queued_messages_set(0)
        self.received: list[MQTTMessage] = []
        self.published: dict[int, ReasonCode] = {}
        self.subscribed: dict[int, list[ReasonCode]] = {}
        self.connected: ReasonCode | None = None
        self.ended: ReasonCode | None = None
        self._news = threading.Condition()
        self.client.on_connect = lambda _c, _u, _f, code, _p: self._note(lambda: setattr(self, "connected", code))
        self.client.on_disconnect = lambda _c, _u, _f, code, _p: self._note(lambda: setattr(self, "ended", code))
        self.client.on_message = lambda _c, _u, message: self._note(lambda: self.received.append(message))
        self.client.on_publish = lambda _c, _u, mid, code, _p: self._note(lambda: self.published.update({mid: code}))
        self.client.on_subscribe = lambda _c, _u, mid, codes, _p: self._note(
            lambda: self.subscribed.update({mid: codes})
        )

    def open(self, host: str, port: int = 1883) -> "Peer":
        """Connect, with a session that ends with the connection, and wait for the broker's yes."""
        ends_at_once = Properties(PacketTypes.CONNECT)
        ends_at_once.SessionExpiryInterval = 0
        self.client.connect(host, port, keepalive=30, clean_start=True, properties=ends_at_once)
        self.client.loop_start()
        self.wait(lambda: self.connected is not None, "the broker's answer to a connection")
        assert not self.connected.is_failure, self.connected
        return self

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def wait(self, condition: Callable[[], object], what: str) -> None:
        with self._news:
            assert self._news.wait_for(condition, LIMIT_S), f"not within {LIMIT_S} s: {what}"

    def publish(self, topic: str, payload: str | bytes = b"", *, retain: bool = False) -> int:
        """Send at QoS 1 and return the number under which `published` will have the answer."""
        return self.client.publish(topic, payload, qos=1, retain=retain).mid

    def publish_and_wait(self, topic: str, payload: str | bytes = b"", *, retain: bool = False) -> ReasonCode:
        mid = self.publish(topic, payload, retain=retain)
        self.wait(lambda: mid in self.published, f"the answer to a message on {topic}")
        return self.published[mid]

    def subscribe(self, *filters: str) -> list[ReasonCode]:
        """Subscribe and wait for the answer. All that was on its way to this client before has then arrived."""
        _, mid = self.client.subscribe([(each, 1) for each in filters])
        self.wait(lambda: mid in self.subscribed, f"the answer to a subscription to {filters}")
        return self.subscribed[mid]

    def heard(self) -> set[tuple[str, str]]:
        """Topic and payload of all messages so far."""
        return {(message.topic, message.payload.decode()) for message in tuple(self.received)}

    def wait_for_message(self, topic: str, payload: str) -> None:
        self.wait(lambda: (topic, payload) in self.heard(), f"{payload!r} on {topic}")

    def _note(self, happened: Callable[[], object]) -> None:
        with self._news:
            happened()
            self._news.notify_all()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    return _free_port()


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A directory with a short path, for the sake of unix sockets; with a space and a letter that is not ASCII."""
    with tempfile.TemporaryDirectory(prefix="quầy ") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def authority(directory: Path, now: datetime) -> Authority:
    return Authority.open(directory / "authority", CENTRE, now)


@pytest.fixture(scope="module")
def plan(directory: Path, authority: Authority, now: datetime) -> BrokerPlan:
    """A broker on a port that is free now."""
    authority.keep_server(directory, "hub", [], [], now)
    return BrokerPlan(
        directory=directory / "broker",
        centre=CENTRE,
        authority=directory / "authority.pem",
        certificate=directory / "hub.pem",
        key=directory / "hub.key",
        revoked=authority.revoked_file,
        port=_free_port(),
    )


@pytest.fixture(scope="module")
def broker(plan: BrokerPlan) -> Iterator[Broker]:
    """A broker that all tests of a module share; nobody may do anything until `write_access`."""
    broker = Broker(plan)
    broker.ensure()
    yield broker
    broker.stop()


@pytest.fixture
def own_plan(plan: BrokerPlan) -> Iterator[BrokerPlan]:
    """A plan for a broker of the test's own, in an empty directory and on another port."""
    with tempfile.TemporaryDirectory(prefix="quầy ") as name:
        yield replace(plan, directory=Path(name) / "broker", port=_free_port())


@pytest.fixture
def broker_of() -> Iterator[Callable[..., Broker]]:
    """Makes brokers that are ended when the test is over, last made first."""
    with ExitStack() as made:

        def make(plan: BrokerPlan, **options: object) -> Broker:
            broker = Broker(plan, **options)
            made.callback(broker.stop)
            return broker

        yield make


@pytest.fixture
def tls(authority: Authority, now: datetime) -> Iterator[Callable[[str], ssl.SSLContext]]:
    """Makes the TLS context of a device: its certificate and key, and trust in our authority only."""
    with tempfile.TemporaryDirectory() as name:

        def context_for(device: str) -> ssl.SSLContext:
            authority.issue_device(device, now).write(Path(name), device)
            context = ssl.create_default_context(cafile=Path(name) / "authority.pem")
            context.load_cert_chain(Path(name) / f"{device}.pem", Path(name) / f"{device}.key")
            return context

        yield context_for


@pytest.fixture
def connect_device(plan: BrokerPlan, tls: Callable[[str], ssl.SSLContext]) -> Iterator[Callable[..., Peer]]:
    """Connects a device to the broker; `client_id` is what it calls itself, if not by its name."""
    with ExitStack() as open_peers:

        def connect(
            device: str, *, client_id: str = "", context: ssl.SSLContext | None = None, at: BrokerPlan = plan
        ) -> Peer:
            peer = Peer(client_id or device)
            peer.client.tls_set_context(context or tls(device))
            open_peers.callback(peer.close)
            return peer.open("127.0.0.1", at.port)

        yield connect


@pytest.fixture
def connect_hub(plan: BrokerPlan) -> Iterator[Callable[..., Peer]]:
    """Connects as the hub does, over the unix socket."""
    with ExitStack() as open_peers:

        def connect(at: BrokerPlan = plan) -> Peer:
            peer = Peer("Hub", transport="unix")
            open_peers.callback(peer.close)
            return peer.open(str(at.link))

        yield connect
