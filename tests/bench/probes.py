"""The limits of this machine: a request echoed through a broker of the same configuration, and a raw durable commit."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.contract.topics import DeviceIdentity
from hub.fleet.authority import Authority
from hub.messaging.broker import Broker
from hub.messaging.broker_configuration import BrokerPlan
from tests.rig.centre import Centre, free_ports

OPERATION = "requests/issue-ticket"


@contextmanager
def echo(centre: Centre, identities: list[DeviceIdentity]) -> Iterator[int]:
    """A second broker with the centre's certificates and rights, and a program that answers every request with a
    reply of the usual size; yields the port."""
    directory = centre.directory / "echo"
    directory.mkdir(mode=0o700)
    data = centre.settings.data.directory
    [port] = free_ports(1)
    for name in ("server.pem", "server.key"):
        shutil.copy(data / "broker" / name, directory / name)
    authority = Authority.open(data / "authority", centre.settings.centre.id, _now())
    plan = BrokerPlan(
        directory=directory,
        centre=centre.settings.centre.id,
        authority=authority.directory / "authority.pem",
        certificate=directory / "server.pem",
        key=directory / "server.key",
        revoked=authority.revoked_file,
        port=port,
    )
    broker = Broker(plan)
    broker.write_access(identities)
    broker.ensure()
    answerer = subprocess.Popen([sys.executable, "-m", "tests.bench.probes", str(plan.link)], stdout=subprocess.PIPE)
    try:
        assert answerer.stdout is not None
        assert answerer.stdout.readline() == b"ready\n"
        yield port
    finally:
        answerer.send_signal(signal.SIGTERM)
        answerer.wait(10)
        broker.stop()


def commits(path: Path, count: int) -> list[float]:
    """Durable commits of a ticket's rows with nothing around them: how long each took, in seconds."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS ticket (id TEXT PRIMARY KEY, number TEXT, rest TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS journal (entry INTEGER PRIMARY KEY, text TEXT, hash TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY, answer TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS numbering (service TEXT PRIMARY KEY, next INTEGER)")
    waits = []
    for n in range(count):
        began = time.perf_counter()
        key = str(uuid.uuid4())
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO ticket VALUES (?, ?, ?)", (key, f"A{n}", "x" * 200))
        connection.execute("INSERT INTO journal (text, hash) VALUES (?, ?)", ("x" * 400, "0" * 64))
        connection.execute("INSERT INTO request VALUES (?, ?)", (key, "x" * 260))
        connection.execute("INSERT OR REPLACE INTO numbering VALUES ('a', ?)", (n,))
        connection.execute("COMMIT")
        waits.append(time.perf_counter() - began)
    connection.close()
    return waits


def _answer(link: str) -> None:
    """The answering program: paho on a unix socket, as the hub's own link."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="echo", protocol=mqtt.MQTTv5, transport="unix")
    client.max_inflight_messages_set(1000)
    reply = b"x" * 400

    def heard(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        client.publish(message.topic.split("/requests/")[0] + "/replies", reply, 1)

    client.on_message = heard
    client.on_connect = lambda *_: client.subscribe("motcua/1/+/devices/+/requests/+", 1)
    client.on_subscribe = lambda *_: os.write(1, b"ready\n")
    client.connect(link, 1)
    client.loop_start()
    while not told.wait(0.5):
        pass
    client.disconnect()
    client.loop_stop()


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    _answer(sys.argv[1])
