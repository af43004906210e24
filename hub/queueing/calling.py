"""Calling: who is next at a counter, who may be called out of turn, and who may press there at all."""

from hub.contract.names import TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import CounterSetUp, SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.ending import NOTHING_SAID, Ending, finished
from hub.queueing.line import Desk, Line
from hub.queueing.ticket import Ticket, Verb, after


def choose_next(line: Line, counter: CounterSetUp, now: Instant) -> Ticket | None:  # noqa: ARG001 - the rule may weigh time
    """The waiting ticket that `counter` should call at `now`: those sent to this counter only, then its services; each
    first come, first served.
    """
    sent_here = line.sent_on.get(counter.id)
    if sent_here:
        return line.tickets[sent_here[0][-1]]
    heads = [line.waiting[service][0] for service in counter.services if line.waiting.get(service)]
    return line.tickets[min(heads)[-1]] if heads else None


def call_next(
    line: Line, set_up: SetUp, counter: str, officer: str, now: Instant, ending: Ending = NOTHING_SAID
) -> list[f.Fact]:
    """Calls the next ticket; a visit being served is finished first, with `ending`.

    Refuses `still-called` while a called person has not come, `nobody-waiting`, and what `desk_at_work` and `finished`
    refuse. When nobody waits the visit being served is not finished: nothing is changed.
    """
    present = _free_to_call(line, set_up, counter, officer)
    chosen = choose_next(line, set_up.counter[counter], now)
    if chosen is None:
        raise Refusal(RefusalCode.NOBODY_WAITING)
    before = [] if present is None else [finished(set_up, present, counter, officer, ending)]
    return [*before, f.TicketCalled(chosen.id, chosen.number, counter, officer)]


def pick(
    line: Line, set_up: SetUp, counter: str, officer: str, ticket: str, reason: str, ending: Ending = NOTHING_SAID
) -> list[f.Fact]:
    """Calls `ticket` out of turn, for one of the centre's reasons: one that waits, is held, or did not come.

    Refuses `not-found`, `illegal-move`, `unknown-choice`, and what `call_next` refuses.
    """
    present = _free_to_call(line, set_up, counter, officer)
    chosen = line.tickets.get(ticket)
    if chosen is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    after(chosen.state, Verb.CALL)
    if reason not in {one.id for one in set_up.calling.pick_reasons}:
        raise Refusal(RefusalCode.UNKNOWN_CHOICE)
    before = [] if present is None else [finished(set_up, present, counter, officer, ending)]
    return [*before, f.TicketCalled(chosen.id, chosen.number, counter, officer, picked=reason)]


def _free_to_call(line: Line, set_up: SetUp, counter: str, officer: str) -> Ticket | None:
    """The visit that is over with the next call, if there is one."""
    desk = desk_at_work(line, set_up, counter, officer)
    if desk.paused:
        raise Refusal(RefusalCode.COUNTER_PAUSED)
    present = None if desk.ticket is None else line.tickets[desk.ticket]
    if present is not None and present.state is TicketState.CALLED:
        raise Refusal(RefusalCode.STILL_CALLED)
    return present


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
