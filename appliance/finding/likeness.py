"""How like two words are: with and without marks, by ear, by slips of the finger. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from appliance.finding.telex import bare

SLIPS: Final = {4: (0.66,), 5: (0.72,), 6: (0.78,), 7: (0.8, 0.6), 8: (0.84, 0.68)}
"""How much of a word with so many letters remains after one slip, after two. Shorter ones must be right."""
OTHER_BEGINNING: Final = 0.85
"""A short word with another first letter, or any with two slips, is probably another word."""
FEWER_MARKS: Final = 0.9
OTHER_MARKS: Final = 0.65
"""Marks that contradict each other: `phở` is not `phổ`."""

_WORD: Final = re.compile(r"[^\W_]+")
_EARS: Final = (
    (re.compile("^(?:ngh|ng)"), "ng"),
    (re.compile("^gh"), "g"),
    (re.compile("^(?:gi|r|d)(?=[aeiouy])"), "d"),
    (re.compile("^(?:tr|ch)"), "ch"),
    (re.compile("^[sx]"), "s"),
    (re.compile("^[kqc](?=[aeiouy])"), "c"),
    (re.compile("^l"), "n"),
    (re.compile("(?<=[aeiouy])(?:t|c|ch)$"), "c"),
    (re.compile("(?<=[aeiouy])(?:n|ng|nh)$"), "n"),
    (re.compile("y"), "i"),
)
"""Spellings that one part of the country or another speaks alike, on letters without marks."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared: its letters without marks, and the marks in their order."""

    plain: str
    marks: str = ""


def words_of(text: str) -> tuple[Word, ...]:
    """The words of `text`, however it is composed, in capitals or not, the tone on whichever vowel."""
    return tuple(map(_word, _WORD.findall(unicodedata.normalize("NFC", text).lower())))


@lru_cache(maxsize=4096)
def sound(plain: str) -> str:
    """The same for words that sound alike to somebody: `xinh` and `sinh`, `trứng` and `chứng`."""
    for pattern, ear in _EARS:
        plain = pattern.sub(ear, plain)
    return plain


def most_slips(typed: str) -> int:
    """How many slips may be in what is typed."""
    return len(_remains(typed))


def alike(typed: str, word: str, most: int) -> float:
    """How well `typed` can be `word` with slips: letters too many, missing, wrong or swapped. 0.0: it cannot."""
    slips = _slips(typed, word, min(most, most_slips(typed)))
    if slips is None:
        return 0.0
    if slips == 0:
        return 1.0
    begins = typed[0] == word[0] or typed[:2] == word[1::-1] or (slips == 1 and len(typed) > 5)
    return _remains(typed)[slips - 1] * (1.0 if begins else OTHER_BEGINNING)


def marked_alike(typed: str, marks: str) -> float:
    """How well the marks of a word go with what was typed. Whoever types none, or not all, is understood."""
    if typed in ("", marks):
        return 1.0
    rest = iter(marks)
    return FEWER_MARKS if all(mark in rest for mark in typed) else OTHER_MARKS


def letters(plain: str) -> int:
    """The letters of a word as bits: words that share too few need no closer look."""
    bits = 0
    for letter in plain:
        bits |= 1 << (ord(letter) & 31)
    return bits


@lru_cache(maxsize=4096)
def _word(text: str) -> Word:
    return Word(bare(text), "".join(_marks(text)))


def _marks(text: str) -> Iterator[str]:
    for letter in text:
        if letter == "đ":
            yield letter
        elif not letter.isascii():
            yield from unicodedata.normalize("NFD", letter)[1:]


def _remains(typed: str) -> tuple[float, ...]:
    return SLIPS.get(min(len(typed), 8), ())


def _slips(typed: str, word: str, most: int) -> int | None:
    """The fewest slips from one to the other, None when more than `most`."""
    while typed and word and typed[0] == word[0]:
        typed, word = typed[1:], word[1:]
    while typed and word and typed[-1] == word[-1]:
        typed, word = typed[:-1], word[:-1]
    longest = max(len(typed), len(word))
    if longest == 2 and typed == word[::-1]:
        return 1 if most else None
    if longest <= most:
        return longest
    slips = _distance(typed, word) if abs(len(typed) - len(word)) <= most and most > 1 else longest
    return slips if slips <= most else None


def _distance(typed: str, word: str) -> int:
    """Slips counted letter by letter; a swap of two neighbours is one."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(typed):
        before, row, above = row, [at + 1], before
        for to, other in enumerate(word):
            fewest = min(before[to + 1] + 1, row[to] + 1, before[to] + (letter != other))
            if at and to and letter == word[to - 1] and typed[at - 1] == other:
                fewest = min(fewest, above[to - 1] + 1)
            row.append(fewest)
    return row[-1]
