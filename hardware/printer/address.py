"""Which printer, in one line of settings: where it is plugged in, and what it is.

usb                             any printer on USB
usb:04b8:0e28                   the one with these numbers (vendor, product)
tcp:192.168.1.50                on the network, port 9100
tcp:192.168.1.50:9101
serial:/dev/ttyS0?baud=38400    a serial line: 9600 baud if not given; handshake=none, rts or xon
file:/dev/usb/lp0               a device file: it prints, and nothing is known of how it is
virtual:var/slips               the twin, which prints into a folder
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qsl

from hardware.errors import SettingFault
from hardware.printer.cables import Cable, FileCable, Handshake, NetworkCable, SerialCable, UsbCable
from hardware.printer.driver import EscposPrinter
from hardware.printer.models import find_model
from hardware.printer.port import Printer
from hardware.printer.virtual import VirtualPrinter

PORT: Final = 9100
HANDSHAKES: Final = ("none", "rts", "xon")


def find_printer(address: str, model: str) -> Printer:
    """The printer at `address`, not opened yet. Raises `SettingFault` for an address or a model nobody knows."""
    kind, _, rest = address.partition(":")
    facts = find_model(model)
    if kind == "virtual" and rest:
        return VirtualPrinter(Path(rest), model=facts)
    if kind not in CABLES:
        raise SettingFault(
            f"{address!r} is no address of a printer; it begins with one of {', '.join(CABLES)}, virtual"
        )
    try:
        return EscposPrinter(CABLES[kind](rest), facts)
    except ValueError as problem:
        raise SettingFault(f"{address!r} is no address of a printer: {problem}") from problem


def _usb(rest: str) -> Cable:
    if not rest:
        return UsbCable()
    vendor, product = (int(number, 16) for number in rest.split(":"))
    return UsbCable(vendor, product)


def _network(rest: str) -> Cable:
    host, _, port = rest.partition(":")
    return NetworkCable(_given(host), int(port) if port else PORT)


def _serial(rest: str) -> Cable:
    path, _, words = rest.partition("?")
    options = dict(parse_qsl(words, strict_parsing=True)) if words else {}
    baud, handshake = int(options.pop("baud", "9600")), options.pop("handshake", "none")
    if options or handshake not in HANDSHAKES or baud <= 0:
        raise ValueError(f"options are baud=NUMBER and handshake={'|'.join(HANDSHAKES)}")
    return SerialCable(_given(path), baud=baud, handshake=cast(Handshake, handshake))


def _file(rest: str) -> Cable:
    return FileCable(_given(rest))


def _given(word: str) -> str:
    if not word:
        raise ValueError("where is it?")
    return word


CABLES: Final[dict[str, Callable[[str], Cable]]] = {"usb": _usb, "tcp": _network, "serial": _serial, "file": _file}
