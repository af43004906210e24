"""Requests that Schemathesis draws from the description of the API: fit, unfit, and fit but for one awkward text."""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode

from tests.faults.described import KNOWN, Operation, operations

FIT, UNFIT, AWKWARD = 10, 4, 6
"""So many for each operation."""

OF_THIS_CENTRE: Final = 2 / 3
"""So many fields of fit requests that could name something do name something that is there."""

TEXTS: Final = ("\x00", "a\x00b", "\x1b[2J", "\u202e", "\uffff", " ", "%", "'\"<", "ﷺ" * 40)
"""What a database, a page or a log may choke on."""


@cache
def drawn(label: str) -> tuple[Case, ...]:
    """Requests for this operation. They are the same in every run, whatever becomes of them."""
    return tuple(_requests(operations()[label], random.Random(label)))


@cache
def edges(label: str) -> tuple[Case, ...]:
    """Requests just inside and just outside of what is described for this operation, one after the other."""
    schema, operation = operations()[label].schema, operations()[label]
    config = schema.config.generation_for(operation=operation)
    modes = list(GenerationMode)
    return tuple(schema.iter_coverage_cases(operation, generation_modes=modes, generation_config=config))


def _requests(operation: Operation, chance: random.Random) -> Iterator[Case]:
    fit = [_at_home(case, chance) for case in _drawn(operation, GenerationMode.POSITIVE, FIT)]
    yield from fit
    if asks(operation):
        yield from _drawn(operation, GenerationMode.NEGATIVE, UNFIT)
        yield from (_awkward(chance.choice(fit), chance) for _ in range(AWKWARD))


def asks(operation: Operation) -> bool:
    """Whether it asks for anything; else there is nothing that could be unfit."""
    return bool([*operation.iter_parameters(), *operation.body])


def _drawn(operation: Operation, mode: GenerationMode, count: int) -> list[Case]:
    cases: list[Case] = []

    @seed(operation.label)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Case) -> None:
        cases.append(case)

    draw()
    return cases


def _at_home(case: Case, chance: random.Random) -> Case:
    """With names of what there is: else nothing would ever be found."""

    def named(fields: dict[str, Any]) -> dict[str, Any]:
        known = [name for name in fields if name in KNOWN and chance.random() < OF_THIS_CENTRE]
        return {**fields, **{name: chance.choice(KNOWN[name]) for name in known}}

    case.path_parameters = named(case.path_parameters)
    if isinstance(case.body, dict):
        case.body = named(case.body)
    return case


def _awkward(case: Case, chance: random.Random) -> Case:
    """With one text that is hard to swallow; whether it is fit, nobody has asked."""
    sent: dict[str, dict[str, Any]] = {"path_parameters": case.path_parameters, "query": case.query}
    if isinstance(case.body, dict):
        sent["body"] = case.body
    fields = [(part, name) for part, told in sent.items() for name in told] or [("query", "unknown")]
    part, name = chance.choice(fields)
    text = chance.choice(TEXTS)
    sent[part] = {**sent[part], name: quote(text, safe="") if part == "path_parameters" else text}
    return case.operation.Case(headers=case.headers, media_type=case.media_type, **sent)
