"""Secrets stay where they are: no answer and no log line holds a password, a token or a hash of one."""

import logging

import pytest
import structlog

from hub.contract.names import StaffRole
from tests.hub.web.hall import PASSWORD, Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio

CANARY = "canary-8a1f-mật-khẩu"


async def test_no_answer_and_no_log_line_holds_a_secret(
    hall: Hall, browser: Browsers, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A day of signing in, mistakes, bugs and administration, with everything that was said searched at the end."""
    caplog.set_level(logging.DEBUG)
    structlog.get_logger("test").info("a line that is found")
    administrator, officer = await signed_in(browser, "administrator"), await signed_in(browser, "officer")
    token = hall.add_system("portal", "issuing")
    ticket = hall.issue()
    key = hall.track_key(ticket)
    said: list[str] = []
    new = {"name": "lan", "display_name": "Lan", "role": StaffRole.OFFICER, "password": CANARY}
    for answer in (
        await administrator.change("POST", "/api/v1/staff", new),
        await administrator.change("POST", "/api/v1/staff", {**new, "role": "nothing"}),
        await browser().sign_in("lan", f"{CANARY}x"),
        await browser().http.post("/api/v1/session", json={"name": CANARY + " ", "password": CANARY}),
        await administrator.get("/api/v1/staff"),
        await administrator.get("/api/v1/set-up"),
        await administrator.get("/api/v1/devices"),
        await officer.get(f"/api/v1/tickets/{ticket}"),
        await officer.get("/api/v1/queue"),
        await officer.get("/board/hall"),
        await officer.get("/api/v1/openapi.json"),
        await officer.get("/readyz"),
        await officer.get("/api/v1/queue", headers={"authorization": f"Bearer {token}"}),
    ):
        said.append(answer.text)
    said += [*capfd.readouterr(), caplog.text]
    cookies = [one.http.cookies["motcua_session"] for one in (administrator, officer)]
    hashes = [person.password_hash for person in hall.reading.all_staff()]
    for secret in (CANARY, PASSWORD, token, key, *cookies, *hashes, "argon2id"):
        assert not [text for text in said if secret in text], secret
    assert "a line that is found" in "".join(said)


async def test_the_csrf_token_goes_to_its_own_session_only(hall: Hall, officer: Browser, browser: Browsers) -> None:
    """In the answer to sign-in, to "who am I", and in the officer's own page."""
    stranger = browser()
    csrf = officer.csrf
    assert csrf is not None
    assert csrf in (await officer.get("/officer")).text
    for path in ("/", "/sign-in", "/officer", "/api/v1/session", "/api/v1/openapi.json"):
        assert csrf not in (await stranger.get(path)).text
