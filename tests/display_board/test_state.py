"""What hangs on the wall: calls merged by their sequence, fresh for a while, honest when the hub falls silent."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display_board.announcing import Verdict
from display_board.state import (
    LOST_MS,
    ROWS,
    Hall,
    Look,
    Wall,
    calls,
    hear,
    next_change,
    sentences,
    touch,
    verdict,
    wall,
)
from hub.contract import messages as m
from hub.contract.time import Instant
from tests.display_board.hall import MORNING, after, board, call, centre, counter, label, listed, waiting

LOOK = Look()


def heard(*told: tuple[Any, ...] | m.Message, at: Instant = MORNING, hall: Hall | None = None) -> Hall:
    """The hall after these messages, each with its moment if not `at`; a counter with its name before it."""
    hall = hall or touch(Hall(), there=True, now=at)
    for one in told:
        name, message, moment = ("", one, at) if isinstance(one, m.Message) else (*one, at)[:3]
        hall = hear(hall, name, message, moment)
    return hall


def numbers(hall: Hall, look: Look = LOOK) -> str:
    """The numbers on the wall, newest first."""
    return " ".join(one.called.number for one in calls(hall, look))


def seen(hall: Hall, now: Instant = MORNING, look: Look = LOOK) -> Wall:
    """The wall."""
    return wall(hall, look, now)


# ---------------------------------------------------------------- which calls


def test_a_call_is_there_at_once_and_stays_when_it_is_listed() -> None:
    """The list comes up to a second later, and changes nothing."""
    before = board(10, listed("A001", 1, after(-60)))
    hall = heard(before, ("", call("A002", 2, 12, after(1)), after(1)))
    assert numbers(hall) == "A002 A001"
    hall = heard(board(13, listed("A002", 2, after(1)), listed("A001", 1, after(-60))), hall=hall, at=after(2))
    assert numbers(hall) == "A002 A001"
    assert [one.called.mark.sequence for one in calls(hall, LOOK)] == [12, 10]


def test_a_list_made_before_the_call_does_not_take_it_away() -> None:
    """It says by its sequence how far it goes."""
    hall = heard(call("A002", 2, 12, after(1)), board(11, listed("A001", 1, after(-60))))
    assert numbers(hall) == "A002 A001"
    assert numbers(heard(board(12, listed("A001", 1, after(-60))), hall=hall)) == "A001"


def test_a_number_called_again_moves_up() -> None:
    """And stands there once."""
    hall = heard(board(10, listed("A001", 1, MORNING), listed("A002", 2, after(-9))), call("A002", 2, 11, after(5)))
    assert numbers(hall) == "A002 A001"


def test_a_message_that_comes_twice_is_one_call() -> None:
    """As brokers deliver."""
    twice = call("A002", 2, 12, after(1))
    hall = heard(twice, twice)
    assert (numbers(hall), hall.calls) == ("A002", 1)


def test_another_epoch_makes_the_numbers_of_the_old_one_void() -> None:
    """Its sequences say nothing about those before."""
    hall = heard(board(500, listed("A001", 1, MORNING)), call("A002", 1, 501, after(1)))
    hall = heard(call("B001", 3, 7, after(9), epoch="e2"), hall=hall)
    assert numbers(hall) == "B001 A002 A001"
    hall = heard(board(8, listed("B001", 3, after(9)), epoch="e2"), hall=hall)
    assert numbers(hall) == "B001"
    assert numbers(heard(call("A009", 1, 3, after(20), epoch="e2"), hall=hall)) == "B001"


def test_no_more_than_the_newest_and_eight_before_it() -> None:
    """However many come."""
    hall = heard(*(call(f"A{n:03}", 1, n, after(n)) for n in range(1, 30)))
    assert len(calls(hall, LOOK)) == ROWS == 9
    assert numbers(hall).startswith("A029 A028 A027")


def test_a_zone_shows_its_own_counters() -> None:
    """And one counter its own numbers."""
    hall = heard(call("A001", 1, 1, MORNING), call("B001", 2, 2, MORNING), call("C001", 3, 3, MORNING))
    assert numbers(hall, Look(("c1", "c3"))) == "C001 A001"
    assert numbers(hall, Look(("c2",))) == "B001"


@given(st.permutations(range(6)), st.integers(0, 6))
def test_however_lists_and_calls_are_interleaved(order: list[int], listed_upto: int) -> None:
    """Calls heard in any order and a list that goes up to any of them give one and the same wall."""
    events = [call(f"A{n:03}", 1, n + 1, after(n)) for n in range(6)]
    rows = [listed(f"A{n:03}", 1, after(n)) for n in reversed(range(listed_upto))]
    hall = heard(*(events[n] for n in order), board(listed_upto, *rows))
    assert numbers(hall) == "A005 A004 A003 A002 A001 A000"
    hall = heard(board(listed_upto, *rows), *(events[n] for n in order))
    assert numbers(hall) == "A005 A004 A003 A002 A001 A000"


# ---------------------------------------------------------------- how long


def test_the_newest_takes_the_eye_for_a_while() -> None:
    """Eighteen seconds by default, from when it was heard."""
    hall = heard(("", call("A001", 1, 1, MORNING), after(2)))
    assert [one.fresh for one in seen(hall, after(19.9)).calls] == [True]
    assert [one.fresh for one in seen(hall, after(20)).calls] == [False]
    assert next_change(hall, LOOK, after(2)) == after(20)
    assert next_change(hall, LOOK, after(20)) is None
    assert [one.fresh for one in wall(hall, Look(spotlight_ms=5000), after(8)).calls] == [False]


def test_a_call_found_late_is_not_fresh() -> None:
    """It was called when it was called."""
    hall = heard(board(10, listed("A002", 2, after(-10)), listed("A001", 1, after(-40))))
    assert [one.fresh for one in seen(hall).calls] == [True, False]
    assert [one.is_news() for one in calls(hall, LOOK)] == [True, False]


@pytest.mark.parametrize("wrong_s", [-86_400, 86_400])
def test_nothing_is_news_by_a_wrong_clock(wrong_s: float) -> None:
    """A machine without a clock of its own has only just started."""
    hall = heard(board(10, listed("A001", 1, MORNING)), at=after(wrong_s))
    assert [one.is_news() for one in calls(hall, LOOK)] == [False]


# ---------------------------------------------------------------- whether it may be said


def test_a_call_that_was_heard_may_be_said_until_its_counter_says_otherwise() -> None:
    """What a counter said before the call says nothing about it."""
    hall = heard(("c1", counter(1, "serving", "A000")), call("A001", 1, 1, MORNING))
    (one,) = calls(hall, LOOK)
    assert verdict(hall, one) is Verdict.READY
    hall = heard(("c1", counter(1, "called", "A001")), hall=hall)
    assert verdict(hall, one) is Verdict.READY
    for state, ticket in (("serving", "A001"), ("called", "A002"), ("open", None), ("paused", None)):
        assert verdict(heard(("c1", counter(1, state, ticket)), hall=hall), one) is Verdict.OVER


def test_a_call_that_was_found_waits_for_its_counter() -> None:
    """And what the counter said before the hub was lost does not count."""
    hall = heard(board(10, listed("A001", 1, MORNING)))
    (one,) = calls(hall, LOOK)
    assert verdict(hall, one) is Verdict.NOT_YET
    hall = heard(("c1", counter(1, "called", "A001")), hall=hall)
    assert verdict(hall, one) is Verdict.READY
    back = touch(touch(hall, there=False, now=after(1)), there=True, now=after(2))
    assert verdict(back, one) is Verdict.NOT_YET
    assert verdict(heard(("c1", counter(1, "serving", "A001")), hall=back), one) is Verdict.OVER


# ---------------------------------------------------------------- without the hub


def test_after_fifteen_seconds_it_says_how_old_it_is() -> None:
    """Calls stay, nothing is fresh, no forecast; and it is as before when the hub is back."""
    hall = heard(centre(), board(10), waiting(MORNING, civil=6), ("", call("A001", 1, 11, after(9)), after(9)))
    hall = touch(hall, there=False, now=after(10))
    first = seen(hall, after(24.9))
    assert (first.lost, first.updated_at, first.calls[0].fresh, first.services[0].low) == (False, None, True, 20)
    then = seen(hall, after(25))
    assert (then.lost, then.updated_at) == (True, "2026-11-23T09:41:10.000+07:00")
    assert [(one.number, one.fresh) for one in then.calls] == [("A001", False)]
    assert (then.services[0].waiting, then.services[0].low) == (6, None)
    assert next_change(hall, LOOK, after(10)) == Instant(after(10) + LOST_MS)
    back = seen(touch(hall, there=True, now=after(26)), after(26))
    assert (back.lost, back.updated_at, back.services[0].low) == (False, None, 20)


def test_it_is_lost_since_it_was_first_lost() -> None:
    """However often that is said."""
    hall = touch(heard(board(1)), there=False, now=after(1))
    hall = touch(hall, there=False, now=after(300))
    assert seen(hall, after(300)).updated_at == "2026-11-23T09:41:01.000+07:00"


def test_before_anything_was_heard_it_is_lost() -> None:
    """And has nothing to be old."""
    empty = seen(Hall())
    assert (empty.lost, empty.updated_at, empty.calls, empty.services) == (True, None, (), ())


def test_yesterday_s_numbers_hang_nowhere() -> None:
    """A hub that is switched off at night, and not on in the morning."""
    hall = touch(heard(board(10, listed("A001", 1, MORNING)), ("c1", counter(1, "open"))), there=False, now=MORNING)
    assert numbers(hall) == "A001"
    tomorrow = seen(hall, after(86_400), Look(("c1", "c2")))
    assert (tomorrow.lost, tomorrow.calls, tomorrow.desks, tomorrow.services) == (True, (), (), ())
    assert seen(hall, after(-86_400)).calls == ()


# ---------------------------------------------------------------- all else on the wall


def test_who_waits_for_what() -> None:
    """The services of the board's counters, with the newest count; minutes, one at least."""
    told = waiting(MORNING, civil=6, copies=0)
    told = told.model_copy(
        update={
            "services": {
                **told.services,
                "copies": told.services["civil"].model_copy(update={"open": False, "wait": None, "waiting": 0}),
                "land": told.services["civil"].model_copy(update={"wait": m.WaitBand(low_s=20, high_s=89)}),
            }
        }
    )
    first, second, third, fourth, *_ = seen(heard(board(1), told)).services
    assert (first.prefix, first.name, first.waiting, first.low, first.high) == ("A", {"vi": "Hộ tịch"}, 6, 20, 35)
    assert (second.waiting, second.low, second.open) == (0, None, False)
    assert (third.low, third.high) == (1, 1)
    assert (fourth.waiting, fourth.low, fourth.open) == (3, None, True)


def test_the_notice_is_said_sentence_by_sentence() -> None:
    """That of the board before that of the centre; every language has its own."""
    notice = {"vi": "Giữ trật tự. Số chỉ có giá trị trong ngày!", "en": "Please keep quiet."}
    hall = heard(centre(notice={"vi": "Khác."}), board(1, notice=notice))
    assert seen(hall).sentences == (
        {"vi": "Giữ trật tự.", "en": "Please keep quiet."},
        {"vi": "Số chỉ có giá trị trong ngày!"},
    )
    assert seen(heard(centre(notice={"vi": "Khác."}), board(1))).sentences == ({"vi": "Khác."},)
    assert seen(heard(centre(), board(1))).sentences == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Cấp số: sáng 7.30–11.00. Số chỉ có giá trị trong ngày.", 2),
        ("Xem https://an-binh.example.vn/so để biết", 1),
        ("Một!\nHai?  Ba…", 3),
        ("   ", 0),
    ],
)
def test_a_sentence_ends_where_one_ends(text: str, parts: int) -> None:
    """Not within a time or an address."""
    assert len(sentences(text)) == parts


def test_opening_hours() -> None:
    """As the hub says them, on the centre's clock."""
    hours = {"open": False, "opens_at": "2026-11-23T13:00:00+07:00"}
    told = seen(heard(centre(**hours))).hours
    assert told is not None
    assert (told.open, told.opens_at, told.closes_at) == (False, "2026-11-23T13:00:00+07:00", None)
    assert seen(heard()).hours is None


def test_the_desks_of_a_zone() -> None:
    """By their numbers; a call stands there before its counter has said so, and not when it says otherwise."""
    look = Look(("c12", "c2", "c9"))
    hall = heard(("c2", counter(2, "open")), ("c12", counter(12, "paused")), ("c3", counter(3, "open")))
    hall = heard(("", call("A007", 2, 9, after(1)), after(1)), hall=hall)
    two, twelve = seen(hall, after(2), look).desks
    assert (two.label, two.state, two.number, two.fresh) == (label(2), "called", "A007", True)
    assert (twelve.counter, twelve.state, twelve.number, twelve.fresh) == ("c12", "paused", None, False)
    hall = heard(("c2", counter(2, "serving", "A007")), hall=hall, at=after(3))
    two, _ = seen(hall, after(3), look).desks
    assert (two.state, two.number) == ("serving", "A007")
    hall = heard(("c2", counter(2, "open")), hall=hall, at=after(4))
    two, _ = seen(hall, after(4), look).desks
    assert (two.state, two.number, two.fresh) == ("open", None, False)


@pytest.mark.parametrize(("counters", "layout"), [((), "hall"), (("c1", "c2"), "zone"), (("c1",), "counter")])
def test_the_layout_follows_from_the_counters(counters: tuple[str, ...], layout: str) -> None:
    """None, some, one."""
    assert seen(heard(), look=Look(counters)).layout == layout


def test_times_are_those_of_the_centre() -> None:
    """Wherever the machine believes to be: the zone stands in what the hub says."""
    plus9 = waiting(MORNING).model_copy(update={"at": waiting(MORNING).at.replace(tzinfo=None).astimezone()})
    assert plus9.at.utcoffset() is not None
    offset = round(plus9.at.utcoffset().total_seconds())  # type: ignore[union-attr]
    assert heard(plus9).offset_s == offset
    assert heard(board(1, listed("A001", 1, MORNING))).offset_s == 7 * 3600


def test_what_is_no_message_of_a_board_changes_nothing() -> None:
    """Nor does one that was cleared."""
    hall = heard(board(1, listed("A001", 1, MORNING)))
    assert hear(hall, "", None, after(1)) == hall
    assert hear(hall, "", m.Done(), after(1)) == hall
    assert seen(replace(hall, centre=None)).name == {}
