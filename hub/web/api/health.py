"""For those who run the hub: is it alive, is it ready, what does it count; and the description of the API."""

import asyncio
import hmac
from ipaddress import ip_address
from typing import Any, Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.contract.refusals import Refusal, RefusalCode
from hub.web.access import public
from hub.web.api.session import address_of
from hub.web.parts import Kit, KitIn

router: Final = APIRouter(include_in_schema=False)

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", dependencies=[public("says nothing but that the program runs")])
async def alive() -> dict[str, bool]:
    """The program runs."""
    return {"ok": True}


@router.get("/readyz", dependencies=[public("a watchdog has no account; it names parts, not people")])
async def ready(kit: KitIn) -> Response:
    """Whether the hub can do its work, and in words what keeps it from it."""
    checks = await asyncio.to_thread(kit.parts.readiness)
    wrong = {name: words for name, words in checks.items() if words is not None}
    body = {"ready": not wrong, "checks": {name: words or "ok" for name, words in checks.items()}}
    return Response(orjson.dumps(body), 503 if wrong else 200, media_type="application/json")


@router.get("/metrics", dependencies=[public("to this machine, or with the token of the settings; judged inside")])
async def metrics(request: Request, kit: KitIn) -> Response:
    """Figures for Prometheus."""
    if not (_is_this_machine(request) or _has_token(request, kit)):
        raise Refusal(RefusalCode.NOT_ALLOWED)
    return Response(await asyncio.to_thread(kit.parts.metrics), media_type=METRICS_TYPE)


@router.get("/api/v1/openapi.json", dependencies=[public("the API is no secret")])
async def description(request: Request) -> dict[str, Any]:
    """The API's description."""
    described: dict[str, Any] = request.app.openapi()
    return described


def _is_this_machine(request: Request) -> bool:
    """Whether the request comes from loopback itself, and not from somebody behind a proxy there."""
    if {"x-forwarded-for", "forwarded"} & set(request.headers.keys()):
        return False
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False


def _has_token(request: Request, kit: Kit) -> bool:
    secret = kit.parts.web.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "")
    return bool(secret) and hmac.compare_digest(given.encode(), f"Bearer {secret}".encode())
