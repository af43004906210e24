"""An officer opens, pauses, resumes or closes a counter."""

from collections.abc import Callable
from typing import Final

from hub.actions.counter.visit import CounterAnswer, answer
from hub.actions.work import Work
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import desks
from hub.queueing.facts import Fact
from hub.queueing.line import Line

_Decide = Callable[[Line, SetUp, str, str], list[Fact]]

DESK_VERBS: Final[dict[str, _Decide]] = {
    "open": desks.open_counter,
    "resume": desks.resume_counter,
    "close": desks.close_counter,
}


def change_desk(work: Work, counter: str, officer: str, verb: str) -> CounterAnswer:
    """One of `DESK_VERBS`. Refuses what `hub.queueing.desks` refuses for it."""
    work.state(*DESK_VERBS[verb](work.line, work.set_up, counter, officer))
    return _answer(work, counter)


def pause_desk(
    work: Work, counter: str, officer: str, reason: str | None = None, minutes: int | None = None
) -> CounterAnswer:
    """No calls to this counter for now; with `minutes` a break, of which the hall is told how long it is meant to be.

    Refuses `still-called`, `still-serving`, `unknown-choice`, `counter-closed`, `counter-taken`.
    """
    until = None if minutes is None else Instant(work.now + minutes * 60_000)
    work.state(*desks.pause_counter(work.line, work.set_up, counter, officer, reason, until))
    return _answer(work, counter)


def _answer(work: Work, counter: str) -> CounterAnswer:
    at_counter = work.line.desk(counter).ticket
    return answer(work, counter, work.line.tickets[at_counter] if at_counter else None)
