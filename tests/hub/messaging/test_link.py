"""The hub's own link, over a real broker: what it hears, what it does not, what it clears, and that it comes back."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions
from structlog.testing import capture_logs

from hub.contract.names import DeviceRole
from hub.contract.topics import DeviceIdentity, address
from hub.messaging import link as link_module
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerPlan
from hub.messaging.link import BrokerAddress, Ears, HubLink
from tests.hub.messaging.conftest import CENTRE, Peer, eventually

WILL = b'{"state":"offline"}'
KIOSK = DeviceIdentity("kiosk-01", DeviceRole.KIOSK)
HUB, SERVICES = address(CENTRE, "hub"), address(CENTRE, "services")
PRESENCE = address(CENTRE, "presence", device="kiosk-01")
REQUEST = address(CENTRE, "request", device="kiosk-01", operation="issue-ticket")
REPLY = address(CENTRE, "reply", device="kiosk-01")


def counter(name: str) -> str:
    return address(CENTRE, "counter", counter=name)


@dataclass
class Heard:
    """What a link has handed over."""

    requests: list[tuple[str, str, bytes, bool]] = field(default_factory=list)
    readings: list[tuple[str, str, bytes, bool]] = field(default_factory=list)
    connected: int = 0
    lost: int = 0
    breaks: set[str] = field(default_factory=set)

    def ears(self) -> Ears:
        return Ears(
            lambda: self._note("connected"),
            lambda: self._note("lost"),
            lambda *said: (self.requests.append(said), self._break("request"))[1],
            lambda *said: (self.readings.append(said), self._break("reading"))[1],
        )

    def _note(self, what: str) -> None:
        setattr(self, what, getattr(self, what) + 1)
        self._break(what)

    def _break(self, what: str) -> None:
        if what in self.breaks:
            raise ZeroDivisionError(what)


Open = Callable[..., tuple[HubLink, Heard]]


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def open_link(broker: Broker, plan: BrokerPlan) -> Iterator[Open]:
    """Opens links that are stopped at the end, and leaves a broker that remembers nothing."""
    broker.write_access([KIOSK])
    with ExitStack() as made:

        def make(at: BrokerPlan = plan, *, heard: Heard | None = None) -> tuple[HubLink, Heard]:
            heard = heard or Heard()
            link = HubLink(CENTRE, BrokerAddress(socket=at.link), heard.ears(), WILL)
            made.callback(link.stop)
            link.start()
            assert link.wait_connected(10)
            return link, heard

        yield make
    forget(plan)


def forget(plan: BrokerPlan) -> None:
    """Clears everything that is retained."""
    peer = Peer("forgetting", transport="unix").open(str(plan.link))
    for topic in retained(peer):
        peer.publish_and_wait(topic, b"", retain=True)
    peer.close()


def retained(watcher: Peer) -> dict[str, str]:
    """What the broker would tell somebody who comes now."""
    watcher.received.clear()
    watcher.subscribe("motcua/#")
    watcher.publish("motcua/that-is-all", b"")  # comes behind all that is retained
    watcher.wait_for_message("motcua/that-is-all", "")
    return {message.topic: message.payload.decode() for message in tuple(watcher.received) if message.retain}


# ---------------------------------------------------------------- hearing


def test_requests_and_readings_are_handed_over(open_link: Open, connect_device: Callable[..., Peer]) -> None:
    """With who said what, and whether it was retained."""
    _, heard = open_link()
    kiosk = connect_device("kiosk-01")
    kiosk.publish_and_wait(REQUEST, b"{}")
    kiosk.publish_and_wait(PRESENCE, b"here", retain=True)
    kiosk.publish_and_wait(address(CENTRE, "shown", device="kiosk-01"), b"seen")
    eventually(lambda: len(heard.readings) == 2 and heard.requests, "all handed over")
    assert heard.requests == [("kiosk-01", "issue-ticket", b"{}", False)]
    assert heard.readings == [("kiosk-01", "presence", b"here", True), ("kiosk-01", "shown", b"seen", False)]


def test_presence_that_was_left_is_heard_at_the_connection(
    open_link: Open, connect_device: Callable[..., Peer]
) -> None:
    """A hub that begins knows who is there. A reading that was cleared says nothing."""
    kiosk = connect_device("kiosk-01")
    kiosk.publish_and_wait(PRESENCE, b"here", retain=True)
    _, heard = open_link()
    eventually(lambda: heard.readings == [("kiosk-01", "presence", b"here", True)], "the presence")
    kiosk.publish_and_wait(PRESENCE, b"", retain=True)
    kiosk.publish_and_wait(REQUEST, b"after it")
    eventually(lambda: heard.requests, "what came after it")
    assert len(heard.readings) == 1


def own_message_heard(open_link: Open, connect_device: Callable[..., Peer]) -> bool:
    """The link says something that it listens to; a device's word behind it tells that it would have been heard."""
    link, heard = open_link()
    link.publish(PRESENCE, b"own", retain=False).wait_for_publish(10)
    connect_device("kiosk-01").publish_and_wait(PRESENCE, b"the device's")
    eventually(lambda: ("kiosk-01", "presence", b"the device's", False) in heard.readings, "the device's own")
    return len(heard.readings) > 1


def test_own_messages_are_not_heard(open_link: Open, connect_device: Callable[..., Peer]) -> None:
    """Neither what it says nor what it clears comes back to it."""
    assert not own_message_heard(open_link, connect_device)


def test_without_no_local_they_would_be(
    open_link: Open, connect_device: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: an ordinary subscription."""
    monkeypatch.setattr(
        link_module, "SubscribeOptions", lambda **options: SubscribeOptions(**{**options, "noLocal": False})
    )
    assert own_message_heard(open_link, connect_device)


def test_what_it_says_is_retained_or_not(open_link: Open, connect_hub: Callable[..., Peer]) -> None:
    """As it is told, from any thread."""
    link, _ = open_link()
    watcher = connect_hub()
    watcher.subscribe("motcua/#")
    threads = [
        threading.Thread(target=link.publish, args=(counter(f"c{n}"), b"open"), kwargs={"retain": n % 2 == 0})
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    for n in range(6):
        watcher.wait_for_message(counter(f"c{n}"), "open")
    assert retained(watcher) == {counter(f"c{n}"): "open" for n in (0, 2, 4)}


# ---------------------------------------------------------------- clearing


def test_what_another_life_has_left_is_cleared_once_everything_was_said(
    open_link: Open, connect_hub: Callable[..., Peer]
) -> None:
    """Not before: a device would take the gap for a hub that is gone. What devices have left stays."""
    watcher = connect_hub()
    for topic in (HUB, SERVICES, counter("c1"), counter("gone"), PRESENCE):
        watcher.publish_and_wait(topic, b"old", retain=True)
    link, heard = open_link()
    eventually(lambda: len(link._left) == 4 and heard.readings, "everything left has come")
    assert set(retained(watcher)) == {HUB, SERVICES, counter("c1"), counter("gone"), PRESENCE}
    own = {HUB, SERVICES, counter("c1")}
    for topic in own:
        link.publish(topic, b"new", retain=True)
    link.keep_only(own)
    eventually(lambda: counter("gone") not in retained(watcher), "the leftover cleared")
    assert retained(watcher) == dict.fromkeys(own, "new") | {PRESENCE: "old"}


def test_what_it_says_no_longer_is_cleared(open_link: Open, connect_hub: Callable[..., Peer]) -> None:
    """A counter that the set-up has lost."""
    link, _ = open_link()
    watcher = connect_hub()
    for topic in (SERVICES, counter("c1")):
        link.publish(topic, b"said", retain=True)
    link.keep_only({SERVICES, counter("c1")})
    link.keep_only({SERVICES})
    eventually(lambda: retained(watcher) == {SERVICES: "said"}, "the counter cleared")


def test_what_somebody_else_leaves_later_is_cleared_too(open_link: Open, connect_hub: Callable[..., Peer]) -> None:
    """The hub alone says what the hub says; its own topics it says anew by itself."""
    link, _ = open_link()
    watcher = connect_hub()
    link.keep_only({SERVICES})
    watcher.publish_and_wait(counter("c9"), b"foreign", retain=True)
    watcher.publish_and_wait(SERVICES, b"foreign", retain=True)
    eventually(lambda: retained(watcher) == {SERVICES: "foreign"}, "the foreign one cleared")


@pytest.mark.parametrize("before", [True, False])
def test_a_retained_request_is_cleared_and_handed_over_as_such(
    open_link: Open, connect_device: Callable[..., Peer], connect_hub: Callable[..., Peer], before: bool
) -> None:
    """Left before the hub came, or said while it listens: counted once, and gone for whoever comes next."""
    kiosk, watcher = connect_device("kiosk-01"), connect_hub()
    if before:
        kiosk.publish_and_wait(REQUEST, b"{}", retain=True)
    _, heard = open_link()
    if not before:
        kiosk.publish_and_wait(REQUEST, b"{}", retain=True)
    eventually(lambda: retained(watcher) == {}, "the request cleared")
    kiosk.publish_and_wait(REQUEST, b"fresh")
    eventually(lambda: len(heard.requests) == 2, "the next request")
    assert [said[2:] for said in heard.requests] == [(b"{}", True), (b"fresh", False)]


def test_one_that_is_not_cleared_would_come_with_every_connection(
    open_link: Open, connect_device: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: dropped, and left where it is."""
    monkeypatch.setattr(HubLink, "_clear", lambda *_: None)
    connect_device("kiosk-01").publish_and_wait(REQUEST, b"{}", retain=True)
    for _ in range(2):
        link, heard = open_link()
        eventually(lambda heard=heard: heard.requests, "the same request again")
        link.stop()


# ---------------------------------------------------------------- ears that raise


def test_an_ear_that_raises_does_not_deafen_the_hub(
    open_link: Open, connect_device: Callable[..., Peer], logged: list[MutableMapping[str, Any]]
) -> None:
    """paho's thread would end with it: it is counted and logged, and the next message is heard."""
    link, heard = open_link(heard=Heard(breaks={"connected", "request", "reading"}))
    kiosk = connect_device("kiosk-01")
    for _ in range(3):
        kiosk.publish_and_wait(REQUEST, b"{}")
        kiosk.publish_and_wait(PRESENCE, b"here")
    eventually(lambda: len(heard.requests) == len(heard.readings) == 3, "all heard")
    assert link.callback_errors == 7
    assert len([entry for entry in logged if entry["event"] == "message-broke-its-reader"]) == 7
    assert link.connected


def test_unguarded_it_would(
    open_link: Open, connect_device: Callable[..., Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: the ear called as it is."""
    died = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: died.set())
    monkeypatch.setattr(HubLink, "_guarded", lambda _, hand_over: hand_over())
    _, heard = open_link(heard=Heard(breaks={"request"}))
    kiosk = connect_device("kiosk-01")
    kiosk.publish_and_wait(REQUEST, b"{}")
    assert died.wait(10)
    kiosk.publish_and_wait(REQUEST, b"{}")
    assert len(heard.requests) == 1


# ---------------------------------------------------------------- coming back


LEAKY = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
"""paho leaves the socket of each attempt that fails to the garbage collector."""


@LEAKY
def test_it_comes_back_to_a_broker_that_was_killed(
    own_plan: BrokerPlan,
    broker_of: Callable[..., Broker],
    open_link: Open,
    connect_hub: Callable[..., Peer],
    logged: list[MutableMapping[str, Any]],
) -> None:
    """Told of both; it listens again, and says again what it is asked to say. Logged once each way."""
    broker = broker_of(own_plan)
    broker.write_access([KIOSK])
    broker.ensure()
    link, heard = open_link(own_plan)
    assert (heard.connected, heard.lost) == (1, 0)
    broker._process.send(signal.SIGKILL)  # type: ignore[union-attr]
    eventually(lambda: not broker.alive() and heard.lost and not link.connected, "the loss noticed")
    broker.ensure()
    eventually(lambda: heard.connected == 2 and link.connected, "back again")
    link.publish(SERVICES, b"again", retain=True)
    watcher = connect_hub(own_plan)
    eventually(lambda: retained(watcher).get(SERVICES) == "again", "heard by others")
    watcher.publish_and_wait(REQUEST, b"{}")
    eventually(lambda: heard.requests, "hears again")
    assert [entry["event"] for entry in logged if entry["event"].startswith("broker-")] == [
        *("broker-connected", "broker-lost", "broker-connected"),
    ]


def test_a_link_that_breaks_leaves_the_will(open_link: Open, connect_hub: Callable[..., Peer]) -> None:
    """Devices learn at once that nobody listens; and the link comes back by itself."""
    link, heard = open_link()
    watcher = connect_hub()
    watcher.subscribe(HUB)
    opened = link._client.socket()
    assert opened is not None
    opened.shutdown(socket.SHUT_RDWR)
    watcher.wait_for_message(HUB, WILL.decode())
    eventually(lambda: heard.connected == 2 and link.connected, "back again")


def test_a_broker_that_lets_it_hear_nothing_is_no_connection(
    open_link: Open, logged: list[MutableMapping[str, Any]]
) -> None:
    """One kept elsewhere, with rules of its own: better told than believed."""
    link, heard = open_link()
    link._up.clear()
    denied = ReasonCode(PacketTypes.SUBACK, "Not authorized")
    link._on_subscribe(link._client, None, 1, [ReasonCode(PacketTypes.SUBACK, "Granted QoS 1"), denied], None)
    assert not link.connected
    assert heard.connected == 1
    assert logged[-1]["event"] == "broker-lets-the-hub-hear-nothing"


@LEAKY
def test_nobody_there_is_not_connected(own_plan: BrokerPlan) -> None:
    """It goes on trying until it is stopped."""
    heard = Heard()
    link = HubLink(CENTRE, BrokerAddress(socket=own_plan.link), heard.ears(), WILL)
    link.start()
    assert not link.wait_connected(0.05)
    assert not link.connected
    link.stop()
    assert heard.connected == 0


# ---------------------------------------------------------------- stopping


def test_its_last_word_is_heard(open_link: Open, connect_hub: Callable[..., Peer]) -> None:
    """Retained, and instead of the will; stopping twice is harmless."""
    link, heard = open_link()
    watcher = connect_hub()
    watcher.subscribe(HUB)
    link.stop((HUB, b"good-bye"))
    link.stop((HUB, b"good-bye again"))
    watcher.wait_for_message(HUB, "good-bye")
    assert retained(watcher)[HUB] == "good-bye"
    assert not link.connected
    assert heard.connected == 1


def test_one_never_started_stops_too(own_plan: BrokerPlan) -> None:
    """As when a hub's start fails half-way."""
    HubLink(CENTRE, BrokerAddress(socket=own_plan.link), Heard().ears(), WILL).stop((HUB, b"good-bye"))
