"""The same door without a thread: for tools that work while the hub stands still, and for tests."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from hub.actions.asking import Outcome, Request, Sight
from hub.storage.ledger import Ledger

T = TypeVar("T")


class DirectDoor:
    """Carries each request out at once, on the caller's thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def submit(self, request: Request) -> "Future[Outcome]":
        """One request, one transaction."""
        answer = self._ledger.commit([request])[0]
        if isinstance(answer, Outcome):
            request.done.set_result(answer)
        else:
            request.done.set_exception(answer)
        return request.done

    def look(self, question: Callable[[Sight], T]) -> "Future[T]":
        """The committed state, now."""
        done: Future[T] = Future()
        try:
            done.set_result(question(self._ledger.sight))
        except Exception as error:  # as behind the writer's door: the asker gets its own mistake back
            done.set_exception(error)
        return done
