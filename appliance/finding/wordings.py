"""All the words a service answers to: its own in every language, and the everyday ones that mean it. Pure.

The table of everyday words stands in `everyday.toml`. It speaks of services by their words, never by their ids.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from appliance.finding.likeness import Word, words_of
from hub.contract.messages import Service, ServiceGroup, Services

_PIECES: Final = re.compile(r"[,;:/()\n•–]|\.\s")
"""A description is a list; what is said of one thing does not go on in the next."""


class Place(StrEnum):
    """Where the words stand."""

    NAME = "name"
    DESCRIPTION = "description"
    GROUP = "group"
    EVERYDAY = "everyday"


WEIGHTS: Final = {Place.NAME: 1.0, Place.DESCRIPTION: 0.9, Place.GROUP: 0.6}
"""How surely a service is meant by whoever says these words of it."""
EVERYDAY_WEIGHT: Final = 0.9
LARGER_SHARE: Final = 0.06
"""So much more where the meaning is all that is said, and nothing beside much else."""
LATER_MEANING: Final = 0.06
"""Every further meaning of a saying counts so much less."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that stand together. `service` counts the services of the message; everyday words have no language."""

    service: int
    place: Place
    text: str
    words: tuple[Word, ...]
    weight: float
    language: str = ""


@dataclass(frozen=True)
class Saying:
    """What people say, and what services call it, the likeliest first. `otherwise` counts when no service does."""

    said: tuple[str, ...]
    means: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True)
class Everyday:
    """The table. `fillers` say nothing about what is wanted."""

    sayings: tuple[Saying, ...]
    fillers: frozenset[Word]


@cache
def everyday() -> Everyday:
    """The table as it is shipped."""
    table = tomllib.loads(files("appliance.finding").joinpath("everyday.toml").read_text("utf-8"))
    sayings = (
        Saying(*(tuple(one.get(key, ())) for key in ("said", "means", "otherwise"))) for one in table["everyday"]
    )
    return Everyday(tuple(sayings), frozenset(words_of(" ".join(table["fillers"]))))


def _saying(said: list[str], means: list[str], otherwise: Sequence[str] = ()) -> Saying:
    return Saying(tuple(said), tuple(means), tuple(otherwise))


def wordings(services: Services, table: Everyday) -> list[Wording]:
    """All that the services can be asked for by."""
    shown = [(group, service) for group in services.groups for service in group.services]
    own = [one for number, (group, service) in enumerate(shown) for one in _own(number, group, service)]
    return own + _said(own, table.sayings)


def _own(number: int, group: ServiceGroup, service: Service) -> Iterator[Wording]:
    for language, name in service.name.items():
        yield _wording(number, Place.NAME, name, language)
    for language, description in service.description.items():
        for piece in _PIECES.split(description):
            if piece.strip():
                yield _wording(number, Place.DESCRIPTION, piece.strip(), language)
    for language, name in group.name.items():
        yield _wording(number, Place.GROUP, name, language)


def _wording(number: int, place: Place, text: str, language: str) -> Wording:
    return Wording(number, place, text, words_of(text), WEIGHTS[place], language)


def _said(own: Sequence[Wording], sayings: Sequence[Saying]) -> list[Wording]:
    """The everyday words of every service that a saying means."""
    containing: dict[Word, dict[int, Wording]] = defaultdict(dict)
    for number, wording in enumerate(own):
        for word in wording.words:
            containing[word][number] = wording
    found: list[Wording] = []
    for saying in sayings:
        meant = _meant(saying.means, containing) or _meant(saying.otherwise, containing)
        words = [(text, words_of(text)) for text in saying.said]
        for service, weight in meant.items():
            found += [Wording(service, Place.EVERYDAY, text, said, weight) for text, said in words]
    return found


def _meant(means: Sequence[str], containing: dict[Word, dict[int, Wording]]) -> dict[int, float]:
    """The services that have one of `means` among their words, and how surely they are meant.

    What stands over a whole group of services means them all only when it is said of none of them.
    """
    found: dict[int, float] = {}
    for rank, text in enumerate(means):
        words = words_of(text)
        there = [one for one in containing.get(words[0], {}).values() if _stands_in(words, one.words)]
        for wording in [one for one in there if one.place is not Place.GROUP] or there:
            share = LARGER_SHARE * len(words) / len(wording.words)
            weight = wording.weight * (EVERYDAY_WEIGHT + share - LATER_MEANING * rank)
            found[wording.service] = max(weight, found.get(wording.service, 0.0))
    return found


def _stands_in(words: tuple[Word, ...], others: tuple[Word, ...]) -> bool:
    """Whether `others` contain `words`, one after another."""
    return any(others[at : at + len(words)] == words for at in range(len(others) - len(words) + 1))
