"""The words on a slip."""

from datetime import datetime

import pytest

from appliance.words import WORDS, counters_line, wait_line, words_in

VI, EN = WORDS["vi"], WORDS["en"]


@pytest.mark.parametrize(
    ("counters", "vi", "en"),
    [
        (["counter-3"], "Quầy 3", "Counter 3"),
        (["counter-4", "counter-3"], "Quầy 3 hoặc 4", "Counter 3 or 4"),
        (["counter-10", "counter-2", "counter-9"], "Quầy 2, 9 hoặc 10", "Counter 2, 9 or 10"),
        (["c1", "c2", "c3", "c4"], "Quầy 1–4", "Counters 1–4"),
        (["c1", "c2", "c3", "c5"], "Quầy 1, 2, 3 hoặc 5", "Counter 1, 2, 3 or 5"),
        (["reception"], "Mời chờ gọi số", "Wait to be called"),
        (["counter-1", "reception"], "Mời chờ gọi số", "Wait to be called"),
        ([], "Mời chờ gọi số", "Wait to be called"),
    ],
)
def test_where_to_go(counters: list[str], vi: str, en: str) -> None:
    """By number, in order; ids without a number are not shown to people."""
    assert counters_line(VI, tuple(counters)) == vi
    assert counters_line(EN, tuple(counters)) == en


@pytest.mark.parametrize(
    ("low_s", "high_s", "vi", "en"),
    [
        (600, 900, "10–15 phút", "10–15 min"),
        (659, 841, "10–15 phút", "10–15 min"),
        (0, 299, "dưới 5 phút", "under 5 min"),
        (0, 0, "dưới 1 phút", "under 1 min"),
        (300, 300, "5 phút", "5 min"),
        (3600, 5400, "60–90 phút", "60–90 min"),
        (4000, 7300, "1–3 giờ", "1–3 hours"),
        (7200, 7200, "2 giờ", "2 hours"),
    ],
)
def test_how_long(low_s: int, high_s: int, vi: str, en: str) -> None:
    """Rounded outwards: the band stays true."""
    assert wait_line(VI, low_s, high_s) == vi
    assert wait_line(EN, low_s, high_s) == en


def test_how_many() -> None:
    """Nobody, one, several."""
    assert [VI.ahead(people) for people in (0, 1, 12)] == ["không có ai", "1 người", "12 người"]
    assert [EN.ahead(people) for people in (0, 1, 12)] == ["nobody", "1 person", "12 people"]


def test_what_day() -> None:
    """As it is written in each language, whatever the machine is set to."""
    monday, sunday = datetime(2026, 11, 23, 8, 42), datetime(2026, 11, 29, 8, 42)  # noqa: DTZ001 - only the date counts
    assert (VI.date(monday), EN.date(monday)) == ("Thứ Hai, 23/11/2026", "Mon, 23 Nov 2026")
    assert (VI.date(sunday), EN.date(sunday)) == ("Chủ Nhật, 29/11/2026", "Sun, 29 Nov 2026")


def test_a_language_we_do_not_have_is_english() -> None:
    """A visitor who chose Korean reads that rather than Vietnamese."""
    assert words_in("ko") is EN
