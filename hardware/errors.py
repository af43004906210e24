"""Faults of things with a plug: who stands before the device can do something about most of them."""

from typing import Literal

PrinterTrouble = Literal["paper-out", "cover-open", "jam", "silent", "offline", "unknown"]

Printed = Literal["no", "unknown"]
"""What a fault knows of the slip: certainly not on paper, or nobody can tell. A slip that came out is no fault."""


class HardwareFault(Exception):
    """A device did not do what it was told."""


class PrinterFault(HardwareFault):
    """The slip did not come out, as far as the printer can tell; `reason` says why.

    `printed` is "no" only when no byte of the slip can have reached the printer; `bytes_sent` had gone for certain.
    """

    def __init__(self, reason: PrinterTrouble, *, printed: Printed = "unknown", bytes_sent: int = 0) -> None:
        super().__init__(f"{reason}; {bytes_sent} bytes sent; on paper: {printed}")
        self.reason: PrinterTrouble = reason
        self.printed: Printed = printed
        self.bytes_sent = bytes_sent


class SettingFault(HardwareFault, ValueError):
    """A device is described in words nobody knows: a model, an address. `str()` says which are known."""
