"""A screen without a window: it says in lines what it would show, and takes presses in lines."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from appliance.errors import NoPicture
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.flow.press import Press
from appliance.flow.ways import name_of, under

TICK_S: Final = 1 / 30
ALLOWED: Final = "press BUTTON, choose ID, type KEY"

Line = dict[str, object]
Post = Callable[[ev.Event], None]


class Blind:
    """Runs the ticks. `tell` gets a line for each new screen; `lines` are pressed as they come, on a thread of their
    own, on the screen of their moment."""

    def __init__(self, post: Post, *, tell: Callable[[Line], None], lines: Iterable[str] = ()) -> None:
        self._post = post
        self._tell = tell
        self._lines = lines
        self._stopping = threading.Event()
        self._shown: Line = {}
        self._serial = 0

    def show(self, kiosk: Kiosk) -> None:
        self._serial = kiosk.serial
        line = _said(kiosk)
        if line != self._shown:
            self._shown = line
            self._tell(line)

    def run(self, tick: Callable[[], None]) -> None:
        threading.Thread(target=self._take_lines, name="fingers", daemon=True).start()
        due_s = time.monotonic()
        while not self._stopping.is_set():
            tick()
            due_s = max(due_s + TICK_S, time.monotonic())
            self._stopping.wait(due_s - time.monotonic())

    def stop(self) -> None:
        self._stopping.set()

    def picture(self, *, blanked: bool) -> bytes:  # noqa: ARG002 - there is none in any case
        raise NoPicture("no picture")

    def tap(self, x: float, y: float) -> None:
        """There is nothing to touch."""

    def _take_lines(self) -> None:
        for line in self._lines:
            event = _event(line.split(), self._serial)
            if event is not None:
                self._post(event)
            elif line.strip():
                self._tell({"not_understood": line, "allowed": ALLOWED})


def _said(kiosk: Kiosk) -> Line:
    line: Line = {"screen": name_of(kiosk.screen), "serial": kiosk.serial}
    below = under(kiosk.screen)
    if isinstance(below, sc.Result):
        line |= {"number": below.ticket.number, "ticket_id": str(below.ticket.id), "paper": below.paper.value}
        line |= {"copy": below.copy}
    if isinstance(below, sc.Working):
        line |= {"request_id": below.request_id}
    if isinstance(below, sc.Refused):
        line |= {"code": below.code}
    if kiosk.identifying:
        line |= {"identifying": kiosk.device}
    return line


def _event(words: list[str], serial: int) -> ev.Event | None:
    match words:
        case ["press", what] if what in set(Press):
            return ev.Pressed(Press(what), serial)
        case ["choose", chosen]:
            return ev.Chose(chosen, serial)
        case ["type", key]:
            return ev.Typed(key, serial)
        case _:
            return None
