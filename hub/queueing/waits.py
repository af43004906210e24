"""Who waits longest, and why: which counters could call them, and who is called before."""

from dataclasses import dataclass

from hub.contract.names import TicketState
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.alarms import at_work
from hub.queueing.line import Line
from hub.queueing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who waits. `counters`: those that could call this number, `working`: of these, those that call now.

    `before`: numbers that these counters call first, in their order, of whatever service.
    """

    ticket: Ticket
    since: Instant
    counters: tuple[str, ...]
    working: tuple[str, ...]
    before: tuple[str, ...]


def longest_waits(line: Line, set_up: SetUp, most: int) -> list[Wait]:
    """The `most` people who have waited longest, the longest first."""
    waiting = [one for one in line.tickets.values() if one.state is TicketState.WAITING]
    waiting.sort(key=lambda one: (one.waits_since, one.order))
    return [wait_of(line, set_up, one) for one in waiting[:most]]


def wait_of(line: Line, set_up: SetUp, ticket: Ticket) -> Wait:
    """Why `ticket` still waits."""
    serving = set_up.counters_of.get(ticket.service, ())
    counters = serving if ticket.sent_to is None else (ticket.sent_to,)
    working = tuple(one for one in counters if at_work(line, one))
    return Wait(ticket, ticket.waits_since, counters, working, _before(line, set_up, ticket, working or counters))


def _before(line: Line, set_up: SetUp, ticket: Ticket, counters: tuple[str, ...]) -> tuple[str, ...]:
    """Counters call those sent to them first, then who has the earliest turn over all their services."""
    sent = {turn for one in counters for turn in line.sent_on.get(one, ())}
    services = {service for one in counters for service in set_up.counter[one].services if one in set_up.counter}
    common = {turn for service in services for turn in line.waiting.get(service, ()) if turn < ticket.turn}
    if ticket.sent_to is not None:
        ahead = sorted(turn for turn in sent if turn < ticket.turn)
    else:
        ahead = [*sorted(sent), *sorted(common)]
    return tuple(line.tickets[turn[-1]].number for turn in ahead)
