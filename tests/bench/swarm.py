"""Many devices in one thread: closed loops of ask and answer over paho clients and one selector.

The same swarm measures the hub and the echo, so that what the clients cost is in both.
"""

import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.client.connection import answer_at_once
from hub.client.device_file import load

Body = Callable[[int], bytes]


@dataclass
class Device:
    """One client of the swarm."""

    client: mqtt.Client
    ask: str
    answers: str
    ready: bool = False
    sent_at: float = 0.0
    waits: list[float] = field(default_factory=list)


class Swarm:
    """Devices that ask again as soon as they are answered. Use it with `with`."""

    def __init__(self, folders: list[Path], *, operation: str, port: int | None = None) -> None:
        self._selector = selectors.DefaultSelector()
        self._asked = 0
        self._until = 0.0
        self._body: Body = lambda _: b""
        self.answers: list[bytes] = []
        self.devices = [self._make(folder, operation, port) for folder in folders]
        self._await(lambda: all(one.ready for one in self.devices), 10.0)

    def __enter__(self) -> "Swarm":
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.devices:
            one.client.disconnect()
            self._turn(0)
        self._selector.close()

    def run(self, seconds: float, body: Body, *, devices: int | None = None) -> list[float]:
        """Closed loops for `seconds`; every wait, in seconds. Raises `TimeoutError` when the hub goes silent."""
        chosen = self.devices[:devices]
        self._body = body
        self._until = time.perf_counter() + seconds
        self.answers.clear()
        for one in self.devices:
            one.waits.clear()
            one.sent_at = 0.0
        for one in chosen:
            self._ask(one)
        end = self._until + 10
        while any(one.sent_at for one in chosen):
            if time.perf_counter() > end:
                raise TimeoutError("requests were not answered within ten seconds")
            self._turn(0.1)
        return [wait for one in chosen for wait in one.waits]

    # ------------------------------------------------------------ one thread

    def _make(self, folder: Path, operation: str, port: int | None) -> Device:
        said = load(folder)
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=said.device, protocol=mqtt.MQTTv5)
        client.tls_set(str(said.address.ca), str(said.address.certificate), str(said.address.key))
        root = f"motcua/1/{said.address.centre}/devices/{said.device}"
        device = Device(client, f"{root}/{operation}", f"{root}/replies")
        client.on_socket_open = self._opened
        client.on_connect = lambda *_: client.subscribe(device.answers, 1)
        client.on_subscribe = lambda *_: setattr(device, "ready", True)
        client.on_message = lambda _c, _d, message: self._answered(device, message.payload)
        client.connect(said.address.host, port or said.address.port, keepalive=60)
        return device

    def _opened(self, client: mqtt.Client, _data: object, sock: Any) -> None:
        answer_at_once(client, _data, sock)
        self._selector.register(sock, selectors.EVENT_READ, client)

    def _ask(self, device: Device) -> None:
        self._asked += 1
        device.sent_at = time.perf_counter()
        device.client.publish(device.ask, self._body(self._asked), 1)

    def _answered(self, device: Device, payload: bytes) -> None:
        now = time.perf_counter()
        self.answers.append(payload)
        device.waits.append(now - device.sent_at)
        device.sent_at = 0.0
        if now < self._until:
            self._ask(device)

    def _turn(self, limit_s: float) -> None:
        for key, _ in self._selector.select(limit_s):
            client: mqtt.Client = key.data
            client.loop_read()
            sock = client.socket()
            while sock is not None and getattr(sock, "pending", lambda: 0)():
                client.loop_read()
        for one in self.devices:
            while one.client.want_write():
                one.client.loop_write()
            one.client.loop_misc()

    def _await(self, done: Callable[[], bool], limit_s: float) -> None:
        end = time.perf_counter() + limit_s
        while not done():
            if time.perf_counter() > end:
                raise TimeoutError("the swarm was not ready in time")
            self._turn(0.1)
