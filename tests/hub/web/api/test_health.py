"""What those who run the hub ask: alive, ready, figures; and the API's own description."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from hub.settings import Web
from tests.hub.web.hall import Browser, Browsers, Hall

pytestmark = pytest.mark.anyio

METRICS = "a-token-of-16-letters"


async def test_alive_is_not_ready(hall: Hall, browser: Browsers) -> None:
    """A hub without its broker lives, is not ready, and says in words what is wrong."""
    one = browser()
    assert (await one.get("/readyz")).json() == {"ready": True, "checks": {"database": "ok", "broker": "ok"}}
    hall.checks["broker"] = "the broker does not answer"
    answer = await one.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == "the broker does not answer"
    assert (await one.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 403),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, 403),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, 403),
        ("10.0.0.9", {"authorization": "Bearer wrong"}, 403),
        ("10.0.0.9", {"authorization": f"Bearer {METRICS}"}, 200),
    ],
)
async def test_figures_are_for_this_machine_or_by_token(
    tmp_path: Path, address: str, headers: dict[str, str], status: int
) -> None:
    """A visitor that a proxy on this machine brings along is not this machine."""
    hall = Hall(tmp_path, web=Web(metrics_token=SecretStr(METRICS)))
    one = Browser(hall.app(), address=address)
    answer = await one.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert (answer.text == "motcua_up 1\n") == (status == 200)
    await one.http.aclose()
    hall.close()


async def test_without_a_token_set_none_is_right(hall: Hall, browser: Browsers) -> None:
    """The empty one least of all."""
    for token in ("", " ", "x"):
        assert (await browser().get("/metrics", headers={"authorization": f"Bearer {token}"})).status_code == 403


async def test_the_description_has_every_route_and_how_it_says_no(hall: Hall, browser: Browsers) -> None:
    """Each operation names its refusals; nothing of the pages stands in it, and no page of tools is served."""
    one = browser()
    paths = (await one.get("/api/v1/openapi.json")).json()["paths"]
    assert all(path.startswith(("/api/v1/", "/t/")) for path in paths)
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert "4XX" in operation["responses"], (method, path)
    assert len(paths["/api/v1/counters/{counter}/call-next"]["post"]["parameters"]) == 2
    for tool in ("/docs", "/redoc", "/openapi.json"):
        assert (await one.get(tool)).status_code == 404
