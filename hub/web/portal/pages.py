"""Follow my ticket: a page for phones, behind a random address that stands on the slip."""

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.work import Asker
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.ticket import Ticket
from hub.web.access import public
from hub.web.asking import look
from hub.web.changing import ChangeIn, answers
from hub.web.pages import in_language
from hub.web.parts import Kit, KitIn
from hub.web.sights import Followed, Token, followed, still
from hub.web.texts import language_of

router: Final = APIRouter(tags=["follow"])


@router.get("/t/{token}", dependencies=[public("whoever holds the slip")], responses=answers(Followed))
async def follow(token: Token, request: Request, kit: KitIn) -> Response:
    """How the ticket stands: a page for people, JSON for who asks for it. Nothing about the person."""
    ticket = await _ticket(kit, token)
    sight = await look(kit.parts.door, still)
    state = followed(sight, ticket, kit.parts.live.moment())
    text = state.model_dump_json()
    if "text/html" not in request.headers.get("accept", ""):
        return Response(text, media_type="application/json")
    language = language_of(request)
    return kit.pages.answer(
        request,
        "portal/follow.html",
        script_texts=("follow", "problem"),
        centre=in_language(state.centre, language),
        service=in_language(state.service, language),
        number=state.number,
        issued_at=state.issued_at,
        data={"token": token, "state": state.model_dump(mode="json")},
    )


@router.post("/t/{token}/cancel", dependencies=[public("whoever holds the slip")], responses=answers(Done))
async def cancel(token: Token, kit: KitIn, change: ChangeIn) -> Response:
    """Gives the number back. Refuses `illegal-move` once it is served or over."""
    ticket = await _ticket(kit, token)
    asker = Asker("citizen", ticket.id)
    return await change.make(asker, lambda work: cancel_ticket(work, asker, ticket.id))


async def _ticket(kit: Kit, token: str) -> Ticket:
    found = await asyncio.to_thread(kit.parts.reading.find_by_track_key, token)
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found
