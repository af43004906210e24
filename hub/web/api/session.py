"""Signing in and out, who am I, and the very first administrator."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from hub.actions.admin.add_staff import NewStaff, add_first_administrator
from hub.actions.asking import Request as Asked
from hub.actions.work import StaffMember
from hub.contract.messages import Message, Short
from hub.contract.names import Id, StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.web.access import Caller, Permission, cookie_name, is_https, public, requires
from hub.web.asking import ask, look
from hub.web.changing import PROBLEMS, Body, answers
from hub.web.parts import Kit, KitIn
from hub.web.passwords import MOST, judge
from hub.web.sessions import Fresh, token_hash

router: Final = APIRouter(prefix="/api/v1", tags=["session"])

SETUP_ACCOUNT: Final = "the set-up code"
"""Where tries of the set-up code are counted; no sign-in name has a space."""

SignInName = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
DisplayName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=100,
        pattern=rf"^\s*[^{_CONTROLS}\s](?:[^{_CONTROLS}]*[^{_CONTROLS}\s])?\s*$",
    ),
]
"""Something to read, without control characters: terminals obey them, and PostgreSQL keeps no NUL."""
Password = Annotated[str, Field(max_length=MOST, json_schema_extra={"format": "password"})]

Own = Annotated[Caller, requires(Permission.OWN_SESSION)]


class SignIn(Body):
    """Who wants in."""

    name: SignInName
    password: Password


class FirstAdministrator(Body):
    """The first person, let in by the one-time code."""

    code: Annotated[str, StringConstraints(max_length=40)]
    name: SignInName
    display_name: DisplayName
    password: Password


class SignedInAnswer(Message):
    """The token that every change carries in the header `X-CSRF-Token`."""

    csrf: Short


class WhoAmI(Message):
    """The person who asks. `counter`: the one he or she has open."""

    id: Short
    name: Short
    display_name: Short
    role: Short
    permissions: list[Short]
    csrf: Short
    counter: Id | None


@router.post("/session", dependencies=[public("this is how one gets in")], responses=answers(SignedInAnswer))
async def sign_in(request: Request, kit: KitIn, body: SignIn) -> Response:
    """Signs in. The same answer and time for a wrong name and a wrong password; `too-many` when tried too fast."""
    address = address_of(request)
    kit.throttle.take(body.name, address, kit.parts.monotonic())
    person = await asyncio.to_thread(kit.parts.reading.find_staff, body.name)
    if not await kit.passwords.matches(person.password_hash if person else None, body.password) or person is None:
        raise Refusal(RefusalCode.SIGN_IN_WRONG)
    kit.throttle.succeeded(body.name, address, kit.parts.monotonic())
    return await _begin(request, kit, person)


@router.delete("/session", status_code=204, responses=PROBLEMS)
async def sign_out(request: Request, kit: KitIn, caller: Own) -> Response:
    """Signs out: the session ends here and now, with its open streams."""
    if caller.known is not None:
        await kit.sessions.end(caller.known.session.token_hash)
        kit.parts.live.events.end(caller.known.session.token_hash)
    answer = Response(status_code=204)
    answer.delete_cookie(cookie_name(request), secure=is_https(request), httponly=True)
    return answer


@router.get("/session", responses=answers(WhoAmI))
async def who_am_i(kit: KitIn, caller: Own) -> WhoAmI:
    """The person signed in, what he or she may do, and the counter that is open."""
    if caller.known is None:
        raise Refusal(RefusalCode.NOT_ALLOWED)
    person, session = caller.known.staff, caller.known.session
    return WhoAmI(
        id=person.id,
        name=person.name,
        display_name=person.display_name,
        role=person.role,
        permissions=sorted(caller.permissions),
        csrf=session.csrf,
        counter=await look(kit.parts.door, lambda sight: sight.line.desk_of(person.id)),
    )


@router.post(
    "/setup",
    status_code=201,
    dependencies=[public("nobody can sign in yet; it asks for the one-time code")],
    responses=answers(SignedInAnswer, 201),
)
async def set_up_first(request: Request, kit: KitIn, body: FirstAdministrator) -> Response:
    """Makes the first administrator and signs in. Refuses `not-found` once there is anybody, `not-allowed` for a
    wrong code, `password-weak`.
    """
    parts = kit.parts
    if await asyncio.to_thread(parts.reading.has_staff):
        raise Refusal(RefusalCode.NOT_FOUND)
    kit.throttle.take(SETUP_ACCOUNT, address_of(request), parts.monotonic())
    if not parts.setup_code().matches(body.code):
        raise Refusal(RefusalCode.NOT_ALLOWED)
    kit.throttle.succeeded(SETUP_ACCOUNT, address_of(request), parts.monotonic())
    judge(body.password, body.name, body.display_name)
    hashed = await kit.passwords.hash(body.password)
    new = NewStaff(body.name, body.display_name, StaffRole.ADMINISTRATOR, hashed)
    await ask(parts.door, Asked(lambda work: add_first_administrator(work, new)))
    person = await asyncio.to_thread(parts.reading.find_staff, body.name)
    if person is None:
        raise Refusal(RefusalCode.SIGN_IN_WRONG)
    return await _begin(request, kit, person, status=201)


async def _begin(request: Request, kit: Kit, person: StaffMember, *, status: int = 200) -> Response:
    before = request.cookies.get(cookie_name(request))
    fresh = await kit.sessions.begin(person, address_of(request), instead_of=before)
    if before is not None:
        kit.parts.live.events.end(token_hash(before))
    text = SignedInAnswer(csrf=fresh.session.csrf).model_dump_json()
    answer = Response(text, status, media_type="application/json")
    _set_cookie(answer, request, kit, fresh)
    return answer


def _set_cookie(answer: Response, request: Request, kit: Kit, fresh: Fresh) -> None:
    answer.set_cookie(
        cookie_name(request),
        fresh.token,
        max_age=kit.parts.limits.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=is_https(request),
    )


def address_of(request: Request) -> str:
    """Where the request comes from, as far as the trusted proxies tell."""
    return request.client.host if request.client else "unknown"
