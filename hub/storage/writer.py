"""The one writer: a thread around the ledger. What waits when a commit begins shares it; none is answered before."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog

from hub.actions.asking import Outcome, Request, Sight
from hub.errors import Fault
from hub.storage.ledger import Answer, Ledger

BATCH: Final = 64
"""At most so many actions share a commit."""

log = structlog.get_logger("hub.storage.writer")

T = TypeVar("T")


class WriterFault(Fault):
    """The writer has stopped, and the hub with it."""


@dataclass(frozen=True, slots=True)
class _Look:
    question: Callable[[Sight], Any]
    done: "Future[Any]" = field(default_factory=Future)


class Writer:
    """`start()` once; `stop()` twice is harmless. `on_commit` and `on_failure` are called on the writer's thread.

    `on_commit` is told whether the batch held anything but numbers taken: a call must be shown at once.
    """

    def __init__(
        self, ledger: Ledger, *, on_commit: Callable[[bool], None], on_failure: Callable[[BaseException], None]
    ) -> None:
        self._ledger = ledger
        self._on_commit = on_commit
        self._on_failure = on_failure
        self._waiting: queue.SimpleQueue[Request | _Look | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._stopped = threading.Event()

    @property
    def ledger(self) -> Ledger:
        """For its figures and its low-water mark."""
        return self._ledger

    @property
    def alive(self) -> bool:
        """Whether requests are being carried out."""
        return self._thread.is_alive() and not self._stopped.is_set()

    def start(self) -> None:
        """Opens the ledger and begins to work. Raises `DatabaseFault`."""
        self._ledger.open()
        self._thread.start()

    def submit(self, request: Request) -> "Future[Outcome]":
        """Queues a request. Its future is done after the commit, on the writer's thread: callbacks must be short."""
        self._put(request)
        return request.done

    def look(self, question: Callable[[Sight], T]) -> "Future[T]":
        """Asks the committed state something between two commits. The question must be quick and change nothing."""
        look = _Look(question)
        self._put(look)
        return look.done

    def stop(self, limit_s: float = 5.0) -> None:
        """Carries out what is queued, then gives the connection back."""
        self._waiting.put(None)
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(limit_s)

    def _put(self, one: Request | _Look) -> None:
        self._waiting.put(one)
        if self._stopped.is_set():
            self._refuse_waiting()

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException as error:  # listed loop: the writer's death is the hub's death
            log.error("writer-stopped", error=str(error), exc_info=error)
            self._on_failure(error)
        finally:
            self._stopped.set()
            self._refuse_waiting()
            self._ledger.close()

    def _turn(self) -> bool:
        """One batch, and the questions that waited with it; False when it is time to stop."""
        batch: list[Request] = []
        looks: list[_Look] = []
        going_on = self._gather(batch, looks)
        if batch:
            try:
                answers = self._ledger.commit(batch)
            except BaseException as error:
                told: list[Request | _Look] = [*batch, *looks]
                for one in told:
                    one.done.set_exception(WriterFault(f"the outcome is unknown: {error}"))
                raise
            self._answer(batch, answers)
            self._on_commit(self._ledger.urgent)
        for look in looks:
            _answer_look(look, self._ledger.sight)
        return going_on

    def _gather(self, batch: list[Request], looks: list[_Look]) -> bool:
        one = self._waiting.get()
        while one is not None:
            wanted = one.done.set_running_or_notify_cancel()  # from here on nobody can take it back
            if wanted and isinstance(one, Request):
                batch.append(one)
            elif wanted and isinstance(one, _Look):
                looks.append(one)
            if len(batch) >= BATCH:
                return True
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                return True
        return False

    def _answer(self, batch: list[Request], answers: list[Answer]) -> None:
        for request, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Outcome):
                request.done.set_result(answer)
            else:
                request.done.set_exception(answer)

    def _refuse_waiting(self) -> None:
        while True:
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                return
            if one is not None and one.done.set_running_or_notify_cancel():
                one.done.set_exception(WriterFault("the hub is stopping; ask again in a moment"))


def _answer_look(look: _Look, sight: Sight) -> None:
    try:
        look.done.set_result(look.question(sight))
    except Exception as error:  # listed loop: the asker gets its own mistake back
        look.done.set_exception(error)
