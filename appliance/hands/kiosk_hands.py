"""The kiosk's hands: asks the hub, prints, reports. Each on a thread of its own, so that the screen never waits."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.hands.giving_back import GivingBack
from appliance.hands.line import Line
from appliance.hands.pending import Pending, PendingRequests, Report, Stage
from appliance.hands.printing import SlipPrinter
from appliance.hands.requests import Post, Requests
from hub.client.errors import LinkFault
from hub.client.link import HubLink
from hub.client.spool import Spool
from hub.contract.messages import IssuedTicket

PRINTED_WITHIN_S: Final = 180.0
"""A printer over the slowest line, with one slip before this one, is done by then."""

log = structlog.get_logger("appliance.hands")


@dataclass(frozen=True)
class Outside:
    """What only the program can do: set the sound as it was, change it by steps, end itself."""

    set_sound: Callable[[], None]
    change_volume: Callable[[int], None]
    restart: Callable[[], None]


class KioskHands:
    """Carries the flow's effects out over link, printer and disk. `close()` twice is harmless."""

    def __init__(
        self,
        link: HubLink,
        slips: SlipPrinter,
        pending: PendingRequests,
        spool: Spool,
        outside: Outside,
        *,
        post: Post,
        patience_s: float,
    ) -> None:
        self._link = link
        self._slips = slips
        self._pending = pending
        self._spool = spool
        self._outside = outside
        self._post = post
        self._closing = threading.Event()
        self._requests = Requests(link, pending, post=post, closing=self._closing, patience_s=patience_s)
        self._giving_back = GivingBack(link, pending, spool)
        self._lines = {name: Line(name) for name in ("asking", "printing", "telling", "calling")}

    def start(self) -> None:
        """What an earlier life has left is finished first: what was only to be told, and what was under way."""
        for one in self._pending.all():
            if one.report is not None:
                self._spool.add(one.report.operation, one.report.fields, one.report.request_id)
                self._pending.clear(one.request_id)
        self._lines["printing"].do(self._slips.warm_up)
        self._lines["asking"].do(self._recover)
        self._lines["telling"].do(self._outside.set_sound)
        self._giving_back.start()

    def carry_out(self, effect: fx.Effect) -> None:
        """Begins; returns at once."""
        match effect:
            case fx.Ask():
                self._lines["asking"].do(lambda: self._ask(effect))
            case fx.Print():
                self._lines["printing"].do(lambda: self._print(effect))
            case fx.NotPrinted(ticket_id, request_id, reason):
                self._lines["telling"].do(lambda: self._tell(request_id, ticket_id, reason, copy=False))
            case fx.Withdraw(request_id):
                self._lines["telling"].do(lambda: self._withdraw(request_id))
            case fx.CallStaff(screen):
                self._lines["calling"].do(lambda: self._call_staff(screen))
            case fx.TestPrint():
                self._lines["printing"].do(self._test)
            case fx.SetVolume(steps):
                self._lines["telling"].do(lambda: self._outside.change_volume(steps))
            case fx.Restart():
                self._outside.restart()
            case _:
                log.error("unknown-effect", effect=type(effect).__name__)

    def print_copy(self, ticket: IssuedTicket, language: str) -> str:
        """Prints a copy that staff has ordered, whatever the screen shows, and waits for it. Why not, or nothing."""
        return self._in_turn(lambda: self._copy(ticket, language))

    def print_test(self) -> str:
        """Prints a test slip, and waits for it. Why not, or nothing."""
        return self._in_turn(self._test)

    def close(self) -> None:
        """Lets what is under way end, for a moment."""
        self._closing.set()
        for line in self._lines.values():
            line.close()
        self._giving_back.close()

    # ------------------------------------------------------------ asking

    def _recover(self) -> None:
        self._requests.recover()
        self._giving_back.wake()

    def _ask(self, wish: fx.Ask) -> None:
        self._requests.ask(wish)
        self._giving_back.wake()

    def _withdraw(self, request_id: str) -> None:
        self._requests.note(request_id, Stage.WITHDRAWN)
        self._giving_back.wake()

    def _call_staff(self, screen: str) -> None:
        try:
            reached = self._link.ask("call-staff", {"screen": screen}).ok
        except (LinkFault, TimeoutError):
            reached = False
        self._post(ev.HelpAnswered(reached))

    # ------------------------------------------------------------ paper

    def _print(self, effect: fx.Print) -> None:
        ticket = effect.ticket
        noted = self._note_printing(effect)
        trouble = self._slips.print(ticket, effect.language, copy=effect.copy) if noted else "unknown"
        if trouble is not None and self._closing.is_set():
            return  # the program ends, not the paper: the next one prints it again
        self._tell(effect.request_id, ticket.id, trouble, copy=effect.copy)
        self._post(ev.SlipCame(ticket.id) if trouble is None else ev.SlipStuck(ticket.id, trouble))

    def _note_printing(self, effect: fx.Print) -> bool:
        """On disk before the first byte, or nothing is printed: nobody could tell a copy from the first slip."""
        ticket = effect.ticket
        try:
            if self._pending.find(effect.request_id) is None:
                now_s = self._link.now().timestamp()
                asked = effect.request_id, ticket.service, ticket.class_, effect.language, now_s
                self._pending.write(Pending(*asked, stage=Stage.PRINTING, again=True))
            return self._pending.advance(effect.request_id, Stage.PRINTING)
        except OSError as problem:
            log.error("printing-not-on-disk", ticket=str(ticket.id), problem=str(problem))
            return False

    def _test(self) -> str:
        return self._slips.print_test() or ""

    def _copy(self, ticket: IssuedTicket, language: str) -> str:
        trouble = self._slips.print(ticket, language, copy=True)
        report = _report(ticket.id, trouble, copy=True, again=True)
        self._spool.add(report.operation, report.fields, report.request_id)
        if trouble is None:
            self._post(ev.SlipCame(ticket.id))
        return trouble or ""

    def _tell(self, request_id: str, ticket_id: UUID, trouble: str | None, *, copy: bool) -> None:
        """The hub will know, whatever happens from here on; and the request is over."""
        request = self._pending.find(request_id)
        report = _report(ticket_id, trouble, copy=copy, again=request is not None and request.again)
        try:
            self._pending.report(request_id, report)
            self._spool.add(report.operation, report.fields, report.request_id)
            self._pending.clear(request_id)
        except OSError as problem:
            log.error("report-not-on-disk", ticket=str(ticket_id), problem=str(problem))
            self._spool.add(report.operation, report.fields, report.request_id)

    def _in_turn(self, work: Callable[[], str]) -> str:
        """Done on the printer's line, one slip after another."""
        done: Future[str] = Future()

        def do() -> None:
            try:
                done.set_result(work())
            except Exception as error:  # a listed catch: whoever waits is told
                done.set_exception(error)

        self._lines["printing"].do(do)
        return done.result(PRINTED_WITHIN_S)


def _report(ticket_id: UUID, trouble: str | None, *, copy: bool, again: bool) -> Report:
    """What the hub is told of a slip. A slip that fails after another was told of takes nothing back (`copy`)."""
    ticket = {"ticket_id": str(ticket_id)}
    if trouble is None:
        return Report("slip-printed", {**ticket, "copy": copy}, uuid7())
    return Report("slip-failed", {**ticket, "reason": trouble, "copy": again}, uuid7())
