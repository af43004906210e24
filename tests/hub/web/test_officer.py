"""The officer's page in a real browser: by keyboard alone, over a bad network, in two windows, after a crash."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, Route, expect

from hub.actions.counter.desk import change_desk
from hub.contract.set_up import CallingSetUp, Choice, FinishingSetUp, PausingSetUp, ReturningSetUp
from hub.queueing.ticket import Ticket
from tests.hub.web.browsing import Sight, served
from tests.hub.web.hall import Hall, set_up, until

Open = Callable[..., Page]
ASKING: Final = 'await ask("POST", path, { body, key })'
"""How a page sends a change, each time with the id that it began with."""


@pytest.fixture
def pages(hall: Hall, chrome: Chromium) -> Iterator[Open]:
    """Opens the officer's page, signed in; none may have complained at the end."""
    with served(hall) as (base, opened):

        def make(name: str = "officer", before: Callable[[Page], object] | None = None, path: str = "/officer") -> Page:
            opened.append(Sight(chrome, base))
            opened[-1].page.set_default_timeout(30_000)
            if before is not None:
                before(opened[-1].page)
            page = opened[-1].sign_in(name)
            page.goto(base + path)
            return page

        yield make


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def sit_down(page: Page) -> None:
    page.locator(".counters button").first.click()
    expect(part(page, "plate")).to_have_text("Quầy 1")


def press(page: Page, key: str, state: str) -> None:
    """A key, and what it makes of the counter."""
    page.keyboard.press(key)
    expect(page.locator(f"[data-part=now].{state}")).to_be_visible()
    expect(part(page, "call")).not_to_have_class("call waiting")


def in_line(hall: Hall, number: str) -> Ticket:
    found: Ticket = hall.writer.look(
        lambda sight: next(one for one in sight.line.tickets.values() if one.number == number)
    ).result(30)
    return found


def asks(hall: Hall) -> None:
    """The centre wants to know how visits end and why counters pause, and lets missed people back for an hour."""
    hall.furnish(
        set_up().model_copy(
            update={
                "calling": CallingSetUp(most_calls=2),
                "returning": ReturningSetUp(within_min=60, place="front"),
                "pausing": PausingSetUp(reasons=[Choice(id="papers", name={"vi": "Xử lý hồ sơ"})]),
                "finishing": FinishingSetUp(
                    outcomes=[
                        Choice(id="received", name={"vi": "Đã nhận hồ sơ"}),
                        Choice(id="lacking", name={"vi": "Thiếu"}),
                    ],
                    services_done=True,
                ),
            }
        )
    )


# ---------------------------------------------------------------- by keyboard


def test_a_morning_at_the_counter_by_keyboard(hall: Hall, pages: Open) -> None:
    """Every verb by its key: no mouse after the counter was chosen."""
    asks(hall)
    for _ in range(3):
        hall.issue()
    hall.do(lambda work: change_desk(work, "c2", "c2", "open"))
    page = pages()
    page.locator(".counters button").first.focus()
    page.keyboard.press("Enter")
    expect(part(page, "plate")).to_have_text("Quầy 1")
    press(page, "Space", "called")
    page.keyboard.press("1")
    expect(part(page, "now-word")).to_have_text("Đang gọi, lần 2/2")
    expect(page.locator("[data-verb=recall]")).to_have_attribute("aria-disabled", "true")
    press(page, "4", "idle")
    expect(part(page, "resting")).to_contain_text("A001")
    press(page, "z", "called")
    press(page, "2", "serving")
    page.keyboard.press("8")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("1")
    expect(part(page, "fact-class")).to_have_text("Người cao tuổi")
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog")).to_contain_text("A001: kết quả thế nào?")
    page.keyboard.press("1")
    expect(part(page, "number")).to_have_text("A002")
    press(page, "2", "serving")
    page.keyboard.press("6")
    expect(page.get_by_role("dialog")).to_be_visible()
    part(page, "ask").locator("input").focus()
    page.keyboard.type("thiếu 1 giấy")
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    expect(part(page, "undo-word")).to_have_text("Đã đưa A002 về hàng chờ")
    sent = in_line(hall, "A002")
    assert sent.sent_to == "c2"
    page.keyboard.press("p")
    expect(page.get_by_role("dialog")).to_contain_text("Nghỉ 15 phút")
    page.keyboard.press("2")
    expect(part(page, "now-word")).to_have_text("Quầy đang tạm ngưng: Xử lý hồ sơ")
    page.keyboard.press("Space")
    press(page, "p", "idle")
    press(page, "F9", "called")
    expect(part(page, "number")).to_have_text("A003")
    kept = hall.reading.history_of(sent.id)[-1]
    assert kept.kind == "TicketTransferred"
    assert list(hall.reading.notes([kept.fields["note_key"]]).values()) == ["thiếu 1 giấy"]


def test_a_supervisor_calls_a_number_out_of_turn(hall: Hall, pages: Open) -> None:
    """Slash, the number as it comes to mind, a reason; an officer has no such key."""
    for _ in range(3):
        hall.issue()
    page = pages("supervisor")
    sit_down(page)
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("a9")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(part(page, "ask")).to_contain_text("Không có số này")
    part(page, "ask").locator("input").fill("a3")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(part(page, "number")).to_have_text("A003")
    expect(part(page, "history")).to_contain_text("Người không khỏe")
    other = pages()
    other.locator(".counters button").nth(1).click()
    expect(part(other, "plate")).to_be_visible()
    expect(part(other, "pick")).to_be_hidden()


# ---------------------------------------------------------------- over a bad network


def lossy(page: Page) -> list[str]:
    """The first answer to a recall gets lost on its way. Returns the ids under which it is asked for."""
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/recall", lose)
    return keys


def recall_over(hall: Hall, page: Page) -> tuple[int, int]:
    """How often the hub has recalled after one press with a lost answer, and under how many ids it was asked."""
    hall.issue()
    keys = lossy(page)
    sit_down(page)
    press(page, "Space", "called")
    page.keyboard.press("1")
    expect(part(page, "now-word")).to_contain_text("lần")
    expect(part(page, "call")).not_to_have_class("call waiting")
    assert len(keys) > 1
    return in_line(hall, "A001").recalls, len(set(keys))


def test_a_press_whose_answer_is_lost_is_made_once(hall: Hall, pages: Open) -> None:
    assert recall_over(hall, pages()) == (1, 1)


def test_a_page_with_a_new_id_for_each_repeat_is_caught(hall: Hall, pages: Open) -> None:
    """The same two figures tell."""

    def spoil(page: Page) -> None:
        def answer(route: Route) -> None:
            text = route.fetch().text()
            assert ASKING in text
            route.fulfill(
                body=text.replace(ASKING, ASKING.replace("key }", "key: newId() }")), content_type="text/javascript"
            )

        page.route("**/static/site/hub.js", answer)

    recalls, ids = recall_over(hall, pages(before=spoil))
    assert recalls > 1
    assert ids > 1


SAID: Final = """
() => {
  window.seen = new Set();
  const words = (name) => document.querySelector(`[data-part=${name}]`).textContent;
  const note = () => ["call-word", "pending"].forEach((name) => seen.add(words(name)));
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""
"""Keeps what the page says of a press, however short it is said."""


def test_a_press_is_pending_until_it_is_answered_and_then_given_up(hall: Hall, pages: Open) -> None:
    """After ten seconds it says what to do, and the next press counts."""
    hall.issue()
    page = pages()
    sit_down(page)
    page.evaluate(SAID)
    page.route("**/call-next", lambda route: route.abort())
    page.keyboard.press("Space")
    expect(part(page, "trouble-word")).to_contain_text("chưa được ghi sau 10 giây")
    expect(part(page, "call-word")).to_have_text("Gọi tiếp")
    page.unroute("**/call-next")
    seen = page.evaluate("[...seen].join(' ')")
    assert "Đang gửi…" in seen
    assert "đang tự gửi lại" in seen
    press(page, "Space", "called")
    expect(part(page, "trouble")).to_be_hidden()


def test_a_press_under_way_survives_a_reload(hall: Hall, pages: Open) -> None:
    """The page asks again under the same id, and it was made once."""
    hall.issue()
    page = pages()
    sit_down(page)
    press(page, "Space", "called")
    keys: list[str] = []

    def swallow(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if page.url and len(keys) == 1:
            route.fetch()
        route.abort() if len(keys) < 3 else route.continue_()

    page.route("**/recall", swallow)
    page.keyboard.press("1")
    expect(part(page, "pending")).to_be_visible()
    page.reload()
    expect(part(page, "now-word")).to_contain_text("lần 2")
    expect(part(page, "call")).not_to_have_class("call waiting")
    assert len(set(keys)) == 1
    assert in_line(hall, "A001").recalls == 1


# ---------------------------------------------------------------- two windows, a crash, a sleep


def test_two_windows_show_one_visit(hall: Hall, pages: Open) -> None:
    """What is pressed in one browser stands in the other, and both pressing at once is one press."""
    hall.issue()
    one, other = pages(), pages()
    sit_down(one)
    expect(part(other, "plate")).to_have_text("Quầy 1")
    press(one, "Space", "called")
    expect(part(other, "number")).to_have_text("A001")
    one.keyboard.press("2")
    other.keyboard.press("2")
    for page in (one, other):
        expect(page.locator("[data-part=now].serving")).to_be_visible()
    assert in_line(hall, "A001").state == "serving"


def test_a_visit_is_found_again_after_a_crash(hall: Hall, pages: Open) -> None:
    """The browser is gone in the middle of it; another one finds the counter, the number and its history."""
    hall.issue()
    page = pages()
    sit_down(page)
    press(page, "Space", "called")
    press(page, "2", "serving")
    page.context.close()
    page = pages()
    expect(part(page, "plate")).to_have_text("Quầy 1")
    expect(part(page, "number")).to_have_text("A001")
    expect(part(page, "history")).to_contain_text("Bắt đầu")


def test_a_page_that_slept_knows_what_happened_meanwhile(hall: Hall, pages: Open) -> None:
    """Without a network the other window goes on; the first one wakes up to that."""
    hall.issue()
    asleep, awake = pages(), pages()
    sit_down(awake)
    expect(part(asleep, "plate")).to_have_text("Quầy 1")
    asleep.context.set_offline(True)
    press(awake, "Space", "called")
    press(awake, "2", "serving")
    asleep.context.set_offline(False)
    expect(part(asleep, "number")).to_have_text("A001")
    expect(asleep.locator("[data-part=now].serving")).to_be_visible()


# ---------------------------------------------------------------- in an emergency

TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
"""


def test_an_emergency_is_seen_and_heard_until_one_goes(hall: Hall, pages: Open) -> None:
    """At the other desks, and one press there ends it for all."""
    one, other = pages(), pages("supervisor", lambda page: page.add_init_script(TONES))
    sit_down(one)
    other.locator(".counters button").nth(1).click()
    expect(part(other, "plate")).to_have_text("Quầy 2")
    leader, desk = pages("leader", path="/"), pages("desk", path="/reception")
    one.keyboard.press("!")
    for page in (one, other, leader, desk):
        expect(part(page, "emergencies")).to_contain_text("KHẨN CẤP ở Quầy 1")
    until(lambda: other.evaluate("tones") > 0)
    part(other, "emergencies").get_by_role("button").click()
    for page in (one, other, leader, desk):
        expect(part(page, "emergencies")).to_be_hidden()
    assert hall.writer.look(lambda sight: sight.line.emergencies).result(30) == {}
