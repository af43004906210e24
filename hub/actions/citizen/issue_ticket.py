"""A citizen gets a number."""

from uuid import UUID

from hub.actions.work import Asker, Work
from hub.contract.messages import IssuedTicket, IssueTicketAnswer
from hub.contract.names import SlipState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import to_datetime
from hub.queueing.issuing import Wish, issue
from hub.queueing.ticket import Ticket


def issue_ticket(
    work: Work,
    asker: Asker,
    request_id: str,
    *,
    service: str,
    class_: str,
    language: str,
    slip: SlipState = SlipState.UNKNOWN,
) -> IssueTicketAnswer:
    """The next number of `service`, or the one this very request was given before.

    Refuses `hub-full` when the disk runs low, `too-many`, and what `hub.queueing.issuing.issue` refuses.
    """
    before = work.find_by_request(asker.key, request_id)
    if before is not None:
        return IssueTicketAnswer(ticket=issued(work, before))
    if work.low_on_disk:
        raise Refusal(RefusalCode.HUB_FULL)
    fact = issue(
        work.line,
        work.set_up,
        Wish(service, class_, language, asker.key, request_id, work.new_id(), work.new_key(), slip),
    )
    if asker.kind == "device":
        work.issue_limit.take(asker.id, work.now)
    work.state(fact)
    return IssueTicketAnswer(ticket=issued(work, work.line.tickets[fact.ticket]))


def issued(work: Work, ticket: Ticket) -> IssuedTicket:
    """What goes on the slip of `ticket` now."""
    public_url = work.rules.public_url
    return IssuedTicket(
        id=UUID(ticket.id),
        number=ticket.number,
        service=ticket.service,
        class_=ticket.class_,
        issued_at=to_datetime(ticket.issued_at, work.rules.zone),
        people_ahead=work.line.people_ahead(ticket),
        wait=None,
        counters=list(work.set_up.counters_of.get(ticket.service, ())),
        track_url=f"{public_url}/t/{ticket.track_key}" if public_url else None,
    )
