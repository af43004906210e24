"""What is answered when something cannot be done: `application/problem+json`, or a page for people. One table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from hub.contract.names import Text
from hub.contract.refusals import MESSAGES, Refusal, RefusalCode

MEDIA_TYPE: Final = "application/problem+json"
SHOWN_ERRORS: Final = 8


class WebCode(StrEnum):
    """Codes of HTTP alone; all others are the refusal codes of the wire."""

    SIGNED_OUT = "signed-out"
    WRONG_METHOD = "wrong-method"
    TOO_LARGE = "too-large"
    NO_ANSWER = "no-answer"
    BROKEN = "broken"


Code = RefusalCode | WebCode

_C: Final = RefusalCode
_S: Final = HTTPStatus

STATUS: Final[dict[Code, HTTPStatus]] = {
    _C.MALFORMED: _S.BAD_REQUEST,
    _C.SIGN_IN_WRONG: _S.UNAUTHORIZED,
    WebCode.SIGNED_OUT: _S.UNAUTHORIZED,
    _C.NOT_ALLOWED: _S.FORBIDDEN,
    _C.NOT_FOUND: _S.NOT_FOUND,
    _C.UNKNOWN_COUNTER: _S.NOT_FOUND,
    WebCode.WRONG_METHOD: _S.METHOD_NOT_ALLOWED,
    _C.ALREADY_EXISTS: _S.CONFLICT,
    _C.CALLED_ENOUGH: _S.CONFLICT,
    _C.COUNTER_CLOSED: _S.CONFLICT,
    _C.COUNTER_PAUSED: _S.CONFLICT,
    _C.COUNTER_TAKEN: _S.CONFLICT,
    _C.DATE_UNCONFIRMED: _S.CONFLICT,
    _C.ILLEGAL_MOVE: _S.CONFLICT,
    _C.NO_SLIP: _S.CONFLICT,
    _C.NOBODY_WAITING: _S.CONFLICT,
    _C.NOTHING_TO_UNDO: _S.CONFLICT,
    _C.REQUEST_MISMATCH: _S.CONFLICT,
    _C.RETURN_OVER: _S.CONFLICT,
    _C.SERVICE_CLOSED: _S.CONFLICT,
    _C.STILL_CALLED: _S.CONFLICT,
    _C.STILL_SERVING: _S.CONFLICT,
    _C.TOO_LATE: _S.CONFLICT,
    WebCode.TOO_LARGE: _S.REQUEST_ENTITY_TOO_LARGE,
    _C.OUTCOME_MISSING: _S.UNPROCESSABLE_ENTITY,
    _C.PASSWORD_WEAK: _S.UNPROCESSABLE_ENTITY,
    _C.UNKNOWN_CHOICE: _S.UNPROCESSABLE_ENTITY,
    _C.UNKNOWN_CLASS: _S.UNPROCESSABLE_ENTITY,
    _C.UNKNOWN_SERVICE: _S.UNPROCESSABLE_ENTITY,
    _C.TOO_MANY: _S.TOO_MANY_REQUESTS,
    WebCode.BROKEN: _S.INTERNAL_SERVER_ERROR,
    WebCode.NO_ANSWER: _S.SERVICE_UNAVAILABLE,
    _C.STARTING: _S.SERVICE_UNAVAILABLE,
    _C.HUB_FULL: _S.INSUFFICIENT_STORAGE,
}
"""The HTTP status of every code. Bodies that do not fit their model are `malformed` with 422 instead of 400."""

WORDS: Final[dict[Code, Text]] = {
    **{code: text for code, text in MESSAGES.items()},  # noqa: C416 - a dict of other keys
    WebCode.SIGNED_OUT: {
        "vi": "Phiên làm việc đã kết thúc. Vui lòng đăng nhập lại.",
        "en": "You are not signed in. Please sign in.",
    },
    WebCode.WRONG_METHOD: {
        "vi": "Địa chỉ này không nhận loại yêu cầu này.",
        "en": "This address does not take this kind of request.",
    },
    WebCode.TOO_LARGE: {
        "vi": "Nội dung gửi lên quá lớn.",
        "en": "What was sent is too large.",
    },
    WebCode.NO_ANSWER: {
        "vi": "Máy chủ chưa trả lời nên chưa rõ kết quả. Hãy gửi lại.",
        "en": "The hub has not answered, so the outcome is not known. Send it again.",
    },
    WebCode.BROKEN: {
        "vi": "Có lỗi ở máy chủ, đã được ghi lại. Không có gì bị thay đổi.",
        "en": "Something broke in the hub and was noted. Nothing was changed.",
    },
}


class Stop(Exception):
    """Ends a request with a code of HTTP alone; the rules' own refusals are `Refusal`."""

    def __init__(self, code: WebCode) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer of trouble. `status` stands in the table unless given; `detail` is for programmers, without values."""

    code: Code
    status: HTTPStatus
    detail: str | None = None
    retry_after_s: int | None = None

    @property
    def message(self) -> Text:
        """The sentence for people, by language."""
        return WORDS[self.code]

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again, where that is known."""
        return {} if self.retry_after_s is None else {"retry-after": str(self.retry_after_s)}

    def as_json(self) -> dict[str, Any]:
        """The body of RFC 9457, with the code and the sentences added."""
        body = {
            "type": f"urn:motcua:problem:{self.code.value}",
            "title": self.message["en"],
            "status": self.status.value,
            "code": self.code.value,
            "detail": self.detail or self.message["en"],
            "message": self.message,
        }
        return body if self.retry_after_s is None else {**body, "retry_after_s": self.retry_after_s}

    def answer(self) -> Response:
        """The answer for programs."""
        return Response(orjson.dumps(self.as_json()), self.status, self.headers, MEDIA_TYPE)


def problem(code: Code, *, detail: str | None = None, retry_after_s: int | None = None) -> Problem:
    """The problem of a code, with its status from the table."""
    return Problem(code, STATUS[code], detail, retry_after_s)


def of_refusal(refusal: Refusal) -> Problem:
    """What a rule refused."""
    return problem(refusal.code, retry_after_s=refusal.retry_after_s)


def of_validation(error: RequestValidationError) -> Problem:
    """What does not fit its model: places and reasons, never the values (one of them may be a password)."""
    return Problem(RefusalCode.MALFORMED, _S.UNPROCESSABLE_ENTITY, in_words(error.errors()))


def in_words(errors: Sequence[Any]) -> str:
    """The places and reasons of pydantic's errors, without the values."""
    found = [f"{'.'.join(str(level) for level in one['loc'])}: {one['msg']}" for one in errors]
    more = len(found) - SHOWN_ERRORS
    return "; ".join([*found[:SHOWN_ERRORS], *([f"and {more} more"] if more > 0 else [])])


def of_status(status: int) -> Problem:
    """What the framework itself refused: no such address, not by this method, not JSON."""
    codes: dict[int, Code] = {
        404: RefusalCode.NOT_FOUND,
        405: WebCode.WRONG_METHOD,
        413: WebCode.TOO_LARGE,
        500: WebCode.BROKEN,
    }
    return Problem(codes.get(status, RefusalCode.MALFORMED), HTTPStatus(status))
