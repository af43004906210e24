"""The slip on paper of 80 and of 58 mm: a ticket in, a 1-bit picture out. Pure drawing."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import segno
from PIL import Image, ImageDraw

from appliance.fonts import Weight
from appliance.slip.sheet import BLACK, WHITE, Sheet, fitting, font, text_width
from appliance.words import Words, counters_line, wait_line, words_in
from appliance.wrapping import shortened, wrapped

NUMBER_HEIGHT: Final = 80
"""10 mm: the least height of the number's letters, however long it is."""
QR_SIZE: Final = 264
QR_DOTS: Final = range(4, 9)
"""Dots of a module: 8 if they fit, never under 4 (half a millimetre)."""
QR_GAP: Final = 28
MOST_LINES: Final = 5
SMALLEST: Final = 20


@dataclass(frozen=True)
class Layout:
    """How one width of paper is filled, in dots, 8 to the millimetre. Sizes of text: the first that fits is taken."""

    width: int
    margin: int
    number: int
    title: int
    centre: tuple[int, ...]
    service: tuple[int, ...]
    where: int
    fact: int
    least: int
    """The smallest text that is not merely a label."""
    side_by_side: bool
    """Whether there is room for two things next to each other."""


LAYOUTS: Final = {
    576: Layout(
        width=576,
        margin=16,
        number=208,
        title=32,
        centre=(32, 28, 26),
        service=(40, 34, 30),
        where=48,
        fact=40,
        least=26,
        side_by_side=True,
    ),
    384: Layout(
        width=384,
        margin=8,
        number=208,
        title=28,
        centre=(30, 26, 24),
        service=(36, 31, 27),
        where=42,
        fact=34,
        least=24,
        side_by_side=False,
    ),
}
"""By the dots a printer has across: 80 mm and 58 mm paper."""


@dataclass(frozen=True)
class Slip:
    """All that stands on the paper, in the words of the ticket's language. `counters` are their ids."""

    language: str
    centre: str
    number: str
    service: str
    counters: tuple[str, ...]
    people_ahead: int
    wait_s: tuple[int, int] | None
    issued_at: datetime
    track_url: str | None
    copy: bool = False


def draw_slip(slip: Slip, width: int = 576) -> Image.Image:
    """The slip as printed: as wide as asked for, one of `LAYOUTS`, and as high as it needs to be."""
    layout, words = LAYOUTS[width], words_in(slip.language)
    sheet = Sheet(layout.width, layout.margin)
    sheet.y = 12
    if slip.copy:
        _draw_copy(sheet, words)
    _draw_centre(sheet, layout, words, slip.centre)
    sheet.y += 18
    sheet.rule()
    sheet.y += 16
    sheet.text(words.your_number, 700, layout.title, layout.title + 10)
    _draw_number(sheet, layout, slip.number)
    _draw_lines(sheet, slip.service, layout.service, most=3)
    sheet.y += 18
    _draw_queue(sheet, layout, words, slip)
    sheet.y += 24
    _draw_when(sheet, layout, words, slip)
    sheet.y += 24
    sheet.rule()
    sheet.y += 16
    sheet.text(words.footer, 500, fitting(words.footer, 500, layout.least, sheet.inner, SMALLEST), 34)
    sheet.y += 8
    return sheet.cut()


def qr_code(url: str) -> Image.Image:
    """`url` as a QR code without margin, its modules as large as there is room."""
    code = segno.make(url, error="m", boost_error=False, micro=False)
    modules = len(code.matrix)
    dots = min(max(QR_SIZE // modules, QR_DOTS.start), QR_DOTS.stop - 1)
    small = Image.new("L", (modules, modules))
    small.putdata([BLACK if dark else WHITE for row in code.matrix for dark in row])
    return small.resize((modules * dots, modules * dots), Image.Resampling.NEAREST)


def _draw_copy(sheet: Sheet, words: Words) -> None:
    sheet.bar(sheet.margin, sheet.y, sheet.inner, 56)
    sheet.text(words.copy, 700, 36, 56, ink=WHITE)
    sheet.y += 16


def _draw_centre(sheet: Sheet, layout: Layout, words: Words, name: str) -> None:
    """`Trung tâm Phục vụ hành chính công phường Hoa Sen`: the kind small, what is special below it and bold."""
    kind = words.centre_kind
    rest = name.removeprefix(kind).strip(" ,–-")
    if kind and rest and rest != name.strip():
        sheet.text(kind, 500, fitting(kind, 500, layout.least, sheet.inner, SMALLEST), 34)
        name = rest[0].upper() + rest[1:]
    _draw_lines(sheet, name, layout.centre, most=2)


def _draw_number(sheet: Sheet, layout: Layout, number: str) -> None:
    """As large as the paper is wide, the letters at least 10 mm high: a very long number is drawn narrower."""
    size = fitting(number, 700, layout.number, sheet.inner, 1)
    while _capital_height(size) < NUMBER_HEIGHT:
        size += 1
    left, top, right, bottom = font(700, size).getbbox(number, anchor="ls")
    ink = Image.new("L", (round(right - left), round(bottom - top)), WHITE)
    ImageDraw.Draw(ink).text((-left, -top), number, BLACK, font(700, size), anchor="ls")
    if ink.width > sheet.inner:
        ink = ink.resize((sheet.inner, ink.height), Image.Resampling.LANCZOS)
    sheet.y += max(20, size // 8)
    sheet.picture(ink, (sheet.width - ink.width) // 2, sheet.y)
    sheet.y += ink.height + max(24, size // 6)


def _capital_height(size: int) -> int:
    return -round(font(700, size).getbbox("H", anchor="ls")[1])


def _draw_lines(sheet: Sheet, text: str, sizes: tuple[int, ...], *, most: int) -> None:
    """Bold, in the largest of `sizes` at which it takes no more than `most` lines, else in the smallest."""
    lines: list[str] = []
    for size in sizes:
        width = partial(text_width, weight=700, size=size)
        lines = wrapped(text, sheet.inner, width)
        if len(lines) <= most:
            break
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], shortened(f"{lines[MOST_LINES - 1]} ", sheet.inner, width)]
    for line in lines:
        sheet.text(line, 700, size, round(size * 1.3))


def _draw_queue(sheet: Sheet, layout: Layout, words: Words, slip: Slip) -> None:
    """Where, how many before, how long: what people look for while they wait."""
    facts = [(words.ahead_label, words.ahead(slip.people_ahead))]
    if slip.wait_s is not None:
        facts.append((words.wait_label, wait_line(words, *slip.wait_s)))
    top, band = sheet.y, layout.where + 36
    height = band + (128 if layout.side_by_side else 12 + 56 * len(facts))
    sheet.frame(height, band)
    where, room = counters_line(words, slip.counters), sheet.inner - 24
    if text_width(where, 700, layout.least) > room:
        where = words.wait_for_call
    sheet.y = top + 2
    sheet.text(where, 700, fitting(where, 700, layout.where, room, layout.least), band - 4, ink=WHITE)
    sheet.y = top + band
    if layout.side_by_side:
        _draw_cells(sheet, layout, facts, height - band)
    else:
        _draw_rows(sheet, layout, facts)
    sheet.y = top + height


def _draw_cells(sheet: Sheet, layout: Layout, facts: list[tuple[str, str]], height: int) -> None:
    """Next to each other, the label above the value."""
    top, cell = sheet.y, sheet.inner // len(facts)
    if len(facts) > 1:
        sheet.bar(sheet.width // 2 - 2, top, 4, height)
    for place, (label, value) in enumerate(facts):
        middle = sheet.margin + cell * place + cell // 2
        sheet.y = top + 17
        sheet.text(label, 500, fitting(label, 500, 28, cell - 24, SMALLEST), 38, x=middle)
        sheet.text(value, 700, fitting(value, 700, layout.fact, cell - 24, layout.least), 52, x=middle)


def _draw_rows(sheet: Sheet, layout: Layout, facts: list[tuple[str, str]]) -> None:
    """Below each other, the label on the left and the value on the right."""
    left, right = sheet.margin + 16, sheet.width - sheet.margin - 16
    top = sheet.y + 6
    size = min(fitting(label, 500, 26, (right - left) // 2, SMALLEST) for label, _ in facts)
    for place, (label, value) in enumerate(facts):
        sheet.y = top + 56 * place
        room = right - left - round(text_width(label, 500, size)) - 12
        sheet.text(label, 500, size, 56, x=left, align="l")
        sheet.y -= 56
        sheet.text(value, 700, fitting(value, 700, layout.fact, room, SMALLEST), 56, x=right, align="r")


def _draw_when(sheet: Sheet, layout: Layout, words: Words, slip: Slip) -> None:
    """When, and the code to follow the ticket with."""
    if slip.track_url is None:
        _draw_time(sheet, layout, words, slip.issued_at)
    elif layout.side_by_side:
        _draw_tracking(sheet, layout, words, slip.issued_at, slip.track_url)
    else:
        _draw_time(sheet, layout, words, slip.issued_at)
        sheet.y += 16
        _draw_code(sheet, words, slip.track_url)


def _draw_time(sheet: Sheet, layout: Layout, words: Words, at: datetime) -> None:
    sheet.text(f"{at:%H:%M}", 700, 44, 52)
    sheet.text(words.date(at), 500, layout.least, 36)


def _draw_code(sheet: Sheet, words: Words, url: str) -> None:
    """The code in the middle, what it is for below it."""
    code = qr_code(url)
    sheet.picture(code, (sheet.width - code.width) // 2, sheet.y)
    sheet.y += code.height + 16
    for line in words.scan:
        sheet.text(line, 700, fitting(line, 700, 28, sheet.inner, SMALLEST), 38)


def _draw_tracking(sheet: Sheet, layout: Layout, words: Words, at: datetime, url: str) -> None:
    """The code on the left, time and what the code is for on the right."""
    code, top = qr_code(url), sheet.y
    sheet.picture(code, sheet.margin, top)
    x = sheet.margin + code.width + QR_GAP
    sheet.y = top + (code.height - 188) // 2
    _draw_beside(sheet, f"{at:%H:%M}", 700, 44, 52, x)
    _draw_beside(sheet, words.date(at), 500, layout.least, 36, x)
    sheet.y += 20
    for line in words.scan:
        _draw_beside(sheet, line, 700, 30, 40, x)
    sheet.y = top + max(code.height, 188)


def _draw_beside(sheet: Sheet, text: str, weight: Weight, size: int, line: int, x: int) -> None:
    room = sheet.width - sheet.margin - x
    sheet.text(text, weight, fitting(text, weight, size, room, SMALLEST), line, x=x, align="l")
