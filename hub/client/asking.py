"""Requests under way: when to send, when to repeat, when to give up. Pure bookkeeping: time is an argument.

A request is repeated once, with the same id, halfway to its end; it is sent afresh on every new connection. The hub
remembers ids, so a repeat never counts twice.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from math import inf
from typing import Final, TypeVar
from uuid import UUID

import orjson
from pydantic import ValidationError

from hub.client.errors import NotPermitted, Unfit
from hub.contract.messages import Message, Reply
from hub.contract.names import DeviceRole
from hub.contract.refusals import RefusalCode
from hub.contract.topics import MAX_PAYLOAD, OPERATION

Answer = TypeVar("Answer", bound=Message)

PASSING: Final = frozenset({RefusalCode.HUB_FULL, RefusalCode.STARTING, RefusalCode.TOO_LATE, RefusalCode.TOO_MANY})
"""Refusals that changed nothing, are not remembered, and that the same request may outlive when it is asked again."""

ANY_TIME: Final = "2000-01-01T00:00:00+00:00"
"""Stands for `sent_at` while a request is checked; the true time is put in at each sending."""


@dataclass(slots=True, eq=False)
class Question:
    """One request and what has become of it. Whoever takes it out of `Asking` resolves `answer`."""

    request_id: UUID
    operation: str
    fields: Mapping[str, object]
    gives_up_s: float
    insists: bool = False
    """Goes on asking when refused: a greeting has no other use than a yes."""
    answer: "Future[Reply]" = field(default_factory=Future)
    sends: int = 0
    sent_s: float = 0.0
    repeat_s: float = inf

    def payload(self, sent_at: str) -> bytes:
        """The bytes on the wire, as sent at `sent_at`."""
        return orjson.dumps({**self.fields, "request_id": self.request_id, "sent_at": sent_at})


class Asking:
    """The questions without an answer yet."""

    def __init__(self) -> None:
        self._open: dict[UUID, Question] = {}

    def add(self, question: Question) -> Question:
        """Keeps `question`. The same id asked twice at once is one question: the first is returned."""
        return self._open.setdefault(question.request_id, question)

    def send(self, question: Question, now_s: float) -> None:
        """`question` is being sent for the first time on this connection: a repeat is due halfway to its end."""
        question.sends += 1
        question.sent_s = now_s
        question.repeat_s = now_s + (question.gives_up_s - now_s) / 2

    def send_all(self, now_s: float) -> list[Question]:
        """The hub can be reached (again): everything is being sent, as if for the first time."""
        questions = list(self._open.values())
        for question in questions:
            self.send(question, now_s)
        return questions

    def pause(self) -> None:
        """The connection is lost: nothing is repeated until it is sent on another."""
        for question in self._open.values():
            question.repeat_s = inf

    def take(self, request_id: UUID) -> Question | None:
        """The question with this id, no longer open; None for a late or second reply."""
        return self._open.pop(request_id, None)

    def take_answered(self, reply: Reply) -> Question | None:
        """The question that `reply` settles; one that insists stays open when refused."""
        question = self._open.get(reply.request_id)
        if question is None or (question.insists and not reply.ok):
            return None
        return self._open.pop(reply.request_id)

    def take_all(self) -> list[Question]:
        """Everything that is open, when the link closes."""
        questions = list(self._open.values())
        self._open.clear()
        return questions

    def due(self, now_s: float) -> tuple[list[Question], list[Question]]:
        """Questions to repeat now, and questions whose time is over (no longer open)."""
        over = [question for question in self._open.values() if question.gives_up_s <= now_s]
        for question in over:
            del self._open[question.request_id]
        repeats = [question for question in self._open.values() if question.repeat_s <= now_s]
        for question in repeats:
            question.sends += 1
            question.repeat_s = inf
        return repeats, over

    def next_due_s(self) -> float:
        """When `due` has something to say next; infinity when nothing is open."""
        return min((min(question.repeat_s, question.gives_up_s) for question in self._open.values()), default=inf)


def check(question: Question, role: DeviceRole) -> None:
    """Refuses what is not in THE table before it leaves: `NotPermitted` for the role, `Unfit` for the fields."""
    operation = OPERATION.get(question.operation)
    if operation is None:
        raise Unfit(f"there is no operation {question.operation!r}; known are {', '.join(OPERATION)}")
    if role not in operation.roles:
        raise NotPermitted(f"a {role.value} may not ask {operation.name}")
    try:
        payload = question.payload(ANY_TIME)
        operation.asks.model_validate_json(payload)
    except (ValidationError, orjson.JSONEncodeError) as problem:
        raise Unfit(f"{operation.name} does not fit: {problem}") from problem
    if len(payload) > MAX_PAYLOAD:
        raise Unfit(f"{operation.name} is {len(payload)} bytes long; {MAX_PAYLOAD} are allowed")


def passes(reply: Reply) -> bool:
    """Whether `reply` is a no for now: the same request, asked again, may be answered otherwise."""
    return reply.refusal is not None and reply.refusal.code in PASSING


def read_answer(reply: Reply, model: type[Answer]) -> Answer:
    """The result of an `ok` reply as the model that THE table names. Raises `Unfit` for anything else."""
    try:
        return model.model_validate_json(orjson.dumps(reply.result))
    except ValidationError as problem:
        raise Unfit(f"the answer to {reply.request_id} is no {model.__name__}: {problem}") from problem
