"""A citizen gives a number back."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.moving import give_back


def cancel_ticket(work: Work, asker: Asker, ticket_id: str) -> Done:
    """Takes the number out of the line. Only the device that issued it may, and whoever holds the slip
    (`citizen:<ticket>`: the random key of its address was shown).

    Refuses `not-found`, `not-allowed`, and `illegal-move` once it is being served or has ended.
    """
    ticket = work.line.tickets.get(ticket_id) or work.find_ticket(ticket_id)
    if ticket is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    if asker.key not in (ticket.asker, f"citizen:{ticket.id}"):
        raise Refusal(RefusalCode.NOT_ALLOWED)
    work.state(give_back(ticket, asker.key))
    return Done()
