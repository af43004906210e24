"""The devices over HTTP: what they are, and what staff do about them."""

from uuid import uuid4

import pytest

from hub.actions.device.call_staff import call_staff
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
