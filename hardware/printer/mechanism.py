"""The inside of the twin: paper, sensors, head and cutter, and the few commands a receipt printer is sent.

It does what a printer does with bytes, not what their sender meant: it never looks at a slip as a whole. What it does
not understand it ignores or prints as garbage, and notes. Commands in real time (`DLE …`) are obeyed when they arrive,
wherever they stand, all others in their turn, and only while there is paper and nothing is in the way.
"""

import re
import threading
from collections.abc import Callable
from typing import Final

from hardware.printer.models import Model
from hardware.printer.paper import Piece, Roll

LINE_ROWS: Final = 30
"""A line of text, and what `ESC d` counts in."""
LETTER_ROWS: Final = 24
CUTTER_ROWS: Final = 120
"""From the head to the cutter."""
MOST_NOTES: Final = 100

DLE: Final = 0x10
ORDER: Final = re.compile(rb"\x10(?:\x04[\x01-\x04]|\x05[\x01\x02]|\x14\x08\x01\x03\x14\x01\x06\x02\x08)", re.DOTALL)
"""What is obeyed in real time."""
LONGEST_ORDER: Final = 10
LENGTHS: Final = {b"\x1b@": 2, b"\x1bd": 3, b"\x1bJ": 3, b"\x1dr": 3, b"\x1dv": 8, b"\x1dV": 3, b"\x10\x14": 10}
"""Commands by their first two bytes, with all parameters; a cut that feeds first has one more. Other `DLE`: three."""


class Mechanism:
    """A printer without its shell. Whoever touches it holds `lock`. `came_out` gets each piece of paper."""

    def __init__(
        self, model: Model, roll: Roll, *, buffer_bytes: int, came_out: Callable[[Piece], None] = lambda _piece: None
    ) -> None:
        self.lock = threading.RLock()
        self.model = model
        self.roll = roll
        self.cover_open = False
        self.blocked = False
        """Something is in the cutter."""
        self.error = False
        """Stays when the cutter is free again, until the printer is told to go on."""
        self.mute = False
        self.hung = False
        self.powered = True
        self.received = 0
        self.notes: list[str] = []
        """What was not understood: ignored, or printed as garbage."""
        self._buffer_bytes = buffer_bytes
        self._came_out = came_out
        self._mishaps: list[tuple[int, Callable[[], None]]] = []
        self._said = bytearray()
        self._tail = b""
        self._piece = Piece(model.width_bytes)
        self._forget()

    @property
    def stopped(self) -> bool:
        """Nothing moves until somebody comes."""
        return not self.powered or self.roll.out or self.cover_open or self.error

    @property
    def unfinished(self) -> bool:
        """Something waits, or the rest of something is waited for."""
        return bool(self._buffer or self._rows_left or self._feed_left or self._cut_due or self._text)

    @property
    def room(self) -> int:
        """Bytes there is room for."""
        return max(0, self._buffer_bytes - len(self._buffer))

    def at_byte(self, number: int, mishap: Callable[[], None]) -> None:
        """Calls `mishap` when the `number`-th byte from now has come, before the next one does."""
        self._mishaps.append((self.received + number, mishap))
        self._mishaps.sort(key=lambda planned: planned[0])

    def receive(self, data: bytes) -> int:
        """Takes bytes as they come, and does what it can. Returns how many it lived to take; those without room are
        lost among them."""
        taken = 0
        self._befall()
        while taken < len(data) and self.powered:
            until = taken + (self._mishaps[0][0] - self.received) if self._mishaps else len(data)
            part = data[taken:until]
            taken += len(part)
            self.received += len(part)
            self._arrive(part)
            self._befall()
        return taken

    def answers(self) -> bytes:
        """What it has to say since last asked."""
        said = b"" if self.mute or self.hung or not self.powered else bytes(self._said)
        self._said.clear()
        return said

    def run(self) -> None:
        """Does what waits, as far as it can."""
        while not (self.stopped or self.hung) and self._step():
            pass

    def clear(self) -> None:
        """Forgets what waits, and goes on if nothing is in the way. What is on paper stays there."""
        self._forget()
        self.error = self.blocked

    def tear_off(self) -> None:
        """Somebody takes away what hangs out."""
        if self._piece.printed:
            self._piece.whole = False
            self._hand_out()

    def power_off(self) -> None:
        """What has been printed stays on the paper; everything else is gone."""
        self.tear_off()
        self._forget()
        self._said.clear()
        self.error = self.powered = False

    def _forget(self) -> None:
        self._buffer = bytearray()
        self._text = bytearray()
        self._row_bytes = self._rows_left = self._feed_left = 0
        self._cut_due = False

    def _befall(self) -> None:
        while self._mishaps and self._mishaps[0][0] <= self.received:
            self._mishaps.pop(0)[1]()

    # what arrives

    def _arrive(self, part: bytes) -> None:
        """Orders are found also when they come in pieces, and where a picture happens to look like one."""
        seen, known = self._tail + part, len(self._tail)
        self._tail = seen[1 - LONGEST_ORDER :]
        done = 0
        for order in ORDER.finditer(seen):
            end = order.end() - known
            if end > 0:
                self._store(part[done:end])
                self._obey(order[0])
                done = end
        self._store(part[done:])

    def _store(self, part: bytes) -> None:
        """Room is made while bytes come; when none can be made, the rest is lost."""
        while part and (room := self.room):
            self._buffer += part[:room]
            part = part[room:]
            self.run()

    def _obey(self, order: bytes) -> None:
        match order[1]:
            case 0x04 if self.model.status:
                self._said.append(0x12 | self._status(order[2]))
            case 0x05 if self.model.recover and self.error and not self.blocked:
                if order[2] == 2:
                    self._forget()
                self.error = False
            case 0x14 if self.model.clear:
                self.clear()
                self._said += b"\x37\x25\x00"
        self.run()

    def _status(self, question: int) -> int:
        out = self.roll.out
        match question:
            case 1:
                return 0x08 if self.stopped else 0
            case 2:
                return (0x04 if self.cover_open else 0) | (0x20 if out else 0) | (0x40 if self.error else 0)
            case 3:
                return 0x08 if self.error else 0
            case _:
                return (0x0C if self.roll.low else 0) | (0x60 if out else 0)

    # what is done in its turn

    def _step(self) -> bool:
        """Does one thing; `False` when there is nothing to do, or not all of it has come."""
        if self._feed_left:
            return self._feed()
        if self._cut_due:
            return self._cut()
        if self._rows_left:
            return self._print_rows()
        if not self._buffer:
            return False
        match self._buffer[0]:
            case 0x00:
                self._take(len(self._buffer) - len(self._buffer.lstrip(b"\0")))
            case 0x0A:
                self._take(1)
                self._end_line()
            case 0x1B | 0x1D | 0x10:
                return self._command()
            case byte if byte >= ord(" "):
                self._letter()
            case _:
                self._ignore(1)
        return True

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._piece.data += taken
        return taken

    def _command(self) -> bool:
        head = bytes(self._buffer[:2])
        if len(head) < 2:
            return False
        length = LENGTHS.get(head, 3 if head[0] == DLE else 0)
        if not length:
            self._ignore(2)
            return True
        if head == b"\x1dV" and len(self._buffer) > 2 and self._buffer[2] in {65, 66}:
            length = 4
        if len(self._buffer) < length:
            return False
        self._do(head, self._take(length))
        return True

    def _do(self, head: bytes, command: bytes) -> None:
        match head:
            case b"\x1b@":
                self._begin(command)
            case b"\x1bd" | b"\x1bJ":
                self._feed_left = command[2] * (LINE_ROWS if head == b"\x1bd" else 1)
                self._cut_due = not self.model.cut  # the visitor tears it off where it has come to
            case b"\x1dr" if self.model.confirm:
                self._said.append(0x03 if self.roll.low else 0x00)
            case b"\x1dv":
                self._row_bytes = int.from_bytes(command[4:6], "little")
                self._rows_left = int.from_bytes(command[6:8], "little") if self._row_bytes else 0
            case b"\x1dV":
                self._feed_left = CUTTER_ROWS + command[3] if len(command) == 4 else 0
                self._cut_due = bool(self.model.cut)

    def _begin(self, command: bytes) -> None:
        """A new slip. What was said before it is no part of it; what half a slip has left hanging is."""
        self._text.clear()
        self._piece.whole = True
        if not self._piece.printed:
            self._piece = Piece(self.model.width_bytes, data=bytearray(command))

    def _print_rows(self) -> bool:
        wanted = min(self._rows_left, len(self._buffer) // self._row_bytes)
        count = self.roll.pull(wanted)
        self._rows_left -= count
        data, across = self._take(count * self._row_bytes), self.model.width_bytes
        if self._row_bytes == across:
            self._piece.ink(data)
        else:
            rows = (data[start : start + self._row_bytes] for start in range(0, len(data), self._row_bytes))
            self._piece.ink(b"".join(row[:across].ljust(across, b"\0") for row in rows))
        self._notice_end()
        return count > 0

    def _ignore(self, count: int) -> None:
        self._note(f"{self._buffer[:count].hex(' ')} is no command")
        self._take(count)

    def _letter(self) -> None:
        """A letter nobody meant. Its shape is the byte itself; a line is printed when it is full."""
        self._note(f"{self._buffer[0]:02x} was printed as a letter")
        self._text += self._take(1)
        if len(self._text) == self.model.width_bytes:
            self._end_line()

    def _note(self, what: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(f"byte {self.received - len(self._buffer)}: {what}")

    def _end_line(self) -> None:
        line, self._text = bytes(self._text), bytearray()
        if line:
            self._piece.ink(line.ljust(self.model.width_bytes, b"\0") * self.roll.pull(LETTER_ROWS))
        self._feed_left = LINE_ROWS - (LETTER_ROWS if line else 0)
        self._notice_end()

    def _feed(self) -> bool:
        count = self.roll.pull(self._feed_left)
        self._piece.feed(count)
        self._feed_left -= count
        self._notice_end()
        return count > 0

    def _cut(self) -> bool:
        self._cut_due = False
        if self._piece.printed:
            if self.roll.slips is not None:
                self.roll.slips -= 1
            self._hand_out()
        return True

    def _notice_end(self) -> None:
        """The end of the roll falls out with what is on it."""
        if self.roll.out:
            self.tear_off()

    def _hand_out(self) -> None:
        piece, self._piece = self._piece, Piece(self.model.width_bytes)
        self._piece.whole = piece.whole or not self.unfinished
        self._came_out(piece)
