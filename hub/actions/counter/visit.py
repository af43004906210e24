"""An officer's presses on the ticket at the counter: one table of moves, one way to make them."""

from hub.actions.work import Work
from hub.contract.messages import Count, Message, Short
from hub.contract.names import CounterState, Id, TicketNumber, TicketState
from hub.queueing import facts as f
from hub.queueing.calling import press, transfer
from hub.queueing.line import LastPress
from hub.queueing.ticket import Ticket, Verb
from hub.queueing.undoing import undo


class TicketAtCounter(Message):
    """The ticket an officer has just acted on. `waiting_s`: from issue to the first call, or until now."""

    id: Short
    number: TicketNumber
    service: Id
    state: TicketState
    recalls: Count
    waited_s: Count


class CounterAnswer(Message):
    """What a press at a counter led to. `ticket`: the one acted on, null when there is none."""

    counter: Id
    state: CounterState
    ticket: TicketAtCounter | None


def move_ticket(work: Work, counter: str, officer: str, verb: Verb, ticket: str | None = None) -> CounterAnswer:
    """Recall, start, finish, no-show, hold, return or cancel: the ticket at the counter, or a held or missed one.

    Refuses `not-found`, `illegal-move`, `not-allowed`, `counter-closed`, `counter-taken`.
    """
    return _make(work, counter, officer, press(work.line, work.set_up, counter, officer, verb, ticket))


def transfer_ticket(work: Work, counter: str, officer: str, service: str, ticket: str | None = None) -> CounterAnswer:
    """Sends the ticket on to another service. Refuses `unknown-service` and what `move_ticket` refuses."""
    return _make(work, counter, officer, transfer(work.line, work.set_up, counter, officer, service, ticket))


def undo_press(work: Work, counter: str, officer: str) -> CounterAnswer:
    """Takes back the counter's last press. Refuses `nothing-to-undo`."""
    undone = undo(work.line, work.set_up, counter, officer, work.now, work.rules.undo_ms)
    for fact, before in undone:
        work.state_undone(fact, before)
    work.line.remember_press(counter, None)
    return answer(work, counter, work.line.tickets[undone[-1][0].ticket])


def answer(work: Work, counter: str, ticket: Ticket | None) -> CounterAnswer:
    """How the counter stands now, and the ticket acted on, as it stands now."""
    at_counter = None
    if ticket is not None:
        waited = (ticket.called_at or work.now) - ticket.issued_at
        at_counter = TicketAtCounter(
            id=ticket.id,
            number=ticket.number,
            service=ticket.service,
            state=ticket.state,
            recalls=ticket.recalls,
            waited_s=max(0, waited) // 1000,
        )
    return CounterAnswer(counter=counter, state=work.line.counter_state(counter), ticket=at_counter)


def _make(work: Work, counter: str, officer: str, fact: f.Fact) -> CounterAnswer:
    ticket_id: str = fact.ticket  # type: ignore[attr-defined]
    before = work.line.tickets[ticket_id]
    work.state(fact)
    after = work.line.touched(ticket_id)
    press_made = LastPress(work.now, officer, ((before, after),))
    work.line.remember_press(counter, None if isinstance(fact, f.TicketRecalled) else press_made)
    return answer(work, counter, after)
