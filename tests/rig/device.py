"""A device under test without manners: its certificate is real, what it publishes is whatever the test wants."""

import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from uuid_utils.compat import uuid7

from hub.client.device_file import DeviceFile, load
from hub.contract.topics import QOS, address
from tests.rig.centre import Centre

LIMIT_S: Final = 30.0

Reply = dict[str, Any]


class Device:
    """One connection. `replies` by request id, in the order in which they came."""

    def __init__(self, centre: Centre, device: str) -> None:
        self.enrolled: DeviceFile = load(centre.devices[device])
        self.device = device
        self.replies: dict[str, list[Reply]] = defaultdict(list)
        self.losses = 0
        self._news = threading.Condition()
        self.subscribed = False
        self._client = self._make()

    def open(self) -> "Device":
        """Connects, and hears its replies when this returns."""
        place = self.enrolled.address
        self._client.connect(place.host, place.port, keepalive=30, clean_start=True)
        self._client.loop_start()
        self.wait(lambda: self.subscribed, "the broker's answer")
        return self

    def close(self) -> None:
        """Disconnects and ends its thread."""
        self._client.disconnect()
        self._client.loop_stop()

    def topic(self, name: str, **levels: str) -> str:
        """The full topic of a row of the table, as this device has it."""
        return address(self.enrolled.address.centre, name, device=self.device, **levels)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> MQTTMessageInfo:
        """Anything, anywhere."""
        return self._client.publish(topic, payload, QOS, retain)

    def send(self, operation: str, fields: dict[str, Any], *, request_id: str = "", copies: int = 1) -> str:
        """A request in good form, `copies` times at once; returns its id."""
        asked = request_id or str(uuid7())
        body = {"request_id": asked, "sent_at": datetime.now(UTC).isoformat(), **fields}
        for _ in range(copies):
            self.publish(self.topic("request", operation=operation), orjson.dumps(body))
        return asked

    def hear(self, request_id: str, count: int = 1) -> list[Reply]:
        """The replies to a request, once there are so many."""
        self.wait(lambda: len(self.replies[request_id]) >= count, f"{count} replies to {self.device}")
        return self.replies[request_id]

    def ask(self, operation: str, fields: dict[str, Any], *, request_id: str = "") -> Reply:
        """One request and its reply."""
        return self.hear(self.send(operation, fields, request_id=request_id))[0]

    def hub_time(self) -> str:
        """What the hub says the time is."""
        self.greet()
        return str(next(reversed(self.replies.values()))[0]["at"])

    def greet(self, limit_s: float = LIMIT_S) -> float:
        """Says hello and waits for the answer; how long it took. All that was sent before has then been read."""
        asked = time.monotonic()
        role, version = self.enrolled.role.value, "0"
        greeting = {"role": role, "boot_id": "boot", "version": version, "monotonic_s": asked}
        request_id = self.send("hello", greeting)
        self.wait(lambda: self.replies[request_id], f"an answer to {self.device}'s hello", limit_s)
        return time.monotonic() - asked

    def wait(self, condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        """Returns when the condition holds; fails with `what` when it does not in time."""
        with self._news:
            assert self._news.wait_for(condition, limit_s), f"not within {limit_s} s: {what}"

    # ------------------------------------------------------------ the network thread

    def _make(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, self.device, protocol=MQTTProtocolVersion.MQTTv5)
        place = self.enrolled.address
        context = ssl.create_default_context(cafile=place.ca)
        if place.certificate is not None:
            context.load_cert_chain(place.certificate, place.key)
        client.tls_set_context(context)
        client.max_inflight_messages_set(0)
        client.reconnect_delay_set(1, 1)
        client.on_socket_open = lambda _c, _d, opened: opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.on_connect = self._on_connect
        client.on_subscribe = lambda *_: self._note(lambda: setattr(self, "subscribed", True))
        client.on_disconnect = lambda *_: self._note(self._lose)
        client.on_message = self._on_message
        return client

    def _on_connect(self, client: Client, *_: object) -> None:
        """What the broker has thrown this device out for is not sent again."""
        client.drop_out_messages()
        client.subscribe(self.topic("reply"), QOS)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        reply = orjson.loads(message.payload)
        self._note(lambda: self.replies[reply["request_id"]].append(reply))

    def _lose(self) -> None:
        self.subscribed = False
        self.losses += 1

    def _note(self, happened: Callable[[], object]) -> None:
        with self._news:
            happened()
            self._news.notify_all()
