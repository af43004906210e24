"""The pages in a real browser: by keyboard, over a bad network, with hostile names, small, large and in contrast."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Route, expect

from hub.actions.citizen.report_slip import report_slip_failed, report_slip_printed
from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import change_desk
from hub.actions.counter.visit import move_ticket
from hub.actions.device.call_staff import answer_staff_call, call_staff
from hub.actions.device.register import add_device
from hub.actions.work import Asker, Device
from hub.contract.names import SlipState, StaffRole
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.ticket import Verb
from hub.web.server import Server
from tests.hub.web.browsing import Sight, served
from tests.hub.web.hall import Hall, set_up, until
from tests.hub.web.test_officer import SAID

FONTS = Path(__file__).parents[3] / "build" / "fonts" / "web"

Open = Callable[..., Sight]


@pytest.fixture
def look(hall: Hall, chrome: Chromium) -> Iterator[Open]:
    """Opens windows over a served hall; none of them may have complained at the end."""
    with served(hall) as (base, opened):

        def make(**options: object) -> Sight:
            opened.append(Sight(chrome, base, **options))  # type: ignore[arg-type]
            return opened[-1]

        yield make


def at_counter(sight: Sight, counter: str = "Quầy 1") -> Page:
    """An officer who has opened a counter."""
    page = sight.sign_in("officer")
    page.click(f".counters button:has-text('{counter}')")
    expect(page.locator("[data-part=plate]")).to_have_text(counter)
    return page


def number(page: Page) -> str:
    """What stands large on the officer's page."""
    return page.locator("[data-part=number]").inner_text()


# ---------------------------------------------------------------- signing in


def test_signing_in_and_out(hall: Hall, look: Open) -> None:
    """A wrong password is said beside the form, the right one leads to the counter, signing out leads back."""
    sight = look()
    page = sight.open("/")
    expect(page).to_have_url(sight.base + "/sign-in")
    page.fill("#name", "officer")
    page.fill("#password", "wrong wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Tên hoặc mật khẩu không đúng.")
    expect(page.locator("#password")).to_be_focused()
    sight.sign_in("officer")
    expect(page).to_have_url(sight.base + "/officer")
    page.click("[data-part=sign-out]")
    expect(page).to_have_url(sight.base + "/sign-in")
    page.goto(sight.base + "/officer")
    expect(page).to_have_url(sight.base + "/sign-in")


def test_too_many_tries_say_for_how_long(hall: Hall, look: Open) -> None:
    """The button rests and counts down."""
    page = look().open("/sign-in")
    page.fill("#name", "officer")
    for _ in range(4):
        page.fill("#password", "wrong wrong")
        with page.expect_response("**/api/v1/session"):
            page.click("[data-part=send]")
        expect(page.locator("[data-part=trouble]")).to_be_visible()
    expect(page.locator("[data-part=send]")).to_be_disabled()
    expect(page.locator("[data-part=send]")).to_contain_text("Thử lại sau")


def test_the_first_set_up(bare: Hall, chrome: Chromium) -> None:
    """A hub without anybody leads there from everywhere; the code makes the first administrator."""
    base = f"http://127.0.0.1:{bare.serve().port}"
    sight = Sight(chrome, base)
    page = sight.open("/")
    expect(page).to_have_url(base + "/setup")
    for field, value in (("code", "AAAAA-AAAAA"), ("display_name", "Nguyễn Thị Hạnh"), ("name", "hanh")):
        page.fill(f"#{field}", value)
    page.click("[data-part=send]")
    expect(page.get_by_role("alert")).to_contain_text("điền đúng")
    expect(page.locator("#password")).to_be_focused()
    page.fill("#password", "lúa chín vàng đồng")
    page.click("[data-part=send]")
    expect(page.get_by_role("alert")).to_have_text("Mã cài đặt không đúng.")
    assert sight.faults() == []
    page.fill("#code", "x7k2m 9pq4t")
    page.click("[data-part=send]")
    expect(page.locator("h1")).to_have_text("Nguyễn Thị Hạnh")
    sight.close()


# ---------------------------------------------------------------- the officer's page


def test_a_day_at_the_counter_by_keyboard(hall: Hall, look: Open) -> None:
    """Space calls, 2 starts, F9 finishes and calls, 4 marks, Z takes back, P pauses: no mouse needed."""
    for _ in range(3):
        hall.issue()
    page = at_counter(look())
    expect(page.locator("[data-part=waiting-count]")).to_have_text("3 người")
    page.keyboard.press("Space")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    page.keyboard.press("2")
    expect(page.locator("[data-part=now-word]")).to_have_text("Đang phục vụ")
    page.keyboard.press("F9")
    expect(page.locator("[data-part=number]")).to_have_text("A002")
    page.keyboard.press("4")
    expect(page.locator("[data-part=resting]")).to_contain_text("A002")
    expect(page.locator("[data-part=undo-word]")).to_have_text("Đã ghi vắng mặt A002")
    page.keyboard.press("z")
    expect(page.locator("[data-part=number]")).to_have_text("A002")
    expect(page.locator("[data-part=now-word]")).to_have_text("Đang gọi")
    page.keyboard.press("7")
    expect(page.locator("[data-part=number]")).to_have_text("2")
    page.keyboard.press("p")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("[data-part=call-word]")).to_have_text("Mở lại")
    page.keyboard.press("Space")
    expect(page.locator("[data-part=state]")).to_have_text("Tạm ngưng")


def test_a_quick_hand_loses_no_press(hall: Hall, look: Open) -> None:
    """What is pressed while a press is under way follows it; a key held too long or hit twice does nothing more."""
    for _ in range(3):
        hall.issue()
    page = at_counter(look())
    for key in ("Space", "2", "3", "Space", "Space"):
        page.keyboard.press(key)
        expect(page.locator("[data-part=call]")).not_to_have_class("call waiting")
    expect(page.locator("[data-part=number]")).to_have_text("A002")
    expect(page.locator("[data-part=now-word]")).to_have_text("Đang gọi")
    slow: list[Route] = []

    def hold_back(route: Route) -> None:
        slow.append(route)

    page.route("**/start", hold_back)
    page.keyboard.press("2")
    expect(page.locator("[data-part=call-word]")).to_have_text("Đang gửi…")
    page.keyboard.press("1")
    page.keyboard.press("3")
    until(lambda: (page.evaluate("1"), slow)[1])
    slow[0].continue_()
    expect(page.locator("[data-part=undo-word]")).to_have_text("Đã xong A002")
    assert hall.writer.look(lambda sight: sight.line.waiting_count("civil")).result(5) == 1


def test_sending_on_by_keyboard(hall: Hall, look: Open) -> None:
    """6 asks where to, a digit answers, Escape leaves it."""
    hall.issue()
    page = at_counter(look())
    page.keyboard.press("Space")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    page.keyboard.press("6")
    expect(page.get_by_role("dialog")).to_contain_text("Chuyển A001 đến đâu?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("6")
    page.keyboard.press("2")
    expect(page.locator("[data-part=undo-word]")).to_have_text("Đã đưa A001 về hàng chờ")
    assert hall.writer.look(lambda sight: sight.line.waiting_count("land")).result(5) == 1


def test_every_button_can_be_reached_and_seen(hall: Hall, look: Open) -> None:
    """By Tab alone, each with a visible focus, and out again at the end."""
    hall.issue()
    page = at_counter(look())
    page.keyboard.press("Space")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    reached, unseen = set(), []
    for _ in range(40):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "() => [document.activeElement.innerText, getComputedStyle(document.activeElement).outlineWidth]"
        )
        reached.add(name.split("\n")[0])
        if page.evaluate("document.activeElement !== document.body") and outline in ("0px", ""):
            unseen.append(name)
    assert {"Gọi lại", "Bắt đầu", "Vắng mặt", "Giữ lại", "Chuyển", "Trả về hàng", "Hủy số", "Đăng xuất"} <= reached
    assert unseen == []


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_a_press_survives_the_network(hall: Hall, look: Open, lost: str) -> None:
    """Whether the request or only its answer is lost: shown as under way, sent again, done once."""
    for _ in range(3):
        hall.issue()
    page = at_counter(look())
    page.evaluate(SAID)
    keys: list[str] = []

    def fail_twice(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 2:
            route.continue_()
            return
        if lost == "answer":
            route.fetch()
        route.abort()

    page.route("**/call-next", fail_twice)
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    until(lambda: page.evaluate("sessionStorage.length") == 0)
    expect(page.locator("[data-part=pending]")).to_be_hidden()
    assert "“Gọi tiếp” chưa được ghi" in page.evaluate("[...seen].join(' ')")
    assert len(keys) > 1
    assert len(set(keys)) == 1
    assert hall.writer.look(lambda sight: sight.line.waiting_count("civil")).result(5) == 2


def test_a_press_survives_a_reload(hall: Hall, look: Open) -> None:
    """The page was left while the answer was under way: asked about again under the same id."""
    hall.issue()
    hall.issue()
    page = at_counter(look())
    keys: list[str] = []

    left: list[bool] = []

    def lose_until_left(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if left:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/call-next", lose_until_left)
    page.keyboard.press("Space")
    until(lambda: page.evaluate("sessionStorage.length") == 1 and keys)
    left.append(True)
    page.reload()
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    until(lambda: page.evaluate("sessionStorage.length") == 0)
    assert len(set(keys)) == 1
    assert hall.writer.look(lambda sight: sight.line.waiting_count("civil")).result(5) == 1


def test_a_refusal_is_said_in_words(hall: Hall, look: Open) -> None:
    """Somebody else was quicker: the officer reads why."""
    page = at_counter(look())
    hall.issue()
    page.route("**/events*", lambda route: route.abort())
    staff = hall.reading.find_staff("officer")
    assert staff is not None
    expect(page.locator("[data-part=number]")).to_have_text("1")
    hall.do(lambda work: call_next(work, "c1", staff.id))
    hall.do(lambda work: move_ticket(work, "c1", staff.id, Verb.CANCEL))
    page.keyboard.press("Space")
    expect(page.locator("[data-part=trouble]")).to_contain_text("Không có ai đang chờ.")
    page.click("[data-part=trouble-close]")
    expect(page.locator("[data-part=trouble]")).to_be_hidden()


def test_who_is_signed_out_meanwhile_is_led_to_sign_in(hall: Hall, look: Open) -> None:
    """The stream ends with the session, and the page notices without a press."""
    sight = look()
    page = at_counter(sight)
    staff = hall.reading.find_staff("officer")
    assert staff is not None
    hall.clock.pass_by(3600)
    expect(page).to_have_url(sight.base + "/sign-in", timeout=30_000)


def test_a_call_for_staff_is_seen_and_answered(hall: Hall, look: Open) -> None:
    """Before a counter is chosen, while somebody is served, by keyboard; gone for everybody once one of them goes."""
    hall.issue()
    sight, other = look(), look()
    page, second = sight.sign_in("officer"), other.sign_in("officer")
    hall.do(lambda work: call_staff(work, "kiosk-01", "home"))
    expect(page.get_by_role("alert")).to_contain_text("Có người cần giúp ở kiosk-01")
    expect(page.get_by_role("alert")).to_contain_text("từ 09:41")
    page.click(".counters button:has-text('Quầy 1')")
    expect(page.locator("[data-part=number]")).to_have_text("1")
    page.keyboard.press("Space")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    expect(second.locator("[data-part=help]")).to_be_visible()
    reach(page, "Tôi đến ngay")
    page.keyboard.press("Space")
    for one in (page, second):
        expect(one.locator("[data-part=help]")).to_be_hidden()
    expect(page.locator("[data-part=trouble]")).to_be_hidden()
    assert hall.writer.look(lambda sight: sight.line.staff_calls).result(5) == {}


def reach(page: Page, name: str) -> None:
    """By Tab, until a button of this name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            return
    raise AssertionError(f"{name} cannot be reached")


def test_who_comes_second_to_a_call_for_staff_is_told(hall: Hall, look: Open) -> None:
    """Not that something was not found."""
    hall.do(lambda work: call_staff(work, "kiosk-01", "home"))
    sight = look()
    sight.page.route("**/events*", lambda route: route.abort())
    page = at_counter(sight)
    hall.do(lambda work: answer_staff_call(work, Asker("staff", "an"), "kiosk-01"))
    page.click("text=Tôi đến ngay")
    expect(page.locator("[data-part=trouble]")).to_contain_text("Đã có người đến đó.")
    expect(page.locator("[data-part=help]")).to_be_hidden()


def test_a_slip_that_was_not_printed_is_printed_again(hall: Hall, look: Open) -> None:
    """The officer reads why, has it printed again, and reads that it was; no second press is offered meanwhile."""
    kiosk = Asker("device", "kiosk-01")
    hall.do(lambda work: add_device(work, Device("kiosk-01", "kiosk", (), None, None, "ab", Instant(0))))
    mine, next_one = hall.issue(slip=SlipState.UNKNOWN), hall.issue(slip=SlipState.FAILED)
    hall.do(lambda work: report_slip_failed(work, kiosk, mine, copy=False, reason="paper-out"))
    page = at_counter(look())
    page.keyboard.press("Space")
    slip, waiting = page.locator("[data-part=fact-slip]"), page.locator("[data-part=waiting] li")
    expect(slip).to_contain_text("Chưa in được: hết giấy")
    expect(waiting).to_contain_text("chưa in được phiếu")
    slip.get_by_role("button", name="In lại phiếu").click()
    expect(slip).to_have_text("Đã yêu cầu in lại")
    expect(page.locator("[data-part=history]")).to_contain_text("Yêu cầu in lại phiếu (Officer)")
    waiting.get_by_role("button", name="In lại phiếu").click()
    expect(waiting).to_contain_text("đã yêu cầu in lại phiếu")
    assert [one.ticket for one in hall.reading.open_orders()] == [mine, next_one]
    hall.do(lambda work: report_slip_printed(work, kiosk, mine, copy=True))
    expect(slip).to_have_text("Đã in lại")
    expect(page.locator("[data-part=history] li").last).to_contain_text("Đã in lại phiếu (bản sao)")


def test_a_slip_of_which_nothing_is_heard_is_said_to_be_unknown(hall: Hall, look: Open) -> None:
    """Not while the kiosk may still be printing it; a printed one and one of the desk are left alone."""
    hall.issue(slip=SlipState.UNKNOWN)
    hall.issue(slip=SlipState.PRINTED)
    page = at_counter(look())
    page.keyboard.press("Space")
    slip = page.locator("[data-part=fact-slip]")
    expect(slip).to_have_text("Đang in")
    hall.clock.pass_by(61)
    expect(slip).to_contain_text("Chưa rõ đã in chưa")
    expect(slip.get_by_role("button")).to_be_visible()
    expect(page.locator("[data-part=waiting] li button")).to_have_count(0)


# ---------------------------------------------------------------- the board


def call(hall: Hall, counter: str, who: str) -> None:
    """A number is called to a counter."""
    hall.do(lambda work: change_desk(work, counter, who, "open"))
    hall.do(lambda work: call_next(work, counter, who))


def test_the_board_shows_a_call_at_once(hall: Hall, look: Open) -> None:
    """Empty, then large; after a reload the same; twenty seconds later calm."""
    page = look(width=1920, height=1080).open("/board/hall")
    expect(page.locator("[data-part=none]")).to_be_visible()
    hall.issue()
    call(hall, "c1", "somebody")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    expect(page.locator("[data-part=label]")).to_have_text("Quầy 1")
    expect(page.locator("[data-part=spot]")).to_have_class("spot fresh arriving")
    expect(page.locator("[data-part=spoken]")).to_have_text("Mời số A001 đến Quầy 1")
    page.reload()
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    hall.clock.pass_by(21)
    expect(page.locator("[data-part=lead]")).to_have_text("Số gọi gần nhất")


def test_the_board_says_when_the_hub_is_lost_and_recovers(
    hall: Hall, chrome: Chromium, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Fifteen seconds of silence: the calls stay, with their time. A hub started anew is followed without a hand."""
    hall.issue()
    call(hall, "c1", "somebody")
    server = hall.serve()
    sight = Sight(chrome, f"http://127.0.0.1:{server.port}", width=1920, height=1080)
    sight.page.clock.install()
    page = sight.open("/board/hall")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    until(lambda: hall.live.events.listeners == 1)
    server.stop()
    page.clock.run_for(16_000)
    expect(page.locator("[data-part=stamp]")).to_contain_text("cập nhật lúc 09:41")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    expect(page.locator("[data-part=notice]")).to_contain_text("nghe cán bộ gọi số")
    assert sight.faults() == []
    again = Hall(tmp_path_factory.mktemp("again"))
    again.furnish()
    for _ in range(2):
        again.issue("land")
    call(again, "c3", "somebody")
    second = Server(again.app(), again.live.events, listen="127.0.0.1", port=server.port)
    second.start()
    until(lambda: (page.clock.run_for(1000), again.live.events.listeners == 1)[1], limit_s=20)
    expect(page.locator("[data-part=number]")).to_have_text("C001")
    page.clock.run_for(1000)
    expect(page.locator("[data-part=stamp]")).to_be_hidden()
    sight.close()
    second.stop()
    again.close()


# ---------------------------------------------------------------- follow my ticket


def test_following_a_ticket(hall: Hall, look: Open) -> None:
    """People ahead, then the counter as soon as it is called, then thanks."""
    first, mine = hall.issue(), hall.issue()
    page = look(width=360, height=640).open(f"/t/{hall.track_key(mine)}")
    expect(page.locator("[data-part=standing-word]")).to_have_text("Còn 1 người trước")
    call(hall, "c1", "somebody")
    expect(page.locator("[data-part=standing-word]")).to_have_text("Ông/Bà là người kế tiếp")
    call(hall, "c2", "another")
    expect(page.locator("[data-part=place]")).to_have_text("Quầy 2")
    hall.do(lambda work: move_ticket(work, "c2", "another", Verb.START))
    expect(page.locator("[data-part=standing-word]")).to_have_text("Đang được phục vụ tại Quầy 2")
    hall.do(lambda work: move_ticket(work, "c2", "another", Verb.FINISH))
    expect(page.locator("[data-part=standing-word]")).to_have_text("Đã xong. Xin cảm ơn Ông/Bà.")
    expect(page.locator("[data-part=cancel]")).to_be_hidden()
    assert first != mine


def test_giving_a_number_back_is_asked_twice(hall: Hall, look: Open) -> None:
    """The first press asks, the second answers; keeping it changes nothing."""
    mine = hall.issue()
    page = look(width=360, height=640).open(f"/t/{hall.track_key(mine)}")
    page.click("[data-part=cancel]")
    page.click("[data-part=keep]")
    page.click("[data-part=cancel]")
    expect(page.get_by_role("dialog")).to_contain_text("Trả lại số A001?")
    assert hall.writer.look(lambda sight: sight.line.waiting_count("civil")).result(5) == 1
    page.click("[data-part=give-back]")
    expect(page.locator("[data-part=standing-word]")).to_have_text("Số này đã được trả lại")
    assert hall.writer.look(lambda sight: sight.line.waiting_count("civil")).result(5) == 0


# ---------------------------------------------------------------- hostile words


CORPUS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "'; window.pwned=1; //",
    "javascript:window.pwned=1",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "</body></html><script>window.pwned=1</script>",
    "&lt;b&gt;&amp;&#x3c;",
    "\\u003cscript\\u003e",
    "a\u202eb\u2066c",
)


def hostile(words: str) -> SetUp:
    """A set-up whose every text is `words`."""
    document = json.loads(set_up().model_dump_json())

    def replaced(value: object) -> object:
        if isinstance(value, dict):
            if value and set(value) <= {"vi", "en"}:
                return {language: f"{words} {text}" for language, text in value.items()}
            return {key: replaced(one) for key, one in value.items()}
        return [replaced(one) for one in value] if isinstance(value, list) else value

    document = replaced(document)
    assert isinstance(document, dict)
    return SetUp.model_validate({**document, "notice": {"vi": words, "en": words}})


@pytest.mark.parametrize("words", CORPUS, ids=range(len(CORPUS)))
def test_hostile_words_are_only_words(bare: Hall, chrome: Chromium, words: str) -> None:
    """In names of centre, services, counters, classes, boards, people and in the notice: shown, never run."""
    bare.furnish(hostile(words))
    bare.add_staff("officer", StaffRole.OFFICER, f"{words} Hạnh")
    bare.add_staff("leader", StaffRole.LEADER, f"{words} Lan")
    bare.add_staff("desk", StaffRole.DESK, f"{words} Mai")
    bare.publish()
    ticket = bare.issue(class_="elderly", slip=SlipState.FAILED)
    bare.issue(class_="elderly", slip=SlipState.FAILED)
    base = f"http://127.0.0.1:{bare.serve().port}"
    sight = Sight(chrome, base)
    page = sight.sign_in("leader")
    expect(page.locator("h1")).to_contain_text(words)
    page = sight.sign_in("officer")
    page.click(".counters li:first-child button")
    expect(page.locator("[data-part=plate]")).to_contain_text(words)
    page.keyboard.press("Space")
    expect(page.locator("[data-part=number]")).to_have_text("A001")
    expect(page.locator("[data-part=waiting] li").first).to_contain_text(words)
    expect(page.locator("[data-part=history] li").nth(1)).to_contain_text(words)
    page.keyboard.press("6")
    expect(page.get_by_role("dialog")).to_contain_text(words)
    page = sight.sign_in("desk")
    expect(page.locator("[data-part=services]")).to_contain_text(words)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=given-word]")).to_contain_text(words)
    expect(page.locator("[data-part=found-history]")).to_contain_text(words)
    expect(page.locator("[data-part=longest] li").first).to_contain_text(words)
    page = sight.open("/board/hall")
    expect(page.locator("[data-part=label]")).to_contain_text(words)
    expect(page.locator("[data-part=notice]")).to_have_text(words)
    page = sight.open(f"/t/{bare.track_key(ticket)}")
    expect(page.locator("[data-part=place]")).to_contain_text(words)
    page = sight.open("/sign-in")
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("window.violations") == []
    assert sight.complaints == []
    sight.close()


# ---------------------------------------------------------------- for the eye and the hand


SIZES = {"screen": (1366, 768), "zoom-200": (683, 384), "zoom-400": (342, 192)}


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
@pytest.mark.parametrize("contrast", ["no-preference", "more"])
@pytest.mark.parametrize("size", SIZES)
def test_staff_pages_can_be_read(hall: Hall, look: Open, language: str, contrast: str, size: str) -> None:
    """Contrast 7:1, no text under 14 px, nothing clipped or sideways up to 400 %, every field and button named."""
    width, height = SIZES[size]
    hall.issue(class_="elderly", slip=SlipState.FAILED)
    hall.issue("copies")
    sight = look(width=width, height=height, locale=language, contrast=contrast)
    page = sight.open("/sign-in")
    page.fill("#name", "officer")
    page.click("[data-part=send]")
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    assert sight.faults() == []
    for kiosk in ("kiosk-01", "kiosk-02", "w" * 32):
        hall.do(lambda work, kiosk=kiosk: call_staff(work, kiosk, "home"))
    page = sight.sign_in("officer")
    expect(page.locator("[data-part=help] li")).to_have_count(3)
    expect(page.locator(".counters button")).to_have_count(3)
    assert sight.faults() == []
    page.locator(".counters button").first.click()
    expect(page.locator("[data-part=number]")).to_have_text("2")
    page.mouse.move(0, 0)
    assert sight.faults() == []
    for key, state in (("Space", "called"), ("2", "serving"), ("5", "idle"), ("p", "paused")):
        page.keyboard.press(key)
        if state == "paused":
            expect(page.get_by_role("dialog")).to_be_visible()
            assert sight.faults() == []
            page.keyboard.press("1")
        expect(page.locator(f"[data-part=now].{state}")).to_be_visible()
        assert sight.faults() == [], state


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
@pytest.mark.parametrize("size", SIZES)
def test_the_desks_page_can_be_read(hall: Hall, look: Open, language: str, size: str) -> None:
    """Empty, with a number given and looked up, with alarms, with the question."""
    width, height = SIZES[size]
    sight = look(width=width, height=height, locale=language, contrast="more" if size == "screen" else "no-preference")
    page = sight.sign_in("desk")
    expect(page.locator("[data-part=services] li")).to_have_count(3)
    assert sight.faults() == []
    for service in ("land", "civil", "copies"):
        hall.issue(service, class_="elderly")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=found-number]")).to_have_text("C002")
    expect(page.locator("[data-part=longest] li")).to_have_count(4)
    expect(page.locator("[data-part=alarms] li")).to_have_count(3)
    assert sight.faults() == []
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert sight.faults() == []


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_the_other_staff_pages_can_be_read(hall: Hall, look: Open, path: str) -> None:
    """The overview and the page of trouble."""
    sight = look(width=683, height=384)
    sight.sign_in("leader")
    sight.open(path)
    assert sight.faults() == []


@pytest.mark.parametrize("contrast", ["no-preference", "more"])
def test_the_board_can_be_read(hall: Hall, look: Open, contrast: str) -> None:
    """Empty, with calls, full HD, 4K and portrait."""
    for width, height in ((1920, 1080), (3840, 2160), (1080, 1920)):
        sight = look(width=width, height=height, contrast=contrast)
        page = sight.open("/board/hall")
        assert sight.faults(size=24) == []
        if (width, height) == (1920, 1080):
            for counter in ("c1", "c2"):
                hall.issue()
                call(hall, counter, counter)
        expect(page.locator("[data-part=calls] li")).to_have_count(1)
        assert sight.faults(size=24) == []


@pytest.mark.parametrize("contrast", ["no-preference", "more"])
@pytest.mark.parametrize("width", [360, 320])
def test_the_phones_page_can_be_read(hall: Hall, look: Open, contrast: str, width: int) -> None:
    """On small phones, waiting, called and asked whether to give back; 16 px at least where it matters."""
    hall.issue()
    mine = hall.issue()
    sight = look(width=width, height=640, contrast=contrast)
    page = sight.open(f"/t/{hall.track_key(mine)}")
    assert sight.faults(size=15) == []
    page.click("[data-part=cancel]")
    assert sight.faults(size=15) == []
    page.click("[data-part=keep]")
    call(hall, "c1", "somebody")
    call(hall, "c2", "another")
    expect(page.locator("[data-part=go]")).to_be_visible()
    assert sight.faults(size=15) == []


def test_nothing_moves_for_who_wants_it_so(hall: Hall, look: Open) -> None:
    """With reduced motion every duration is nothing."""
    page = look(reduced_motion="reduce").open("/board/hall")
    durations = "getComputedStyle(document.documentElement).getPropertyValue('--motion-enter')"
    assert page.evaluate(durations).strip() == "0ms"


def test_pages_ask_nobody_else(hall: Hall, chrome: Chromium) -> None:
    """Every request of every page goes to the hub."""
    server = hall.serve()
    sight = Sight(chrome, f"http://127.0.0.1:{server.port}")
    asked: list[str] = []
    sight.page.on("request", lambda request: asked.append(request.url))
    for path in ("/sign-in", "/board/hall", f"/t/{hall.track_key(hall.issue())}", "/nowhere"):
        sight.open(path)
    assert asked
    assert all(url.startswith(sight.base) for url in asked)
    sight.close()
