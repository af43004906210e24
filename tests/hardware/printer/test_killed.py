"""A kiosk that dies in the middle of a slip leaves a printer the next one can print with, wherever it died."""

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL.Image import Image

from hardware.errors import PrinterFault
from hardware.printer.cables import NetworkCable, SerialCable
from hardware.printer.driver import EscposPrinter
from hardware.printer.models import Model, find_model
from hardware.printer.plugs import NetworkPlug, SerialPlug
from hardware.printer.raster import encode
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.bench import LIMIT_S, QUICK, bench, dots
from tests.hardware.printer.pictures import WIDE, noise

ROOT = Path(__file__).parents[3]
GENERIC = find_model("generic-80")
KIOSK = """
import sys
from hardware.printer.address import find_printer
from tests.hardware.printer.bench import SLIP
printer = find_printer(sys.argv[1], "epson-tm-t20iii")
printer.open()
while printer.state().link != "ready":
    pass
printer.print_slip(SLIP, "A001")
"""


class Remains:
    """What a twin has left since last looked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Path] = set()

    def last(self) -> bytes:
        """The dots of the last piece of paper that came out."""
        new = sorted(set(self._folder.glob("*.png")) - self._seen)
        self._seen.update(new)
        return dots(new[-1])


@pytest.mark.parametrize(("model", "every"), [(WIDE, 200), (GENERIC, 3900)], ids=["clears", "fills up"])
def test_killed_at_every_two_hundredth_byte(model: Model, every: int, tmp_path: Path) -> None:
    """The next slip is whole, below what had been printed of the first; not a letter of garbage."""
    slip, data = noise(400, model), encode(noise(400, model), model)
    twin, remains = VirtualPrinter(tmp_path, model=model), Remains(tmp_path)
    with NetworkPlug(twin) as plug:
        for killed_at in range(1, len(data), every):
            arrived = threading.Event()
            twin.at_byte(killed_at, arrived.set)
            with socket.create_connection((plug.host, plug.port)) as kiosk:
                kiosk.sendall(data[:killed_at])
                assert arrived.wait(LIMIT_S)
            _print_again(NetworkCable(plug.host, plug.port), model, slip)
            assert remains.last().endswith(slip.tobytes()), f"killed at byte {killed_at}"
    assert not any("letter" in note for note in twin.mechanism.notes)


def _print_again(cable: NetworkCable | SerialCable, model: Model, slip: Image) -> None:
    """As the kiosk does after its restart: with a driver that knows nothing of the slip before."""
    printer = EscposPrinter(cable, model, timing=QUICK)
    printer.open()
    try:
        printer.print_slip(slip, "A001")
    finally:
        printer.close()


@pytest.mark.parametrize("kind", ["network", "serial"])
@pytest.mark.parametrize("killed_at", [500, 15_000, 28_000])
def test_a_process_killed_while_it_prints(kind: str, killed_at: int, tmp_path: Path) -> None:
    """Really killed, with its cable in its hand."""
    twin = VirtualPrinter(tmp_path / "slips")
    with NetworkPlug(twin) as plug, SerialPlug(twin, tmp_path / "tty") as line:
        address = f"tcp:{plug.host}:{plug.port}" if kind == "network" else f"serial:{line.path}?baud=115200"
        killed = threading.Event()
        kiosk = subprocess.Popen([sys.executable, "-c", KIOSK, address], cwd=ROOT, env={"PYTHONPATH": _path()})
        try:

            def kill() -> None:
                kiosk.send_signal(signal.SIGKILL)
                killed.set()

            twin.at_byte(killed_at, kill)
            assert killed.wait(LIMIT_S)
            kiosk.wait(LIMIT_S)
        finally:
            kiosk.kill()
            kiosk.wait(LIMIT_S)
        cable = NetworkCable(plug.host, plug.port) if kind == "network" else SerialCable(str(line.path), baud=115_200)
        _print_again(cable, WIDE, noise(300))
        assert Remains(tmp_path / "slips").last().endswith(noise(300).tobytes())
        assert twin.mechanism.notes == []


def _path() -> str:
    return ":".join([str(ROOT), *sys.path])


def test_power_lost_at_any_byte_of_the_wire(tmp_path: Path) -> None:
    """Whole rows stay on the paper; the slip is unknown to the kiosk, and its copy is whole."""
    with bench("network", tmp_path) as it:
        it.printer.print_slip(noise(100), "A000")
        for killed_at in range(50, len(encode(noise(100), WIDE)), 1700):
            it.twin.cut_power(after_bytes=killed_at)
            with pytest.raises(PrinterFault) as raised:
                it.printer.print_slip(noise(100), "A001")
            assert (raised.value.reason, raised.value.printed) == ("offline", "unknown")
            it.twin.switch_on()
            it.until("ready")
            it.printer.print_slip(noise(100), "A001")
            assert it.pictures()[-1] == noise(100).tobytes()
        assert all(noise(100).tobytes().startswith(dots(torn)) for torn in it.folder.glob("*-torn.png"))
        assert it.twin.mechanism.notes == []
