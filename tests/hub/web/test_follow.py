"""Follow my ticket, on a phone in a hand: the bell, sleep, no network, old browsers, what it knows of people."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, expect

import hub.web
from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import change_desk
from hub.actions.counter.visit import move_ticket
from hub.actions.work import Asker
from hub.queueing.ticket import Verb
from tests.hub.web.browsing import Sight, served
from tests.hub.web.hall import Hall, set_up

PHONE: Final = {"width": 390, "height": 844}
FOLDER: Final = Path(hub.web.__file__).parent

LISTEN: Final = """
window.heard = { tones: 0, shakes: 0 };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { heard.tones += 1; return start.apply(this, when); };
navigator.vibrate = () => { heard.shakes += 1; return true; };
"""
OLD: Final = """
delete HTMLDialogElement.prototype.showModal;
delete HTMLDialogElement.prototype.close;
delete AbortSignal.timeout;
delete AbortSignal.any;
delete crypto.randomUUID;
delete window.structuredClone;
delete Array.prototype.at;
delete Array.prototype.findLast;
delete Object.hasOwn;
delete Element.prototype.checkVisibility;
delete Navigator.prototype.userActivation;
delete Navigator.prototype.vibrate;
delete Navigator.prototype.wakeLock;
window.webkitAudioContext = window.AudioContext;
delete window.AudioContext;
"""
"""What Chromium 96 or Safari 14.1 lacks, taken from a browser of today."""

Phone = Callable[..., Page]


@pytest.fixture
def phone(hall: Hall, chrome: Chromium) -> Iterator[Phone]:
    """A phone on the page of a ticket; no page may have complained at the end."""
    with served(hall) as (base, opened):

        def make(ticket: str, *, first: str = LISTEN) -> Page:
            sight = Sight(chrome, base, **PHONE, has_touch=True)
            opened.append(sight)
            sight.page.add_init_script(first)
            return sight.open(f"/t/{hall.track_key(ticket)}")

        yield make


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def call(hall: Hall, counter: str = "c1") -> None:
    hall.do(lambda work: change_desk(work, counter, counter, "open"))
    hall.do(lambda work: call_next(work, counter, counter))


# ---------------------------------------------------------------- the bell


def test_after_one_touch_the_phone_rings_and_shakes(hall: Hall, phone: Phone) -> None:
    """At the call, and again when called again; the touch itself is heard once, to set the loudness."""
    page = phone(hall.issue())
    part(page, "bell").tap()
    expect(part(page, "note-word")).to_contain_text("Máy sẽ kêu và rung")
    expect(part(page, "bell")).to_be_hidden()
    tried = page.evaluate("heard.tones")
    assert (tried > 0, page.evaluate("heard.shakes")) == (True, 0)
    call(hall)
    expect(part(page, "place")).to_have_text("Quầy 1")
    page.wait_for_function("heard.shakes === 1 && heard.tones > " + str(tried))
    rung = page.evaluate("heard.tones")
    hall.do(lambda work: move_ticket(work, "c1", "c1", Verb.RECALL))
    expect(part(page, "called")).to_have_text("Gọi lúc 09:41, lần 2")
    page.wait_for_function(f"heard.shakes === 2 && heard.tones > {rung}")


def test_without_the_touch_it_makes_no_sound(hall: Hall, phone: Phone) -> None:
    """The page changes all the same, and so does its title."""
    page = phone(hall.issue())
    call(hall)
    expect(part(page, "place")).to_have_text("Quầy 1")
    expect(page).to_have_title("Quầy 1 · A001")
    assert page.evaluate("heard.tones") == 0


def test_the_way_is_told_where_the_centre_says_it(hall: Hall, phone: Phone) -> None:
    """Below the counter; nothing where nothing is known."""
    document = set_up()
    where = {"vi": "Sảnh A, bên phải", "en": "Hall A, on the right"}
    counters = [one.model_copy(update={"where": where if one.id == "c2" else {}}) for one in document.counters]
    hall.furnish(document.model_copy(update={"counters": counters}))
    first, second = phone(hall.issue()), phone(hall.issue())
    call(hall, "c1")
    call(hall, "c2")
    expect(part(first, "place")).to_have_text("Quầy 1")
    expect(part(first, "where")).to_be_hidden()
    expect(part(second, "where")).to_have_text("Sảnh A, bên phải")


# ---------------------------------------------------------------- out of touch


def test_it_says_when_it_is_out_of_touch_and_comes_back(hall: Hall, phone: Phone) -> None:
    """After forty seconds, with the time of the last word; it finds the call that it missed by itself."""
    page = phone(hall.issue())
    page.clock.install()
    page.reload()
    expect(part(page, "standing-word")).to_have_text("Ông/Bà là người kế tiếp")
    page.context.set_offline(True)
    page.route("**/events*", lambda route: route.abort())
    hall.live.events.run_soon(lambda: [hall.live.events._drop(one) for one in hall.live.events._everybody()])
    page.clock.run_for(45_000)
    expect(part(page, "out-of-touch")).to_contain_text("Mất liên lạc từ 09:41")
    call(hall)
    page.context.set_offline(False)
    page.unroute("**/events*")
    page.clock.run_for(25_000)
    expect(part(page, "place")).to_have_text("Quầy 1")
    page.clock.run_for(3_000)
    expect(part(page, "out-of-touch")).to_be_hidden()


def test_a_phone_that_wakes_up_asks_at_once(hall: Hall, phone: Phone) -> None:
    """The stream of before its sleep may be dead without knowing it: a new one is opened."""
    page = phone(hall.issue())
    expect(part(page, "standing-word")).to_have_text("Ông/Bà là người kế tiếp")
    with page.expect_request("**/events*"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_number_that_is_not_known_any_longer(hall: Hall, phone: Phone) -> None:
    """The hub was set back, say: said, and nothing offered."""
    page = phone(hall.issue())
    gone = {"status": 404, "json": {"code": "not-found"}}
    page.route(re.compile(r"/t/[\w-]+$"), lambda route: route.fulfill(**gone))
    page.route("**/events*", lambda route: route.fulfill(status=404))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(part(page, "standing-word")).to_have_text("Không còn số này")
    expect(part(page, "cancel")).to_be_hidden()
    expect(part(page, "note")).to_be_hidden()


def test_a_number_that_is_over_says_so_and_stops_asking(hall: Hall, phone: Phone) -> None:
    """A minute later the phone holds no place in the hub's list of listeners."""
    mine = hall.issue()
    page = phone(mine)
    page.clock.install()
    page.reload()
    expect(part(page, "standing-word")).to_have_text("Ông/Bà là người kế tiếp")
    hall.do(lambda work: cancel_ticket(work, Asker("citizen", mine), mine))
    expect(part(page, "standing-word")).to_have_text("Số này đã được trả lại")
    page.clock.run_for(70_000)
    expect(part(page, "updated")).to_have_text("Trang này không còn đổi nữa")


def test_giving_back_over_a_bad_network_is_done_once(hall: Hall, phone: Phone) -> None:
    """Under one id; said while it is tried again."""
    page = phone(hall.issue())
    keys: list[str] = []
    mended: list[bool] = []

    def lose(route: object) -> None:
        keys.append(route.request.headers["idempotency-key"])  # type: ignore[attr-defined]
        if mended:
            route.continue_()  # type: ignore[attr-defined]
        else:
            route.abort()  # type: ignore[attr-defined]

    page.route("**/cancel", lose)
    part(page, "cancel").tap()
    part(page, "give-back").tap()
    expect(part(page, "cancel-word")).to_have_text("Chưa gửi được, đang tự gửi lại…")
    mended.append(True)
    expect(part(page, "standing-word")).to_have_text("Số này đã được trả lại")
    assert len(keys) > 1
    assert len(set(keys)) == 1


# ---------------------------------------------------------------- phones of 2021


def test_an_old_phone_can_do_all_of_it(hall: Hall, phone: Phone) -> None:
    """Without what Chromium 96 or Safari 14.1 lacks: bell, call, question, giving back."""
    mine = hall.issue()
    page = phone(mine, first=OLD)
    assert page.evaluate("typeof document.querySelector('dialog').showModal") == "undefined"
    part(page, "bell").tap()
    expect(part(page, "note-word")).to_contain_text("Máy sẽ kêu và rung")
    part(page, "cancel").tap()
    expect(part(page, "sure")).to_be_visible()
    expect(part(page, "main")).to_be_hidden()
    expect(part(page, "keep")).to_be_focused()
    part(page, "keep").tap()
    expect(part(page, "sure")).to_be_hidden()
    call(hall)
    expect(part(page, "place")).to_have_text("Quầy 1")
    part(page, "cancel").tap()
    part(page, "give-back").tap()
    expect(part(page, "standing-word")).to_have_text("Số này đã được trả lại")


TOO_NEW: Final = {
    r"\bAbortSignal\.(timeout|any)\b": "Safari 16",
    r"\.at\(-?\w": "Safari 15.4",
    r"\.find(Last|LastIndex)\(": "Chromium 97",
    r"\bstructuredClone\b": "Chromium 98",
    r"\bObject\.(hasOwn|groupBy)\b": "Safari 15.4",
    r"\.(toSorted|toReversed|toSpliced|with)\(": "Chromium 110",
    r"\bcrypto\.randomUUID\(": "Safari 15.4, and https",
    r"\bcheckVisibility\b": "Chromium 105",
    r"^(const \w+ = )?await ": "Safari 15",
    r"\bstatic \{|^\s+#\w+": "Safari 15",
    r":has\(": "Chromium 105",
    r"@(layer|container|scope|starting-style)\b": "Chromium 99",
    r"\b(color-mix|oklch|oklab|light-dark)\(": "Chromium 111",
    r"\b\d+(dvh|svh|lvh|dvw|cqw)\b": "Chromium 108",
    r"^\s*&": "Chromium 112",
}
"""Words of JavaScript and CSS that phones of 2021 do not know, with what first did."""


def sources_of(page: str, stylesheets: tuple[str, ...]) -> dict[str, str]:
    """All a page loads: its script with every module that imports, and its styles."""
    found: dict[str, str] = {}
    wanted = [page, *stylesheets]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found[name] = (FOLDER / name).read_text()
            wanted += re.findall(r'from "/static/([^"]+)"', found[name])
    return found


def too_new(sources: dict[str, str]) -> list[str]:
    """What such a phone stumbles over. Top-level `await` is one at the beginning of a line."""
    flags = re.MULTILINE
    return [
        f"{name}: {found.group().strip()} ({since})"
        for name, text in sources.items()
        for word, since in TOO_NEW.items()
        for found in re.finditer(word, text, flags)
    ]


FOLLOW: Final = sources_of("portal/follow.js", ("portal/follow.css", "site/page.css", "site/tokens.css"))


def test_the_page_uses_nothing_that_old_phones_do_not_know() -> None:
    """Its own script and every module it imports, and the styles."""
    assert {"site/hub.js", "site/page.js", "portal/bell.js"} <= FOLLOW.keys()
    assert too_new(FOLLOW) == []


@pytest.mark.parametrize(
    "line",
    [
        "fetch(path, { signal: AbortSignal.timeout(6000) });",
        "lines.at(-1)",
        "lines.findLast((one) => one)",
        "await refresh();",
        ".row:has(:checked) { color: red }",
    ],
)
def test_a_newer_word_is_caught(line: str) -> None:
    """In whichever of the files it stands."""
    assert len(too_new({**FOLLOW, "site/hub.js": f"{FOLLOW['site/hub.js']}\n{line}\n"})) == 1


# ---------------------------------------------------------------- what it knows


def test_the_page_holds_nothing_of_anybody(hall: Hall, phone: Phone) -> None:
    """No class, no officer, no other number, no key of the hub's own."""
    other, mine = hall.issue(), hall.issue(class_="elderly")
    officer = hall.reading.find_staff("officer")
    assert officer is not None
    page = phone(mine)
    state = page.evaluate("JSON.parse(document.body.dataset.page).state")
    assert set(state) == {
        *("at", "centre", "number", "service", "state", "issued_at", "people_ahead", "counter", "counters"),
        *("called_at", "calls", "can_cancel"),
    }
    for secret in (mine, other, "elderly", officer.id, officer.display_name, "A001"):
        assert secret not in page.content()
