"""The hub's time, from replies."""

from hypothesis import given
from hypothesis import strategies as st

from hub.client.clock import RECENT_S, SLACK_S, HubClock
from hub.contract.time import Instant

HUB_AT_ZERO = 1_795_400_000.0
"""The hub's time in seconds when the device's monotonic clock was zero."""


def observe(clock: HubClock, asked_s: float, there_s: float, back_s: float, zero_s: float = HUB_AT_ZERO) -> float:
    """A round trip that took `there_s` and `back_s`; returns when it ended."""
    hub_at = Instant(round((zero_s + asked_s + there_s) * 1000))
    clock.observe(asked_s=asked_s, heard_s=asked_s + there_s + back_s, hub_at=hub_at)
    return asked_s + there_s + back_s


def error_s(clock: HubClock, now_s: float, zero_s: float = HUB_AT_ZERO) -> float:
    hub_time = clock.hub_time(now_s)
    assert hub_time is not None
    return abs(hub_time / 1000 - zero_s - now_s)


def test_before_the_first_reply_it_knows_nothing() -> None:
    """And says so."""
    assert HubClock().hub_time(5.0) is None


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 2)), min_size=1, max_size=12))
def test_it_is_wrong_by_half_the_shortest_round_trip_at_most(trips: list[tuple[float, float]]) -> None:
    """However the network takes its time."""
    clock, now_s = HubClock(), 0.0
    for there_s, back_s in trips:
        now_s = observe(clock, now_s, there_s, back_s)
    shortest = min(there_s + back_s for there_s, back_s in trips[-8:])
    assert error_s(clock, now_s) <= shortest / 2 + 0.002


def test_the_shortest_round_trip_counts() -> None:
    """Not the last."""
    clock = HubClock()
    observe(clock, 1.0, 0.001, 0.001)
    now_s = observe(clock, 2.0, 0.9, 0.1)
    assert error_s(clock, now_s) < 0.002


def test_a_hub_that_was_set_is_believed_at_once() -> None:
    """What was heard before contradicts it and is forgotten."""
    clock = HubClock()
    observe(clock, 1.0, 0.001, 0.001)
    now_s = observe(clock, 2.0, 0.05, 0.05, zero_s=HUB_AT_ZERO - 3600)
    assert error_s(clock, now_s, HUB_AT_ZERO - 3600) < 0.06


def test_old_samples_are_dropped() -> None:
    """Quartz drifts."""
    clock = HubClock()
    observe(clock, 0.0, 0.0, 0.0)
    drift_s = SLACK_S * 0.8
    now_s = observe(clock, RECENT_S + 1, 0.01, 0.01, zero_s=HUB_AT_ZERO + drift_s)
    assert error_s(clock, now_s, HUB_AT_ZERO + drift_s) < 0.001
