"""A USB bus without a plug: a backend for pyusb with the twin on it, beside something that is no printer."""
# ruff: noqa: ARG002 - pyusb decides what a backend is told

import errno
import threading
from types import SimpleNamespace
from typing import Any

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from hardware.printer.virtual import VirtualPrinter

VENDOR, PRODUCT = 0x04B8, 0x0E28
OUT, IN = 0x03, 0x84
"""Not where python-escpos looks if it is not told."""
BULK, PRINTER, STORAGE = 2, 7, 8


class UsbBus(IBackend):
    """`mouthful`: the printer takes no more in one transfer, and says so only by the count."""

    def __init__(self, printer: VirtualPrinter, *, mouthful: int = 1 << 20, answers: bool = True) -> None:
        self._printer = printer
        self._mouthful = mouthful
        self._endpoints = [OUT, IN] if answers else [OUT]
        self.opened = 0

    def enumerate_devices(self) -> list[str]:
        return ["stick", "printer"] if self._printer.reachable else ["stick"]

    def get_device_descriptor(self, dev: str) -> SimpleNamespace:
        numbers = (VENDOR, PRODUCT) if dev == "printer" else (0x1234, 0x5678)
        return _descriptor(1, idVendor=numbers[0], idProduct=numbers[1], bDeviceClass=0, bNumConfigurations=1)

    def get_configuration_descriptor(self, dev: str, config: int) -> SimpleNamespace:
        self._exists(config)
        return _descriptor(2, bNumInterfaces=1, bConfigurationValue=1, bmAttributes=0, bMaxPower=50, wTotalLength=32)

    def get_interface_descriptor(self, dev: str, intf: int, alt: int, config: int) -> SimpleNamespace:
        self._exists(intf or alt)
        kind = PRINTER if dev == "printer" else STORAGE
        count = len(self._endpoints)
        return _descriptor(
            4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=count, bInterfaceClass=kind, bInterfaceSubClass=1
        )

    def get_endpoint_descriptor(self, dev: str, ep: int, intf: int, alt: int, config: int) -> SimpleNamespace:
        return _descriptor(5, bEndpointAddress=self._endpoints[ep], bmAttributes=BULK, wMaxPacketSize=64, bInterval=0)

    def open_device(self, dev: str) -> str:
        self._there()
        self.opened += 1
        return dev

    def close_device(self, dev_handle: str) -> None:
        self.opened -= 1

    def set_configuration(self, dev_handle: str, config_value: int) -> None:
        self._there()

    def get_configuration(self, dev_handle: str) -> int:
        return 1

    def claim_interface(self, dev_handle: str, intf: int) -> None:
        self._there()

    def release_interface(self, dev_handle: str, intf: int) -> None:
        self._there()

    def reset_device(self, dev_handle: str) -> None:
        self._there()

    def bulk_write(self, dev_handle: str, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert (ep, timeout > 0) == (OUT, True)
        inside = self._printer.mechanism
        taken = 0
        while not inside.hung and inside.room and taken < min(len(data), self._mouthful):
            self._there()
            part = bytes(data[taken : min(taken + inside.room, self._mouthful)])
            self._printer.arrive(part)
            taken += len(part)
        return taken or self._late(timeout)

    def bulk_read(self, dev_handle: str, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert (ep, timeout > 0) == (IN, True)
        self._there()
        said = self._printer.answers()
        buff[: len(said)] = type(buff)("B", said)
        return len(said) or self._late(timeout)

    def ctrl_transfer(
        self, dev_handle: str, bmRequestType: int, bRequest: int, wValue: int, wIndex: int, data: Any, timeout: int
    ) -> int:
        """The one request of the printer class that changes anything: forget what waits."""
        self._there()
        assert (bmRequestType, bRequest, wValue, wIndex) == (0x21, 2, 0, 0)
        with self._printer.mechanism.lock:
            self._printer.mechanism.clear()
        return 0

    def _there(self) -> None:
        if not self._printer.reachable:
            raise USBError("No such device", None, errno.ENODEV)

    @staticmethod
    def _exists(number: int) -> None:
        if number:
            raise IndexError(number)

    @staticmethod
    def _late(timeout: int) -> int:
        """As long as the caller wants to wait."""
        threading.Event().wait(timeout / 1000)
        raise USBTimeoutError("Operation timed out", None, errno.ETIMEDOUT)


def _descriptor(kind: int, **known: int) -> SimpleNamespace:
    """A descriptor of which only what is `known` is looked at."""
    names = (
        "bcdUSB bDeviceSubClass bDeviceProtocol bMaxPacketSize0 bcdDevice iManufacturer iProduct iSerialNumber address "
        "bus port_number port_numbers speed iConfiguration bInterfaceProtocol iInterface bRefresh bSynchAddress"
    )
    unknown = dict.fromkeys(names.split(), 0)
    return SimpleNamespace(bLength=9, bDescriptorType=kind, extra_descriptors=[], **{**unknown, **known})
