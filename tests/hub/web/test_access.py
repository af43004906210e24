"""Roles and routes: every route declares what it asks for, and every role gets what the table says and no more."""

from collections.abc import Iterator
from typing import Annotated
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import Route

from hub.contract.names import StaffRole
from hub.web.access import (
    ROLES,
    SYSTEM_ROLES,
    UNSAFE,
    Caller,
    DeclaredRoute,
    Permission,
    declared_routes,
    requires,
    undeclared_routes,
)
from tests.hub.web.hall import Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio

BODIES: dict[str, object] = {
    "/api/v1/tickets": {"service": "civil", "class": "ordinary"},
    "/api/v1/staff": {"name": "new", "display_name": "New", "role": "officer", "password": "lúa chín vàng"},
    "/api/v1/counters/{counter}/transfer": {"service": "land"},
    "/api/v1/devices": {"id": "kiosk-09", "role": "kiosk"},
    "/api/v1/devices/{device}/orders": {"order": "identify"},
}
LEVELS = {
    "{counter}": "c1",
    "{ticket}": str(uuid4()),
    "{staff}": "nobody",
    "{device}": "kiosk-01",
    "{board}": "hall",
    "{order_id}": str(uuid4()),
}


def test_every_route_declares_itself(app: FastAPI) -> None:
    """What it asks for, or why it asks for nothing."""
    assert undeclared_routes(app) == []
    assert len(list(declared_routes(app))) > 35


def test_a_route_that_says_nothing_is_found(app: FastAPI) -> None:
    """The test above is able to fail: a plain route, a permission hidden in a sub-dependency, and a mount are named."""

    async def silent() -> None: ...

    async def open_without_reason(caller: Annotated[Caller, requires(Permission.SEE_QUEUE)]) -> None: ...

    app.get("/sabotage")(silent)
    app.get("/declared")(open_without_reason)
    app.router.routes.append(Route("/mounted", lambda _: Response()))
    assert undeclared_routes(app) == ["GET /sabotage", "* /mounted"]


def test_every_permission_is_somebodys_and_every_role_has_a_row() -> None:
    """No permission that nobody has, no role that was forgotten."""
    given = set().union(*ROLES.values(), *SYSTEM_ROLES.values())
    assert given == set(Permission)
    assert ROLES.keys() == set(StaffRole)


def asking(app: FastAPI) -> Iterator[DeclaredRoute]:
    """The routes of the API that ask for a permission."""
    return (route for route in declared_routes(app) if route.permission is not None)


async def test_every_role_at_every_route(app: FastAPI, browser: Browsers) -> None:
    """Taken from the routes themselves: 403 exactly where the role lacks the declared permission."""
    for role in StaffRole:
        one = await signed_in(browser, role.value)
        for route in asking(app):
            if (route.method, route.path) == ("DELETE", "/api/v1/session"):
                continue
            status = await _status(one, route)
            allowed = route.permission in ROLES[role]
            assert (status != 403) == allowed, (role, route, status)
            assert status < 500, (role, route, status)


async def test_nobody_at_every_route(app: FastAPI, browser: Browsers) -> None:
    """Without a session: 401 on the API, sign-in for pages; and a token nobody has is nobody."""
    stranger = browser()
    forged = browser()
    forged.http.cookies.set("motcua_session", "A" * 43)
    bearer = browser()
    bearer.http.headers["authorization"] = "Bearer " + "A" * 43
    for one in (stranger, forged, bearer):
        for route in asking(app):
            assert await _status(one, route) == 401, route
    page = await stranger.get("/officer", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in")


async def test_systems_have_their_own_table(app: FastAPI, hall: Hall, browser: Browsers) -> None:
    """By bearer token, without a CSRF token; an unknown role may do nothing at all."""
    for role in [*SYSTEM_ROLES, "forgotten"]:
        token = hall.add_system(f"system-{role}", role)
        one = browser()
        one.http.headers["authorization"] = f"Bearer {token}"
        for route in asking(app):
            status = await _status(one, route)
            allowed = route.permission in SYSTEM_ROLES.get(role, frozenset())
            assert (status not in (401, 403)) == allowed, (role, route, status)


async def test_a_bearer_token_does_not_lean_on_a_cookie(hall: Hall, officer: Browser) -> None:
    """A wrong token beside a good cookie is refused: one way of saying who one is, at a time."""
    answer = await officer.get("/api/v1/queue", headers={"authorization": "Bearer wrong"})
    assert answer.status_code == 401
    basic = await officer.get("/api/v1/queue", headers={"authorization": "Basic b2ZmaWNlcjp4"})
    assert basic.status_code == 401


async def _status(one: Browser, route: DeclaredRoute) -> int:
    path = route.path
    for level, value in LEVELS.items():
        path = path.replace(level, value)
    if route.method in UNSAFE:
        return (await one.change(route.method, path, BODIES.get(route.path))).status_code
    return (await one.get(path)).status_code


# ---------------------------------------------------------------- other sites' pages


REFUSED_HEADERS = [
    {"X-CSRF-Token": ""},
    {"X-CSRF-Token": "A" * 43},
    {"Origin": "https://evil.example"},
    {"Origin": "http://hub.test:8081"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", REFUSED_HEADERS, ids=str)
async def test_a_change_from_another_site_is_refused(officer: Browser, headers: dict[str, str]) -> None:
    """A missing or wrong token, a foreign origin: not allowed, and nothing happens."""
    answer = await officer.press("c1", "open", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    assert (await officer.get("/api/v1/session")).json()["counter"] is None


async def test_a_change_without_the_csrf_header_is_refused(officer: Browser) -> None:
    """The cookie alone changes nothing."""
    officer.csrf = None
    assert (await officer.press("c1", "open")).status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": "http://hub.test"}, {"Sec-Fetch-Site": "same-origin"}], ids=str)
async def test_our_own_pages_are_let_through(officer: Browser, headers: dict[str, str]) -> None:
    """What a browser says of our own pages is no obstacle."""
    assert (await officer.press("c1", "open", headers=headers)).status_code == 200


async def test_signing_in_from_another_site_is_refused(hall: Hall, browser: Browsers) -> None:
    """Nobody is signed in under somebody else's name by a foreign form."""
    one = browser()
    answer = await one.http.post(
        "/api/v1/session",
        json={"name": "officer", "password": "x"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    form = await one.http.post("/api/v1/session", data={"name": "officer", "password": "x"})
    assert form.status_code == 422


async def test_another_persons_csrf_token_is_none(officer: Browser, browser: Browsers) -> None:
    """Tokens belong to one session."""
    other = await signed_in(browser, "desk")
    officer.csrf = other.csrf
    assert (await officer.press("c1", "open")).status_code == 403
