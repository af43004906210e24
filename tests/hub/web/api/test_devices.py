"""The devices over HTTP: what they are, how they are, and what staff do about them."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from hub.actions.device.call_staff import call_staff
from hub.actions.device.end_order import finish_order
from hub.actions.device.register import add_device
from hub.actions.work import Device
from hub.contract.messages import DeviceHealth, DevicePresence
from hub.contract.time import Instant
from tests.contract.schema import GOLDEN
from tests.hub.web.hall import Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio

ANSWER = "/api/v1/devices/kiosk-01/help/answer"


async def test_a_kiosk_is_added_with_its_pin(administrator: Browser) -> None:
    """Told in the answer, this once; a board has none. A new one is told the same way, and says who asked for it."""
    for role, pin in (("kiosk", "271828"), ("board", None)):
        answer = await administrator.change("POST", "/api/v1/devices", {"id": f"{role}-09", "role": role})
        assert (answer.status_code, answer.json()["pin"]) == (201, pin)
        assert "device.toml" in answer.json()["files"]
    me = (await administrator.get("/api/v1/session")).json()["id"]
    changed = await administrator.change("POST", "/api/v1/devices/kiosk-09/pin")
    assert (changed.status_code, changed.json()) == (200, {"pin": f"staff:{me} 314159"})
    assert changed.headers["cache-control"] == "no-store"
    assert (await administrator.change("POST", "/api/v1/devices/kiosk-10/pin")).status_code == 404


async def test_a_call_for_staff_stands_in_the_queue_until_somebody_goes(hall: Hall, officer: Browser) -> None:
    """Oldest first; a press that is sent again is the same press."""
    for device in ("kiosk-02", "kiosk-01"):
        hall.do(lambda work, device=device: call_staff(work, device, "home"))
        hall.clock.pass_by(30)
    queue = (await officer.get("/api/v1/queue")).json()
    assert [(one["device"], one["since"]) for one in queue["help"]] == [
        ("kiosk-02", "2026-11-23T09:41:00+07:00"),
        ("kiosk-01", "2026-11-23T09:41:30+07:00"),
    ]
    key = str(uuid4())
    for _ in range(2):
        answer = await officer.change("POST", ANSWER, key=key)
        assert (answer.status_code, answer.json()) == (200, {})
    assert [one["device"] for one in (await officer.get("/api/v1/queue")).json()["help"]] == ["kiosk-02"]
    again = await officer.change("POST", ANSWER)
    assert (again.status_code, again.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize("role", ["desk", "operator", "administrator"])
async def test_whoever_is_in_the_hall_may_go(hall: Hall, browser: Browsers, role: str) -> None:
    """The desk, a technician, an administrator."""
    hall.do(lambda work: call_staff(work, "kiosk-01", "home"))
    one = await signed_in(browser, role)
    assert (await one.change("POST", ANSWER)).status_code == 200


# ---------------------------------------------------------------- how they are, and what they are told


@dataclass(frozen=True)
class Word:
    """What a device was last heard to say."""

    presence: DevicePresence | None
    health: DeviceHealth | None


def kiosk(hall: Hall, device: str = "kiosk-01") -> None:
    hall.do(lambda work: add_device(work, Device(device, "kiosk", (), None, None, device, Instant(0))))


async def listed(one: Browser) -> dict[str, dict[str, object]]:
    return {device["id"]: device for device in (await one.get("/api/v1/devices")).json()["devices"]}


async def test_each_device_is_listed_with_its_last_word(hall: Hall, browser: Browsers) -> None:
    """As on the wire; one that was never heard is offline since nobody knows when."""
    operator = await signed_in(browser, "operator")
    for device in ("kiosk-01", "kiosk-02", "kiosk-03"):
        kiosk(hall, device)
    presence = DevicePresence.model_validate_json((GOLDEN / "DevicePresence.json").read_bytes())
    health = DeviceHealth.model_validate_json((GOLDEN / "DeviceHealth.json").read_bytes())
    hall.heard |= {"kiosk-01": Word(presence, health), "kiosk-02": Word(None, None)}
    found = await listed(operator)
    assert found["kiosk-01"]["presence"] == {"state": "online", "since": presence.since.isoformat()}
    assert DeviceHealth.model_validate(found["kiosk-01"]["health"], strict=False) == health
    for device in ("kiosk-02", "kiosk-03"):
        assert found[device]["presence"] == {"state": "offline", "since": None}
        assert (found[device]["health"], found[device]["orders"]) == (None, [])


async def test_an_order_is_given_and_its_end_is_seen(hall: Hall, browser: Browsers) -> None:
    """Sent again it is the same order; what the device says of it stands with the device."""
    operator = await signed_in(browser, "operator")
    kiosk(hall)
    key = str(uuid4())
    path, body = "/api/v1/devices/kiosk-01/orders", {"order": "test-print"}
    answers = [await operator.change("POST", path, body, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    order_id = answers[0].json()["order_id"]
    (order,) = (await listed(operator))["kiosk-01"]["orders"]  # type: ignore[misc]
    assert order == {
        "order_id": order_id,
        "order": "test-print",
        "ticket": None,
        "ordered_at": "2026-11-23T09:41:00+07:00",
        "expires_at": "2026-11-23T09:46:00+07:00",
        "state": "open",
        "detail": "",
        "ended_at": None,
    }
    hall.clock.pass_by(2)
    hall.do(lambda work: finish_order(work, "kiosk-01", order_id, ok=False, detail="no paper"))
    (order,) = (await listed(operator))["kiosk-01"]["orders"]  # type: ignore[misc]
    assert (order["state"], order["detail"]) == ("failed", "no paper")
    assert order["ended_at"] == "2026-11-23T09:41:02+07:00"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"order": "update"}, 422),
        ({"order": "dance"}, 422),
        ({"order": "reprint"}, 422),
        ({"order": "identify", "ticket": str(uuid4())}, 422),
        ({"order": "reprint", "ticket": str(uuid4())}, 404),
        ({"order": "reprint", "ticket": "A001"}, 422),
    ],
)
async def test_an_order_that_cannot_be_is_refused(
    hall: Hall, administrator: Browser, body: dict[str, str], status: int
) -> None:
    """In form, before anybody is asked; a ticket nobody knows by the rules."""
    kiosk(hall)
    answer = await administrator.change("POST", "/api/v1/devices/kiosk-01/orders", body)
    assert answer.status_code == status
    assert (await listed(administrator))["kiosk-01"]["orders"] == []


async def test_a_slip_is_ordered_from_its_kiosk(hall: Hall, administrator: Browser) -> None:
    """The ticket is named in the order, and the order in the ticket's history."""
    kiosk(hall)
    ticket = hall.issue()
    body = {"order": "reprint", "ticket": ticket}
    answer = await administrator.change("POST", "/api/v1/devices/kiosk-01/orders", body)
    assert answer.status_code == 201
    (order,) = (await listed(administrator))["kiosk-01"]["orders"]  # type: ignore[misc]
    assert (order["order"], order["ticket"], order["expires_at"]) == ("reprint", ticket, "2026-11-23T09:51:00+07:00")
    history = (await administrator.get(f"/api/v1/tickets/{ticket}")).json()["history"]
    assert [(one["what"], one["officer"]) for one in history[1:]] == [("ReprintOrdered", "Administrator")]


async def test_the_picture_of_a_screen_is_for_who_may_order_one(hall: Hall, browser: Browsers) -> None:
    """As the device has put it, kept by nobody on the way, and gone after ten minutes."""
    order_id = str(uuid4())
    path = f"/api/v1/devices/kiosk-01/screenshots/{order_id}"
    hall.pictures.keep(order_id, "kiosk-01", b"\x89PNG\r\n\x1a\n...")
    operator, officer = await signed_in(browser, "operator"), await signed_in(browser, "officer")
    answer = await operator.get(path)
    assert (answer.status_code, answer.content) == (200, b"\x89PNG\r\n\x1a\n...")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/png", "no-store")
    assert (await officer.get(path)).status_code == 403
    for other in (path.replace("kiosk-01", "kiosk-02"), path.replace(order_id, str(uuid4()))):
        assert (await operator.get(other)).status_code == 404
    hall.clock.pass_by(600)
    assert (await operator.get(path)).status_code == 404
