"""A board's mind: what pages are told when, what is said once, and that a new beginning replays nothing."""

from typing import Any

import pytest

from display_board.announcing import LONGEST_MS, Called, Manner, Mark
from display_board.show import Drawing, Saying, Scene, Show, Silence
from display_board.state import Look
from hub.contract import messages as m
from hub.contract.time import Instant
from tests.display_board.hall import MORNING, after, board, call, centre, counter, listed


def begun(**options: Any) -> Show:
    """A board that has heard of its hall, and whose page has drawn that."""
    show = Show(**options)
    show.touch(MORNING, there=True)
    for message in (centre(), board(10)):
        show.hear("", message, MORNING)
    show.turn(MORNING, page_speaks=True)
    return show


def told(show: Show, now: Instant = MORNING, *, page: bool = True) -> list[Scene]:
    """What follows."""
    return show.turn(now, page_speaks=page)


def said(scenes: list[Scene]) -> list[str]:
    """Keys of what is to be said."""
    return [one.key for one in scenes if isinstance(one, Saying)]


def key(number: str, at: Instant = MORNING) -> str:
    """Of a call."""
    return f"{number} {at}"


def mark_of(called: Called | None) -> Mark | None:
    """By what the hub knows the call."""
    return called.mark if called else None


def test_a_call_is_drawn_said_and_confirmed() -> None:
    """One drawing, one announcement; the reports lead to the call's own mark."""
    show = begun()
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    drawing, saying = told(show)
    assert isinstance(drawing, Drawing)
    assert [(one.key, one.speech) for one in drawing.unconfirmed] == [(key("A001"), "pending")]
    assert isinstance(saying, Saying)
    assert saying.clips[0].name == "chime"
    assert mark_of(show.report(key("A001"), "pending")) == Mark("e1", 11)
    assert show.drawing(MORNING).unconfirmed == ()
    assert mark_of(show.report(key("A001"), "spoken")) == Mark("e1", 11)
    assert told(show, after(9)) == []
    assert show.remembered() == {key("A001"): "spoken"}


def test_nothing_new_is_nothing_to_tell() -> None:
    """Until time itself changes the wall."""
    show = begun()
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    told(show)
    assert told(show, after(17)) == []
    assert show.next_turn(after(17)) == after(18)
    (drawing,) = told(show, after(18))
    assert isinstance(drawing, Drawing)
    assert [one.fresh for one in drawing.wall.calls] == [False]


def test_two_desks_at_once_are_said_one_after_the_other() -> None:
    """The first one short, for the second one waits; the second one whole."""
    show = begun()
    for sequence, number in ((11, "A001"), (12, "B001")):
        show.hear("", call(number, 1 if number == "A001" else 2, sequence, MORNING), MORNING)
    _, first = told(show)
    assert isinstance(first, Saying)
    assert {one.language for one in first.clips} == {"", "vi"}
    assert told(show, after(1)) == []
    show.report(key("A001"), "spoken")
    (second,) = told(show, after(4))
    assert isinstance(second, Saying)
    assert second.key == key("B001")
    assert {one.language for one in second.clips} == {"", "vi", "en"}


def test_a_report_of_nothing_of_ours_leads_nowhere() -> None:
    """Whatever a page says."""
    assert begun().report(key("Z999"), "spoken") is None


def test_without_a_page_nothing_is_said_and_nothing_is_lost() -> None:
    """What is still worth saying is said when one comes."""
    show = begun()
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    assert said(told(show, page=False)) == []
    show.hear("", call("B001", 2, 12, after(50)), after(50))
    scenes = told(show, after(65))
    assert said(scenes) == [key("B001", after(50))]
    assert [one.key for one in scenes if isinstance(one, Silence)] == [key("A001")]


def test_a_page_that_goes_leaves_the_turn_to_the_next() -> None:
    """And one that hangs, after a while."""
    show = begun()
    for sequence, number in ((11, "A001"), (12, "B001")):
        show.hear("", call(number, sequence, sequence, MORNING), MORNING)
    told(show)
    show.page_gone()
    assert said(told(show, after(1))) == [key("B001")]
    show.hear("", call("C001", 3, 13, after(2)), after(2))
    told(show, after(2))
    assert show.next_turn(after(20)) == Instant(after(1) + LONGEST_MS + 1)
    assert said(told(show, Instant(after(1) + LONGEST_MS + 1))) == [key("C001", after(2))]


def test_who_is_served_or_taken_back_is_not_said() -> None:
    """The page is told so, to report it."""
    show = begun()
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    told(show)
    for sequence, number in ((12, "B001"), (13, "C001"), (14, "D001")):
        show.hear("", call(number, sequence, sequence, MORNING), MORNING)
    show.hear("c12", counter(12, "serving", "B001"), after(1))
    show.hear("", board(15, listed("D001", 14, MORNING), listed("B001", 12, MORNING)), after(1))
    show.report(key("A001"), "spoken")
    scenes = told(show, after(2))
    assert said(scenes) == [key("D001")]
    assert {one.key for one in scenes if isinstance(one, Silence)} == {key("B001"), key("C001")}
    assert show.remembered()[key("B001")] == "skipped"


def test_a_number_called_again_is_said_again() -> None:
    """Unless its first call was not said yet: then that one is silent."""
    show = begun()
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    told(show)
    show.report(key("A001"), "spoken")
    show.hear("", call("A001", 1, 12, after(10), repeat=1), after(10))
    assert said(told(show, after(10))) == [key("A001", after(10))]
    show.hear("", call("B001", 1, 13, after(11)), after(11))
    show.hear("", call("B001", 1, 14, after(12), repeat=1), after(12))
    silent = [one.key for one in told(show, after(12)) if isinstance(one, Silence)]
    assert silent == [key("B001", after(11))]


def test_a_board_that_does_not_speak_says_so() -> None:
    """To be reported with the drawing; and so does one that shall not speak any more."""
    show = begun(speaks=False)
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    (drawing,) = told(show)
    assert isinstance(drawing, Drawing)
    assert [one.speech for one in drawing.unconfirmed] == ["muted"]
    show = begun()
    show.hear("", call("A001", 1, 11, MORNING), MORNING)
    show.become(Look(), Manner(), speaks=False)
    assert said(told(show)) == []
    assert show.remembered() == {key("A001"): "muted"}


def test_a_zone_announces_its_own_counters() -> None:
    """What it does not show it does not say."""
    show = begun(look=Look(("c1", "c2")))
    show.hear("", call("A001", 3, 11, MORNING), MORNING)
    assert said(told(show)) == []
    show.hear("", call("B001", 2, 12, MORNING), MORNING)
    assert said(told(show)) == [key("B001")]


# ---------------------------------------------------------------- coming late


def found(*calls: m.Call, counters: tuple[m.Counter, ...] = (), show: Show | None = None) -> Show:
    """A board that only just begins, and finds these calls in the list."""
    show = show or Show()
    show.touch(MORNING, there=True)
    show.hear("", board(20, *calls), MORNING)
    for one in counters:
        show.hear(f"c{one.number}", one, MORNING)
    return show


def test_old_calls_are_shown_and_not_said() -> None:
    """Older than half a minute: nor are they confirmed as if they were new."""
    show = found(listed("A001", 1, after(-31)), counters=(counter(1, "called", "A001"),))
    (drawing,) = told(show)
    assert isinstance(drawing, Drawing)
    assert [one.number for one in drawing.wall.calls] == ["A001"]
    assert drawing.unconfirmed == ()


def test_a_young_call_is_said_once_its_counter_waits() -> None:
    """It has just missed the board that was starting."""
    show = found(listed("A001", 1, after(-5)))
    assert said(told(show)) == []
    show.hear("c1", counter(1, "called", "A001"), MORNING)
    assert said(told(show)) == [key("A001", after(-5))]
    assert mark_of(show.report(key("A001", after(-5)), "spoken")) == Mark("e1", 20)
    show = found(listed("A001", 1, after(-5)), counters=(counter(1, "serving", "A001"),))
    assert said(told(show)) == []


@pytest.mark.parametrize("word", ["spoken", "skipped", "muted"])
def test_what_was_decided_is_not_decided_again(word: Any) -> None:
    """A board that begins anew says nothing that the one before has said, or was not to say."""
    before = begun()
    before.hear("", call("A001", 1, 11, MORNING), MORNING)
    told(before)
    before.report(key("A001"), word)
    show = Show()
    show.remember(before.hall, before.remembered())
    found(listed("A001", 1, MORNING), counters=(counter(1, "called", "A001"),), show=show)
    (drawing,) = told(show)
    assert isinstance(drawing, Drawing)
    assert ([one.number for one in drawing.wall.calls], drawing.unconfirmed) == (["A001"], ())


def test_what_was_cut_off_is_said_by_the_next() -> None:
    """While it is young."""
    before = begun()
    before.hear("", call("A001", 1, 11, MORNING), MORNING)
    told(before)
    show = Show()
    show.remember(before.hall, before.remembered())
    found(listed("A001", 1, MORNING), counters=(counter(1, "called", "A001"),), show=show)
    assert said(told(show)) == [key("A001")]


def test_memory_is_bounded() -> None:
    """Over a long day."""
    show = begun()
    for n in range(500):
        now = after(n)
        show.hear("", call(f"A{n:03}", 1, 20 + n, now), now)
        for one in said(told(show, now)):
            show.report(one, "spoken")
    assert len(show.remembered()) <= 128
    assert len(show.hall.known) <= 32
