"""Journeys through a centre with the embedded database; in each of them every message is held against THE table."""

import pytest

from tests.journeys.journeys import JOURNEYS
from tests.journeys.playing import play


@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey(journey: str) -> None:
    """Every step comes true."""
    play(journey)
