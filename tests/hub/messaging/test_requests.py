"""Requests from devices, without broker or database: what is answered what, and what is not answered at all."""

from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import pytest
from structlog.testing import capture_logs

from hub.actions.asking import ActionFault, Outcome, Request, Sight
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from hub.contract.refusals import MESSAGES, RefusalCode
from hub.contract.time import Instant, to_datetime
from hub.contract.topics import OPERATIONS
from hub.messaging import requests
from hub.messaging.requests import ACTIONS, LOG_EVERY_MS, Desk, Requests
from hub.queueing.line import Line
from tests.hub.queueing.hall import SET_UP

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
NOW: Final = Instant(1_795_395_600_120)
AT: Final = "2026-11-23T08:00:00.120+07:00"
ID: Final = "01935b6e-0000-7000-8000-00000000000a"
REPLIES: Final = "motcua/1/hoa-sen/devices/{}/replies"
LIMIT_S: Final = 10
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "hello": {"role": "kiosk", "boot_id": "b1", "version": "1.0", "monotonic_s": 12.5},
    "issue-ticket": {"service": "births", "class": "ordinary", "language": "vi"},
    "slip-printed": {"ticket_id": ID, "copy": False},
    "slip-failed": {"ticket_id": ID, "copy": False, "reason": "jam"},
    "cancel-ticket": {"ticket_id": ID},
    "call-staff": {"screen": "home"},
}


class ScriptedDoor:
    """Remembers what was handed in; the test decides what becomes of it."""

    def __init__(self) -> None:
        self.submitted: list[Request] = []
        self.looking: Callable[[], Any] | None = None

    def submit(self, request: Request) -> "Future[Outcome]":
        self.submitted.append(request)
        return request.done

    def look(self, question: Callable[[Sight], Any]) -> "Future[Any]":
        done: Future[Any] = Future()
        sight = Sight(Line(), SET_UP, 3, "0123456789abcdef", 42)
        if self.looking is None:
            done.set_result(question(sight))
        else:
            done.set_exception(self.looking())
        return done


@dataclass
class Counter:
    """The reader of requests with its door, what it has sent, and a clock to turn."""

    now: Instant = NOW
    door: ScriptedDoor = field(default_factory=ScriptedDoor)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        roles = {"kiosk-01": DeviceRole.KIOSK, "board-01": DeviceRole.BOARD, "pad-01": DeviceRole.PAD}
        self.requests = Requests(
            "hoa-sen",
            self.door,
            lambda topic, payload: self.sent.append((topic, orjson.loads(payload))),
            Desk(roles.get, lambda device, set_up_version: {"kiosk-01": 2}[device] + set_up_version),
            clock=lambda: self.now,
            zone=ZONE,
            age_limit_s=LIMIT_S,
        )

    def hear(self, operation: str, body: object, *, device: str = "kiosk-01", retained: bool = False) -> None:
        payload = body if isinstance(body, bytes) else orjson.dumps(body)
        self.requests.receive(device, operation, payload, retained)

    def ask(self, operation: str = "issue-ticket", *, device: str = "kiosk-01", **changes: Any) -> None:
        self.hear(operation, {**request(operation), **changes}, device=device)

    def refusal(self) -> str:
        """The code of the one reply, which has the form of a refusal."""
        ((topic, reply),) = self.sent
        assert topic == REPLIES.format("kiosk-01")
        assert (reply["request_id"], reply["at"], reply["ok"]) == (ID, AT, False)
        m.Reply.model_validate(m.Reply.model_validate_json(orjson.dumps(reply)))
        code: str = reply["refusal"]["code"]
        assert reply["refusal"]["message"] == MESSAGES[RefusalCode(code)]
        assert self.requests.figures.refused == {code: 1}
        return code

    def assert_silent(self) -> None:
        """Neither answered nor handed in."""
        assert (self.sent, self.door.submitted) == ([], [])


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


def request(operation: str = "issue-ticket", *, sent: timedelta = timedelta()) -> dict[str, Any]:
    """One in good form, sent at NOW and a little."""
    return {"request_id": ID, "sent_at": (to_datetime(NOW, ZONE) + sent).isoformat(), **FIELDS[operation]}


# ---------------------------------------------------------------- answered


def test_an_answer_is_sent_when_the_commit_has_returned_and_not_before(counter: Counter) -> None:
    """To the asker's own topic, under the request's id, with the hub's time at which it left."""
    counter.ask()
    (handed_in,) = counter.door.submitted
    assert counter.sent == []
    counter.now = Instant(NOW + 1000)
    handed_in.done.set_result(Outcome(True, '{"ticket":{"number":"A001"}}', NOW))
    reply = {
        "request_id": ID,
        "at": AT.replace("00.120", "01.120"),
        "ok": True,
        "result": {"ticket": {"number": "A001"}},
    }
    assert counter.sent == [(REPLIES.format("kiosk-01"), reply)]


def test_an_answer_that_waited_for_no_commit_would_come_too_soon(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: replied when handed in."""

    def act(self: Requests, device: str, operation: Any, ask: m.Request) -> None:
        self._say(device, ask.request_id, self._clock(), ok=True, answer="{}")

    monkeypatch.setattr(Requests, "_act", act)
    counter.ask()
    assert counter.sent != []


def test_a_refusal_by_rule_is_sent_as_it_is(counter: Counter) -> None:
    """And counted."""
    counter.ask()
    refused = m.RefusalMessage(
        code=RefusalCode.TOO_MANY, message=MESSAGES[RefusalCode.TOO_MANY], retry_after_s=3
    ).model_dump_json()
    counter.door.submitted[0].done.set_result(Outcome(False, refused, NOW, code="too-many"))
    assert counter.refusal() == "too-many"
    assert counter.sent[0][1]["refusal"]["retry_after_s"] == 3


def test_a_fault_is_not_answered(counter: Counter, logged: list[MutableMapping[str, Any]]) -> None:
    """The device asks again and in the end gives its own number: it must not take a fault for a no."""
    counter.ask()
    counter.door.submitted[0].done.set_exception(ActionFault("broken"))
    assert counter.sent == []
    counter.door.looking = lambda: ActionFault("the writer has stopped")
    counter.ask("hello")
    assert counter.sent == []


@pytest.mark.parametrize("operation", ACTIONS)
def test_each_operation_is_handed_in_under_its_asker_and_id(counter: Counter, operation: str) -> None:
    """What the memory of requests goes by."""
    counter.ask(operation)
    (handed_in,) = counter.door.submitted
    assert handed_in.key == ("device:kiosk-01", ID)
    assert counter.requests.figures.received == {operation: 1}


def test_every_operation_of_the_table_has_an_action_or_is_a_greeting() -> None:
    """None is left out when the table grows."""
    assert {one.name for one in OPERATIONS} == {*ACTIONS, "hello"} == FIELDS.keys()


def body_hash(counter: Counter, operation: str = "issue-ticket", **changes: Any) -> str:
    counter.ask(operation, **changes)
    return counter.door.submitted[-1].body_hash


def test_a_repeat_has_the_same_body_whenever_it_was_sent(counter: Counter) -> None:
    """Its id and the time of sending do not count; what is not known to this version neither."""
    first = body_hash(counter)
    assert body_hash(counter, sent_at=request(sent=timedelta(seconds=-3))["sent_at"]) == first
    assert body_hash(counter, request_id=str(UUID(int=7))) == first
    assert body_hash(counter, of_a_newer_version=True) == first
    assert body_hash(counter, dossier_code=None) == first


def test_another_body_or_operation_is_another_hash(counter: Counter) -> None:
    """So that the same id with it is a mismatch."""
    hashes = [
        body_hash(counter),
        body_hash(counter, service="land"),
        body_hash(counter, language="en"),
        body_hash(counter, dossier_code="H-1"),
        body_hash(counter, "slip-printed"),
        body_hash(counter, "slip-printed", copy=True),
        body_hash(counter, "cancel-ticket"),
    ]
    assert len(set(hashes)) == len(hashes)


def test_a_hash_without_the_operation_would_take_one_for_another(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: a cancelled ticket would be answered as printed."""
    with_operation = requests._body_hash
    monkeypatch.setattr(requests, "_body_hash", lambda _, ask: with_operation("", ask))
    assert body_hash(counter, "cancel-ticket") == requests._body_hash("x", m.CancelTicket(**ids()))


def ids() -> dict[str, Any]:
    return {"request_id": UUID(ID), "sent_at": to_datetime(NOW), "ticket_id": UUID(ID)}


# ---------------------------------------------------------------- greeted


def test_a_greeting_is_answered_with_epoch_settings_and_time(counter: Counter) -> None:
    """Without the writer: nothing is remembered of it."""
    counter.ask("hello")
    assert counter.door.submitted == []
    reply = {"request_id": ID, "at": AT, "ok": True, "result": {"epoch": "0123456789abcdef", "settings_version": 5}}
    assert counter.sent == [(REPLIES.format("kiosk-01"), reply)]


@pytest.mark.parametrize("sent", [timedelta(days=-20_000), timedelta(days=20_000)])
def test_a_greeting_is_never_too_late(counter: Counter, sent: timedelta) -> None:
    """A machine without a clock battery wakes up in 1970 and learns the time by greeting."""
    counter.hear("hello", request("hello", sent=sent))
    assert counter.sent[0][1]["ok"] is True


# ---------------------------------------------------------------- refused without being handed in


@pytest.mark.parametrize(
    ("device", "operation", "allowed"),
    [
        ("kiosk-01", "issue-ticket", True),
        ("board-01", "issue-ticket", False),
        ("pad-01", "cancel-ticket", False),
        ("pad-01", "call-staff", True),
        ("board-01", "call-staff", False),
        ("board-01", "hello", True),
        ("nobody", "issue-ticket", False),
        ("nobody", "hello", False),
    ],
)
def test_only_what_the_role_may_is_done(counter: Counter, device: str, operation: str, allowed: bool) -> None:
    """A device nobody knows may nothing, whatever the broker let through."""
    counter.requests._desk = Desk(counter.requests._desk.role_of, lambda *_: 0)
    counter.ask(operation, device=device)
    assert (operation == "hello" or bool(counter.door.submitted)) is (allowed or operation == "hello")
    codes = [reply["refusal"]["code"] for _, reply in counter.sent if not reply["ok"]]
    assert codes == ([] if allowed else ["not-allowed"])
    assert all(topic == REPLIES.format(device) for topic, _ in counter.sent)


@pytest.mark.parametrize(
    ("sent", "late"),
    [
        (timedelta(seconds=-LIMIT_S, milliseconds=-1), True),
        (timedelta(days=-20_000), True),
        (timedelta(seconds=-LIMIT_S), False),
        (timedelta(), False),
        (timedelta(days=365 * 7_000), False),
    ],
)
def test_what_was_sent_too_long_ago_has_no_effect(counter: Counter, sent: timedelta, late: bool) -> None:
    """To the millisecond. A clock that is ahead, however far, harms nobody: the request has just come."""
    counter.hear("issue-ticket", request(sent=sent))
    assert bool(counter.door.submitted) is not late
    if late:
        assert counter.refusal() == "too-late"


@pytest.mark.parametrize("sent_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00"])
def test_the_first_and_the_last_day_of_all_are_dates_too(counter: Counter, sent_at: str) -> None:
    """Judged, not broken."""
    counter.ask(sent_at=sent_at)
    assert len(counter.sent) + len(counter.door.submitted) == 1


MALFORMED: Final[dict[str, dict[str, Any]]] = {
    "no service": {"service": None},
    "another type": {"service": 7},
    "an id that cannot be": {"service": "a/b"},
    "too long": {"service": "a" * 33},
    "no time": {"sent_at": None},
    "a time without a zone": {"sent_at": "2026-11-23T08:00:00"},
    "a time that is a number": {"sent_at": 1_795_395_600},
    "a number far too large": {"sent_at": 1e300},
    "a year beyond all": {"sent_at": "99999-01-01T00:00:00Z"},
    "a language that is none": {"language": "vietnamese"},
    "a list": {"class": ["ordinary"]},
}


@pytest.mark.parametrize("changes", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_and_has_an_id_is_answered(counter: Counter, changes: dict[str, Any]) -> None:
    """The device learns that repeating will not help."""
    counter.ask(**changes)
    assert counter.door.submitted == []
    assert counter.refusal() == "malformed"


def test_a_missing_field_is_malformed_and_an_unknown_one_is_ignored(counter: Counter) -> None:
    """A newer kiosk may say more, never less."""
    counter.hear("issue-ticket", {"request_id": ID})
    assert counter.refusal() == "malformed"
    counter.ask(more=1)
    assert len(counter.door.submitted) == 1


def test_an_operation_nobody_knows_is_malformed(counter: Counter) -> None:
    """Counted under one name, whatever it calls itself: a figure per wild word would fill the memory."""
    for operation in ("give-rating", "x" * 500):
        counter.hear(operation, request())
    assert [reply["refusal"]["code"] for _, reply in counter.sent] == ["malformed", "malformed"]
    assert counter.requests.figures.received == {"unknown": 2}
    assert counter.door.submitted == []


# ---------------------------------------------------------------- dropped

UNADDRESSED: Final = [
    b"",
    b"no JSON",
    b"\xff\xfe",
    b"null",
    b"7",
    b"[]",
    b"{}",
    b'{"request_id":7}',
    b'{"request_id":null}',
    b'{"request_id":[]}',
    b'{"request_id":"not an id"}',
    b'{"request_id":"01935b6e-0000-7000-8000-00000000000a"',
    b"[" * 60_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b'{"request_id":NaN}',
    b'"' + b"a" * 60_000 + b'"',
]


@pytest.mark.parametrize("operation", ["issue-ticket", "hello", "no-such-thing"])
@pytest.mark.parametrize("payload", UNADDRESSED, ids=lambda payload: payload[:20].decode(errors="replace"))
def test_what_nobody_can_be_answered_for_is_dropped_and_counted(
    counter: Counter, operation: str, payload: bytes
) -> None:
    """And harms nobody: the next one is answered."""
    with capture_logs():
        counter.hear(operation, payload)
    counter.assert_silent()
    assert counter.requests.figures.dropped == {"malformed": 1}
    counter.ask("hello")
    assert counter.sent[0][1]["ok"] is True


def test_a_retained_request_is_dropped_whatever_it_says(
    counter: Counter, logged: list[MutableMapping[str, Any]]
) -> None:
    """It would come again with every connection; the link clears it."""
    for body in (request(), b"no JSON", b""):
        counter.hear("issue-ticket", body, retained=True)
    counter.assert_silent()
    assert counter.requests.figures.dropped == {"retained": 3}
    assert counter.requests.figures.refused == {}


def test_a_source_of_rubbish_is_logged_once_a_minute(counter: Counter, logged: list[MutableMapping[str, Any]]) -> None:
    """Each source for itself; all of it is counted."""
    for _ in range(100):
        counter.hear("issue-ticket", b"rubbish")
        counter.hear("issue-ticket", b"rubbish", device="board-01")
    assert [entry["device"] for entry in logged] == ["kiosk-01", "board-01"]
    counter.now = Instant(NOW + LOG_EVERY_MS - 1)
    counter.hear("issue-ticket", b"rubbish")
    assert len(logged) == 2
    counter.now = Instant(NOW + LOG_EVERY_MS)
    counter.hear("issue-ticket", b"rubbish", retained=True)
    assert len(logged) == 3
    assert counter.requests.figures.dropped == {"malformed": 201, "retained": 1}
    assert all("rubbish" not in str(entry) for entry in logged)
