"""What an answer of the API has to be: as described, as the tables of refusals and rights say, and never broken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from hub.contract.refusals import RefusalCode
from hub.web.problems import MEDIA_TYPE, STATUS, WebCode

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    allow_header_conformance,
]
"""What Schemathesis looks at. Whether fit requests are taken we judge ourselves: our rules have more ways to say no."""

NOT_A_FORM_ALONE: Final = frozenset({"PUT /api/v1/set-up", "POST /api/v1/devices/{device}/orders"})
"""Here a body may have the form that is described and yet be `malformed`: a set-up has to hold together, and one of the
orders is about a ticket.
"""

STREAM: Final = ["text/event-stream; charset=utf-8"]
FIRST_EVENT: Final = re.compile(rb"retry: \d+\n\nevent: (\w+)\ndata: \{.*\}\n\n")


@dataclass(frozen=True)
class Rights:
    """What a visitor may do here. `barred`: the code for who may not ask at all, empty for who may; `known`: only who
    has signed in may ask; `sees_queue`: the staff's queue is sent to this visitor.
    """

    barred: str = ""
    known: bool = False
    sees_queue: bool = False


def code_of(answer: Response) -> str:
    """Why not; empty for a yes."""
    if answer.status_code < 400:
        return ""
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return "no code"


def problems(case: Case, answer: Response, rights: Rights) -> list[str]:
    """All that is wrong with an answer, each with what was asked and answered."""
    asked = f"{case.method} {case.formatted_path} {case.query} {case.body!r:.300}"
    said = f"{answer.status_code} {answer.content[:300].decode(errors='replace')}"
    found = (*_against_description(case, answer), *_against_table(answer), *_against_rights(case, answer, rights))
    return [f"{problem}: {asked} was answered {said}" for problem in found]


def _against_description(case: Case, answer: Response) -> Iterator[str]:
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        yield from (f"{failure.title}, {' '.join(failure.message.split()):.200}" for failure in group.exceptions)
    if _is_stream(answer) and not FIRST_EVENT.fullmatch(answer.content):
        yield "a stream that does not begin with how things stand"


def _against_table(answer: Response) -> Iterator[str]:
    """A refusal is a problem of the one table, with the status that stands there."""
    code = code_of(answer)
    if not code:
        return
    if code not in set(STATUS):
        yield "a code of no table"
        return
    other = {422} if code == RefusalCode.MALFORMED else set()
    if answer.status_code not in {STATUS[code], *other} or answer.json()["status"] != answer.status_code:
        yield "another status than the table's"
    if answer.headers.get("content-type") != [MEDIA_TYPE]:
        yield f"a refusal that is not {MEDIA_TYPE}"


def _against_rights(case: Case, answer: Response, rights: Rights) -> Iterator[str]:
    """Who may not is told so and nothing else, but for requests that cannot even be read."""
    code = code_of(answer)
    fit = case.meta is not None and case.meta.generation.mode.is_positive
    if rights.barred and code != rights.barred and (fit or code != RefusalCode.MALFORMED):
        yield f"not refused as {rights.barred}"
    if not rights.barred and rights.known and code == WebCode.SIGNED_OUT:
        yield "signed out, though signed in"
    if fit and code == RefusalCode.MALFORMED and case.operation.label not in NOT_A_FORM_ALONE:
        yield "malformed, though as described"
    if _is_stream(answer) and b"event: queue\n" in answer.content and not rights.sees_queue:
        yield "the staff's queue for everybody"


def _is_stream(answer: Response) -> bool:
    return answer.status_code == 200 and answer.headers.get("content-type") == STREAM
