"""The page in a real browser, against the board's own server, a real broker and a hub that says what the test wants."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright

from display_board.bootstrap import BoardProgram
from hub.contract.time import Instant
from tests.display_board.eavesdropping import OVERHEAR, Played, mixed, overlaps, played
from tests.display_board.house import House, RunningBoard, house
from tests.hub.client.scripted_hub import until
from tests.hub.web.browsing import WATCH

BUILD = Path(__file__).parents[2] / "build" / "boards"
FULL_HD = {"width": 1920, "height": 1080}
SPOKEN_LIMIT_S = 30.0

Open = Callable[..., Page]


@pytest.fixture
def it(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    """As the player starts it, but for the window: a page may be heard."""
    expect.set_options(timeout=10_000)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as play:
        one = play.chromium.launch(
            executable_path="/usr/bin/chromium", args=[*arguments, "--autoplay-policy=no-user-gesture-required"]
        )
        yield one
        one.close()


@pytest.fixture
def look(browser: Chromium) -> Iterator[Open]:
    """Opens the page of a board; it may not have complained at the end."""
    complaints: list[str] = []
    contexts = []

    def make(board: RunningBoard, *, clock: bool = False, **options: Any) -> Page:
        context = browser.new_context(viewport=FULL_HD, **options)
        contexts.append(context)
        context.add_init_script(WATCH)
        context.add_init_script(OVERHEAR)
        page = context.new_page()
        if clock:
            page.clock.install()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(board.address)
        expect(page.locator("[data-part=name]")).to_have_text("Phường An Bình")
        return page

    yield make
    violations = [one for context in contexts for page in context.pages for one in page.evaluate("window.violations")]
    for context in contexts:
        context.close()
    assert violations == []
    assert [one for one in complaints if "Failed to load resource" not in one and "net::ERR" not in one] == []


def number(page: Page) -> Any:
    """The newest one, large."""
    return page.locator("[data-part=number]")


def heard(page: Page) -> list[str]:
    """Which clips, in their order."""
    return [one.word for one in played(page)]


def announcements(clips: list[Played]) -> list[list[str]]:
    """Each from its chime on."""
    found: list[list[str]] = []
    for one in clips:
        if one.word == "sounds/chime":
            found.append([])
        found[-1].append(one.word)
    return found


def pass_by(page: Page, condition: Callable[[], object], what: str, limit_s: float = SPOKEN_LIMIT_S) -> None:
    """Waits, and lets the page do its work meanwhile."""
    until(lambda: (page.evaluate("1"), condition())[1], what, limit_s)


# ---------------------------------------------------------------- a call


def test_a_call_is_seen_heard_and_confirmed(it: House, look: Open) -> None:
    """From the hub's message to the eye, the ear, and back to the hub."""
    page = look(it.begin())
    expect(page.locator("[data-part=none]")).to_be_visible()
    sequence = it.call("A012", 5)
    expect(number(page)).to_have_text("A012")
    expect(page.locator("[data-part=label]")).to_have_text("Quầy 5")
    expect(page.locator("[data-part=lead]")).to_have_text("Mời công dân có số thứ tự")
    expect(page.locator("[data-part=spoken]")).to_have_text("Mời số A012 đến Quầy 5")
    pass_by(page, lambda: it.shown(sequence=sequence) == ["pending"], "drawn")
    pass_by(page, lambda: it.shown(sequence=sequence) == ["pending", "spoken"], "spoken")
    vi = ["vi/invite", "vi/letter-a", "vi/0", "vi/1", "vi/2", "vi/to-counter", "vi/5"]
    en = ["en/invite", "en/letter-a", "en/0", "en/1", "en/2", "en/to-counter", "en/5"]
    assert heard(page) == ["sounds/chime", *vi, "sounds/pause", *en]


def test_two_desks_at_once_are_never_said_at_once(it: House, look: Open) -> None:
    """The mix of all that is played, sample by sample: one voice at any moment, and every number was said."""
    board = it.begin()
    page = look(board)
    first, *others = [it.call(f"{letter}0{n}5", n) for n, letter in ((1, "A"), (2, "B"), (3, "C"))]
    it.call("A015", 1)
    for sequence in (*others, it.sequence):
        pass_by(page, lambda sequence=sequence: "spoken" in it.shown(sequence=sequence), f"{sequence} spoken", 60)
    clips = played(page)
    assert it.shown(sequence=first)[-1] == "spoken"
    assert overlaps(clips) == []
    assert mixed(board.address, clips, BUILD / "announcements.wav") == 1
    assert [one.word for one in clips if "letter-" in one.word].count("vi/letter-a") == 2
    middle = announcements(clips)[1:-1]
    assert len(middle) == 2
    assert not any(word.startswith("en/") for said in middle for word in said), "others wait: the first language only"


def test_the_rows_move_down_and_a_recall_moves_up(it: House, look: Open) -> None:
    """Each number once."""
    page = look(it.begin())
    for n in range(1, 12):
        it.call(f"A{n:03}", n)
    expect(number(page)).to_have_text("A011")
    rows = page.locator("[data-part=calls] .number")
    assert rows.all_inner_texts() == [f"A{n:03}" for n in range(10, 2, -1)]
    it.call("A005", 5)
    expect(number(page)).to_have_text("A005")
    assert rows.all_inner_texts()[:2] == ["A011", "A010"]
    assert rows.count() == 8


def test_a_board_that_does_not_speak_is_silent(it: House, look: Open) -> None:
    """Confirmed once, as muted."""
    it.settings(speaks=False)
    page = look(it.begin())
    sequence = it.call("A012", 5)
    pass_by(page, lambda: it.shown(sequence=sequence) == ["muted"], "drawn")
    it.call("A013", 5)
    pass_by(page, lambda: it.shown()[-1] == "muted" and len(it.shown()) == 2, "the next one drawn")
    assert heard(page) == []


def test_only_the_page_that_came_last_speaks(it: House, look: Open) -> None:
    """Two windows of one board are not two voices."""
    board = it.begin()
    first, second = look(board), look(board)
    sequence = it.call("A012", 5)
    pass_by(second, lambda: "spoken" in it.shown(sequence=sequence), "spoken")
    assert heard(first) == []
    assert heard(second)[0] == "sounds/chime"


def test_a_restart_of_all_replays_nothing(it: House, look: Open) -> None:
    """Neither to the eye as if it were new, nor to the ear."""
    board = it.begin()
    page = look(board)
    sequence = it.call("A012", 5)
    pass_by(page, lambda: "spoken" in it.shown(sequence=sequence), "spoken")
    it.list_calls()
    confirmed = len(it.shown())
    board.end()
    page.close()
    again = look(it.begin())
    expect(number(again)).to_have_text("A012")
    it.call("B001", 2)
    pass_by(again, lambda: "spoken" in it.shown(sequence=it.sequence), "the next one spoken")
    assert [one for one in heard(again) if "letter" in one] == ["vi/letter-b", "en/letter-b"]
    assert len(it.shown()) == confirmed + 2


def test_a_page_that_draws_nothing_confirms_nothing(it: House, look: Open) -> None:
    """Frames that never come are a dark screen."""
    page = look(it.begin())
    page.evaluate("window.requestAnimationFrame = () => 0")
    dark = it.call("A012", 5)
    expect(number(page)).to_have_text("A012")
    pass_by(page, lambda: it.shown(sequence=dark) == ["spoken"], "spoken, for that needs no frame")
    page.reload()
    expect(number(page)).to_have_text("A012")
    seen = it.call("A013", 5)
    pass_by(page, lambda: "pending" in it.shown(sequence=seen), "drawn")
    assert "pending" not in it.shown(sequence=dark)


# ---------------------------------------------------------------- without hub, broker, server


def test_without_the_broker_it_says_how_old_it_is(it: House, look: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """After fifteen seconds, at both places; calls stay, nothing is large and new; and it recovers by itself."""
    ahead, honest = [0], BoardProgram._now
    monkeypatch.setattr(BoardProgram, "_now", lambda self: Instant(honest(self) + ahead[0]))
    page = look(it.begin())
    it.call("A012", 5)
    expect(page.locator("[data-part=spot]")).to_have_class("spot fresh")
    at = page.locator("[data-part=clock]").get_attribute("aria-label")
    it.broker.stop()
    until(lambda: it.running[-1].program.conductor._show.hall.lost, "the loss")
    ahead[0] = 14_000
    expect(page.locator("[data-part=stamp]")).to_be_hidden()
    ahead[0] = 180_000
    expect(page.locator("[data-part=stamp]")).to_have_text(f"cập nhật lúc {at}")
    expect(page.locator("[data-part=wait-note]")).to_have_text(f"cập nhật lúc {at}")
    expect(page.locator("[data-part=spot]")).to_have_class("spot")
    expect(page.locator("[data-part=sentence]")).to_contain_text("nghe cán bộ gọi số tại quầy")
    expect(number(page)).to_have_text("A012")
    assert page.locator(".band").all_inner_texts() == ["người"] * 6
    it.broker.start()
    it.hub.reconnected()
    it.open()
    expect(page.locator("[data-part=stamp]")).to_be_hidden(timeout=20_000)
    assert page.locator(".band").all_inner_texts()[0] == "20–35 phút"


def test_a_hub_that_says_good_bye_is_lost_too(it: House, look: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker may live on."""
    ahead, honest = [0], BoardProgram._now
    monkeypatch.setattr(BoardProgram, "_now", lambda self: Instant(honest(self) + ahead[0]))
    page = look(it.begin())
    it.hub.be("offline", "boot-1")
    until(lambda: it.running[-1].program.conductor._show.hall.lost, "the loss")
    ahead[0] = 16_000
    expect(page.locator("[data-part=stamp]")).to_be_visible()
    it.hub.be("online", "boot-2")
    expect(page.locator("[data-part=stamp]")).to_be_hidden()


def test_a_page_whose_server_is_gone_is_honest_too(it: House, look: Open) -> None:
    """It says so by its own clock, and goes on by itself when the server is there again at its old place."""
    board = it.begin()
    page = look(board, clock=True)
    it.call("A012", 5)
    expect(number(page)).to_have_text("A012")
    board.end()
    page.clock.run_for(14_000)
    expect(page.locator("[data-part=stamp]")).to_be_hidden()
    page.clock.run_for(3_000)
    expect(page.locator("[data-part=stamp]")).to_contain_text("cập nhật lúc")
    expect(page.locator("[data-part=spot]")).to_have_class("spot")
    expect(number(page)).to_have_text("A012")


# ---------------------------------------------------------------- calm


def test_a_burst_of_calls_does_not_flicker(it: House, look: Open) -> None:
    """Ten calls within a second: one motion; and none at all for who wants none."""
    page, still = look(it.begin()), look(it.running[-1], reduced_motion="reduce")
    for one in (page, still):
        one.evaluate("window.moved = 0; addEventListener('animationstart', () => (window.moved += 1))")
    for n in range(1, 11):
        it.call(f"A{n:03}", n)
    expect(number(page)).to_have_text("A010")
    expect(number(still)).to_have_text("A010")
    assert page.evaluate("window.moved") <= 3
    assert still.evaluate("document.getAnimations().filter((one) => one.effect.getTiming().duration > 0).length") == 0


def test_one_sentence_at_a_time(it: House, look: Open) -> None:
    """The ticker does not run: a whole sentence, another one every twelve seconds."""
    it.open(notice={"vi": "Số chỉ có giá trị trong ngày. Vui lòng giữ trật tự."})
    page = look(it.begin(), clock=True)
    sentence = page.locator("[data-part=sentence]")
    seen = {sentence.inner_text()}
    page.clock.run_for(12_500)
    seen.add(sentence.inner_text())
    assert seen == {"Số chỉ có giá trị trong ngày.", "Vui lòng giữ trật tự."}
    assert page.evaluate("getComputedStyle(document.querySelector('[data-part=sentence]')).opacity") == "1"


def test_the_spotlight_ends(it: House, look: Open) -> None:
    """By time alone."""
    page = look(it.begin("[board]\nspotlight_s = 15\n"))
    it.call("A012", 5)
    expect(page.locator("[data-part=spot]")).to_have_class("spot fresh")
    expect(page.locator("[data-part=spot]")).to_have_class("spot", timeout=17_000)
    expect(page.locator("[data-part=lead]")).to_have_text("Số gọi gần nhất")


def test_which_screen_is_this(it: House, look: Open) -> None:
    """Its name, large, for a while."""
    page = look(it.begin())
    it.order("identify")
    expect(page.locator("[data-part=aside]")).to_contain_text("board-01")


def test_another_language_is_another_page(it: House, look: Open) -> None:
    """At once, when the hub says so."""
    page = look(it.begin())
    it.settings(languages=["en", "vi"])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[data-part=name]")).to_have_text("An Binh ward")


def test_a_long_day_leaves_nothing_behind(it: House, look: Open) -> None:
    """As many elements and listeners after hundreds of calls as after ten."""
    it.settings(speaks=False)
    page = look(it.begin())
    for n in range(10):
        it.call(f"A{n:03}", n + 1)
    expect(number(page)).to_have_text("A009")
    count = "[document.querySelectorAll('*').length, document.querySelectorAll('[data-fitted]').length]"
    before = page.evaluate(count)
    for n in range(10, 200):
        it.call(f"A{n:03}", n % 12 + 1)
    expect(number(page)).to_have_text("A199")
    assert page.evaluate(count) == before
