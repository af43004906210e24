"""What holds for every request: limits on what is sent, headers on what goes out, whose word on addresses counts."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import hub.web
from hub.settings import Web
from hub.web.access import declared_routes
from hub.web.guard import HEADERS, MOST_BYTES
from tests.hub.web.hall import Browser, Browsers, Hall

pytestmark = pytest.mark.anyio

FOLDER = Path(hub.web.__file__).parent


async def test_every_answer_carries_the_headers(app: FastAPI, officer: Browser) -> None:
    """Pages, API, files and refusals alike."""
    for path in ("/sign-in", "/api/v1/queue", "/static/site/page.css", "/api/v1/nowhere", "/t/x", "/healthz"):
        found = (await officer.get(path)).headers
        assert {name: found[name] for name in HEADERS} == HEADERS, path
        assert "cache-control" in found


def test_the_policy_allows_nothing_inline() -> None:
    """No script, style, frame or form but our own; nothing evaluated."""
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy


def test_no_template_holds_a_script_or_a_style() -> None:
    """The policy would break them; here it is said earlier. Nothing is loaded from elsewhere either."""
    for template in FOLDER.rglob("*.html"):
        text = template.read_text()
        for forbidden in ("<style", "style=", "onclick", "onload", "javascript:", "http://", "https://", "|safe"):
            assert forbidden not in text, (template, forbidden)
        assert text.count("<script") == text.count('<script type="module" src="/static/')


def test_no_script_parses_markup() -> None:
    """Texts become text, never elements."""
    for script in FOLDER.rglob("*.js"):
        text = script.read_text()
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert forbidden not in text, (script, forbidden)


async def test_https_is_remembered_by_the_browser(hall: Hall, browser: Browsers) -> None:
    """Only when it is spoken: a trial on loopback must not lock itself out."""
    assert "strict-transport-security" not in (await browser().get("/healthz")).headers
    secure = await browser(base_url="https://hub.test").get("/healthz")
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_body_is_taken_up_to_its_limit(hall: Hall, browser: Browsers) -> None:
    """Said in advance or found out on the way: one byte more is too large."""
    one = browser()
    headers = {"content-type": "application/json"}
    fits = await one.http.post("/api/v1/session", content=b" " * MOST_BYTES, headers=headers)
    assert fits.status_code == 422
    announced = await one.http.post("/api/v1/session", content=b" " * (MOST_BYTES + 1), headers=headers)
    assert announced.status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES // 1024 + 1):
            yield b" " * 1024

    streamed = await one.http.post("/api/v1/session", content=pieces(), headers=headers)
    assert (streamed.status_code, streamed.json()["code"]) == (413, "too-large")
    nonsense = await one.http.post("/api/v1/session", content=b"", headers={"content-length": "9" * 30})
    assert nonsense.status_code == 413


async def test_every_change_is_limited(app: FastAPI, browser: Browsers) -> None:
    """Whatever the route, a large body ends as too large: nothing reads it first."""
    one = browser()
    for route in declared_routes(app):
        if route.method in ("POST", "PUT"):
            path = route.path.replace("{", "").replace("}", "")
            answer = await one.http.request(route.method, path, content=b"x" * (MOST_BYTES + 1))
            assert answer.status_code == 413, route


# ---------------------------------------------------------------- addresses behind proxies


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "counted"),
    [
        ((), "203.0.113.5", "198.51.100.1", "203.0.113.5"),
        (("10.0.0.5",), "10.0.0.5", "198.51.100.1", "198.51.100.1"),
        (("10.0.0.0/24",), "10.0.0.5", "1.1.1.1, 198.51.100.1, 10.0.0.6", "198.51.100.1"),
        (("10.0.0.5",), "203.0.113.5", "198.51.100.1", "203.0.113.5"),
    ],
)
async def test_only_trusted_proxies_are_believed(
    tmp_path: Path, proxies: tuple[str, ...], peer: str, forwarded: str, counted: str
) -> None:
    """Whoever else names an address in a header is taken for what the connection says."""
    hall = Hall(tmp_path, web=Web(trusted_proxies=proxies))
    one = Browser(hall.app(), address=peer)
    try:
        await one.http.post(
            "/api/v1/session",
            json={"name": "nobody", "password": "x"},
            headers={"x-forwarded-for": forwarded, "x-forwarded-proto": "https"},
        )
        app = one.http._transport.app  # type: ignore[attr-defined]
        assert list(app.state.kit.throttle._addresses) == [counted]
    finally:
        await one.http.aclose()
        hall.close()


async def test_https_at_a_trusted_proxy_counts_as_https(tmp_path: Path) -> None:
    """The cookie is secure although the proxy speaks plainly to us."""
    hall = Hall(tmp_path, web=Web(trusted_proxies=("10.0.0.5",)))
    hall.furnish()
    one = Browser(hall.app(), address="10.0.0.5")
    try:
        answer = await one.get("/healthz", headers={"x-forwarded-proto": "https"})
        assert "strict-transport-security" in answer.headers
    finally:
        await one.http.aclose()
        hall.close()


async def test_httpx_is_no_browser(hall: Hall, browser: Browsers) -> None:
    """Programs say nothing of sites: they are let through to where a session is asked for."""
    answer = await browser().http.post("/api/v1/session", json={"name": "officer", "password": "wrong one"})
    assert isinstance(answer, httpx.Response)
    assert answer.json()["code"] == "sign-in-wrong"
