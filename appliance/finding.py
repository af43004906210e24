"""Finding a service by words: as people say it, with or without marks, with slips of the finger. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile
from math import log
from typing import Final

from appliance.likeness import Word, alike, letters, sound, words_of
from appliance.wordings import Everyday, Place, Wording, everyday, wordings
from hub.contract.messages import Services

MOST_WORDS: Final = 10
"""Of a query; nobody tells a kiosk more."""
ENOUGH: Final = 0.5
"""So much of what is asked must be found with a service."""
BESIDE_THE_BEST: Final = 0.6
"""A service that fits so much worse than the best one is not shown."""

SLIGHT: Final = 0.15
"""The weight of a filler among other words."""
HEARD: Final = 0.75
HEARD_OF_KNOWN: Final = 0.55
"""Sounds alike; and sounds alike, but what was typed is a word itself."""
BEGUN: Final = (0.6, 0.3)
"""The beginning of a word: for itself, and for how much of the word it is."""
ONE_LETTER: Final = 0.5
INITIALS: Final = 0.8
OTHER_MARKS: Final = 0.8
OTHER_LANGUAGE: Final = 0.97
TOGETHER: Final = 0.25
"""More for words that stand together as they were asked."""
WHOLE: Final = {Place.NAME: 0.25, Place.EVERYDAY: 0.2, Place.DESCRIPTION: 0.15, Place.GROUP: 0.1}
"""More for words that are all there is: `khai sinh` is rather `Đăng ký khai sinh` than `… có yếu tố nước ngoài`."""
SHORTEST_RUN: Final = 4
"""Letters. Shorter ones are not several words run together."""
ABBREVIATIONS: Final = range(3, 8)
SPOKEN: Final = frozenset("aeioy")
"""Letters that hardly occur in abbreviations."""


@dataclass(frozen=True)
class Why:
    """What of a service answers: its own words as they are written, or the everyday words for it."""

    place: Place
    text: str


@dataclass(frozen=True)
class Found:
    """A service that fits."""

    service_id: str
    why: Why


def find(query: str, services: Services, language: str) -> list[Found]:
    """The services that fit `query`, the best first, those that fit alike in the order of the message. May be none.

    Services asked for the first time are put on the shelf, which takes longer than all the rest.
    """
    shelf = _shelf(_Same(services))
    asked = _understood(shelf, words_of(query)[:MOST_WORDS])
    fits = _fits(shelf, asked, language) if any(not one.slight for one in asked) else {}
    best = max((fit.score for fit in fits.values()), default=0.0)
    kept = [(service, fit) for service, fit in sorted(fits.items()) if fit.score >= best * BESIDE_THE_BEST]
    kept.sort(key=lambda one: one[1].score, reverse=True)
    return [Found(shelf.ids[service], fit.why) for service, fit in kept]


# ---------------------------------------------------------------- the shelf


@dataclass(frozen=True, eq=False)
class _Shelf:
    """All words of all services, laid out to be found quickly."""

    ids: tuple[str, ...]
    wordings: tuple[Wording, ...]
    initials: tuple[str, ...]
    """Of each wording."""
    spots: Mapping[str, Sequence[tuple[int, int, str]]]
    """By word: the wordings it stands in, at which place, with which marks."""
    known_by: Mapping[str, int]
    """How many services have the word."""
    ordered: Sequence[str]
    by_length: Mapping[int, Sequence[tuple[str, int]]]
    """With their letters as bits."""
    by_sound: Mapping[str, Sequence[str]]
    runs: Mapping[str, tuple[str, str]]
    """Words that stand together, run together: `khaisinh`."""
    runs_by_length: Mapping[int, Sequence[tuple[str, int]]]
    fillers: frozenset[Word]


class _Same:
    """A services message that equals only itself: a frozen model with lists in it cannot be looked up."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.services is self.services

    def __hash__(self) -> int:
        return id(self.services)


@lru_cache(maxsize=2)
def _shelf(same: _Same) -> _Shelf:
    return _laid_out(same.services, everyday())


def _laid_out(services: Services, table: Everyday) -> _Shelf:
    laid = tuple(wordings(services, table))
    spots: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    runs: dict[str, tuple[str, str]] = {}
    for number, wording in enumerate(laid):
        for at, word in enumerate(wording.words):
            spots[word.plain].append((number, at, word.marks))
        for one, next_ in pairwise(wording.words):
            runs.setdefault(one.plain + next_.plain, (one.plain, next_.plain))
    return _Shelf(
        ids=tuple(service.id for group in services.groups for service in group.services),
        wordings=laid,
        initials=tuple("".join(word.plain[0] for word in wording.words) for wording in laid),
        spots=dict(spots),
        known_by={word: len({laid[number].service for number, _, _ in at}) for word, at in spots.items()},
        ordered=sorted(spots),
        by_length=_by_length(spots),
        by_sound=_by_sound(spots),
        runs=runs,
        runs_by_length=_by_length(runs),
        fillers=table.fillers,
    )


def _by_length(words: Iterable[str]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for word in words:
        found[len(word)].append((word, letters(word)))
    return dict(found)


def _by_sound(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        found[sound(word)].append(word)
    return dict(found)


# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True)
class _Asked:
    """A word of the query: the words of the shelf it may be, and how well; what it weighs among the others."""

    word: Word
    likes: Mapping[str, float]
    weight: float
    slight: bool


def _understood(shelf: _Shelf, words: Sequence[Word]) -> list[_Asked]:
    """The words of the query, those run together taken apart."""
    apart = [part for word in words for part in _apart(shelf, word)]
    likes = [_likes(shelf, word.plain, alone=len(apart) == 1) for word in apart]
    weights = [_telling(shelf, likely) for likely in likes]
    told = [weight for weight in weights if weight]
    usual = sum(told) / len(told) if told else 1.0
    asked = []
    for word, likely, weight in zip(apart, likes, weights, strict=True):
        slight = word in shelf.fillers
        asked.append(_Asked(word, likely, (weight or usual) * (SLIGHT if slight else 1.0), slight))
    return asked


def _telling(shelf: _Shelf, likes: Mapping[str, float]) -> float:
    """A word that few services have says more. 0.0: no service has it."""
    if not likes:
        return 0.0
    return log(1 + len(shelf.ids) / shelf.known_by[max(likes, key=lambda word: likes[word])])


def _likes(shelf: _Shelf, typed: str, *, alone: bool) -> dict[str, float]:
    known = typed in shelf.spots
    likes = dict.fromkeys(shelf.by_sound.get(sound(typed), ()), HEARD_OF_KNOWN if known else HEARD)
    if len(typed) > 1 or not alone:
        for word in _beginning(shelf, typed):
            likes[word] = _begun(typed, word)
    if not known:
        for word, quality in _near(shelf.by_length, typed):
            likes[word] = max(quality, likes.get(word, 0.0))
    if known:
        likes[typed] = 1.0
    return likes


def _beginning(shelf: _Shelf, typed: str) -> Iterator[str]:
    start = bisect_left(shelf.ordered, typed)
    return takewhile(lambda word: word.startswith(typed), shelf.ordered[start:])


def _begun(typed: str, word: str) -> float:
    return ONE_LETTER if len(typed) == 1 else BEGUN[0] + BEGUN[1] * len(typed) / len(word)


def _near(by_length: Mapping[int, Sequence[tuple[str, int]]], typed: str) -> Iterator[tuple[str, float]]:
    """Words that `typed` can be by slips of the finger."""
    bits = letters(typed)
    for length in range(len(typed) - 2, len(typed) + 3):
        for word, others in by_length.get(length, ()):
            if (bits ^ others).bit_count() <= 4 and (quality := alike(typed, word)):
                yield word, quality


def _apart(shelf: _Shelf, word: Word) -> list[Word]:
    """The words that are run together in one, or this one."""
    typed = word.plain
    if len(typed) < SHORTEST_RUN or typed in shelf.spots or any(_beginning(shelf, typed)):
        return [word]
    parts = shelf.runs.get(typed) or _cut(shelf, typed)
    if not parts and not any(_near(shelf.by_length, typed)):
        near = max(_near(shelf.runs_by_length, typed), key=lambda one: one[1], default=None)
        parts = shelf.runs[near[0]] if near is not None else ()
    return [Word(part) for part in parts] or [word]


def _cut(shelf: _Shelf, typed: str) -> tuple[str, ...]:
    """The fewest known words that `typed` can be cut into; of the last one the beginning will do."""
    cuts: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(typed) + 1):
        for start in range(end - 1):
            part = typed[start:end]
            known = part in shelf.spots or (end == len(typed) and any(_beginning(shelf, part)))
            if start in cuts and known and (end not in cuts or len(cuts[start]) + 1 < len(cuts[end])):
                cuts[end] = (*cuts[start], part)
    return cuts.get(len(typed), ())


# ---------------------------------------------------------------- what fits


@dataclass(frozen=True)
class _Fit:
    score: float
    why: Why


Spots = Mapping[int, Mapping[int, float]]
"""Where words of the query stand in a wording: by their number, place and quality."""


def _fits(shelf: _Shelf, asked: Sequence[_Asked], language: str) -> dict[int, _Fit]:
    """The services in which enough of the query was found."""
    total = sum(one.weight for one in asked)
    answers: dict[int, list[_Answer]] = defaultdict(list)
    for number, spots in _spots(shelf, asked).items():
        answers[shelf.wordings[number].service].append(_answer(shelf.wordings[number], asked, spots, language))
    fits = {}
    for service, given in answers.items():
        found = sum(max(answer.got[at] for answer in given) * one.weight for at, one in enumerate(asked)) / total
        if found >= ENOUGH:
            best = max(given, key=lambda answer: answer.value)
            more = max(answer.more for answer in given)
            fits[service] = _Fit(round(found + more, 6), Why(best.wording.place, best.wording.text))
    return fits


def _spots(shelf: _Shelf, asked: Sequence[_Asked]) -> dict[int, dict[int, dict[int, float]]]:
    """By wording: where the words of the query stand in it."""
    found: dict[int, dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for at, one in enumerate(asked):
        for word, quality in one.likes.items():
            for number, place, marks in shelf.spots[word]:
                fitting = quality if one.word.marks in ("", marks) else quality * OTHER_MARKS
                found[number][at][place] = max(fitting, found[number][at].get(place, 0.0))
        if not one.likes and len(one.word.plain) in ABBREVIATIONS and not SPOKEN & set(one.word.plain):
            for number, initials in enumerate(shelf.initials):
                if (start := initials.find(one.word.plain)) >= 0:
                    found[number][at] = dict.fromkeys(range(start, start + len(one.word.plain)), INITIALS)
    return found


@dataclass(frozen=True)
class _Answer:
    """How one wording answers: what of each word of the query it has, and what more speaks for it."""

    wording: Wording
    got: Sequence[float]
    more: float
    value: float


def _answer(wording: Wording, asked: Sequence[_Asked], spots: Spots, language: str) -> _Answer:
    weight = wording.weight * (1.0 if wording.language in ("", language) else OTHER_LANGUAGE)
    got = [max(spots[at].values()) * weight if at in spots else 0.0 for at in range(len(asked))]
    more = weight * (TOGETHER * _together(asked, spots) + WHOLE[wording.place] * _whole(wording, asked, spots))
    value = sum(one * word.weight for one, word in zip(got, asked, strict=True)) / sum(one.weight for one in asked)
    return _Answer(wording, got, more, value + more)


def _together(asked: Sequence[_Asked], spots: Spots) -> float:
    """How much of the query stands there as it was asked, word after word."""
    total = found = 0.0
    for at in range(len(asked) - 1):
        weight = asked[at].weight + asked[at + 1].weight
        total += weight
        if at in spots and at + 1 in spots:
            pairs = [min(q, spots[at + 1][place + 1]) for place, q in spots[at].items() if place + 1 in spots[at + 1]]
            found += weight * max(pairs, default=0.0)
    return found / total if total else 0.0


def _whole(wording: Wording, asked: Sequence[_Asked], spots: Spots) -> float:
    """How much of the wording was asked for."""
    best: dict[int, float] = {}
    for at, places in spots.items():
        for place, quality in places.items():
            best[place] = max(best.get(place, 0.0), quality * (SLIGHT if asked[at].slight else 1.0))
    return sum(best.values()) / len(wording.words)
