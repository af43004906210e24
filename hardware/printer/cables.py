"""How bytes get to a printer: USB, network, serial line, device file. python-escpos opens them; here they get limits.

What python-escpos leaves open, found by trying: closing a serial line waits for ever while the printer takes nothing;
a read from it waits its whole limit even when the answer is there; a device file that is missing is created; USB may
take less than it was given, unnoticed; a refused connection is not closed; a write has no limit at all. Nothing here
waits longer than it says (USB: in one transfer), and whatever breaks is a `CableFault`.
"""

import errno
import os
import select
import socket
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from hardware.errors import HardwareFault
from hardware.printer.raster import load_escpos

AT_ONCE_S: Final = 0.001
LONGEST_ANSWER: Final = 64
PRINTER_CLASS: Final = 7
"""What USB calls a printer."""
BULK: Final = 2
CLASS_REQUEST: Final = 0x21
SOFT_RESET: Final = 2
"""Of the printer class: flush all buffers. The only way to a printer that is full and has stopped."""
RESET_LIMIT_MS: Final = 500

Handshake = Literal["none", "rts", "xon"]


class CableFault(HardwareFault):
    """Nothing goes through: not plugged in, or cut off."""


class CableStalled(CableFault):
    """The other end is there, and takes nothing."""


class Cable(Protocol):
    """A way to one printer. Used by one thread at a time."""

    piece: int
    """So many bytes are handed over at once; what is known of how many have gone is known in such pieces."""
    bytes_per_s: float | None
    """How fast it is, where that matters."""
    answers: bool
    """Whether anything can come back."""

    def open(self) -> None:
        """Plugs in. Raises `CableFault` when there is nothing to plug into."""

    def send(self, data: bytes, limit_s: float) -> None:
        """Hands all of `data` over. Raises `CableStalled` when it cannot within the limit; some of it may have gone."""

    def receive(self, limit_s: float) -> bytes:
        """What has come, waiting for the first byte only; empty when none has. Raises `CableFault` when cut off."""

    def close(self, *, drop: bool = False) -> None:
        """Unplugs, at once. `drop`: what this machine still holds back is not sent any more."""


class EscposCable(ABC):
    """What is alike in all four: python-escpos makes and opens the plug; any trouble is a `CableFault`."""

    piece = 4096
    bytes_per_s: float | None = None
    answers = True

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._plug: Any = None

    def open(self) -> None:
        self.close()
        with _as_cable_fault():
            plug = self._make()
            self._plug_in(plug)
            self._plug = plug
            self._prepare()

    def close(self, *, drop: bool = False) -> None:
        plug, self._plug = self._plug, None
        if plug is None:
            return
        with suppress(CableFault), _as_cable_fault():
            self._unplug(plug, drop)
        plug.device = False  # or python-escpos closes it once more, in its own way, whenever it is collected

    def _device(self) -> Any:
        if self._plug is None:
            raise CableFault("not plugged in")
        return self._plug.device

    def _plug_in(self, plug: Any) -> None:
        plug.open()

    @abstractmethod
    def _prepare(self) -> None:
        """Sets what python-escpos does not."""

    @abstractmethod
    def _unplug(self, plug: Any, drop: bool) -> None:
        """Closes what `plug` has opened."""


class NetworkCable(EscposCable):
    """TCP, port 9100 as a rule."""

    def __init__(self, host: str, port: int, *, connect_s: float = 1.0) -> None:
        super().__init__(lambda: load_escpos().Network(host, port, timeout=connect_s))

    def _plug_in(self, plug: Any) -> None:
        plug.device = socket.create_connection((plug.host, plug.port), plug.timeout)

    def send(self, data: bytes, limit_s: float) -> None:
        with _as_cable_fault():
            self._device().settimeout(limit_s)
            self._plug._raw(data)

    def receive(self, limit_s: float) -> bytes:
        with _as_cable_fault():
            device: socket.socket = self._device()
            device.settimeout(max(limit_s, AT_ONCE_S))
            try:
                data = device.recv(LONGEST_ANSWER)
            except TimeoutError:
                return b""
            if not data:
                raise CableFault("the printer has hung up")
            return data

    def _prepare(self) -> None:
        self._device().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a question goes out at once

    def _unplug(self, plug: Any, drop: bool) -> None:
        if drop:
            plug.device.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        plug.device.close()


class SerialCable(EscposCable):
    """A serial line, or a USB plug that pretends to be one. Eight bits, no parity, one stop bit."""

    piece = 256

    def __init__(self, path: str, *, baud: int = 9600, handshake: Handshake = "none") -> None:
        super().__init__(
            lambda: load_escpos().Serial(path, baudrate=baud, xonxoff=handshake == "xon", dsrdtr=False, timeout=0)
        )
        self.bytes_per_s = baud / 10
        self._rts = handshake == "rts"

    def send(self, data: bytes, limit_s: float) -> None:
        with _as_cable_fault():
            self._device().write_timeout = limit_s
            self._plug._raw(data)

    def receive(self, limit_s: float) -> bytes:
        with _as_cable_fault():
            device = self._device()
            device.timeout = limit_s
            first: bytes = device.read(1)
            return first + bytes(device.read(min(device.in_waiting, LONGEST_ANSWER))) if first else b""

    def _prepare(self) -> None:
        if self._rts:
            self._device().rtscts = True

    def _unplug(self, plug: Any, drop: bool) -> None:  # noqa: ARG002 - always dropped, or the kernel waits for it
        try:
            plug.device.reset_output_buffer()
        finally:
            plug.device.close()


class UsbCable(EscposCable):
    """A printer on USB, by its numbers, or any printer there is. `options` go to `usb.core.find`."""

    def __init__(self, vendor: int | None = None, product: int | None = None, **options: Any) -> None:
        if vendor is None:
            options = {"custom_match": _is_printer, **options}
        super().__init__(lambda: load_escpos().Usb(vendor, product, usb_args=dict(options)))
        self._interface = 0

    def send(self, data: bytes, limit_s: float) -> None:
        """Past its limit USB may have taken a part, and says so only in the count it returns."""
        with _as_cable_fault():
            device = self._device()
            while data:
                taken = device.write(self._plug.out_ep, data, max(1, round(limit_s * 1000)))
                if not taken:
                    raise CableStalled("the printer takes nothing")
                data = data[taken:]

    def receive(self, limit_s: float) -> bytes:
        with _as_cable_fault():
            device = self._device()
            if self._plug.in_ep is None:
                time.sleep(limit_s)
                return b""
            try:
                return bytes(device.read(self._plug.in_ep, LONGEST_ANSWER, max(1, round(limit_s * 1000))))
            except OSError as problem:
                if problem.errno != errno.ETIMEDOUT:
                    raise
                return b""

    def _prepare(self) -> None:
        """The endpoints are those the printer says it has, not those most printers have."""
        self._interface, inwards, outwards = _endpoints(self._device())
        self._plug.in_ep, self._plug.out_ep = inwards, outwards
        self.answers = inwards is not None

    def _unplug(self, plug: Any, drop: bool) -> None:
        try:
            if drop:
                plug.device.ctrl_transfer(CLASS_REQUEST, SOFT_RESET, 0, self._interface, None, RESET_LIMIT_MS)
        finally:
            plug.close()


class FileCable(EscposCable):
    """A device file such as `/dev/usb/lp0`: bytes go in, nothing is known of what becomes of them."""

    answers = False

    def __init__(self, path: str) -> None:
        super().__init__(lambda: load_escpos().File(path, auto_flush=True))
        self._path = Path(path)

    def open(self) -> None:
        if not self._path.exists():
            raise CableFault(f"there is no {self._path}")
        super().open()

    def send(self, data: bytes, limit_s: float) -> None:
        with _as_cable_fault():
            file: int = self._device().fileno()
            while data:
                if not select.select([], [file], [], limit_s)[1]:
                    raise CableStalled(f"{self._path} takes nothing")
                data = data[os.write(file, data) :]

    def receive(self, limit_s: float) -> bytes:
        self._device()
        time.sleep(limit_s)  # for an answer that cannot come
        if not self._path.exists():
            raise CableFault(f"{self._path} is gone")
        return b""

    def _prepare(self) -> None:
        os.set_blocking(self._device().fileno(), False)

    def _unplug(self, plug: Any, drop: bool) -> None:  # noqa: ARG002 - the kernel holds nothing back
        plug.close()


@contextmanager
def _as_cable_fault() -> Iterator[None]:
    """Sockets, pyserial, pyusb and python-escpos each have their own family of errors; some are no family at all."""
    try:
        yield
    except CableFault:
        raise
    except Exception as problem:
        kind = CableStalled if "Timeout" in type(problem).__name__ else CableFault
        raise kind(_in_a_line(problem)) from problem


def _in_a_line(problem: Exception) -> str:
    """python-escpos says on the last line what others said; what it says itself nobody needs."""
    words = str(problem).strip().rpartition("\n")[2].rstrip(")") or type(problem).__name__
    return words.removeprefix("Device not found (")


def _is_printer(device: Any) -> bool:
    return any(interface.bInterfaceClass == PRINTER_CLASS for configuration in device for interface in configuration)


def _endpoints(device: Any) -> tuple[int, int | None, int]:
    """The number of the printer's interface, and the addresses to read from, if any, and to write to."""
    for interface in device.get_active_configuration():
        found = [one.bEndpointAddress for one in interface if one.bmAttributes & 3 == BULK]
        outwards = [address for address in found if not address & 0x80]
        if interface.bInterfaceClass == PRINTER_CLASS and outwards:
            inwards = next((address for address in found if address & 0x80), None)
            return interface.bInterfaceNumber, inwards, outwards[0]
    raise CableFault("no printer among the interfaces of this USB device")
