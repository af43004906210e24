"""The hub's clock lies before the last entry: a person confirms the date."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.responses import Response

from hub.actions.admin.confirm_date import confirm_date
from hub.contract.messages import Done
from hub.web.access import Caller, Permission, requires
from hub.web.changing import ChangeIn, answers

router: Final = APIRouter(prefix="/api/v1", tags=["clock"])


@router.post("/clock/confirm", responses=answers(Done))
async def confirm(caller: Annotated[Caller, requires(Permission.CONFIRM_CLOCK)], change: ChangeIn) -> Response:
    """From here on entries carry the clock's time again, and its day is opened."""
    return await change.make(caller.asker, lambda work: confirm_date(work, caller.asker))
