"""How anybody asks for an action, and what is answered: the one door that MQTT, web, tools and tests go through."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from pydantic import BaseModel

from hub.actions.work import Asker, Work
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.errors import Fault
from hub.queueing.line import Line

Action = Callable[[Work], BaseModel]
T = TypeVar("T")


class ActionFault(Fault):
    """An action broke on something no rule foresaw; it changed nothing and was counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request. `answer`: JSON text of the result when `ok`, else of the refusal (`code` says which).

    `repeated`: the request was answered before and this is the same answer.
    """

    ok: bool
    answer: str
    at: Instant
    repeated: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """An action with who asks, the request's id, and the hash of its body. Without an id nothing is remembered."""

    action: Action
    asker: Asker | None = None
    request_id: str | None = None
    body_hash: str = ""
    done: "Future[Outcome]" = field(default_factory=Future)

    @property
    def key(self) -> tuple[str, str] | None:
        """(asker, request id): its place in the memory of requests."""
        return None if self.asker is None or self.request_id is None else (self.asker.key, self.request_id)


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be looked at between two commits: committed state only. `entry`: number of the last journal entry."""

    line: Line
    set_up: SetUp
    set_up_version: int
    epoch: str
    entry: int


class Door(Protocol):
    """Where requests are handed in. Futures are done on the writer's thread; they fail with a `Fault`."""

    def submit(self, request: Request) -> "Future[Outcome]":
        """Queues a request; answered after its commit, never before."""

    def look(self, question: Callable[[Sight], T]) -> "Future[T]":
        """Asks the committed state something quick."""
