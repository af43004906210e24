"""Tickets move in the line, whoever says so: sent on, brought back, of another class, given back."""

from hub.contract.names import TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.line import Line
from hub.queueing.ticket import BEFORE_ALL, Ticket, Verb, after

RESTING = (TicketState.HELD, TicketState.NO_SHOW)


def sent_to_service(
    set_up: SetUp, ticket: Ticket, service: str, by: str, note_key: str | None = None
) -> f.TicketTransferred:
    """On to `service`; number and place stay. One that was sent to a counter may be sent back to its own service.

    Refuses `unknown-service`, `illegal-move`.
    """
    if service not in set_up.service:
        raise Refusal(RefusalCode.UNKNOWN_SERVICE)
    after(ticket.state, Verb.TRANSFER)
    bound = ticket.state is TicketState.WAITING and ticket.sent_to is not None
    if service == ticket.service and not bound:
        raise Refusal(RefusalCode.ILLEGAL_MOVE)
    return f.TicketTransferred(ticket.id, service, by, note_key=note_key)


def sent_to_counter(
    line: Line, set_up: SetUp, ticket: Ticket, counter: str, by: str, note_key: str | None = None
) -> f.TicketTransferred:
    """On to `counter`, which alone calls it, before others; when that closes, the ticket waits for its service again.

    Refuses `unknown-counter`, `counter-closed`, and `illegal-move`, also to the counter where it is already.
    """
    if counter not in set_up.counter:
        raise Refusal(RefusalCode.UNKNOWN_COUNTER)
    after(ticket.state, Verb.TRANSFER)
    here = {TicketState.WAITING: ticket.sent_to, TicketState.HELD: None}.get(ticket.state, ticket.counter)
    if counter == here:
        raise Refusal(RefusalCode.ILLEGAL_MOVE)
    if line.desk(counter).officer is None:
        raise Refusal(RefusalCode.COUNTER_CLOSED)
    return f.TicketTransferred(ticket.id, ticket.service, by, sent_to=counter, note_key=note_key)


def returned(line: Line, set_up: SetUp, ticket: Ticket, by: str, now: Instant) -> f.TicketReturned:
    """Back in the line: a called or served one as if it had not been called, a held or missed one as the centre says.

    Refuses `illegal-move`, and `return-over` when the time for coming back is over.
    """
    after(ticket.state, Verb.RETURN)
    if ticket.state not in RESTING:
        return f.TicketReturned(ticket.id, by, sent_to=still_open(line, ticket.sent_to))
    within_min = set_up.returning.within_min
    if within_min is not None and now - ticket.since > within_min * 60_000:
        raise Refusal(RefusalCode.RETURN_OVER)
    places = {"own": ticket.order, "front": ticket.order - BEFORE_ALL, "after": line.next_order}
    return f.TicketReturned(ticket.id, by, place=places[set_up.returning.place])


def still_open(line: Line, counter: str | None) -> str | None:
    """`counter` if somebody sits there: nobody waits for a counter that is closed."""
    return counter if counter is not None and line.desk(counter).officer is not None else None


def class_changed(set_up: SetUp, ticket: Ticket, class_: str, by: str) -> f.ClassChanged:
    """Its holder is of this class. Refuses `unknown-class`, also where the service does not take it, `illegal-move`."""
    after(ticket.state, Verb.SET_CLASS)
    service = set_up.service.get(ticket.service)
    taken = set_up.class_ids if service is None or not service.classes else service.classes
    if class_ not in taken:
        raise Refusal(RefusalCode.UNKNOWN_CLASS)
    if class_ == ticket.class_:
        raise Refusal(RefusalCode.ILLEGAL_MOVE)
    return f.ClassChanged(ticket.id, class_, by)


def give_back(ticket: Ticket, by: str) -> f.TicketCancelled:
    """The number is given back, or taken out. Refuses `illegal-move` once it is being served or has ended."""
    after(ticket.state, Verb.CANCEL)
    return f.TicketCancelled(ticket.id, by)
