"""A twin on the bench, at the end of each kind of cable, with the real driver at the other end."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hardware.errors import PrinterFault
from hardware.printer.cables import Cable, NetworkCable, SerialCable, UsbCable
from hardware.printer.driver import EscposPrinter, Timing
from hardware.printer.models import Model
from hardware.printer.plugs import NetworkPlug, SerialPlug
from hardware.printer.port import PrinterState
from hardware.printer.raster import load_escpos
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.decoder import decode
from tests.hardware.printer.pictures import WIDE, noise
from tests.hardware.printer.usb_bus import UsbBus

LIMIT_S = 20.0
NO_WAIT_S = 0.05
"""So long may the question how a printer is take at most."""
KINDS = ("network", "serial", "usb")
SLIP = noise(400)
QUICK = Timing(look_every=0.05, stall=0.6, patience=1.5, silence=0.2, confirm_every=0.05)
"""The figures are tested elsewhere; here things shall only happen."""


class Bench:
    """A twin, the driver it is printed with, and what the driver has told so far."""

    def __init__(self, twin: VirtualPrinter, cable: Cable, model: Model, folder: Path, timing: Timing) -> None:
        self.twin = twin
        self.folder = folder
        self.printer = EscposPrinter(cable, model, timing=timing)
        self.states: list[PrinterState] = []
        self._changed = threading.Condition()
        self.printer.watch(self._note)

    def until(self, link: str, paper: str | None = None) -> float:
        """Waits until the driver says so; returns how long it took."""
        begin = time.monotonic()
        with self._changed:
            assert self._changed.wait_for(lambda: self._is(link, paper), LIMIT_S), f"{self.states[-5:]} is not {link}"
        return time.monotonic() - begin

    def refused(self, label: str = "A001") -> PrinterFault:
        """The fault of a slip that must not come out."""
        with pytest.raises(PrinterFault) as raised:
            self.printer.print_slip(SLIP, label)
        return raised.value

    def slips(self) -> list[bytes]:
        """The dots of all slips that came out, read from their bytes."""
        return [decode(path.read_bytes()).image.tobytes() for path in sorted(self.folder.glob("*-slip.bin"))]

    def pictures(self) -> list[bytes]:
        """The dots of all pieces of paper that came out as slips; what an earlier one had left hanging is on them."""
        return [dots(path) for path in sorted(self.folder.glob("*-slip.png"))]

    def _is(self, link: str, paper: str | None) -> bool:
        state = self.printer.state()
        return state.link == link and paper in {None, state.paper}

    def _note(self, state: PrinterState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()


def dots(path: Path) -> bytes:
    """What is on a piece of paper."""
    with Image.open(path) as picture:
        assert picture.mode == "1"
        return picture.tobytes()


@contextmanager
def bench(
    kind: str, folder: Path, *, model: Model = WIDE, baud: int = 115_200, timing: Timing = QUICK, **facts: Any
) -> Iterator[Bench]:
    """A twin with these facts, reached in this way, and its driver, open and ready. All of it ends with the block."""
    load_escpos()
    twin = VirtualPrinter(folder / "slips", model=model, **facts)
    with ExitStack() as stack:
        cable = stack.enter_context(_cable(kind, folder, twin, baud))
        bench = Bench(twin, cable, model, folder / "slips", timing)
        stack.callback(_end, bench)
        bench.printer.open()
        bench.until("ready")
        yield bench


@contextmanager
def _cable(kind: str, folder: Path, twin: VirtualPrinter, baud: int) -> Iterator[Cable]:
    if kind == "network":
        with NetworkPlug(twin) as plug:
            yield NetworkCable(plug.host, plug.port)
    elif kind == "serial":
        with SerialPlug(twin, folder / "tty") as line:
            yield SerialCable(str(line.path), baud=baud)
    else:
        bus = UsbBus(twin)
        yield UsbCable(backend=bus)
        assert bus.opened == 0


def _end(bench: Bench) -> None:
    bench.printer.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("printer ")]


@contextmanager
def asked_all_the_time(ask: Callable[[], object]) -> Iterator[list[float]]:
    """Asks without a pause from a thread of its own; in the end, how long each answer took."""
    took: list[float] = []
    enough = threading.Event()

    def keep_asking() -> None:
        while not enough.is_set():
            begin = time.monotonic()
            ask()
            took.append(time.monotonic() - begin)
            enough.wait(0.001)

    asker = threading.Thread(target=keep_asking)
    asker.start()
    try:
        yield took
    finally:
        enough.set()
        asker.join(LIMIT_S)
