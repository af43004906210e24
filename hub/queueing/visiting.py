"""What a press does to the ticket at a counter, or to a held or missed one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.calling import named_or_present
from hub.queueing.ending import NOTHING_SAID, Ending, finished
from hub.queueing.line import Line
from hub.queueing.moving import returned
from hub.queueing.ticket import Ticket, Verb, after


@dataclass(frozen=True, slots=True)
class Press:
    """An officer's press. `ticket`: a held or missed one of today, without it the one at the counter; `ending`: how
    the visit ended; `note_key`: of what was written down for whoever comes next.
    """

    verb: Verb
    ticket: str | None = None
    ending: Ending = NOTHING_SAID
    note_key: str | None = None


@dataclass(frozen=True, slots=True)
class _At:
    """Where a press is made, by whom and when."""

    line: Line
    set_up: SetUp
    counter: str
    officer: str
    now: Instant


def _recalled(at: _At, ticket: Ticket, _: Press) -> f.Fact:
    repeat = ticket.recalls + 1
    if repeat >= at.set_up.calling.most_calls:
        raise Refusal(RefusalCode.CALLED_ENOUGH)
    return f.TicketRecalled(ticket.id, ticket.number, at.counter, at.officer, repeat)


_MAKE: Final[dict[Verb, Callable[[_At, Ticket, Press], f.Fact]]] = {
    Verb.RECALL: _recalled,
    Verb.START: lambda at, ticket, _: f.ServiceStarted(ticket.id, at.counter, at.officer),
    Verb.FINISH: lambda at, ticket, press: finished(at.set_up, ticket, at.counter, at.officer, press.ending),
    Verb.NO_SHOW: lambda at, ticket, _: f.TicketNotCome(ticket.id, at.counter, at.officer),
    Verb.HOLD: lambda at, ticket, press: f.TicketHeld(ticket.id, at.counter, at.officer, press.note_key),
    Verb.RETURN: lambda at, ticket, _: returned(at.line, at.set_up, ticket, at.officer, at.now),
    Verb.CANCEL: lambda at, ticket, _: f.TicketCancelled(ticket.id, at.officer),
}


def make(line: Line, set_up: SetUp, counter: str, officer: str, now: Instant, press: Press) -> f.Fact:
    """What one press states.

    Refuses `not-found` (no ticket there), `illegal-move`, `not-allowed` (at another counter), `called-enough`,
    `return-over`, and what `desk_at_work` and `finished` refuse.
    """
    subject = named_or_present(line, set_up, counter, officer, press.ticket)
    after(subject.state, press.verb)
    if press.verb not in _MAKE:
        raise Refusal(RefusalCode.ILLEGAL_MOVE)
    return _MAKE[press.verb](_At(line, set_up, counter, officer, now), subject, press)
