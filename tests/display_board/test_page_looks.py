"""Every scene in every format and look: nothing is cut, nothing overlaps, all of it can be read from ten metres.

The pictures are left in `build/boards`, to be looked at when something changes.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from display_board.conductor import FirstWord
from display_board.server import Ports, Server
from tests.display_board.scenes import FORMATS, SCENES, THEMES, Drawn
from tests.hub.web.browsing import Sight, chromium

PICTURES = Path(__file__).parents[2] / "build" / "boards"
FONTS = Path(__file__).parents[2] / "build" / "fonts" / "web"
CAP_HEIGHT_EM = 0.74

OVERLAPS = """
() => {
  const found = [];
  const parts = ".head, .main, .foot, .spot, .calls li, .desks li, .plate, .media, .wait, .wait li";
  const boxes = [...document.querySelectorAll(parts)]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.className || one.tagName, one, one.getBoundingClientRect()]);
  for (const [name, one, box] of boxes) {
    if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1)
      found.push(`${name} outside the screen`);
    for (const [other, two, place] of boxes) {
      if (one === two || one.contains(two) || two.contains(one)) continue;
      const over = Math.min(box.right, place.right) - Math.max(box.left, place.left);
      const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
      if (over > 1 && down > 1) found.push(`${name} over ${other}`);
    }
  }
  for (const one of document.querySelectorAll(".spot *, .calls *, .desks *, .plate *, .wait *, .foot *, .head *")) {
    if (!one.checkVisibility() || one.closest("svg, .spoken")) continue;
    if (one.children.length || !one.textContent.trim()) continue;
    const box = one.getBoundingClientRect();
    const around = one.closest(".spot, .calls li, .desks li, .plate, .wait, .foot, .head").getBoundingClientRect();
    const marks = parseFloat(getComputedStyle(one).fontSize) * 0.2;
    const beside = box.right > around.right + 1 || box.left < around.left - 1;
    if (beside || box.bottom > around.bottom + marks || box.top < around.top - marks)
      found.push(`${one.textContent.slice(0, 30)} leaves its place`);
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
      found.push(`${one.textContent.slice(0, 30)} is cut`);
  }
  return found;
}
"""

CELLS = """
(names) => names.flatMap((name) => [...document.querySelectorAll(name)].filter((one) => one.checkVisibility())
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))
"""


class Wall:
    """A server whose page shows the scene that the test puts up."""

    def __init__(self) -> None:
        self.drawn = Drawn("hall-full")
        fonts = FONTS if FONTS.is_dir() else None
        ports = Ports(lambda _event: None, self.first_word, lambda _: None, lambda: None, fonts)
        self.server = Server(ports, 0)

    def first_word(self) -> FirstWord:
        """Of what is up."""
        return self.drawn.first_word()


@pytest.fixture(scope="module")
def wall() -> Iterator[Wall]:
    up = Wall()
    up.server.start()
    yield up
    up.server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def sights(browser: Chromium) -> Iterator[dict[str, Sight]]:
    """A window of each format."""
    made = {name: Sight(browser, "", width=width, height=height) for name, (width, height) in FORMATS.items()}
    yield made
    for sight in made.values():
        sight.close()


def shown(wall: Wall, sight: Sight, drawn: Drawn) -> Page:
    """The page of a scene, with its fonts."""
    wall.drawn = drawn
    page = sight.open(wall.server.address)
    page.evaluate("document.fonts.ready")
    page.wait_for_function("document.querySelector('[data-part=clock]').textContent")
    return page


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", FORMATS)
@pytest.mark.parametrize("scene", SCENES)
def test_a_scene(wall: Wall, sights: dict[str, Sight], scene: str, size: str, theme: str) -> None:
    """Drawn, kept, judged: contrast 7:1, nothing below 26 px of a Full HD screen, nothing outside, nothing cut."""
    sight = sights[size]
    page = shown(wall, sight, Drawn(scene, theme))
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{scene}-{size}-{theme}.png", animations="disabled")
    least = 25.9 * (2 if size == "4k" else 1)
    assert sight.faults(ratio=7.0, size=least if "long" not in scene else 14.0) == []
    assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_in_english(wall: Wall, sights: dict[str, Sight], scene: str) -> None:
    """The other language fits as well."""
    sight = sights["1080p"]
    page = shown(wall, sight, Drawn(scene, language="en"))
    assert page.get_attribute("html", "lang") == "en"
    page.screenshot(path=PICTURES / f"{scene}-1080p-en.png", animations="disabled")
    assert sight.faults(ratio=7.0, size=25.9 if "long" not in scene else 14.0) == []
    assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("scene", ["hall-full", "hall-two-digits", "zone"])
@pytest.mark.parametrize("size", FORMATS)
def test_rows_can_be_read_from_ten_metres(wall: Wall, sights: dict[str, Sight], scene: str, size: str) -> None:
    """Capitals of 47 px on a Full HD screen, 30 mm on one of 55 inches; `Quầy 20` is among them."""
    page = shown(wall, sights[size], Drawn(scene))
    sizes = page.evaluate(CELLS, [".calls .number", ".calls .label", ".desks .number", ".desks .label"])
    wanted = 47 * (2 if size == "4k" else 1)
    assert sizes
    assert min(sizes) * CAP_HEIGHT_EM >= wanted


def test_without_the_picture_the_list_takes_its_place(wall: Wall, sights: dict[str, Sight]) -> None:
    """For screens below 55 inches."""
    page = shown(wall, sights["1080p"], Drawn("hall-full", picture=False))
    page.screenshot(path=PICTURES / "hall-no-picture-1080p-day.png", animations="disabled")
    assert not page.is_visible("[data-part=media]")
    assert page.evaluate(OVERLAPS) == []


def test_the_page_is_light() -> None:
    """A slow TV loads it in a moment: 300 KB at most, without fonts."""
    page = Path(__file__).parents[2] / "display_board" / "page"
    assert sum(file.stat().st_size for file in page.iterdir() if file.suffix != ".py") < 100_000
