"""Instants as the house counts them, and their form on the wire."""

from datetime import UTC, datetime, tzinfo
from typing import NewType

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00Z. Whole numbers: stored, compared and subtracted without surprises."""


def from_datetime(moment: datetime) -> Instant:
    """The instant of an aware `moment`. A naive one is a programming error and raises `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no instant")
    return Instant(round(moment.timestamp() * 1000))


def to_datetime(instant: Instant, zone: tzinfo = UTC) -> datetime:
    """`instant` on the clocks of `zone`."""
    return datetime.fromtimestamp(instant / 1000, zone)


def to_rfc3339(instant: Instant, zone: tzinfo = UTC) -> str:
    """RFC 3339 with offset and milliseconds, `2026-11-23T08:42:00.120+07:00`."""
    return to_datetime(instant, zone).isoformat(timespec="milliseconds")


def seconds_between(earlier: Instant, later: Instant) -> int:
    """Whole seconds from `earlier` to `later`, never negative: clocks step back, durations do not."""
    return max(0, later - earlier) // 1000
