"""A device is told what to do, and somebody at it asks for staff: with the real parts, over the death of the hub."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson
import pytest

from hub.client.device_file import load
from hub.client.errors import NotUploaded
from hub.client.upload import upload
from hub.contract.messages import Order
from tests.rig.centre import ADMINISTRATOR, PASSWORD, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.running import RunningHub, eventually, running
from tests.rig.web import Web

KIOSK: Final = "kiosk-01"
PICTURE: Final = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100_000


class Told:
    """What the kiosk hears on its own topic of orders."""

    def __init__(self, kiosk: Device) -> None:
        self.orders: list[Order] = []
        kiosk._client.message_callback_add(kiosk.topic("orders"), self._hear)
        kiosk._client.subscribe(kiosk.topic("orders"), 1)

    def _hear(self, _client: object, _data: object, message: Any) -> None:
        self.orders.append(Order.model_validate_json(message.payload, extra="forbid"))

    def times(self, order_id: str) -> int:
        """How often this order was heard."""
        return sum(str(one.order_id) == order_id for one in self.orders)


@pytest.fixture
def at_work() -> Iterator[tuple[Centre, RunningHub]]:
    with made(Plan(kiosks=1, services=1, counters=1)) as centre, running(centre) as hub:
        yield centre, hub


def there(kiosk: Device) -> None:
    """The kiosk says that it is."""
    said = {"state": "online", "role": "kiosk", "boot_id": "b", "version": "1", "since": datetime.now(UTC).isoformat()}
    kiosk.publish(kiosk.topic("presence"), orjson.dumps(said), retain=True)


def orders(web: Web) -> list[dict[str, Any]]:
    """What the kiosk was told, as an administrator sees it."""
    (device,) = [one for one in web.ask("GET", "/api/v1/devices").body["devices"] if one["id"] == KIOSK]
    told: list[dict[str, Any]] = device["orders"]
    return told


def test_an_order_outlives_the_hub_and_is_over_when_it_is_done(at_work: tuple[Centre, RunningHub]) -> None:
    """Heard at once, heard again by the word of the next life of the hub, and not once more after it was done."""
    centre, hub = at_work
    with closing(Device(centre, KIOSK).open()) as kiosk:
        told = Told(kiosk)
        there(kiosk)
        with Web(centre).sign_in(ADMINISTRATOR) as web:
            given = web.change(f"/api/v1/devices/{KIOSK}/orders", str(uuid4()), {"order": "identify"})
            assert given.status == 201, given
        order_id = given.body["order_id"]
        eventually(lambda: told.times(order_id) >= 1, "the order")
        hub.kill()
        before = told.times(order_id)
        hub.start()
        eventually(lambda: told.times(order_id) > before, "the order again")
        kiosk.publish(kiosk.topic("orders-done"), orjson.dumps({"order_id": order_id, "ok": True, "detail": ""}))
        with Web(centre).sign_in(ADMINISTRATOR) as web:
            eventually(lambda: orders(web)[0]["state"] == "done", "the order done")
            heard = told.times(order_id)
            second = web.change(f"/api/v1/devices/{KIOSK}/orders", str(uuid4()), {"order": "test-print"}).body[
                "order_id"
            ]
            eventually(lambda: told.times(second) >= 2, "another order, twice")
            assert told.times(order_id) == heard


def test_a_picture_of_the_screen_comes_to_who_asked_for_it(at_work: tuple[Centre, RunningHub]) -> None:
    """Put with the kiosk's own certificate where the order says, wherever the hub's door is after a restart; another
    device's opens nothing.
    """
    centre, hub = at_work
    board = load(centre.devices["board-01"]).address
    with closing(Device(centre, KIOSK).open()) as kiosk:
        told = Told(kiosk)
        there(kiosk)
        with Web(centre).sign_in(ADMINISTRATOR) as web:
            web.change(f"/api/v1/devices/{KIOSK}/orders", str(uuid4()), {"order": "screenshot"})
        eventually(lambda: told.orders, "the order")
        first = str(told.orders[0].upload_url)
        with pytest.raises(NotUploaded, match="403"):
            upload(board, first, PICTURE, "image/png")
        hub.kill()
        hub.start()
        eventually(lambda: str(told.orders[-1].upload_url) != first, "the order with another address")
        upload(kiosk.enrolled.address, str(told.orders[-1].upload_url), PICTURE, "image/png")
    with httpx.Client(base_url=f"http://127.0.0.1:{centre.settings.web.port}", trust_env=False) as browser:
        assert browser.post("/api/v1/session", json={"name": ADMINISTRATOR, "password": PASSWORD}).is_success
        seen = browser.get(f"/api/v1/devices/{KIOSK}/screenshots/{told.orders[0].order_id}")
        assert (seen.status_code, seen.content) == (200, PICTURE)


def test_a_call_for_staff_outlives_the_hub(at_work: tuple[Centre, RunningHub]) -> None:
    """Answered by the hub when it is on disk; there until somebody goes."""
    centre, hub = at_work
    with closing(Device(centre, KIOSK).open()) as kiosk:
        reply = kiosk.ask("call-staff", {"screen": "home"})
        assert (reply["ok"], reply["result"]) == (True, {})
        hub.kill()
        hub.start()
        with Web(centre).sign_in("officer-1") as web:
            (wanted,) = web.ask("GET", "/api/v1/queue").body["help"]
            assert (wanted["device"], wanted["screen"]) == (KIOSK, "home")
            assert web.change(f"/api/v1/devices/{KIOSK}/help/answer", str(uuid4())).ok
            assert web.ask("GET", "/api/v1/queue").body["help"] == []
