"""Signing in and out, who am I, and the first administrator."""

import pytest

from hub.contract.names import StaffRole
from hub.web.setup_code import SetupCode
from tests.hub.web.hall import PASSWORD, SETUP_CODE, Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio

FIRST = {"code": SETUP_CODE, "name": "Hanh.NT", "display_name": "Nguyễn Thị Hạnh", "password": PASSWORD}


async def test_who_signs_in_is_who_the_hub_says(hall: Hall, browser: Browsers) -> None:
    """Name, role, permissions and the token for changes; names in any case and with spaces around."""
    one = browser()
    answer = await one.sign_in("  Officer ")
    who = (await one.get("/api/v1/session")).json()
    assert who["csrf"] == answer.json()["csrf"]
    assert (who["name"], who["display_name"], who["role"], who["counter"]) == ("officer", "Officer", "officer", None)
    assert "work-counter" in who["permissions"]
    assert "change-staff" not in who["permissions"]
    await one.press("c2", "open")
    assert (await one.get("/api/v1/session")).json()["counter"] == "c2"


async def test_a_wrong_name_and_a_wrong_password_are_one_answer(hall: Hall, browser: Browsers) -> None:
    """The same words and status, and each costs a hash: `test_nobody_takes_as_long_as_somebody`."""
    known, unknown = browser(address="10.0.1.1"), browser(address="10.0.1.2")
    texts = set()
    for number in range(6):
        for one, name in ((known, "officer"), (unknown, f"nobody{number}")):
            hall.clock.pass_by(400)
            answer = await one.sign_in(name, "wrong")
            texts.add((answer.status_code, answer.text))
    assert len(texts) == 1


async def test_fifty_known_pairs_get_nobody_in(hall: Hall, browser: Browsers) -> None:
    """There is no default password: not on a hub with staff, and not on one without."""
    names = ("admin", "administrator", "root", "motcua", "officer", "pi", "user", "demo", "guest", "quantri")
    one = browser()
    for name in names:
        for password in ("", "admin", "password", "motcua", "change-me"):
            hall.clock.pass_by(4000)
            assert (await one.sign_in(name, password)).status_code in (401, 422)


async def test_a_thousand_wrong_tries_do_not_lock_the_owner_out(hall: Hall, browser: Browsers) -> None:
    """Ten a second: a handful is judged at all. The owner comes in from another address meanwhile."""
    thief = browser(address="203.0.113.66")
    judged = 0
    for _ in range(1000):
        hall.clock.pass_by(0.1)
        answer = await thief.sign_in("officer", "wrong wrong")
        judged += answer.status_code == 401
        if answer.status_code == 429:
            assert answer.headers["retry-after"] == str(answer.json()["retry_after_s"])
    assert judged == 9
    assert (await browser(address="198.51.100.4").sign_in("officer")).status_code == 200
    assert (await thief.sign_in("officer")).status_code == 429


async def test_a_bearer_system_is_nobody_with_a_session(hall: Hall, browser: Browsers) -> None:
    """Systems have permissions, no session of their own."""
    one = browser()
    one.http.headers["authorization"] = f"Bearer {hall.add_system('portal', 'reading')}"
    assert (await one.get("/api/v1/session")).status_code == 403
    assert (await one.get("/api/v1/queue")).status_code == 200


async def test_who_was_taken_out_while_signing_in_is_not_let_in(hall: Hall, browser: Browsers) -> None:
    """Judged by the writer, which nobody overtakes."""
    person = hall.reading.find_staff("officer")
    assert person is not None
    one = browser()
    app = one.http._transport.app  # type: ignore[attr-defined]
    hall.do(lambda work: _take_out(work, person.id))
    with pytest.raises(Exception, match="sign-in-wrong"):
        await app.state.kit.sessions.begin(person, "10.0.0.1", instead_of=None)


def _take_out(work, staff):
    from hub.contract.messages import Done

    work.register.remove_staff(staff)
    return Done()


# ---------------------------------------------------------------- the set-up code


async def test_the_code_lets_in_the_first_administrator_once(bare: Hall) -> None:
    """Signed in at once; from then on the door is gone, whatever code is shown."""
    one = Browser(bare.app())
    answer = await one.http.post("/api/v1/setup", json=FIRST)
    assert answer.status_code == 201
    who = (await one.get("/api/v1/session")).json()
    assert (who["name"], who["role"]) == ("hanh.nt", "administrator")
    again = await one.http.post("/api/v1/setup", json={**FIRST, "name": "second"})
    assert (again.status_code, again.json()["code"]) == (404, "not-found")
    assert [person.name for person in bare.reading.all_staff()] == ["hanh.nt"]
    await one.http.aclose()


async def test_two_at_once_make_one_administrator(bare: Hall) -> None:
    """Both show the right code in the same moment: the writer decides."""
    import asyncio

    one = Browser(bare.app())
    posts = (one.http.post("/api/v1/setup", json={**FIRST, "name": name}) for name in ("first", "second"))
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*posts))
    assert statuses == [201, 404]
    assert len(bare.reading.all_staff()) == 1
    await one.http.aclose()


async def test_guessing_the_code_is_slow(bare: Hall) -> None:
    """A thousand wrong codes at ten a second: nine are judged. The right one is let in from elsewhere."""
    app = bare.app()
    thief = Browser(app, address="203.0.113.66")
    judged = 0
    for number in range(1000):
        bare.clock.pass_by(0.1)
        answer = await thief.http.post("/api/v1/setup", json={**FIRST, "code": f"AAAAA-{number:05}"})
        judged += answer.status_code == 403
    assert judged == 9
    owner = Browser(app, address="198.51.100.4")
    assert (await owner.http.post("/api/v1/setup", json=FIRST)).status_code == 201
    await thief.http.aclose()
    await owner.http.aclose()


async def test_a_weak_password_and_a_missing_code_are_refused(bare: Hall) -> None:
    """And nobody was made."""
    one = Browser(bare.app())
    weak = await one.http.post("/api/v1/setup", json={**FIRST, "password": "12345678"})
    assert (weak.status_code, weak.json()["code"]) == (422, "password-weak")
    bare.code = SetupCode(None)
    none = await one.http.post("/api/v1/setup", json={**FIRST, "code": ""})
    assert none.status_code == 403
    assert bare.reading.all_staff() == []
    await one.http.aclose()


@pytest.mark.parametrize("name", ["has space", "", "a" * 65, "hạnh", "../x", "a\nb"])
async def test_sign_in_names_are_plain(administrator: Browser, name: str) -> None:
    """Letters without marks, digits, dot, dash: what can be typed on any keyboard."""
    body = {"name": name, "display_name": "X", "role": StaffRole.OFFICER, "password": PASSWORD}
    assert (await administrator.change("POST", "/api/v1/staff", body)).status_code == 422


async def test_signing_out_twice_is_no_mistake(hall: Hall, browser: Browsers) -> None:
    """The second time there is nobody to sign out."""
    one = await signed_in(browser, "officer")
    assert (await one.change("DELETE", "/api/v1/session")).status_code == 204
    assert (await one.change("DELETE", "/api/v1/session")).status_code == 401
