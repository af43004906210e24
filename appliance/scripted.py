"""A kiosk without a screen: visitors come from a script; tickets, slips and reports are the real ones."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from appliance.hands.printing import SlipPrinter
from appliance.script import CancelLast, Issue, Stay, Step, Wait
from hardware.errors import PrinterTrouble
from hub.client.asking import read_answer
from hub.client.errors import LinkFault, NoAnswer
from hub.client.link import HubLink
from hub.contract.messages import IssuedTicket, IssueTicketAnswer, Reply

PATIENCE_S: Final = 60.0
"""So long the same request is asked again and again while the hub does not answer."""
IDLE_S: Final = 60.0

Line = dict[str, object]
"""What became of one step, to be printed as a line of JSON."""


class ScriptedKiosk:
    """Carries out steps one after another, until they end or `stopping` is set. `tell` gets a line for each ticket."""

    def __init__(
        self,
        link: HubLink,
        slips: SlipPrinter,
        *,
        tell: Callable[[Line], None],
        stopping: threading.Event,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._link = link
        self._slips = slips
        self._tell = tell
        self._stopping = stopping
        self._patience_s = patience_s
        self._log: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind(device=link.device)
        self._last: UUID | None = None

    def run(self, steps: Iterable[Step]) -> None:
        """All steps in their order."""
        for step in steps:
            if self._stopping.is_set():
                return
            match step:
                case Issue():
                    self._tell(self._issue(step))
                case CancelLast():
                    self._tell(self._cancel())
                case Wait(seconds):
                    self._stopping.wait(seconds)
                case Stay():
                    while not self._stopping.wait(IDLE_S):
                        pass

    def _issue(self, step: Issue) -> Line:
        begin, request_id = time.monotonic(), uuid7()
        fields = {"service": step.service, "class": step.class_, "language": step.language}
        line = {"request_id": str(request_id), **fields}
        try:
            reply = self._ask("issue-ticket", fields, request_id)
            if reply.refusal is not None:
                return {"outcome": "refused", "code": reply.refusal.code, **line}
            ticket = read_answer(reply, IssueTicketAnswer).ticket
        except LinkFault as problem:
            return {"outcome": "no-answer", "reason": str(problem), **line}
        self._last = ticket.id
        trouble = self._slips.print(ticket, step.language)
        self._report(ticket, trouble)
        outcome = {"outcome": "printed"} if trouble is None else {"outcome": "not-printed", "reason": trouble}
        took_ms = round((time.monotonic() - begin) * 1000)
        return {**outcome, "number": ticket.number, "ticket_id": str(ticket.id), **line, "took_ms": took_ms}

    def _cancel(self) -> Line:
        if self._last is None:
            return {"outcome": "nothing-to-cancel"}
        ticket_id, self._last = self._last, None
        line = {"ticket_id": str(ticket_id)}
        try:
            reply = self._ask("cancel-ticket", line, uuid7())
        except LinkFault as problem:
            return {"outcome": "no-answer", "reason": str(problem), **line}
        if reply.refusal is not None:
            return {"outcome": "refused", "code": reply.refusal.code, **line}
        return {"outcome": "cancelled", **line}

    def _report(self, ticket: IssuedTicket, trouble: PrinterTrouble | None) -> None:
        """The hub knows of each slip whether it came out; officers see when it did not."""
        try:
            if trouble is None:
                self._ask("slip-printed", {"ticket_id": str(ticket.id), "copy": False}, uuid7())
            else:
                failed = {"ticket_id": str(ticket.id), "reason": trouble, "copy": False}
                self._ask("slip-failed", failed, uuid7())
        except LinkFault as problem:
            self._log.error("slip not reported", ticket=str(ticket.id), problem=str(problem))

    def _ask(self, operation: str, fields: Mapping[str, object], request_id: UUID) -> Reply:
        """Asks with the same id until there is an answer: then it cannot count twice. `NoAnswer` after long enough."""
        end = time.monotonic() + self._patience_s
        while True:
            try:
                return self._link.ask(operation, fields, request_id=request_id)
            except NoAnswer:
                if self._stopping.is_set() or time.monotonic() > end:
                    raise
