"""The decoder is strict: what a printer would not understand, it does not either."""

import pytest

from tests.hardware.printer.decoder import decode


def test_it_reads_what_a_slip_is_made_of() -> None:
    """Pictures below each other, fed and cut."""
    strip = b"\x1d\x76\x30\x00\x02\x00\x01\x00"
    paper = decode(b"\x1b\x40" + strip + b"\x80\x01" + strip + b"\xff\x00" + b"\x1b\x64\x04" + b"\x1d\x56\x42\x00")
    assert (paper.initialised, paper.strips, paper.lines_fed, paper.cuts) == (1, [1, 1], 4, 1)
    assert paper.image.size == (16, 2)
    black = [(x, y) for y in range(2) for x in range(16) if paper.image.getpixel((x, y)) == 0]
    assert black == [(0, 0), (15, 0), *((x, 1) for x in range(8))]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\x1b\x40A", "byte 2: 41"),
        (b"\x1b\x40\x00", "byte 2: 00"),
        (b"\x1b\x21\x00", "byte 0: 1b 21"),
        (b"\x1d\x56", "byte 0: 1d 56"),
        (b"\x1d\x56\x42", "ends within"),
        (b"\x1b\x64", "ends within"),
        (b"\x1d\x76\x30\x00\x48\x00\x01\x00\x00", "ends within"),
        (b"\x1d\x76\x30\x00\x48\x00", "normal size"),
        (b"\x1d\x76\x30\x01\x01\x00\x01\x00\xff", "normal size"),
        (b"\x1d\x76\x30\x00\x01\x00\x01\x00\xff\x1d\x76\x30\x00\x02\x00\x01\x00\xff\xff", "another width"),
        (b"\x10\x04\x05", "byte 0: 10 04 05"),
    ],
)
def test_anything_else_is_an_error_with_its_place(data: bytes, problem: str) -> None:
    """Unknown bytes, commands that end early, pictures that do not fit together."""
    with pytest.raises(ValueError, match=problem):
        decode(data)


def test_nothing_is_nothing() -> None:
    """No bytes, no paper."""
    assert decode(b"").image.size == (0, 0)
