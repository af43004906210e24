"""Who may do what. Every route says which permission it asks for, or why it asks for none; silence is refused.

A route declares with `caller: Annotated[Caller, requires(Permission.X)]`, or `dependencies=[public("reason")]`.
"""

import asyncio
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request

from hub.actions.work import Asker
from hub.contract.names import StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.web.parts import Kit, kit_of
from hub.web.problems import Stop, WebCode
from hub.web.sessions import Known, asker_of, token_hash

COOKIE: Final = "motcua_session"
CSRF_HEADER: Final = "X-CSRF-Token"
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Permission(StrEnum):
    """What can be allowed."""

    OWN_SESSION = "own-session"
    SEE_QUEUE = "see-queue"
    WORK_COUNTER = "work-counter"
    PICK_TICKET = "pick-ticket"
    ISSUE_TICKET = "issue-ticket"
    SEE_TICKET = "see-ticket"
    CANCEL_TICKET = "cancel-ticket"
    SEE_SET_UP = "see-set-up"
    CHANGE_SET_UP = "change-set-up"
    SEE_STAFF = "see-staff"
    CHANGE_STAFF = "change-staff"
    SEE_DEVICES = "see-devices"
    CHANGE_DEVICES = "change-devices"
    ORDER_DEVICES = "order-devices"
    REPRINT_SLIP = "reprint-slip"
    ANSWER_HELP = "answer-help"
    CONFIRM_CLOCK = "confirm-clock"


_P: Final = Permission
_EVERYBODY: Final = frozenset({_P.OWN_SESSION, _P.SEE_QUEUE, _P.SEE_TICKET})
_RECEPTION: Final = frozenset({_P.ISSUE_TICKET, _P.REPRINT_SLIP, _P.CANCEL_TICKET, _P.ANSWER_HELP})

_ADMINISTRATION: Final = frozenset(
    {
        *(_P.SEE_DEVICES, _P.CHANGE_DEVICES, _P.ORDER_DEVICES, _P.SEE_SET_UP, _P.CHANGE_SET_UP),
        *(_P.SEE_STAFF, _P.CHANGE_STAFF, _P.CONFIRM_CLOCK),
    }
)

ROLES: Final[dict[str, frozenset[Permission]]] = {
    StaffRole.OFFICER: _EVERYBODY | {_P.WORK_COUNTER, _P.ANSWER_HELP},
    StaffRole.SUPERVISOR: _EVERYBODY | _RECEPTION | {_P.WORK_COUNTER, _P.PICK_TICKET},
    StaffRole.DESK: _EVERYBODY | _RECEPTION,
    StaffRole.LEADER: _EVERYBODY | {_P.SEE_DEVICES},
    StaffRole.OPERATOR: _EVERYBODY | {_P.SEE_DEVICES, _P.ORDER_DEVICES, _P.ANSWER_HELP},
    StaffRole.ADMINISTRATOR: _EVERYBODY | _ADMINISTRATION | {_P.REPRINT_SLIP, _P.ANSWER_HELP},
}
"""What people may do, by role. What is not here is refused."""

SYSTEM_ROLES: Final[dict[str, frozenset[Permission]]] = {
    "issuing": frozenset({_P.SEE_QUEUE, _P.SEE_TICKET, _P.ISSUE_TICKET}),
    "reading": frozenset({_P.SEE_QUEUE, _P.SEE_TICKET}),
    "tools": _ADMINISTRATION,
}
"""What other systems may do, by the role their token was given with."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what he, she or it may do. `known` is the session of a person; systems have none."""

    asker: Asker
    permissions: frozenset[Permission]
    known: Known | None = None

    def may(self, permission: Permission) -> bool:
        """Whether the caller's role has the permission."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Requirement:
    """A route's declaration that it asks for a permission. `used`: the request shows that somebody is there."""

    permission: Permission
    used: bool = True

    async def __call__(self, request: Request) -> Caller:
        """The caller. Stops `signed-out`; refuses `not-allowed` without the permission or the CSRF token."""
        caller = await find_caller(request, used=self.used)
        if caller is None:
            raise Stop(WebCode.SIGNED_OUT)
        if request.method in UNSAFE and caller.known is not None:
            _refuse_foreign(request, caller.known.session.csrf)
        if not caller.may(self.permission):
            raise Refusal(RefusalCode.NOT_ALLOWED)
        return caller


@dataclass(frozen=True, slots=True)
class Openness:
    """A route's declaration that anybody may come, and why. Changes are still taken from our own pages only."""

    reason: str

    async def __call__(self, request: Request) -> None:
        """Refuses `not-allowed` to a change that another site's page asks for."""
        if request.method in UNSAFE:
            refuse_other_sites(request)


def requires(permission: Permission, *, used: bool = True) -> Any:
    """The declaration of a route that asks for `permission`."""
    return Depends(Requirement(permission, used))


def public(reason: str) -> Any:
    """The declaration of a route that is open to anybody."""
    return Depends(Openness(reason))


async def find_caller(request: Request, *, used: bool = True) -> Caller | None:
    """Who asks: another system by bearer token, else a person by cookie, else None."""
    kit = kit_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        return await _find_system(kit, token.strip()) if scheme.lower() == "bearer" else None
    known = await find_session(request, used=used)
    if known is None:
        return None
    permissions = ROLES.get(known.staff.role, frozenset())
    return Caller(asker_of(known.staff), permissions, known)


async def find_session(request: Request, *, used: bool = True) -> Known | None:
    """The living session of this browser."""
    token = request.cookies.get(cookie_name(request))
    return None if token is None else await kit_of(request).sessions.find(token, used=used)


def cookie_name(request: Request) -> str:
    """The cookie's name: over https with the prefix that keeps other hosts and plain http from setting it."""
    return f"__Host-{COOKIE}" if is_https(request) else COOKIE


def is_https(request: Request) -> bool:
    """Whether the browser speaks https, to us or to a trusted proxy."""
    return request.url.scheme == "https"


async def _find_system(kit: Kit, token: str) -> Caller | None:
    found = await asyncio.to_thread(kit.parts.reading.find_system, token_hash(token))
    if found is None:
        return None
    system, role = found
    return Caller(Asker("system", system), SYSTEM_ROLES.get(role, frozenset()))


def _refuse_foreign(request: Request, csrf: str) -> None:
    refuse_other_sites(request)
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), csrf.encode()):
        raise Refusal(RefusalCode.NOT_ALLOWED)


def refuse_other_sites(request: Request) -> None:
    """Refuses `not-allowed` when the browser says that another site's page asks. Programs say nothing of the kind."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    public_url = kit_of(request).parts.web.public_url
    own = {request.headers.get("host", "").lower(), urlsplit(public_url or "").netloc.lower()}
    foreign = origin is not None and (urlsplit(origin).netloc.lower() or origin) not in own
    if site not in ("same-origin", "none") or foreign:
        raise Refusal(RefusalCode.NOT_ALLOWED)


# ---------------------------------------------------------------- reading the declarations back


@dataclass(frozen=True, slots=True)
class DeclaredRoute:
    """One method of one address, and what it declares; neither permission nor reason: nothing."""

    method: str
    path: str
    permission: Permission | None = None
    reason: str | None = None


def declared_routes(app: FastAPI) -> Iterator[DeclaredRoute]:
    """Every route with its declaration. What is not one of our routes (a mount, say) declares nothing."""
    for route in app.routes:
        path = getattr(route, "path", str(route))
        if not isinstance(route, APIRoute):
            yield DeclaredRoute("*", path)
            continue
        calls = [dependency.call for dependency in route.dependant.dependencies]
        permission = next((call.permission for call in calls if isinstance(call, Requirement)), None)
        reason = next((call.reason for call in calls if isinstance(call, Openness)), None)
        for method in sorted(route.methods or ()):
            yield DeclaredRoute(method, path, permission, reason)


def undeclared_routes(app: FastAPI) -> list[str]:
    """Routes that say neither what they ask for nor why they ask for nothing."""
    return [
        f"{route.method} {route.path}"
        for route in declared_routes(app)
        if route.permission is None and not route.reason
    ]
