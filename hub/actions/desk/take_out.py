"""The desk takes a number out of the line."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.moving import give_back


def take_out(work: Work, asker: Asker, ticket_id: str) -> Done:
    """For whoever is not there to do it, or cannot. It does not come back.

    Refuses `not-found`, and `illegal-move` once it is being served or has ended.
    """
    ticket = work.line.tickets.get(ticket_id) or work.find_ticket(ticket_id)
    if ticket is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    work.state(give_back(ticket, asker.key))
    return Done()
