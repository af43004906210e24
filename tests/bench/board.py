"""The call board: from the officer's press to the number on the wall, and what a long day leaves behind."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from playwright.async_api import CDPSession, Page, async_playwright

from hub.client.device_file import load
from hub.client.link import HubLink
from tests.bench.calls import Browser
from tests.bench.figures import Figure, percentile
from tests.bench.life import resident_mb
from tests.bench.probes import OPERATION
from tests.bench.swarm import Swarm
from tests.bench.tickets import bodies
from tests.rig.centre import Centre
from tests.rig.running import ROOT

PACED: Final = 200
EVERY_S: Final = 0.15
DAY: Final = 2_000
LIMIT_S: Final = 20.0
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

WATCH: Final = """
window.shownAt = {};
addEventListener("DOMContentLoaded", () => {
  const number = document.querySelector("[data-part=number]");
  const note = () => (window.shownAt[number.textContent] ??= performance.timeOrigin + performance.now());
  new MutationObserver(note).observe(number, { characterData: true, childList: true, subtree: true });
});
"""
"""When each number was first in the page, by the clock that this program reads too."""

WEIGHT: Final = """
() => [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")]
  .filter((one) => !/\\.(woff2|wav)$/.test(one.name))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""


def measure(centre: Centre, say: Callable[[str], None]) -> list[Figure]:
    """One board with a real browser, and the others listening as programs do."""
    with _numbers(centre, PACED + DAY), _others(centre) as others, _board(centre) as board:
        say(f"calls to one browser and {others} scripted boards")
        return asyncio.run(_measure(centre, *board, say))


async def _measure(centre: Centre, pid: int, address: str, say: Callable[[str], None]) -> list[Figure]:
    async with async_playwright() as play:
        chromium = await play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = await chromium.new_page(viewport={"width": 1920, "height": 1080})
        await page.add_init_script(WATCH)
        await page.goto(address)
        weight_kb = await page.evaluate(WEIGHT) / 1024
        waits = await _call(centre, page, PACED, EVERY_S)
        assert len(waits) == PACED, "a number was never in the page"
        tools = await page.context.new_cdp_session(page)
        before, heap_before = resident_mb(pid), await _heap_mb(tools)
        say(f"{DAY:,} calls more")
        await _call(centre, page, DAY, 0.0)
        after, heap_after = resident_mb(pid), await _heap_mb(tools)
        await chromium.close()
    return [
        Figure("board: press to the number in the page, p50", percentile(waits, 0.5) * 1000, "ms"),
        Figure("board: press to the number in the page, p99", percentile(waits, 0.99) * 1000, "ms", most=120),
        Figure(f"board: its program grows over {DAY:,} calls", after - before, "MB", most=4, beside=f"{after:.0f} MB"),
        Figure(
            f"board: its page grows over {DAY:,} calls",
            heap_after - heap_before,
            "MB",
            most=1,
            beside=f"{heap_after:.1f} MB",
        ),
        Figure("board: the page without fonts and media", weight_kb, "KB", most=300),
    ]


async def _call(centre: Centre, page: Page, count: int, every_s: float) -> list[float]:
    """Calls one after another; how long each took from the press to the page, in seconds."""
    officer = await Browser.sign_in(centre.settings.web.port, centre.officers[0])
    counter = centre.counters[0]
    await officer.press(counter, "open")
    pressed: dict[str, float] = {}
    for _ in range(count):
        began = time.time()
        called = await officer.press(counter, "call-next")
        pressed[called["ticket"]["number"]] = began
        await officer.press(counter, "start")
        await asyncio.sleep(every_s)
    await officer.press(counter, "finish")
    await officer.press(counter, "close")
    officer.close()
    last = next(reversed(pressed))
    await page.wait_for_function("(number) => window.shownAt[number]", arg=last, timeout=LIMIT_S * 1000)
    shown: dict[str, float] = await page.evaluate("window.shownAt")
    await page.evaluate("for (const number of Object.keys(window.shownAt)) delete window.shownAt[number]")
    return [shown[number] / 1000 - at for number, at in pressed.items() if number in shown]


async def _heap_mb(tools: CDPSession) -> float:
    """What the page's scripts hold, after a thorough cleaning."""
    await tools.send("HeapProfiler.collectGarbage")
    usage: dict[str, Any] = await tools.send("Runtime.getHeapUsage")
    return float(usage["usedSize"]) / 1024 / 1024


@contextmanager
def _numbers(centre: Centre, count: int) -> Iterator[None]:
    """So many wait."""
    taken = 0
    with Swarm([centre.devices[name] for name in centre.kiosks[:16]], operation=OPERATION) as swarm:
        while taken < count:
            taken += len(swarm.run(0.5, bodies(centre.services)))
    yield


@contextmanager
def _others(centre: Centre) -> Iterator[int]:
    """Boards without a screen: they hear every call and all counters."""
    names = [name for name in centre.devices if name.startswith("board-")][1:]
    with ExitStack() as leaving:
        for name in names:
            said = load(centre.devices[name])
            link = HubLink(said.address, said.device, said.role)
            link.follow("board-call", _hear, board="hall")
            link.follow("board", _hear, board="hall")
            link.follow("counter", _hear, counter="+")
            leaving.enter_context(link)
            assert link.wait_ready(LIMIT_S)
        yield len(names)


def _hear(_topic: str, _message: object) -> None:
    """Nothing to draw."""


@contextmanager
def _board(centre: Centre) -> Iterator[tuple[int, str]]:
    """The program of the first board; its process id, and where its page is."""
    folder = centre.devices["board-01"]
    (folder / "board.toml").write_text('[voice]\nspeaks = "no"\n')
    command = [sys.executable, "-m", "display_board", "--device", str(folder), "--no-player"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:
        assert program.stdout is not None
        try:
            yield program.pid, json.loads(program.stdout.readline())["page"]
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(LIMIT_S)
