"""Asking from many threads at once, with one timekeeper thread that repeats and gives up."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from typing import Final

import structlog

from hub.client.asking import Asking, Question
from hub.client.errors import LinkClosed, LinkFault, NoAnswer
from hub.contract.messages import Reply

IDLE_S: Final = 60.0
CLOSE_LIMIT_S: Final = 5.0

Send = Callable[[Question], None]
"""Puts a question on the wire; never called with the lock held."""


class Asker:
    """The open questions of a link. `resume` when the hub can be reached, `pause` when it cannot."""

    def __init__(self, send: Send, log: structlog.typing.FilteringBoundLogger) -> None:
        self._send = send
        self._log = log
        self._lock = threading.Lock()
        self._sooner = threading.Condition(self._lock)
        self._asking = Asking()
        self._reachable = False
        self._closed = False
        self._wakes_s = inf
        self._timekeeper = threading.Thread(target=self._keep_time, name="timekeeper", daemon=True)

    def start(self) -> None:
        """Starts the timekeeper."""
        self._timekeeper.start()

    def close(self) -> None:
        """Fails what is open with `LinkClosed` and ends the timekeeper."""
        with self._lock:
            self._closed = True
            abandoned = self._asking.take_all()
            self._sooner.notify_all()
        for question in abandoned:
            question.answer.set_exception(LinkClosed(f"the link was closed before {question.request_id} was answered"))
        if self._timekeeper.is_alive() and self._timekeeper is not threading.current_thread():
            self._timekeeper.join(CLOSE_LIMIT_S)

    def ask(self, question: Question, *, ahead: bool = False) -> "Future[Reply]":
        """Sends `question` now if the hub can be reached (or `ahead` of that), else when it can be."""
        question.answer.set_running_or_notify_cancel()  # from here on nobody but us can end it
        with self._lock:
            if self._closed:
                raise LinkClosed("the link is closed")
            known = self._asking.add(question)
            if known is not question:
                return known.answer
            sends = self._reachable or ahead
            if sends:
                self._asking.send(question, time.monotonic())
            # The timekeeper sleeps till its next date: in a steady run of questions it is woken for none of them.
            if min(question.repeat_s, question.gives_up_s) < self._wakes_s:
                self._sooner.notify_all()
        if sends:
            self._send(question)
        return question.answer

    def resume(self) -> None:
        """The hub can be reached: sends all that is open."""
        with self._lock:
            self._reachable = True
            questions = self._asking.send_all(time.monotonic())
            self._sooner.notify_all()
        for question in questions:
            self._send(question)

    def pause(self) -> None:
        """The hub cannot be reached: questions wait within their time."""
        with self._lock:
            self._reachable = False
            self._asking.pause()

    def take(self, reply: Reply) -> Question | None:
        """The question that `reply` answers, for the caller to resolve; None for a late, second or ignored reply."""
        with self._lock:
            return self._asking.take_answered(reply)

    def fail(self, question: Question, problem: LinkFault) -> None:
        """Ends `question` with `problem` unless it has ended already."""
        with self._lock:
            is_open = self._asking.take(question.request_id) is question
        if is_open:
            question.answer.set_exception(problem)

    def _keep_time(self) -> None:
        while self._sleep():
            try:
                self._do_what_is_due()
            except Exception:  # a listed loop: repeats and time-outs must go on
                self._log.exception("timekeeper failed")

    def _sleep(self) -> bool:
        """Sleeps until something is due; False when closed."""
        with self._lock:
            if self._closed:
                return False
            self._wakes_s = self._asking.next_due_s()
            self._sooner.wait(min(max(self._wakes_s - time.monotonic(), 0.0), IDLE_S))
            return not self._closed

    def _do_what_is_due(self) -> None:
        with self._lock:
            repeats, over = self._asking.due(time.monotonic())
        for question in repeats:
            self._send(question)
        for question in over:
            question.answer.set_exception(NoAnswer(question.request_id, sent=question.sends > 0))
