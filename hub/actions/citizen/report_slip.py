"""A device says what became of the paper."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.facts import SlipFailed, SlipPrinted
from hub.queueing.line import with_slip


def report_slip_printed(work: Work, asker: Asker, ticket_id: str, *, copy: bool) -> Done:
    """The paper came out. Refuses `not-found`, and `not-allowed` from another device than the one that issued or, for
    a number of the desk, the one that prints for the desk.
    """
    return _report(work, asker, SlipPrinted(ticket_id, copy))


def report_slip_failed(work: Work, asker: Asker, ticket_id: str, *, copy: bool, reason: str) -> Done:
    """The paper did not come out; officers see it. Refuses like `report_slip_printed`."""
    return _report(work, asker, SlipFailed(ticket_id, copy, reason))


def _report(work: Work, asker: Asker, fact: SlipPrinted | SlipFailed) -> Done:
    ticket = work.line.tickets.get(fact.ticket) or work.find_ticket(fact.ticket)
    if ticket is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    of_a_device = ticket.asker.startswith("device:")
    prints_for_the_desk = asker == Asker("device", work.set_up.reception.kiosk or "")
    if ticket.asker != asker.key and (of_a_device or not prints_for_the_desk):
        raise Refusal(RefusalCode.NOT_ALLOWED)
    work.state(fact)
    if fact.ticket not in work.line.tickets:
        work.save_ticket(with_slip(ticket, fact))
    return Done()
