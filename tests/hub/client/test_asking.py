"""The bookkeeping of requests, with time as an argument."""

from math import inf
from uuid import uuid4

import orjson
import pytest

from hub.client.asking import Asking, Question, check, read_answer
from hub.client.errors import NotPermitted, Unfit
from hub.contract.messages import HelloAnswer, Reply
from hub.contract.names import DeviceRole

ASKED = {"service": "khai-sinh", "class": "ordinary", "language": "vi"}


def question(gives_up_s: float = 10.0, *, insists: bool = False) -> Question:
    return Question(uuid4(), "issue-ticket", ASKED, gives_up_s, insists)


def reply(to: Question, *, ok: bool = True) -> Reply:
    outcome = {"result": {}} if ok else {"refusal": {"code": "starting", "message": {}}}
    body = {"request_id": to.request_id, "at": "2026-11-23T08:42:00+07:00", "ok": ok, **outcome}
    return Reply.model_validate_json(orjson.dumps(body))


def test_a_question_is_repeated_once_halfway() -> None:
    """And then given up at its end."""
    asking, one = Asking(), question(gives_up_s=10.0)
    asking.add(one)
    asking.send(one, 2.0)
    assert asking.next_due_s() == 6.0
    assert asking.due(5.9) == ([], [])
    assert asking.due(6.0) == ([one], [])
    assert asking.due(6.0) == ([], [])
    assert asking.next_due_s() == 10.0
    assert asking.due(10.0) == ([], [one])
    assert asking.next_due_s() == inf
    assert one.sends == 2


def test_a_question_that_could_not_be_sent_is_not_repeated() -> None:
    """It waits, and is given up unsent."""
    asking, one = Asking(), question(gives_up_s=10.0)
    asking.add(one)
    assert asking.due(9.0) == ([], [])
    assert asking.due(10.0) == ([], [one])
    assert one.sends == 0


def test_a_new_connection_sends_all_afresh() -> None:
    """After a loss nothing is repeated until then; the repeat is halfway to what is left."""
    asking, one = Asking(), question(gives_up_s=10.0)
    asking.add(one)
    asking.send(one, 0.0)
    asking.pause()
    assert asking.due(8.0) == ([], [])
    assert asking.send_all(8.0) == [one]
    assert asking.due(9.0) == ([one], [])


def test_only_the_first_reply_counts() -> None:
    """Second, late and foreign ones are dropped."""
    asking, one, two = Asking(), question(), question()
    asking.add(one)
    asking.add(two)
    assert asking.take_answered(reply(one)) is one
    assert asking.take_answered(reply(one)) is None
    asking.due(10.0)
    assert asking.take_answered(reply(two)) is None
    assert asking.take_answered(reply(question())) is None


def test_a_greeting_insists() -> None:
    """A refusal does not settle it, a yes does."""
    asking, hello = Asking(), question(insists=True)
    asking.add(hello)
    assert asking.take_answered(reply(hello, ok=False)) is None
    assert asking.take_answered(reply(hello)) is hello


def test_the_same_id_is_one_question() -> None:
    """Asked again while open, the first stands for both."""
    asking, one = Asking(), question()
    assert asking.add(one) is one
    assert asking.add(Question(one.request_id, "issue-ticket", ASKED, 99.0)) is one
    assert asking.take_all() == [one]
    assert asking.take(one.request_id) is None


def test_a_payload_carries_id_and_time() -> None:
    """Beside the fields as given."""
    one = question()
    assert orjson.loads(one.payload("2026-11-23T08:42:00+07:00")) == {
        **ASKED,
        "request_id": str(one.request_id),
        "sent_at": "2026-11-23T08:42:00+07:00",
    }


def test_the_table_is_the_law() -> None:
    """Role, operation and fields are checked before anything leaves."""
    check(question(), DeviceRole.KIOSK)
    with pytest.raises(NotPermitted, match="board may not ask issue-ticket"):
        check(question(), DeviceRole.BOARD)
    with pytest.raises(Unfit, match="no operation 'issue'"):
        check(Question(uuid4(), "issue", {}, 1.0), DeviceRole.KIOSK)
    with pytest.raises(Unfit, match="service"):
        check(Question(uuid4(), "issue-ticket", {**ASKED, "service": "Khai sinh"}, 1.0), DeviceRole.KIOSK)
    with pytest.raises(Unfit):
        check(Question(uuid4(), "issue-ticket", {**ASKED, "dossier_code": object()}, 1.0), DeviceRole.KIOSK)


def test_an_answer_is_read_as_its_model() -> None:
    """Or refused: a hub that says something else is a fault."""
    one = question()
    good = reply(one).model_copy(update={"result": {"epoch": "e1", "settings_version": 3}})
    assert read_answer(good, HelloAnswer) == HelloAnswer(epoch="e1", settings_version=3)
    with pytest.raises(Unfit, match="HelloAnswer"):
        read_answer(reply(one), HelloAnswer)
