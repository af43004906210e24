"""Requests from devices: read, judged, handed to an action; answered after the commit."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, Final
from uuid import UUID

import orjson
import structlog
from pydantic import ValidationError

from hub.actions.asking import Action, Door, Outcome, Request, Sight
from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.citizen.report_slip import report_slip_failed, report_slip_printed
from hub.actions.device.call_staff import call_staff
from hub.actions.work import Asker
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant, from_datetime, to_rfc3339
from hub.contract.topics import OPERATION, Operation, address

LOG_EVERY_MS: Final = 60_000
"""A source that sends rubbish is logged once a minute."""

log = structlog.get_logger("hub.messaging.requests")


def _issue(asker: Asker, ask: m.IssueTicket) -> Action:
    request_id = str(ask.request_id)
    return lambda work: issue_ticket(
        work, asker, request_id, service=ask.service, class_=ask.class_, language=ask.language
    )


def _printed(asker: Asker, ask: m.SlipPrinted) -> Action:
    return lambda work: report_slip_printed(work, asker, str(ask.ticket_id), copy=ask.copy_)


def _failed(asker: Asker, ask: m.SlipFailed) -> Action:
    return lambda work: report_slip_failed(work, asker, str(ask.ticket_id), copy=ask.copy_, reason=ask.reason)


def _cancel(asker: Asker, ask: m.CancelTicket) -> Action:
    return lambda work: cancel_ticket(work, asker, str(ask.ticket_id))


def _call_staff(asker: Asker, ask: m.CallStaff) -> Action:
    return lambda work: call_staff(work, asker.id, ask.screen)


ACTIONS: Final[dict[str, Callable[[Asker, Any], Action]]] = {
    "issue-ticket": _issue,
    "slip-printed": _printed,
    "slip-failed": _failed,
    "cancel-ticket": _cancel,
    "call-staff": _call_staff,
}
"""The action behind each operation with an effect. `hello` has none: it is answered by a look."""


@dataclass(slots=True)
class RequestFigures:
    """What came in since the start, by operation; and what was not fit to be judged, by reason."""

    received: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """What the reader of requests needs to know of the devices."""

    role_of: Callable[[str], DeviceRole | None]
    settings_version_of: Callable[[str, int], int]
    """Of a device, with the version of the centre's set-up."""


class Requests:
    """`receive` is called on the network thread; replies leave from the writer's, after the commit."""

    def __init__(
        self,
        centre: str,
        door: Door,
        send: Callable[[str, bytes], object],
        desk: Desk,
        *,
        clock: Callable[[], Instant],
        zone: tzinfo,
        age_limit_s: int,
    ) -> None:
        self._centre = centre
        self._door = door
        self._send = send
        self._desk = desk
        self._clock = clock
        self._zone = zone
        self._age_limit_ms = age_limit_s * 1000
        self._logged: dict[str, Instant] = {}
        self.figures = RequestFigures()

    def receive(self, device: str, operation: str, payload: bytes, retained: bool) -> None:
        """One message on `requests/<operation>`: a reply follows, unless it cannot be addressed."""
        _count(self.figures.received, operation if operation in OPERATION else "unknown")
        if retained:
            self._drop(device, "retained", "a request must not be retained; it was cleared")
            return
        known = OPERATION.get(operation)
        ask = None if known is None else _read(known, payload)
        if known is None or ask is None:
            self._malformed(device, payload)
            return
        refusal = self._judge(device, known, ask)
        if refusal is not None:
            self._refuse(device, ask.request_id, refusal)
        elif isinstance(ask, m.Hello):
            self._greet(device, ask)
        else:
            self._act(device, known, ask)

    # ------------------------------------------------------------ judging

    def _judge(self, device: str, operation: Operation, ask: m.Request) -> Refusal | None:
        if self._desk.role_of(device) not in operation.roles:
            return Refusal(RefusalCode.NOT_ALLOWED)
        if isinstance(ask, m.Hello):
            return None
        age_ms = self._clock() - from_datetime(ask.sent_at)
        return Refusal(RefusalCode.TOO_LATE) if age_ms > self._age_limit_ms else None

    def _malformed(self, device: str, payload: bytes) -> None:
        request_id = _request_id(payload)
        if request_id is None:
            self._drop(device, "malformed", "not JSON of ours, and no request_id to answer to")
        else:
            self._refuse(device, request_id, Refusal(RefusalCode.MALFORMED))

    def _drop(self, device: str, reason: str, words: str) -> None:
        _count(self.figures.dropped, reason)
        now = self._clock()
        if now - self._logged.get(device, -LOG_EVERY_MS) >= LOG_EVERY_MS:
            self._logged[device] = now
            log.warning("request-dropped", device=device, reason=words)

    # ------------------------------------------------------------ acting and answering

    def _act(self, device: str, operation: Operation, ask: m.Request) -> None:
        asker = Asker("device", device)
        request = Request(
            ACTIONS[operation.name](asker, ask), asker, str(ask.request_id), _body_hash(operation.name, ask)
        )
        request.done.add_done_callback(lambda done: self._reply(device, ask.request_id, done))
        self._door.submit(request)

    def _greet(self, device: str, ask: m.Hello) -> None:
        def answer(sight: Sight) -> m.HelloAnswer:
            version = self._desk.settings_version_of(device, sight.set_up_version)
            return m.HelloAnswer(epoch=sight.epoch, settings_version=version)

        looked = self._door.look(answer)
        looked.add_done_callback(lambda done: self._reply_hello(device, ask.request_id, done))

    def _reply_hello(self, device: str, request_id: UUID, done: "Future[m.HelloAnswer]") -> None:
        if done.exception() is None:
            self._say(device, request_id, self._clock(), ok=True, answer=done.result().model_dump_json())

    def _reply(self, device: str, request_id: UUID, done: "Future[Outcome]") -> None:
        """A fault is not answered: the device repeats, and in the end gives its own number."""
        if done.exception() is not None:
            return
        outcome = done.result()
        if outcome.code is not None:
            _count(self.figures.refused, outcome.code)
        self._say(device, request_id, self._clock(), ok=outcome.ok, answer=outcome.answer)

    def _refuse(self, device: str, request_id: UUID, refusal: Refusal) -> None:
        _count(self.figures.refused, refusal.code)
        message = m.RefusalMessage(code=refusal.code, message=refusal.message, retry_after_s=refusal.retry_after_s)
        answer = message.model_dump_json(exclude_none=True)
        self._say(device, request_id, self._clock(), ok=False, answer=answer)

    def _say(self, device: str, request_id: UUID, at: Instant, *, ok: bool, answer: str) -> None:
        part = "result" if ok else "refusal"
        when = to_rfc3339(at, self._zone)
        reply = f'{{"request_id":"{request_id}","at":"{when}","ok":{"true" if ok else "false"},"{part}":{answer}}}'
        self._send(address(self._centre, "reply", device=device), reply.encode())


def _read(operation: Operation, payload: bytes) -> m.Request | None:
    try:
        return operation.asks.model_validate_json(payload)
    except (ValidationError, ValueError, RecursionError):
        return None


def _request_id(payload: bytes) -> UUID | None:
    """The request id of a malformed request, when it can be read."""
    try:
        body = orjson.loads(payload)
        return UUID(body["request_id"]) if isinstance(body, Mapping) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _body_hash(operation: str, ask: m.Request) -> str:
    """What must be the same when a request is repeated: all but its id and the time of sending."""
    body = ask.model_dump_json(exclude={"request_id", "sent_at"}, by_alias=True)
    return hashlib.sha256(f"{operation}\n{body}".encode()).hexdigest()


def _count(figures: dict[str, int], name: str) -> None:
    figures[name] = figures.get(name, 0) + 1
