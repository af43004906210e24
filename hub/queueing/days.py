"""Days of the centre, and the time an entry is given when clocks misbehave."""

from datetime import tzinfo

from hub.contract.names import Day
from hub.contract.time import Instant, to_datetime


def entry_time(now: Instant, last: Instant) -> Instant:
    """The time of a new entry: never before the last one, so that no duration can be negative."""
    return max(now, last)


def day_of(instant: Instant, zone: tzinfo) -> Day:
    """The centre's calendar day at `instant`: days change at local midnight, whatever daylight saving does."""
    return Day(to_datetime(instant, zone).date().isoformat())


def day_to_open(now: Instant, last: Instant, current: Day | None, zone: tzinfo) -> Day | None:
    """The day that must be opened before anything else is entered, or None.

    A clock behind the last entry opens no day: staff confirm the date first (`hub.actions.admin.confirm_date`).
    """
    if now < last:
        return None
    today = day_of(now, zone)
    return today if current is None or today > current else None
