"""An officer's presses on the ticket at the counter: one table of moves, one way to make them."""

from hub.actions.counter.note import write_note
from hub.actions.work import Work
from hub.contract.messages import Count, Message, Short
from hub.contract.names import CounterState, Id, TicketNumber, TicketState
from hub.queueing import facts as f
from hub.queueing.calling import named_or_present
from hub.queueing.ending import NOTHING_SAID, Ending
from hub.queueing.line import LastPress
from hub.queueing.moving import class_changed, sent_to_counter, sent_to_service
from hub.queueing.ticket import Ticket, Verb
from hub.queueing.undoing import undo
from hub.queueing.visiting import Press, make


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


def move_ticket(
    work: Work,
    counter: str,
    officer: str,
    verb: Verb,
    ticket: str | None = None,
    *,
    ending: Ending = NOTHING_SAID,
    note: str | None = None,
) -> CounterAnswer:
    """Recall, start, finish, no-show, hold, return or cancel: the ticket at the counter, or a held or missed one.

    Refuses `not-found`, `illegal-move`, `not-allowed`, `counter-closed`, `counter-taken`, `called-enough`,
    `return-over`, and what `hub.queueing.ending.finished` refuses.
    """
    subject = named_or_present(work.line, work.set_up, counter, officer, ticket)
    key = write_note(work, subject.id, note)
    press = Press(verb, ticket, ending, key)
    return _make(work, counter, officer, make(work.line, work.set_up, counter, officer, work.now, press))


def transfer_ticket(
    work: Work, counter: str, officer: str, service: str, ticket: str | None = None, note: str | None = None
) -> CounterAnswer:
    """Sends the ticket on to another service, with a line for whoever calls it there.

    Refuses `unknown-service` and what `move_ticket` refuses.
    """
    subject = named_or_present(work.line, work.set_up, counter, officer, ticket)
    key = write_note(work, subject.id, note)
    return _make(work, counter, officer, sent_to_service(work.set_up, subject, service, officer, key))


def send_to_counter(
    work: Work, counter: str, officer: str, onward: str, ticket: str | None = None, note: str | None = None
) -> CounterAnswer:
    """Sends the ticket to the counter `onward`, which alone calls it.

    Refuses `unknown-counter`, `counter-closed`, and what `move_ticket` refuses.
    """
    subject = named_or_present(work.line, work.set_up, counter, officer, ticket)
    key = write_note(work, subject.id, note)
    return _make(work, counter, officer, sent_to_counter(work.line, work.set_up, subject, onward, officer, key))


def set_class(work: Work, counter: str, officer: str, class_: str, ticket: str | None = None) -> CounterAnswer:
    """Sets the class of the ticket at the counter, or of a named one. Refuses `unknown-class`, and as `move_ticket`."""
    subject = named_or_present(work.line, work.set_up, counter, officer, ticket)
    return _make(work, counter, officer, class_changed(work.set_up, subject, class_, officer))


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
