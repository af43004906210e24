"""An officer's presses, one address each. Every one carries an `Idempotency-Key` and may be sent again."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from hub.actions.counter.call_next import call_next as call
from hub.actions.counter.desk import DESK_VERBS, change_desk
from hub.actions.counter.visit import CounterAnswer, move_ticket, transfer_ticket, undo_press
from hub.actions.device.order import reprint_at_counter
from hub.contract.names import Id
from hub.queueing.ticket import Verb
from hub.web.access import Caller, Permission, requires
from hub.web.changing import Body, ChangeIn, answers

router: Final = APIRouter(prefix="/api/v1", tags=["counters"], responses=answers(CounterAnswer))

Officer = Annotated[Caller, requires(Permission.WORK_COUNTER)]
TicketId = Annotated[str, Field(max_length=40)]

AT_COUNTER: Final = (Verb.RECALL, Verb.START, Verb.FINISH, Verb.NO_SHOW, Verb.HOLD)
ALSO_RESTING: Final = (Verb.RETURN, Verb.CANCEL)
"""Moves that can also be made with a held or missed ticket, named in the body."""


class Named(Body):
    """A held or missed ticket of today, for a reprint also one that waits; without one, the ticket at the counter."""

    ticket: TicketId | None = None


class Onward(Body):
    """The service a ticket is sent on to; without `ticket`, the one at the counter."""

    service: Id
    ticket: TicketId | None = None


@router.post("/counters/{counter}/call-next")
async def call_next(counter: Id, officer: Officer, change: ChangeIn) -> Response:
    """Calls the next ticket; a visit being served is finished first."""
    return await change.make(officer.asker, lambda work: call(work, counter, officer.asker.id))


@router.post("/counters/{counter}/transfer")
async def transfer(counter: Id, officer: Officer, change: ChangeIn, body: Onward) -> Response:
    """Sends a ticket on to another service; its number and its place by arrival stay."""
    return await change.make(
        officer.asker,
        lambda work: transfer_ticket(work, counter, officer.asker.id, body.service, body.ticket),
        body,
    )


@router.post("/counters/{counter}/reprint")
async def reprint(counter: Id, officer: Officer, change: ChangeIn, body: Named | None = None) -> Response:
    """Orders a copy of the slip of the ticket at the counter, or of a named one that waits or rests."""
    ticket = body.ticket if body else None
    return await change.make(officer.asker, lambda work: reprint_at_counter(work, officer.asker, counter, ticket), body)


@router.post("/counters/{counter}/undo")
async def undo(counter: Id, officer: Officer, change: ChangeIn) -> Response:
    """Takes the counter's last press back, within ten seconds."""
    return await change.make(officer.asker, lambda work: undo_press(work, counter, officer.asker.id))


def _desk(verb: str) -> Callable[..., Awaitable[Response]]:
    async def change_counter(counter: Id, officer: Officer, change: ChangeIn) -> Response:
        return await change.make(officer.asker, lambda work: change_desk(work, counter, officer.asker.id, verb))

    return change_counter


def _move(verb: Verb) -> Callable[..., Awaitable[Response]]:
    async def press(counter: Id, officer: Officer, change: ChangeIn) -> Response:
        return await change.make(officer.asker, lambda work: move_ticket(work, counter, officer.asker.id, verb))

    return press


def _move_named(verb: Verb) -> Callable[..., Awaitable[Response]]:
    async def press(counter: Id, officer: Officer, change: ChangeIn, body: Named | None = None) -> Response:
        ticket = body.ticket if body else None
        return await change.make(
            officer.asker, lambda work: move_ticket(work, counter, officer.asker.id, verb, ticket), body
        )

    return press


for _verb in DESK_VERBS:
    router.add_api_route(f"/counters/{{counter}}/{_verb}", _desk(_verb), methods=["POST"], name=_verb)
for _one in AT_COUNTER:
    router.add_api_route(f"/counters/{{counter}}/{_one}", _move(_one), methods=["POST"], name=_one)
for _one in ALSO_RESTING:
    router.add_api_route(f"/counters/{{counter}}/{_one}", _move_named(_one), methods=["POST"], name=_one)
