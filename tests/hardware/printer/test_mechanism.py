"""The twin's inside behaves like a thing: paper ends, covers open, and bytes nobody understands come out as garbage."""

from dataclasses import replace

import pytest

from hardware.printer.mechanism import Mechanism
from hardware.printer.models import find_model
from hardware.printer.paper import Piece, Roll
from hardware.printer.raster import encode
from tests.hardware.printer.pictures import NARROW, WIDE, noise, tricky

ASK = [b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04"]
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
CONFIRM = b"\x1d\x72\x01"
SLIP = noise(40)
DATA = encode(SLIP, WIDE)
PICTURE = b"\x1d\x76\x30\x00\x48\x00\x02\x00"


class Shell:
    """A mechanism and what came out of it."""

    def __init__(self, *, roll: Roll | None = None, model=WIDE, buffer_bytes: int = 4096) -> None:
        self.pieces: list[Piece] = []
        self.inside = Mechanism(model, roll or Roll(), buffer_bytes=buffer_bytes, came_out=self.pieces.append)

    def feed(self, *parts: bytes) -> bytes:
        """Bytes in, answers out."""
        for part in parts:
            self.inside.receive(part)
        return self.inside.answers()

    def pictures(self) -> list[bytes]:
        return [piece.picture().tobytes() for piece in self.pieces]


def test_a_slip_comes_out_as_it_was_drawn() -> None:
    """With the bytes that made it, however they came."""
    for size in (1, 7, 64, len(DATA)):
        shell = Shell()
        shell.feed(*(DATA[at : at + size] for at in range(0, len(DATA), size)))
        assert shell.pictures() == [SLIP.tobytes()]
        assert shell.pieces[0].whole
        assert bytes(shell.pieces[0].data) == DATA
        assert shell.inside.notes == []


def test_without_a_cutter_the_visitor_tears_the_slip_off() -> None:
    """Where it has been fed to."""
    shell = Shell(model=NARROW)
    shell.feed(encode(noise(70, NARROW), NARROW) * 2)
    assert shell.pictures() == [noise(70, NARROW).tobytes()] * 2
    assert all(piece.whole for piece in shell.pieces)


def test_a_picture_of_another_width_is_printed_as_far_as_it_fits() -> None:
    """Rows begin at the left edge."""
    shell = Shell()
    shell.feed(encode(noise(10, NARROW), NARROW), WIDE.cut)
    assert shell.pieces[0].picture().crop((0, 0, 384, 10)).tobytes() == noise(10, NARROW).tobytes()
    narrow = Shell(model=NARROW)
    narrow.feed(DATA, b"\x1b\x64\x04")
    assert narrow.pieces[0].picture().tobytes() == SLIP.crop((0, 0, 384, 40)).tobytes()


@pytest.mark.parametrize(
    ("roll", "happened", "answers"),
    [
        (Roll(), None, "12 12 12 12"),
        (Roll(), "cover_open", "1a 16 12 12"),
        (Roll(), "error", "1a 52 1a 12"),
        (Roll(mm=0.1), None, "1a 32 12 7e"),
        (Roll(slips=0), None, "1a 32 12 7e"),
        (Roll(mm=10.0, low_mm=20.0), None, "12 12 12 1e"),
        (Roll(slips=3, low_slips=3), None, "12 12 12 1e"),
        (Roll(slips=0), "cover_open", "1a 36 12 7e"),
        (Roll(), "mute", ""),
        (Roll(), "hung", ""),
    ],
)
def test_questions_are_answered_from_how_it_is(roll: Roll, happened: str | None, answers: str) -> None:
    """Bit by bit as in the reference; nothing from who cannot speak."""
    shell = Shell(roll=roll)
    if happened is not None:
        setattr(shell.inside, happened, True)
    assert shell.feed(*ASK).hex(" ") == answers


def test_a_model_that_answers_nothing_answers_nothing() -> None:
    """And one without a command does not obey it."""
    assert Shell(model=find_model("mute-80")).feed(*ASK, CONFIRM, CLEAR) == b""
    assert Shell(model=NARROW).feed(*ASK, CONFIRM, CLEAR).hex(" ") == "12 12 12 12"


def test_questions_within_a_picture_are_answered_and_stay_in_the_picture() -> None:
    """A printer does not know what was meant."""
    shell = Shell()
    said = shell.feed(encode(tricky(40), WIDE))
    assert len(said) > 100
    assert set(said) == {0x12}
    assert shell.pictures() == [tricky(40).tobytes()]


def test_a_question_is_heard_in_pieces_and_only_once() -> None:
    """Also beside another."""
    shell = Shell()
    assert shell.feed(b"\x10", b"\x04", b"\x01") == b"\x12"
    assert shell.feed(b"\x10\x04\x04\x10", b"\x04\x01\x00") == b"\x12\x12"
    assert shell.feed(b"\x00" * 20) == b""


def test_a_confirmation_waits_for_its_turn() -> None:
    """It comes when all before it is on paper: not while paper is out."""
    shell = Shell(roll=Roll(mm=3.0))
    assert shell.feed(DATA, CONFIRM) == b""
    shell.inside.roll.mm = 100.0
    shell.inside.run()
    assert shell.inside.answers() == b"\x00"
    shell.inside.roll.low_mm = 200.0
    assert shell.feed(CONFIRM) == b"\x03"


def test_paper_ends_in_the_middle_of_a_slip() -> None:
    """The upper part falls out; the rest comes on the new roll, and is no whole slip."""
    shell = Shell(roll=Roll(mm=2.0))
    shell.feed(DATA)
    assert [piece.whole for piece in shell.pieces] == [False]
    assert shell.pictures() == [SLIP.crop((0, 0, 576, 16)).tobytes()]
    shell.inside.roll.mm = 1000.0
    shell.inside.run()
    assert [piece.whole for piece in shell.pieces] == [False, False]
    assert shell.pictures()[1] == SLIP.crop((0, 16, 576, 40)).tobytes()
    shell.feed(DATA)
    assert shell.pieces[2].whole


def test_paper_ends_while_it_is_fed_to_the_cutter() -> None:
    """All is printed, and nobody has cut it."""
    shell = Shell(roll=Roll(mm=6.0))
    shell.feed(DATA)
    assert shell.pictures() == [SLIP.tobytes()]
    assert not shell.pieces[0].whole


def test_paper_is_counted_in_slips_and_in_millimetres() -> None:
    """The near end shows before the end."""
    shell = Shell(roll=Roll(slips=2, low_slips=1))
    shell.feed(DATA)
    assert (shell.inside.roll.low, shell.inside.roll.out) == (True, False)
    shell.feed(DATA)
    assert shell.inside.roll.out
    shell.feed(DATA)
    assert len(shell.pieces) == 2
    length = Shell(roll=Roll(mm=100.0, low_mm=85.0))
    length.feed(DATA)
    assert length.inside.roll.mm == 100.0 - 40 / 8 - 120 / 8
    assert length.inside.roll.low


@pytest.mark.parametrize("cut_at", [1, 2, 10, 82, 500, 2889, 2890, len(DATA) - 1])
def test_power_lost_in_the_middle_leaves_what_was_printed(cut_at: int) -> None:
    """Whole rows, and no byte more is taken."""
    shell = Shell()
    shell.inside.at_byte(cut_at, shell.inside.power_off)
    assert shell.inside.receive(DATA) == cut_at
    rows = min(max(0, cut_at - 10) // 72, 40)
    assert shell.pictures() == ([SLIP.crop((0, 0, 576, rows)).tobytes()] if rows else [])
    assert not any(piece.whole for piece in shell.pieces)
    assert shell.feed(*ASK) == b""
    shell.inside.powered = True
    shell.feed(DATA)
    assert shell.pieces[-1].whole
    assert shell.pictures()[-1] == SLIP.tobytes()


def test_half_a_picture_swallows_the_next_slip() -> None:
    """That is why a driver clears, or fills up with zeros, before it prints."""
    spoiled, cleared, filled = Shell(), Shell(), Shell(model=replace(WIDE, clear=b""))
    for shell in (spoiled, cleared, filled):
        shell.feed(DATA[:1000])
    spoiled.feed(DATA)
    assert SLIP.tobytes() not in spoiled.pictures()
    assert spoiled.inside.notes
    assert cleared.feed(CLEAR) == b"\x37\x25\x00"
    filled.feed(CLEAR, bytes(72 * 256))
    for shell in (cleared, filled):
        shell.feed(DATA)
        assert shell.inside.notes == []
        assert shell.pieces[-1].picture().tobytes().endswith(SLIP.tobytes())


def test_the_printer_goes_on_after_a_jam_only_when_told() -> None:
    """And not before somebody has cleared it."""
    shell = Shell()
    shell.feed(DATA[:500])
    shell.inside.blocked = shell.inside.error = True
    shell.feed(DATA[500:], b"\x10\x05\x02", CLEAR)
    assert shell.inside.error
    shell.inside.blocked = False
    assert shell.feed(ASK[0]) == b"\x1a"
    assert shell.feed(b"\x10\x05\x02", ASK[0]) == b"\x12"
    assert not shell.inside.unfinished


def test_what_there_is_no_room_for_is_lost() -> None:
    """A line without a handshake does not wait."""
    shell = Shell(buffer_bytes=1000)
    shell.inside.cover_open = True
    assert shell.inside.receive(DATA) == len(DATA)
    assert shell.inside.room == 0
    assert shell.feed(ASK[1]) == b"\x16"
    shell.inside.cover_open = False
    shell.inside.run()
    assert shell.inside.room > 1000 - 72
    shell.inside.tear_off()
    assert len(shell.pictures()[0]) == (1000 - 10) // 72 * 72


def test_a_hung_printer_does_nothing_until_it_wakes() -> None:
    """Then all at once."""
    shell = Shell()
    shell.inside.hung = True
    shell.feed(DATA)
    assert shell.pieces == []
    shell.inside.hung = False
    shell.inside.run()
    assert shell.pictures() == [SLIP.tobytes()]


def test_garbage_is_printed_and_noted() -> None:
    """Nothing is an error to a printer: letters are printed, commands it does not know ignored."""
    shell = Shell()
    shell.feed(b"\x1b\x40" + b"A" * 80 + b"\n\x1b\x21\x22\x13" + b"\x00" * 5 + b"\n" + WIDE.cut)
    assert shell.inside.notes[0] == "byte 2: 41 was printed as a letter"
    assert shell.inside.notes[-3:] == [
        "byte 83: 1b 21 is no command",
        "byte 85: 22 was printed as a letter",
        "byte 86: 13 is no command",
    ]
    picture = shell.pieces[0].picture()
    assert picture.height > 48
    assert picture.crop((0, 0, 8, 1)).tobytes() == bytes([0x41 ^ 0xFF])
    shell.feed(b"\xff" * 1000)
    assert len(shell.inside.notes) == 100


def test_empty_and_zero_are_harmless() -> None:
    """A picture without rows or columns, a cut without paper."""
    shell = Shell()
    shell.feed(
        b"", b"\x1d\x76\x30\x00\x00\x00\x05\x00", b"\x1d\x76\x30\x00\x05\x00\x00\x00", WIDE.cut * 2, b"\x1b\x64\x00"
    )
    assert shell.pieces == []
    assert shell.inside.notes == []
    shell.feed(DATA)
    assert shell.pictures() == [SLIP.tobytes()]
