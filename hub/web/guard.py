"""What holds for every request: how much may be sent, which headers go out, and that no error escapes unsaid."""

import asyncio
import traceback
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.web.parts import kit_of
from hub.web.problems import Problem, WebCode, problem

MOST_BYTES: Final = 64 * 1024
BODY_LIMIT_S: Final = 20.0

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
STRICT_TRANSPORT: Final = "max-age=31536000"

log = structlog.get_logger("hub.web.guard")


class Guard:
    """An ASGI layer around all routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, limited; and the answer back, with our headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(MutableHeaders(scope=message), https=scope["scheme"] == "https")
            await send(message)

        try:
            if _announced_length(scope) > MOST_BYTES:
                raise HTTPException(413)
            await self._app(scope, _limited(receive), send_guarded)
        except HTTPException:  # from `receive`, when no route has read the body yet
            await _say(scope, receive, send_guarded, WebCode.TOO_LARGE)
        except Exception as error:  # listed loop: one request's bug must not stop the others
            # as text: a pretty traceback would show the values around it, cookies and passwords among them
            trace = "".join(traceback.format_exception(error))
            log.error("request-broke", method=scope["method"], route=_route(scope), trace=trace)
            if begun:
                raise
            await _say(scope, receive, send_guarded, WebCode.BROKEN)


def answer_of(request: Request, found: Problem) -> Response:
    """A problem as the asker can read it: a page for people, JSON for programs."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and not request.url.path.startswith("/api/"):
        if found.code is WebCode.SIGNED_OUT:
            return RedirectResponse("/sign-in", 303)
        return kit_of(request).pages.trouble(request, found)
    return found.answer()


async def _say(scope: Scope, receive: Receive, send: Send, code: WebCode) -> None:
    answer = answer_of(Request(scope), problem(code))
    answer.headers["connection"] = "close"
    await answer(scope, receive, send)


def _announced_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else MOST_BYTES + 1
    return 0


def _limited(receive: Receive) -> Receive:
    """The body up to its limit in bytes and, until it is complete, in time."""
    taken = 0
    complete = False

    async def receive_limited() -> Message:
        nonlocal taken, complete
        if complete:
            return await receive()
        try:
            async with asyncio.timeout(BODY_LIMIT_S):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408) from None
        taken += len(message.get("body", b""))
        complete = not message.get("more_body", False)
        if taken > MOST_BYTES:
            raise HTTPException(413)
        return message

    return receive_limited


def _add_headers(headers: MutableHeaders, *, https: bool) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "no-store")
    if https:
        headers.setdefault("strict-transport-security", STRICT_TRANSPORT)


def _route(scope: Scope) -> str:
    """The route's pattern: addresses themselves may hold a token."""
    return getattr(scope.get("route"), "path", "-")
