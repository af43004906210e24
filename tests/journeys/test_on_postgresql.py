"""The same journeys with PostgreSQL."""

import pytest

from tests.journeys.journeys import JOURNEYS
from tests.journeys.playing import play
from tests.postgresql import PostgreSQL


@pytest.mark.postgresql
@pytest.mark.parametrize("journey", JOURNEYS)
def test_journey(journey: str, postgresql: PostgreSQL) -> None:
    """Every step comes true."""
    name = postgresql.create()
    play(journey, postgresql.url(name))
    postgresql.drop(name)
