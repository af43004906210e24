"""An officer's presses, one address each. Every one carries an `Idempotency-Key` and may be sent again."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from hub.actions.counter.call_next import call_next as call
from hub.actions.counter.call_next import pick_ticket
from hub.actions.counter.desk import DESK_VERBS, change_desk, pause_desk
from hub.actions.counter.emergency import answer_emergency, raise_emergency
from hub.actions.counter.note import MOST_LETTERS
from hub.actions.counter.visit import (
    CounterAnswer,
    move_ticket,
    send_to_counter,
    set_class,
    transfer_ticket,
    undo_press,
)
from hub.actions.device.order import reprint_at_counter
from hub.actions.work import Work
from hub.contract.messages import Done
from hub.contract.names import Id
from hub.queueing.ending import NOTHING_SAID, Ending
from hub.queueing.ticket import Verb
from hub.web.access import Caller, Permission, requires
from hub.web.changing import PROBLEMS, Body, ChangeIn, answers

router: Final = APIRouter(prefix="/api/v1", tags=["counters"], responses=PROBLEMS)

Officer = Annotated[Caller, requires(Permission.WORK_COUNTER)]
TicketId = Annotated[str, Field(max_length=40)]
NoteText = Annotated[str, Field(max_length=MOST_LETTERS)]

AT_COUNTER: Final = (Verb.RECALL, Verb.START, Verb.NO_SHOW)
ALSO_RESTING: Final = (Verb.RETURN, Verb.CANCEL)
"""Moves that can also be made with a held or missed ticket, named in the body."""

ANSWER: Final = answers(CounterAnswer)
NOTE: Final = frozenset({"note"})
"""Left out of what is kept of a request: free text lives in one place only."""


class Named(Body):
    """A held or missed ticket of today, for a reprint also one that waits; without one, the ticket at the counter."""

    ticket: TicketId | None = None


class Ended(Body):
    """How the visit ended, and which services were done: where the centre asks for it."""

    outcome: Id | None = None
    done: Annotated[list[Id], Field(max_length=50)] = []

    def ending(self) -> Ending:
        """For the rules."""
        return Ending(self.outcome, tuple(self.done))


class Noted(Body):
    """A line for whoever has the ticket next. It is erased when the day is over."""

    note: NoteText | None = None


class ToService(Named):
    """The service a ticket is sent on to, with a line for whoever calls it there."""

    service: Id
    note: NoteText | None = None


class ToCounter(Named):
    """The counter a ticket is sent on to, which alone calls it; with a line for the officer there."""

    counter: Id
    note: NoteText | None = None


class OfClass(Named):
    """The class that the holder of a ticket is of."""

    class_: Annotated[Id, Field(alias="class")]


class Picked(Ended):
    """Why a number is called out of turn: one of the centre's reasons."""

    reason: Id


class Paused(Body):
    """What the pause is for: one of the centre's reasons, or nothing."""

    reason: Id | None = None


class Break(Paused):
    """How long the break is meant to be."""

    minutes: Annotated[int, Field(ge=1, le=240)]


@router.post("/counters/{counter}/call-next", responses=ANSWER)
async def call_next(counter: Id, officer: Officer, change: ChangeIn, body: Ended | None = None) -> Response:
    """Calls the next ticket; a visit being served is finished first."""
    ending = body.ending() if body else NOTHING_SAID
    return await change.make(officer.asker, lambda work: call(work, counter, officer.asker.id, ending), body)


@router.post("/counters/{counter}/call/{ticket}", responses=ANSWER)
async def pick(
    counter: Id,
    ticket: UUID,
    officer: Annotated[Caller, requires(Permission.PICK_TICKET)],
    change: ChangeIn,
    body: Picked,
) -> Response:
    """Calls one number out of turn: one that waits, is held, or did not come. It is kept who did so, and why."""

    def do(work: Work) -> CounterAnswer:
        return pick_ticket(work, counter, officer.asker.id, str(ticket), body.reason, body.ending())

    return await change.make(officer.asker, do, body)


@router.post("/counters/{counter}/finish", responses=ANSWER)
async def finish(counter: Id, officer: Officer, change: ChangeIn, body: Ended | None = None) -> Response:
    """The visit is over."""
    ending = body.ending() if body else NOTHING_SAID
    return await change.make(
        officer.asker, lambda work: move_ticket(work, counter, officer.asker.id, Verb.FINISH, ending=ending), body
    )


@router.post("/counters/{counter}/hold", responses=ANSWER)
async def hold(counter: Id, officer: Officer, change: ChangeIn, body: Noted | None = None) -> Response:
    """The visit rests until the person comes back."""
    note = body.note if body else None
    return await change.make(
        officer.asker,
        lambda work: move_ticket(work, counter, officer.asker.id, Verb.HOLD, note=note),
        body,
        leaving_out=NOTE,
    )


@router.post("/counters/{counter}/transfer", responses=ANSWER)
async def transfer(counter: Id, officer: Officer, change: ChangeIn, body: ToService | ToCounter) -> Response:
    """Sends a ticket on to another service or to one counter; its number and its place by arrival stay."""

    def do(work: Work) -> CounterAnswer:
        if isinstance(body, ToService):
            return transfer_ticket(work, counter, officer.asker.id, body.service, body.ticket, body.note)
        return send_to_counter(work, counter, officer.asker.id, body.counter, body.ticket, body.note)

    return await change.make(officer.asker, do, body, leaving_out=NOTE)


@router.post("/counters/{counter}/set-class", responses=ANSWER)
async def change_class(counter: Id, officer: Officer, change: ChangeIn, body: OfClass) -> Response:
    """Says of which class the holder of the ticket is."""
    return await change.make(
        officer.asker, lambda work: set_class(work, counter, officer.asker.id, body.class_, body.ticket), body
    )


@router.post("/counters/{counter}/reprint", responses=ANSWER)
async def reprint(counter: Id, officer: Officer, change: ChangeIn, body: Named | None = None) -> Response:
    """Orders a copy of the slip of the ticket at the counter, or of a named one that waits or rests."""
    ticket = body.ticket if body else None
    return await change.make(officer.asker, lambda work: reprint_at_counter(work, officer.asker, counter, ticket), body)


@router.post("/counters/{counter}/undo", responses=ANSWER)
async def undo(counter: Id, officer: Officer, change: ChangeIn) -> Response:
    """Takes the counter's last press back, within ten seconds."""
    return await change.make(officer.asker, lambda work: undo_press(work, counter, officer.asker.id))


@router.post("/counters/{counter}/pause", responses=ANSWER)
async def pause(counter: Id, officer: Officer, change: ChangeIn, body: Paused | None = None) -> Response:
    """No calls to this counter for now."""
    reason = body.reason if body else None
    return await change.make(officer.asker, lambda work: pause_desk(work, counter, officer.asker.id, reason), body)


@router.post("/counters/{counter}/break", responses=ANSWER)
async def take_break(counter: Id, officer: Officer, change: ChangeIn, body: Break) -> Response:
    """A pause that says until when. It does not end by itself."""
    return await change.make(
        officer.asker, lambda work: pause_desk(work, counter, officer.asker.id, body.reason, body.minutes), body
    )


@router.post("/counters/{counter}/emergency", responses=answers(Done))
async def emergency(counter: Id, officer: Officer, change: ChangeIn) -> Response:
    """The officer needs somebody at once: all staff are told until one of them answers."""
    return await change.make(officer.asker, lambda work: raise_emergency(work, counter, officer.asker.id))


@router.post("/counters/{counter}/emergency/answer", responses=answers(Done))
async def end_emergency(
    counter: Id, caller: Annotated[Caller, requires(Permission.ANSWER_HELP)], change: ChangeIn
) -> Response:
    """Somebody goes there. Refuses `not-found` when another was quicker."""
    return await change.make(caller.asker, lambda work: answer_emergency(work, caller.asker, counter))


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
    router.add_api_route(f"/counters/{{counter}}/{_verb}", _desk(_verb), methods=["POST"], name=_verb, responses=ANSWER)
for _one in AT_COUNTER:
    router.add_api_route(f"/counters/{{counter}}/{_one}", _move(_one), methods=["POST"], name=_one, responses=ANSWER)
for _one in ALSO_RESTING:
    router.add_api_route(
        f"/counters/{{counter}}/{_one}", _move_named(_one), methods=["POST"], name=_one, responses=ANSWER
    )
