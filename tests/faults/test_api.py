"""Requests drawn from the API's own description, by everybody who can ask, on the real hub (quality: S7).

Everybody gets what the tables say and no more, each answer is as described, nothing breaks inside, and a healthy desk
is served all the while.
"""

import random
import shutil
from collections.abc import Iterator
from typing import Final

import pytest
from schemathesis import Case, GenerationMode

from tests.faults import figures
from tests.faults.described import operations
from tests.faults.drawing import asks, drawn, edges
from tests.faults.examples import EVENTS, EXAMPLES, FIRST, THE_FIRST, Example
from tests.faults.judging import Rights, code_of, problems
from tests.faults.scene import Scene, plan, visited
from tests.faults.visitors import MAY, NOBODY, Visitor
from tests.postgresql import PostgreSQL
from tests.rig import checker, truth
from tests.rig.centre import made
from tests.rig.running import running

BARRED_TIMES: Final = 3
"""So often an operation is asked by who may not; who may asks all that was drawn for it."""

PATIENCE_S: Final = 5.0
"""The healthy desk never waits so long, on a machine that is busy with other tests; usually it waits for 0.02 s."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """One hub for all requests, on each database; at its end it must be as sound as at its beginning."""
    url = ""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.create())
    with visited(url) as there:
        yield there
        there.healthy.finish()
        waited = there.healthy.waited_s
        desk = {"numbers": len(waited), "longest wait s": round(max(waited, default=0), 3)}
        figures.keep(f"api-{request.param}", {"desk": desk, "answers": there.answers})
        assert there.healthy.problems(PATIENCE_S) == []
        assert there.broken() == []
        assert there.hub.stop() == 0
        assert [*checker.own_judgement(there.centre, truth.read(there.centre))] == []


def test_every_operation_has_an_example() -> None:
    """With it, whoever may ask succeeds at least once."""
    assert {example.operation for example in EXAMPLES} == operations().keys()


@pytest.mark.parametrize("visitor", MAY)
def test_who_may_succeeds_everywhere_and_nobody_else(scene: Scene, visitor: str) -> None:
    """Each operation of the description is granted to every role that may ask it, and refused to every other."""
    asked = [scene.ask(visitor, example.case()) for example in EXAMPLES]
    assert [problem for one in asked for problem in one.problems] == []
    unlike = [one for one in asked if one.code != scene.rights(visitor, one.operation).barred]
    assert [(one.operation, one.code) for one in unlike] == [(THE_FIRST, "not-found")]


@pytest.mark.parametrize("visitor", MAY)
def test_no_request_does_harm(scene: Scene, visitor: str) -> None:
    """Fit, unfit and awkward ones for every operation, in any order; and nobody is held up as one who guesses."""
    chance = random.Random(visitor)
    sent: list[Case] = []
    for operation in operations():
        cases = drawn(operation)
        barred = scene.rights(visitor, operation).barred
        sent += chance.sample(cases, min(BARRED_TIMES, len(cases))) if barred else cases
    chance.shuffle(sent)
    assert [problem for case in sent for problem in scene.ask(visitor, case).problems] == []
    assert "429 too-many" not in scene.answers[visitor]


def test_no_request_at_the_edges_does_harm(scene: Scene) -> None:
    """Bounds, wrong types, what is left out or too much, methods that are not described; asked by one who may."""
    found: list[str] = []
    for operation in operations():
        visitor = next(name for name in MAY if not scene.rights(name, operation).barred)
        found += [problem for case in edges(operation) for problem in scene.ask(visitor, case).problems]
    assert found == []


def test_requests_of_every_kind_are_drawn() -> None:
    """Fit, unfit and awkward ones for each operation that asks for anything; and once more the same."""
    for label, operation in operations().items():
        kinds = {case.meta.generation.mode if case.meta else "awkward" for case in drawn(label)}
        assert kinds == ({*GenerationMode, "awkward"} if asks(operation) else {GenerationMode.POSITIVE}), label
    assert drawn.__wrapped__(EVENTS) == drawn(EVENTS)


def test_the_first_administrator_is_let_in_once() -> None:
    """By the code that a hub without staff says; then the door is gone, as described."""
    with made(plan()) as centre:
        shutil.rmtree(centre.settings.data.directory)  # whom it knew, it knows no more
        with running(centre) as hub:
            right = {**FIRST, "code": hub.events("nobody-can-sign-in-yet")[0]["code"]}
            visitor = Visitor(centre, NOBODY)
            said = []
            for body in (FIRST, right, right):
                case = Example(THE_FIRST, body=body).case()
                answer = visitor.send(case)
                assert problems(case, answer, Rights()) == []
                said.append((answer.status_code, code_of(answer)))
            visitor.close()
            assert hub.complaints() == []
    assert said == [(403, "not-allowed"), (201, ""), (404, "not-found")]
