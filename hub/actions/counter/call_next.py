"""An officer calls the next number."""

from hub.actions.counter.visit import CounterAnswer, answer
from hub.actions.work import Work
from hub.queueing.calling import call_next as decide
from hub.queueing.line import LastPress


def call_next(work: Work, counter: str, officer: str) -> CounterAnswer:
    """Finishes the visit at the counter and calls the next ticket.

    Refuses `nobody-waiting`, `still-called`, `counter-paused`, `counter-closed`, `counter-taken`.
    """
    stated = decide(work.line, work.set_up, counter, officer, work.now)
    before = [work.line.tickets[fact.ticket] for fact in stated]  # type: ignore[attr-defined]
    moves = []
    for fact, ticket in zip(stated, before, strict=True):
        work.state(fact)
        moves.append((ticket, work.line.touched(ticket.id)))
    work.line.remember_press(counter, LastPress(work.now, officer, tuple(moves)))
    return answer(work, counter, moves[-1][1])
