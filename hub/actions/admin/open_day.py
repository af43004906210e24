"""The centre's day changes at local midnight; numbers start anew."""

from hub.actions.work import Work
from hub.queueing.days import day_to_open


def open_day_if_due(work: Work) -> None:
    """Opens today when the last entry lies on an earlier day. A clock behind the last entry opens nothing."""
    day = day_to_open(work.wall, work.line.last_entry_at, work.line.day, work.rules.zone)
    if day is not None:
        work.open_day(day)
