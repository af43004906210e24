"""What the officer reads of the halls, below the number, in every state; and for those who see badly."""

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from hub.actions.device.showing import HallWord, Seen
from tests.hub.web.browsing import Sight
from tests.hub.web.hall import Hall

WORDS = {
    Seen.SENT: "Đang gửi đến Sảnh A",
    Seen.SPEAKING: "Sảnh A: đã hiện, đang đọc",
    Seen.SPOKEN: "Sảnh A: đã hiện và đọc",
    Seen.SILENT: "Sảnh A: đã hiện",
    Seen.MISSING: "Sảnh A chưa hiện: xin gọi to",
}


def test_each_word_of_a_hall_reaches_the_officer_at_once(hall: Hall, chrome: Chromium) -> None:
    """Without asking: the page is told; and the word goes with the number."""
    hall.publish()
    base = f"http://127.0.0.1:{hall.serve().port}"
    ticket = hall.issue()
    sight = Sight(chrome, base)
    page = sight.sign_in("officer")
    page.click(".counters button:has-text('Quầy 1')")
    said = page.locator("[data-part=halls] p")
    expect(said).to_have_count(0)
    page.keyboard.press("F9")
    expect(page.locator("[data-part=now].called")).to_be_visible()
    for seen, words in WORDS.items():
        hall.said = {"c1": [HallWord(ticket, "hall", seen)]}
        hall.live.on_shown()
        expect(said).to_have_text(words)
        assert sight.faults() == []
    hall.said = {"c1": [HallWord("another", "hall", Seen.MISSING)]}
    hall.live.on_shown()
    expect(said).to_have_count(0)
    sight.close()
