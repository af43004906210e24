"""Finding a service by words: as people say it, with or without marks, with slips of the finger. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile
from math import log
from typing import Final

from appliance.finding.likeness import Word, alike, letters, marked_alike, most_slips, sound, words_of
from appliance.finding.telex import is_plain_syllable
from appliance.finding.wordings import Everyday, Place, Wording, everyday, wordings
from hub.contract.messages import Services

LONGEST: Final = 100
MOST_WORDS: Final = 10
"""Letters and words of a query; nobody tells a kiosk more."""
ENOUGH: Final = 0.58
"""So much of what is asked must be found with a service."""
FAINTEST: Final = 0.52
"""A word that is less like what was typed is another word."""
BESIDE_THE_BEST: Final = 0.6
"""A service that fits so much worse than the best one is not shown."""

SLIGHT: Final = 0.15
"""The weight of a filler among other words."""
HEARD: Final = 0.75
HEARD_OF_KNOWN: Final = 0.55
"""Sounds alike; and sounds alike, but what was typed is a word itself."""
BEGUN: Final = (0.6, 0.3)
"""The beginning of a word: for itself, and for how much of the word it is."""
ONE_LETTER: Final = 0.55
INITIALS: Final = 0.8
OTHER_LANGUAGE: Final = 0.97
TOGETHER: Final = 0.25
"""More for words that stand together as they were asked."""
WHOLE: Final = {Place.NAME: 0.25, Place.EVERYDAY: 0.2, Place.DESCRIPTION: 0.15, Place.GROUP: 0.3}
"""More for words that are all there is: `khai sinh` is rather `Đăng ký khai sinh` than `… có yếu tố nước ngoài`."""
SHORTEST_RUN: Final = 4
"""Letters. Shorter ones are not several words run together."""
SURE_RUN: Final = 0.7
SHORTEST_PAIR: Final = 6
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
    asked = _understood(shelf, words_of(query[:LONGEST]))
    if all(one.slight for one in asked):
        return []
    fits = sorted(_fits(shelf, asked, language).items())
    scored = sorted(((fit.score(asked), shelf.ids[number], fit.why) for number, fit in fits), key=_best_first)
    least = max(scored[0][0] * BESIDE_THE_BEST, ENOUGH) if scored else 0.0
    return [Found(service, why) for score, service, why in scored if score >= least]


def _best_first(scored: tuple[float, str, Why]) -> float:
    return -scored[0]


# ---------------------------------------------------------------- the shelf


ByLength = Mapping[int, Sequence[tuple[str, int]]]
"""Words by how long they are, with their letters as bits."""


@dataclass(frozen=True, eq=False)
class _Shelf:
    """All words of all services, laid out to be found quickly."""

    ids: tuple[str, ...]
    phrases: Sequence[Sequence[Wording]]
    """Wordings of the same words: a saying is there once, and many services may be meant by it."""
    initials: Sequence[str]
    """Of each phrase."""
    spots: Mapping[str, Sequence[tuple[int, int, str]]]
    """By word: the phrases it stands in, at which place, with which marks."""
    known_by: Mapping[str, int]
    """How many services have the word."""
    ordered: Sequence[str]
    by_length: ByLength
    by_sound: Mapping[str, Sequence[str]]
    runs: Mapping[str, tuple[str, str]]
    """Words that stand together, run together: `khaisinh`."""
    runs_by_length: ByLength
    fillers: frozenset[Word]

    def strangeness(self, words: tuple[str, ...]) -> tuple[int, int]:
        """How many words, and how many neighbours among them that stand nowhere together."""
        return len(words), sum(one + next_ not in self.runs for one, next_ in pairwise(words))


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
    phrases: dict[tuple[Word, ...], list[Wording]] = defaultdict(list)
    for wording in wordings(services, table):
        phrases[wording.words].append(wording)
    spots: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    runs: dict[str, tuple[str, str]] = {}
    known_by: dict[str, set[int]] = defaultdict(set)
    for number, (words, worded) in enumerate(phrases.items()):
        for at, word in enumerate(words):
            spots[word.plain].append((number, at, word.marks))
            known_by[word.plain].update(wording.service for wording in worded)
        for one, next_ in pairwise(words):
            runs.setdefault(one.plain + next_.plain, (one.plain, next_.plain))
    return _Shelf(
        ids=tuple(service.id for group in services.groups for service in group.services),
        phrases=list(phrases.values()),
        initials=["".join(word.plain[0] for word in words) for words in phrases],
        spots=dict(spots),
        known_by={word: len(those) for word, those in known_by.items()},
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
    """The words of the query, those run together taken apart. Of a long one the fillers are left out."""
    apart = [part for word in words for part in _apart(shelf, word)]
    if len(apart) > MOST_WORDS:
        apart = [word for word in apart if word not in shelf.fillers][:MOST_WORDS]
    likes = [_likes(shelf, word, begun=_may_be_begun(shelf, apart, at)) for at, word in enumerate(apart)]
    for (one, its_likes), (next_, next_likes) in pairwise(zip(apart, likes, strict=True)):
        for (first, second), quality in _pairs(shelf, one, next_):
            its_likes[first] = max(quality, its_likes.get(first, 0.0))
            next_likes[second] = max(quality, next_likes.get(second, 0.0))
    weights = _weights(shelf, apart)
    return [_Asked(*one, one[0] in shelf.fillers) for one in zip(apart, likes, weights, strict=True)]


def _weights(shelf: _Shelf, words: Sequence[Word]) -> list[float]:
    """A word that few services have says more. One that none has says as much as the others do on average."""
    told = [
        log(1 + len(shelf.ids) / shelf.known_by[word.plain]) if word.plain in shelf.spots else 0.0 for word in words
    ]
    known = [one for one in told if one]
    usual = sum(known) / len(known) if known else 1.0
    fillers = [SLIGHT if word in shelf.fillers else 1.0 for word in words]
    return [(one or usual) * filler for one, filler in zip(told, fillers, strict=True)]


def _likes(shelf: _Shelf, word: Word, *, begun: bool) -> dict[str, float]:
    """The words of the shelf that this one may be, and how surely. `begun`: perhaps it is not finished."""
    typed, known = word.plain, word.plain in shelf.spots
    if word in shelf.fillers:
        return {typed: 1.0} if known else {}
    likes = dict.fromkeys(shelf.by_sound.get(sound(typed), ()), HEARD_OF_KNOWN if known else HEARD)
    if begun:
        likes |= {longer: _begun(typed, longer) for longer in _beginning(shelf, typed)}
    if known:
        return likes | {typed: 1.0}
    for near, quality in _near(shelf.by_length, typed):
        likes[near] = max(quality, likes.get(near, 0.0))
    return likes


def _may_be_begun(shelf: _Shelf, words: Sequence[Word], at: int) -> bool:
    """The last word may not be finished, nor any that is unknown; but a single letter alone says nothing."""
    if len(words) == 1 and len(words[0].plain) == 1:
        return False
    return at == len(words) - 1 or words[at].plain not in shelf.spots


def _beginning(shelf: _Shelf, typed: str) -> Iterator[str]:
    start = bisect_left(shelf.ordered, typed)
    return takewhile(lambda word: word.startswith(typed), shelf.ordered[start:])


def _begun(typed: str, word: str) -> float:
    return ONE_LETTER if len(typed) == 1 else BEGUN[0] + BEGUN[1] * len(typed) / len(word)


def _near(by_length: ByLength, typed: str, most: int = 2) -> Iterator[tuple[str, float]]:
    """Words that `typed` can be by slips of the finger."""
    bits, most = letters(typed), min(most, most_slips(typed))
    for length in range(len(typed) - most, len(typed) + most + 1):
        for word, others in by_length.get(length, ()):
            if (bits ^ others).bit_count() <= 2 * most and (quality := alike(typed, word, most)):
                yield word, quality


def _pairs(shelf: _Shelf, one: Word, next_: Word) -> Iterator[tuple[tuple[str, str], float]]:
    """Words that stand together, and may be these two with one slip or the space elsewhere: `khi sinh`, `kha isinh`."""
    typed = one.plain + next_.plain
    if typed in shelf.runs:
        yield shelf.runs[typed], 1.0
    elif len(typed) >= SHORTEST_PAIR and not {one, next_} & shelf.fillers:
        yield from ((shelf.runs[run], quality) for run, quality in _near(shelf.runs_by_length, typed, most=1))


def _apart(shelf: _Shelf, word: Word) -> list[Word]:
    """The words that are run together in one, or this one."""
    typed = word.plain
    if len(typed) < SHORTEST_RUN or typed in shelf.spots or is_plain_syllable(typed) or any(_beginning(shelf, typed)):
        return [word]
    parts = shelf.runs.get(typed) or _cut(shelf, typed)
    strange = shelf.strangeness(parts)[1] > 0
    if (strange or not parts) and any(_near(shelf.by_length, typed)):
        return [word]  # rather one word with a slip, `tuhong`, than words that nobody says together
    if not parts:
        run, quality = max(_near(shelf.runs_by_length, typed), key=lambda one: one[1], default=("", 0.0))
        parts = shelf.runs[run] if quality >= SURE_RUN else ()
    return [Word(part) for part in parts] or [word]


def _cut(shelf: _Shelf, typed: str) -> tuple[str, ...]:
    """The fewest known words that `typed` can be cut into, rather those that stand together somewhere.

    The last one may have been only begun.
    """
    cuts: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(typed) + 1):
        for start in range(end - 1):
            part = typed[start:end]
            known = part in shelf.spots or (end == len(typed) and any(_beginning(shelf, part)))
            if start in cuts and known:
                cuts[end] = min(cuts.get(end, (*cuts[start], part)), (*cuts[start], part), key=shelf.strangeness)
    return cuts.get(len(typed), ())


# ---------------------------------------------------------------- what fits


Spots = Mapping[int, Mapping[int, float]]
"""Where words of the query stand in a phrase: by their number in the query, place and quality."""


@dataclass
class _Fit:
    """What was found with one service so far."""

    got: dict[int, float] = field(default_factory=dict)
    """How surely each word of the query is meant, by its number."""
    more: dict[Place, float] = field(default_factory=dict)
    value: float = 0.0
    why: Why = Why(Place.GROUP, "")

    def add(self, wording: Wording, got: Mapping[int, float], weight: float, more: float) -> None:
        """The best of each word, and of each place: what stands there twice counts once."""
        for at, quality in got.items():
            if quality * weight > self.got.get(at, 0.0):
                self.got[at] = quality * weight
        if more > self.more.get(wording.place, 0.0):
            self.more[wording.place] = more

    def score(self, asked: Sequence[_Asked]) -> float:
        """How well it fits; 0.0 when too little of the query was found."""
        found = _share(self.got, asked)
        return round(found + sum(self.more.values()), 6) if found >= ENOUGH else 0.0


def _fits(shelf: _Shelf, asked: Sequence[_Asked], language: str) -> dict[int, _Fit]:
    """All services of which any word was asked for."""
    fits: dict[int, _Fit] = defaultdict(_Fit)
    for number, spots in _spots(shelf, asked).items():
        phrase = shelf.phrases[number]
        got = {at: max(places.values()) for at, places in spots.items()}
        share, together, whole = _share(got, asked), _together(asked, spots), _whole(phrase[0], asked, spots)
        for wording in phrase:
            weight = wording.weight * (1.0 if wording.language in ("", language) else OTHER_LANGUAGE)
            weight *= (1 + whole) / 2 if wording.place is Place.EVERYDAY else 1.0
            more = weight * (TOGETHER * together + WHOLE[wording.place] * whole * share)
            fit = fits[wording.service]
            fit.add(wording, got, weight, more)
            if share * weight + more > fit.value:
                fit.value, fit.why = share * weight + more, Why(wording.place, wording.text)
    return fits


def _share(got: Mapping[int, float], asked: Sequence[_Asked]) -> float:
    """How much of the query was found."""
    return sum([quality * asked[at].weight for at, quality in got.items()]) / sum([one.weight for one in asked])


def _spots(shelf: _Shelf, asked: Sequence[_Asked]) -> dict[int, dict[int, dict[int, float]]]:
    """By phrase: where the words of the query stand in it."""
    found: dict[int, dict[int, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for at, one in enumerate(asked):
        for word, quality in one.likes.items():
            for number, place, marks in shelf.spots[word]:
                fitting = quality * marked_alike(one.word.marks, marks)
                if fitting >= FAINTEST:
                    found[number][at][place] = max(fitting, found[number][at].get(place, 0.0))
        if one.word.plain not in shelf.spots and _is_abbreviated(one.word.plain):
            for number, initials in enumerate(shelf.initials):
                if (start := initials.find(one.word.plain)) >= 0:
                    found[number][at] = dict.fromkeys(range(start, start + len(one.word.plain)), INITIALS)
    return found


def _is_abbreviated(typed: str) -> bool:
    return len(typed) in ABBREVIATIONS and not SPOKEN & set(typed)


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
