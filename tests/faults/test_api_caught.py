"""What the judgement of `test_api` is there to find, it does find: on a sabotaged hub, and in answers made up."""

import json
from collections.abc import Iterator
from typing import Final

import pytest
import requests
from schemathesis import Response

from tests.faults.described import A_PERSON, A_TOKEN
from tests.faults.drawing import FIT, drawn
from tests.faults.examples import EVENTS, Example, ask, press
from tests.faults.judging import Rights, problems
from tests.faults.sabotaged_hub import hub
from tests.faults.scene import Scene, visited
from tests.faults.visitors import NOBODY
from tests.rig.running import eventually

SABOTAGES: Final = (
    "route-breaks",
    "action-breaks",
    "misfit-answer",
    "undescribed-status",
    "refusal-in-words",
    "everything-allowed",
    "loop-held-up",
)
PATIENCE_S: Final = 1.0
"""Shorter than the loop of the sabotaged hub is held up."""


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """A hub with all these sabotages: each is found by another request."""
    with visited(program=hub(*SABOTAGES)) as there:
        yield there


@pytest.mark.parametrize(
    ("visitor", "example", "words"),
    [
        ("officer", ask("GET /api/v1/queue"), "Server error"),
        ("officer", press("resume"), "Server error"),
        ("officer", press("undo"), "Response violates schema"),
        ("administrator", ask("POST /api/v1/clock/confirm"), "Undocumented status code"),
        ("officer", press("recall"), "Undocumented Content-Type"),
        ("desk", ask("GET /api/v1/set-up"), "not refused as not-allowed"),
        ("system-reading", ask("DELETE /api/v1/staff/{staff}", staff=A_PERSON), "not refused as not-allowed"),
    ],
)
def test_a_sabotage_is_caught(scene: Scene, visitor: str, example: Example, words: str) -> None:
    """In the answer to one request."""
    found = scene.ask(visitor, example.case()).problems
    assert [problem for problem in found if words in problem], found


def test_what_breaks_inside_is_found(scene: Scene) -> None:
    """In the hub's own figures, and in its log."""
    for example in (ask("GET /api/v1/queue"), press("resume")):
        scene.ask("officer", example.case())
    found = " ".join(scene.broken())
    assert all(words in found for words in ("internal_faults: ", "action-broke", "request-broke")), found


def test_a_hub_that_holds_up_others_is_found(scene: Scene) -> None:
    """By the desk that works meanwhile: its numbers are right, and late."""
    eventually(lambda: scene.healthy.waited_s, "the desk's first number")
    assert scene.healthy.problems(PATIENCE_S) == []
    assert scene.ask(NOBODY, ask("GET /t/{token}", token=A_TOKEN).case()).problems == []
    eventually(lambda: scene.healthy.problems(PATIENCE_S), "a desk that has waited")
    assert [problem.partition(" for ")[0] for problem in scene.healthy.problems(PATIENCE_S)] == ["waited"]


# ---------------------------------------------------------------- answers made up

JSON, PROBLEM, STREAM = "application/json", "application/problem+json", "text/event-stream; charset=utf-8"
BARRED: Final = Rights("not-allowed", known=True)
LET_IN: Final = Rights(known=True)
NONE: Final = '{"devices":[]}'


def answered(status: int, body: str, media_type: str) -> Response:
    """An answer that no hub has given."""
    request = requests.Request("GET", "http://hub.test/").prepare()
    return Response(status, {"content-type": [media_type]}, body.encode(), request, elapsed=0.0, verify=False)


def no(code: str, status: int, told: int = 0, media_type: str = PROBLEM) -> Response:
    """A refusal with this status, that tells of another one if `told`."""
    body = {"type": "", "title": "", "status": told or status, "code": code, "detail": "", "message": {}}
    return answered(status, json.dumps(body), media_type)


@pytest.mark.parametrize(
    ("answer", "rights", "words"),
    [
        (answered(200, NONE, JSON), LET_IN, ""),
        (no("not-allowed", 403), BARRED, ""),
        (no("not-found", 404), LET_IN, ""),
        (answered(200, NONE, JSON), BARRED, "not refused as not-allowed"),
        (no("not-found", 404), BARRED, "not refused as not-allowed"),
        (no("signed-out", 401), BARRED, "not refused as not-allowed"),
        (no("signed-out", 401), LET_IN, "signed out, though signed in"),
        (no("nowhere-to-be-found", 404), LET_IN, "a code of no table"),
        (answered(404, "<p>Not found", "text/html"), LET_IN, "a code of no table"),
        (no("not-found", 410), LET_IN, "another status than the table's"),
        (no("not-found", 404, told=400), LET_IN, "another status than the table's"),
        (no("not-found", 404, media_type=JSON), LET_IN, "a refusal that is not application/problem+json"),
        (no("starting", 503), LET_IN, "Server error"),
        (answered(200, '{"devices":[{}]}', JSON), LET_IN, "Response violates schema"),
        (answered(200, NONE, "text/html"), LET_IN, "Undocumented Content-Type"),
        (answered(202, NONE, JSON), LET_IN, "Undocumented status code"),
    ],
)
def test_an_answer_that_should_not_be_is_found(answer: Response, rights: Rights, words: str) -> None:
    """And nothing is said of one that should."""
    assert_found(problems(ask("GET /api/v1/devices").case(), answer, rights), words)


@pytest.mark.parametrize(
    ("body", "rights", "words"),
    [
        ("retry: 2000\n\nevent: queue\ndata: {}\n\n", Rights(sees_queue=True), ""),
        ("retry: 2000\n\nevent: waiting\ndata: {}\n\n", Rights(), ""),
        ("retry: 2000\n\nevent: queue\ndata: {}\n\n", Rights(), "the staff's queue for everybody"),
        ("retry: 2000\n\n", Rights(), "a stream that does not begin with how things stand"),
        ("", Rights(), "a stream that does not begin with how things stand"),
    ],
)
def test_a_stream_that_should_not_be_is_found(body: str, rights: Rights, words: str) -> None:
    """One that says nothing, and one that says too much."""
    assert_found(problems(Example(EVENTS).case(), answered(200, body, STREAM), rights), words)


@pytest.mark.parametrize(
    ("at", "answer", "words"),
    [
        (0, no("malformed", 422), "malformed, though as described"),
        (0, no("unknown-service", 422), ""),
        (FIT, answered(201, "{}", JSON), "Schema-violating request accepted"),
        (FIT, no("malformed", 422), ""),
    ],
)
def test_who_takes_the_unfit_and_refuses_the_fit_is_found(at: int, answer: Response, words: str) -> None:
    """`at`: the first of the fit requests, or of those that are unfit."""
    assert_found(problems(drawn("POST /api/v1/tickets")[at], answer, LET_IN), words)


def assert_found(found: list[str], words: str) -> None:
    """A problem with these words; none at all when there are no words."""
    assert [problem for problem in found if words in problem] if words else found == []
