"""The screen on a page: live, for who knows the address, and nothing else."""

import http.client
import io
import json
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from appliance.errors import ApplianceFault, NoPicture
from appliance.mirror import Mirror
from tests.hub.client.scripted_hub import LIMIT_S, until


@dataclass
class Canvas:
    """A screen that shows whatever a test paints."""

    paint: bytes = b"first"
    looked: int = 0
    taps: list[tuple[float, float]] = field(default_factory=list)

    def picture(self, *, blanked: bool) -> bytes:
        """All of it: this is a demonstration on the machine itself."""
        assert not blanked
        self.looked += 1
        if not self.paint:
            raise NoPicture("nothing painted")
        return self.paint

    def tap(self, x: float, y: float) -> None:
        """Notes where."""
        self.taps.append((x, y))


@dataclass
class Answer:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class Page:
    """A browser at a mirror."""

    def __init__(self, mirror: Mirror) -> None:
        place = urlsplit(mirror.address)
        self.port, self.path = place.port, place.path

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One question. A path that begins with / is taken as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT_S)
        try:
            connection.request(method, path if path.startswith("/") else self.path + path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def tap(self, where: Any) -> int:
        """Somewhere; returns the status."""
        return self.ask("POST", "tap", json.dumps(where).encode()).status


@pytest.fixture
def canvas() -> Canvas:
    """With something on it."""
    return Canvas()


@pytest.fixture
def mirror(canvas: Canvas) -> Iterator[Mirror]:
    """At any port."""
    opened = Mirror(canvas, 0)  # type: ignore[arg-type]
    opened.start()
    yield opened
    opened.close()
    opened.close()


@pytest.fixture
def page(mirror: Mirror) -> Page:
    """Somebody who knows the address."""
    return Page(mirror)


def test_the_page_is_all_there_and_asks_nobody_else(page: Page) -> None:
    """Its own style and script, under a policy that lets nothing else in."""
    index = page.ask("GET", "")
    assert (index.status, index.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b'src="mirror.js"' in index.body
    for name, kind in (("mirror.js", "text/javascript"), ("mirror.css", "text/css")):
        part = page.ask("GET", name)
        assert (part.status, part.headers["content-type"].partition(";")[0]) == (200, kind)
    policy = index.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:")
    assert "unsafe" not in policy
    assert index.headers["referrer-policy"] == "no-referrer"
    assert index.headers["cache-control"] == "no-store"


def test_pictures_come_when_they_change(page: Page, mirror: Mirror, canvas: Canvas) -> None:
    """Each once; who has the last one waits for the next."""
    first = page.ask("GET", "picture?after=0")
    assert (first.status, first.body, first.headers["x-picture"]) == (200, b"first", "1")
    found: list[Answer] = []
    waiting = threading.Thread(target=lambda: found.append(page.ask("GET", "picture?after=1")))
    waiting.start()
    mirror.changed()
    until(lambda: canvas.looked == 2, "a look at the screen")
    assert not found
    canvas.paint = b"second"
    mirror.changed()
    waiting.join(LIMIT_S)
    assert [(answer.body, answer.headers["x-picture"]) for answer in found] == [(b"second", "2")]


def test_nobody_looks_nobody_paints(page: Page, mirror: Mirror, canvas: Canvas) -> None:
    """A picture costs something; many who look share it."""
    for _ in range(50):
        mirror.changed()
    assert canvas.looked == 0
    answers: list[Answer] = []
    viewers = [threading.Thread(target=lambda: answers.append(page.ask("GET", "picture?after=0"))) for _ in range(8)]
    for viewer in viewers:
        viewer.start()
    for viewer in viewers:
        viewer.join(LIMIT_S)
    assert [answer.body for answer in answers] == [b"first"] * 8
    assert canvas.looked == 1


def test_a_page_that_waits_in_vain_asks_anew(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent when nothing has changed; a kiosk that has begun anew counts anew."""
    monkeypatch.setattr("appliance.mirror.LOOKS_S", 0.05)
    assert page.ask("GET", "picture?after=0").status == 200
    assert page.ask("GET", "picture?after=1").status == 204
    assert page.ask("GET", "picture?after=77").headers["x-picture"] == "1"


def test_a_screen_without_a_picture_is_waited_for(page: Page, mirror: Mirror, canvas: Canvas) -> None:
    """It may only just be starting."""
    canvas.paint = b""
    found: list[Answer] = []
    waiting = threading.Thread(target=lambda: found.append(page.ask("GET", "picture?after=0")))
    waiting.start()
    until(lambda: canvas.looked == 1, "a look in vain")
    canvas.paint = b"there"
    mirror.changed()
    waiting.join(LIMIT_S)
    assert found[0].body == b"there"


def test_a_tap_is_a_tap(page: Page, canvas: Canvas) -> None:
    """In fractions of width and height; anything else is none."""
    assert page.tap({"x": 0.25, "y": 1}) == 204
    for nonsense in ({"x": 1.1, "y": 0.5}, {"x": -0.1, "y": 0}, {"x": "left", "y": 0}, {"y": 0.5}, [], "x", None):
        assert page.tap(nonsense) == 400
    assert page.ask("POST", "tap", b'{"x": NaN, "y": 0}').status == 400
    assert page.ask("POST", "tap", b"{" * 150).status == 400
    assert page.ask("POST", "tap", b" " * 5_000).status == 400
    assert canvas.taps == [(0.25, 1.0)]


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_there_is_nothing_else(method: str, page: Page, canvas: Canvas) -> None:
    """Not for a wrong key, not for a part of the right one, not for a path that leads elsewhere."""
    key = page.path.strip("/")
    for path in ("/", "/favicon.ico", f"/{key}", f"/{key[:-1]}/", f"/{key}x/", "//", f"/{key}/../mirror.py", "/tap"):
        assert page.ask(method, path).status in {404, 501}
    for name in ("x", "picture/", "mirror.py", "..", "%2e%2e/settings.py", "index.html"):
        assert page.ask(method, name).status in {404, 501}
    assert page.ask("GET", "picture?after=-1").status == 400
    assert page.ask("GET", "picture?after=x").status == 400
    assert canvas.taps == []


def test_each_mirror_has_a_key_of_its_own(canvas: Canvas) -> None:
    """Long enough that nobody guesses it; on this machine only."""
    one, other = Mirror(canvas, 0), Mirror(canvas, 0)  # type: ignore[arg-type]
    assert one.address != other.address
    assert one.address.startswith("http://127.0.0.1:")
    assert len(one.address.rsplit("/", 2)[1]) >= 32


def test_a_port_that_is_taken_is_told(mirror: Mirror, canvas: Canvas) -> None:
    """With the port."""
    port = urlsplit(mirror.address).port
    assert port is not None
    with pytest.raises(ApplianceFault, match=f"the mirror's port {port} cannot be used"):
        Mirror(canvas, port).start()  # type: ignore[arg-type]


def test_whoever_still_looks_when_it_ends_is_let_go(page: Page, mirror: Mirror, canvas: Canvas) -> None:
    """At once."""
    assert page.ask("GET", "picture?after=0").status == 200
    found: list[Answer] = []
    waiting = threading.Thread(target=lambda: found.append(page.ask("GET", "picture?after=1")))
    waiting.start()
    mirror.changed()
    until(lambda: canvas.looked == 2, "a look at the screen")
    begin = time.monotonic()
    mirror.close()
    waiting.join(LIMIT_S)
    assert time.monotonic() - begin < 5
    assert [answer.status for answer in found] == [503]


def test_the_page_shows_and_taps_in_a_browser(canvas: Canvas, mirror: Mirror) -> None:
    """The script does what the other tests do by hand, and its policy lets it."""
    canvas.paint = painted("white")
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), headless=True)
        try:
            page = browser.new_page(viewport={"width": 600, "height": 400})
            page.on("console", lambda message: complaints.append(message.text))
            page.goto(mirror.address)
            until(lambda: page.evaluate("document.querySelector('#screen').naturalWidth") == 90, "the picture")
            before = page.locator("#screen").get_attribute("src")
            canvas.paint = painted("black")
            mirror.changed()
            until(lambda: page.locator("#screen").get_attribute("src") != before, "the next picture")
            box = page.locator("#screen").bounding_box()
            assert box is not None
            page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
            until(lambda: canvas.taps, "the tap")
            mirror.close()
            until(lambda: page.locator("#lost").is_visible(), "the word that it is gone")
        finally:
            browser.close()
    ((x, y),) = canvas.taps
    assert (round(x, 2), round(y, 2)) == (0.25, 0.5)
    assert [one for one in complaints if "Content Security Policy" in one] == []


def painted(colour: str) -> bytes:
    """A small picture, as high as a kiosk is."""
    picture = io.BytesIO()
    Image.new("RGB", (90, 160), colour).save(picture, "PNG")
    return picture.getvalue()
