"""Faults of things with a plug: who stands before the device can do something about most of them."""

from typing import Literal

PrinterTrouble = Literal["paper-out", "cover-open", "jam", "silent", "offline", "unknown"]


class HardwareFault(Exception):
    """A device did not do what it was told."""


class PrinterFault(HardwareFault):
    """The slip did not come out, as far as the printer can tell; `reason` says why."""

    def __init__(self, reason: PrinterTrouble) -> None:
        super().__init__(f"the printer did not print: {reason}")
        self.reason: PrinterTrouble = reason
