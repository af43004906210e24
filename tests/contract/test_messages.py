"""Messages: every one has a sample that reads as we mean it, and no field changes unseen."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.contract import messages
from hub.contract.document import message_types
from hub.contract.messages import Message, Reply
from tests.contract.schema import GOLDEN, SCHEMA, schema

SAMPLES = sorted(path for path in GOLDEN.glob("*.json") if path != SCHEMA)


def message_of(sample: Path) -> type[Message]:
    """`Board.json` and `Board.empty.json` are samples of `Board`."""
    found: type[Message] = getattr(messages, sample.name.partition(".")[0])
    return found


def test_every_message_has_a_sample() -> None:
    """A new message brings its golden file; a golden file belongs to a message."""
    assert {message_of(sample) for sample in SAMPLES} == set(message_types())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_reads_with_nothing_left_over(sample: Path) -> None:
    """Unknown fields are refused here, though a device in the field ignores them; and it dumps to the same JSON."""
    text = sample.read_text(encoding="utf-8")
    message = message_of(sample).model_validate_json(text, extra="forbid")
    assert json.loads(message.model_dump_json(exclude_unset=True)) == json.loads(text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_message_dumped_whole_reads_back_equal(sample: Path) -> None:
    """Optional fields may be sent as `null`."""
    message = message_of(sample).model_validate_json(sample.read_bytes())
    assert type(message).model_validate_json(message.model_dump_json(), extra="forbid") == message


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_field_of_a_newer_sender_is_ignored(sample: Path) -> None:
    """A newer hub may say more; our tests refuse the same text."""
    kind = message_of(sample)
    text = json.dumps(json.loads(sample.read_bytes()) | {"from_the_future": [1, 2]})
    assert kind.model_validate_json(text) == kind.model_validate_json(sample.read_bytes())
    with pytest.raises(ValidationError, match="from_the_future"):
        kind.model_validate_json(text, extra="forbid")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_missing_field_is_refused(sample: Path) -> None:
    """Each required field, one at a time."""
    kind = message_of(sample)
    whole = json.loads(sample.read_bytes())
    for name, field in kind.model_fields.items():
        if field.is_required():
            without = {key: value for key, value in whole.items() if key != (field.alias or name)}
            with pytest.raises(ValidationError, match="Field required"):
                kind.model_validate_json(json.dumps(without))


def test_the_shape_of_the_wire_is_as_recorded() -> None:
    """A change of any field shows in review: `python -m tests.contract.schema` records it."""
    assert schema() == SCHEMA.read_text(encoding="utf-8")


def test_messages_are_frozen_and_exact() -> None:
    """Nobody changes a message on its way, and a number in quotes is no number."""
    band = messages.WaitBand(low_s=60, high_s=120)
    with pytest.raises(ValidationError):
        band.low_s = 1  # type: ignore[misc]
    with pytest.raises(ValidationError):
        messages.WaitBand.model_validate_json('{"low_s": "60", "high_s": 120}')


@pytest.mark.parametrize(
    "text",
    [
        '{"ok": true}',
        '{"ok": false}',
        '{"ok": false, "result": {}}',
        '{"ok": true, "refusal": {"code": "starting", "message": {}}}',
        '{"ok": true, "result": {}, "refusal": {"code": "starting", "message": {}}}',
    ],
)
def test_a_reply_answers_exactly_once(text: str) -> None:
    """A result or a refusal, by what `ok` says, and never both or none."""
    head = {"request_id": "019aaec2-5b40-7c11-9d2e-6f0c1b8a4e01", "at": "2026-11-23T08:42:00+07:00"}
    with pytest.raises(ValidationError, match="a reply carries"):
        Reply.model_validate_json(json.dumps(head | json.loads(text)))


def test_a_time_without_its_offset_is_refused() -> None:
    """`08:42` where? Every time on the wire says so."""
    with pytest.raises(ValidationError, match="timezone"):
        messages.CounterTicket.model_validate_json('{"number": "A012", "since": "2026-11-23T08:42:00"}')
