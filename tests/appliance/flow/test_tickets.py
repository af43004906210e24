"""One intention, one number, and its paper: what becomes of them, also over cuts, late slips and empty rolls."""

from dataclasses import replace

import pytest

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Awaited, Kiosk
from appliance.flow.press import Press
from appliance.flow.step import step
from appliance.flow.tickets import COMING_LIMIT_S, MOST_AGAIN
from appliance.flow.ways import under
from tests.appliance.flow.hall import REQUEST, SCREENS, TICKET, TICKET_ID, WORLD, kiosk
from tests.appliance.flow.walking import FRESH, tap, walk

COMING = sc.Result(TICKET, sc.Paper.COMING, 140.0, request_id=REQUEST)
FAILED = sc.Result(TICKET, sc.Paper.FAILED, 160.0, request_id=REQUEST)
COPY = fx.Print(TICKET, "vi", True, REQUEST)
EMPTY = ev.PrinterChanged("ready", "out")
FULL = ev.PrinterChanged("ready", "ok")


def paper_of(one: Kiosk) -> sc.Paper:
    """What the screen says of the slip."""
    screen = under(one.screen)
    assert isinstance(screen, sc.Result)
    return screen.paper


def test_without_paper_the_number_is_shown_and_reported_as_not_printed() -> None:
    """No print is tried on a printer that is known to be in trouble."""
    silent = replace(WORLD, printer_link="silent", printer_paper="unknown")
    one = kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0), world=silent)
    one, effects = step(one, ev.TicketGiven(REQUEST, TICKET), FRESH)
    assert paper_of(one) is sc.Paper.FAILED
    assert effects == (fx.NotPrinted(TICKET_ID, REQUEST, "silent"),)


def test_a_printer_that_says_nothing_of_its_paper_is_printed_on() -> None:
    """Some never do: they are ready, and that is all that is known."""
    mute = replace(WORLD, printer_link="ready", printer_paper="unknown")
    one = kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0), world=mute)
    assert step(one, ev.TicketGiven(REQUEST, TICKET), FRESH)[1] == (fx.Print(TICKET, "vi", False, REQUEST),)


def test_a_jam_in_the_middle_keeps_the_number_on_the_screen_as_long_as_wanted() -> None:
    """A minute, and a minute more for each wish."""
    one, _ = walk(kiosk(COMING), ev.PrinterChanged("jam", "ok"))
    one, effects = step(one, ev.SlipStuck(TICKET_ID, "jam"), FRESH)
    assert effects == ()
    for _ in range(10):
        one, _ = step(one, ev.Ticked(one.now_s + 59), FRESH)
        one, _ = step(one, ev.Pressed(Press.MORE_TIME, one.serial), FRESH)
        assert isinstance(one.screen, sc.Result)
    one, _ = step(one, ev.Ticked(one.now_s + 61), FRESH)
    assert one.screen == sc.Home()


@pytest.mark.parametrize("help_called", [False, True])
def test_a_copy_comes_when_paper_is_back_and_the_person_still_stands_there(help_called: bool) -> None:
    """Also while the notice stands over the number that help is on its way: that is when it comes."""
    one, _ = walk(kiosk(COMING), EMPTY, ev.SlipStuck(TICKET_ID, "paper-out"))
    if help_called:
        one, _ = walk(one, tap(Press.CALL_STAFF))
    one, effects = walk(one, FULL)
    assert (paper_of(one), effects) == (sc.Paper.COMING, [COPY])
    one, _ = walk(one, ev.SlipCame(TICKET_ID))
    assert paper_of(one) is sc.Paper.PRINTED


def test_trouble_that_is_over_when_it_is_heard_of_is_over() -> None:
    """The roll was changed before the slip was known to have failed."""
    one, effects = walk(kiosk(COMING), EMPTY, FULL, ev.SlipStuck(TICKET_ID, "paper-out"))
    assert (paper_of(one), effects) == (sc.Paper.COMING, [COPY])


def test_a_printer_that_always_fails_is_not_fed_without_end() -> None:
    """Some copies, then the number on the screen has to do; nobody knows why: no copy at all."""
    one, effects = walk(kiosk(COMING), *[ev.SlipStuck(TICKET_ID, "jam")] * 20)
    assert (paper_of(one), effects) == (sc.Paper.FAILED, [COPY] * MOST_AGAIN)
    assert walk(kiosk(COMING), ev.SlipStuck(TICKET_ID, "unknown"))[1] == []


def test_no_copy_comes_for_who_has_left() -> None:
    """Staff can order one."""
    one, effects = walk(kiosk(COMING), EMPTY, ev.SlipStuck(TICKET_ID, "paper-out"), tap(Press.DONE), FULL)
    assert (one.screen, effects) == (sc.Home(), [])


def test_a_slip_over_a_slow_line_is_not_given_up() -> None:
    """The person is let go; what became of it the printer will tell, and until then no copy is printed."""
    one, effects = step(kiosk(COMING), ev.Ticked(100.0 + COMING_LIMIT_S), FRESH)
    assert (paper_of(one), effects) == (sc.Paper.FAILED, ())
    one, effects = walk(one, ev.PrinterChanged("silent", "unknown"), FULL)
    assert effects == []
    came, effects = walk(one, ev.SlipCame(TICKET_ID))
    assert (paper_of(came), effects) == (sc.Paper.PRINTED, [])
    stuck, effects = walk(one, ev.SlipStuck(TICKET_ID, "silent"))
    assert (paper_of(stuck), effects) == (sc.Paper.COMING, [COPY])


def test_a_copy_ordered_by_staff_makes_a_failed_slip_good() -> None:
    """And disturbs no other screen."""
    one, _ = walk(kiosk(FAILED), ev.SlipCame(TICKET_ID))
    assert paper_of(one) is sc.Paper.PRINTED
    for screen in SCREENS:
        if not isinstance(under(screen), sc.Result):
            assert step(kiosk(screen), ev.SlipCame(TICKET_ID), FRESH) == (kiosk(screen), ())


def test_nobody_is_told_no_while_the_hub_keeps_a_number_for_them() -> None:
    """A request given up is withdrawn, whether the kiosk or its link lost patience."""
    working = kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0))
    for event in (ev.NobodyAnswered(REQUEST), ev.Ticked(140.0)):
        one, effects = step(working, event, FRESH)
        assert effects == (fx.Withdraw(REQUEST),)
        assert isinstance(one.screen, sc.NoHub)
        assert walk(one, ev.TicketGiven(REQUEST, TICKET))[1] == []


@pytest.mark.parametrize(
    "screen", [sc.Starting(), sc.NoHub(), sc.Closed(), sc.Home(), sc.StillThere(sc.Groups(), 120.0)]
)
def test_after_a_cut_in_the_middle_of_a_slip_the_same_number_comes_as_a_copy(screen: sc.Screen) -> None:
    """In the person's own language; never a second number."""
    one, effects = step(kiosk(screen), ev.Recovered(REQUEST, TICKET, "en", shown=True, printing=True), FRESH)
    assert effects == (fx.Print(TICKET, "en", True, REQUEST),)
    assert (paper_of(one), one.comfort.language) == (sc.Paper.COMING, "en")


def test_after_a_cut_before_paper_could_move_the_slip_is_no_copy() -> None:
    """It is the first."""
    recovered = ev.Recovered(REQUEST, TICKET, "vi", shown=False, printing=False)
    assert step(kiosk(sc.Starting()), recovered, FRESH)[1] == (fx.Print(TICKET, "vi", False, REQUEST),)


def test_after_a_cut_a_printer_of_which_nothing_is_known_yet_is_tried() -> None:
    """The number is recovered before the printer has said a word: it is not out of paper, nobody has asked it."""
    unknown = replace(WORLD, printer_link="offline", printer_paper="unknown", awaited=frozenset({Awaited.PRINTER}))
    recovered = ev.Recovered(REQUEST, TICKET, "vi", shown=True, printing=True)
    one, effects = step(kiosk(sc.Starting(), world=unknown), recovered, FRESH)
    assert (paper_of(one), effects) == (sc.Paper.COMING, (COPY,))
    assert walk(one, FULL)[1] == []


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: type(one).__name__)
def test_what_is_recovered_is_never_dropped(screen: sc.Screen) -> None:
    """Whoever stands there: a slip begun is printed, a number seen is told of, a number not seen is given back."""
    for shown, printing, kept in (
        (True, True, fx.Print),
        (True, False, fx.NotPrinted),
        (False, False, fx.Withdraw),
    ):
        one, effects = step(kiosk(screen), ev.Recovered(REQUEST, TICKET, "vi", shown, printing), FRESH)
        (effect,) = effects
        assert isinstance(effect, kept | fx.Print)
        assert one.screen == screen or isinstance(one.screen, sc.Result)
