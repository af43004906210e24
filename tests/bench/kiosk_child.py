"""The kiosk's own program with its window, in a process of its own, with somebody's finger and a stop-watch.

`python -m tests.bench.kiosk_child WHAT DEVICE SLIPS`: what is measured goes to standard output as one line of JSON.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

SIZE: Final = '[screen]\nwidth = 1080\nheight = 1920\n[printer]\naddress = "virtual"\n'
LIMIT_S: Final = 20.0
TURNS: Final = 30
NUMBERS: Final = 30
IDLE_S: Final = 20.0
SETTLED_S: Final = 0.45
"""After a change of screen: earlier touches were meant for the one before."""
MANY: Final = 5_000
WARM: Final = 500


class StopWatch:
    """When what was drawn and printed; written by the kiosk's own threads, read by the finger's."""

    def __init__(self) -> None:
        self.shown = ""
        self.drawn: dict[str, float] = {}
        self.first_frame: float | None = None
        self.printed_at = 0.0
        self._news = threading.Condition()

    def note_shown(self, name: str) -> None:
        """The stage was given a picture."""
        self.shown = name

    def note_drawn(self) -> None:
        """A frame is on the glass."""
        with self._news:
            self.first_frame = self.first_frame or time.time()
            self.drawn[self.shown] = time.perf_counter()
            self._news.notify_all()

    def note_printed(self) -> None:
        """The last byte has reached the printer."""
        with self._news:
            self.printed_at = time.perf_counter()
            self._news.notify_all()

    def when(self, condition: Callable[[], bool], what: str) -> None:
        """Waits until something was noted."""
        with self._news:
            if not self._news.wait_for(condition, LIMIT_S):
                raise TimeoutError(f"{what}; shown is {self.shown}")


def main(what: str, device: Path, slips: Path) -> int:
    """Runs the program until the finger has done its work."""
    (device / "kiosk.toml").write_text(SIZE if what != "many" else SIZE.replace("1080", "800").replace("1920", "480"))
    watch = StopWatch()
    _listen(watch)
    from appliance.bootstrap import KioskProgram, Plan
    from appliance.presenter.screen import Presenter
    from appliance.screen_size import SizeSet
    from appliance.texts import load_texts
    from appliance.ui.window import KioskWindow

    presenter = Presenter({language: load_texts(language) for language in ("vi", "en")})
    small = SizeSet(width=800, height=480) if what == "many" else SizeSet(width=1080, height=1920)
    windows: list[KioskWindow] = []

    def screen_of(post: Any, printed: Any, now: Any) -> KioskWindow:
        windows.append(KioskWindow(post, printed, now, presenter, size=small, offscreen=True))
        return windows[0]

    program = KioskProgram(Plan(device, screen_of, slips=slips))
    window = windows[0]
    _watch_stage(window, watch)
    results: dict[str, Any] = {}

    def work() -> None:
        try:
            results.update(WORK[what](program, window, watch))
        finally:
            program.stop()

    threading.Thread(target=work, daemon=True).start()
    program.run()
    sys.stdout.write(json.dumps(results) + "\n")
    return 0 if results else 1


def _listen(watch: StopWatch) -> None:
    """Every slip that is out."""
    from hardware.printer.virtual import VirtualPrinter

    printing = VirtualPrinter.print_slip

    def print_slip(self: VirtualPrinter, image: Any, label: str) -> None:
        printing(self, image, label)
        watch.note_printed()

    VirtualPrinter.print_slip = print_slip  # type: ignore[method-assign]


def _watch_stage(window: Any, watch: StopWatch) -> None:
    stage = window._stage
    showing = stage.show

    def show(picture: Any) -> None:
        showing(picture)
        watch.note_shown(picture.name)

    stage.show = show
    window._window.bind(on_flip=lambda *_: watch.note_drawn())


def _target(window: Any, choose: Callable[[Any], bool]) -> Any:
    for _ in range(200):
        picture = window._stage.picture
        found = [one for one in picture.targets() if choose(one.act)] if picture is not None else []
        if found:
            return found[0]
        time.sleep(0.02)
    raise TimeoutError("nothing to touch")


def _tap(window: Any, what: str) -> float:
    """Touches what does that; when."""
    time.sleep(SETTLED_S)
    x, y = _target(window, lambda act: act.what == what).box.middle
    began = time.perf_counter()
    window.tap(x / window.size.width, y / window.size.height)
    return began


def _ready(watch: StopWatch) -> None:
    watch.when(lambda: watch.shown == "Home", "the home screen")


def turns(_program: Any, window: Any, watch: StopWatch) -> dict[str, Any]:
    """From a touch to the next screen on the glass."""
    _ready(watch)
    waits = []
    for _ in range(TURNS):
        for what, name in (("take-number", "Groups"), ("back", "Home")):
            began = _tap(window, what)
            watch.when(lambda name=name, began=began: watch.drawn.get(name, 0) > began, name)
            waits.append(watch.drawn[name] - began)
    return {"waits": waits}


def numbers(_program: Any, window: Any, watch: StopWatch) -> dict[str, Any]:
    """From the touch that asks for a number to the last byte of its slip at the printer."""
    _ready(watch)
    waits = []
    for at in range(NUMBERS):
        _tap(window, "take-number")
        watch.when(lambda: watch.shown == "Groups", "the groups")
        _tap(window, "all")
        watch.when(lambda: watch.shown == "Services", "the services")
        service = f"service-{'abcd'[at % 4]}"
        began = _tap(window, service)
        watch.when(lambda: watch.shown in ("Working", "Result", "Confirming"), "an answer")
        if watch.shown == "Confirming":
            began = _tap(window, "yes")
        watch.when(lambda began=began: watch.printed_at > began, "the slip")
        waits.append(watch.printed_at - began)
        _tap(window, "done")
        _ready(watch)
    return {"waits": waits}


def idle(_program: Any, _window: Any, watch: StopWatch) -> dict[str, Any]:
    """What it costs while nobody is there."""
    _ready(watch)
    time.sleep(3)
    before, began = sum(os.times()[:2]), time.perf_counter()
    time.sleep(IDLE_S)
    return {"share": (sum(os.times()[:2]) - before) / (time.perf_counter() - began)}


def many(program: Any, _window: Any, watch: StopWatch) -> dict[str, Any]:
    """Memory over many tickets: asked, answered, drawn, printed, reported; by events, as fast as it goes."""
    from kivy.clock import Clock

    from appliance.flow import events as ev
    from appliance.flow import screens as sc
    from appliance.flow import touches
    from appliance.flow.press import Press

    Clock._max_fps = 100  # without any, the screen would take all turns from those who print and tell
    touches.SETTLE_S = touches.TWICE_WITHIN_S = -1.0  # type: ignore[misc]
    _ready(watch)
    resident: list[float] = []
    conductor = program.conductor
    for number in range(1, MANY + 1):
        _post_until(conductor, lambda k: ev.Pressed(Press.TAKE_NUMBER, k.serial), sc.Groups)
        _post_until(conductor, lambda k: ev.Chose("all", k.serial), sc.Services)
        _post_until(
            conductor, lambda k, n=number: ev.Chose(f"service-{'abcd'[n % 4]}", k.serial), sc.Working, sc.Result
        )
        _until(lambda: getattr(conductor.kiosk.screen, "paper", "") == sc.Paper.PRINTED, "a slip")
        _post_until(conductor, lambda k: ev.Pressed(Press.DONE, k.serial), sc.Home)
        if number in (WARM, MANY):
            resident.append(_resident_mb())
    return {"before": resident[0], "after": resident[1]}


def _post_until(conductor: Any, event: Callable[[Any], Any], *screens: type) -> None:
    conductor.post(event(conductor.kiosk))
    _until(lambda: isinstance(conductor.kiosk.screen, screens), str(screens))


def _until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.001)


def _resident_mb() -> float:
    import gc

    gc.collect()
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


WORK: Final[dict[str, Callable[[Any, Any, StopWatch], dict[str, Any]]]] = {
    "turns": turns,
    "numbers": numbers,
    "idle": idle,
    "many": many,
}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
