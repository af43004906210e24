"""A set-up is put in force, days change, a date is confirmed."""

from typing import Any

import pytest

from hub.actions.admin.apply_set_up import apply_set_up
from hub.actions.admin.confirm_date import confirm_date
from hub.actions.admin.open_day import open_day_if_due
from hub.actions.asking import Action
from hub.actions.work import Work
from hub.contract.messages import Done
from hub.contract.set_up import SetUp
from hub.queueing import facts as f
from hub.queueing.ticket import Verb
from tests.hub.actions.place import CHIEF, Place
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS, HOUR


def apply(set_up: SetUp) -> Action:
    return lambda work: apply_set_up(work, set_up)


def changed(**parts: Any) -> SetUp:
    return SetUp.model_validate(SET_UP.model_dump() | parts)


def nothing(_: Work) -> Done:
    return Done()


def confirm(work: Work) -> Done:
    return confirm_date(work, CHIEF)


# ---------------------------------------------------------------- set-ups


def test_a_set_up_is_in_force_at_once(place: Place) -> None:
    """Its version is one more than that before it."""
    notice = changed(notice={"vi": "Nghỉ trưa"})
    assert place.done(apply(notice)) == {"version": 2}
    assert place.facts()[-1] == f.SetUpChanged(2)
    sight = place.centre.ledger.sight
    assert (sight.set_up, sight.set_up_version) == (notice, 2)
    place.centre.reopen()
    assert place.centre.ledger.sight.set_up == notice


def test_a_counter_at_work_does_not_disappear(place: Place) -> None:
    """Closed, it may."""
    fewer = changed(counters=SET_UP.model_dump()["counters"][1:])
    place.open()
    assert place.refused(apply(fewer)) == "still-serving"
    place.centre.done(place.centre.desk("close"))
    place.done(apply(fewer))


def without_trade() -> SetUp:
    document = SET_UP.model_dump()
    document["services"] = document["services"][:2]
    document["counters"][1]["services"] = ["land"]
    return SetUp.model_validate(document)


def test_a_service_with_numbers_of_today_does_not_disappear(place: Place) -> None:
    """Somebody waits for it, or was there already: its prefix is on slips. Tomorrow it may."""
    place.open("c2", "binh")
    place.issue("trade")
    assert place.refused(apply(without_trade())) == "still-serving"
    place.call("c2", "binh")
    place.press(Verb.CANCEL, "c2", "binh")
    assert place.refused(apply(without_trade())) == "still-serving"
    place.centre.clock.turn(DAY_MS)
    place.done(apply(without_trade()))


def test_a_prefix_that_is_on_slips_stays(place: Place) -> None:
    """An unused one may change."""
    services = SET_UP.model_dump()["services"]
    other = changed(services=[services[0] | {"prefix": "X"}, *services[1:]])
    place.issue("land")
    place.done(apply(other))
    place.done(apply(SET_UP))
    place.issue("births")
    assert place.refused(apply(other)) == "already-exists"


# ---------------------------------------------------------------- days


def test_the_first_request_of_a_day_opens_it(place: Place) -> None:
    """Whatever it asks; the fact says how many tickets ended."""
    place.issue()
    place.issue()
    place.centre.clock.turn(DAY_MS)
    assert place.stated_by(nothing) == [f.DayOpened(type(place.centre.line.day)("2026-11-24"), 2)]  # type: ignore[misc]
    assert place.stated_by(nothing) == []


@pytest.mark.parametrize(("turn", "opens"), [(16 * HOUR - 1, False), (16 * HOUR, True), (-10 * DAY_MS, False)])
def test_it_changes_at_local_midnight_and_never_back(place: Place, turn: int, opens: bool) -> None:
    """Eight in the morning and sixteen hours; a clock behind the last entry opens nothing."""
    place.issue()
    place.centre.clock.turn(turn)
    assert bool(place.stated_by(nothing)) is opens


def test_without_it_yesterday_s_numbers_would_go_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: a ledger that asks nobody whether a day is due."""
    place.issue()
    place.centre.clock.turn(DAY_MS)
    assert place.centre.ledger._before_each is open_day_if_due
    monkeypatch.setattr(place.centre.ledger, "_before_each", lambda _: None)
    assert place.ticket(place.issue()).number == "A002"


def test_a_date_is_confirmed_back(place: Place) -> None:
    """The clock was a day ahead: the fact says what the last entry was, then the right day is opened."""
    place.issue()
    place.centre.clock.turn(DAY_MS)
    place.issue()
    was = place.centre.line.last_entry_at
    place.centre.clock.turn(-DAY_MS)
    stated = place.stated_by(confirm)
    assert stated[0] == f.ClockConfirmed(was, "staff:chief")
    assert isinstance(stated[1], f.DayOpened)
    assert (stated[1].day, place.centre.line.last_entry_at) == ("2026-11-23", place.centre.clock.now)
    assert place.ticket(place.issue()).number == "A002"


def test_confirming_a_right_clock_changes_nothing(place: Place) -> None:
    """The day that is open stays open."""
    place.issue()
    assert place.stated_by(confirm) == []
