"""The throttle: guessing is slow, and strangers never lock the owner out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract.refusals import Refusal, RefusalCode
from hub.web.throttle import ADDRESS, BESIEGED_FROM, PAIR, REMEMBERED, Throttle, network

HOME, ELSEWHERE = "203.0.113.9", "198.51.100.7"
DAY = 86_400


def tried(throttle: Throttle, account: str, address: str, now: float) -> float:
    """0 when the try was let through, else the seconds to wait."""
    try:
        throttle.take(account, address, now)
    except Refusal as refusal:
        assert refusal.code is RefusalCode.TOO_MANY
        assert refusal.retry_after_s is not None
        return refusal.retry_after_s
    return 0


def test_a_thousand_tries_from_one_address_take_days() -> None:
    """Tried again the moment it is allowed: three are free, then the wait grows to five minutes."""
    throttle, now, waits = Throttle(), 1000.0, []
    for _ in range(1000):
        while wait := tried(throttle, "hanh", HOME, now):
            waits.append(wait)
            now += wait
    assert now - 1000 > 3 * DAY
    assert waits[:4] == [2, 3, 5, 9]
    assert max(waits) <= PAIR.most_s + 1
    assert DAY / (now - 1000) * 1000 < 300


def test_a_thousand_impatient_tries_let_a_handful_through() -> None:
    """Ten a second for 100 s: what comes too early counts as nothing and learns nothing."""
    throttle = Throttle()
    let_through = sum(not tried(throttle, "hanh", HOME, 1000 + number / 10) for number in range(1000))
    assert let_through == 9


def test_the_owner_comes_in_from_another_address_meanwhile() -> None:
    """However often strangers try, an address nobody has tried from is let through at once."""
    throttle, now = Throttle(), 1000.0
    for number in range(1000):
        tried(throttle, "hanh", f"203.0.{number // 250}.{number % 250}", now)
        now += 0.5
    assert tried(throttle, "hanh", ELSEWHERE, now) == 0


def test_the_owner_who_signed_in_before_is_not_held_to_the_siege() -> None:
    """An address known from before keeps its three free tries while strangers besiege the account."""
    throttle, now = Throttle(), 1000.0
    throttle.take("hanh", HOME, now)
    throttle.succeeded("hanh", HOME, now)
    for number in range(BESIEGED_FROM + 5):
        tried(throttle, "hanh", f"203.0.1.{number}", now)
    assert [tried(throttle, "hanh", HOME, now + number) for number in range(3)] == [0, 0, 0]
    assert tried(throttle, "hanh", "203.0.1.1", now + 3) > 0


def test_a_besieged_account_allows_each_stranger_one_try() -> None:
    """After thirty tries from strangers within the hour a new address has one, then waits eight seconds."""
    throttle = Throttle()
    for number in range(BESIEGED_FROM):
        tried(throttle, "hanh", f"203.0.1.{number}", 1000)
    assert tried(throttle, "hanh", ELSEWHERE, 1001) == 0
    assert tried(throttle, "hanh", ELSEWHERE, 1002) == 8
    assert tried(throttle, "binh", ELSEWHERE, 1002) == 0


def test_one_address_cannot_go_through_all_names() -> None:
    """Twenty tries are free whatever the names; then the wait grows to a minute."""
    throttle, now = Throttle(), 1000.0
    free = [tried(throttle, f"name{number}", HOME, now) for number in range(ADDRESS.free)]
    assert free == [0] * ADDRESS.free
    for number in range(1000):
        now += tried(throttle, f"other{number}", HOME, now)
        tried(throttle, f"other{number}", HOME, now)
    assert now - 1000 > 0.9 * 980 * 60


def test_a_stranger_at_the_next_desk_does_not_shut_out_the_officers() -> None:
    """Behind one router: who has signed in from there before is not asked how often the address was tried."""
    throttle = Throttle()
    throttle.take("binh", HOME, 900)
    throttle.succeeded("binh", HOME, 900)
    for number in range(200):
        tried(throttle, f"name{number}", HOME, 1000 + number / 100)
    assert tried(throttle, "lan", HOME, 1003) > 0
    assert tried(throttle, "binh", HOME, 1003) == 0


def test_a_right_password_clears_and_quiet_forgets() -> None:
    """Two mistakes before it are forgotten at once, a day's tries after an hour."""
    throttle = Throttle()
    for second in (0, 10, 20):
        assert tried(throttle, "hanh", HOME, 1000 + second) == 0
    throttle.succeeded("hanh", HOME, 1020)
    assert [tried(throttle, "hanh", HOME, 1021 + n) for n in range(3)] == [0, 0, 0]
    for number in range(50):
        tried(throttle, "hanh", HOME, 1100 + 30 * number)
    assert tried(throttle, "hanh", HOME, 1100 + 30 * 50 + PAIR.forgotten_after_s + 1) == 0


def test_memory_is_bounded() -> None:
    """Names invented without end push each other out."""
    throttle = Throttle()
    for number in range(REMEMBERED + 500):
        tried(throttle, f"name{number}", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 1000)
    assert len(throttle._pairs) <= REMEMBERED
    assert len(throttle._accounts) <= REMEMBERED
    assert len(throttle._addresses) <= REMEMBERED


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unknown", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str, counts_as: str) -> None:
    """A household has one IPv4 address, or a /64 full of them."""
    assert network(address) == counts_as


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5), st.floats(0, 600)), max_size=60))
def test_whoever_waits_as_told_is_let_through(steps: list[tuple[str, int, float]]) -> None:
    """The seconds named are enough, and never more than the longest wait."""
    throttle, now = Throttle(), 1000.0
    for account, host, pause in steps:
        now += pause
        wait = tried(throttle, account, f"10.0.0.{host}", now)
        assert wait <= PAIR.most_s + 1
        if wait:
            assert tried(throttle, account, f"10.0.0.{host}", now + wait) == 0
            now += wait
