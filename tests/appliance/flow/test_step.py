"""The flow: every screen with every event, the ways through it, and what must never happen."""

import random
from dataclasses import replace

import pytest

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.events import Press
from appliance.flow.kiosk import Comfort, Kiosk, Policy
from appliance.flow.step import SETTLE_S, start, step
from tests.appliance.flow.hall import CENTRE, EVENTS, PIN, POLICY, REQUEST, SCREENS, TICKET, TICKET_ID, WORLD, kiosk

TOUCHES = ev.Pressed | ev.Chose | ev.Typed
FRESH = "01a20000-0000-7000-8000-0000000000ff"


def walk(one: Kiosk, *events: ev.Event) -> tuple[Kiosk, list[fx.Effect]]:
    """Events one after another, each press made on the screen of its moment, a second apart."""
    effects: list[fx.Effect] = []
    for event in events:
        one, _ = step(one, ev.Ticked(one.now_s + 1), FRESH)
        made_here = replace(event, serial=one.serial) if isinstance(event, TOUCHES) else event
        one, done = step(one, made_here, FRESH)
        effects += done
    return one, effects


def tap(what: Press) -> ev.Pressed:
    return ev.Pressed(what, 0)


def choose(what: str) -> ev.Chose:
    return ev.Chose(what, 0)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: type(one).__name__)
def test_every_event_on_every_screen_leads_to_a_screen_and_known_effects(screen: sc.Screen) -> None:
    """No pair raises; a request is made only from a choice, a slip printed only for a ticket."""
    for event in EVENTS:
        after, effects = step(kiosk(screen), event, FRESH)
        assert isinstance(after.screen, sc.Screen)
        assert after.serial >= 7
        for effect in effects:
            assert isinstance(effect, fx.Effect)
            if isinstance(effect, fx.Ask):
                assert isinstance(event, ev.Chose | ev.Pressed)
                assert after.screen == sc.Working(FRESH, effect.service, effect.class_, 100.0)
            if isinstance(effect, fx.Print):
                assert isinstance(event, ev.TicketGiven | ev.Recovered | ev.Reprint)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: type(one).__name__)
def test_a_press_on_a_screen_that_is_gone_changes_nothing(screen: sc.Screen) -> None:
    """A finger that comes down a moment late meant the screen before."""
    for event in EVENTS:
        if isinstance(event, ev.Pressed | ev.Chose | ev.Typed):
            before = kiosk(screen)
            assert step(before, replace(event, serial=6), FRESH) == (before, ())


def test_a_double_tap_gives_one_number() -> None:
    """The second tap falls on a screen that has only just come."""
    one = kiosk(sc.Services("people"))
    one, first = step(one, ev.Chose("birth", one.serial), FRESH)
    again, second = step(one, ev.Chose("birth", one.serial), FRESH)
    assert [type(effect) for effect in first] == [fx.Ask]
    assert (again, second) == (one, ())


def test_two_taps_lead_to_a_number_and_its_slip() -> None:
    """Home, one heading, one service; the number is shown at once, the slip follows, then home with all forgotten."""
    one, effects = walk(start(kiosk(sc.Home())), tap(Press.TAKE_NUMBER), choose("people"), choose("birth"))
    assert effects == [fx.Ask(FRESH, "birth", "ordinary", "vi")]
    one, effects = walk(one, ev.TicketGiven(FRESH, TICKET))
    assert effects == [fx.Print(TICKET, "vi", copy=False), fx.Settle(FRESH)]
    assert isinstance(one.screen, sc.Result)
    assert one.screen.paper is sc.Paper.COMING
    one, effects = walk(one, ev.SlipCame(TICKET_ID))
    assert effects == [fx.Report(TICKET_ID, copy=False)]
    one, _ = walk(one, tap(Press.DONE))
    assert (one.screen, one.comfort) == (sc.Home(), Comfort())


def test_a_heading_with_one_service_is_that_service() -> None:
    """Nobody is asked to choose one of one."""
    _, effects = walk(kiosk(sc.Groups(), world=replace(WORLD, centre=None)), choose("land"))
    assert effects == [fx.Ask(FRESH, "land", "ordinary", "vi")]


def test_a_wait_beyond_closing_time_is_asked_about_first() -> None:
    """The forecast's later end counts."""
    one, effects = walk(kiosk(sc.Groups()), choose("land"))
    assert (one.screen, effects) == (sc.Confirming("land", "ordinary", sc.Doubt.CLOSES_BEFORE), [])
    _, effects = walk(one, tap(Press.YES))
    assert effects == [fx.Ask(FRESH, "land", "ordinary", "vi")]


def test_the_class_is_asked_for_only_when_the_policy_says_so() -> None:
    """And then before anything else."""
    asking = replace(POLICY, ask_class=True)
    one, effects = walk(kiosk(sc.Services("people"), policy=asking), choose("birth"))
    assert (one.screen, effects) == (sc.Classes("birth"), [])
    _, effects = walk(one, choose("elderly"))
    assert effects == [fx.Ask(FRESH, "birth", "elderly", "vi")]


def test_a_second_number_for_the_same_thing_is_asked_about() -> None:
    """A person who comes back to the same service a moment later may not know that it worked."""
    one, _ = walk(kiosk(sc.Services("people")), choose("birth"), ev.TicketGiven(FRESH, TICKET), ev.SlipCame(TICKET_ID))
    one, effects = walk(one, tap(Press.ANOTHER), choose("people"), choose("birth"))
    assert (one.screen, effects) == (sc.Confirming("birth", "ordinary", sc.Doubt.TAKEN_JUST_NOW), [])


def test_a_closed_service_cannot_be_chosen() -> None:
    """The latest word of the hub counts."""
    one = kiosk(sc.Services("people"))
    assert walk(one, choose("closed"))[0].screen == sc.Services("people")


def test_without_paper_the_number_is_shown_and_reported_as_not_printed() -> None:
    """No print is tried on a printer that is known to be in trouble."""
    silent = replace(WORLD, printer_link="silent", printer_paper="unknown")
    one = kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0), world=silent)
    one, effects = step(one, ev.TicketGiven(REQUEST, TICKET), FRESH)
    assert isinstance(one.screen, sc.Result)
    assert one.screen.paper is sc.Paper.FAILED
    assert effects == (fx.Report(TICKET_ID, copy=False, reason="silent"), fx.Settle(REQUEST))


def test_a_jam_in_the_middle_keeps_the_number_on_the_screen_as_long_as_wanted() -> None:
    """A minute, and a minute more for each wish."""
    one = kiosk(sc.Result(TICKET, sc.Paper.COMING, 140.0))
    one, effects = step(one, ev.SlipStuck(TICKET_ID, "jam"), FRESH)
    assert effects == (fx.Report(TICKET_ID, copy=False, reason="jam"),)
    for _ in range(10):
        one, _ = step(one, ev.Ticked(one.now_s + 59), FRESH)
        one, _ = step(one, ev.Pressed(Press.MORE_TIME, one.serial), FRESH)
        assert isinstance(one.screen, sc.Result)
    one, _ = step(one, ev.Ticked(one.now_s + 61), FRESH)
    assert one.screen == sc.Home()


def test_nobody_is_told_no_while_the_hub_keeps_a_number_for_them() -> None:
    """A request given up is withdrawn, whether the kiosk or its link lost patience."""
    working = kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0))
    for event in (ev.NobodyAnswered(REQUEST), ev.Ticked(140.0)):
        one, effects = step(working, event, FRESH)
        assert (one.screen, effects) == (sc.NoHub(), (fx.Withdraw(REQUEST),))


def test_after_a_cut_in_the_middle_of_a_slip_the_same_number_comes_as_a_copy() -> None:
    """Never a second number."""
    one, effects = step(kiosk(sc.Home()), ev.Recovered(REQUEST, TICKET, printing_had_begun=True), FRESH)
    assert effects == (fx.Print(TICKET, "vi", copy=True), fx.Settle(REQUEST))
    assert isinstance(one.screen, sc.Result)


def test_the_hub_gone_and_back() -> None:
    """Choosing gives way to a notice and comes back by itself; a result stays."""
    for screen in (sc.Home(), sc.Groups(), sc.Services("people"), sc.StillThere(sc.Groups(), 120.0)):
        gone, _ = step(kiosk(screen), ev.HubChanged(False), FRESH)
        assert gone.screen == sc.NoHub()
        back, _ = step(gone, ev.HubChanged(True), FRESH)
        assert back.screen == sc.Home()
    result = sc.Result(TICKET, sc.Paper.PRINTED, 115.0)
    assert step(kiosk(result), ev.HubChanged(False), FRESH)[0].screen == result


def test_idle_is_warned_of_first_and_can_be_put_off_without_end() -> None:
    """60 s, then 20 s with a way to stay (WCAG 2.2.1: ten times at least)."""
    one = kiosk(sc.Groups())
    for _ in range(12):
        one, _ = step(one, ev.Ticked(one.touched_s + 60), FRESH)
        assert isinstance(one.screen, sc.StillThere)
        one, _ = step(one, ev.Ticked(one.now_s + 1), FRESH)
        one, _ = step(one, ev.Pressed(Press.MORE_TIME, one.serial), FRESH)
        assert one.screen == sc.Groups()
    one, _ = step(one, ev.Ticked(one.touched_s + 60), FRESH)
    one, _ = step(one, ev.Ticked(one.now_s + 21), FRESH)
    assert (one.screen, one.comfort) == (sc.Home(), Comfort())


def test_comfort_changes_on_any_screen_and_is_forgotten() -> None:
    """Language, text, contrast, lower half; the next visitor finds none of it."""
    presses = (Press.LANGUAGE, Press.TEXT_SIZE, Press.CONTRAST, Press.LOWER_HALF)
    one, _ = walk(kiosk(sc.Home()), *(tap(what) for what in presses))
    assert one.comfort == Comfort("en", 1, True, True)
    one, _ = step(one, ev.Ticked(one.now_s + 61), FRESH)
    assert one.comfort == Comfort()


def test_the_staff_door_needs_five_presses_and_the_pin() -> None:
    """Wrong digits are answered with a growing wait; without a PIN there is no door."""
    one, _ = walk(kiosk(sc.Home()), *(tap(Press.STAFF_DOOR) for _ in range(3)))
    assert one.screen == sc.Home()
    one = replace(kiosk(sc.Home()), door_presses=(99.1, 99.2, 99.3, 99.4))
    one, _ = step(one, ev.Pressed(Press.STAFF_DOOR, one.serial), FRESH)
    assert one.screen == sc.StaffPin()
    for _ in range(3):
        one, _ = walk(one, *(ev.Typed(digit, 0) for digit in "000000"))
    assert isinstance(one.screen, sc.StaffPin)
    assert one.screen.blocked_until_s > one.now_s
    still, _ = walk(one, *(ev.Typed(digit, 0) for digit in PIN))
    assert isinstance(still.screen, sc.StaffPin)
    one = replace(one, now_s=one.screen.blocked_until_s + 1, touched_s=one.screen.blocked_until_s + 1)
    one, _ = walk(one, *(ev.Typed(digit, 0) for digit in PIN))
    assert one.screen == sc.StaffMenu()
    closed = replace(kiosk(sc.Home(), policy=Policy()), door_presses=(99.1, 99.2, 99.3, 99.4))
    assert step(closed, ev.Pressed(Press.STAFF_DOOR, closed.serial), FRESH)[0].screen == sc.Home()


@pytest.mark.parametrize("seed", range(6))
def test_a_robot_always_finds_home_and_never_takes_two_numbers_for_one_wish(seed: int) -> None:
    """20,000 random events: no two requests are ever open at once, and time alone leads back to the first screen."""
    dice = random.Random(seed)
    one, open_request, made = start(kiosk(sc.Home())), "", 0
    for n in range(20_000):
        event = _random_event(dice, one)
        one, effects = step(one, event, f"request-{n}")
        for effect in effects:
            match effect:
                case fx.Ask(request_id):
                    assert open_request == "", "a second request while one is open"
                    open_request, made = request_id, made + 1
                case fx.Settle(request_id) | fx.Withdraw(request_id):
                    open_request = "" if request_id == open_request else open_request
    assert made > 5
    one, _ = step(one, ev.HubChanged(True), "end")
    for _ in range(8):
        one, _ = step(one, ev.Ticked(one.now_s + 100), "end")
    one, _ = step(one, ev.CentreHeard(one.world.centre.model_copy(update={"open": True})), "end")  # type: ignore[union-attr]
    assert one.screen == sc.Home()


def _random_event(dice: random.Random, one: Kiosk) -> ev.Event:
    if isinstance(one.screen, sc.Working) and dice.random() < 0.5:
        request = one.screen.request_id
        answers = (ev.TicketGiven(request, TICKET), ev.NobodyAnswered(request), ev.TicketRefused(request, "x", {}))
        return dice.choice(answers)
    if dice.random() < 0.3:
        return ev.Ticked(one.now_s + dice.choice((0.1, SETTLE_S, 1.0, 5.0)))
    if dice.random() < 0.02:
        return dice.choice([event for event in EVENTS if not isinstance(event, TOUCHES | ev.Ticked)])
    if dice.random() < 0.1:
        return dice.choice((ev.HubChanged(True), ev.CentreHeard(CENTRE), ev.PrinterChanged("ready", "ok")))
    event = dice.choice([event for event in EVENTS if isinstance(event, TOUCHES)])
    return replace(event, serial=one.serial if dice.random() < 0.9 else one.serial - 1)
