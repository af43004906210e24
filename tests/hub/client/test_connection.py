"""The parts of the connection that need no broker."""

from hypothesis import given
from hypothesis import strategies as st

from hub.client.connection import FIRST_PAUSE_S, LONGEST_PAUSE_S, Deliveries, pause_s


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_a_pause_has_its_limits(failures: int, chance: float) -> None:
    """However long the broker is away."""
    assert FIRST_PAUSE_S <= pause_s(failures, chance) <= LONGEST_PAUSE_S


def test_pauses_grow_and_spread() -> None:
    """The first is short; later ones use the whole range."""
    assert pause_s(1, 1.0) <= 0.4
    assert pause_s(20, 1.0) == LONGEST_PAUSE_S
    assert pause_s(20, 0.0) == FIRST_PAUSE_S


def test_a_denial_is_told_once_whichever_comes_first() -> None:
    """The sender's note, or the broker's word."""
    told: list[str] = []
    deliveries = Deliveries()
    deliveries.sent(1, lambda: told.append("late"))
    deliveries.acknowledged(1, denied=True)
    deliveries.acknowledged(2, denied=True)
    deliveries.sent(2, lambda: told.append("early"))
    assert told == ["late", "early"]


def test_what_is_taken_is_not_denied() -> None:
    """Nor what belongs to an older connection."""
    told: list[str] = []
    deliveries = Deliveries()
    deliveries.sent(1, lambda: told.append("taken"))
    deliveries.acknowledged(1, denied=False)
    deliveries.acknowledged(2, denied=False)
    deliveries.sent(2, lambda: told.append("taken"))
    deliveries.sent(3, lambda: told.append("forgotten"))
    deliveries.forget()
    deliveries.acknowledged(3, denied=True)
    assert told == []
