"""The hub's own link to the broker: a unix socket beside it, or mTLS to one that is kept elsewhere."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.contract.topics import QOS, ROOT, TOPIC, TOPICS, Sender, address

KEEP_ALIVE_S: Final = 10
WINDOW: Final = 1000
QUEUE: Final = 10_000

log = structlog.get_logger("hub.messaging.link")


@dataclass(frozen=True)
class BrokerAddress:
    """Where the broker is: `socket` when it is ours, else host, port and the hub's own certificate."""

    socket: Path | None = None
    host: str = ""
    port: int = 8883
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Ears:
    """Who hears what. All is called on the network thread and must only hand over."""

    connected: Callable[[], None]
    lost: Callable[[], None]
    request: Callable[[str, str, bytes, bool], None]
    """device, operation, payload, retained"""
    reading: Callable[[str, str, bytes, bool], None]
    """device, topic name, payload, retained"""


class HubLink:
    """One connection that comes back by itself. `publish` may be called from any thread; `stop()` twice is harmless."""

    def __init__(self, centre: str, broker: BrokerAddress, ears: Ears, will: bytes) -> None:
        self._centre = centre
        self._ears = ears
        self._prefix = f"{ROOT}/{centre}/"
        self._owned: set[str] | None = None
        self._left: set[str] = set()
        self._lock = threading.Lock()
        self._broker = broker
        self._up = threading.Event()
        self.callback_errors = 0
        self._client = self._make(broker, will)

    @property
    def connected(self) -> bool:
        """Whether the hub hears devices now."""
        return self._up.is_set()

    def start(self) -> None:
        """Begins to connect, and goes on trying until stopped."""
        where = str(self._broker.socket) if self._broker.socket else self._broker.host
        self._client.connect_async(where, self._broker.port, keepalive=KEEP_ALIVE_S, clean_start=True)
        self._client.loop_start()

    def wait_connected(self, limit_s: float) -> bool:
        """Whether the hub hears devices within `limit_s`."""
        return self._up.wait(limit_s)

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> mqtt.MQTTMessageInfo:
        """Hands a message to the network thread."""
        return self._client.publish(topic, payload, QOS, retain)

    def keep_only(self, topics: set[str]) -> None:
        """These retained topics are all that the hub says now: what it has said beside them, or another life of it has
        left, is cleared. Never before they were said: a device would take the gap for a hub that is gone.
        """
        with self._lock:
            gone = ((self._owned or set()) | self._left) - topics
            self._owned, self._left = topics, set()
        for topic in gone:
            self._clear(topic)

    def stop(self, last_word: tuple[str, bytes] | None = None, limit_s: float = 2.0) -> None:
        """Says `last_word` (retained) if it can, and disconnects."""
        if last_word is not None and self._up.is_set():
            said = self._client.publish(last_word[0], last_word[1], QOS, retain=True)
            try:
                said.wait_for_publish(limit_s)
            except (ValueError, RuntimeError) as error:
                log.warning("last-word-not-sent", error=str(error))
        self._up.clear()
        self._client.disconnect()
        self._client.loop_stop()

    # ------------------------------------------------------------ the network thread

    def _make(self, broker: BrokerAddress, will: bytes) -> mqtt.Client:
        transport: Any = "unix" if broker.socket else "tcp"
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"hub@{self._centre}",  # no device's id can have an @, so none can push the hub out
            protocol=mqtt.MQTTv5,
            transport=transport,
        )
        if broker.ca:
            client.tls_set(str(broker.ca), str(broker.certificate), str(broker.key))
        client.will_set(address(self._centre, "hub"), will, QOS, retain=True)
        client.max_inflight_messages_set(WINDOW)
        client.max_queued_messages_set(QUEUE)
        client.reconnect_delay_set(1, 2)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_socket_open = _no_delay
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: mqtt.ConnectFlags, reason: ReasonCode, _p: Properties | None
    ) -> None:
        if reason.is_failure:
            log.error("broker-refuses-the-hub", reason=str(reason))
            return
        options = SubscribeOptions(qos=QOS, noLocal=True, retainAsPublished=True)
        any_level = {"device": "+", "operation": "+", "counter": "+", "board": "+"}
        filters = [
            address(self._centre, topic.name, **any_level)
            for topic in TOPICS
            if topic.sender is Sender.OWNER or topic.retained
        ]
        client.subscribe([(one, options) for one in filters])

    def _on_subscribe(
        self, _client: mqtt.Client, _data: object, _mid: int, codes: list[ReasonCode], _p: Properties | None
    ) -> None:
        if any(code.is_failure for code in codes):
            log.error("broker-lets-the-hub-hear-nothing", reasons=sorted({str(code) for code in codes}))
            return
        log.info("broker-connected")
        self._up.set()
        self._guarded(self._ears.connected)

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _p: Properties | None,
    ) -> None:
        if self._up.is_set():
            log.warning("broker-lost", reason=str(reason))
        self._up.clear()
        self._guarded(self._ears.lost)

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        levels = message.topic.removeprefix(self._prefix).split("/")
        match levels:
            case ["devices", device, "requests", operation]:
                if message.retain:
                    self._clear(message.topic)
                if message.payload or not message.retain:
                    self._guarded(lambda: self._ears.request(device, operation, bytes(message.payload), message.retain))
            case ["devices", device, name] if name in TOPIC and TOPIC[name].sender is Sender.OWNER:
                if message.payload:
                    self._guarded(lambda: self._ears.reading(device, name, bytes(message.payload), message.retain))
            case _ if message.retain and message.payload:
                self._note_left(message.topic)

    def _note_left(self, topic: str) -> None:
        """A retained topic of the hub's, left by another life of it: to be said anew by this one, or else cleared."""
        with self._lock:
            if self._owned is None:
                self._left.add(topic)
                return
            foreign = topic not in self._owned
        if foreign:
            self._clear(topic)

    def _clear(self, topic: str) -> None:
        self._client.publish(topic, b"", QOS, retain=True)

    def _guarded(self, hand_over: Callable[[], None]) -> None:
        """A callback that raises would end paho's network thread: it is counted and logged instead."""
        try:
            hand_over()
        except Exception as error:  # listed loop: the network thread must live
            self.callback_errors += 1
            log.error("message-broke-its-reader", error=str(error), exc_info=error)


def _no_delay(_client: mqtt.Client, _data: object, opened: Any) -> None:
    """Without it every reply waits about 40 ms for the acknowledgement before it (Nagle)."""
    if opened.family in (socket.AF_INET, socket.AF_INET6):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
