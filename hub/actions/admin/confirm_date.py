"""Staff confirm that the hub's clock is right, though it lies before the last entry."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.queueing.days import day_of
from hub.queueing.facts import ClockConfirmed


def confirm_date(work: Work, asker: Asker) -> Done:
    """From here on entries carry the clock's time again, and its day is opened; numbers given that day go on."""
    if work.wall < work.line.last_entry_at:
        work.confirm_clock(ClockConfirmed(work.line.last_entry_at, asker.key))
    day = day_of(work.wall, work.rules.zone)
    if day != work.line.day:
        work.open_day(day)
    return Done()
