"""Numbers given at the desk or by another system; what became of a number."""

import asyncio
import re
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from hub.actions.asking import Sight
from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.desk.take_out import take_out
from hub.actions.device.order import Ordered, reprint_slip
from hub.actions.reading import HistoryLine
from hub.contract.messages import Count, Done, IssueTicketAnswer, Message, Short
from hub.contract.names import NUMBER_PATTERN, Id, Language, SlipState, TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import to_datetime
from hub.queueing.ticket import Ticket
from hub.queueing.waits import wait_of
from hub.web.access import Caller, Permission, requires
from hub.web.asking import look
from hub.web.changing import Body, ChangeIn, answers
from hub.web.parts import Kit, KitIn
from hub.web.sights import TicketNow, Token, still, ticket_now
from hub.web.waits import LongWait, long_wait

router: Final = APIRouter(prefix="/api/v1", tags=["tickets"])

NUMBER: Final = re.compile(NUMBER_PATTERN)
"""What is a number; all else on a slip is the random part of its address, which is longer."""


TOLD: Final = ("counter", "service", "repeat", "reason", "copy", "sent_to", "picked", "outcome")
"""Fields of facts that are for staff."""


class Wanted(Body):
    """A number for a service."""

    service: Id
    class_: Annotated[Id, Field(alias="class")]
    language: Language = "vi"


class HistoryEntry(Message):
    """Something that happened to a ticket. `officer`: the display name, while the person is of the staff; `copy`: of a
    slip, whether it was the first one or a copy; `note`: what an officer wrote down, until the day is over.
    """

    at: AwareDatetime
    what: Short
    counter: Id | None = None
    service: Id | None = None
    officer: Short | None = None
    repeat: Count | None = None
    reason: Short | None = None
    copy_: Annotated[bool | None, Field(alias="copy")] = None
    sent_to: Id | None = None
    picked: Short | None = None
    outcome: Short | None = None
    note: Short | None = None


class TicketAnswer(Message):
    """A ticket and its history, oldest first; why it waits, while it does."""

    ticket: TicketNow
    history: list[HistoryEntry]
    wait: LongWait | None


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


@router.post("/tickets/{ticket}/cancel", responses=answers(Done))
async def cancel(
    ticket: UUID, caller: Annotated[Caller, requires(Permission.CANCEL_TICKET)], change: ChangeIn
) -> Response:
    """Takes a number out of the line for good. Refuses `not-found`, and `illegal-move` once it is served or over."""
    return await change.make(caller.asker, lambda work: take_out(work, caller.asker, str(ticket)))


@router.get("/tickets", responses=answers(TicketAnswer))
async def find(
    kit: KitIn,
    _: Annotated[Caller, requires(Permission.SEE_TICKET)],
    slip: Annotated[Token, Query(description="a number of today, or the random part of the address on the slip")],
) -> Response:
    """A ticket by what stands on its slip. Refuses `not-found`."""
    sight = await look(kit.parts.door, still)
    reading = kit.parts.reading
    if NUMBER.match(slip) is None:
        return await _told_of(kit, sight, await asyncio.to_thread(reading.find_by_track_key, slip))
    day = sight.line.day
    found = None if day is None else await asyncio.to_thread(reading.find_by_number, day, slip)
    return await _told_of(kit, sight, found)


@router.get("/tickets/{ticket}", responses=answers(TicketAnswer))
async def ticket_with_history(
    ticket: UUID, kit: KitIn, _: Annotated[Caller, requires(Permission.SEE_TICKET)]
) -> Response:
    """How a ticket stands, and all that happened to it."""
    found = await asyncio.to_thread(kit.parts.reading.find_ticket, str(ticket))
    return await _told_of(kit, await look(kit.parts.door, still), found)


async def _told_of(kit: Kit, sight: Sight, found: Ticket | None) -> Response:
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    zone = kit.parts.zone
    lines = await asyncio.to_thread(kit.parts.reading.history_of, found.id)
    names = await kit.parts.live.names.of({who for line in lines if (who := _who(line))})
    keys = {key for line in lines if (key := line.fields.get("note_key"))}
    notes = await asyncio.to_thread(kit.parts.reading.notes, keys)
    history = [
        HistoryEntry(
            at=to_datetime(line.at, zone),
            what=line.kind,
            officer=names.get(_who(line) or ""),
            note=notes.get(line.fields.get("note_key") or ""),
            **_told(line.fields),
        )
        for line in lines
    ]
    waiting = sight.line.tickets.get(found.id)
    waits = waiting is not None and waiting.state is TicketState.WAITING
    wait = long_wait(wait_of(sight.line, sight.set_up, waiting), zone) if waiting and waits else None
    text = TicketAnswer(ticket=ticket_now(found, zone), history=history, wait=wait).model_dump_json(by_alias=True)
    return Response(text, media_type="application/json")


def _who(line: HistoryLine) -> str | None:
    who = line.fields.get("by" if line.kind == "MoveUndone" else "officer") or line.fields.get("by")
    staff = who.removeprefix("staff:") if isinstance(who, str) else ":"
    return None if ":" in staff else staff


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    """What of a fact is for staff; keys and askers stay inside."""
    return {name: fields[name] for name in TOLD if name in fields}
