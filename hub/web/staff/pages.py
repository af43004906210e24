"""Where staff go in a browser; and the files that all pages share."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.web.access import Caller, Permission, find_caller, public, requires
from hub.web.asking import look
from hub.web.pages import in_language
from hub.web.parts import KitIn
from hub.web.texts import language_of

router: Final = APIRouter(include_in_schema=False)


@router.get("/", dependencies=[public("sends everybody to his or her own page")])
async def home(request: Request, kit: KitIn) -> Response:
    """The page of whoever asks: the first set-up, sign-in, the counter, or an overview."""
    if not await asyncio.to_thread(kit.parts.reading.has_staff):
        return RedirectResponse("/setup", 303)
    caller = await find_caller(request)
    if caller is None or caller.known is None:
        return RedirectResponse("/sign-in", 303)
    if caller.may(Permission.WORK_COUNTER):
        return RedirectResponse("/officer", 303)
    if caller.may(Permission.ISSUE_TICKET):
        return RedirectResponse("/reception", 303)
    set_up = await look(kit.parts.door, lambda sight: sight.set_up)
    language = language_of(request)
    boards = [(board.id, in_language(board.name, language)) for board in set_up.boards]
    return kit.pages.answer(
        request,
        "staff/home.html",
        script_texts=("alarm", "emergency", "help", "officer", "problem"),
        centre=in_language(set_up.name, language),
        person=caller.known.staff,
        boards=boards,
        data={"csrf": caller.known.session.csrf, "helps": caller.may(Permission.ANSWER_HELP)},
    )


@router.get("/sign-in", dependencies=[public("this is how one gets in")])
async def sign_in(request: Request, kit: KitIn) -> Response:
    """Name and password."""
    if not await asyncio.to_thread(kit.parts.reading.has_staff):
        return RedirectResponse("/setup", 303)
    centre = in_language((await look(kit.parts.door, lambda sight: sight.set_up)).name, language_of(request))
    return kit.pages.answer(request, "staff/sign_in.html", script_texts=("sign_in", "problem"), centre=centre)


@router.get("/setup", dependencies=[public("nobody can sign in yet; the code is asked for")])
async def first_set_up(request: Request, kit: KitIn) -> Response:
    """The first administrator; gone once there is anybody."""
    if await asyncio.to_thread(kit.parts.reading.has_staff):
        return RedirectResponse("/sign-in", 303)
    return kit.pages.answer(request, "staff/first_set_up.html", script_texts=("setup", "problem"))


@router.get("/officer")
async def officer(
    request: Request, kit: KitIn, caller: Annotated[Caller, requires(Permission.WORK_COUNTER)]
) -> Response:
    """An officer at a counter."""
    known = caller.known
    return kit.pages.answer(
        request,
        "staff/officer.html",
        script_texts=("officer", "verb", "state", "history", "halls", "help", "alarm", "emergency", "slip", "problem"),
        reception=caller.may(Permission.ISSUE_TICKET),
        data={
            "helps": caller.may(Permission.ANSWER_HELP),
            "picks": caller.may(Permission.PICK_TICKET),
            "csrf": known.session.csrf if known else "",
            "me": known.staff.id if known else "",
            "name": known.staff.display_name if known else "",
        },
    )


@router.get("/reception")
async def reception(
    request: Request, kit: KitIn, caller: Annotated[Caller, requires(Permission.ISSUE_TICKET)]
) -> Response:
    """The information desk: gives numbers, looks them up, and sees who waits for too long."""
    known = caller.known
    set_up = await look(kit.parts.door, lambda sight: sight.set_up)
    return kit.pages.answer(
        request,
        "staff/reception.html",
        script_texts=(
            "reception",
            "alarm",
            "officer",
            "verb",
            "ticket",
            "history",
            "help",
            "emergency",
            "slip",
            "problem",
        ),
        counter=caller.may(Permission.WORK_COUNTER),
        data={
            "helps": caller.may(Permission.ANSWER_HELP),
            "csrf": known.session.csrf if known else "",
            "name": known.staff.display_name if known else "",
            "kiosk": set_up.reception.kiosk,
        },
    )


@router.get("/static/{path:path}", dependencies=[public("scripts, styles and fonts hold nothing of anybody")])
async def asset(path: str, request: Request, kit: KitIn) -> Response:
    """A file of the closed list."""
    return kit.assets.answer(path, request.headers.get("if-none-match"))
