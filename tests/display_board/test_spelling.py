"""How numbers and letters are said, in both languages and the ways of Vietnam."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_board.spelling import LETTERS, PAUSE, Variant, english, number_words, spelled, vietnamese


def said(number: int, language: str = "vi", variant: Variant = "north") -> str:
    """A whole number as a voice says it."""
    table = vietnamese(variant) if language == "vi" else english()
    return " ".join(table[word] for word in number_words(number, language))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (99, "chín mươi chín"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (121, "một trăm hai mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1015, "một nghìn không trăm mười lăm"),
        (2100, "hai nghìn một trăm"),
        (15021, "mười lăm nghìn không trăm hai mươi mốt"),
        (99999, "chín mươi chín nghìn chín trăm chín mươi chín"),
        (104000, "một trăm linh bốn nghìn"),
    ],
)
def test_a_number_in_vietnamese(number: int, words: str) -> None:
    """As it is said in the North: lăm, mốt, tư, linh, nghìn."""
    assert said(number) == words


@pytest.mark.parametrize("variant", ["central", "south"])
def test_a_number_from_hue_to_the_south(variant: Variant) -> None:
    """Lẻ and ngàn."""
    assert said(101, variant=variant) == "một trăm lẻ một"
    assert said(1005, variant=variant) == "một ngàn không trăm lẻ năm"
    assert said(21, variant=variant) == "hai mươi mốt"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (12, "twelve"),
        (15, "fifteen"),
        (21, "twenty one"),
        (40, "forty"),
        (100, "one hundred"),
        (101, "one hundred and one"),
        (115, "one hundred and fifteen"),
        (1005, "one thousand and five"),
        (1100, "one thousand one hundred"),
        (15021, "fifteen thousand and twenty one"),
    ],
)
def test_a_number_in_english(number: int, words: str) -> None:
    """Digits of a number together."""
    assert said(number, "en") == words


UNITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5}
UNITS |= {"sáu": 6, "bảy": 7, "tám": 8, "chín": 9}


def understood(words: str) -> int:
    """A number heard in Vietnamese, by a listener written the other way round."""
    whole, hundreds, value = 0, 0, 0
    for word in words.split():
        match word:
            case "nghìn" | "ngàn":
                whole, hundreds, value = (hundreds + value) * 1000, 0, 0
            case "trăm":
                hundreds, value = value * 100, 0
            case "mươi":
                value *= 10
            case "mười":
                value = 10
            case "linh" | "lẻ":
                value = 0
            case _:
                value += UNITS[word]
    return whole + hundreds + value


@given(st.integers(0, 999_999), st.sampled_from(["north", "central", "south"]))
def test_every_number_is_understood_as_what_it_is(number: int, variant: Variant) -> None:
    """Said and heard again."""
    assert understood(said(number, variant=variant)) == number


@given(st.integers(0, 999_999))
def test_no_two_numbers_sound_alike(number: int) -> None:
    """Neither does its neighbour in English."""
    assert said(number, "en") != said(number + 1, "en")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("A012", ["letter-a", "0", "1", "2"]),
        ("TK104", ["letter-t", "letter-k", "1", "0", "4"]),
        ("A7-012", ["letter-a", "7", PAUSE, "0", "1", "2"]),
        ("B12-1050", ["letter-b", "1", "2", PAUSE, "1", "0", "5", "0"]),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_slip_s_number_is_said_digit_by_digit(code: str, words: list[str], language: str) -> None:
    """The safest way: the letters by their names, a breath where there is a dash."""
    assert spelled(code, language, "digits") == words


def test_or_as_a_number() -> None:
    """Without the noughts before it; the kiosk's number apart."""
    assert spelled("A012", "vi", "number") == ["letter-a", "10", "2"]
    assert spelled("A7-015", "vi", "number") == ["letter-a", "7", PAUSE, "10", "5-last"]
    assert spelled("B031", "en", "number") == ["letter-b", "30", "1"]
    assert spelled("C1234567", "vi", "number") == ["letter-c", *"1234567"]


@given(st.from_regex(r"\A[A-Z]{1,2}([1-9][0-9]?-)?[0-9]{3,5}\Z"), st.sampled_from(["vi", "en"]))
def test_every_number_there_can_be_has_its_words(code: str, language: str) -> None:
    """And in their order: nothing is left out, nothing is said twice."""
    table = vietnamese("north") if language == "vi" else english()
    for numbers in ("digits", "number"):
        words = spelled(code, language, numbers)  # type: ignore[arg-type]
        assert [word for word in words if word not in table and word != PAUSE] == []
    plain = "".join(word.removeprefix("letter-") for word in spelled(code, language, "digits") if word != PAUSE)
    assert plain.upper() == re.sub("[^A-Z0-9]", "", code)


@pytest.mark.parametrize("table", [vietnamese("north"), vietnamese("south"), english()])
def test_each_letter_has_a_name_of_its_own(table: dict[str, str]) -> None:
    """A to Z."""
    names = [table[f"letter-{letter.lower()}"] for letter in LETTERS]
    assert len(set(names)) == 26
