"""Set-up, staff, devices, the clock: an administrator's part of the API."""

import json
from uuid import uuid4

import pytest

from tests.hub.web.hall import PASSWORD, Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio

NEW = {"name": "lan", "display_name": "Trần Thị Lan", "role": "officer", "password": "đồng lúa chín vàng"}


async def test_the_set_up_goes_out_and_comes_back(hall: Hall, administrator: Browser) -> None:
    """What GET answers can be put as it is; the version grows."""
    got = await administrator.get("/api/v1/set-up")
    assert got.headers["etag"] == '"1"'
    answer = await administrator.change("PUT", "/api/v1/set-up", got.json())
    assert (answer.status_code, answer.json()) == (200, {"version": 2})
    assert (await administrator.get("/api/v1/set-up")).json() == got.json()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nmae": {"vi": "x"}}, "nmae"),
        ({"services": [{"id": "a", "prefix": "A", "group": "none", "name": {"vi": "x"}}]}, "no such group: none"),
        ({"languages": []}, "languages"),
    ],
)
async def test_a_set_up_that_does_not_hold_together(
    hall: Hall, administrator: Browser, change: dict[str, object], words: str
) -> None:
    """Refused with the place; nothing changes."""
    document = (await administrator.get("/api/v1/set-up")).json()
    answer = await administrator.change("PUT", "/api/v1/set-up", {**document, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert words in answer.json()["detail"]
    assert (await administrator.get("/api/v1/set-up")).headers["etag"] == '"1"'


async def test_a_set_up_that_would_strand_people_is_refused(hall: Hall, administrator: Browser) -> None:
    """By the rules: somebody waits for the service that would disappear."""
    hall.issue("land")
    document = (await administrator.get("/api/v1/set-up")).json()
    document["services"] = [one for one in document["services"] if one["id"] != "land"]
    document["counters"] = [one for one in document["counters"] if one["id"] != "c3"]
    answer = await administrator.change("PUT", "/api/v1/set-up", document)
    assert (answer.status_code, answer.json()["code"]) == (409, "still-serving")


async def test_people_are_added_once(hall: Hall, administrator: Browser, browser: Browsers) -> None:
    """A repeat is the same person, another with the same name is refused; the new one can sign in."""
    key = str(uuid4())
    answers = [await administrator.change("POST", "/api/v1/staff", NEW, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].text == answers[1].text
    taken = await administrator.change("POST", "/api/v1/staff", {**NEW, "name": "LAN"})
    assert (taken.status_code, taken.json()["code"]) == (409, "already-exists")
    assert (await browser().sign_in("lan", NEW["password"])).status_code == 200


async def test_a_new_persons_password_leaves_no_trace(hall: Hall, administrator: Browser) -> None:
    """Not even as a hash that could be guessed at: two passwords are one body to the memory of requests."""
    key = str(uuid4())
    first = await administrator.change("POST", "/api/v1/staff", NEW, key=key)
    other = await administrator.change("POST", "/api/v1/staff", {**NEW, "password": PASSWORD}, key=key)
    assert (first.status_code, other.status_code) == (201, 201)
    everybody = (await administrator.get("/api/v1/staff")).json()
    assert {"id", "name", "display_name", "role", "created_at"} == everybody["staff"][0].keys()
    assert "argon2" not in json.dumps(everybody)


async def test_a_weak_password_is_refused_before_anything(hall: Hall, administrator: Browser) -> None:
    """Common ones and one's own name."""
    for password in ("12345678", "matkhau123", "Trần Thị Lan"):
        answer = await administrator.change("POST", "/api/v1/staff", {**NEW, "password": password})
        assert (answer.status_code, answer.json()["code"]) == (422, "password-weak")


@pytest.mark.parametrize("name", ["", " \n", "\u2003", "L\x00an", "Lan\nTrần", "\x1b[2JLan", "Lan\x85Trần", "L" * 101])
async def test_a_name_can_be_read(administrator: Browser, name: str) -> None:
    """It is not empty and has no control characters: a database that keeps no NUL must not be the one who says so."""
    answer = await administrator.change("POST", "/api/v1/staff", {**NEW, "display_name": name})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("name", ["Lan", "X", "  Trần Thị Lan\n", "Y Blôk Êban"])
async def test_names_are_taken_as_they_are(hall: Hall, administrator: Browser, name: str) -> None:
    """In any script, without the spaces around."""
    assert (await administrator.change("POST", "/api/v1/staff", {**NEW, "display_name": name})).status_code == 201
    person = hall.reading.find_staff("lan")
    assert person is not None
    assert person.display_name == name.strip()


@pytest.mark.parametrize("staff", ["nobody", "%00", "a%00b", "0" * 33])
async def test_what_is_no_id_is_malformed(administrator: Browser, staff: str) -> None:
    """And no database is asked; the id of nobody is not found."""
    for method, path in (("DELETE", ""), ("PUT", "/password")):
        for one, status, code in ((staff, 422, "malformed"), (str(uuid4()), 404, "not-found")):
            answer = await administrator.change(method, f"/api/v1/staff/{one}{path}", {"password": PASSWORD})
            assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_who_serves_is_not_taken_out(hall: Hall, administrator: Browser, officer: Browser) -> None:
    """First the visit ends; then the counter is closed with its officer, and a called number goes back to its place."""
    staff = hall.reading.find_staff("officer")
    assert staff is not None
    ticket = hall.issue()
    for verb in ("open", "call-next", "start"):
        await officer.press("c1", verb)
    serving = await administrator.change("DELETE", f"/api/v1/staff/{staff.id}")
    assert (serving.status_code, serving.json()["code"]) == (409, "still-serving")
    await officer.press("c1", "return")
    await officer.press("c1", "call-next")
    assert (await administrator.change("DELETE", f"/api/v1/staff/{staff.id}")).status_code == 200
    found = hall.reading.find_ticket(ticket)
    assert found is not None
    assert found.state == "waiting"
    assert (await administrator.get("/api/v1/queue")).json()["counters"][0]["state"] == "closed"
    assert (await administrator.change("DELETE", f"/api/v1/staff/{staff.id}")).status_code == 404


async def test_the_last_administrator_stays(hall: Hall, administrator: Browser) -> None:
    """Nobody could add another; the last but one may go."""
    me = (await administrator.get("/api/v1/session")).json()["id"]
    last = await administrator.change("DELETE", f"/api/v1/staff/{me}")
    assert (last.status_code, last.json()["code"]) == (403, "not-allowed")
    await administrator.change("POST", "/api/v1/staff", {**NEW, "role": "administrator"})
    assert (await administrator.change("DELETE", f"/api/v1/staff/{me}")).status_code == 200
    assert (await administrator.get("/api/v1/session")).status_code == 401


async def test_the_clock_is_confirmed(hall: Hall, administrator: Browser) -> None:
    """A clock behind the last entry gives numbers under the old time; confirmed, under the new one. Sessions do not
    outlive a clock that was set back by days: one signs in again.
    """
    hall.issue()
    hall.clock.pass_by(-3 * 86400)
    assert (await administrator.get("/api/v1/session")).status_code == 401
    await administrator.sign_in("administrator")
    assert (await administrator.change("POST", "/api/v1/clock/confirm")).status_code == 200
    hall.issue()
    queue = (await administrator.get("/api/v1/queue")).json()
    assert queue["day"] == "2026-11-20"


async def test_devices_are_listed_without_secrets(hall: Hall, browser: Browsers) -> None:
    """For whoever keeps them running."""
    operator = await signed_in(browser, "operator")
    assert (await operator.get("/api/v1/devices")).json() == {"devices": []}
