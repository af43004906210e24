"""A printer is one line of settings."""

import subprocess
import sys
from pathlib import Path

import pytest

from hardware.errors import SettingFault
from hardware.printer.address import find_printer
from hardware.printer.driver import EscposPrinter
from hardware.printer.virtual import VirtualPrinter


@pytest.mark.parametrize(
    "address",
    [
        "usb",
        "usb:04b8:0e28",
        "tcp:192.168.1.50",
        "tcp:printer.local:9101",
        "serial:/dev/ttyS0",
        "serial:/dev/ttyUSB0?baud=38400&handshake=rts",
        "file:/dev/usb/lp0",
    ],
)
def test_every_kind_of_cable_has_an_address(address: str) -> None:
    """Nothing is opened yet."""
    printer = find_printer(address, "generic-58")
    assert isinstance(printer, EscposPrinter)
    assert printer.model.width_dots == 384
    assert printer.state().link == "offline"
    printer.close()


def test_the_twin_has_one_too(tmp_path: Path) -> None:
    """With a model like any other."""
    printer = find_printer(f"virtual:{tmp_path}", "generic-80")
    assert isinstance(printer, VirtualPrinter)
    assert printer.model.id == "generic-80"


@pytest.mark.parametrize(
    ("address", "model", "problem"),
    [
        ("lpt:1", "generic-80", "begins with one of usb, tcp, serial, file, virtual"),
        ("virtual:", "generic-80", "begins with one of"),
        ("", "generic-80", "begins with one of"),
        ("tcp:", "generic-80", "where is it"),
        ("tcp:host:many", "generic-80", "no address of a printer: .*many"),
        ("usb:04b8", "generic-80", "no address of a printer"),
        ("usb:xyz:1", "generic-80", "no address of a printer: .*xyz"),
        ("serial:/dev/ttyS0?baud=fast", "generic-80", "fast"),
        ("serial:/dev/ttyS0?baud=-1", "generic-80", "options are baud=NUMBER"),
        ("serial:/dev/ttyS0?speed=9600", "generic-80", r"options are baud=NUMBER and handshake=none\|rts\|xon"),
        ("serial:/dev/ttyS0?handshake=dtr", "generic-80", "options are"),
        ("serial:?baud=9600", "generic-80", "where is it"),
        ("file:", "generic-80", "where is it"),
        ("usb", "generic-800", "did you mean 'generic-80'"),
    ],
)
def test_a_wrong_one_is_explained(address: str, model: str, problem: str) -> None:
    """To whoever sets the kiosk up."""
    with pytest.raises(SettingFault, match=problem):
        find_printer(address, model)


def test_who_only_knows_a_printer_loads_nothing_to_draw_or_print_with() -> None:
    """Half a second that no first screen should wait for."""
    program = "import sys, hardware.printer.address; print({'PIL', 'escpos', 'serial', 'usb'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "set()\n"
