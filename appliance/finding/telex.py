"""Vietnamese typed in Telex: keys in, text out. Pure.

A word is composed as long as it can become a Vietnamese syllable. From the first key that fits no syllable on, letters
stay as typed: `class`, `online`, `CT07`. What was composed by then stays composed, so that a slip of the finger leaves
`ngườik` rather than `nguwowifk`; but plain syllables run together are letters and no marks: `khaisinh`, not `kháiinh`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache, reduce
from itertools import takewhile
from typing import Final


class ToneStyle(Enum):
    """Where the tone stands in `oa`, `oe` and `uy` at the end of a word: all that the two ways of writing differ in."""

    OLD = "hòa"
    NEW = "hoà"


STYLE: Final = ToneStyle.OLD
"""As laws and the national catalogue of procedures write: `hòa giải`, `xóa`, `hủy`."""

TONES: Final = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
"""The key of each tone, and the tone as a combining mark."""
NO_TONE_KEY: Final = "z"
HATS: Final = {"a": "â", "e": "ê", "o": "ô"}
HORNS: Final = {"a": "ă", "o": "ơ", "u": "ư"}
BARE: Final = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}
VOWELS: Final = "aăâeêioôơuưy"
PLAIN_VOWELS: Final = tuple("aeiouy")

_ONSETS: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES: Final = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y ych yn ynh yt yêm yên yêng yêt yêu
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uôc uôi uôm uôn uông uôt uơ
    uy uya uych uyn uynh uyp uyt uyu uyên uyêt
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""
ONSETS: Final = tuple(_ONSETS.split())
RHYMES: Final = tuple(_RHYMES.split())
STOPS: Final = ("c", "ch", "k", "p", "t")
STOPPED_TONES: Final = ("", TONES["s"], TONES["j"])
"""The only tones a syllable that ends in a stop can have."""
OPEN_UO: Final = ("h", "th")
"""Onsets after which `uơ` ends a word, `thuở`. After all others it is on its way to `ươ`."""
LONGEST_SYLLABLE: Final = 7

LETTERS: Final = "a-zà-ãè-êìíò-õùúýăđĩũơưạ-ỹ"
WORD: Final = re.compile(f"[{LETTERS}{LETTERS.upper()}]+")


@dataclass(frozen=True)
class _Word:
    """A word being typed: its syllable's letters without tone, the tone, and what follows as typed."""

    keys: str = ""
    letters: str = ""
    tone: str = ""
    rest: str = ""
    literal: bool = False
    """From here on every key is a letter."""
    unmarked: str | None = None
    """The letters as they were before the last key, if that key marked one of them."""


def compose(keys: str, *, style: ToneStyle = STYLE) -> str:
    """The text that `keys` make. Composed letters among them count as typed; other characters end a word and stay."""
    return WORD.sub(lambda word: _shown(reduce(_press, word[0], _Word()), style), keys)


def erase(keys: str, *, style: ToneStyle = STYLE) -> str:
    """Keys for the text of `keys` without its last letter; they can be typed on from there.

    A tone goes with the letter it stands on. One that remains finds its place anew: `toàn` becomes `tòa`.
    """
    start = len(keys)
    for word in WORD.finditer(keys):
        start = word.start() if word.end() == len(keys) else start
    if start == len(keys):
        return keys[:-1]
    return keys[:start] + _keys_of(compose(keys[start:], style=style)[:-1], style)


def bare(text: str) -> str:
    """`text` without any Vietnamese mark; every letter remains one letter."""
    return "".join(map(_bare_letter, text))


def is_plain_syllable(letters: str) -> bool:
    """Whether these small letters without marks are a syllable, marks left out: `thuc` for `thực`."""
    rhyme = _rhyme(letters)
    return rhyme in _plain_rhymes() and letters.removesuffix(rhyme) in ("", *ONSETS)


def _keys_of(word: str, style: ToneStyle) -> str:
    """Its own letters; where one of them would mark another, it is struck twice, which undoes that."""
    for end in range(1, len(word) + 1):
        if bare(compose(word, style=style)) == bare(word):
            break
        if bare(compose(word[:end], style=style)) != bare(word[:end]):
            return word[:end] + word[end - 1 :]
    return word


# ---------------------------------------------------------------- one key


def _press(word: _Word, key: str) -> _Word:
    """The word after one more key: the first of these readings that makes sense."""
    if word.literal:
        return replace(word, keys=word.keys + key, rest=word.rest + key)
    for reading in (_undone, _toned, _marked, _lettered):
        if (pressed := reading(word, key)) is not None:
            return pressed
    return _ended(word, key)


def _undone(word: _Word, key: str) -> _Word | None:
    """The key that marked, once more: the mark goes, the key stays as a letter, and the rest of the word is literal."""
    keys, lower = word.keys + key, key.lower()
    if word.unmarked is not None and lower == word.keys[-1].lower():
        return _Word(keys, word.unmarked, word.tone, key, literal=True)
    if word.tone and word.tone == TONES.get(lower):
        return _Word(keys, word.letters, "", key, literal=True)
    return None


def _toned(word: _Word, key: str) -> _Word | None:
    """A tone for the syllable, or none again."""
    lower = key.lower()
    tone = "" if lower == NO_TONE_KEY and word.tone else TONES.get(lower)
    if tone is None or not _may_become(word.letters, tone):
        return None
    return _Word(word.keys + key, word.letters, tone)


def _marked(word: _Word, key: str) -> _Word | None:
    """A hat, a horn or the bar of `đ` on a letter that is already there, wherever in the word the key is typed."""
    for letters in _markings(word.letters, key):
        if _may_become(letters, word.tone):
            return _Word(word.keys + key, letters, word.tone, unmarked=word.letters)
    return None


def _lettered(word: _Word, key: str) -> _Word | None:
    """One more letter of the syllable."""
    letter, tone = _parted(key)
    letters = _settled(word.letters + letter)
    if (tone and word.tone) or not _may_become(letters, tone or word.tone):
        return None
    return _Word(word.keys + key, letters, tone or word.tone)


def _ended(word: _Word, key: str) -> _Word:
    """The key belongs to no syllable. Without a mark but by accident, all keys so far are letters."""
    keys = word.keys + key
    if keys[0] in "wW" or _run_together(keys.lower()):
        return _Word(keys, rest=keys, literal=True)
    return _Word(keys, word.letters, word.tone, key, literal=True)


def _markings(letters: str, key: str) -> Iterator[str]:
    """What `key` could make of `letters`, the likeliest first."""
    lower, start = key.lower(), len(letters) - len(_rhyme(letters))
    vowels = [at for at in range(start, len(letters)) if letters[at].lower() in VOWELS]
    if lower == "d" and letters[:1] in ("d", "D") and (vowels or len(letters) == 1):
        yield _with(letters, 0, "đ")
    if lower in HATS:
        yield from (_with(letters, at, HATS[lower]) for at in reversed(vowels) if _bare_of(letters, at) == lower)
    if lower == "w":
        yield from _horned(letters, start, vowels)
        yield letters + ("ư" if key == "w" else "Ư")


def _horned(letters: str, start: int, vowels: list[int]) -> Iterator[str]:
    """`uo` takes two horns, unless it ends a word like `thuở`; else the first vowel that can takes one."""
    if bare(letters[start : start + 2]).lower() == "uo":
        if len(letters) == start + 2 and letters[:start].lower() in OPEN_UO:
            yield _with(letters, start + 1, "ơ")
        yield _with(_with(letters, start, "ư"), start + 1, "ơ")
    for at in vowels:
        horn = HORNS.get(_bare_of(letters, at))
        if horn is not None and horn != letters[at].lower():
            yield _with(letters, at, horn)


def _settled(letters: str) -> str:
    """With more letters after them, `uơ` and `ưo` can only be `ươ`."""
    start = len(letters) - len(_rhyme(letters))
    if len(letters) > start + 2 and letters[start : start + 2].lower() in ("uơ", "ưo"):
        return _with(_with(letters, start, "ư"), start + 1, "ơ")
    return letters


# ---------------------------------------------------------------- what is a syllable


@lru_cache(maxsize=4096)
def _may_become(letters: str, tone: str) -> bool:
    """Whether `letters` begin a syllable, marks still to come included."""
    lower = letters.lower()
    rhyme = _rhyme(lower)
    onset = lower.removesuffix(rhyme)
    if not rhyme:
        return not tone and any(one.startswith(onset) for one in ONSETS)
    if onset not in ("", *ONSETS) or (onset == "qu" and rhyme[0] in "uư"):
        return False
    if tone not in STOPPED_TONES and rhyme.endswith(STOPS):
        return False
    return any(_on_the_way(rhyme, one) for one in RHYMES)


def _on_the_way(typed: str, rhyme: str) -> bool:
    """Whether `rhyme` can come of what is typed."""
    if len(typed) > len(rhyme):
        return False
    return all(one in (other, BARE.get(other)) for one, other in zip(typed, rhyme, strict=False))


def _run_together(keys: str) -> bool:
    """Whether plain syllables can be read in `keys`, one after another, the last one perhaps not finished.

    All but the first begin with a consonant: `hoon` is `hôn` and not `ho on`.
    """
    reached = {0}
    for start in range(len(keys)):
        for end in range(start + 1, min(start + LONGEST_SYLLABLE, len(keys)) + 1):
            if start in reached and keys[end : end + 1] not in PLAIN_VOWELS and is_plain_syllable(keys[start:end]):
                reached.add(end)
    return any(keys.isascii() and _may_become(keys[start:], "") for start in reached)


@cache
def _plain_rhymes() -> frozenset[str]:
    return frozenset(map(bare, RHYMES))


def _rhyme(letters: str) -> str:
    """From the first vowel on; the vowels of `qu`, and of `gi` before another vowel, belong to the onset."""
    lower = letters.lower()
    if lower.startswith("qu") or (lower.startswith("gi") and lower[2:3] and lower[2] in VOWELS):
        return letters[2:]
    for at, letter in enumerate(lower):
        if letter in VOWELS:
            return letters[at:]
    return ""


# ---------------------------------------------------------------- letters and their marks


def _shown(word: _Word, style: ToneStyle) -> str:
    if not word.tone:
        return word.letters + word.rest
    at = _tone_place(word.letters, style)
    toned = unicodedata.normalize("NFC", word.letters[at] + word.tone)
    return word.letters[:at] + toned + word.letters[at + 1 :] + word.rest


def _tone_place(letters: str, style: ToneStyle) -> int:
    """On the last vowel with a mark of its own; else by how many vowels there are and what follows them."""
    rhyme = _rhyme(letters).lower()
    start = len(letters) - len(rhyme)
    vowels = "".join(takewhile(VOWELS.__contains__, rhyme))
    marked = [at for at, vowel in enumerate(vowels) if vowel in BARE]
    if marked:
        return start + marked[-1]
    if len(vowels) == 1:
        return start
    if len(vowels) > 2 or vowels != rhyme:
        return start + 1
    return start + (vowels in ("oa", "oe", "uy") and style is ToneStyle.NEW)


def _parted(letter: str) -> tuple[str, str]:
    """A letter without its tone, and the tone: `ệ` is `ê` and the dot."""
    marks = unicodedata.normalize("NFD", letter)
    tone = "".join(mark for mark in marks if mark in TONES.values())
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES.values())), tone


def _bare_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d" if letter == "đ" else "D"
    return unicodedata.normalize("NFD", letter)[0] if WORD.fullmatch(letter) else letter


def _bare_of(letters: str, at: int) -> str:
    return _bare_letter(letters[at]).lower()


def _with(letters: str, at: int, letter: str) -> str:
    """`letters` with another one in one place, small or capital as the old one was."""
    return letters[:at] + (letter if letters[at].islower() else letter.upper()) + letters[at + 1 :]
