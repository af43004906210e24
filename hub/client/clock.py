"""The hub's time as a device estimates it from replies. Pure: readings of clocks are arguments.

Each reply says when the hub wrote it; halfway between asking and hearing is the best guess of when that was here, wrong
by half the round trip at most. The estimate hangs on the monotonic clock, so a step of the device's own clock (a Pi
without a battery, a time server found late) does not move it.
"""

from dataclasses import dataclass
from typing import Final

from hub.contract.time import Instant

KEPT: Final = 8
"""Samples that are compared; the one with the shortest round trip counts."""
RECENT_S: Final = 600.0
"""Older samples are dropped: quartz drifts."""
SLACK_S: Final = 0.005
"""What two honest samples may differ by beyond their round trips: milliseconds on the wire, and drift."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One reply: the hub's time, in seconds, at the monotonic clock's zero, and how sure that is."""

    zero_s: float
    round_trip_s: float
    heard_s: float

    def agrees(self, other: "Sample") -> bool:
        """Whether both can be true, each being wrong by half its round trip at most."""
        return abs(self.zero_s - other.zero_s) <= (self.round_trip_s + other.round_trip_s) / 2 + SLACK_S


class HubClock:
    """Keeps the recent samples and tells the hub's time by the best of them."""

    def __init__(self) -> None:
        self._samples: tuple[Sample, ...] = ()

    def observe(self, *, asked_s: float, heard_s: float, hub_at: Instant) -> None:
        """A request sent once, at `asked_s`, was answered at `heard_s` with `hub_at` (monotonic seconds)."""
        new = Sample(hub_at / 1000 - (asked_s + heard_s) / 2, heard_s - asked_s, heard_s)
        # A sample that contradicts the new one is from before a clock was set: it says nothing any more.
        still = [old for old in self._samples if old.agrees(new) and heard_s - old.heard_s <= RECENT_S]
        self._samples = (*still, new)[-KEPT:]

    def hub_time(self, monotonic_s: float) -> Instant | None:
        """The hub's time now, or None before the first reply."""
        samples = self._samples
        if not samples:
            return None
        best = min(samples, key=lambda sample: sample.round_trip_s)
        return Instant(round((best.zero_s + monotonic_s) * 1000))
