"""A device that was removed may do nothing from that moment; a certificate that was replaced opens nothing any more."""

import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from hub.client.device_file import load
from tests.journeys.overheard import Overheard
from tests.rig.centre import CLASS, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.measured import measured
from tests.rig.running import RunningHub, eventually, running, tool

DEVICE, OTHER = "kiosk-01", "kiosk-02"
WISH: Final = {"service": "service-a", "class": CLASS, "language": "vi"}
LIMIT_S: Final = 30.0

CONNECT: Final = b"\x10\x15\x00\x04MQTT\x05\x02\x00\x1e\x00\x00\x08kiosk-01"
ACCEPTED: Final = b"\x20"

Place = tuple[Centre, RunningHub]


@pytest.fixture
def place() -> Iterator[Place]:
    """A hub at work."""
    with made(Plan()) as centre, running(centre) as hub:
        yield centre, hub


@pytest.fixture
def overheard(place: Place) -> Iterator[Overheard]:
    """All that is said."""
    with Overheard(place[0]) as ears:
        yield ears
        assert ears.problems == []


def opens(folder: Path) -> bool:
    """Whether the broker takes up a connection with the certificate in this folder."""
    enrolled = load(folder).address
    context = ssl.create_default_context(cafile=enrolled.ca)
    assert enrolled.certificate is not None
    context.load_cert_chain(enrolled.certificate, enrolled.key)
    try:
        with (
            socket.create_connection((enrolled.host, enrolled.port), timeout=LIMIT_S) as plain,
            context.wrap_socket(plain, server_hostname=enrolled.host) as secured,
        ):
            secured.sendall(CONNECT)
            return secured.recv(1) == ACCEPTED
    except OSError:
        return False


def remove(centre: Centre) -> None:
    """By the command line, while the hub runs."""
    done = tool(centre, "device", "remove", DEVICE)
    assert (done.returncode, done.stdout) == (0, f"{DEVICE}: removed\n"), done.stderr


def add(centre: Centre, folder: Path) -> None:
    """By the command line, while the hub runs."""
    done = tool(centre, "device", "add", DEVICE, "--role", "kiosk", "--folder", str(folder))
    assert done.returncode == 0, done.stderr


def of_device(overheard: Overheard) -> list[str]:
    """Retained topics that concern the device."""
    return [topic for topic in overheard.retained if topic.startswith(f"devices/{DEVICE}/")]


def test_a_removed_device_may_do_nothing_at_once(place: Place, overheard: Overheard) -> None:
    """Its connection is cut and no other is taken up; what it had said is cleared. The others notice nothing."""
    centre, _ = place
    device, other = Device(centre, DEVICE).open(), Device(centre, OTHER).open()
    try:
        device.publish(device.topic("presence"), _presence(), retain=True)
        assert device.ask("issue-ticket", WISH)["ok"]
        eventually(lambda: measured(centre, "motcua_devices_online") == 1, "the device counted")
        assert opens(centre.devices[DEVICE])
        device.wait(lambda: device.losses == 1, "its connection taken over by the same device")
        device.wait(lambda: device.subscribed, "its own connection again")

        remove(centre)

        device.wait(lambda: device.losses >= 2, "the end of its connection")
        asked = device.send("issue-ticket", WISH)
        assert not opens(centre.devices[DEVICE])
        overheard.wait(lambda: of_device(overheard) == [], "its retained topics cleared")
        assert other.ask("issue-ticket", WISH)["result"]["ticket"]["number"] == "A002"
        assert (device.replies[asked], other.losses) == ([], 0)
        assert measured(centre, "motcua_devices_online") == 0
        assert measured(centre, "motcua_device_requests_total", operation="issue-ticket") == 2
    finally:
        device.close()
        other.close()


@pytest.mark.parametrize("removed_first", [True, False], ids=["removed and added", "added again"])
def test_the_certificate_before_opens_nothing(place: Place, removed_first: bool, tmp_path: Path) -> None:
    """Not even to whoever was connected with it all the while: the rights of the name are no rights of the thief."""
    centre, _ = place
    stolen = Path(shutil.copytree(centre.devices[DEVICE], tmp_path / "stolen"))
    thief = Device(centre, DEVICE).open()
    try:
        assert thief.ask("issue-ticket", WISH)["ok"]
        if removed_first:
            remove(centre)
        add(centre, centre.devices[DEVICE])
        thief.wait(lambda: thief.losses >= 1, "the end of the thief's connection")
        asked = thief.send("issue-ticket", WISH)
        assert not opens(stolen)
        owner = Device(centre, DEVICE).open()
        try:
            assert owner.ask("issue-ticket", WISH)["result"]["ticket"]["number"] == "A002"
            assert thief.replies[asked] == []
        finally:
            owner.close()
    finally:
        thief.close()


def _presence() -> bytes:
    return b'{"state":"online","role":"kiosk","boot_id":"b","version":"0","since":"2026-11-23T08:00:00+07:00"}'
