"""What journeys are there to find, they do find: each thing put wrong on purpose."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.journeys import kept
from tests.journeys.hall import Hall, hall
from tests.journeys.overheard import Overheard
from tests.journeys.steps import CallNext, HistoryIs, Open, Refused, StaffSee, Step, Take, WaitingIs
from tests.rig.device import Device

PRESENCE: Final = {
    "state": "online",
    "role": "kiosk",
    "boot_id": "b",
    "version": "0",
    "since": "2026-11-23T08:00:00+07:00",
}


@pytest.fixture(scope="module")
def opened() -> Iterator[Hall]:
    """A hall in which one waits and one is called."""
    with hall("") as own:
        for step in (Take("kiosk-01", "A", "A001"), Take("kiosk-01", "A", "A002"), Open("officer-1", 1)):
            step.play(own)
        CallNext("officer-1", "A001").play(own)
        yield own


@pytest.mark.parametrize(
    "step",
    [
        Take("kiosk-01", "B", "B007"),
        CallNext("officer-1", "A002"),
        Refused("nobody-waiting", CallNext("officer-1")),
        HistoryIs("A001", "TicketIssued"),
        WaitingIs("A001 A002"),
        StaffSee("A002", "waiting", "printed"),
    ],
    ids=lambda step: type(step).__name__,
)
def test_a_step_that_is_not_so_fails(opened: Hall, step: Step) -> None:
    """Whatever it is about."""
    with pytest.raises(AssertionError):
        step.play(opened)


@pytest.mark.parametrize(
    ("topic", "body", "retain", "words"),
    [
        ("presence", {**PRESENCE, "mood": "good"}, True, "mood"),
        ("presence", {**PRESENCE, "state": "asleep"}, True, "Input should be 'online', 'offline' or 'restarting'"),
        ("presence", PRESENCE, False, "retained False"),
        ("health", {"at": "2026-11-23T08:00:00+07:00"}, True, "printer"),
    ],
    ids=["a field nobody knows", "a word nobody knows", "not retained", "fields left out"],
)
def test_a_message_against_the_table_is_found(
    opened: Hall, topic: str, body: dict[str, Any], retain: bool, words: str
) -> None:
    """Said by a device whose certificate is real."""
    device = Device(opened.centre, "kiosk-02").open()
    with Overheard(opened.centre, "another") as overheard:
        device.publish(device.topic(topic), json.dumps(body).encode(), retain=retain)
        overheard.wait(lambda: overheard.problems, "a message that is not as it should be")
        assert words in overheard.problems[0]
        device.publish(device.topic(topic), b"", retain=True)
        device.close()
    opened.overheard.wait(lambda: f"devices/kiosk-02/{topic}" not in opened.overheard.retained, "the end of it")
    opened.overheard.problems.clear()


def test_a_retained_topic_that_is_not_so_is_found(opened: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that lists a call too many, a counter that says another number, a topic of a counter that is gone."""
    opened.compare_retained()
    should = dict(kept.expected(opened.centre, {"kiosk-01": "online"}))
    epoch, _, waiting = should["boards/hall"]
    should |= {"boards/hall": (epoch, [], waiting), "counters/counter-1": ("open", None, None), "counters/counter-7": 7}
    monkeypatch.setattr(kept, "expected", lambda *_: should)
    found = [one.partition(":")[0] for one in opened.untrue()]
    assert found == ["boards/hall", "counters/counter-1", "counters/counter-7"]
