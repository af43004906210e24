"""The slip on 80 mm paper: a ticket in, a 1-bit picture out. Pure drawing."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import segno
from PIL import Image, ImageDraw

from appliance.fonts import Weight
from appliance.sheet import BLACK, INNER, MARGIN, WHITE, WIDTH, Sheet, fitting, font, shortened, text_width, wrapped
from appliance.words import Words, counters_line, wait_line, words_in

NUMBER_SIZE: Final = 208
NUMBER_HEIGHT: Final = 80
"""10 mm: the least height of the number's letters, however long it is."""
QR_SIZE: Final = 264
QR_DOTS: Final = range(4, 9)
"""Dots of a module: 8 if they fit, never under 4 (half a millimetre)."""
QR_GAP: Final = 28
MOST_LINES: Final = 5
LEAST_TEXT: Final = 26


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


def draw_slip(slip: Slip) -> Image.Image:
    """The slip as printed: 576 dots wide, as high as it needs to be."""
    words, sheet = words_in(slip.language), Sheet()
    sheet.y = 12
    if slip.copy:
        _draw_copy(sheet, words)
    _draw_centre(sheet, words, slip.centre)
    sheet.y += 18
    sheet.rule()
    sheet.y += 16
    sheet.text(words.your_number, 700, 32, 42)
    _draw_number(sheet, slip.number)
    _draw_service(sheet, slip.service)
    sheet.y += 18
    _draw_queue(sheet, words, slip)
    sheet.y += 24
    if slip.track_url is None:
        _draw_time(sheet, words, slip.issued_at)
    else:
        _draw_tracking(sheet, words, slip.issued_at, slip.track_url)
    sheet.y += 24
    sheet.rule()
    sheet.y += 16
    sheet.text(words.footer, 500, LEAST_TEXT, 34)
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
    sheet.bar(MARGIN, sheet.y, INNER, 56)
    sheet.text(words.copy, 700, 36, 56, ink=WHITE)
    sheet.y += 16


def _draw_centre(sheet: Sheet, words: Words, name: str) -> None:
    """`Trung tâm Phục vụ hành chính công phường Hoa Sen`: the kind small, what is special below it and bold."""
    rest = name.removeprefix(words.centre_kind).strip(" ,–-")
    if words.centre_kind and rest and rest != name.strip():
        sheet.text(words.centre_kind, 500, fitting(words.centre_kind, 500, 26, INNER, 20), 34)
        name = rest[0].upper() + rest[1:]
    _draw_lines(sheet, name, (32, 28, LEAST_TEXT), most=2)


def _draw_number(sheet: Sheet, number: str) -> None:
    """As large as the paper is wide, the letters at least 10 mm high: a very long number is drawn narrower."""
    size = fitting(number, 700, NUMBER_SIZE, INNER, 1)
    while _capital_height(size) < NUMBER_HEIGHT:
        size += 1
    left, top, right, bottom = font(700, size).getbbox(number, anchor="ls")
    ink = Image.new("L", (round(right - left), round(bottom - top)), WHITE)
    ImageDraw.Draw(ink).text((-left, -top), number, BLACK, font(700, size), anchor="ls")
    if ink.width > INNER:
        ink = ink.resize((INNER, ink.height), Image.Resampling.LANCZOS)
    sheet.y += max(20, size // 8)
    sheet.picture(ink, (WIDTH - ink.width) // 2, sheet.y)
    sheet.y += ink.height + max(24, size // 6)


def _capital_height(size: int) -> int:
    return -round(font(700, size).getbbox("H", anchor="ls")[1])


def _draw_service(sheet: Sheet, name: str) -> None:
    _draw_lines(sheet, name, (40, 34, 30), most=3)


def _draw_lines(sheet: Sheet, text: str, sizes: tuple[int, ...], *, most: int) -> None:
    """Bold, in the largest of `sizes` at which it takes no more than `most` lines, else in the smallest."""
    lines: list[str] = []
    for size in sizes:
        width = partial(text_width, weight=700, size=size)
        lines = wrapped(text, INNER, width)
        if len(lines) <= most:
            break
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], shortened(f"{lines[MOST_LINES - 1]} ", INNER, width)]
    for line in lines:
        sheet.text(line, 700, size, round(size * 1.3))


def _draw_queue(sheet: Sheet, words: Words, slip: Slip) -> None:
    """Where, how many before, how long: what people look for while they wait."""
    top, band, height = sheet.y, 84, 212
    sheet.frame(height, band)
    where = counters_line(words, slip.counters)
    if text_width(where, 700, LEAST_TEXT) > INNER - 24:
        where = words.wait_for_call
    size = fitting(where, 700, 48, INNER - 24, LEAST_TEXT)
    sheet.y = top + 2
    sheet.text(where, 700, size, 80, ink=WHITE)
    facts = [(words.ahead_label, words.ahead(slip.people_ahead))]
    if slip.wait_s is not None:
        facts.append((words.wait_label, wait_line(words, *slip.wait_s)))
        sheet.bar(WIDTH // 2 - 2, top + band, 4, height - band)
    cell = INNER // len(facts)
    for place, (label, value) in enumerate(facts):
        middle = MARGIN + cell * place + cell // 2
        sheet.y = top + band + 17
        sheet.text(label, 500, fitting(label, 500, 28, cell - 24, 20), 38, x=middle)
        sheet.text(value, 700, fitting(value, 700, 40, cell - 24, LEAST_TEXT), 52, x=middle)
    sheet.y = top + height


def _draw_time(sheet: Sheet, words: Words, at: datetime) -> None:
    sheet.text(f"{at:%H:%M}", 700, 44, 52)
    sheet.text(words.date(at), 500, LEAST_TEXT, 36)


def _draw_tracking(sheet: Sheet, words: Words, at: datetime, url: str) -> None:
    """The code on the left, time and what the code is for on the right."""
    code, top = qr_code(url), sheet.y
    sheet.picture(code, MARGIN, top)
    x = MARGIN + code.width + QR_GAP
    sheet.y = top + (code.height - 188) // 2
    _draw_beside(sheet, f"{at:%H:%M}", 700, 44, 52, x)
    _draw_beside(sheet, words.date(at), 500, LEAST_TEXT, 36, x)
    sheet.y += 20
    for line in words.scan:
        _draw_beside(sheet, line, 700, 30, 40, x)
    sheet.y = top + max(code.height, 188)


def _draw_beside(sheet: Sheet, text: str, weight: Weight, size: int, line: int, x: int) -> None:
    sheet.text(text, weight, fitting(text, weight, size, WIDTH - MARGIN - x, 20), line, x=x, align="l")
