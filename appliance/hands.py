"""The kiosk's hands: asks the hub, prints, reports. Each on a thread of its own, so that the screen never waits."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

import structlog

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.naming import Names
from appliance.pending import FRESH_S, Pending, PendingFile
from appliance.scripted import slip_of
from appliance.slip import Slip, draw_slip
from hardware.errors import PrinterFault
from hardware.printer.port import Printer
from hub.client.asking import read_answer
from hub.client.errors import LinkFault, NoAnswer
from hub.client.link import HubLink
from hub.contract.messages import IssuedTicket, IssueTicketAnswer, Reply

PATIENCE_S: Final = 6.0
"""How long a person is kept waiting for an answer."""

WITHDRAW_S: Final = 600.0
"""How long the hub is asked about a request whose person was sent away."""

ASK_LIMIT_S: Final = 2.0

log = structlog.get_logger("appliance.hands")


@dataclass(frozen=True)
class Outside:
    """What only the program can do: change the volume, end itself."""

    set_volume: Callable[[int], None]
    restart: Callable[[], None]


class KioskHands:
    """Carries the flow's effects out over link, printer and disk. `close()` twice is harmless."""

    def __init__(
        self,
        link: HubLink,
        printer: Printer,
        names: Names,
        pending: PendingFile,
        outside: Outside,
        *,
        post: Callable[[ev.Event], None],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._link = link
        self._printer = printer
        self._names = names
        self._pending = pending
        self._outside = outside
        self._post = post
        self._patience_s = patience_s
        self._closing = threading.Event()
        self._lines = {name: _Line(name) for name in ("asking", "printing", "telling")}
        self.slips: tuple[str, ...] = ()

    def carry_out(self, effect: fx.Effect) -> None:
        """Begins; returns at once."""
        match effect:
            case fx.Ask():
                self._lines["asking"].do(lambda: self._ask(effect))
            case fx.Print():
                self._lines["printing"].do(lambda: self._print(effect))
            case fx.Report():
                self._lines["telling"].do(lambda: self._report(effect))
            case fx.Withdraw(request_id):
                self._lines["telling"].do(lambda: self._withdraw(request_id))
            case fx.Settle(request_id):
                self._lines["printing"].do(lambda: self._pending.clear(request_id))
            case fx.CallStaff(screen):
                self._lines["telling"].do(lambda: self._call_staff(screen))
            case fx.TestPrint():
                self._lines["printing"].do(self._test_print)
            case fx.SetVolume(steps):
                self._outside.set_volume(steps)
            case fx.Restart():
                self._outside.restart()
            case _:
                log.error("unknown-effect", effect=type(effect).__name__)

    def recover(self) -> None:
        """At start: a request that was under way is asked again, or given back when its person has gone."""
        pending = self._pending.read()
        if pending is None:
            return
        fresh = 0 <= time.time() - pending.at_s <= FRESH_S and not pending.withdrawn
        if fresh:
            self._lines["asking"].do(lambda: self._ask_again(pending))
        else:
            self._lines["telling"].do(lambda: self._give_up(pending))

    def close(self) -> None:
        """Lets what is under way end, for a moment."""
        self._closing.set()
        for line in self._lines.values():
            line.close()

    # ------------------------------------------------------------ asking

    def _ask(self, effect: fx.Ask) -> None:
        request = Pending(effect.request_id, effect.service, effect.class_, effect.language, time.time())
        self._pending.write(request)
        try:
            reply = self._until_answered(request, self._patience_s)
        except LinkFault:
            self._post(ev.NobodyAnswered(effect.request_id))
            return
        self._post(_heard(effect.request_id, reply))

    def _until_answered(self, request: Pending, patience_s: float) -> Reply:
        fields = {"service": request.service, "class": request.class_, "language": request.language}
        end = time.monotonic() + patience_s
        while True:
            try:
                limit = min(ASK_LIMIT_S, max(0.2, end - time.monotonic()))
                return self._link.ask("issue-ticket", fields, timeout_s=limit, request_id=UUID(request.request_id))
            except NoAnswer:
                if self._closing.is_set() or time.monotonic() >= end:
                    raise

    def _ask_again(self, pending: Pending) -> None:
        try:
            reply = self._until_answered(pending, FRESH_S)
        except LinkFault as fault:
            log.error("request-not-recovered", request=pending.request_id, reason=str(fault))
            return
        heard = _heard(pending.request_id, reply)
        if isinstance(heard, ev.TicketGiven):
            self._post(ev.Recovered(pending.request_id, heard.ticket, pending.printing))
        else:
            self._pending.clear(pending.request_id)

    def _withdraw(self, request_id: str) -> None:
        self._pending.note(request_id, withdrawn=True)
        pending = self._pending.read()
        if pending is not None and pending.request_id == request_id:
            self._give_up(pending)

    def _give_up(self, pending: Pending) -> None:
        """Nobody holds this number: a slip that may have begun failed, and a number never shown is given back."""
        try:
            heard = _heard(pending.request_id, self._until_answered(pending, WITHDRAW_S))
            if isinstance(heard, ev.TicketGiven):
                ticket = {"ticket_id": str(heard.ticket.id)}
                if pending.printing:
                    self._link.ask("slip-failed", {**ticket, "reason": "killed", "copy": False})
                else:
                    self._link.ask("cancel-ticket", ticket)
        except LinkFault as fault:
            log.error("request-not-withdrawn", request=pending.request_id, reason=str(fault))
            return
        self._pending.clear(pending.request_id)

    # ------------------------------------------------------------ paper and words

    def _print(self, effect: fx.Print) -> None:
        ticket = effect.ticket
        open_request = self._pending.read()
        if open_request is not None:
            self._pending.note(open_request.request_id, printing=True)
        try:
            slip = slip_of(ticket, effect.language, self._names, copy=effect.copy)
            self._printer.print_slip(draw_slip(slip), ticket.number)
        except PrinterFault as fault:
            log.error("slip-not-printed", ticket=str(ticket.id), reason=fault.reason)
            self._post(ev.SlipStuck(ticket.id, fault.reason))
        else:
            self.slips = (f"{ticket.issued_at:%H:%M}  {ticket.number}", *self.slips)[:8]
            self._post(ev.SlipCame(ticket.id))

    def _report(self, effect: fx.Report) -> None:
        fields = {"ticket_id": str(effect.ticket_id), "copy": effect.copy}
        operation = "slip-printed" if effect.reason is None else "slip-failed"
        if effect.reason is not None:
            fields["reason"] = effect.reason
        request_id = uuid4()
        while not self._closing.is_set():
            try:
                self._link.ask(operation, fields, request_id=request_id)
            except NoAnswer:
                continue
            except LinkFault as fault:
                log.error("slip-not-reported", ticket=str(effect.ticket_id), reason=str(fault))
            return

    def _call_staff(self, screen: str) -> None:
        try:
            reached = self._link.ask("call-staff", {"screen": screen}).ok
        except LinkFault:
            reached = False
        self._post(ev.HelpAnswered(reached))

    def _test_print(self) -> None:
        try:
            self._printer.print_slip(draw_slip(_test_slip(self._names.centre("vi"))), "test")
        except PrinterFault as fault:
            log.error("test-slip-not-printed", reason=fault.reason)


class _Line:
    """Work done one after another on a thread of its own."""

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], None]) -> None:
        """Queues `work`."""
        self._work.put(work)

    def close(self, limit_s: float = 3.0) -> None:
        """Ends the thread after what is queued."""
        self._work.put(None)
        self._thread.join(limit_s)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception as error:  # listed loop: one effect that breaks must not stop the others
                log.error("effect-broke", error=str(error), exc_info=error)


def _test_slip(centre: str) -> Slip:
    """A slip that nobody can take for a number."""
    return Slip(
        language="vi",
        centre=centre,
        number="X000",
        service="In thử · Test",
        counters=(),
        people_ahead=0,
        wait_s=None,
        issued_at=datetime.now().astimezone(),
        track_url=None,
    )


def _heard(request_id: str, reply: Reply) -> ev.TicketGiven | ev.TicketRefused:
    if reply.refusal is not None:
        return ev.TicketRefused(request_id, reply.refusal.code, reply.refusal.message)
    ticket: IssuedTicket = read_answer(reply, IssueTicketAnswer).ticket
    return ev.TicketGiven(request_id, ticket)
