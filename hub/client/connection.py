"""The MQTT connection under a link: it connects, subscribes, comes back, and keeps clear of every trap we measured."""

import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.client.device_file import HubAddress
from hub.client.trust import trust
from hub.contract.topics import QOS

KEEP_ALIVE_S: Final = 10
CONNECT_LIMIT_S: Final = 3.0
CLOSE_LIMIT_S: Final = 5.0
QUEUE: Final = 10_000
"""Messages kept while the broker cannot be reached; paho's own limit is none."""
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 5.0

Denied = Callable[[], None]
"""Called on the network thread when the broker's access list denies a message."""


@dataclass(frozen=True)
class Listener:
    """Who uses the connection. All is called on the network thread."""

    topics: Callable[[], list[str]]
    """What to subscribe to on a new connection."""
    subscribed: Callable[[], None]
    """The broker has confirmed: what is asked from now on, the answer is heard."""
    lost: Callable[[], None]
    """The connection is gone; the next attempt follows by itself."""
    message: Callable[[str, bytes], None]
    """A message has come on a topic."""


class Connection:
    """One client of the broker. `is_event` tells messages worth sending again on the next connection by their topic."""

    def __init__(
        self,
        hub: HubAddress,
        device: str,
        listener: Listener,
        *,
        will: tuple[str, bytes],
        is_event: Callable[[str], bool],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._listener = listener
        self._is_event = is_event
        self._log = log
        self._deliveries = Deliveries()
        self._left: list[mqtt.MQTTMessage] = []
        self._failures = 0
        self._connected_s: float | None = None
        self._subscribe_id: int | None = None
        self._closing = False
        self._client = _client(hub, device, will)

    def start(self) -> None:
        """Begins to connect, and goes on trying until closed."""
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        # Never loop_forever: publish() would then write to the socket from the caller's thread, and break TLS.
        self._client.loop_start()

    def close(self) -> None:
        """Disconnects and ends the network thread within seconds; one stuck in a look-up is left to end by itself."""
        self._closing = True
        self._client.disconnect()
        stopper = threading.Thread(target=self._client.loop_stop, name="stop", daemon=True)
        stopper.start()
        stopper.join(CLOSE_LIMIT_S)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False, denied: Denied) -> mqtt.MQTTMessageInfo:
        """Hands a message to the network thread, from any thread."""
        sent = self._client.publish(topic, payload, QOS, retain)
        self._deliveries.sent(sent.mid, denied)
        return sent

    def subscribe(self, topics: list[str]) -> int | None:
        """Hears `topics` too, on this connection. The handle comes back with the broker's confirmation."""
        return self._client.subscribe([(topic, SubscribeOptions(qos=QOS)) for topic in topics])[1]

    def _on_connect(
        self,
        client: mqtt.Client,
        _data: object,
        _flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        _more: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._note_failure(f"the broker refuses this device: {reason}")
            return
        if self._closing:
            client.disconnect()
            return
        # paho would send everything unacknowledged again by itself. Old requests must not go out like that; events may.
        self._left = [one for one in client.drop_out_messages() if not one.retain and self._is_event(one.topic)]
        self._deliveries.forget()
        self._connected_s = time.monotonic()
        self._subscribe_id = self.subscribe(self._listener.topics())

    def _on_subscribe(
        self, _client: mqtt.Client, _data: object, mid: int, reasons: list[ReasonCode], _more: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._log.error("the broker denies a subscription", reasons=[str(reason) for reason in reasons])
        if mid != self._subscribe_id:
            return
        left, self._left = self._left, []
        for event in left:
            self.publish(event.topic, bytes(event.payload), denied=lambda: None)
        self._listener.subscribed()

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        try:
            self._listener.message(message.topic, bytes(message.payload))
        except Exception:  # a listed loop: nothing that is sent to us ends the network thread
            self._log.exception("message not understood")

    def _on_publish(
        self, _client: mqtt.Client, _data: object, mid: int, reason: ReasonCode, _more: Properties | None
    ) -> None:
        self._deliveries.acknowledged(mid, denied=reason.is_failure)

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _data: object,
        _flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        _more: Properties | None,
    ) -> None:
        if self._closing:
            return
        was_connected, self._connected_s = self._connected_s, None
        if was_connected is None:
            self._listener.lost()
            self._note_failure(f"the broker does not let this device in: {reason}")
            return
        if time.monotonic() - was_connected > LONGEST_PAUSE_S:
            self._failures = 0
        self._listener.lost()
        self._note_failure(f"the connection is lost: {reason}")

    def _on_connect_fail(self, _client: mqtt.Client, _data: object) -> None:
        self._note_failure("the broker cannot be reached")

    def _note_failure(self, problem: str) -> None:
        """Logs the first failure of a row, and makes the next attempt wait."""
        self._failures += 1
        if self._failures == 1:
            self._log.warning("connection failed", problem=problem)
        pause = pause_s(self._failures, random.random())  # noqa: S311 - spreads devices, guards nothing
        # paho's own doubling has no jitter, so we set each pause anew. It says int and means seconds.
        self._client.reconnect_delay_set(pause, pause)  # type: ignore[arg-type]


class Deliveries:
    """Whom to tell when the broker denies a message. The broker may be quicker than the sender's own note of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[int, Denied] = {}
        self._early: dict[int, bool] = {}

    def sent(self, message_id: int, denied: Denied) -> None:
        """A message is on its way."""
        with self._lock:
            was_denied = self._early.pop(message_id, None)
            if was_denied is None:
                self._under_way[message_id] = denied
        if was_denied:
            denied()

    def acknowledged(self, message_id: int, *, denied: bool) -> None:
        """The broker has taken a message, or denied it."""
        with self._lock:
            tell = self._under_way.pop(message_id, None)
            if tell is None:
                self._early[message_id] = denied
        if denied and tell is not None:
            tell()

    def forget(self) -> None:
        """A new connection: the old one's acknowledgements never come."""
        with self._lock:
            self._under_way.clear()
            self._early.clear()


def pause_s(failures: int, chance: float) -> float:
    """How long to wait after so many failures: longer each time, spread by `chance` (0 to 1) so that a hall full of
    devices does not come back at one instant."""
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures, 10))
    return FIRST_PAUSE_S + (longest - FIRST_PAUSE_S) * chance


def _client(hub: HubAddress, device: str, will: tuple[str, bytes]) -> mqtt.Client:
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=device, protocol=MQTTProtocolVersion.MQTTv5)
    # paho's window of 20 would hold back bursts, and with any window it walks its queue at each acknowledgement.
    client.max_inflight_messages_set(0)
    client.max_queued_messages_set(QUEUE)
    client.connect_timeout = CONNECT_LIMIT_S
    client.on_socket_open = answer_at_once
    client.will_set(*will, qos=QOS, retain=True)
    if hub.ca is not None:
        client.tls_set_context(trust(hub))
    # A clean start; and the session ends with the connection, for an expiry of 0 is MQTT 5's default.
    client.connect_async(hub.host, hub.port, keepalive=KEEP_ALIVE_S, clean_start=True)
    return client


def answer_at_once(_client: mqtt.Client, _data: object, sock: Any) -> None:
    """Without TCP_NODELAY a request waits 40 ms behind an acknowledgement."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
