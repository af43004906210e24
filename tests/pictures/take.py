"""Takes the pictures of the documents from a running demo: `python -m tests.pictures.take`, or `make pictures`.

`hall.png` shows a kiosk and the call board beside a slip, `kiosk.png` the way to a number, `counter.png` an officer's
page. Nothing in them is made by hand.
"""

import base64
import io
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.rig.centre import free_ports

ROOT: Final = Path(__file__).parents[2]
PICTURES: Final = ROOT / "docs" / "pictures"
CHROMIUM: Final = "/usr/bin/chromium"
COLOURS: Final = 255
LIMIT_S: Final = 90.0
SPEED: Final = 30
UPPER_LEFT: Final = {"x": 0.4, "y": 0.3}
"""Where the kiosk's home screen has its large answer, and then the first service."""
CALLS: Final = 4
WAITING: Final = 6
"""The hall is photographed when it has had so many calls and so many people wait."""

SIDE_BY_SIDE: Final = """<!doctype html>
<style>
  body { margin: 0; padding: 28px; display: flex; gap: 28px; align-items: center; width: max-content; }
  body { background: #e4e9f0; }
  img { display: block; box-shadow: 0 6px 24px #0b224433; border-radius: 6px; }
</style>
%s
"""

GAP: Final = 28

Shown = tuple[bytes, int]
"""A picture and how wide it is to stand."""


def main() -> int:
    """All pictures, anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="motcua-") as directory,
        _demo(Path(directory)) as described,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        busy = _when_busy(described)
        home, services, given = _kiosk(described)
        board = _board(browser, described)
        slip = _slip(described, busy)
        _keep(_together(browser, (home, 340), (board, 1000), (slip, 260)), PICTURES / "hall.png")
        _keep(_together(browser, (home, 440), (services, 440), (given, 440)), PICTURES / "kiosk.png")
        _keep(_counter(browser, described), PICTURES / "counter.png")
        browser.close()
    return 0


@contextmanager
def _demo(directory: Path) -> Iterator[dict[str, Any]]:
    """A demo with visitors on ports of its own; yields its description, and ends it."""
    mqtt, http = free_ports(2)
    options = [
        "--directory",
        directory,
        "--port",
        http,
        "--mqtt-port",
        mqtt,
        "--traffic",
        "--speed",
        SPEED,
        "--headless",
    ]
    command = [sys.executable, "-m", "hub", "demo", *(str(one) for one in options)]
    demo = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        described = directory / "demo.json"
        _until(lambda: _ready(http) and "kiosk" in json.loads(described.read_text("utf-8")), "the demo is ready")
        yield json.loads(described.read_text("utf-8"))
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)


def _when_busy(described: Mapping[str, Any]) -> str:
    """Waits until the hall looks like one; returns the service that most people wait for."""
    waiting: dict[str, int] = {}
    with httpx.Client(base_url=described["http"], trust_env=False) as web:
        _sign_in(web, described)

        def is_busy() -> bool:
            queue = web.get("/api/v1/queue").raise_for_status().json()
            waiting.update({one["id"]: one["waiting"] for one in queue["services"]})
            called = sum(one["ticket"] is not None for one in queue["counters"])
            return called >= CALLS and sum(waiting.values()) >= WAITING

        _until(is_busy, "people wait and are called", every_s=0.5)
    return max(waiting, key=lambda service: waiting[service])


def _sign_in(web: httpx.Client, described: Mapping[str, Any]) -> None:
    leader = next(one for one in described["accounts"] if one["role"] == "leader")
    web.post("/api/v1/session", json={"name": leader["name"], "password": leader["password"]}).raise_for_status()


def _board(browser: Browser, described: Mapping[str, Any]) -> bytes:
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page.goto(f"{described['http']}/board/{described['boards'][0]['id']}")
    _settle(page)
    return page.screenshot()


def _slip(described: Mapping[str, Any], service: str) -> bytes:
    """A number for `service`, taken at the spare kiosk, as its virtual printer has left it."""
    folder = next(one["folder"] for one in described["devices"] if one["id"] == "lab-01")
    slips = Path(described["slips"]) / "lab-01"
    command = [sys.executable, "-m", "appliance", "--device", folder, "--slips", str(slips), "--script", "-"]
    subprocess.run(command, cwd=ROOT, input=f"issue {service}\n".encode(), stdout=subprocess.DEVNULL, check=True)
    return max(slips.glob("*.png")).read_bytes()


def _kiosk(described: Mapping[str, Any]) -> tuple[bytes, bytes, bytes]:
    """The kiosk's home screen, its services, and a number with its slip, by the page that shows its screen."""
    screen, slips = described["kiosk"], Path(described["slips"]) / "kiosk-01"
    pictures: list[bytes] = []
    with httpx.Client(trust_env=False, timeout=LIMIT_S) as visitor:
        for _ in range(2):  # the second touch asks for a number
            pictures.append(_next(visitor, screen))
            visitor.post(f"{screen}tap", json=UPPER_LEFT)
            time.sleep(1.5)
        _until(lambda: list(slips.glob("*.png")), "the slip")
        time.sleep(1.5)
        pictures.append(_next(visitor, screen))
    return pictures[0], pictures[1], pictures[2]


def _next(visitor: httpx.Client, screen: str) -> bytes:
    """What stands on the screen now; the picture that is at hand may be an older one."""
    last = visitor.get(f"{screen}picture")
    fresh = visitor.get(f"{screen}picture", params={"after": last.headers["x-picture"]})
    return fresh.content if fresh.status_code == 200 else last.content


def _together(browser: Browser, *shown: Shown) -> bytes:
    across = sum(width for _, width in shown) + GAP * (len(shown) + 1)
    page = browser.new_page(viewport={"width": across, "height": 200})
    images = (
        f'<img style="width:{width}px" src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
        for picture, width in shown
    )
    page.set_content(SIDE_BY_SIDE % "".join(images))
    page.wait_for_load_state()
    return page.screenshot(full_page=True)


def _counter(browser: Browser, described: Mapping[str, Any]) -> bytes:
    """The page of the second officer, who serves two services."""
    officer = [one for one in described["accounts"] if one["role"] == "officer"][1]
    page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="vi-VN")
    page.goto(f"{described['http']}/sign-in")
    page.fill("[name=name]", officer["name"])
    page.fill("[name=password]", officer["password"])
    page.click("form button")
    page.wait_for_url("**/officer")
    page.locator("[data-part=work]").wait_for()
    _settle(page)
    return page.screenshot()


def _settle(page: Page) -> None:
    """Fonts are there, and what moves has moved."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1500)


def _keep(picture: bytes, path: Path) -> None:
    """With a small palette: a page has few colours, and the picture a third of the bytes."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    small.save(path, "PNG", optimize=True)
    sys.stderr.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB\n")


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _until(condition: Callable[[], bool], what: str, every_s: float = 0.1) -> None:
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {LIMIT_S:.0f} s: {what}")
        time.sleep(every_s)


if __name__ == "__main__":
    raise SystemExit(main())
