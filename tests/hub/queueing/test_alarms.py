"""Alarms: who waits for nobody, who waits for too long; each rule, and that each check can fail."""

from collections.abc import Callable

import pytest

from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import alarms as rules
from hub.queueing import desks, moving
from hub.queueing.alarms import PAUSE_MS, Alarm, AlarmKind, alarms, standing
from hub.queueing.line import Line
from hub.queueing.ticket import Ticket
from tests.hub.queueing.hall import SET_UP, Hall

MINUTE_MS = 60_000


def hall_with_target(minutes: int | None = None) -> Hall:
    """A hall whose trade service has a target; only counter 2 serves it."""
    services = [one.model_copy(update={"target_min": minutes}) if one.id == "trade" else one for one in SET_UP.services]
    return Hall(set_up=SetUp.model_validate(SET_UP.model_copy(update={"services": services}).model_dump()))


def now_wrong(hall: Hall) -> list[tuple[AlarmKind, str, int, str]]:
    return [
        (one.kind, one.service, one.waiting, one.number) for one in standing(alarms(hall.line, hall.set_up), hall.now)
    ]


def paused(hall: Hall, until: Instant | None = None) -> None:
    hall.state(*desks.pause_counter(hall.line, hall.set_up, "c2", "an", until=until))


# ---------------------------------------------------------------- nobody serves them


def test_nobody_waits_and_nothing_is_wrong() -> None:
    """A closed centre without visitors is no alarm."""
    assert alarms(Hall().line, SET_UP) == []


def test_people_wait_for_a_service_that_no_open_counter_serves() -> None:
    """As long as its only counter is closed; with all that staff need to act."""
    hall = hall_with_target()
    first = hall.issue("trade")
    hall.issue("trade")
    hall.open("c1")
    assert alarms(hall.line, hall.set_up) == [
        Alarm(AlarmKind.UNSERVED, "trade", 2, "CK001", first.issued_at, first.issued_at)
    ]
    hall.open("c2", "binh")
    assert now_wrong(hall) == []


def test_one_open_counter_of_several_is_enough() -> None:
    """Births are served by counters 1 and 3."""
    hall = hall_with_target()
    hall.issue("births")
    hall.open("c3")
    assert now_wrong(hall) == []


def test_a_short_pause_is_no_alarm_and_a_long_one_is() -> None:
    """Five minutes, when nobody said how long; the paused counter is named."""
    hall = hall_with_target()
    hall.open("c2")
    hall.issue("trade")
    paused(hall)
    hall.later(PAUSE_MS - 1)
    assert now_wrong(hall) == []
    hall.later(1)
    assert now_wrong(hall) == [(AlarmKind.UNSERVED, "trade", 1, "CK001")]
    assert alarms(hall.line, hall.set_up)[0].paused == ("c2",)


def test_a_break_is_an_alarm_when_it_lasts_longer_than_was_said() -> None:
    """Not before, however long it is meant to be."""
    hall = hall_with_target()
    hall.open("c2")
    hall.issue("trade")
    paused(hall, until=Instant(hall.now + 30 * MINUTE_MS))
    hall.later(30 * MINUTE_MS - 1)
    assert now_wrong(hall) == []
    hall.later(1)
    assert now_wrong(hall) == [(AlarmKind.UNSERVED, "trade", 1, "CK001")]


def test_who_was_sent_to_one_counter_depends_on_that_one() -> None:
    """Though another counter serves the same service."""
    hall = hall_with_target()
    hall.open("c1")
    hall.open("c2", "binh")
    sent = hall.issue("land")
    hall.state(moving.sent_to_counter(hall.line, hall.set_up, sent, "c2", "an"))
    hall.state(*desks.pause_counter(hall.line, hall.set_up, "c2", "binh"))
    hall.later(PAUSE_MS)
    assert now_wrong(hall) == [(AlarmKind.UNSERVED, "land", 1, "B001")]


# ---------------------------------------------------------------- they wait too long


def test_who_waits_longer_than_the_target_is_an_alarm() -> None:
    """To the millisecond; the alarm says when it will be, before it is."""
    hall = hall_with_target(20)
    hall.open("c2")
    first = hall.issue("trade")
    hall.issue("trade")
    found = alarms(hall.line, hall.set_up)
    assert [(one.kind, one.begins, one.target_min) for one in found] == [
        (AlarmKind.LATE, first.issued_at + 20 * MINUTE_MS, 20)
    ]
    hall.now = Instant(first.issued_at + 20 * MINUTE_MS - 1)
    assert now_wrong(hall) == []
    hall.later(1)
    assert now_wrong(hall) == [(AlarmKind.LATE, "trade", 2, "CK001")]


def test_without_a_target_nobody_is_late() -> None:
    """However long they wait."""
    hall = hall_with_target(None)
    hall.open("c2")
    hall.issue("trade")
    hall.later(10 * 60 * MINUTE_MS)
    assert now_wrong(hall) == []


def test_a_call_ends_the_alarm() -> None:
    """Who is called waits no longer."""
    hall = hall_with_target(20)
    hall.open("c2")
    hall.issue("trade")
    hall.later(21 * MINUTE_MS)
    assert now_wrong(hall) == [(AlarmKind.LATE, "trade", 1, "CK001")]
    hall.call("c2")
    assert now_wrong(hall) == []


def test_what_is_wrong_for_longest_comes_first() -> None:
    """Whatever it is."""
    hall = hall_with_target(20)
    hall.open("c2")
    hall.issue("trade")
    hall.issue("births")
    hall.later(21 * MINUTE_MS)
    assert [kind for kind, *_ in now_wrong(hall)] == [AlarmKind.UNSERVED, AlarmKind.LATE]


# ---------------------------------------------------------------- each check can fail


def always_at_work(line: Line, counter: str) -> bool:
    return True


def open_is_enough(line: Line, counter: str) -> bool:
    return line.desk(counter).officer is not None


def any_counter_will_do(ticket: Ticket, counters: tuple[str, ...]) -> tuple[str, ...]:
    return counters


def pauses_last_for_ever(line: Line, counter: str) -> Instant:
    return Instant(2**60)


def pauses_are_never_forgiven(line: Line, counter: str) -> Instant:
    return Instant(0)


Promise = Callable[[], None]
SABOTAGES: dict[str, tuple[str, object, Promise]] = {
    "closed counters count": ("at_work", always_at_work, test_people_wait_for_a_service_that_no_open_counter_serves),
    "paused counters count": ("at_work", open_is_enough, test_a_short_pause_is_no_alarm_and_a_long_one_is),
    "anybody calls who was sent on": (
        "_could_call",
        any_counter_will_do,
        test_who_was_sent_to_one_counter_depends_on_that_one,
    ),
    "a pause is never too long": (
        "_pause_over",
        pauses_last_for_ever,
        test_a_break_is_an_alarm_when_it_lasts_longer_than_was_said,
    ),
    "every pause is an alarm": (
        "_pause_over",
        pauses_are_never_forgiven,
        test_a_short_pause_is_no_alarm_and_a_long_one_is,
    ),
    "a minute is a second": ("MINUTE_MS", 1000, test_who_waits_longer_than_the_target_is_an_alarm),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_a_broken_rule_is_caught(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The promise above does not hold with the rule made worse."""
    what, instead, promise = SABOTAGES[name]
    promise()
    monkeypatch.setattr(rules, what, instead)
    with pytest.raises(AssertionError):
        promise()
