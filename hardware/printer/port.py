"""What the house asks of a receipt printer, whatever it is and wherever it is plugged in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from hardware.errors import PrinterTrouble
from hardware.printer.models import Model

if TYPE_CHECKING:  # drawing is loaded when something is drawn: not every program that knows a printer prints
    from PIL.Image import Image

Link = Literal["ready", "busy", "cover-open", "jam", "silent", "offline"]
"""`silent`: plugged in, but it does not answer. `offline`: cannot be reached, or says itself that it cannot print."""

Paper = Literal["ok", "near-end", "out", "unknown"]


@dataclass(frozen=True)
class PrinterState:
    """A printer as last asked, `age_s` ago. `last_error` stays until another one takes its place."""

    link: Link
    paper: Paper
    last_error: str | None = None
    age_s: float = field(default=0.0, compare=False)

    @property
    def trouble(self) -> PrinterTrouble | None:
        """Why no slip can come out now; `None` when one can, also from a printer that is busy with another."""
        match self.link:
            case "cover-open" | "jam" | "silent" | "offline":
                return self.link
            case _:
                return "paper-out" if self.paper == "out" else None


Watcher = Callable[[PrinterState], None]
"""Told of the first state and of each change, mostly on the printer's thread: it posts an event and returns."""


class Printer(Protocol):
    """A printer for slips. All but `print_slip` answer at once, whatever the printer does or does not do."""

    @property
    def model(self) -> Model:
        """What printer it is: how wide, with a cutter or without."""

    def open(self) -> None:
        """Begins to look after the printer, there or not. It is found when it comes, and found again."""

    def close(self) -> None:
        """Lets the printer go. Twice is harmless."""

    def state(self) -> PrinterState:
        """The last reading with its age; never waits for the printer."""

    def watch(self, watcher: Watcher) -> None:
        """Tells `watcher` how the printer is once that is known, and of each change. To be called before `open`."""

    def print_slip(self, image: "Image", label: str) -> None:
        """Prints a 1-bit picture `model.width_dots` wide and cuts; `label` names the slip in errors and files.

        Returns when the slip is out: the printer has said so if its model can, else all bytes have gone and no trouble
        was reported. Raises `PrinterFault` in every other case; its `printed` says whether the slip may be out.
        """
