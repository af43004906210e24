"""Trouble in one form: a code, a status from the one table, a sentence in each language, and never a value."""

import pytest
from fastapi import FastAPI

from hub.contract.refusals import MESSAGES, Refusal, RefusalCode
from hub.web.problems import MEDIA_TYPE, STATUS, WORDS, WebCode, of_refusal, of_status
from hub.web.texts import LANGUAGES
from tests.hub.web.hall import Browser, Browsers, Hall

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}


def test_every_code_has_a_status_and_words_in_every_language() -> None:
    """The one table is complete, and says the wire's words where the wire has them."""
    codes = {*RefusalCode, *WebCode}
    assert STATUS.keys() == WORDS.keys() == codes
    assert all(400 <= status < 600 for status in STATUS.values())
    assert all(set(LANGUAGES) <= WORDS[code].keys() for code in codes)
    assert all(WORDS[code] == words for code, words in MESSAGES.items())


def test_the_codes_of_http_are_none_of_the_wire() -> None:
    """No word means two things."""
    assert not {code.value for code in WebCode} & {code.value for code in RefusalCode}


def test_a_refusal_keeps_when_to_ask_again() -> None:
    """In the body and in the header."""
    found = of_refusal(Refusal(RefusalCode.TOO_MANY, retry_after_s=7))
    assert (found.status, found.headers, found.as_json()["retry_after_s"]) == (429, {"retry-after": "7"}, 7)
    assert of_status(418).code is RefusalCode.MALFORMED


async def test_every_kind_of_trouble_is_a_problem(officer: Browser) -> None:
    """`application/problem+json` with code, status and sentences, whoever said no: rules, framework or limits."""
    one = officer
    unfit = {"service": "civil", "unknown": 1}
    found = [
        ("no address", await one.get("/api/v1/nowhere"), 404, "not-found"),
        ("wrong method", await one.http.request("PATCH", "/api/v1/queue"), 405, "wrong-method"),
        ("unknown field", await one.press("c1", "transfer", unfit), 422, "malformed"),
        ("bad id", await one.press("NOT AN ID", "open"), 422, "malformed"),
        ("unknown counter", await one.press("c99", "open"), 404, "unknown-counter"),
        ("not a uuid", await one.change("POST", "/api/v1/counters/c1/open", key="1"), 422, "malformed"),
        ("closed", await one.press("c1", "call-next"), 409, "counter-closed"),
        ("not JSON", await one.http.post("/api/v1/session", content=b"{", headers=JSON), 422, "malformed"),
        ("deep JSON", await one.http.post("/api/v1/session", content=b"[" * 20000, headers=JSON), 400, "malformed"),
        ("not UTF-8", await one.http.post("/api/v1/session", content=b'"\xff"', headers=JSON), 400, "malformed"),
        ("too large", await one.http.post("/api/v1/session", content=b" " * 70000, headers=JSON), 413, "too-large"),
        ("not allowed", await one.get("/api/v1/staff"), 403, "not-allowed"),
        ("no ticket", await one.get("/api/v1/tickets/01a2078b-6463-7638-b871-21b93784caea"), 404, "not-found"),
        ("no board", await one.get("/api/v1/events?board=nowhere"), 404, "not-found"),
        ("no token", await one.get("/api/v1/events?ticket=%00"), 422, "malformed"),
        ("no slip", await one.get("/t/unknown"), 404, "not-found"),
    ]
    for name, answer, status, code in found:
        body = answer.json()
        assert answer.headers["content-type"] == MEDIA_TYPE, name
        assert (answer.status_code, body["status"], body["code"]) == (status, status, code), (name, answer.text)
        assert {"type", "title", "status", "code", "detail", "message"} <= body.keys()
        assert set(body["message"]) >= set(LANGUAGES)


@pytest.mark.parametrize(
    ("path", "methods"),
    [("queue", "GET"), ("session", "DELETE, GET, POST"), ("set-up", "GET, PUT"), ("counters/c1/open", "POST")],
)
async def test_a_wrong_method_is_told_the_right_ones(officer: Browser, path: str, methods: str) -> None:
    """All that the address takes."""
    answer = await officer.http.request("PATCH", f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


async def test_without_a_request_id_a_change_is_malformed(officer: Browser) -> None:
    """And the header is named."""
    sent = {"X-CSRF-Token": officer.csrf or ""}
    answer = await officer.http.post("/api/v1/counters/c1/open", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert "Idempotency-Key" in answer.json()["detail"]


async def test_values_are_never_said_back(hall: Hall, browser: Browsers) -> None:
    """A body that does not fit may hold a password: places and reasons only."""
    body = {"name": "officer", "password": ["s3cret-canary"], "s3cret-key": "s3cret-canary"}
    answer = await browser().http.post("/api/v1/session", json=body)
    assert answer.status_code == 422
    assert "canary" not in answer.text
    assert "body.password" in answer.json()["detail"]


async def test_a_bug_is_answered_and_noted_without_secrets(
    hall: Hall, app: FastAPI, officer: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """500 as a problem; the log has the trace and none of the request's values."""

    async def broken() -> None:
        raise RuntimeError("a bug of ours")

    app.get("/api/v1/broken")(broken)
    answer = await officer.get("/api/v1/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "bug of ours" not in answer.text
    said = "".join(capsys.readouterr())
    assert "a bug of ours" in said
    assert "test_problems.py" in said
    cookie = officer.http.cookies.get("motcua_session")
    assert cookie is not None
    assert cookie not in said


async def test_people_get_a_page(hall: Hall, browser: Browsers) -> None:
    """In their language; a citizen is not sent to the staff's sign-in."""
    one = browser()
    page = await one.get("/nowhere", headers={"accept": "text/html", "accept-language": "en"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Not found." in page.text
    assert 'href="/"' in page.text
    slip = await one.get("/t/unknown", headers={"accept": "text/html"})
    assert slip.status_code == 404
    assert "Không có số này" in slip.text
    assert 'href="/"' not in slip.text
