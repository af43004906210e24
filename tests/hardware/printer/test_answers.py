"""What a printer's answers mean, for every byte that can come."""

from itertools import product

import pytest

from hardware.printer.answers import Question, Reading, is_answer, is_confirmation, read
from hardware.printer.port import PrinterState

ANSWERS = [byte for byte in range(256) if f"{byte:08b}"[0] == "0" and f"{byte:08b}"[3] + f"{byte:08b}"[6:] == "110"]
ONLINE, OFFLINE = 0x12, 0x1A


def test_questions_are_three_bytes() -> None:
    """`DLE EOT n`."""
    assert [question.code for question in Question] == [
        b"\x10\x04\x01",
        b"\x10\x04\x02",
        b"\x10\x04\x03",
        b"\x10\x04\x04",
    ]


def test_of_all_bytes_sixteen_can_be_answers() -> None:
    """`0xx1xx10`; neither XON nor XOFF, nor the answer to another command."""
    assert [byte for byte in range(256) if is_answer(byte)] == ANSWERS
    assert len(ANSWERS) == 16
    assert not any(map(is_answer, b"\x11\x13\x00\x03\x0c\x0f\x37\x25\xff"))
    assert [byte for byte in range(256) if is_confirmation(byte)] == list(range(16))


@pytest.mark.parametrize("paper", ANSWERS)
def test_every_answer_about_paper(paper: int) -> None:
    """Two bits mean one thing each, and either is enough; 0x12, 0x1e and 0x72 are the usual three."""
    expected = "out" if paper & 0x60 else "near-end" if paper & 0x0C else "ok"
    assert read(ONLINE, None, None, paper) == Reading("ready", expected)
    assert {0x12: "ok", 0x1E: "near-end", 0x72: "out"}.get(paper, expected) == expected


@pytest.mark.parametrize("printer", ANSWERS)
def test_only_bit_three_means_offline(printer: int) -> None:
    """The others tell of a drawer and of buttons."""
    link = read(printer, 0x12, 0x12, 0x12).link
    assert link == ("offline" if printer & 0x08 else "ready")


@pytest.mark.parametrize(("offline", "error"), list(product(ANSWERS, ANSWERS)))
def test_every_reason_to_be_offline(offline: int, error: int) -> None:
    """Cover before jam before what passes by itself; an error without a cause is a jam, for somebody must come."""
    reading = read(OFFLINE, offline, error, 0x12)
    if offline & 0x04:
        assert reading.link == "cover-open"
    elif error & 0x2C:
        assert reading.link == "jam"
    elif error & 0x40 or offline & 0x08:
        assert reading.link == "busy"
    elif offline & 0x40:
        assert reading.link == "jam"
    else:
        assert reading.link == ("ready" if offline & 0x20 else "offline")
    assert reading.paper == ("out" if offline & 0x20 else "ok")


def test_paper_out_is_no_trouble_of_the_printer() -> None:
    """Offline without another reason, and without paper: paper is all it lacks."""
    assert read(OFFLINE, 0x32, 0x12, 0x7E) == Reading("ready", "out")
    assert read(OFFLINE, 0x12, 0x12, 0x7E) == Reading("ready", "out")


def test_half_an_answer_says_half() -> None:
    """What was not answered is not known."""
    assert read(ONLINE, None, None, None) == Reading("ready", "unknown")
    assert read(OFFLINE, None, None, None) == Reading("offline", "unknown")
    assert read(OFFLINE, None, 0x1A, None) == Reading("jam", "unknown")


@pytest.mark.parametrize(
    ("link", "paper", "trouble"),
    [
        ("ready", "ok", None),
        ("ready", "near-end", None),
        ("ready", "unknown", None),
        ("busy", "ok", None),
        ("ready", "out", "paper-out"),
        ("busy", "out", "paper-out"),
        ("cover-open", "out", "cover-open"),
        ("jam", "ok", "jam"),
        ("silent", "unknown", "silent"),
        ("offline", "unknown", "offline"),
    ],
)
def test_a_state_says_whether_a_slip_can_come(link: str, paper: str, trouble: str | None) -> None:
    """In the words of the fault it would be."""
    assert PrinterState(link, paper).trouble == trouble


def test_states_are_alike_at_any_age() -> None:
    """A reading that says the same is no change."""
    assert PrinterState("ready", "ok", None, 1.0) == PrinterState("ready", "ok", None, 2.0)
