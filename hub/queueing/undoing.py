"""Taking back an officer's last press, as long as nobody has built on it."""

from hub.contract.names import LIVE_STATES, TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.calling import desk_at_work
from hub.queueing.facts import MoveUndone
from hub.queueing.line import Line
from hub.queueing.moving import still_open
from hub.queueing.ticket import Ticket

Place = tuple[TicketState, Instant, str | None, str | None, str]


def undo(
    line: Line, set_up: SetUp, counter: str, officer: str, now: Instant, within_ms: int
) -> list[tuple[MoveUndone, Ticket]]:
    """What to state, newest move first, each with the ticket as it stood before.

    Refuses `nothing-to-undo` when the press is older than `within_ms`, was another officer's, or when a
    ticket it moved has moved on since.
    """
    desk_at_work(line, set_up, counter, officer)
    last = line.presses.get(counter)
    if last is None or last.officer != officer or not 0 <= now - last.at <= within_ms:
        raise Refusal(RefusalCode.NOTHING_TO_UNDO)
    if any(_place(line.tickets.get(after.id)) != _place(after) for _, after in last.moves):
        raise Refusal(RefusalCode.NOTHING_TO_UNDO)
    return [(_undone(line, before, counter, officer), before) for before, _ in reversed(last.moves)]


def _place(ticket: Ticket | None) -> Place | None:
    """Where a ticket stands in the line, and as what; None when it is in it no longer."""
    if ticket is None or ticket.state not in LIVE_STATES:
        return None
    return (ticket.state, ticket.since, ticket.counter, ticket.sent_to, ticket.class_)


def _undone(line: Line, before: Ticket, counter: str, officer: str) -> MoveUndone:
    return MoveUndone(
        ticket=before.id,
        counter=counter,
        by=officer,
        service=before.service,
        state=before.state,
        since=before.since,
        at_counter=before.counter,
        officer=before.officer,
        called_at=before.called_at,
        started_at=before.started_at,
        recalls=before.recalls,
        legs=before.legs,
        class_=before.class_,
        place=before.place,
        sent_to=still_open(line, before.sent_to),
    )
