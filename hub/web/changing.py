"""A change asked for over HTTP: under a request id of the asker's, so that it may be sent again safely."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from hub.actions.asking import Action, Outcome
from hub.actions.asking import Request as Asked
from hub.actions.work import Asker
from hub.web.asking import ask, body_hash
from hub.web.parts import KitIn
from hub.web.problems import MEDIA_TYPE

PROBLEM_SCHEMA: Final = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "message"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "message": {"type": "object", "additionalProperties": {"type": "string"}},
        "retry_after_s": {"type": "integer", "minimum": 0},
    },
}

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "Refused: `code` says why", "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}},
    "5XX": {"description": "Broken, or no answer yet", "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}},
}
"""How every route of the API says no, for its description."""


class Body(BaseModel):
    """What all bodies share: frozen, and closed to fields nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True)


@dataclass(frozen=True, slots=True)
class Change:
    """One request for a change: `make` carries it out once, however often it is sent."""

    request: Request
    key: str
    hand_in: Callable[[Asked], Awaitable[Outcome]]

    async def make(
        self,
        asker: Asker,
        action: Action,
        body: BaseModel | None = None,
        *,
        status: int = 200,
        leaving_out: frozenset[str] = frozenset(),
    ) -> Response:
        """The action's answer. Raises as `hub.web.asking.ask`; refuses `request-mismatch` for a key used otherwise."""
        hash_ = body_hash(self.request.method, self.request.url.path, body, leaving_out=leaving_out)
        outcome = await self.hand_in(Asked(action, asker, self.key, hash_))
        return Response(outcome.answer, status, media_type="application/json")


def change_of(
    request: Request,
    kit: KitIn,
    key: Annotated[UUID, Header(alias="Idempotency-Key", description="id of the request, any UUID")],
) -> Change:
    """The change this request asks for."""
    return Change(request, str(key), lambda asked: ask(kit.parts.door, asked))


ChangeIn = Annotated[Change, Depends(change_of)]


def answers(model: type[BaseModel], status: int = 200) -> dict[int | str, dict[str, Any]]:
    """A route's answers for the API's description."""
    return {status: {"model": model}, **PROBLEMS}
