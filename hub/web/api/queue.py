"""The line as staff see it."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from hub.web.access import Caller, Permission, requires
from hub.web.changing import answers
from hub.web.parts import KitIn
from hub.web.sights import Queue

router: Final = APIRouter(prefix="/api/v1", tags=["queue"])


@router.get("/queue", responses=answers(Queue))
async def queue(kit: KitIn, _: Annotated[Caller, requires(Permission.SEE_QUEUE)]) -> Response:
    """Who waits, by service; the counters; and today's tickets that rest."""
    return Response(await kit.parts.live.queue(), media_type="application/json")
