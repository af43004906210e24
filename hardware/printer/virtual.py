"""The twin of a receipt printer: it prints into a folder, and everything that befalls a printer can befall it.

It is a `Printer` as it stands, for a demo and for tests of what uses printers. Its mechanism can also be reached from
outside, byte by byte, so that a real driver talks to it: `hardware.printer.plugs`.
"""

import io
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hardware.errors import PrinterFault
from hardware.printer.mechanism import Mechanism
from hardware.printer.models import Model, find_model
from hardware.printer.paper import Piece, Roll
from hardware.printer.port import Link, Paper, PrinterState, Watcher
from hardware.printer.raster import encode, load_escpos

if TYPE_CHECKING:  # drawing is loaded when something is drawn: not every program that knows a printer prints
    from PIL.Image import Image

MODEL: Final = "epson-tm-t20iii"
BUFFER_BYTES: Final = 4096
"""As in most receipt printers."""
PIECE: Final = 64
"""Bytes that come at once over a slow line."""
LOAD_LIMIT_S: Final = 10.0


class VirtualPrinter:
    """Leaves `<time>-<label>.bin` and `.png` of every slip in `folder`, and `…-torn` of what was torn off half-way.

    `slips_left` and `mm_left`: where the paper ends. `near_end_slips`, `near_end_mm`: where its sensor sits.
    `bytes_per_s`: a slow line; `pause` lets the time pass, so that a test can.
    """

    def __init__(
        self,
        folder: Path,
        *,
        model: Model | None = None,
        slips_left: int | None = None,
        mm_left: float = math.inf,
        near_end_slips: int = 0,
        near_end_mm: float = 0.0,
        buffer_bytes: int = BUFFER_BYTES,
        bytes_per_s: float | None = None,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._folder = folder
        self._model = model or find_model(MODEL)
        self._now = now
        self._bytes_per_s = bytes_per_s
        self._pause = pause
        self._plugged = True
        self._busy = False
        self._turn = threading.Lock()
        self._loading: threading.Thread | None = None
        self._watchers: list[Watcher] = []
        self._told = PrinterState("ready", "ok")
        self._label = "slip"
        self._last_error: str | None = None
        self._came_out = False
        self._spoiled: OSError | None = None
        self.mechanism = Mechanism(
            self._model,
            Roll(mm_left, slips_left, near_end_mm, near_end_slips),
            buffer_bytes=buffer_bytes,
            came_out=self._keep,
        )

    # the port

    @property
    def model(self) -> Model:
        return self._model

    def open(self) -> None:
        """There is nothing to open, but the encoder to load: half a second that no visitor should wait for. Who watches
        is told how it is."""
        if self._loading is None:
            self._loading = threading.Thread(target=load_escpos, name="virtual printer", daemon=True)
            self._loading.start()
        self._tell(self.state())

    def close(self) -> None:
        loading, self._loading = self._loading, None
        if loading is not None:
            loading.join(LOAD_LIMIT_S)

    def state(self) -> PrinterState:
        link = self._link()
        roll = self.mechanism.roll
        paper: Paper = "out" if roll.out else "near-end" if roll.low else "ok"
        return PrinterState(link, "unknown" if link in {"offline", "silent"} else paper, self._last_error)

    def watch(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def print_slip(self, image: "Image", label: str) -> None:
        """The bytes are on disk before the picture: who sees a picture may read the bytes."""
        data = encode(image, self._model)
        with self._turn:
            trouble = self.state().trouble
            if trouble is not None:
                raise self._failed(PrinterFault(trouble, printed="no"))
            self._label, self._came_out, self._spoiled, self._busy = label, False, None, True
            self._changed()
            try:
                self._print(data)
            except PrinterFault as fault:
                raise self._failed(fault) from self._spoiled
            finally:
                self._label, self._busy = "slip", False
                self._changed()

    # what befalls it

    @property
    def slips_left(self) -> int | None:
        """Paper, counted in slips; `None` if it is not counted."""
        return self.mechanism.roll.slips

    @slips_left.setter
    def slips_left(self, slips: int | None) -> None:
        self.load_paper(slips=slips, mm=self.mechanism.roll.mm)

    @property
    def mm_left(self) -> float:
        """Paper, by length."""
        return self.mechanism.roll.mm

    def load_paper(self, *, slips: int | None = None, mm: float = math.inf) -> None:
        """A new roll; what hung out has been torn off. What waits in the printer is printed."""
        with self._hand() as inside:
            inside.tear_off()
            inside.roll.slips, inside.roll.mm = slips, mm

    def open_cover(self) -> None:
        """Somebody looks inside."""
        with self._hand() as inside:
            inside.cover_open = True

    def close_cover(self) -> None:
        """Closed again; what hung out has been torn off."""
        with self._hand() as inside:
            inside.tear_off()
            inside.cover_open = False

    def jam(self) -> None:
        """Paper in the cutter."""
        with self._hand() as inside:
            inside.blocked = inside.error = True

    def clear_jam(self) -> None:
        """The cutter is free. The printer goes on when it is told to."""
        with self._hand() as inside:
            inside.tear_off()
            inside.blocked = False

    def go_silent(self, *, hung: bool = False) -> None:
        """It answers nothing any more, but prints; `hung`: it does nothing at all any more."""
        with self._hand() as inside:
            inside.mute, inside.hung = not hung, hung

    def answer_again(self) -> None:
        """As if nothing had been."""
        with self._hand() as inside:
            inside.mute = inside.hung = False

    def unplug(self) -> None:
        """The cable is pulled. The printer keeps what it has."""
        with self._hand():
            self._plugged = False

    def plug_in(self) -> None:
        """The cable is in again."""
        with self._hand():
            self._plugged = True

    def cut_power(self, *, after_bytes: int | None = None) -> None:
        """The power goes, now or when so many more bytes have come. What was printed stays on the paper."""
        if after_bytes is not None:
            self.at_byte(after_bytes, self.cut_power)
            return
        with self._hand() as inside:
            inside.power_off()

    def switch_on(self) -> None:
        """The power is back."""
        with self._hand() as inside:
            inside.powered = True

    def at_byte(self, number: int, mishap: Callable[[], None]) -> None:
        """Lets `mishap` happen when the `number`-th byte from now has come, before the next one does."""
        with self.mechanism.lock:
            self.mechanism.at_byte(number, mishap)

    def recover(self) -> None:
        """Everything is as it should be: power, cable, cover, cutter, answers, and a new roll that never ends."""
        with self._hand() as inside:
            inside.tear_off()
            inside.roll.slips, inside.roll.mm = None, math.inf
            inside.cover_open = inside.blocked = inside.error = inside.mute = inside.hung = False
            inside.powered = self._plugged = True

    # what a plug needs

    @property
    def reachable(self) -> bool:
        """Whether there is anything at the other end of a cable."""
        return self._plugged and self.mechanism.powered

    def arrive(self, data: bytes) -> None:
        """Bytes come over a cable, as fast as the line is."""
        for part in self._pieces(data):
            with self.mechanism.lock:
                self.mechanism.receive(part)
        self._changed()

    def answers(self) -> bytes:
        """What it has to say since last asked."""
        with self.mechanism.lock:
            return self.mechanism.answers()

    # the inside

    def _link(self) -> Link:
        inside = self.mechanism
        if not self.reachable:
            return "offline"
        if inside.mute or inside.hung:
            return "silent"
        if inside.cover_open:
            return "cover-open"
        return "jam" if inside.blocked else "busy" if self._busy else "ready"

    def _print(self, data: bytes) -> None:
        """As the driver does: what an earlier slip left is forgotten, and after a mishap what this one left."""
        with self.mechanism.lock:
            self.mechanism.clear()
        sent = 0
        for part in self._pieces(data):
            with self.mechanism.lock:
                sent += self.mechanism.receive(part) if self.reachable and not self.mechanism.hung else 0
            self._check(sent)
        if (silence := self.state().trouble) in {"silent", "offline"}:
            raise PrinterFault(silence, bytes_sent=sent)
        if self._spoiled is not None or not self._came_out:
            raise PrinterFault("unknown", bytes_sent=sent)

    def _check(self, sent: int) -> None:
        """Nobody sees that a printer has gone mute before it is asked; and a slip that is out is out."""
        trouble = self.state().trouble
        if trouble is None or self._came_out or self.mechanism.mute:
            return
        with self.mechanism.lock:
            self.mechanism.clear()
        raise PrinterFault(trouble, bytes_sent=sent)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        """As they come over the line, with the time they take."""
        size = PIECE if self._bytes_per_s else BUFFER_BYTES
        for start in range(0, len(data), size):
            part = data[start : start + size]
            if self._bytes_per_s:
                self._pause(len(part) / self._bytes_per_s)
            yield part

    def _failed(self, fault: PrinterFault) -> PrinterFault:
        self._last_error = str(fault)
        return fault

    @contextmanager
    def _hand(self) -> Iterator[Mechanism]:
        """Somebody does something to it. Then it goes on as it can, and who watches is told."""
        with self.mechanism.lock:
            yield self.mechanism
            self.mechanism.run()
        self._changed()

    def _changed(self) -> None:
        state = self.state()
        if state != self._told:
            self._tell(state)

    def _tell(self, state: PrinterState) -> None:
        self._told = state
        for watcher in self._watchers:
            watcher(state)

    def _keep(self, piece: Piece) -> None:
        """Paper has come out."""
        torn = "" if piece.whole else "-torn"
        name = f"{self._now():%Y%m%d-%H%M%S-%f}-{re.sub(r'[^A-Za-z0-9-]', '-', self._label)}{torn}"
        picture = io.BytesIO()
        piece.picture().save(picture, "PNG")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _leave(self._folder / f"{name}.bin", bytes(piece.data))
            _leave(self._folder / f"{name}.png", picture.getvalue())
        except OSError as problem:
            self._spoiled = problem
        self._came_out |= piece.whole


def _leave(path: Path, content: bytes) -> None:
    """The whole file or none, even if the power goes."""
    half = path.with_name(f".{path.name}")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
