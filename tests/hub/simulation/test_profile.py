"""The profile of a simulated centre: pure, and as busy as it says."""

import random
from collections import Counter
from itertools import islice

import pytest

from hub.simulation.profile import NO_SHOW, ORDINARY_DAY, WALK_S, Arrival, ServiceProfile, arrivals, visit_s

CLASSES = ["ordinary", "elderly", "child"]
MANY = 20_000


def visitors(seed: int, count: int = MANY) -> list[Arrival]:
    """The first ones of a seed."""
    return list(islice(arrivals(ORDINARY_DAY, CLASSES, random.Random(seed)), count))


def test_a_seed_sends_the_same_visitors() -> None:
    """Another one sends others."""
    assert visitors(1, 50) == visitors(1, 50)
    assert visitors(1, 50) != visitors(2, 50)


def test_as_many_come_as_the_profile_says() -> None:
    """In all, and by service."""
    came = visitors(3)
    hours = sum(one.after_s for one in came) / 3600
    assert MANY / hours == pytest.approx(sum(one.per_hour for one in ORDINARY_DAY.values()), rel=0.05)
    by_service = Counter(one.service for one in came)
    assert by_service.keys() == ORDINARY_DAY.keys()
    for service, profile in ORDINARY_DAY.items():
        assert by_service[service] / hours == pytest.approx(profile.per_hour, rel=0.1)


def test_one_in_eight_is_of_another_class() -> None:
    """Where there are classes; every class comes."""
    came = visitors(4)
    assert sum(one.class_ != "ordinary" for one in came) / MANY == pytest.approx(1 / 8, rel=0.1)
    assert {one.class_ for one in came} == set(CLASSES)
    only = islice(arrivals(ORDINARY_DAY, ["ordinary"], random.Random(4)), 200)
    assert {one.class_ for one in only} == {"ordinary"}


def test_some_read_english() -> None:
    """A few."""
    assert {one.language for one in visitors(5)} == {"vi", "en"}


def test_visits_last_as_long_as_the_profile_says() -> None:
    """The middle one; none is endless."""
    dice = random.Random(6)
    lengths = sorted(visit_s(ServiceProfile(10, 6), dice) for _ in range(MANY))
    assert lengths[MANY // 2] == pytest.approx(6 * 60, rel=0.05)
    assert lengths[-1] <= 3600
    assert lengths[0] > 0


def test_the_rest_of_the_profile_makes_sense() -> None:
    """Nobody walks for nothing, and most do come."""
    assert 0 < WALK_S[0] < WALK_S[1]
    assert 0 < NO_SHOW < 0.5
