"""One stream of events for each open page."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from hub.actions.asking import Sight
from hub.contract.names import Id
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing import views
from hub.web.access import Caller, Permission, find_caller, public
from hub.web.asking import look
from hub.web.changing import PROBLEMS
from hub.web.events import PUBLIC, QUIET_S, STAFF, Listener, encoded
from hub.web.live import TICKET
from hub.web.parts import Kit, KitIn
from hub.web.problems import Stop, WebCode
from hub.web.sights import Token, followed, still
from hub.web.stream import EventStream, abort_of

router: Final = APIRouter(prefix="/api/v1", tags=["events"])

STREAM: Final = {200: {"description": "Server-sent events", "content": {"text/event-stream": {}}}, **PROBLEMS}

QUIET_PHONE_S: Final = 15.0
"""Phones are woken less often."""

First = Callable[[], Awaitable[bytes]]


@router.get(
    "/events",
    dependencies=[public("calls and waiting figures hang on the wall; the staff's queue asks for a session")],
    response_class=Response,
    responses=STREAM,
)
async def events(
    request: Request,
    kit: KitIn,
    queue: Annotated[bool, Query(description="the staff's queue, which asks for a session")] = False,
    board: Annotated[Id | None, Query(description="a board, begun with its state")] = None,
    ticket: Annotated[Token | None, Query(description="the token of a followed ticket")] = None,
) -> EventStream:
    """What happens from now on, after the state as it is now. `call`, `counter`, `waiting`, `board` for everybody,
    `queue` for staff, `ticket` for who follows one.
    """
    caller = None if board or ticket else await find_caller(request, used=False)
    if queue and caller is None:
        raise Stop(WebCode.SIGNED_OUT)
    if ticket is not None:
        found = await asyncio.to_thread(kit.parts.reading.find_by_track_key, ticket)
        if found is None:
            raise Refusal(RefusalCode.NOT_FOUND)
        return await _stream(
            request, kit, {TICKET + found.id}, lambda: _first_ticket(kit, ticket), quiet_s=QUIET_PHONE_S
        )
    if board is not None:
        return await _stream(request, kit, {PUBLIC}, lambda: first_board(kit, board))
    if caller is not None and caller.may(Permission.SEE_QUEUE):
        return await _stream(request, kit, {PUBLIC, STAFF}, lambda: _first_queue(kit), caller)
    return await _stream(request, kit, {PUBLIC}, lambda: _first_waiting(kit))


async def _stream(
    request: Request,
    kit: Kit,
    audiences: set[str],
    first: First,
    caller: Caller | None = None,
    quiet_s: float = QUIET_S,
) -> EventStream:
    """Listens first and asks for the state then, so that nothing falls between the two."""
    key = caller.known.session.token_hash if caller and caller.known else None
    alive = (lambda: kit.sessions.is_alive(key)) if key is not None else _for_ever
    live = kit.parts.live.events
    listener: Listener = live.listen(audiences, alive=alive, abort=abort_of(request.scope), key=key, quiet_s=quiet_s)
    try:
        return EventStream(live, listener, await first())
    except BaseException:
        live.leave(listener)
        raise


def _for_ever() -> bool:
    return True


async def _first_queue(kit: Kit) -> bytes:
    return encoded("queue", await kit.parts.live.queue())


async def _first_ticket(kit: Kit, token: str) -> bytes:
    found = await asyncio.to_thread(kit.parts.reading.find_by_track_key, token)
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    sight = await look(kit.parts.door, still)
    return encoded("ticket", followed(sight, found, kit.parts.live.moment()).model_dump_json().encode())


async def _first_waiting(kit: Kit) -> bytes:
    sight = await look(kit.parts.door, still)
    said = views.waiting(sight.line, sight.set_up, kit.parts.clock(), kit.parts.zone)
    return encoded("waiting", said.model_dump_json(by_alias=True).encode())


async def first_board(kit: Kit, board: str) -> bytes:
    """The board as it is now, as an event. Refuses `not-found`."""
    sight = await look(kit.parts.door, still)
    return encoded("board", board_state(sight, board, kit))


def board_state(sight: Sight, board: str, kit: Kit) -> bytes:
    """The board as it is now, in the form of the live event. Refuses `not-found`."""
    if board not in {one.id for one in sight.set_up.boards}:
        raise Refusal(RefusalCode.NOT_FOUND)
    said = views.board(sight.line, sight.set_up, board, epoch=sight.epoch, sequence=sight.entry, zone=kit.parts.zone)
    return b'{"board":"%s",' % board.encode() + said.model_dump_json(by_alias=True).encode()[1:]
