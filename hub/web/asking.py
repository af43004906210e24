"""Asking at the door from an event loop: with a limit, and so that an impatient browser never takes a request back."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

import orjson
from pydantic import BaseModel

from hub.actions.asking import ActionFault, Door, Outcome, Request, Sight
from hub.contract.messages import RefusalMessage
from hub.contract.refusals import Refusal, RefusalCode
from hub.errors import Fault
from hub.web.problems import Stop, WebCode

LIMIT_S: Final = 10.0

T = TypeVar("T")


async def ask(door: Door, request: Request) -> Outcome:
    """What became of `request`, once it is on disk; never an outcome that is not ok.

    Raises the `Refusal` it was answered with, and `Stop`: `no-answer` when the hub was too slow or is stopping (the
    outcome is unknown: the same request may be sent again), `broken` when it could not be done.
    """
    outcome = await _answered(door.submit(request))
    if outcome.ok:
        return outcome
    refused = RefusalMessage.model_validate_json(outcome.answer)
    raise Refusal(RefusalCode(refused.code), retry_after_s=refused.retry_after_s)


async def look(door: Door, question: Callable[[Sight], T]) -> T:
    """The answer to a quick question about the committed state. Raises `Stop` as `ask` does."""
    return await _answered(door.look(question))


async def _answered(handed_in: "Future[T]") -> T:
    # Shielded: cancelling a future of the door would break the writer when it answers it.
    future = asyncio.wrap_future(handed_in)
    try:
        async with asyncio.timeout(LIMIT_S):
            return await asyncio.shield(future)
    except TimeoutError:
        raise Stop(WebCode.NO_ANSWER) from None
    except ActionFault as fault:
        raise Stop(WebCode.BROKEN) from fault
    except Fault as fault:
        raise Stop(WebCode.NO_ANSWER) from fault


def body_hash(method: str, path: str, body: BaseModel | None, *, leaving_out: frozenset[str] = frozenset()) -> str:
    """What tells a repeat from another request under the same id. Passwords are left out: this is stored."""
    fields = {} if body is None else body.model_dump(mode="json", by_alias=True, exclude=set(leaving_out))
    canonical = orjson.dumps([method, path, fields], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()
