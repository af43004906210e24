"""Asking the hub for a number: until it answers or patience ends, and again after the kiosk was killed meanwhile."""

import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.hands.pending import OVER, Pending, PendingRequests, Stage
from hub.client.asking import read_answer
from hub.client.errors import LinkFault
from hub.client.link import HubLink
from hub.contract.messages import IssuedTicket, IssueTicketAnswer, Reply
from hub.contract.refusals import RefusalCode

RECOVERY_PATIENCE_S: Final = 15.0
FRESH_S: Final = 120.0
"""So long after a cut the same person may still stand there: the same number is printed again."""
CLOCK_SLACK_S: Final = 5.0
ASK_LIMIT_S: Final = 2.0
SHORTEST_S: Final = 0.2

ASKED_AGAIN: Final = frozenset({RefusalCode.STARTING, RefusalCode.TOO_LATE})
"""A no that says nothing of the request: it was not looked at, and the next answer may be another."""

Post = Callable[[ev.Event], None]

log = structlog.get_logger("appliance.hands.requests")


class Requests:
    """Used by one thread at a time. What it posts is on disk first."""

    def __init__(
        self,
        link: HubLink,
        pending: PendingRequests,
        *,
        post: Post,
        closing: threading.Event,
        patience_s: float,
    ) -> None:
        self._link = link
        self._pending = pending
        self._post = post
        self._closing = closing
        self._patience_s = patience_s

    def ask(self, wish: fx.Ask) -> None:
        """A number, a no, or that nobody answered. In the last case nobody will be given this request's number."""
        request = Pending(wish.request_id, wish.service, wish.class_, wish.language, self._link.now().timestamp())
        try:
            self._pending.write(request)
        except OSError as problem:
            log.error("request-not-on-disk", request=wish.request_id, problem=str(problem))
            self._post(ev.NobodyAnswered(wish.request_id))
            return
        reply = self._until_answered(request, self._patience_s)
        if reply is None and self._closing.is_set():
            return  # the next program asks again
        if reply is None:
            self.note(wish.request_id, Stage.WITHDRAWN)
            self._post(ev.NobodyAnswered(wish.request_id))
        elif reply.refusal is not None:
            self._pending.clear(wish.request_id)
            self._post(ev.TicketRefused(wish.request_id, reply.refusal.code, reply.refusal.message))
        elif self.note(wish.request_id, Stage.SHOWN):
            self._post(ev.TicketGiven(wish.request_id, _ticket(reply)))

    def recover(self) -> None:
        """At start: requests that were under way are asked again while their person may still stand there. For all
        others there is nobody. Ends with `RecoveryEnded` in any case."""
        try:
            while not self._closing.is_set() and not self._link.wait_ready(ASK_LIMIT_S):
                pass
            for request in self._pending.all():
                if request.stage not in OVER and not self._closing.is_set():
                    self._recover(request)
        finally:
            self._post(ev.RecoveryEnded())

    def note(self, request_id: str, stage: Stage) -> bool:
        """`PendingRequests.advance`, with a disk that may say no: then the last word on it counts."""
        try:
            return self._pending.advance(request_id, stage)
        except OSError as problem:
            log.error("request-not-noted", request=request_id, stage=stage, problem=str(problem))
            return True

    def _recover(self, request: Pending) -> None:
        age_s = self._link.now().timestamp() - request.at_s
        left_s = min(FRESH_S - age_s, RECOVERY_PATIENCE_S)
        reply = self._until_answered(request, left_s) if age_s >= -CLOCK_SLACK_S and left_s > 0 else None
        log.info("request-recovered", request=request.request_id, stage=request.stage, age_s=round(age_s, 1))
        if reply is None and self._closing.is_set():
            return
        if reply is None:
            self.note(request.request_id, Stage.WITHDRAWN if request.stage is Stage.ASKED else Stage.KILLED)
        elif reply.refusal is not None:
            self._pending.clear(request.request_id)
        else:
            self.note(request.request_id, Stage.SHOWN)
            shown, printing = request.stage is not Stage.ASKED, request.stage is Stage.PRINTING
            self._post(ev.Recovered(request.request_id, _ticket(reply), request.language, shown, printing))

    def _until_answered(self, request: Pending, patience_s: float) -> Reply | None:
        """The hub's answer, always to the same request; None when patience ends, or somebody has withdrawn it."""
        end = time.monotonic() + patience_s
        while not self._closing.is_set() and self._is_wanted(request):
            limit_s = min(ASK_LIMIT_S, max(SHORTEST_S, end - time.monotonic()))
            try:
                reply = self._link.ask(
                    "issue-ticket", request.fields, timeout_s=limit_s, request_id=UUID(request.request_id)
                )
                if reply.refusal is None:
                    _ticket(reply)
                if reply.refusal is None or reply.refusal.code not in ASKED_AGAIN:
                    return reply
                self._closing.wait(SHORTEST_S)
            except TimeoutError:  # NoAnswer, or a link that answers nothing at all
                pass
            except LinkFault as fault:
                log.error("request-not-asked", request=request.request_id, problem=str(fault))
                return None
            if time.monotonic() >= end:
                return None
        return None

    def _is_wanted(self, request: Pending) -> bool:
        known = self._pending.find(request.request_id)
        return known is not None and known.stage not in OVER


def _ticket(reply: Reply) -> IssuedTicket:
    return read_answer(reply, IssueTicketAnswer).ticket
