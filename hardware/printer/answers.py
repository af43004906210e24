"""What a printer asks to be asked, and what its answers mean. Pure: bytes in, facts out.

The words come from the ESC/POS command `DLE EOT n`: each answer is one byte, `0xx1xx10`, and says nothing of which
question it answers. python-escpos asks the same, but takes a printer that says nothing for one with paper.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from hardware.printer.port import Paper


class Question(IntEnum):
    """The `n` of `DLE EOT n`."""

    PRINTER = 1
    OFFLINE = 2
    ERROR = 3
    PAPER = 4

    @property
    def code(self) -> bytes:
        """As it goes over the wire."""
        return bytes((0x10, 0x04, self))


CLEARED: Final = b"\x37\x25\x00"
"""The answer to `clear`."""

IS_OFFLINE: Final = 0x08
COVER_OPEN: Final = 0x04
FEEDING: Final = 0x08
STOPPED_BY_PAPER_END: Final = 0x20
HAS_ERROR: Final = 0x40
NEEDS_A_HAND: Final = 0x04 | 0x08 | 0x20
"""Of the error causes: mechanical, cutter, and what only a repair mends."""
RECOVERS_ALONE: Final = 0x40
"""The head is too hot; printing goes on when it has cooled."""
NEAR_END: Final = 0x0C
OUT: Final = 0x60


@dataclass(frozen=True)
class Reading:
    """A printer by its own answers."""

    link: Literal["ready", "busy", "cover-open", "jam", "offline"]
    paper: Paper


def is_answer(byte: int) -> bool:
    """Whether a byte can answer `DLE EOT n`: not XON, XOFF, noise, or the answer to another command."""
    return byte & 0b1001_0011 == 0b0001_0010


def is_confirmation(byte: int) -> bool:
    """Whether a byte can answer `GS r 1`, the command that is executed when all before it is on paper."""
    return byte < 0x10


def read(printer: int, offline: int | None, error: int | None, paper: int | None) -> Reading:
    """The facts in the answers to the four questions; `None` where there was none, or where none was needed.

    Of the two bits that mean one thing either is enough: a clone that sets one of them has seen something.
    """
    why = offline or 0
    roll = _paper(why, paper)
    return Reading(_link(printer, why, error or 0, roll), roll)


def _link(printer: int, why: int, error: int, roll: Paper) -> Literal["ready", "busy", "cover-open", "jam", "offline"]:
    if not printer & IS_OFFLINE:
        return "ready"
    if why & COVER_OPEN:
        return "cover-open"
    if error & NEEDS_A_HAND:
        return "jam"
    if error & RECOVERS_ALONE or why & FEEDING:
        return "busy"
    if why & HAS_ERROR:
        return "jam"
    return "ready" if roll == "out" else "offline"


def _paper(why: int, paper: int | None) -> Paper:
    if why & STOPPED_BY_PAPER_END:
        return "out"
    if paper is None:
        return "unknown"
    return "out" if paper & OUT else "near-end" if paper & NEAR_END else "ok"
