"""How often one device may ask for numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant
from hub.queueing.limits import IssueLimit

LATER = st.lists(st.integers(-120_000, 120_000), max_size=60)


def taken(limit: IssueLimit, device: str, now: int) -> bool:
    try:
        limit.take(device, Instant(now))
    except Refusal as refusal:
        assert refusal.code is RefusalCode.TOO_MANY
        assert refusal.retry_after_s is not None
        return False
    return True


def test_the_burst_passes_and_the_next_is_refused() -> None:
    """Ten at once, not eleven; another device has its own bucket."""
    limit = IssueLimit(per_minute=30, burst=10)
    assert [taken(limit, "k1", 0) for _ in range(11)] == [True] * 10 + [False]
    assert taken(limit, "k2", 0)


def test_waiting_as_long_as_it_says_is_enough_and_not_much_too_long() -> None:
    """`retry_after_s` is honest."""
    limit = IssueLimit(per_minute=30, burst=1)
    assert taken(limit, "k1", 0)
    with pytest.raises(Refusal) as caught:
        limit.take("k1", Instant(0))
    wait = caught.value.retry_after_s
    assert wait == 3  # two seconds a number, and never one too few
    assert not taken(limit, "k1", 1999)
    assert taken(limit, "k1", wait * 1000)


def test_a_refused_attempt_costs_nothing() -> None:
    """A child that keeps pressing does not push the next number away."""
    limit = IssueLimit(per_minute=60, burst=1)
    assert taken(limit, "k1", 0)
    assert not any(taken(limit, "k1", now) for now in range(0, 999, 100))
    assert taken(limit, "k1", 1000)


@given(st.integers(1, 600), st.integers(1, 20), LATER)
def test_never_more_than_the_burst_and_what_time_gives(per_minute: int, burst: int, steps: list[int]) -> None:
    """Whatever the clock does; a clock that steps back gives nothing, and takes nothing for good."""
    limit, now, forward, passed = IssueLimit(per_minute, burst), 0, 0, 0
    for step in steps:
        now += step
        forward += max(0, step)
        passed += taken(limit, "k1", now)
    assert passed <= burst + forward * per_minute / 60_000 + 1e-6
    assert taken(limit, "k1", now + 60_000 * burst)
