"""The one-time set-up code."""

import pytest

from hub.web.setup_code import LETTERS, SetupCode, new_code


@pytest.mark.parametrize("typed", ["X7K2M-9PQ4T", "x7k2m9pq4t", " x7k2m 9pq4t ", "X7K2M–9PQ4T"])
def test_it_is_known_however_it_is_typed(typed: str) -> None:
    """Case, spaces and dashes are the reader's own."""
    assert SetupCode("X7K2M-9PQ4T").matches(typed)


@pytest.mark.parametrize("typed", ["", "-", "X7K2M-9PQ4", "X7K2M-9PQ4TT", "ẍ7k2m9pq4t"])
def test_nothing_else_is(typed: str) -> None:
    """Not even nearly."""
    assert not SetupCode("X7K2M-9PQ4T").matches(typed)


def test_without_a_code_nobody_comes_in() -> None:
    """A set-up that knows none refuses the empty one as well."""
    assert not SetupCode(None).matches("")


def test_codes_are_readable_and_never_the_same() -> None:
    """No letter that looks like another; two of a thousand are not alike."""
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(set(code) <= {*LETTERS, "-"} and len(code) == 11 for code in codes)
