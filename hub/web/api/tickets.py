"""Numbers given at the desk or by another system; what became of a number."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.device.order import Ordered, reprint_slip
from hub.actions.reading import HistoryLine
from hub.contract.messages import Count, IssueTicketAnswer, Message, Short
from hub.contract.names import Id, Language, SlipState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import to_datetime
from hub.web.access import Caller, Permission, requires
from hub.web.changing import Body, ChangeIn, answers
from hub.web.parts import KitIn
from hub.web.sights import TicketNow, ticket_now

router: Final = APIRouter(prefix="/api/v1", tags=["tickets"])


class Wanted(Body):
    """A number for a service."""

    service: Id
    class_: Annotated[Id, Field(alias="class")]
    language: Language = "vi"


class HistoryEntry(Message):
    """Something that happened to a ticket. `officer`: the display name, while the person is of the staff. `copy`: of a
    slip, whether it was the first one or a copy.
    """

    at: AwareDatetime
    what: Short
    counter: Id | None = None
    service: Id | None = None
    officer: Short | None = None
    repeat: Count | None = None
    reason: Short | None = None
    copy_: Annotated[bool | None, Field(alias="copy")] = None


class TicketAnswer(Message):
    """A ticket and its history, oldest first."""

    ticket: TicketNow
    history: list[HistoryEntry]


@router.post("/tickets", status_code=201, responses=answers(IssueTicketAnswer, 201))
async def issue(
    caller: Annotated[Caller, requires(Permission.ISSUE_TICKET)], change: ChangeIn, body: Wanted
) -> Response:
    """Gives a number at the desk, without a slip of our own."""
    return await change.make(
        caller.asker,
        lambda work: issue_ticket(
            work,
            caller.asker,
            change.key,
            service=body.service,
            class_=body.class_,
            language=body.language,
            slip=SlipState.NONE,
        ),
        body,
        status=201,
    )


@router.post("/tickets/{ticket}/reprint", status_code=201, responses=answers(Ordered, 201))
async def reprint(
    ticket: UUID, caller: Annotated[Caller, requires(Permission.REPRINT_SLIP)], change: ChangeIn
) -> Response:
    """Orders a copy of the slip, as the ticket stands now, from the kiosk that issued it.

    Refuses `not-found`, `illegal-move` for a number that is no longer in line, `no-slip`, `too-many`.
    """
    return await change.make(caller.asker, lambda work: reprint_slip(work, caller.asker, str(ticket)), status=201)


@router.get("/tickets/{ticket}", responses=answers(TicketAnswer))
async def ticket_with_history(
    ticket: UUID, kit: KitIn, _: Annotated[Caller, requires(Permission.SEE_TICKET)]
) -> Response:
    """How a ticket stands, and all that happened to it."""
    reading, zone = kit.parts.reading, kit.parts.zone
    found = await asyncio.to_thread(reading.find_ticket, str(ticket))
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    lines = await asyncio.to_thread(reading.history_of, found.id)
    names = await kit.parts.live.names.of({who for line in lines if (who := _who(line))})
    history = [
        HistoryEntry(
            at=to_datetime(line.at, zone), what=line.kind, officer=names.get(_who(line) or ""), **_told(line.fields)
        )
        for line in lines
    ]
    text = TicketAnswer(ticket=ticket_now(found, zone), history=history).model_dump_json(by_alias=True)
    return Response(text, media_type="application/json")


def _who(line: HistoryLine) -> str | None:
    who = line.fields.get("by" if line.kind == "MoveUndone" else "officer") or line.fields.get("by")
    staff = who.removeprefix("staff:") if isinstance(who, str) else ":"
    return None if ":" in staff else staff


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    """What of a fact is for staff; keys and askers stay inside."""
    return {name: fields[name] for name in ("counter", "service", "repeat", "reason", "copy") if name in fields}
