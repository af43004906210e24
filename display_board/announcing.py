"""What is said when a number is called, word by word, and what becomes of it when calls come faster than speech. Pure.

One announcement at a time. Whose turn comes while others wait is said once, in the first language; what is older than a
minute by then, or has been served, is not said at all; a number called again while it waits is said once.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from display_board.spelling import PAUSE, Numbers, Variant, english, spelled, vietnamese
from hub.contract.names import Text
from hub.contract.time import Instant

Sound = Literal["both", "chime", "voice"]
"""A chime and a voice after it, or one of the two."""

OLD_MS: Final = 60_000
"""A call that could not be said for so long is not said any more."""

LONGEST_MS: Final = 45_000
"""A page that has not said by then that it has finished never will."""

SPOKEN: Final = ("vi", "en")
"""Languages there are words for."""


class Mark(NamedTuple):
    """Which call: marks are compared within one epoch only."""

    epoch: str
    sequence: int


class Clip(NamedTuple):
    """One piece of sound: the file `language/name.wav` of a voice, or what a machine says in its place.

    Without `language` it is no speech: the chime, a pause.
    """

    language: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is said. `times`: so often when nobody waits to be called after it."""

    sound: Sound = "both"
    languages: tuple[str, ...] = ("vi", "en")
    numbers: Numbers = "digits"
    variant: Variant = "north"
    times: int = 1


@dataclass(frozen=True, slots=True)
class Called:
    """A number that is called to a counter. `at`: when it was called, by the hub's clock. `mark`: by what the hub knows
    the call; those that were found together share one.
    """

    mark: Mark
    number: str
    counter: str
    label: Text
    at: Instant

    @property
    def key(self) -> str:
        """Another one for every call of every number."""
        return f"{self.number} {self.at}"


# ---------------------------------------------------------------- the words

CHIME: Final = Clip("", "chime")
BREATH: Final = Clip("", PAUSE)

_INVITE: Final = {"vi": "Mời công dân có số thứ tự", "en": "Now calling number"}
_TO: Final = {"vi": "đến", "en": "please go to"}
_PLACES: Final = MappingProxyType(
    {
        "vi": {
            "quầy": ("to-counter", "đến quầy số"),
            "phòng": ("to-room", "đến phòng số"),
            "cửa": ("to-window", "đến cửa số"),
            "bàn": ("to-desk", "đến bàn số"),
            "ô": ("to-box", "đến ô số"),
        },
        "en": {
            "counter": ("to-counter", "please go to counter"),
            "room": ("to-room", "please go to room"),
            "window": ("to-window", "please go to window"),
            "desk": ("to-desk", "please go to desk"),
            "box": ("to-box", "please go to box"),
        },
    }
)
_LABEL: Final = re.compile(r"(?P<place>\D+?)(?:\s+(?:số|no\.?|number))?\s+(?P<which>[A-Z]?\d{1,4}[A-Z]?|[A-Z])", re.I)


def announcement(called: Called, manner: Manner, *, short: bool = False) -> tuple[Clip, ...]:
    """The clips of one announcement, in order. `short`: the first language only, once."""
    chime = (CHIME,) if manner.sound != "voice" else ()
    if manner.sound == "chime":
        return chime
    languages = [one for one in manner.languages if one in SPOKEN] or list(SPOKEN[:1])
    said = languages[:1] if short else languages * manner.times
    sentences = [_sentence(called, language, manner) for language in said]
    return (*chime, *_joined(sentences))


def words(language: str, variant: Variant) -> tuple[Clip, ...]:
    """Every clip of a language that does not depend on what a centre calls its counters: what a voice pack holds."""
    table = _table(language, variant)
    fixed = (("invite", _INVITE[language]), *_PLACES[language].values())
    return tuple(Clip(language, name, text) for name, text in (*fixed, *table.items()))


def everyday(manner: Manner) -> tuple[Clip, ...]:
    """All that this manner can make it say, but for labels that are no words."""
    spoken = [one for one in manner.languages if one in SPOKEN] if manner.sound != "chime" else []
    return (CHIME, BREATH, *(clip for language in spoken for clip in words(language, manner.variant)))


def _sentence(called: Called, language: str, manner: Manner) -> list[Clip]:
    table = _table(language, manner.variant)
    number = spelled(called.number, language, manner.numbers)
    label = called.label.get(language) or called.label.get("vi") or next(iter(called.label.values()), "")
    return [
        Clip(language, "invite", _INVITE[language]),
        *(_word(table, language, name) for name in number),
        *_place(label, language, table),
    ]


def _place(label: str, language: str, table: MappingProxyType[str, str]) -> Iterator[Clip]:
    """Where to go: `Quầy 5` in words, and a label that is no such thing as it stands."""
    found = _LABEL.fullmatch(label.strip())
    known = _PLACES[language].get(found["place"].strip().lower()) if found else None
    if found is None or known is None:
        text = f"{_TO[language]} {label.strip()}"
        yield Clip(language, f"place-{hashlib.sha256(text.encode()).hexdigest()[:12]}", text)
        return
    yield Clip(language, *known)
    for name in spelled(found["which"].upper(), language, "number"):
        yield _word(table, language, name)


def _word(table: MappingProxyType[str, str], language: str, name: str) -> Clip:
    return BREATH if name == PAUSE else Clip(language, name, table[name])


def _table(language: str, variant: Variant) -> MappingProxyType[str, str]:
    return vietnamese(variant) if language == "vi" else english()


def _joined(sentences: list[list[Clip]]) -> Iterator[Clip]:
    for at, sentence in enumerate(sentences):
        if at:
            yield BREATH
        yield from sentence


# ---------------------------------------------------------------- whose turn it is


@dataclass(frozen=True, slots=True)
class Turn:
    """Something to be said now. `short` as in `announcement`."""

    called: Called
    short: bool


@dataclass(frozen=True, slots=True)
class Speech:
    """What is being said, and what waits for its turn, oldest first."""

    waiting: tuple[Called, ...] = ()
    speaking: Called | None = None
    since: Instant = Instant(0)

    @property
    def keys(self) -> frozenset[str]:
        """Calls that are neither said nor given up yet."""
        own = () if self.speaking is None else (self.speaking,)
        return frozenset(one.key for one in (*own, *self.waiting))


class Verdict(Enum):
    """Whether a call may be said now."""

    READY = "ready"
    NOT_YET = "not yet"
    OVER = "over"


def line_up(speech: Speech, called: Called) -> tuple[Speech, tuple[Called, ...]]:
    """One more to be said; and those of the same number that it takes the place of."""
    same = tuple(one for one in speech.waiting if one.number == called.number)
    others = tuple(one for one in speech.waiting if one.number != called.number)
    return replace(speech, waiting=(*others, called)), same


def next_turn(
    speech: Speech, verdict: Callable[[Called], Verdict], now: Instant
) -> tuple[Speech, Turn | None, tuple[Called, ...]]:
    """Who is said now, if anybody; and those who will not be said any more."""
    judged = [(one, Verdict.OVER if now - one.at > OLD_MS else verdict(one)) for one in speech.waiting]
    over = tuple(one for one, judgement in judged if judgement is Verdict.OVER)
    left = tuple(one for one, judgement in judged if judgement is not Verdict.OVER)
    ready = [one for one, judgement in judged if judgement is Verdict.READY]
    if is_busy(speech, now):
        return replace(speech, waiting=left), None, over
    if not ready:
        return Speech(left), None, over
    first = ready[0]
    others = tuple(one for one in left if one is not first)
    return Speech(others, first, now), Turn(first, short=len(ready) > 1), over


def ended(speech: Speech, key: str) -> Speech:
    """The page has finished saying it, or could not."""
    if speech.speaking is None or speech.speaking.key != key:
        return speech
    return replace(speech, speaking=None)


def given_up(speech: Speech) -> Speech:
    """The page that spoke has gone."""
    return replace(speech, speaking=None)


def is_busy(speech: Speech, now: Instant) -> bool:
    """Whether something is being said."""
    return speech.speaking is not None and 0 <= now - speech.since <= LONGEST_MS
