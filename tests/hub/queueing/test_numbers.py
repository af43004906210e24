"""Numbers: prefix and sequence, growing, never wrapping."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from hub.contract.names import TicketNumber
from hub.contract.refusals import RefusalCode
from hub.queueing.numbers import LARGEST, next_hundred, number
from tests.hub.queueing.hall import Hall

PREFIXES = st.from_regex(r"[A-Z]{1,2}", fullmatch=True)
SEQUENCES = st.integers(1, LARGEST)


@pytest.mark.parametrize(
    ("prefix", "sequence", "text"),
    [("A", 1, "A001"), ("A", 999, "A999"), ("A", 1000, "A1000"), ("CK", 12, "CK012"), ("A", LARGEST, "A99999")],
)
def test_the_form(prefix: str, sequence: int, text: str) -> None:
    """Three digits at least; past 999 one more."""
    assert number(prefix, sequence) == text


@given(PREFIXES, SEQUENCES)
def test_every_number_fits_the_wire(prefix: str, sequence: int) -> None:
    """`TicketNumber` takes whatever is given."""
    TypeAdapter(TicketNumber).validate_python(number(prefix, sequence))


@given(PREFIXES, SEQUENCES, PREFIXES, SEQUENCES)
def test_two_sequences_never_make_one_number(prefix: str, sequence: int, other: str, another: int) -> None:
    """The number can be taken apart again, so it is given once."""
    found = re.fullmatch(r"([A-Z]+)(\d+)", number(prefix, sequence))
    assert found is not None
    assert (found[1], int(found[2])) == (prefix, sequence)
    same = number(prefix, sequence) == number(other, another)
    assert same == ((prefix, sequence) == (other, another))


@given(st.integers(1, 10**6))
def test_the_jump_is_beyond_everything_given_and_lands_behind_a_hundred(sequence: int) -> None:
    """What the lost hour gave is less than a hundred numbers: none of them is given again."""
    landed = next_hundred(sequence)
    assert landed % 100 == 1
    assert sequence < landed <= sequence + 100


def test_each_service_has_its_own_sequence() -> None:
    """A001 and B001 stand beside each other."""
    hall = Hall()
    assert [hall.issue(service).number for service in ("births", "land", "births", "trade", "land")] == [
        "A001",
        "B001",
        "A002",
        "CK001",
        "B002",
    ]


def test_a_service_runs_out_rather_than_breaks() -> None:
    """Past the largest number that fits the wire the service is closed for the day."""
    hall = Hall()
    hall.line.start_numbers({"births": LARGEST}, 1)
    assert hall.issue().number == f"A{LARGEST}"
    hall.refuses(RefusalCode.SERVICE_CLOSED, hall.issue)
