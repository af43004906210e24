"""Slips are right in every case: nothing cut off, the number large, the code readable."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from appliance.slip.drawing import LAYOUTS, NUMBER_HEIGHT, Slip, draw_slip, qr_code
from appliance.slip.sheet import text_width
from appliance.wrapping import shortened, wrapped

URL = "https://hoasen.example.vn/t/k3Vt9QpLx2mA"
SLIP = Slip(
    language="vi",
    centre="Trung tâm Phục vụ hành chính công phường Hoa Sen",
    number="A012",
    service="Đăng ký khai sinh",
    counters=("counter-3", "counter-4"),
    people_ahead=3,
    wait_s=(600, 900),
    issued_at=datetime(2026, 11, 23, 8, 42, tzinfo=UTC),
    track_url=URL,
)
LONGEST = "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc có yếu tố nước ngoài " * 2
CASES = {
    "plain": SLIP,
    "english": replace(SLIP, language="en", centre="Hoa Sen ward public service centre", service="Land, construction"),
    "longest": replace(SLIP, number="AA12345", service=LONGEST, centre=LONGEST, people_ahead=10_000_000),
    "widest number": replace(SLIP, number="WM88888"),
    "a kiosk's own number": replace(SLIP, number="AA99-9999"),
    "one long word": replace(SLIP, service="X" * 200, centre="Y" * 200),
    "no code": replace(SLIP, track_url=None),
    "no wait": replace(SLIP, wait_s=None, people_ahead=0),
    "longest wait": replace(SLIP, wait_s=(3_000_000, 9_999_999)),
    "longest address": replace(SLIP, track_url="https://" + "a" * 192),
    "many counters": replace(SLIP, counters=tuple(f"counter-{number}" for number in range(1, 200, 2))),
    "no counters": replace(SLIP, counters=()),
    "no names": replace(SLIP, centre="", service=""),
    "copy": replace(SLIP, copy=True),
}


def ink_box(picture: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything black."""
    box = picture.convert("L").point(lambda level: 255 - level).getbbox()
    assert box is not None
    return box


def black_runs(picture: Image.Image) -> list[int]:
    """Heights of the runs of rows that are not all white."""
    rows = [picture.crop((0, y, picture.width, y + 1)).getextrema()[0] == 0 for y in range(picture.height)]
    runs, length = [], 0
    for inked in [*rows, False]:
        length = length + 1 if inked else 0
        if length:
            runs[-1:] = [length] if length > 1 else [*runs[-1:], length]
    return runs


WIDTHS = pytest.mark.parametrize("width", LAYOUTS)


@WIDTHS
@pytest.mark.parametrize("case", CASES)
def test_nothing_is_cut_off(case: str, width: int) -> None:
    """All ink is inside the margins (a letter may lean over by a dot or two), with white above and below."""
    picture, margin = draw_slip(CASES[case], width), LAYOUTS[width].margin
    assert (picture.mode, picture.width) == ("1", width)
    left, top, right, bottom = ink_box(picture)
    assert left >= margin - 3
    assert right <= width - margin + 3
    assert top >= 8
    assert bottom <= picture.height - 8
    assert 700 < picture.height < 1600


@WIDTHS
@pytest.mark.parametrize("number", ["A001", "A012", "B99999", "AA12345", "WM88888", "Q000", "A7-012", "WM99-9999"])
def test_the_number_is_ten_millimetres_high_at_least(number: str, width: int) -> None:
    """However long it is, and however narrow the paper."""
    plain = replace(SLIP, number=number, track_url=None)
    assert max(black_runs(draw_slip(plain, width).crop((0, 0, width, 420)))) >= NUMBER_HEIGHT


@pytest.mark.parametrize(("width", "height"), [(576, 140), (384, 100)])
def test_a_common_number_fills_the_paper(width: int, height: int) -> None:
    """It is read from a metre away."""
    assert max(black_runs(draw_slip(SLIP, width).crop((0, 0, width, 420)))) >= height


@WIDTHS
@pytest.mark.parametrize("url", [URL, "https://a.vn/t/1", "https://" + "a" * 192])
def test_the_code_on_the_slip_is_the_address(url: str, width: int) -> None:
    """Module by module what segno says, each at least half a millimetre; on the left where there is room beside it."""
    code = qr_code(url)
    matrix = segno.make(url, error="m", boost_error=False, micro=False).matrix
    dots = code.width // len(matrix)
    assert dots >= 4
    slip, (left, top) = draw_slip(replace(SLIP, track_url=url), width), place_of_code(url, width)
    read = [
        bytearray(
            slip.getpixel((left + x * dots + dots // 2, top + y * dots + dots // 2)) == 0 for x in range(len(matrix))
        )
        for y in range(len(matrix))
    ]
    assert read == [bytearray(row) for row in matrix]


@WIDTHS
@pytest.mark.parametrize("url", [URL, "https://" + "a" * 192])
def test_the_code_has_a_quiet_zone(url: str, width: int) -> None:
    """White all around it, so that a telephone finds its edges; at the edge of the dots the paper goes on, white."""
    slip, code, (left, top) = draw_slip(replace(SLIP, track_url=url), width), qr_code(url), place_of_code(url, width)
    zone = (left - LAYOUTS[width].margin, top - 12, left + code.width + 24, top + code.height + 12)
    slip.paste(255, (left, top, left + code.width, top + code.height))
    assert slip.crop(zone).getextrema() == (255, 255)


def place_of_code(url: str, width: int) -> tuple[int, int]:
    """Where the upper left corner of the code is."""
    slip, code = draw_slip(replace(SLIP, track_url=url), width), qr_code(url)
    left = LAYOUTS[width].margin if LAYOUTS[width].side_by_side else (width - code.width) // 2
    wanted = code.convert("1").tobytes()
    for top in range(slip.height - code.height):
        if slip.crop((left, top, left + code.width, top + code.height)).tobytes() == wanted:
            return left, top
    raise AssertionError("there is no code on the slip")


def test_a_text_that_is_far_too_long_ends_in_an_ellipsis() -> None:
    """What fits is kept."""

    def width(part: str) -> int:
        return 10 * len(part)

    assert shortened("abcdef", 50, width) == "abcd…"
    assert shortened("abc def", 50, width) == "abc…"
    assert shortened("abcdef", 5, width) == "…"


@WIDTHS
def test_slips_differ_in_what_they_say(width: int) -> None:
    """Language, copy, wait and code all show."""
    pictures = {case: draw_slip(slip, width).tobytes() for case, slip in CASES.items()}
    del pictures["many counters"]  # too many to name are none
    assert len(set(pictures.values())) == len(pictures)


def test_drawing_is_repeatable() -> None:
    """The same ticket is the same picture, decomposed letters included."""
    decomposed = replace(SLIP, service=unicodedata.normalize("NFD", SLIP.service))
    assert draw_slip(SLIP).tobytes() == draw_slip(SLIP).tobytes() == draw_slip(decomposed).tobytes()


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="aăđệỘ mWi,", max_size=120))
def test_wrapping_loses_nothing(text: str) -> None:
    """Every letter is on some line, and no line is too wide."""
    inner = 544

    def width(part: str) -> int:
        return text_width(part, 700, 40)

    lines = wrapped(text, inner, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= inner for line in lines)
