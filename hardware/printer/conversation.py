"""Talking with a printer over a cable: asking how it is, and whether all that was sent is on paper.

Answers carry no sender and no number, and may come late or in halves. So each question stands alone: what came before
it is dropped, and after a question without an answer nothing is asked until the line has been quiet for a while.
"""

import time
from collections.abc import Callable
from typing import Final

from hardware.printer.answers import CLEARED, Question, Reading, is_answer, is_confirmation, read
from hardware.printer.cables import Cable
from hardware.printer.models import Model

CLEAR_LIMIT_S: Final = 1.0


class Conversation:
    """One thread's talk with one printer. Everything raises `CableFault` when nothing goes through."""

    def __init__(self, cable: Cable, model: Model, *, now: Callable[[], float] = time.monotonic) -> None:
        self._cable = cable
        self._model = model
        self._now = now
        self._in_step = True
        self._confirmed = False

    @property
    def answers(self) -> bool:
        """Whether anything can be learnt by asking."""
        return self._model.status and self._cable.answers

    def reading(self) -> Reading | None:
        """How the printer is; `None` when it does not say whether it is there at all."""
        printer = self._ask(Question.PRINTER)
        if printer is None:
            return None
        offline = error = None
        if read(printer, None, None, None).link != "ready":
            offline, error = self._ask(Question.OFFLINE), self._ask(Question.ERROR)
        return read(printer, offline, error, self._ask(Question.PAPER))

    def clear(self) -> None:
        """Makes the printer forget what an earlier life has left in it: half a picture would swallow the next slip.

        Where there is no command for it, zeros fill that picture up; outside a picture they mean nothing. They help
        only a printer that can print.
        """
        if not self._model.clear:
            self._send(bytes(self._model.width_bytes * self._model.strip_rows), CLEAR_LIMIT_S)
            return
        self._send(self._model.clear, CLEAR_LIMIT_S)
        heard = b""
        end = self._now() + self._model.answer_s
        while self._cable.answers and CLEARED not in heard and self._now() < end:
            heard = heard[-len(CLEARED) :] + self._cable.receive(end - self._now())
        self._in_step = CLEARED in heard

    def recover(self) -> None:
        """Lets the printer try again after a jam."""
        if self._model.recover:
            self._send(self._model.recover, self._model.answer_s)

    def ask_for_confirmation(self) -> None:
        """Asks to be told when everything sent so far is on paper."""
        self._drop_what_came()
        self._confirmed = False
        self._send(self._model.confirm, CLEAR_LIMIT_S)

    def settle(self) -> bool:
        """Whether the line has been quiet for as long as an answer may take. Then the next answer belongs to the next
        question; before, it can belong to an earlier one, or to dots of a picture that looked like one."""
        end = self._now() + 2 * self._model.answer_s
        while self._now() < end:
            if not self._receive(self._model.answer_s):
                self._in_step = True
                return True
        return False

    def doubt(self) -> None:
        """Answers may be on their way that nobody waits for."""
        self._in_step = False

    def confirmed(self, limit_s: float) -> bool:
        """Whether that has come, waiting for it so long. What else comes meanwhile is dropped."""
        end = self._now() + limit_s
        while not self._confirmed and (left := end - self._now()) > 0:
            self._receive(left)
        return self._confirmed

    def check(self) -> None:
        """Raises `CableFault` when the cable has been pulled, as far as that shows without asking."""
        self._receive(0)

    def _ask(self, question: Question) -> int | None:
        if not self._in_step:
            self.settle()
        self._drop_what_came()
        self._send(question.code, self._model.answer_s)
        end = self._now() + self._model.answer_s
        while (left := end - self._now()) > 0:
            answer = next(filter(is_answer, self._receive(left)), None)
            if answer is not None:
                return answer
        self.doubt()
        return None

    def _drop_what_came(self) -> None:
        end = self._now() + self._model.answer_s
        while self._receive(0) and self._now() < end:
            pass

    def _receive(self, limit_s: float) -> bytes:
        """A confirmation counts whenever it comes, also while an answer is waited for."""
        data = self._cable.receive(limit_s)
        self._confirmed |= any(map(is_confirmation, data))
        return data

    def _send(self, data: bytes, limit_s: float) -> None:
        limit_s += len(data) / (self._cable.bytes_per_s or 1e9)
        for start in range(0, len(data), self._cable.piece):
            self._cable.send(data[start : start + self._cable.piece], limit_s)
