"""How busy a simulated centre is: who comes for what, how long it takes, who does not come when called."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class ServiceProfile:
    """`per_hour`: arrivals; `minutes`: the middle visit's length. Visits are log-normal (Brown et al. 2005)."""

    per_hour: float
    minutes: float


SIGMA: Final = 0.75
"""Spread of the visits' logarithm."""

NO_SHOW: Final = 1 / 12
"""Share of those called who do not come."""

WALK_S: Final = (8.0, 40.0)
"""From the call to the counter, seconds."""

ENGLISH: Final = 0.03
"""Share of visitors who read English rather than Vietnamese."""

ORDINARY_DAY: Final[Mapping[str, ServiceProfile]] = {
    "civil-status": ServiceProfile(14, 6),
    "certification": ServiceProfile(20, 4),
    "land": ServiceProfile(9, 12),
    "social": ServiceProfile(5, 7),
    "business": ServiceProfile(4, 9),
    "results": ServiceProfile(12, 3),
}
"""A middling ward; services that a centre does not have are left out, those without a profile get `UNKNOWN`."""

UNKNOWN: Final = ServiceProfile(6, 6)


@dataclass(frozen=True)
class Arrival:
    """A visitor comes `after_s` seconds after the one before, for `service`."""

    after_s: float
    service: str
    class_: str
    language: str


def arrivals(services: Mapping[str, ServiceProfile], classes: list[str], dice: random.Random) -> Iterator[Arrival]:
    """Visitors without end. One in eight belongs to a class other than the first."""
    total = sum(profile.per_hour for profile in services.values())
    names, weights = list(services), [profile.per_hour for profile in services.values()]
    while True:
        yield Arrival(
            after_s=dice.expovariate(total / 3600),
            service=dice.choices(names, weights)[0],
            class_=dice.choice(classes[1:]) if len(classes) > 1 and dice.random() < 1 / 8 else classes[0],
            language="en" if dice.random() < ENGLISH else "vi",
        )


def visit_s(profile: ServiceProfile, dice: random.Random) -> float:
    """How long this visit takes, in seconds; an hour at most."""
    return min(3600.0, profile.minutes * 60 * math.exp(dice.gauss(0, SIGMA)))
