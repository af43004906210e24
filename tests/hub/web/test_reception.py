"""The information desk's page in a real browser: by keyboard alone, over a bad network, live."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, Route, expect

from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import change_desk
from hub.actions.device.register import add_device
from hub.actions.work import Device
from hub.contract.set_up import ReceptionSetUp, SetUp
from hub.contract.time import Instant
from tests.hub.web.browsing import Sight, served
from tests.hub.web.hall import Hall, set_up

Open = Callable[[], Page]


@pytest.fixture
def reception(hall: Hall, chrome: Chromium) -> Iterator[Open]:
    """Opens the desk's page; none of them may have complained at the end."""
    with served(hall) as (base, opened):

        def make() -> Page:
            opened.append(Sight(chrome, base))
            page = opened[-1].sign_in("desk")
            expect(page).to_have_url(base + "/reception")
            expect(page.locator("[data-part=services] li")).to_have_count(3)
            return page

        yield make


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def waiting(hall: Hall, service: str) -> int:
    return hall.writer.look(lambda sight: sight.line.waiting_count(service)).result(10)


def open_counter(hall: Hall, counter: str) -> None:
    hall.do(lambda work: change_desk(work, counter, counter, "open"))


# ---------------------------------------------------------------- by keyboard


def test_a_morning_at_the_desk_by_keyboard(hall: Hall, reception: Open) -> None:
    """A digit and Enter give a number, slash looks one up, X and a second answer cancel it: no mouse needed."""
    page = reception()
    page.keyboard.press("2")
    expect(part(page, "give-word")).to_have_text("Cấp số B")
    page.keyboard.press("Enter")
    expect(part(page, "given-number")).to_have_text("B001")
    expect(part(page, "given-hint")).to_have_text("còn 0 người trước · Quầy 1")
    expect(part(page, "found-number")).to_have_text("B001")
    expect(part(page, "found-facts")).to_contain_text("Không có phiếu")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(part(page, "given-number")).to_have_text("A001")
    expect(part(page, "given-hint")).to_have_text("còn 0 người trước · Quầy 1 hoặc Quầy 2")
    page.keyboard.press("/")
    page.keyboard.type("b1")
    page.keyboard.press("Enter")
    expect(part(page, "found-number")).to_have_text("B001")
    expect(part(page, "found-history")).to_contain_text("Lấy số cho Chứng thực")
    page.keyboard.press("Tab")
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_contain_text("Hủy B001?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(part(page, "found-state")).to_have_text("Đang chờ")
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(part(page, "found-state")).to_have_text("Đã hủy")
    expect(part(page, "done")).to_have_text("Đã hủy B001")
    expect(part(page, "cancel")).to_be_hidden()
    assert (waiting(hall, "civil"), waiting(hall, "copies")) == (1, 0)


def test_the_class_is_chosen_by_keyboard(hall: Hall, reception: Open) -> None:
    """Tab to the classes, an arrow, Enter; the next number is an ordinary one again."""
    page = reception()
    page.keyboard.press("1")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(part(page, "given-number")).to_have_text("A001")
    expect(part(page, "found-facts")).to_contain_text("Người cao tuổi")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(part(page, "given-number")).to_have_text("A002")
    expect(part(page, "found-facts")).to_contain_text("Thường")


def test_every_control_can_be_reached_and_seen(hall: Hall, reception: Open) -> None:
    """By Tab alone, each with a visible focus."""
    hall.issue()
    page = reception()
    page.keyboard.press("/")
    page.keyboard.type("A001")
    page.keyboard.press("Enter")
    expect(part(page, "found-number")).to_have_text("A001")
    reached, unseen = set(), []
    for _ in range(30):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(
            """() => {
              const one = document.activeElement;
              const place = one.matches("[type=radio]") ? one.closest("label") : one;
              return [place.innerText.split("\\n")[0].trim(), getComputedStyle(place).outlineStyle !== "none"];
            }"""
        )
        reached.add(name)
        if page.evaluate("document.activeElement !== document.body") and not seen:
            unseen.append(name)
    assert unseen == []
    for name in ("In lại phiếu", "Hủy số", "Đăng xuất", "Bỏ"):
        assert any(one.startswith(name) for one in reached), (name, reached)


# ---------------------------------------------------------------- looking up


def test_a_scanned_slip_is_found(hall: Hall, reception: Open) -> None:
    """The address on it, as a scanner types it."""
    mine = hall.issue("land")
    hall.issue("land")
    page = reception()
    page.keyboard.press("/")
    page.keyboard.type(f"https://an-binh.example.vn/t/{hall.track_key(mine)}")
    page.keyboard.press("Enter")
    expect(part(page, "found-number")).to_have_text("C001")


def test_what_there_is_not_is_said(hall: Hall, reception: Open) -> None:
    """A number nobody has, and rubbish: words, and nothing of the number before."""
    hall.issue()
    page = reception()
    for text, found in (("a1", True), ("Z99", False), ("<b>%/..", False)):
        page.keyboard.press("/")
        page.fill("[data-part=wanted]", text)
        page.keyboard.press("Enter")
        if found:
            expect(part(page, "found")).to_be_visible()
        else:
            expect(part(page, "unfound")).to_contain_text(f"Hôm nay không có số “{text}”")
            expect(part(page, "found")).to_be_hidden()


def test_what_is_shown_follows_the_line(hall: Hall, reception: Open) -> None:
    """Called while the desk looks at it: the state changes without a hand."""
    hall.issue()
    page = reception()
    page.keyboard.press("/")
    page.keyboard.type("A001")
    page.keyboard.press("Enter")
    expect(part(page, "found-state")).to_have_text("Đang chờ")
    open_counter(hall, "c2")
    hall.do(lambda work: call_next(work, "c2", "c2"))
    expect(part(page, "found-state")).to_have_text("Đang được gọi")
    expect(part(page, "found-facts")).to_contain_text("Quầy 2")


def test_a_slip_is_printed_again(hall: Hall, reception: Open) -> None:
    """At the kiosk that gave the number; why not is said in words."""
    hall.do(lambda work: add_device(work, Device("kiosk-01", "kiosk", (), None, None, "ab", Instant(0))))
    mine = hall.issue()
    page = reception()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(part(page, "found-number")).to_have_text("A002")
    page.keyboard.press("p")
    expect(part(page, "trouble")).to_contain_text("không in ở máy lấy số nào")
    page.keyboard.press("/")
    page.keyboard.type("A001")
    page.keyboard.press("Enter")
    expect(part(page, "found-number")).to_have_text("A001")
    page.keyboard.press("Tab")
    page.keyboard.press("p")
    expect(part(page, "done")).to_have_text("Đã yêu cầu in lại phiếu A001")
    expect(part(page, "trouble")).to_be_hidden()
    assert [one.ticket for one in hall.reading.open_orders()] == [mine]


def test_the_centres_kiosk_prints_what_the_desk_gives(hall: Hall, reception: Open) -> None:
    """Without a further press; the desk reads where."""
    hall.do(lambda work: add_device(work, Device("kiosk-01", "kiosk", (), None, None, "ab", Instant(0))))
    hall.furnish(set_up().model_copy(update={"reception": ReceptionSetUp(kiosk="kiosk-01")}))
    page = reception()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(part(page, "given-word")).to_have_text("Đã cấp số Hộ tịch. Phiếu in ở kiosk-01.")
    expect(part(page, "done")).to_have_text("Đã yêu cầu in lại phiếu A001")
    assert [one.device for one in hall.reading.open_orders()] == ["kiosk-01"]


# ---------------------------------------------------------------- the network


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_one_press_is_one_number_over_a_bad_network(hall: Hall, reception: Open, lost: str) -> None:
    """Whether the request or only its answer is lost: shown as under way, sent again under the same id, given once."""
    page = reception()
    keys: list[str] = []
    mended: list[bool] = []

    def fail_until_mended(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if mended:
            route.continue_()
            return
        if lost == "answer":
            route.fetch()
        route.abort()

    page.route("**/api/v1/tickets", fail_until_mended)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(part(page, "pending")).to_contain_text("“Cấp số A” chưa được ghi")
    mended.append(True)
    expect(part(page, "given-number")).to_have_text("A001")
    assert len(keys) > 1
    assert len(set(keys)) == 1
    assert waiting(hall, "civil") == 1


def test_a_press_survives_a_reload(hall: Hall, reception: Open) -> None:
    """The page was left while the answer was under way: the same number, not a second one."""
    page = reception()
    left: list[bool] = []
    keys: list[str] = []

    def lose_until_left(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if left:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/api/v1/tickets", lose_until_left)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(part(page, "pending")).to_be_visible()
    left.append(True)
    page.reload()
    expect(part(page, "given-number")).to_have_text("A001")
    assert len(set(keys)) == 1
    assert waiting(hall, "civil") == 1


# ---------------------------------------------------------------- who waits, and why


def test_who_waits_longest_and_why(hall: Hall, reception: Open) -> None:
    """No counter at work, others first, next: in words, and each opens its number."""
    for service in ("land", "civil", "copies"):
        hall.issue(service)
        hall.clock.pass_by(60)
    page = reception()
    longest = part(page, "longest")
    expect(longest.locator("li")).to_have_count(3)
    expect(longest.locator("li").first).to_contain_text("Quầy 3 chưa mở.")
    expect(longest.locator("li").first).to_contain_text("3 phút")
    open_counter(hall, "c1")
    expect(longest.locator("li").nth(1)).to_contain_text("Là số kế tiếp của Quầy 1.")
    expect(longest.locator("li").nth(2)).to_contain_text("Quầy 1 gọi trước 1 số: A001")
    longest.get_by_role("button", name="B001").click()
    expect(part(page, "found-number")).to_have_text("B001")


def with_target(minutes: int) -> SetUp:
    document = set_up()
    services = [one.model_copy(update={"target_min": minutes}) for one in document.services]
    return document.model_copy(update={"services": services})


def test_alarms_come_and_go_by_themselves(hall: Hall, reception: Open) -> None:
    """Nobody serves them; then somebody does, but too late; then they are called."""
    hall.furnish(with_target(20))
    page = reception()
    alarms = part(page, "alarms")
    expect(alarms).to_be_hidden()
    hall.issue("land")
    expect(alarms).to_contain_text("1 người chờ Đất đai, xây dựng, không quầy nào mở (từ 09:41)")
    open_counter(hall, "c3")
    expect(alarms).to_be_hidden()
    hall.clock.pass_by(20 * 60 + 1)
    expect(alarms).to_contain_text("C001 chờ Đất đai, xây dựng đã 20 phút, quá mức 20 phút")
    hall.do(lambda work: call_next(work, "c3", "c3"))
    expect(alarms).to_be_hidden()


@pytest.mark.parametrize("who", ["operator", "officer", "supervisor"])
def test_others_are_alarmed_too(hall: Hall, chrome: Chromium, who: str) -> None:
    """On the overview of those who have no counter, and on the officer's page."""
    hall.publish()
    sight = Sight(chrome, f"http://127.0.0.1:{hall.serve().port}")
    page = sight.sign_in(who)
    expect(part(page, "alarms")).to_be_hidden()
    hall.issue("land")
    expect(part(page, "alarms")).to_contain_text("không quầy nào mở")
    sight.close()
    assert sight.complaints == []
