"""The catalogues: alike in every language, and nothing in them that nobody says."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import appliance
from appliance.errors import TextsMissing
from appliance.texts import LANGUAGES, load_texts

HOLE = re.compile(r"\{(\w+)\}")
KEY = re.compile(
    r"""words(?:\.template)?\(\s*(?:["']([a-z_.-]+)["'](?: if \w+ else ["']([a-z_.-]+)["'])?|f["']([a-z_.]+)\{)"""
)
CHOSEN = re.compile(r"""["']((?:slip|staff|help|find|closed|result)\.[a-z_.-]+)["']""")


def sources() -> str:
    room = Path(appliance.__file__).parent
    return "\n".join(file.read_text("utf-8") for file in sorted(room.rglob("*.py")))


def test_the_languages_have_the_same_keys_with_the_same_holes() -> None:
    """A translation that lacks a word, or a value, is not one."""
    first, *others = (load_texts(language) for language in LANGUAGES)
    for other in others:
        assert set(other.words) == set(first.words)
        for key, words in first.words.items():
            assert sorted(HOLE.findall(words)) == sorted(HOLE.findall(other.words[key])), key


def test_no_words_are_empty() -> None:
    """In any language."""
    for language in LANGUAGES:
        assert [key for key, words in load_texts(language).words.items() if not words.strip()] == []


def test_every_key_that_is_asked_for_is_there_and_the_other_way_round() -> None:
    """What nobody says is taken out."""
    said: set[str] = set(CHOSEN.findall(sources()))
    begun: set[str] = set()
    for whole, other, start in KEY.findall(sources()):
        said |= {one for one in (whole, other) if one}
        begun |= {start} if start else set()
    known = set(load_texts("vi").words)
    assert said - known == set()
    unsaid = {key for key in known - said if not any(key.startswith(start) for start in begun)}
    assert unsaid == set()


def test_an_unknown_language_is_answered_in_vietnamese() -> None:
    """Rather than not at all."""
    assert load_texts("km").language == "vi"


def test_what_is_compiled_is_what_is_written() -> None:
    """No catalogue of yesterday."""
    for language in LANGUAGES:
        source = Path(appliance.__file__).parent / "texts" / f"{language}.po"
        with source.open("rb") as file:
            written = {str(one.id): str(one.string) for one in read_po(file) if one.id}
        assert load_texts(language).words == written


def test_a_catalogue_that_is_not_compiled_says_what_to_do(tmp_path: Path) -> None:
    """Instead of a screen without words."""
    with pytest.raises(TextsMissing, match="make env"):
        load_texts("vi", (tmp_path,))


def test_a_missing_key_is_a_mistake() -> None:
    """Not an empty place on the screen."""
    with pytest.raises(KeyError):
        load_texts("vi")("no.such.words")
