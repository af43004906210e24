"""What the house asks of a receipt printer."""

from typing import Protocol

from PIL.Image import Image


class Printer(Protocol):
    """A printer for slips of 80 mm."""

    def print_slip(self, image: Image, label: str) -> None:
        """Prints a 1-bit picture 576 dots wide and cuts; `label` names the slip in logs and files.

        Returns when the paper is out. Raises `PrinterFault` when it is not, as far as the printer can tell.
        """
