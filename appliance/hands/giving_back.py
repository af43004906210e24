"""Numbers nobody waits for: what was given after all is given back, and officers learn of slips that were cut short."""

import threading
from typing import Final
from uuid import UUID, uuid5

import structlog

from appliance.hands.pending import OVER, Pending, PendingRequests, Report, Stage
from appliance.hands.requests import ASKED_AGAIN
from hub.client.asking import read_answer
from hub.client.errors import LinkFault
from hub.client.link import HubLink
from hub.client.spool import Spool
from hub.contract.messages import IssueTicketAnswer

LOOK_EVERY_S: Final = 2.0
OUTLIVED_S: Final = 86_400.0
"""Numbers are for one day."""
CLOSE_LIMIT_S: Final = 5.0

log = structlog.get_logger("appliance.hands.giving_back")


class GivingBack:
    """Asks, on a thread of its own, until it knows what became of a request. `close()` twice is harmless."""

    def __init__(self, link: HubLink, pending: PendingRequests, spool: Spool) -> None:
        self._link = link
        self._pending = pending
        self._spool = spool
        self._news = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="giving back", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to give back."""
        self._news.set()

    def close(self) -> None:
        """Ends the thread. What is not known yet stays on disk."""
        self._closing.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT_S)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._news.clear()
            for request in self._pending.all():
                if request.stage in OVER and self._link.ready and not self._closing.is_set():
                    self._try(request)
            self._news.wait(LOOK_EVERY_S)

    def _try(self, request: Pending) -> None:
        try:
            self._settle(request)
        except TimeoutError:
            pass  # asked again at the next look
        except LinkFault as fault:
            log.error("request-not-settled", request=request.request_id, problem=str(fault))
        except Exception:  # a listed loop: one request that breaks must not keep the others
            log.exception("giving-back-broke", request=request.request_id)

    def _settle(self, request: Pending) -> None:
        """The hub remembers requests for good: asked again, it tells the ticket there is. Should there be none it
        makes one, and that is given back at once."""
        if self._link.now().timestamp() - request.at_s > OUTLIVED_S:
            log.error("request-outlived", request=request.request_id, stage=request.stage)
            self._pending.clear(request.request_id)
            return
        reply = self._link.ask("issue-ticket", request.fields, request_id=UUID(request.request_id))
        if reply.refusal is not None:
            if reply.refusal.code not in ASKED_AGAIN:
                self._pending.clear(request.request_id)
            return
        report = _last_word(request, read_answer(reply, IssueTicketAnswer).ticket.id)
        self._spool.add(report.operation, report.fields, report.request_id)
        self._pending.clear(request.request_id)


def _last_word(request: Pending, ticket_id: UUID) -> Report:
    """Always under the same id: told twice, it counts once."""
    ticket = {"ticket_id": str(ticket_id)}
    if request.stage is Stage.WITHDRAWN:
        operation, fields = "cancel-ticket", ticket
        return Report(operation, fields, uuid5(UUID(request.request_id), operation))
    failed = {**ticket, "reason": "killed", "copy": request.again}
    return Report("slip-failed", failed, uuid5(UUID(request.request_id), "killed"))
