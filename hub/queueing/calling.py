"""Calling and serving: who is next, and what an officer's press does to the ticket at the counter."""

from collections.abc import Callable
from typing import Final

from hub.contract.names import TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import CounterSetUp, SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.line import Desk, Line
from hub.queueing.ticket import Ticket, Verb, after


def choose_next(line: Line, counter: CounterSetUp, now: Instant) -> Ticket | None:  # noqa: ARG001 - the rule may weigh time
    """The waiting ticket that `counter` should call at `now`: first come, first served over its services."""
    heads = [line.waiting[service][0] for service in counter.services if line.waiting.get(service)]
    return line.tickets[min(heads)[1]] if heads else None


def call_next(line: Line, set_up: SetUp, counter: str, officer: str, now: Instant) -> list[f.Fact]:
    """Calls the next ticket; a visit being served is finished first.

    Refuses `still-called` while a called person has not come, `nobody-waiting`, and what `desk_at_work` refuses.
    When nobody waits the visit being served is not finished: nothing is changed.
    """
    desk = desk_at_work(line, set_up, counter, officer)
    if desk.paused:
        raise Refusal(RefusalCode.COUNTER_PAUSED)
    stated: list[f.Fact] = []
    if desk.ticket is not None:
        current = line.tickets[desk.ticket]
        if current.state is TicketState.CALLED:
            raise Refusal(RefusalCode.STILL_CALLED)
        stated.append(f.ServiceFinished(current.id, counter, officer))
    chosen = choose_next(line, set_up.counter[counter], now)
    if chosen is None:
        raise Refusal(RefusalCode.NOBODY_WAITING)
    return [*stated, f.TicketCalled(chosen.id, chosen.number, counter, officer)]


_AT_COUNTER: Final[dict[Verb, Callable[[Ticket, str, str], f.Fact]]] = {
    Verb.RECALL: lambda t, counter, officer: f.TicketRecalled(t.id, t.number, counter, officer, t.recalls + 1),
    Verb.START: lambda t, counter, officer: f.ServiceStarted(t.id, counter, officer),
    Verb.FINISH: lambda t, counter, officer: f.ServiceFinished(t.id, counter, officer),
    Verb.NO_SHOW: lambda t, counter, officer: f.TicketNotCome(t.id, counter, officer),
    Verb.HOLD: lambda t, counter, officer: f.TicketHeld(t.id, counter, officer),
    Verb.RETURN: lambda t, _, officer: f.TicketReturned(t.id, officer),
    Verb.CANCEL: lambda t, _, officer: f.TicketCancelled(t.id, officer),
}


def press(line: Line, set_up: SetUp, counter: str, officer: str, verb: Verb, ticket: str | None) -> f.Fact:
    """One officer's press on the ticket at the counter, or on `ticket`: a held or missed one of today.

    Refuses `not-found` (no ticket there), `illegal-move`, `not-allowed` (at another counter), and what
    `desk_at_work` refuses.
    """
    subject = named_or_present(line, set_up, counter, officer, ticket)
    after(subject.state, verb)
    if verb not in _AT_COUNTER:
        raise Refusal(RefusalCode.ILLEGAL_MOVE)
    return _AT_COUNTER[verb](subject, counter, officer)


def transfer(line: Line, set_up: SetUp, counter: str, officer: str, service: str, ticket: str | None) -> f.Fact:
    """Sends the ticket at the counter on to `service`; its number and its place by arrival stay."""
    subject = named_or_present(line, set_up, counter, officer, ticket)
    if service not in set_up.service:
        raise Refusal(RefusalCode.UNKNOWN_SERVICE)
    after(subject.state, Verb.TRANSFER)
    if service == subject.service:
        raise Refusal(RefusalCode.ILLEGAL_MOVE)
    return f.TicketTransferred(subject.id, service, officer)


def give_back(ticket: Ticket, by: str) -> f.TicketCancelled:
    """The citizen gives the number back. Refuses `illegal-move` once it is being served or has ended."""
    after(ticket.state, Verb.CANCEL)
    return f.TicketCancelled(ticket.id, by)


def desk_at_work(line: Line, set_up: SetUp, counter: str, officer: str) -> Desk:
    """The counter as `officer` has it open. Refuses `unknown-counter`, `counter-closed`, `counter-taken`."""
    if counter not in set_up.counter:
        raise Refusal(RefusalCode.UNKNOWN_COUNTER)
    desk = line.desk(counter)
    if desk.officer is None:
        raise Refusal(RefusalCode.COUNTER_CLOSED)
    if desk.officer != officer:
        raise Refusal(RefusalCode.COUNTER_TAKEN)
    return desk


def named_or_present(line: Line, set_up: SetUp, counter: str, officer: str, ticket: str | None) -> Ticket:
    """`ticket`, or the one at the counter. Refuses `not-found`, `not-allowed` (at another counter), and what
    `desk_at_work` refuses.
    """
    desk = desk_at_work(line, set_up, counter, officer)
    wanted = ticket or desk.ticket
    if wanted is None or wanted not in line.tickets:
        raise Refusal(RefusalCode.NOT_FOUND)
    subject = line.tickets[wanted]
    elsewhere = subject.counter not in (None, counter)
    if elsewhere and subject.state in (TicketState.CALLED, TicketState.SERVING):
        raise Refusal(RefusalCode.NOT_ALLOWED)
    return subject
