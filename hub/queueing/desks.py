"""Counters open, pause, resume and close."""

from hub.contract.names import TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.calling import desk_at_work
from hub.queueing.line import Line


def open_counter(line: Line, set_up: SetUp, counter: str, officer: str) -> list[f.Fact]:
    """The officer sits down; a counter he or she had open elsewhere is closed first.

    Opening the counter one already has is no change. Refuses `unknown-counter`, `counter-taken`,
    and `still-serving` while a visit at the other counter is not over.
    """
    if counter not in set_up.counter:
        raise Refusal(RefusalCode.UNKNOWN_COUNTER)
    holder = line.desk(counter).officer
    if holder == officer:
        return []
    if holder is not None:
        raise Refusal(RefusalCode.COUNTER_TAKEN)
    before = line.desk_of(officer)
    leaving = [] if before is None else close_counter(line, set_up, before, officer)
    return [*leaving, f.CounterOpened(counter, officer)]


def close_counter(line: Line, set_up: SetUp, counter: str, officer: str) -> list[f.Fact]:
    """The officer leaves; a called ticket goes back to its place, and those sent here wait for their services again.

    Refuses `still-serving`.
    """
    desk = desk_at_work(line, set_up, counter, officer)
    stated: list[f.Fact] = []
    if desk.ticket is not None:
        if line.tickets[desk.ticket].state is TicketState.SERVING:
            raise Refusal(RefusalCode.STILL_SERVING)
        stated.append(f.TicketReturned(desk.ticket, officer))
    stated += [f.TicketReleased(turn[-1], counter, officer) for turn in line.sent_on.get(counter, ())]
    return [*stated, f.CounterClosed(counter, officer)]


def pause_counter(
    line: Line, set_up: SetUp, counter: str, officer: str, reason: str | None = None, until: Instant | None = None
) -> list[f.Fact]:
    """No calls to this counter until resumed. `until`: of a break, for those who wait; it does not end by itself.

    Pausing again changes what was said of it, or nothing. Refuses `still-called`, `still-serving`, `unknown-choice`.
    """
    desk = desk_at_work(line, set_up, counter, officer)
    if desk.ticket is not None:
        called = line.tickets[desk.ticket].state is TicketState.CALLED
        raise Refusal(RefusalCode.STILL_CALLED if called else RefusalCode.STILL_SERVING)
    if reason is not None and reason not in {one.id for one in set_up.pausing.reasons}:
        raise Refusal(RefusalCode.UNKNOWN_CHOICE)
    same = (desk.paused, desk.reason, desk.until) == (True, reason, until)
    return [] if same else [f.CounterPaused(counter, officer, reason, until)]


def resume_counter(line: Line, set_up: SetUp, counter: str, officer: str) -> list[f.Fact]:
    """The counter calls again; resuming one that is not paused is no change."""
    desk = desk_at_work(line, set_up, counter, officer)
    return [f.CounterResumed(counter, officer)] if desk.paused else []
