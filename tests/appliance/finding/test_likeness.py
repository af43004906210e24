"""How like two words are."""

import unicodedata
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.finding.likeness import Word, alike, letters, marked_alike, most_slips, sound, words_of

SHORT = st.text(st.sampled_from("abcd"), min_size=1, max_size=9)


@cache
def plain_distance(one: str, other: str) -> int:
    """Slips counted by the book, slowly: the last letters agree, or one of four things happened to them."""
    if not one or not other:
        return len(one) + len(other)
    if one[-1] == other[-1]:
        return plain_distance(one[:-1], other[:-1])
    fewest = min(plain_distance(one[:-1], other), plain_distance(one, other[:-1]), plain_distance(one[:-1], other[:-1]))
    if one[-2:] == other[:-3:-1]:
        fewest = min(fewest, plain_distance(one[:-2], other[:-2]))
    return fewest + 1


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", ["Đăng ký khai tử", "ĐĂNG KÝ KHAI TỬ", "  đăng-ký,khai_tử! "])
def test_words_however_they_are_written(text: str, form: str) -> None:
    """Composed or not, large or small, whatever stands between them."""
    words = words_of(unicodedata.normalize(form, text))  # type: ignore[arg-type]
    assert [word.plain for word in words] == ["dang", "ky", "khai", "tu"]
    assert words == words_of("đăng ký khai tử")


def test_the_tone_may_stand_on_either_vowel() -> None:
    """`hòa` and `hoà` are one word; `hoa` and `họa` are others."""
    assert words_of("hòa xóa hủy") == words_of("hoà xoá huỷ")
    assert len(set(words_of("hoa hòa họa hoá"))) == 4


def test_other_scripts_are_words_too() -> None:
    """Languages come by translation: Korean is compared as it is written."""
    assert [word.plain for word in words_of("출생 신고 2")] == ["출생", "신고", "2"]
    assert words_of("") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("xinh", "sinh"),
        ("trung", "chung"),
        ("xo", "so"),
        ("giay", "day"),
        ("ki", "ky"),
        ("nam", "lam"),
        ("cuot", "cuoc"),
    ],
)
def test_what_sounds_alike(one: str, other: str) -> None:
    """Somewhere in the country."""
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("khai", "hai"), ("tu", "thu"), ("dat", "da"), ("nghe", "nhe")])
def test_what_sounds_different(one: str, other: str) -> None:
    """Everywhere."""
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("typed", "word", "like"),
    [
        ("khai", "khai", 1.0),
        ("kahi", "khai", 0.66),
        ("khau", "khai", 0.66),
        ("jhai", "khai", 0.66 * 0.85),
        ("hkai", "khai", 0.66),
        ("ngheio", "ngheo", 0.78),
        ("cretificate", "certificate", 0.84),
        ("cretificte", "certificate", 0.68),
        ("kxyi", "khai", 0.0),
        ("so", "do", 0.0),
        ("tam", "tan", 0.0),
    ],
)
def test_slips_of_the_finger(typed: str, word: str, like: float) -> None:
    """Longer words may have more; short ones none."""
    assert alike(typed, word, 2) == pytest.approx(like)


@given(SHORT, SHORT)
@settings(deadline=None)
def test_slips_are_counted_by_the_book(typed: str, word: str) -> None:
    """The quick way finds what the slow way finds, and the letters' bits never hide a word."""
    slips = plain_distance(typed, word)
    assert (alike(typed, word, 2) > 0.0) == (slips <= most_slips(typed))
    if slips <= most_slips(typed):
        assert (letters(typed) ^ letters(word)).bit_count() <= 2 * most_slips(typed)


@pytest.mark.parametrize(
    ("typed", "word", "like"),
    [
        ("ho", "hộ", 1.0),
        ("hộ", "hộ", 1.0),
        ("hô", "hộ", 0.9),
        ("cuớc", "cước", 0.9),
        ("phở", "phổ", 0.65),
        ("đá", "da", 0.65),
    ],
)
def test_marks(typed: str, word: str, like: float) -> None:
    """None are fine, too few nearly so; others contradict."""
    (one,), (other,) = words_of(typed), words_of(word)
    assert marked_alike(one.marks, other.marks) == pytest.approx(like)


def test_a_word_is_its_letters_and_marks() -> None:
    """What is compared, spelled out."""
    assert words_of("Đất") == (Word("dat", "đ\u0302\u0301"),)
