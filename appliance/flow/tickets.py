"""What becomes of a request: a number, a no, and the paper. One intention, one number, however it comes about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk, Taken, World
from appliance.flow.ways import NOTHING, STANDING_IN, Stepped, is_choosing, show, under

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from uuid import UUID

    from hub.contract.messages import IssuedTicket

COMING_LIMIT_S: Final = 60.0
"""Past this nobody stands and waits any more; a slip over a slow line may take longer than half of it."""
REFUSED_S: Final = 20.0
PASSING: Final = frozenset({"paper-out", "cover-open", "jam", "silent", "offline"})
"""Troubles of a printer that somebody can end while the person still stands there."""
MOST_AGAIN: Final = 3


def answered(kiosk: Kiosk, event: ev.Event) -> Stepped:
    """What hub, printer and the time before the start have to say."""
    match event, kiosk.screen:
        case ev.TicketGiven(request_id, ticket), sc.Working(request_id=asked) if request_id == asked:
            return _give(kiosk, ticket, request_id, copy=False)
        case ev.TicketRefused(request_id, code, words), sc.Working(request_id=asked) if request_id == asked:
            return show(kiosk, sc.Refused(code, words, kiosk.now_s + REFUSED_S)), NOTHING
        case ev.SlipCame(ticket_id), _:
            return _came(kiosk, ticket_id), NOTHING
        case ev.SlipStuck(ticket_id, reason), _:
            return _stuck(kiosk, ticket_id, reason)
        case ev.HelpAnswered(reached), sc.HelpCalled():
            return show(kiosk, replace(kiosk.screen, reached=reached)), NOTHING
        case ev.Recovered(), _:
            return _recovered(kiosk, event)
        case _:
            return kiosk, NOTHING


def run_late(kiosk: Kiosk, result: sc.Result) -> Kiosk:
    """Nobody is kept waiting for a slip without end. What became of it the printer will tell."""
    until_s = kiosk.now_s + kiosk.policy.trouble_s
    return show(kiosk, replace(result, paper=sc.Paper.FAILED, late=True, until_s=until_s))


def paper_back(kiosk: Kiosk, *, could_print: bool) -> Stepped:
    """The printer can print again, and the person whose slip has failed still stands there: a copy follows."""
    result = _standing(kiosk)
    if could_print or result is None or result.paper is not sc.Paper.FAILED or result.late:
        return kiosk, NOTHING
    return _print_again(kiosk, result)


def _give(kiosk: Kiosk, ticket: IssuedTicket, request_id: str, *, copy: bool) -> Stepped:
    """The number is on disk at the hub: it is shown at once, and the paper follows if there can be any."""
    kiosk = replace(kiosk, taken=Taken(ticket.service, ticket.number, kiosk.now_s))
    coming = sc.Result(ticket, sc.Paper.COMING, kiosk.now_s + COMING_LIMIT_S, copy, request_id)
    if kiosk.world.may_print:
        return show(kiosk, coming), (fx.Print(ticket, kiosk.comfort.language, copy, request_id),)
    failed = replace(coming, paper=sc.Paper.FAILED, until_s=kiosk.now_s + kiosk.policy.trouble_s)
    return show(kiosk, failed), (fx.NotPrinted(ticket.id, request_id, _why_no_paper(kiosk.world)),)


def _recovered(kiosk: Kiosk, event: ev.Recovered) -> Stepped:
    """The person may still stand here, and nobody else can have come: choosing waits for this. Should somebody be in
    the middle of something all the same, the screen is theirs, and what was promised is kept without it."""
    screen = under(kiosk.screen)
    if isinstance(screen, STANDING_IN) or is_choosing(screen):
        language = event.language if event.language in kiosk.policy.languages else kiosk.comfort.language
        kiosk = replace(kiosk, comfort=replace(kiosk.comfort, language=language))
        return _give(kiosk, event.ticket, event.request_id, copy=event.printing)
    if event.printing:
        return kiosk, (fx.Print(event.ticket, event.language, True, event.request_id),)
    if event.shown:
        return kiosk, (fx.NotPrinted(event.ticket.id, event.request_id, "killed"),)
    return kiosk, (fx.Withdraw(event.request_id),)


def _came(kiosk: Kiosk, ticket_id: UUID) -> Kiosk:
    result = _standing(kiosk)
    if result is None or result.ticket.id != ticket_id or result.paper is sc.Paper.PRINTED:
        return kiosk
    until_s = kiosk.now_s + kiosk.policy.result_s
    return _with(kiosk, replace(result, paper=sc.Paper.PRINTED, late=False, until_s=until_s))


def _stuck(kiosk: Kiosk, ticket_id: UUID, reason: str) -> Stepped:
    result = _standing(kiosk)
    if result is None or result.ticket.id != ticket_id:
        return kiosk, NOTHING
    if result.paper is not sc.Paper.COMING and not result.late:
        return kiosk, NOTHING
    until_s = kiosk.now_s + kiosk.policy.trouble_s
    failed = replace(result, paper=sc.Paper.FAILED, late=False, until_s=until_s)
    kiosk = _with(kiosk, failed)
    if reason in PASSING and kiosk.world.can_print:  # the trouble is over already
        return _print_again(kiosk, failed)
    return kiosk, NOTHING


def _print_again(kiosk: Kiosk, result: sc.Result) -> Stepped:
    if not kiosk.world.can_print or result.again >= MOST_AGAIN:
        return kiosk, NOTHING
    coming = replace(
        result, paper=sc.Paper.COMING, copy=True, again=result.again + 1, until_s=kiosk.now_s + COMING_LIMIT_S
    )
    printing = fx.Print(result.ticket, kiosk.comfort.language, True, result.request_id)
    return _with(kiosk, coming), (printing,)


def _standing(kiosk: Kiosk) -> sc.Result | None:
    """The number that stands on the screen, or under the notice that help was called."""
    screen = under(kiosk.screen)
    return screen if isinstance(screen, sc.Result) else None


def _with(kiosk: Kiosk, result: sc.Result) -> Kiosk:
    """The same number, with news of its paper."""
    if isinstance(kiosk.screen, sc.HelpCalled):
        return replace(kiosk, screen=replace(kiosk.screen, below=result))
    return show(kiosk, result)


def _why_no_paper(world: World) -> str:
    """The reason in the words of the wire."""
    if world.printer_link in ("cover-open", "jam", "silent", "offline"):
        return world.printer_link
    return "paper-out" if world.printer_paper == "out" else "unknown"
