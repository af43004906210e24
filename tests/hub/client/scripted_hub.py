"""A broker to stop and start, and a hub that answers as a test tells it: what a link meets in the field."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import orjson
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hub.client.connection import answer_at_once
from hub.client.device_file import HubAddress
from hub.contract.names import DeviceRole
from hub.contract.topics import ROOT
from hub.fleet.authority import Authority
from hub.fleet.devices import DeviceFolder, HubPlace, write_folder

CENTRE = "hoa-sen"
DEVICE = "kiosk-01"
LIMIT_S = 30.0
TICKET = {
    "id": "0190a5f2-0000-7000-8000-000000000001",
    "number": "A012",
    "service": "khai-sinh",
    "class": "ordinary",
    "issued_at": "2026-11-23T08:42:00+07:00",
    "people_ahead": 3,
    "wait": {"low_s": 600, "high_s": 900},
    "counters": ["counter-3", "counter-4"],
    "track_url": None,
}
ASKED = {"service": "khai-sinh", "class": "ordinary", "language": "vi"}

Act = Callable[["ScriptedHub", "Asked"], None]
"""What the hub does about one request."""


def until(condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
    """Waits until `condition` holds; fails saying `what` was awaited."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"waited {limit_s} s in vain: {what}"
        time.sleep(0.005)


class LocalBroker:
    """Mosquitto on loopback without TLS, on a port of its own that outlives a restart."""

    def __init__(self, folder: Path, access: str | None = None) -> None:
        self.port = free_port()
        self.address = HubAddress(CENTRE, "127.0.0.1", self.port)
        self._file = folder / "mosquitto.conf"
        self._process: subprocess.Popen[bytes] | None = None
        # user root: else the broker gives up its rights and cannot read a test's folder
        self.lines = ["allow_anonymous true", "persistence false", "log_dest none", "set_tcp_nodelay true", "user root"]
        if access is not None:
            (folder / "access").write_text(access)
            self.lines.append(f"acl_file {folder / 'access'}")
        self.lines.append(f"listener {self.port} 127.0.0.1")

    def start(self) -> None:
        """Starts it and waits until it accepts connections."""
        self._file.write_text("\n".join(self.lines) + "\n")
        self._process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", self._file], stderr=subprocess.DEVNULL)
        until(self._accepts, "the broker accepts connections")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Kills it; harmless twice."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(LIMIT_S)

    def _accepts(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class SecureBroker(LocalBroker):
    """The same, with a second listener that asks devices for their certificates, as in the field."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._place = HubPlace(CENTRE, "127.0.0.1", free_port())
        self._authority = Authority.open(folder / "authority", CENTRE, datetime.now(UTC))
        self._authority.issue_server([], [], datetime.now(UTC)).write(folder, "server")
        self.lines += [f"listener {self._place.port} 127.0.0.1", "require_certificate true"]
        self.lines += ["use_identity_as_username true", f"cafile {folder / 'authority.pem'}"]
        self.lines += [f"certfile {folder / 'server.pem'}", f"keyfile {folder / 'server.key'}"]

    @property
    def secure_port(self) -> int:
        """Where devices connect."""
        return self._place.port

    def enrol(self, device: str, role: DeviceRole, directory: Path) -> Path:
        """A device's directory, as the hub writes it."""
        certificate = self._authority.issue_device(device, datetime.now(UTC))
        write_folder(DeviceFolder(device, role, self._place, certificate).files(), directory)
        return directory


class Asked:
    """One request as the hub received it."""

    def __init__(self, message: mqtt.MQTTMessage) -> None:
        _, _, _, _, self.device, _, self.operation = message.topic.split("/")
        self.body = orjson.loads(message.payload)
        self.id = self.body["request_id"]


class ScriptedHub:
    """Answers each operation by the acts in `script`, one after another, then as usual. Remembers all it hears."""

    def __init__(self, port: int) -> None:
        self.asked: list[Asked] = []
        self.heard: list[tuple[str, bytes]] = []
        self.script: dict[str, list[Act]] = {}
        self.usual: Act = answer
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._subscribed = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, "hub", protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_socket_open = answer_at_once
        self._client.on_connect = lambda client, *_: client.subscribe(f"{ROOT}/{CENTRE}/#", 1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._on_message
        self._client.connect_async("127.0.0.1", port)

    def start(self) -> None:
        """Connects and waits until it hears."""
        self._client.loop_start()
        assert self._subscribed.wait(LIMIT_S)

    def __enter__(self) -> "ScriptedHub":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def reconnected(self) -> None:
        """Waits until it hears again, after the broker was away."""
        self._subscribed.clear()
        assert self._subscribed.wait(LIMIT_S)

    def operations(self, name: str) -> list[Asked]:
        """Requests of one kind, in order."""
        return [one for one in self.asked if one.operation == name]

    def last(self, topic: str) -> dict[str, object]:
        """The last thing heard on a topic under the root; empty before."""
        payloads = [payload for name, payload in self.heard if name == topic]
        return orjson.loads(payloads[-1]) if payloads else {}

    def say(self, topic: str, body: object, *, retain: bool = False) -> None:
        """Publishes on a topic under the root: an object as JSON, bytes as they are."""
        payload = body if isinstance(body, bytes) else orjson.dumps(body)
        self._client.publish(f"{ROOT}/{CENTRE}/{topic}", payload, 1, retain).wait_for_publish(LIMIT_S)

    def be(self, state: str, boot_id: str) -> None:
        """Publishes its own presence."""
        now = self.clock().isoformat()
        body = {"state": state, "epoch": "e1", "boot_id": boot_id, "version": "0", "at": now}
        self._publish("hub", body, retain=True)

    def reply(self, asked: Asked, result: object = None, code: str | None = None) -> None:
        """Replies with `result`, or refuses with `code`."""
        body: dict[str, object] = {"request_id": asked.id, "at": self.clock().isoformat(), "ok": code is None}
        if code is None:
            body["result"] = result
        else:
            body["refusal"] = {"code": code, "message": {"vi": "Không", "en": "No"}}
        self._publish(f"devices/{asked.device}/replies", body)

    def _publish(self, topic: str, body: object, *, retain: bool = False) -> None:
        self._client.publish(f"{ROOT}/{CENTRE}/{topic}", orjson.dumps(body), 1, retain)

    def _on_message(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        self.heard.append((message.topic.removeprefix(f"{ROOT}/{CENTRE}/"), bytes(message.payload)))
        if "/requests/" not in message.topic:
            return
        asked = Asked(message)
        self.asked.append(asked)
        acts = self.script.get(asked.operation, [])
        (acts.pop(0) if acts else self.usual)(self, asked)


def answer(hub: ScriptedHub, asked: Asked) -> None:
    """What a hub in good health says."""
    results = {"hello": {"epoch": "e1", "settings_version": 0}, "issue-ticket": {"ticket": TICKET}}
    hub.reply(asked, results.get(asked.operation, {}))


def answer_twice(hub: ScriptedHub, asked: Asked) -> None:
    """As when the broker delivers a reply again."""
    answer(hub, asked)
    answer(hub, asked)


def ignore(_hub: ScriptedHub, _asked: Asked) -> None:
    """As when the reply is lost."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
