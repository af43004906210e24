"""The on-screen keyboard: what each key does, and what no sequence of presses can do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.finding.keyboard import LAYOUTS, LONGEST, Key, Keyboard, opened, press, rows, switched
from appliance.finding.telex import bare

EVERY_KEY = sorted({key for layout in LAYOUTS.values() for row in (*layout.letters, *layout.digits) for key in row})


def typed(keyboard: Keyboard, *keys: str) -> Keyboard:
    """The keyboard after these presses; a space between letters is the key for it."""
    for key in keys:
        for one in [key] if key in list(Key) else key:
            keyboard = press(keyboard, Key.SPACE if one == " " else one)
    return keyboard


@pytest.mark.parametrize(
    ("language", "keys", "text"),
    [
        ("vi", ["khai sinh"], "khai sinh"),
        ("vi", ["ddawng kys"], "đăng ký"),
        ("vi", [Key.SHIFT, "ddaats"], "Đất"),
        ("vi", ["ddaats", Key.BACKSPACE, "y"], "đấy"),
        ("vi", ["ddaats", Key.BACKSPACE, Key.BACKSPACE, Key.BACKSPACE], ""),
        ("vi", [Key.DIGITS, "07", Key.LETTERS, "a"], "07a"),
        ("vi", [Key.SHIFT, "c", Key.SHIFT, "t", Key.DIGITS, "07"], "CT07"),
        ("vi", ["soor", Key.CLEAR, "ddor"], "đỏ"),
        ("vi", [" ", " ", "a", " ", " ", "b"], "a b"),
        ("vi", [Key.BACKSPACE, Key.BACKSPACE], ""),
        ("en", ["books and door"], "books and door"),
        ("en", [Key.SHIFT, "birth", Key.BACKSPACE], "Birt"),
        ("ko", ["as aa"], "as aa"),
    ],
)
def test_presses_make_text(language: str, keys: list[str], text: str) -> None:
    """Telex in Vietnamese; as it stands in English, and in languages without a keyboard of their own."""
    assert typed(opened(language), *keys).text == text


def test_shift_is_for_one_letter() -> None:
    """And a second press takes it back."""
    keyboard = press(opened("vi"), Key.SHIFT)
    assert rows(keyboard)[0][0] == "Q"
    assert rows(press(keyboard, "q"))[0][0] == "q"
    assert press(keyboard, Key.SHIFT) == opened("vi")
    assert typed(keyboard, Key.DIGITS, Key.LETTERS) == opened("vi")


def test_a_letter_is_itself_however_it_is_drawn() -> None:
    """A finger that was quicker than the screen does no harm: shift decides."""
    assert press(opened("vi"), "A").text == "a"
    assert typed(opened("vi"), Key.SHIFT, "a").text == "A"


def test_the_pages() -> None:
    """Letters first; each page leads to the other, and both have what is always needed."""
    letters = opened("vi")
    digits = press(letters, Key.DIGITS)
    assert rows(letters)[0] == tuple("qwertyuiop")
    assert rows(digits)[0] == tuple("1234567890")
    assert press(digits, Key.LETTERS) == letters
    for keyboard, other in ((letters, Key.DIGITS), (digits, Key.LETTERS)):
        shown = [key for row in rows(keyboard) for key in row]
        assert {other, Key.SPACE, Key.BACKSPACE, Key.CLEAR} <= set(shown)
        assert len(shown) == len(set(shown))


@pytest.mark.parametrize("language", LAYOUTS)
def test_every_letter_and_digit_is_there(language: str) -> None:
    """Telex needs all of them, f, j, w and z too."""
    pages = {
        key for page in (opened(language), press(opened(language), Key.DIGITS)) for row in rows(page) for key in row
    }
    assert set("abcdefghijklmnopqrstuvwxyz0123456789") <= pages


@pytest.mark.parametrize("key", ["", "nothing", "đ", "aa", "@", "\n", "SHIFT"])
def test_a_key_it_does_not_have_changes_nothing(key: str) -> None:
    """Such a press cannot come from the screen."""
    keyboard = typed(opened("vi"), "khai")
    assert press(keyboard, key) == keyboard


def test_another_language_keeps_the_text() -> None:
    """And changes none of it: what was typed in English is no Telex."""
    keyboard = switched(typed(opened("vi"), "soor ddor"), "en")
    assert keyboard.text == "sổ đỏ"
    keyboard = switched(typed(keyboard, " book"), "vi")
    assert keyboard.text == "sổ đỏ book"
    assert typed(keyboard, "s", Key.BACKSPACE, Key.BACKSPACE).text == "sổ đỏ boo"
    assert switched(press(opened("vi"), Key.DIGITS), "en") == press(opened("en"), Key.DIGITS)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_text_has_an_end(language: str) -> None:
    """Leaning on the screen fills it once; backspace still works."""
    keyboard = typed(opened(language), "b" * (LONGEST + 20))
    assert len(keyboard.text) == LONGEST
    assert len(press(keyboard, Key.BACKSPACE).text) == LONGEST - 1


@given(st.lists(st.sampled_from(EVERY_KEY), max_size=60), st.sampled_from(["vi", "en"]))
@settings(deadline=None)
def test_any_presses(keys: list[str], language: str) -> None:
    """Never a crash, never too long, no space too many, and backspace always takes one letter."""
    keyboard = opened(language)
    for key in keys:
        keyboard = press(keyboard, key)
        assert len(keyboard.text) <= LONGEST
        assert "  " not in keyboard.text
        assert not keyboard.text.startswith(" ")
        shorter = press(keyboard, Key.BACKSPACE)
        assert bare(shorter.text) == bare(keyboard.text)[:-1]
    assert press(keyboard, Key.CLEAR) == opened(language)
