"""Cables do what they say within the time they say, whatever is at the other end."""

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from hardware.printer.cables import CableFault, CableStalled, FileCable, NetworkCable, SerialCable, UsbCable
from hardware.printer.plugs import NetworkPlug, SerialPlug
from hardware.printer.raster import load_escpos
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.usb_bus import PRODUCT, VENDOR, UsbBus

ASK = b"\x10\x04\x01"
LONG = bytes(1 << 22)
SOON_S = 1.5


@pytest.fixture(autouse=True, scope="module")
def escpos() -> None:
    """Loaded before time is measured."""
    load_escpos()


@pytest.fixture
def twin(tmp_path: Path) -> VirtualPrinter:
    """Something to plug into."""
    return VirtualPrinter(tmp_path / "slips")


def heard(cable: NetworkCable | SerialCable | UsbCable, count: int) -> bytes:
    """So many bytes, within a reasonable time."""
    data, end = b"", time.monotonic() + 10
    while len(data) < count and time.monotonic() < end:
        data += cable.receive(0.2)
    return data


def test_questions_and_answers_go_through_each(twin: VirtualPrinter, tmp_path: Path) -> None:
    """There and back."""
    with NetworkPlug(twin) as plug, SerialPlug(twin, tmp_path / "tty") as line:
        for cable in (
            NetworkCable(plug.host, plug.port),
            SerialCable(str(line.path), handshake="rts"),
            SerialCable(str(line.path), handshake="xon"),
            UsbCable(backend=UsbBus(twin)),
            UsbCable(VENDOR, PRODUCT, backend=UsbBus(twin)),
        ):
            cable.open()
            cable.send(ASK * 3, 1.0)
            assert heard(cable, 3) == b"\x12\x12\x12"
            assert cable.receive(0.01) == b""
            cable.close()
            cable.close()


@pytest.mark.parametrize(
    "cable",
    [
        NetworkCable("127.0.0.1", 1),
        SerialCable("/nowhere/tty"),
        FileCable("/nowhere/lp0"),
    ],
    ids=["network", "serial", "file"],
)
def test_nothing_to_plug_into_is_said_at_once(cable: NetworkCable | SerialCable | FileCable) -> None:
    """In one line, without the names of other people's classes."""
    begin = time.monotonic()
    with pytest.raises(CableFault) as raised:
        cable.open()
    assert time.monotonic() - begin < SOON_S
    assert "\n" not in str(raised.value)
    assert "Error" not in str(raised.value)
    for talk in (lambda: cable.send(ASK, 1.0), lambda: cable.receive(0.1)):
        with pytest.raises(CableFault, match="not plugged in"):
            talk()


def test_no_printer_on_usb_is_said_at_once(twin: VirtualPrinter) -> None:
    """Other things on the bus are no printers."""
    twin.unplug()
    for cable in (UsbCable(backend=UsbBus(twin)), UsbCable(VENDOR, PRODUCT, backend=UsbBus(twin))):
        with pytest.raises(CableFault, match="not found"):
            cable.open()


def test_usb_goes_where_the_printer_says(twin: VirtualPrinter) -> None:
    """Its endpoints are not where most printers have them; and who cannot be read from is not read from."""
    cable = UsbCable(backend=UsbBus(twin, answers=False))
    cable.open()
    cable.send(ASK, 1.0)
    assert not cable.answers
    assert cable.receive(0.01) == b""
    cable.close()


def test_usb_that_takes_little_gets_all_of_it(twin: VirtualPrinter) -> None:
    """python-escpos does not look at how much was taken."""
    cable = UsbCable(backend=UsbBus(twin, mouthful=7))
    cable.open()
    cable.send(ASK * 100, 1.0)
    assert heard(cable, 100) == b"\x12" * 100
    cable.close()


def test_a_printer_that_takes_nothing_stalls_the_sender_no_longer_than_allowed(
    twin: VirtualPrinter, tmp_path: Path
) -> None:
    """And the cable is closed at once all the same."""
    with NetworkPlug(twin) as plug, SerialPlug(twin, tmp_path / "tty") as line:
        twin.go_silent(hung=True)
        cables = NetworkCable(plug.host, plug.port), SerialCable(str(line.path)), UsbCable(backend=UsbBus(twin))
        for cable in cables:
            cable.open()
            begin = time.monotonic()
            with pytest.raises(CableStalled):
                cable.send(LONG, 0.2)
            cable.close(drop=True)
            assert time.monotonic() - begin < SOON_S


def test_a_pulled_cable_is_noticed(twin: VirtualPrinter, tmp_path: Path) -> None:
    """Whoever listens or speaks hears of it; and it can be plugged in again."""
    with NetworkPlug(twin) as plug, SerialPlug(twin, tmp_path / "tty") as line:
        bus = UsbBus(twin)
        for cable in (NetworkCable(plug.host, plug.port), SerialCable(str(line.path)), UsbCable(backend=bus)):
            cable.open()
            twin.unplug()
            with pytest.raises(CableFault):
                while True:
                    cable.receive(1.0)
            twin.plug_in()
            end = time.monotonic() + 10
            while not _opened(cable):
                assert time.monotonic() < end
            cable.send(ASK, 1.0)
            assert heard(cable, 1) == b"\x12"
            cable.close()
        assert bus.opened == 0


def _opened(cable: NetworkCable | SerialCable | UsbCable) -> bool:
    try:
        cable.open()
    except CableFault:
        return False
    return True


def test_a_device_file_gets_the_bytes_and_says_nothing(tmp_path: Path) -> None:
    """One that is missing is not created: python-escpos would print into a new file, and be content."""
    path = tmp_path / "lp0"
    cable = FileCable(str(path))
    with pytest.raises(CableFault, match="there is no"):
        cable.open()
    assert not path.exists()
    path.touch()
    cable.open()
    cable.send(b"abc", 1.0)
    cable.send(b"def", 1.0)
    assert cable.receive(0.01) == b""
    assert path.read_bytes() == b"abcdef"
    path.unlink()
    with pytest.raises(CableFault, match="is gone"):
        cable.receive(0.0)
    cable.close()
    cable.close()
    assert not cable.answers


def test_a_device_file_that_takes_nothing_does_not_hold_the_sender(tmp_path: Path) -> None:
    """As `/dev/usb/lp0` does while paper is out."""
    path = tmp_path / "lp0"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    cable = FileCable(str(path))
    try:
        cable.open()
        begin = time.monotonic()
        with pytest.raises(CableStalled, match="takes nothing"):
            cable.send(LONG, 0.1)
        assert time.monotonic() - begin < SOON_S
    finally:
        cable.close()
        os.close(reader)


def test_a_printer_that_does_not_pick_up_is_not_waited_for(tmp_path: Path) -> None:
    """Switched off, its address still known to the network: nobody refuses, nobody answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        callers = [socket.socket() for _ in range(3)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        cable = NetworkCable("127.0.0.1", port, connect_s=0.3)
        begin = time.monotonic()
        with pytest.raises(CableFault):
            cable.open()
        assert time.monotonic() - begin < SOON_S
        for caller in callers:
            caller.close()


def test_without_libusb_the_fault_says_so() -> None:
    """Or, where there is one, that there is no printer: no other error gets out."""
    with pytest.raises(CableFault, match=r"backend|not found"):
        UsbCable(0xFFFF, 0xFFFF).open()


def open_files() -> int:
    """How many this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_plugging_in_and_out_leaves_nothing_open(twin: VirtualPrinter, tmp_path: Path) -> None:
    """No file, no thread."""
    before, threads = open_files(), threading.active_count()
    with NetworkPlug(twin) as plug, SerialPlug(twin, tmp_path / "tty") as line:
        for _ in range(10):
            for cable in (NetworkCable(plug.host, plug.port), SerialCable(str(line.path))):
                cable.open()
                cable.close(drop=True)
    assert open_files() == before
    assert threading.active_count() == threads
