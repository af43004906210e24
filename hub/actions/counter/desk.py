"""An officer opens, pauses, resumes or closes a counter."""

from collections.abc import Callable
from typing import Final

from hub.actions.counter.visit import CounterAnswer, answer
from hub.actions.work import Work
from hub.contract.set_up import SetUp
from hub.queueing import desks
from hub.queueing.facts import Fact
from hub.queueing.line import Line

_Decide = Callable[[Line, SetUp, str, str], list[Fact]]

DESK_VERBS: Final[dict[str, _Decide]] = {
    "open": desks.open_counter,
    "pause": desks.pause_counter,
    "resume": desks.resume_counter,
    "close": desks.close_counter,
}


def change_desk(work: Work, counter: str, officer: str, verb: str) -> CounterAnswer:
    """One of `DESK_VERBS`. Refuses what `hub.queueing.desks` refuses for it."""
    work.state(*DESK_VERBS[verb](work.line, work.set_up, counter, officer))
    at_counter = work.line.desk(counter).ticket
    return answer(work, counter, work.line.tickets[at_counter] if at_counter else None)
