"""A step that fails shows what it saw."""

import pytest

pytest.register_assert_rewrite("tests.journeys.hall", "tests.journeys.steps", "tests.journeys.overheard")
