"""Two programs with one device's certificate raise an alarm; a device that merely comes back does not."""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hub.client.device_file import load
from hub.client.link import HubLink
from tests.rig import truth
from tests.rig.centre import Centre, Plan, made
from tests.rig.measured import measured
from tests.rig.running import RunningHub, broker_of, eventually, running

DEVICE = "kiosk-01"
LIMIT_S = 20.0
Place = tuple[Centre, RunningHub]


@pytest.fixture
def place() -> Iterator[Place]:
    """A hub at work."""
    with made(Plan()) as centre, running(centre) as hub:
        yield centre, hub


@contextmanager
def holder(centre: Centre) -> Iterator[HubLink]:
    """A program with the device's certificate, linked."""
    enrolled = load(centre.devices[DEVICE])
    with HubLink(enrolled.address, DEVICE, enrolled.role) as link:
        yield link


def doubled(centre: Centre) -> float:
    """How often the hub has seen two holders."""
    return measured(centre, "motcua_devices_doubled_total")


def stated(centre: Centre, kind: str) -> int:
    """How often the journal states it of the device."""
    entries = (json.loads(row["text"]) for row in truth.rows(centre, "SELECT text FROM journal"))
    return sum(1 for entry in entries if (entry["kind"], entry["fact"].get("device")) == (kind, DEVICE))


def test_two_holders_of_one_certificate_raise_an_alarm(place: Place) -> None:
    """A fact in the journal, a line in the log, a figure that grows; the log names the device once a minute only."""
    centre, hub = place
    with holder(centre) as one:
        assert one.wait_ready(LIMIT_S)
        assert doubled(centre) == 0
        with holder(centre):
            eventually(lambda: doubled(centre) >= 2, "the second holder noticed, and again", LIMIT_S, every_s=0.1)
    eventually(lambda: stated(centre, "DeviceDoubled") == 1, "the fact")
    (said,) = hub.events("device-doubled")
    assert (said["level"], said["device"]) == ("error", DEVICE)


def test_a_device_that_comes_back_raises_none(place: Place) -> None:
    """Restarted time and again, its broker killed, its hub restarted: it is one device."""
    centre, hub = place
    for _ in range(3):
        with holder(centre) as link:
            assert link.wait_ready(LIMIT_S)
    with holder(centre) as link:
        assert link.wait_ready(LIMIT_S)
        broker = broker_of(centre)
        assert broker is not None
        broker.send(signal.SIGKILL)
        eventually(lambda: hub.events("broker-restarted"), "another broker", LIMIT_S)
        eventually(lambda: link.ready and link.hub_state is not None, "the device back", LIMIT_S)
        assert hub.stop() == 0
        hub.start()
        eventually(lambda: link.ready and link.hub_state is not None, "the device back again", LIMIT_S)
        link.ask("hello", {"role": "kiosk", "boot_id": link.boot_id, "version": "0", "monotonic_s": 1.0})
    with holder(centre) as link:
        assert link.wait_ready(LIMIT_S)
    assert stated(centre, "DeviceReturned") >= 4
    assert stated(centre, "DeviceDoubled") == 0
    assert hub.events("device-doubled") == []
    assert doubled(centre) == 0


def test_a_device_that_is_gone_is_gone(place: Place) -> None:
    """Lost when it says good-bye, returned when it is there again; the hub counts who is there."""
    centre, _ = place
    for times in (1, 2):
        with holder(centre) as link:
            assert link.wait_ready(LIMIT_S)
            eventually(lambda: measured(centre, "motcua_devices_online") == 1, "the device there", every_s=0.05)
            eventually(lambda times=times: stated(centre, "DeviceReturned") == times, "the device back", every_s=0.05)
        eventually(lambda: measured(centre, "motcua_devices_online") == 0, "nobody there", every_s=0.05)
        eventually(lambda times=times: stated(centre, "DeviceLost") == times, "the device lost", every_s=0.05)
