"""Plays a journey."""

from tests.journeys.hall import hall
from tests.journeys.journeys import JOURNEYS


def play(journey: str, database_url: str = "") -> None:
    """Every step comes true, one after the other, in a centre of its own."""
    with hall(database_url) as opened:
        for number, step in enumerate(JOURNEYS[journey], start=1):
            try:
                step.play(opened)
            except BaseException as failure:
                failure.add_note(f"in step {number}: {step}")
                raise
