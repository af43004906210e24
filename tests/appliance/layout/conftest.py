"""The text engine without a window: it measures the same words as it draws."""

import pytest

from appliance.layout.pen import Measure
from tests.appliance.ui.glass import prepare


@pytest.fixture(scope="session")
def measure() -> Measure:
    """How wide words are on the glass."""
    prepare()
    from appliance.ui.letters import measure as measured

    return measured
