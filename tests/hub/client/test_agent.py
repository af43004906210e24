"""What every device does for its hub beside its work, against a real broker and a hub that misbehaves on cue."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from hub.client.agent import Agent, kept_settings
from hub.client.link import HubLink
from hub.client.orders import OrderBook
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, LocalBroker, ScriptedHub, until

ORDERS = f"devices/{DEVICE}/orders"
DONE = f"devices/{DEVICE}/orders-done"
HEALTH = f"devices/{DEVICE}/health"
SETTINGS = f"devices/{DEVICE}/settings"


@dataclass
class Device:
    """A device with an agent, and what became of what it was told."""

    link: HubLink
    hub: ScriptedHub
    settings_file: Path
    obey: dict[m.OrderName, Callable[[m.Order], str]] = field(default_factory=dict)
    heard: list[m.DeviceSettings] = field(default_factory=list)
    spool: int = 0

    def agent(self) -> Agent:
        """Listening from now on."""
        return Agent(self.link, self.settings_file, feel=self.feel, obey=self.obey, heed=self.heard.append)

    def feel(self) -> m.DeviceHealth:
        """As well as can be."""
        return m.DeviceHealth(
            at=datetime.now(UTC),
            printer=None,
            scanner=None,
            storage_free_bytes=1,
            temperature_c=None,
            undervoltage=None,
            clock_offset_s=None,
            own_numbers={},
            spool=self.spool,
        )

    def told(self, topic: str) -> int:
        """How often something was said there."""
        return sum(1 for name, _ in self.hub.heard if name == topic)

    def order(self, name: str, *, order_id: str = "") -> str:
        """The hub orders something; returns the id."""
        order_id = order_id or str(uuid4())
        expires_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
        self.hub.say(ORDERS, {"order_id": order_id, "order": name, "expires_at": expires_at})
        return order_id


@pytest.fixture
def device(broker: LocalBroker, hub: ScriptedHub, tmp_path: Path) -> Iterator[Device]:
    """Its link is not started yet."""
    link = HubLink(broker.address, DEVICE, DeviceRole.KIOSK, orders=OrderBook(tmp_path / "orders.json"))
    device = Device(link, hub, tmp_path / "settings.json")
    agent = device.agent()
    with link:
        assert link.wait_ready(LIMIT_S)
        agent.start()
        yield device
        agent.close()
        agent.close()


def test_how_it_feels_is_told_at_once_and_when_something_changes(device: Device) -> None:
    """What only trickles comes along with the rest."""
    until(lambda: device.told(HEALTH) == 1, "the first word")
    device.spool = 3
    until(lambda: device.hub.last(HEALTH).get("spool") == 3, "the news")
    assert device.told(HEALTH) == 2


def test_it_is_told_once_a_minute_in_any_case(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or nobody could tell silence from health."""
    monkeypatch.setattr("hub.client.agent.HEALTH_EVERY_S", 0.5)
    until(lambda: device.told(HEALTH) >= 3, "the same again")


def test_a_reading_that_breaks_silences_nothing(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is told."""
    until(lambda: device.told(HEALTH) == 1, "the first word")
    broken, feel = threading.Event(), device.feel

    def feel_worse() -> m.DeviceHealth:
        if not broken.is_set():
            broken.set()
            raise OSError("the sensor is gone")
        return feel()

    monkeypatch.setattr(device, "feel", feel_worse)
    device.spool = 1
    until(lambda: device.hub.last(HEALTH).get("spool") == 1, "the news")


def test_settings_are_heeded_and_kept(device: Device) -> None:
    """The last good ones: what is malformed changes nothing."""
    device.hub.say(SETTINGS, {"version": 4, "ask_class": True}, retain=True)
    until(lambda: kept_settings(device.settings_file) is not None, "the copy")
    device.hub.say(SETTINGS, {"version": "none"}, retain=True)
    device.hub.say(SETTINGS, {"version": 5, "services_first": True}, retain=True)
    until(lambda: len(device.heard) == 2, "the next ones")
    assert [heard.version for heard in device.heard] == [4, 5]
    until(lambda: kept_settings(device.settings_file) == device.heard[1], "the copy")


def test_a_copy_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """A device starts all the same."""
    assert kept_settings(tmp_path / "none") is None
    (tmp_path / "half").write_text('{"version": ')
    assert kept_settings(tmp_path / "half") is None


def test_an_order_is_carried_out_once_and_answered_each_time(device: Device) -> None:
    """The hub repeats what it has not heard the answer to."""
    obeyed: list[m.Order] = []
    device.obey[m.OrderName.IDENTIFY] = lambda order: obeyed.append(order) or ""
    order_id = device.order("identify")
    until(lambda: device.told(DONE) == 1, "the answer")
    device.order("identify", order_id=order_id)
    until(lambda: device.told(DONE) == 2, "the same answer")
    assert device.hub.last(DONE) == {"order_id": order_id, "ok": True, "detail": ""}
    assert len(obeyed) == 1


def test_what_cannot_be_done_is_answered_with_the_reason(device: Device) -> None:
    """Not known here, not possible now, or broken."""
    device.obey[m.OrderName.TEST_PRINT] = lambda _order: "paper-out"
    device.obey[m.OrderName.SCREENSHOT] = lambda _order: str(1 // 0)
    for name, detail in (
        ("update", "unsupported"),
        ("test-print", "paper-out"),
        ("screenshot", "ZeroDivisionError: integer division or modulo by zero"),
    ):
        order_id = device.order(name)
        until(lambda: device.hub.last(DONE).get("order_id") == order_id, "the answer")  # noqa: B023
        assert device.hub.last(DONE) == {"order_id": order_id, "ok": False, "detail": detail}


def test_a_long_order_keeps_no_other_waiting(device: Device) -> None:
    """A slip over a slow line takes a minute."""
    printed = threading.Event()
    device.obey[m.OrderName.REPRINT] = lambda _order: "" if printed.wait(LIMIT_S) else "never"
    device.obey[m.OrderName.IDENTIFY] = lambda _order: ""
    slow, quick = device.order("reprint"), device.order("identify")
    until(lambda: device.hub.last(DONE).get("order_id") == quick, "the quick one")
    printed.set()
    until(lambda: device.hub.last(DONE) == {"order_id": slow, "ok": True, "detail": ""}, "the slow one")


def test_an_order_to_restart_is_not_carried_out_again_by_the_next_program(
    device: Device, broker: LocalBroker, tmp_path: Path
) -> None:
    """Its answer was lost; the hub repeats the order to a program that has just begun."""
    device.obey[m.OrderName.RESTART] = lambda _order: ""
    order_id = device.order("restart")
    until(lambda: device.told(DONE) == 1, "the answer")
    device.link.close("restarting")
    obeyed: list[m.Order] = []
    link = HubLink(broker.address, DEVICE, DeviceRole.KIOSK, orders=OrderBook(tmp_path / "orders.json"))
    after = Device(link, device.hub, tmp_path / "settings.json")
    after.obey[m.OrderName.RESTART] = lambda order: obeyed.append(order) or ""
    agent = after.agent()
    with link:
        assert link.wait_ready(LIMIT_S)
        after.order("restart", order_id=order_id)
        until(lambda: after.told(DONE) == 2, "the same answer")
    agent.close()
    assert obeyed == []
