"""How numbers and letters are said: as the words of a voice, each a clip of its own. Pure.

A word's name is the name of its file in a voice pack, `vi/1-last.wav`; what is said there stands beside it.
"""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, Literal

Variant = Literal["north", "central", "south"]
"""Whose Vietnamese it is: north of Huế one says linh and nghìn, from there on lẻ and ngàn."""

Numbers = Literal["digits", "number"]
"""A012 as A, không, một, hai, or as A, mười hai."""

PAUSE: Final = "pause"
"""A word without sound: the breath between the parts of a number such as A7-012."""

MOST: Final = 1_000_000
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_VI: Final = {
    **dict(zip("0123456789", ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"), strict=True)),
    "10": "mười",
    "tens": "mươi",
    "hundred": "trăm",
    "1-last": "mốt",
    "4-last": "tư",
    "5-last": "lăm",
}
_VI_NORTH: Final = {"thousand": "nghìn", "odd": "linh"}
_VI_SOUTH: Final = {"thousand": "ngàn", "odd": "lẻ"}
_VI_LETTERS: Final = (
    *("a", "bê", "xê", "đê", "e", "ép", "giê", "hát", "i", "di", "ca", "lờ", "mờ"),
    *("nờ", "o", "pê", "quy", "rờ", "sờ", "tê", "u", "vê", "vê kép", "ích", "i dài", "dét"),
)

_EN: Final = {
    **{
        str(number): word
        for number, word in enumerate(
            (
                *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
                *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
                *("sixteen", "seventeen", "eighteen", "nineteen"),
            )
        )
    },
    **dict(
        zip(
            ("20", "30", "40", "50", "60", "70", "80", "90"),
            ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
            strict=True,
        )
    ),
    "hundred": "hundred",
    "thousand": "thousand",
    "and": "and",
}

Words = MappingProxyType[str, str]
"""What is said by name."""


def vietnamese(variant: Variant) -> Words:
    """All words of numbers and letters: `12 → 10, 2`, `A → letter-a`."""
    own = _VI_NORTH if variant == "north" else _VI_SOUTH
    return MappingProxyType({**_VI, **own, **_letters(_VI_LETTERS)})


def english() -> Words:
    """The same in English. Capitals, so that a voice says the letter's name."""
    return MappingProxyType({**_EN, **_letters(tuple(LETTERS))})


def spelled(code: str, language: str, numbers: Numbers) -> list[str]:
    """The words of a number as it stands on the slip: `A012`, or `A7-012` where a kiosk gave it. What is neither a
    letter nor a digit is a pause."""
    return [word for part in _parts(code) for word in _part(part, language, numbers)]


def number_words(number: int, language: str) -> list[str]:
    """The words of a whole number; digit by digit from a million on."""
    if number >= MOST:
        return list(str(number))
    return list(_vi_number(number) if language == "vi" else _en_number(number))


def _letters(said: tuple[str, ...]) -> dict[str, str]:
    return {f"letter-{letter.lower()}": word for letter, word in zip(LETTERS, said, strict=True)}


def _parts(code: str) -> Iterator[str]:
    """Letters one by one, digits that follow each other together, anything else as one gap."""
    at = 0
    while at < len(code):
        end = at + 1
        while end < len(code) and _kind(code[at]) == _kind(code[end]) != "letter":
            end += 1
        yield code[at:end]
        at = end


def _kind(sign: str) -> str:
    if sign.upper() in LETTERS:
        return "letter"
    return "digit" if sign in "0123456789" else "gap"


def _part(part: str, language: str, numbers: Numbers) -> list[str]:
    match _kind(part[0]):
        case "letter":
            return [f"letter-{part.lower()}"]
        case "digit":
            return list(part) if numbers == "digits" else number_words(int(part), language)
        case _:
            return [PAUSE]


def _vi_number(number: int) -> Iterator[str]:
    thousands, rest = divmod(number, 1000)
    if thousands:
        yield from _vi_hundreds(thousands, in_full=False)
        yield "thousand"
    if rest or not thousands:
        yield from _vi_hundreds(rest, in_full=thousands > 0)


def _vi_hundreds(number: int, *, in_full: bool) -> Iterator[str]:
    """`in_full`: after a thousand the hundred is said even when it is none, 1005: không trăm linh năm."""
    hundreds, rest = divmod(number, 100)
    if not hundreds and not in_full:
        yield from _vi_tens(rest)
        return
    yield from (str(hundreds), "hundred")
    if 0 < rest < 10:
        yield from ("odd", str(rest))
    elif rest:
        yield from _vi_tens(rest)


def _vi_tens(number: int) -> Iterator[str]:
    tens, unit = divmod(number, 10)
    if tens == 0:
        yield str(unit)
        return
    yield from ("10",) if tens == 1 else (str(tens), "tens")
    if unit:
        changed = {5} if tens == 1 else {1, 4, 5}
        yield f"{unit}-last" if unit in changed else str(unit)


def _en_number(number: int) -> Iterator[str]:
    thousands, rest = divmod(number, 1000)
    if thousands:
        yield from _en_hundreds(thousands, after=False)
        yield "thousand"
    if rest or not thousands:
        yield from _en_hundreds(rest, after=thousands > 0)


def _en_hundreds(number: int, *, after: bool) -> Iterator[str]:
    """`after`: a thousand was said before, and a small rest is joined to it."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        yield from (str(hundreds), "hundred")
    if rest == 0 and hundreds:
        return
    if hundreds or after:
        yield "and"
    if rest < 20:
        yield str(rest)
        return
    tens, unit = divmod(rest, 10)
    yield str(tens * 10)
    if unit:
        yield str(unit)
