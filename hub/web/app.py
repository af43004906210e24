"""Puts the pages and the API together: routes, what holds for all of them, and how trouble is answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from hub.contract.refusals import Refusal
from hub.contract.version import __version__
from hub.web import problems
from hub.web.api import clock, counters, devices, events, health, orders, queue, session, set_up, staff, tickets
from hub.web.assets import Assets
from hub.web.board import pages as board_pages
from hub.web.guard import Guard, answer_of
from hub.web.pages import Pages
from hub.web.parts import Kit, WebParts
from hub.web.passwords import Passwords
from hub.web.portal import pages as portal_pages
from hub.web.problems import Stop
from hub.web.sessions import Lifetime, Sessions
from hub.web.staff import pages as staff_pages
from hub.web.throttle import Throttle

ROUTERS: Final[tuple[APIRouter, ...]] = (
    session.router,
    queue.router,
    counters.router,
    tickets.router,
    set_up.router,
    staff.router,
    devices.router,
    orders.router,
    clock.router,
    events.router,
    health.router,
    staff_pages.router,
    board_pages.router,
    portal_pages.router,
)


def create_app(parts: WebParts) -> FastAPI:
    """The application over `parts`. Its threads end with its lifespan, or with `app.state.kit.close()`."""
    app = FastAPI(
        title="Motcua",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.kit = _kit(parts)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # flat, so that every route can be asked what it declares
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Stop, _stopped)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(HTTPException, _said_no)
    app.add_middleware(Guard)
    if parts.web.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(parts.web.trusted_proxies))
    return app


def _kit(parts: WebParts) -> Kit:
    lifetime = Lifetime.of(parts.limits)
    return Kit(
        parts=parts,
        sessions=Sessions(parts.door, parts.reading, clock=parts.clock, lifetime=lifetime),
        passwords=Passwords(),
        throttle=Throttle(),
        pages=Pages(),
        assets=Assets.load(parts.fonts),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    await app.state.kit.close()


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answer_of(request, problems.of_refusal(error))


async def _stopped(request: Request, error: Exception) -> Response:
    assert isinstance(error, Stop)
    return answer_of(request, problems.problem(error.code))


async def _unfit(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer_of(request, problems.of_validation(error))


async def _said_no(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = answer_of(request, problems.of_status(error.status_code))
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = ", ".join(sorted(_methods(request)))
    return answer


def _methods(request: Request) -> set[str]:
    """All that this address takes; the framework names those of one route only."""
    routes = [route for route in request.app.routes if isinstance(route, APIRoute)]
    return {one for route in routes if route.matches(request.scope)[0] is not Match.NONE for one in route.methods or ()}
