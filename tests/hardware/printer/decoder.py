"""What paper would show: a strict decoder of the ESC/POS a slip is made of. It shares nothing with any encoder.

A byte it does not know is an error with its offset: a printer would print it as garbage.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image


@dataclass
class Paper:
    """All that a sequence of bytes makes a printer do."""

    rows: bytes = b""
    width_bytes: int = 0
    strips: list[int] = field(default_factory=list)
    """Heights of the pictures, one command each."""
    cuts: int = 0
    lines_fed: int = 0
    initialised: int = 0
    asked: list[bytes] = field(default_factory=list)
    """Questions and orders to the printer, in turn or in real time."""

    @property
    def image(self) -> Image.Image:
        """All pictures below each other."""
        across = self.width_bytes
        black_is_zero = bytes(byte ^ 0xFF for byte in self.rows)
        return Image.frombytes("1", (across * 8, len(self.rows) // across if across else 0), black_is_zero)


def decode(data: bytes) -> Paper:
    """Reads all of `data`; raises `ValueError` at the first byte it does not know, and at an end within a command."""
    paper, at = Paper(), 0
    while at < len(data):
        at = _command(data, at, paper)
    return paper


def _command(data: bytes, at: int, paper: Paper) -> int:
    for head, (length, obey) in COMMANDS.items():
        if data.startswith(head, at):
            whole = data[at : at + length]
            if len(whole) < length:
                raise ValueError(f"the command at byte {at} ends within: {whole.hex(' ')}")
            obey(paper, whole)
            return at + length
    if data.startswith(b"\x1d\x76\x30", at):
        return _picture(data, at, paper)
    raise ValueError(f"unknown command at byte {at}: {data[at : at + 3].hex(' ')}")


def _picture(data: bytes, at: int, paper: Paper) -> int:
    """`GS v 0 m xL xH yL yH d…`, in normal size."""
    head = data[at : at + 8]
    if len(head) < 8 or head[3] not in {0x00, 0x30}:
        raise ValueError(f"the picture at byte {at} is none in normal size: {head.hex(' ')}")
    across, down = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
    dots = data[at + 8 : at + 8 + across * down]
    if not dots or len(dots) != across * down or paper.width_bytes not in {0, across}:
        raise ValueError(f"the picture at byte {at} ends within, or has another width")
    paper.width_bytes = across
    paper.rows += dots
    paper.strips.append(down)
    return at + 8 + len(dots)


def _initialise(paper: Paper, _command: bytes) -> None:
    paper.initialised += 1


def _feed(paper: Paper, command: bytes) -> None:
    paper.lines_fed += command[2]


def _line(paper: Paper, _command: bytes) -> None:
    paper.lines_fed += 1


def _cut(paper: Paper, _command: bytes) -> None:
    paper.cuts += 1


def _ask(paper: Paper, command: bytes) -> None:
    paper.asked.append(command)


def _nothing(_paper: Paper, _command: bytes) -> None:
    """Changes only what letters look like, and there are none."""


COMMANDS: dict[bytes, tuple[int, Callable[[Paper, bytes], None]]] = {
    b"\x1b\x40": (2, _initialise),
    b"\x1b\x64": (3, _feed),
    b"\x1d\x56\x41": (4, _cut),
    b"\x1d\x56\x42": (4, _cut),
    **{b"\x1d\x56" + bytes((mode,)): (3, _cut) for mode in (0x00, 0x01, 0x30, 0x31)},
    **{b"\x10\x04" + bytes((question,)): (3, _ask) for question in (1, 2, 3, 4)},
    b"\x10\x05\x02": (3, _ask),
    b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08": (10, _ask),
    b"\x1d\x72\x01": (3, _ask),
    # the other encoder's
    b"\x0a": (1, _line),
    b"\x0d": (1, _nothing),
    b"\x1c\x2e": (2, _nothing),
    b"\x1b\x4d": (3, _nothing),
}
"""By how they begin: how long they are, and what they do."""
