"""The house fonts hold every letter of the language, and say how to get them when they are not there."""

from pathlib import Path
from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont

from appliance.errors import FontsMissing
from appliance.fonts import Weight, font_path

MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"
LETTERS = "".join(normalize("NFC", vowel + mark) for vowel in VOWELS for mark in MARKS)
VIETNAMESE = {letter for letter in LETTERS + LETTERS.upper() + "đĐ" if letter not in "aeiouyAEIOUY"}
ASCII = {chr(code) for code in range(0x20, 0x7F)}


def test_there_are_134_vietnamese_letters() -> None:
    """Beyond those of English."""
    assert len(VIETNAMESE) == 134


@pytest.mark.parametrize("weight", [500, 700])
def test_every_letter_has_a_glyph(weight: Weight) -> None:
    """In each weight, with the signs that slips use."""
    with TTFont(font_path(weight)) as font:
        assert VIETNAMESE | ASCII | set("–…₫") <= {chr(code) for code in font.getBestCmap()}


def test_a_missing_font_says_what_to_do(tmp_path: Path) -> None:
    """`make env` builds it."""
    with pytest.raises(FontsMissing, match=r"BeVietnamPro-700.ttf is not in .*`make env` builds it"):
        font_path(700, (tmp_path, tmp_path / "fonts"))
