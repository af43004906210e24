"""Sessions: new at every sign-in, dead when ended, cheap while used, and nowhere kept in the clear."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI

from hub.actions.work import SignedIn, StaffMember
from hub.web.access import COOKIE
from hub.web.sessions import NOTED_EVERY_MS, REMEMBERED, TRUSTED_MS, Lifetime, Sessions, token_hash
from tests.hub.web.hall import Browser, Browsers, Hall, signed_in, until

pytestmark = pytest.mark.anyio


def token(browser: Browser) -> str:
    """What stands in the browser's cookie."""
    found = browser.http.cookies.get(COOKIE)
    assert found is not None
    return found


async def status(browser: Browser) -> int:
    """What the hub answers to "who am I"."""
    return (await browser.get("/api/v1/session")).status_code


async def test_the_cookie_is_kept_from_scripts_and_other_sites(hall: Hall, browser: Browsers) -> None:
    """HttpOnly and SameSite always; Secure and the host prefix over https."""
    plain, secure = browser(), browser(base_url="https://hub.test")
    for one, prefix in ((plain, ""), (secure, "__Host-")):
        cookie = (await one.sign_in("officer")).headers["set-cookie"]
        assert cookie.startswith(f"{prefix}{COOKIE}=")
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert ("Secure" in cookie) == bool(prefix)
    assert await status(plain) == await status(secure) == 200


async def test_a_planted_cookie_is_never_taken_over(hall: Hall, browser: Browsers) -> None:
    """Fixation: what the browser came with is not what it leaves with, and stays worthless."""
    one = browser()
    planted = "A" * 43
    one.http.cookies.set(COOKIE, planted, domain="hub.test")
    await one.sign_in("officer")
    assert token(one) != planted
    attacker = browser()
    attacker.http.cookies.set(COOKIE, planted)
    assert await status(attacker) == 401


async def test_over_https_a_cookie_of_plain_http_does_not_count(hall: Hall, browser: Browsers) -> None:
    """One planted without the prefix signs nobody in."""
    plain = await signed_in(browser, "officer")
    secure = browser(base_url="https://hub.test")
    secure.http.cookies.set(COOKIE, token(plain))
    assert await status(secure) == 401


async def test_every_sign_in_has_a_new_id_and_ends_the_one_before(hall: Hall, browser: Browsers) -> None:
    """Also as another person in the same browser."""
    one = await signed_in(browser, "officer")
    first, csrf = token(one), one.csrf
    await one.sign_in("desk")
    assert token(one) != first
    assert one.csrf != csrf
    thief = browser()
    thief.http.cookies.set(COOKIE, first)
    assert await status(thief) == 401


async def test_a_stolen_cookie_dies_with_sign_out(hall: Hall, browser: Browsers) -> None:
    """At once, although it was in use a moment before; the cookie is taken from the browser as well."""
    one = await signed_in(browser, "officer")
    thief = browser()
    thief.http.cookies.set(COOKIE, token(one))
    assert await status(thief) == 200
    answer = await one.change("DELETE", "/api/v1/session")
    assert answer.status_code == 204
    assert 'motcua_session=""' in answer.headers["set-cookie"]
    assert await status(thief) == 401


async def test_a_session_not_used_ends(hall: Hall, browser: Browsers) -> None:
    """Idle for the settings' half hour, to the second; using it puts that off."""
    one = await signed_in(browser, "officer")
    for _ in range(3):
        hall.clock.pass_by(1799)
        assert await status(one) == 200
    hall.clock.pass_by(1800)
    assert await status(one) == 401


async def test_no_session_lasts_longer_than_a_shift(hall: Hall, browser: Browsers) -> None:
    """Used every ten minutes it still ends after the settings' twelve hours."""
    one = await signed_in(browser, "officer")
    for _ in range(71):
        hall.clock.pass_by(600)
        assert await status(one) == 200
    hall.clock.pass_by(600)
    assert await status(one) == 401


async def test_a_restarted_hub_knows_its_sessions(hall: Hall, browser: Browsers) -> None:
    """Another application over the same data, with an empty memory."""
    one = await signed_in(browser, "officer")
    hall.clock.pass_by(600)
    assert await status(one) == 200
    again = Browser(hall.app())
    again.http.cookies.set(COOKIE, token(one))
    assert await status(again) == 200
    hall.clock.pass_by(1800)
    assert await status(again) == 401
    await again.http.aclose()


async def test_who_is_taken_out_is_out_at_once(hall: Hall, administrator: Browser, browser: Browsers) -> None:
    """All sessions of the person, and only of that person."""
    officers = [await signed_in(browser, "officer") for _ in range(2)]
    desk = await signed_in(browser, "desk")
    staff = hall.reading.find_staff("officer")
    assert staff is not None
    assert (await administrator.change("DELETE", f"/api/v1/staff/{staff.id}")).status_code == 200
    assert [await status(one) for one in officers] == [401, 401]
    assert await status(desk) == 200


async def test_only_hashes_are_on_disk(hall: Hall, browser: Browsers) -> None:
    """Neither token nor password stands in any file of the data directory."""
    one = await signed_in(browser, "officer")
    files = b"".join(file.read_bytes() for file in hall.place.iterdir())
    assert token(one).encode() not in files
    assert token_hash(token(one)).encode() in files
    assert "lúa chín".encode() not in files


async def test_tokens_have_256_bits(hall: Hall, browser: Browsers) -> None:
    """43 letters of URL-safe base64, none like another."""
    tokens = {token(await signed_in(browser, "officer")) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(one) == 43 for one in tokens)


# ---------------------------------------------------------------- the memory of sessions


class Counted:
    """The hall's reading, with its look-ups counted; `pause` holds each back until set."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.asked = 0
        self.before_return: Callable[[], None] = lambda: None

    def find_session(self, key: str) -> tuple[SignedIn, StaffMember] | None:
        """As storage has it."""
        self.asked += 1
        found = self._hall.reading.find_session(key)
        self.before_return()
        return found


def sessions_over(hall: Hall, counted: Counted) -> Sessions:
    """Sessions with an empty memory."""
    return Sessions(hall.writer, counted, clock=hall.clock, lifetime=Lifetime.of(hall.limits))  # type: ignore[arg-type]


async def begun(hall: Hall, sessions: Sessions, name: str = "officer") -> str:
    """The token of a new session."""
    staff = hall.reading.find_staff(name)
    assert staff is not None
    return (await sessions.begin(staff, "10.0.0.9", instead_of=None)).token


async def test_a_session_in_use_costs_no_query(hall: Hall) -> None:
    """A hundred requests ask the database once; after half a minute once more."""
    counted = Counted(hall)
    sessions = sessions_over(hall, counted)
    key = await begun(hall, sessions)
    for _ in range(100):
        assert await sessions.find(key) is not None
    assert counted.asked == 1
    hall.clock.pass_by(TRUSTED_MS / 1000)
    assert await sessions.find(key) is not None
    assert counted.asked == 2


async def test_use_is_noted_every_two_minutes(hall: Hall) -> None:
    """Not at each request: the disk is written to once in two minutes and person."""
    sessions = sessions_over(hall, Counted(hall))
    key = await begun(hall, sessions)
    began = hall.clock()
    batches = hall.writer.ledger.figures.requests
    for _ in range(NOTED_EVERY_MS // 1000 - 1):
        hall.clock.pass_by(1)
        await sessions.find(key)
    assert hall.writer.ledger.figures.requests == batches
    hall.clock.pass_by(1)
    await sessions.find(key)

    def noted() -> bool:
        found = hall.reading.find_session(token_hash(key))
        return found is not None and found[0].seen_at == began + NOTED_EVERY_MS

    until(noted)


async def test_looking_without_using_keeps_nobody_signed_in(hall: Hall) -> None:
    """An open stream is not a person at the desk."""
    sessions = sessions_over(hall, Counted(hall))
    key = await begun(hall, sessions)
    for _ in range(3):
        hall.clock.pass_by(599)
        assert await sessions.find(key, used=False) is not None
    hall.clock.pass_by(3)
    assert await sessions.find(key, used=False) is None
    assert not sessions.is_alive(token_hash(key))


async def test_a_session_that_ends_while_it_is_read_is_not_kept(hall: Hall) -> None:
    """The look-up saw it alive, sign-out came in between: it is asked again."""
    counted = Counted(hall)
    sessions = sessions_over(hall, counted)
    key = await begun(hall, sessions)
    loop = asyncio.get_running_loop()

    def sign_out_meanwhile() -> None:
        counted.before_return = lambda: None
        asyncio.run_coroutine_threadsafe(sessions.end(token_hash(key)), loop).result(10)

    counted.before_return = sign_out_meanwhile
    assert await sessions.find(key) is None
    assert counted.asked == 2
    assert await sessions.find(key) is None


async def test_the_memory_is_bounded(hall: Hall) -> None:
    """The least recently used sessions give way, and are read again when they come."""
    counted = Counted(hall)
    sessions = sessions_over(hall, counted)
    key = await begun(hall, sessions)
    known = await sessions.find(key)
    assert known is not None
    for number in range(REMEMBERED + 10):
        sessions._keep(str(number), replace(known))
    assert len(sessions._known) == REMEMBERED
    assert await sessions.find(key) is not None
    assert counted.asked == 2


async def test_nonsense_is_not_asked_of_the_database(hall: Hall) -> None:
    """What cannot be a token is none."""
    counted = Counted(hall)
    sessions = sessions_over(hall, counted)
    for nonsense in ("", "x", "A" * 42, "A" * 44, "A" * 5000):
        assert await sessions.find(nonsense) is None
    assert counted.asked == 0


def test_a_session_from_the_future_is_none() -> None:
    """Where a clock was set back by a day, nobody stays signed in for a day longer."""
    lifetime = Lifetime(idle_ms=1000, whole_ms=10_000)
    session = SignedIn("h", "s", "c", created_at=100_000, seen_at=100_000, address="")  # type: ignore[arg-type]
    assert not lifetime.is_over(session, 99_500)  # type: ignore[arg-type]
    assert lifetime.is_over(session, 90_000)  # type: ignore[arg-type]


async def test_old_sessions_are_cleared_away(hall: Hall, browser: Browsers) -> None:
    """Those that ended by the clock leave the database with the next sign-in."""
    one = await signed_in(browser, "officer")
    old = token_hash(token(one))
    hall.clock.pass_by(1801)
    assert hall.reading.find_session(old) is not None
    await signed_in(browser, "desk")
    assert hall.reading.find_session(old) is None


async def test_the_application_ends_its_threads(hall: Hall, app: FastAPI, tmp_path: Path) -> None:
    """Closing twice is harmless."""
    await app.state.kit.close()
    await app.state.kit.close()
