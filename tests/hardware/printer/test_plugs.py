"""The twin can be reached like a real printer, by anybody, and goes away like one."""

import os
import socket
import threading
from pathlib import Path

import pytest

from hardware.printer.plugs import NetworkPlug, SerialPlug
from hardware.printer.raster import encode
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.bench import LIMIT_S, dots
from tests.hardware.printer.pictures import WIDE, noise

ASK = b"\x10\x04\x01"
SLIP = noise(300)
DATA = encode(SLIP, WIDE) + WIDE.confirm


@pytest.fixture
def twin(tmp_path: Path) -> VirtualPrinter:
    """A printer on a bench."""
    return VirtualPrinter(tmp_path / "slips")


def said(caller: socket.socket, data: bytes, count: int) -> bytes:
    """The answer to some bytes, so long."""
    caller.settimeout(LIMIT_S)
    caller.sendall(data)
    heard = b""
    while len(heard) < count:
        heard += caller.recv(100)
    return heard


def test_one_caller_after_the_other(twin: VirtualPrinter, tmp_path: Path) -> None:
    """The second is heard when the first has gone; what the first has sent is printed."""
    with NetworkPlug(twin) as plug:
        first = socket.create_connection((plug.host, plug.port))
        second = socket.create_connection((plug.host, plug.port))
        assert said(first, DATA, 1) == b"\x00"
        first.close()
        assert said(second, ASK, 1) == b"\x12"
        second.close()
    (picture,) = (tmp_path / "slips").glob("*-slip.png")
    assert dots(picture) == SLIP.tobytes()


def test_a_full_printer_still_hears_who_calls_anew(twin: VirtualPrinter) -> None:
    """Its buffer is full of what it cannot print; questions and orders get through, pictures do not."""
    with NetworkPlug(twin) as plug:
        twin.open_cover()
        full = threading.Event()
        twin.at_byte(4096, full.set)
        with socket.create_connection((plug.host, plug.port)) as first:
            first.sendall(DATA)
            assert full.wait(LIMIT_S)
        with socket.create_connection((plug.host, plug.port)) as second:
            assert said(second, b"\x10\x04\x02", 1) == b"\x16"
            assert said(second, WIDE.clear, 3) == b"\x37\x25\x00"
            twin.close_cover()
            assert said(second, DATA, 1) == b"\x00"


def test_pulling_the_cable_hangs_up_and_plugging_in_answers_again(twin: VirtualPrinter) -> None:
    """At the same place."""
    with NetworkPlug(twin) as plug:
        with socket.create_connection((plug.host, plug.port)) as caller:
            caller.settimeout(LIMIT_S)
            twin.unplug()
            assert caller.recv(1) == b""
        twin.plug_in()
        while True:
            try:
                caller = socket.create_connection((plug.host, plug.port))
                break
            except ConnectionRefusedError:
                continue
        assert said(caller, ASK, 1) == b"\x12"
        caller.close()


def test_a_caller_who_does_not_listen_holds_nobody(twin: VirtualPrinter) -> None:
    """Its answers are lost, and its slip is printed."""
    with NetworkPlug(twin) as plug, socket.create_connection((plug.host, plug.port)) as caller:
        done = threading.Event()
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        many = ASK * 100_000
        twin.at_byte(len(many), done.set)
        caller.sendall(many)
        assert done.wait(LIMIT_S)


def test_a_serial_line_comes_and_goes(twin: VirtualPrinter, tmp_path: Path) -> None:
    """Where it was."""
    path = tmp_path / "tty"
    with SerialPlug(twin, path):
        for _ in range(3):
            line = os.open(path, os.O_RDWR | os.O_NOCTTY)
            os.write(line, ASK)
            assert os.read(line, 1) == b"\x12"
            os.close(line)
            gone = threading.Event()
            twin.watch(lambda state, gone=gone: gone.set() if state.link == "offline" else None)
            twin.unplug()
            assert gone.wait(LIMIT_S)
            while path.exists():
                continue
            twin.plug_in()
            while not path.exists():
                continue
    assert not path.is_symlink()


def test_leaving_the_block_ends_everything(twin: VirtualPrinter, tmp_path: Path) -> None:
    """Threads, sockets, the line; and the twin is still a printer."""
    threads = threading.active_count()
    with NetworkPlug(twin) as plug, SerialPlug(twin, tmp_path / "tty"):
        assert threading.active_count() == threads + 2
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((plug.host, plug.port))
    twin.print_slip(SLIP, "A001")
    twin.unplug()
