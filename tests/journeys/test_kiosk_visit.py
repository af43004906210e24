"""A visit at the kiosk on real parts: window, touches, broker, hub, bytes on paper; and what the hub knows of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from appliance.bootstrap import KioskProgram, Plan
from appliance.layout.items import Words
from appliance.presenter.screen import Presenter
from appliance.screen_size import SizeSet
from appliance.texts import load_texts
from appliance.ui.window import KioskWindow
from tests.appliance.ui.fingers import Finger
from tests.hardware.printer.decoder import decode
from tests.rig.centre import Centre, made
from tests.rig.centre import Plan as CentrePlan
from tests.rig.codes import read_code
from tests.rig.running import running
from tests.rig.truth import rows

LIMIT_FRAMES = 30 * 60
PUBLIC_URL = "https://motcua.example.vn"
CENTRE = CentrePlan(kiosks=1, services=3, sections={"web": {"public_url": PUBLIC_URL}})


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    with made(CENTRE) as one, running(one):
        yield one


@dataclass
class Visitor:
    """Looks at the screen in every frame, and does the next thing as soon as it can be done."""

    window: KioskWindow
    steps: list[tuple[str, str]]
    """Screen and what is touched there; `!` instead: nothing more, the visit is over."""
    words: dict[str, list[str]] = field(default_factory=dict)
    frames: int = 0
    touched_on: int | None = None
    """The number of the screen that was touched for this step."""

    def look(self, end: Callable[[], None]) -> None:
        """One frame."""
        self.frames += 1
        if not self.steps or self.frames > LIMIT_FRAMES:
            end()
            return
        picture, (screen, what) = self.window._stage.picture, self.steps[0]
        if picture is not None and self.touched_on is not None and picture.serial != self.touched_on:
            self.steps.pop(0)
            self.touched_on = None
            return
        if picture is None or picture.name != screen:
            return
        self.words[screen] = [item.text for item in picture.items if isinstance(item, Words)]
        if what == "!":
            self.steps.pop(0)
            return
        target = next((one for one in picture.targets() if one.act is not None and one.act.what == what), None)
        if target is not None and self.frames % 6 == 0:  # again, for the first touch may be too early to be meant
            self.touched_on = picture.serial
            Finger(self.window, draws=False).tap(target)


def visit(centre: Centre, slips: Path, steps: list[tuple[str, str]]) -> Visitor:
    """Runs the kiosk's own program until the visitor has done everything."""
    windows: list[KioskWindow] = []
    presenter = Presenter({language: load_texts(language) for language in ("vi", "en")})
    size = SizeSet(width=1080, height=1920)

    def screen_of(post: Any, printed: Any, now: Any) -> KioskWindow:
        windows.append(KioskWindow(post, printed, now, presenter, size=size, offscreen=True))
        return windows[0]

    program = KioskProgram(Plan(centre.devices["kiosk-01"], screen_of, slips=slips))
    visitor = Visitor(windows[0], list(steps))
    ticking = program._tick

    def tick() -> None:
        ticking()
        visitor.look(program.stop)

    program._tick = tick  # type: ignore[method-assign]
    try:
        program.run()
    finally:
        windows[0]._window.remove_widget(windows[0]._stage)
    assert visitor.steps == [], (visitor.steps, visitor.words)
    return visitor


STEPS = [
    ("Home", "take-number"),
    ("Groups", "all"),
    ("Services", "service-b"),
    ("Result", "done"),
    ("Home", "!"),
]


def test_from_the_first_touch_to_the_paper_in_the_hand(centre: Centre, tmp_path: Path) -> None:
    """The number on the screen is the one on the paper, and the ticket stands in the hub with its slip printed."""
    visitor = visit(centre, tmp_path, STEPS)
    assert "B001" in visitor.words["Result"]
    (ticket,) = rows(centre, "SELECT * FROM ticket WHERE number = 'B001'")
    assert (ticket["service"], ticket["state"], ticket["slip"]) == ("service-b", "waiting", "printed")
    (png,) = tmp_path.glob("[0-9]*-B001.png")
    printed = decode(png.with_suffix(".bin").read_bytes())
    followed = f"{PUBLIC_URL}/t/{ticket['track_key']}"
    assert read_code(Image.open(png)) == followed
    with Image.open(png) as paper:
        assert paper.width == printed.image.width


def test_in_the_other_language_large_and_in_contrast(centre: Centre, tmp_path: Path) -> None:
    """Comfort is chosen on the way, the slip speaks the language, and the next visitor finds the screen as usual."""
    steps = [
        ("Home", "language"),
        ("Home", "text-size"),
        ("Home", "contrast"),
        *STEPS[:3],
        ("Result", "done"),
        ("Home", "!"),
    ]
    visitor = visit(centre, tmp_path, steps)
    assert "Your number" in visitor.words["Result"]
    assert "Ông/Bà cần gì?" in visitor.words["Home"]
