"""The words on a slip, by language. Numbers and dates take their form here too."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

LONG_WAIT_MIN: Final = 90
"""From here on a wait is told in hours: nobody divides by sixty in a queue."""
MANY_COUNTERS: Final = 4
"""So many counters in a row are told as a range."""


@dataclass(frozen=True)
class Words:
    """One language."""

    your_number: str
    copy: str
    centre_kind: str
    """How the names of centres begin; on the slip it stands small above the rest. Empty: names have no such form."""
    counter: str
    counters: str
    """Before a range of several."""
    either: str
    wait_for_call: str
    ahead_label: str
    ahead: Callable[[int], str]
    wait_label: str
    minutes: str
    hours: str
    under: str
    date: Callable[[datetime], str]
    short_date: Callable[[datetime], str]
    """Without the year."""
    scan: tuple[str, str]
    footer: str


def words_in(language: str) -> Words:
    """The words of `language`; English for one that we do not have."""
    return WORDS.get(language, WORDS["en"])


def counters_line(words: Words, counters: tuple[str, ...]) -> str:
    """Where the visitor will be called to: `Quầy 3 hoặc 4`. Ids without a number tell a visitor nothing."""
    found = [re.search(r"\d+$", counter) for counter in counters]
    numbers = sorted({int(match[0]) for match in found if match})
    if not numbers or None in found:
        return words.wait_for_call
    if len(numbers) == 1:
        return f"{words.counter} {numbers[0]}"
    if len(numbers) >= MANY_COUNTERS and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{words.counters} {numbers[0]}–{numbers[-1]}"
    return f"{words.counter} {', '.join(map(str, numbers[:-1]))} {words.either} {numbers[-1]}"


def wait_line(words: Words, low_s: int, high_s: int) -> str:
    """An honest band, rounded outwards: `10–15 phút`."""
    low, high, unit = low_s // 60, max(1, ceil(high_s / 60)), words.minutes
    if high > LONG_WAIT_MIN:
        low, high, unit = low_s // 3600, ceil(high_s / 3600), words.hours
    if low == 0:
        return f"{words.under} {high} {unit}"
    return f"{low} {unit}" if low == high else f"{low}–{high} {unit}"


def _vietnamese_date(day: datetime) -> str:
    return f"{_vietnamese_short_date(day)}/{day:%Y}"


def _vietnamese_short_date(day: datetime) -> str:
    names = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
    return f"{names[day.weekday()]}, {day:%d/%m}"


def _english_date(day: datetime) -> str:
    return f"{_english_short_date(day)} {day.year}"


def _english_short_date(day: datetime) -> str:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[day.weekday()]}, {day.day} {months[day.month - 1]}"


WORDS: Final = {
    "vi": Words(
        your_number="SỐ THỨ TỰ",
        copy="BẢN SAO",
        centre_kind="Trung tâm Phục vụ hành chính công",
        counter="Quầy",
        counters="Quầy",
        either="hoặc",
        wait_for_call="Mời chờ gọi số",
        ahead_label="Trước Ông/Bà",
        ahead=lambda people: f"{people} người" if people else "không có ai",
        wait_label="Chờ khoảng",
        minutes="phút",
        hours="giờ",
        under="dưới",
        date=_vietnamese_date,
        short_date=_vietnamese_short_date,
        scan=("Quét để theo dõi", "trên điện thoại"),
        footer="Số chỉ có giá trị trong ngày.",
    ),
    "en": Words(
        your_number="YOUR NUMBER",
        copy="COPY",
        centre_kind="",
        counter="Counter",
        counters="Counters",
        either="or",
        wait_for_call="Wait to be called",
        ahead_label="Ahead of you",
        ahead=lambda people: "nobody" if not people else "1 person" if people == 1 else f"{people} people",
        wait_label="Expected wait",
        minutes="min",
        hours="hours",
        under="under",
        date=_english_date,
        short_date=_english_short_date,
        scan=("Scan to follow", "on your phone"),
        footer="Valid today only.",
    ),
}
