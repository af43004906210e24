"""A number from the touch to the end of the visit: kiosk, paper, officer's keys, a wall in a real browser, history."""

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright

from display_board.bootstrap import BoardProgram, Plan
from display_board.conductor import Conductor
from display_board.player import Patience
from hub.contract.messages import Shown
from tests.display_board.eavesdropping import OVERHEAR, overlaps, played
from tests.display_board.house import RunningBoard
from tests.journeys.test_kiosk_visit import STEPS, visit
from tests.rig.centre import CLASS, PASSWORD, Centre, made
from tests.rig.centre import Plan as CentrePlan
from tests.rig.kiosk import Kiosk
from tests.rig.running import running
from tests.rig.truth import rows

LIMIT_MS = 60_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
HUNG_S = 3.0
PLAYER = f"""
[player]
arguments = {["--headless=new", *FLAGS]}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    expect.set_options(timeout=LIMIT_MS)
    with sync_playwright() as play:
        heard = ["--autoplay-policy=no-user-gesture-required"]
        one = play.chromium.launch(executable_path="/usr/bin/chromium", args=[*FLAGS, *heard])
        yield one
        one.close()


@pytest.fixture
def centre() -> Iterator[Centre]:
    with made(CentrePlan(kiosks=1, services=3)) as one, running(one):
        yield one


@contextmanager
def board(centre: Centre, settings: str = "", **plan: Any) -> Iterator[RunningBoard]:
    """The hall's board, ready."""
    folder = centre.devices["board-01"]
    (folder / "board.toml").write_text(settings)
    told: list[dict[str, object]] = []
    one = RunningBoard(BoardProgram(Plan(folder, player=plan.pop("player", False), tell=told.append, **plan)), told)
    one.start()
    try:
        one.until_ready()
        yield one
    finally:
        one.end()


@dataclass
class Officer:
    """At counter 1, with the keyboard."""

    page: Page

    @property
    def hall(self) -> Any:
        """What the page says of the hall."""
        return self.page.locator("[data-part=halls] p")

    def seen(self) -> str:
        """What the hall has made of the call, once that is known."""
        said = self.page.locator("[data-part=halls] p:not(.sent)")
        expect(said).to_be_visible()
        return str(said.get_attribute("class"))

    def press(self, key: str) -> None:
        """One key, when the page has done with the one before."""
        expect(self.page.locator("[data-part=call].waiting")).to_have_count(0)
        self.page.keyboard.press(key)


@contextmanager
def officer(centre: Centre, browser: Chromium) -> Iterator[Officer]:
    """Has signed in and opened the counter."""
    with ExitStack() as leaving:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN")
        leaving.callback(context.close)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{centre.settings.web.port}/sign-in")
        page.fill("#name", centre.officers[0])
        page.fill("#password", PASSWORD)
        page.click("[data-part=send]")
        page.locator("[data-part=counters] button").first.click()
        expect(page.locator("[data-part=call]")).to_be_visible()
        yield Officer(page)


def take_number(centre: Centre) -> str:
    """Another visitor, quicker."""
    kiosk = Kiosk(centre, "kiosk-01", random.Random(0), threading.Event())
    kiosk.link.start()
    try:
        assert kiosk.link.wait_ready(60)
        answer = kiosk.ask("issue-ticket", {"service": "service-a", "class": CLASS, "language": "vi"}).answer
    finally:
        kiosk.link.close()
    return str(answer["ticket"]["number"])


def history(centre: Centre, number: str) -> list[str]:
    """What the journal tells of a number."""
    said = "SELECT text FROM journal JOIN ticket ON journal.ticket = ticket.id WHERE number = :n ORDER BY entry"
    return [one["text"].split('"kind":"')[1].split('"')[0] for one in rows(centre, said.replace(":n", f"'{number}'"))]


def test_from_the_touch_to_the_end(centre: Centre, browser: Chromium, tmp_path: Path) -> None:
    """Drawn and spoken by the page, read by the officer, and told by the history."""
    visit(centre, tmp_path, STEPS)
    assert len(list(tmp_path.glob("[0-9]*-B001.png"))) == 1
    with board(centre) as hall, officer(centre, browser) as at_desk:
        wall = browser.new_page(viewport={"width": 1920, "height": 1080})
        wall.add_init_script(OVERHEAR)
        wall.goto(hall.address)
        at_desk.press("F9")
        expect(wall.locator("[data-part=number]")).to_have_text("B001")
        expect(wall.locator("[data-part=label]")).to_have_text("Counter 1")
        expect(at_desk.hall).to_have_text("Hall: đã hiện, đang đọc")
        expect(at_desk.hall).to_have_text("Hall: đã hiện và đọc")
        clips = played(wall)
        assert [one.word for one in clips][:5] == ["sounds/chime", "vi/invite", "vi/letter-b", "vi/0", "vi/0"]
        assert overlaps(clips) == []
        at_desk.press("2")
        expect(at_desk.page.locator("[data-part=now].serving")).to_be_visible()
        expect(at_desk.hall).to_have_text("Hall: đã hiện và đọc")
        at_desk.press("3")
        expect(at_desk.page.locator("[data-part=now].idle")).to_be_visible()
        expect(at_desk.hall).to_have_count(0)
        wall.close()
    kinds = ["TicketIssued", "SlipPrinted", "TicketCalled", "ServiceStarted", "ServiceFinished"]
    assert history(centre, "B001") == kinds


def test_a_browser_that_hangs_is_told_to_the_officer_and_replaced(centre: Centre, browser: Chromium) -> None:
    """The screen's own browser: the recall is not seen, the history says so, and the next browser shows it."""
    number = take_number(centre)
    patience = Patience(beat_s=HUNG_S)
    with board(centre, PLAYER, player=True, patience=patience) as hall, officer(centre, browser) as at_desk:
        at_desk.press("F9")
        expect(at_desk.page.locator("[data-part=halls] .spoken, [data-part=halls] .silent")).to_be_visible()
        player = hall.program.player
        assert player is not None
        assert player.pid is not None
        os.killpg(player.pid, signal.SIGSTOP)
        at_desk.press("1")
        expect(at_desk.hall).to_have_text("Hall chưa hiện: xin gọi to")
        expect(at_desk.page.locator("[data-part=history]")).to_contain_text("Bảng gọi số chưa hiện")
        expect(at_desk.page.locator("[data-part=halls] .missing")).to_have_count(0)
        assert at_desk.seen() in ("speaking", "spoken", "silent")
        assert player.starts == 2
    assert "CallNotShown" in history(centre, number)


def dark(centre: Centre, browser: Chromium) -> str:
    """What the officer reads of a board whose screen nobody looks at: no page is open."""
    take_number(centre)
    with board(centre), officer(centre, browser) as at_desk:
        at_desk.press("F9")
        return at_desk.seen()


def test_a_board_without_a_page_confirms_nothing(centre: Centre, browser: Chromium) -> None:
    """Its program runs, hears the call, and says nothing: nobody can have seen it."""
    assert dark(centre, browser) == "missing"


def test_a_server_that_confirms_in_the_place_of_its_page_is_caught(
    centre: Centre, browser: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof can fail: the same officer would be told that all is well."""
    honest = Conductor._follow_up

    def eager(self: Conductor) -> None:
        for one in self._show.drawing(self._clock()).unconfirmed:
            called = self._show.report(one.key, "muted")
            if called is not None and self._setting.board is not None:
                mark, now = called.mark, datetime.now(UTC)
                said = {"epoch": mark.epoch, "sequence": mark.sequence, "number": called.number, "speech": "muted"}
                self._ports.confirm(Shown.model_validate({**said, "board": self._setting.board, "drawn_at": now}))
        honest(self)

    monkeypatch.setattr(Conductor, "_follow_up", eager)
    assert dark(centre, browser) != "missing"
