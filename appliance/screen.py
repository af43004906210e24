"""What the program asks of a screen, whatever draws it."""

from collections.abc import Callable
from typing import Protocol

from appliance.flow.kiosk import Kiosk


class Screen(Protocol):
    """One screen with its fingers: what they do it posts as events of the flow, each with the serial of what was shown.

    `show` and `run` belong to the one thread of the screen, the main thread; the rest may be called from any.
    """

    def show(self, kiosk: Kiosk) -> None:
        """From now on this is what people see. Also called about once a second, for clocks and countdowns."""

    def run(self, tick: Callable[[], None]) -> None:
        """Shows, and calls `tick` about 30 times a second, each time after it has really drawn, until `stop`."""

    def stop(self) -> None:
        """Lets `run` return soon. Harmless twice."""

    def picture(self, *, blanked: bool) -> bytes:
        """What was last shown, as PNG; waits until it is drawn, a few seconds at most. `blanked`: of a screen that says
        something of its visitor (`ways.is_personal`) only the frame is there. Raises `NoPicture`."""

    def tap(self, x: float, y: float) -> None:
        """A finger comes down and goes up, at fractions of width and height from the upper left."""
