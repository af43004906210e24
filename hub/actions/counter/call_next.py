"""An officer calls the next number, or one out of turn."""

from collections.abc import Sequence

from hub.actions.counter.visit import CounterAnswer, answer
from hub.actions.work import Work
from hub.queueing import calling
from hub.queueing.ending import NOTHING_SAID, Ending
from hub.queueing.facts import Fact
from hub.queueing.line import LastPress


def call_next(work: Work, counter: str, officer: str, ending: Ending = NOTHING_SAID) -> CounterAnswer:
    """Finishes the visit at the counter and calls the next ticket.

    Refuses `nobody-waiting`, `still-called`, `counter-paused`, `counter-closed`, `counter-taken`, and what
    `hub.queueing.ending.finished` refuses.
    """
    stated = calling.call_next(work.line, work.set_up, counter, officer, work.now, ending)
    return _make(work, counter, officer, stated)


def pick_ticket(
    work: Work, counter: str, officer: str, ticket: str, reason: str, ending: Ending = NOTHING_SAID
) -> CounterAnswer:
    """Finishes the visit at the counter and calls `ticket` out of turn.

    Refuses `not-found`, `illegal-move`, `unknown-choice`, and what `call_next` refuses.
    """
    stated = calling.pick(work.line, work.set_up, counter, officer, ticket, reason, ending)
    return _make(work, counter, officer, stated)


def _make(work: Work, counter: str, officer: str, stated: Sequence[Fact]) -> CounterAnswer:
    before = [work.line.tickets[fact.ticket] for fact in stated]  # type: ignore[attr-defined]
    moves = []
    for fact, ticket in zip(stated, before, strict=True):
        work.state(fact)
        moves.append((ticket, work.line.touched(ticket.id)))
    work.line.remember_press(counter, LastPress(work.now, officer, tuple(moves)))
    return answer(work, counter, moves[-1][1])
