"""Ticket numbers: a service's prefix and its own sequence per day."""

from typing import Final

DIGITS: Final = 3
LARGEST: Final = 99_999
"""The last one that fits the wire; behind it a service is closed for the day."""


def number(prefix: str, sequence: int) -> str:
    """`A001` for ("A", 1). Past 999 the number grows a digit, it never wraps."""
    return f"{prefix}{sequence:0{DIGITS}d}"


def next_hundred(sequence: int) -> int:
    """The first number a restored hub gives when `sequence` would be its next: 1 → 101, 13 → 101, 101 → 201.

    Numbers given after the back-up was made are unknown to it; the jump keeps clear of them.
    """
    return ((sequence - 1) // 100 + 1) * 100 + 1
