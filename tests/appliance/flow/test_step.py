"""The flow: every screen with every event, and what stands where nobody may choose."""

from dataclasses import replace

import pytest

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Awaited, Comfort, Kiosk, Policy, World
from appliance.flow.press import Press
from appliance.flow.step import IDENTIFY_S, NOTICE_S, RESTART_WITHIN_S, step
from appliance.flow.ways import GRACE_S, start
from hub.contract import messages as m
from tests.appliance.flow.hall import CENTRE, EVENTS, POLICY, REQUEST, SCREENS, TICKET, TICKET_ID, WORLD, kiosk
from tests.appliance.flow.walking import FRESH, TOUCHES, choose, tap, walk


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
                assert isinstance(event, ev.TicketGiven | ev.Recovered | ev.PrinterChanged | ev.SlipStuck)
                assert effect.copy or isinstance(event, ev.TicketGiven | ev.Recovered)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: type(one).__name__)
def test_a_press_on_a_screen_that_is_gone_changes_nothing(screen: sc.Screen) -> None:
    """A finger that comes down a moment late meant the screen before."""
    for event in EVENTS:
        if isinstance(event, TOUCHES):
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
    assert effects == [fx.Print(TICKET, "vi", False, FRESH)]
    assert isinstance(one.screen, sc.Result)
    assert one.screen.paper is sc.Paper.COMING
    one, effects = walk(one, ev.SlipCame(TICKET_ID))
    assert (one.screen.paper, effects) == (sc.Paper.PRINTED, [])
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


def test_a_visitor_who_wants_another_number_keeps_the_way_of_seeing() -> None:
    """And is not led into choosing when the hub has gone meanwhile."""
    seen = sc.Result(TICKET, sc.Paper.PRINTED, 115.0)
    large = replace(kiosk(seen), comfort=Comfort("en", 2, True))
    one, _ = walk(large, tap(Press.ANOTHER))
    assert (one.screen, one.comfort) == (sc.Groups(), Comfort("en", 2, True))
    one, _ = walk(large, ev.HubChanged(False), tap(Press.ANOTHER))
    assert one.screen == sc.NoHub()


def test_a_closed_service_cannot_be_chosen() -> None:
    """The latest word of the hub counts."""
    one = kiosk(sc.Services("people"))
    assert walk(one, choose("closed"))[0].screen == sc.Services("people")


def test_the_hub_gone_and_back() -> None:
    """Choosing gives way to a notice and comes back by itself; a result stays."""
    for screen in (sc.Home(), sc.Groups(), sc.Services("people"), sc.StillThere(sc.Groups(), 120.0)):
        gone, _ = step(kiosk(screen), ev.HubChanged(False), FRESH)
        assert gone.screen == sc.NoHub()
        back, _ = step(gone, ev.HubChanged(True), FRESH)
        assert back.screen == sc.Home()
    result = sc.Result(TICKET, sc.Paper.PRINTED, 115.0)
    assert step(kiosk(result), ev.HubChanged(False), FRESH)[0].screen == result


def test_nobody_chooses_before_everything_is_known_that_has_to_be() -> None:
    """The hub, the printer, and what became of a request from before; in whatever order it comes."""
    waits = World(awaited=frozenset(Awaited))
    news = (
        ev.HubChanged(True),
        ev.ServicesHeard(WORLD.services),  # type: ignore[arg-type]
        ev.PrinterChanged("silent", "unknown"),
        ev.RecoveryEnded(),
    )
    for last in news:
        one = start(Kiosk(policy=POLICY, world=waits))
        assert one.screen == sc.Starting()
        for event in (*(each for each in news if each is not last), last):
            assert one.screen == sc.Starting()
            one, _ = step(one, event, FRESH)
        assert one.screen == sc.Home()


def test_a_hub_that_does_not_come_is_told_of_after_a_while() -> None:
    """And when it comes, what is awaited still comes first."""
    one = start(Kiosk(policy=POLICY, world=World(awaited=frozenset({Awaited.EARLIER}))))
    one, _ = step(one, ev.Ticked(GRACE_S - 0.1), FRESH)
    assert one.screen == sc.Starting()
    one, _ = step(one, ev.Ticked(GRACE_S), FRESH)
    assert one.screen == sc.NoHub()
    one, _ = step(one, ev.ServicesHeard(WORLD.services), FRESH)  # type: ignore[arg-type]
    one, _ = step(one, ev.HubChanged(True), FRESH)
    assert one.screen == sc.Starting()
    one, _ = step(one, ev.RecoveryEnded(), FRESH)
    assert one.screen == sc.Home()


def test_a_hub_that_was_there_has_had_its_time() -> None:
    """It goes right after the start: that is told at once."""
    one = start(Kiosk(policy=POLICY, world=World(awaited=frozenset({Awaited.PRINTER}))))
    for event in (ev.HubChanged(True), ev.ServicesHeard(WORLD.services), ev.PrinterChanged("ready", "ok")):  # type: ignore[arg-type]
        one, _ = step(one, event, FRESH)
    assert step(one, ev.HubChanged(False), FRESH)[0].screen == sc.NoHub()


def test_who_is_told_that_there_is_no_number_can_read_it() -> None:
    """Also when the hub is there: whatever it says meanwhile."""
    one = kiosk(sc.Working(REQUEST, "birth", "ordinary", 99.0))
    one, _ = step(one, ev.NobodyAnswered(REQUEST), FRESH)
    assert one.screen == sc.NoHub(one.now_s + NOTICE_S)
    for event in (ev.HubChanged(True), ev.CentreHeard(CENTRE), ev.PrinterChanged("ready", "ok")):
        one, _ = step(one, event, FRESH)
        assert isinstance(one.screen, sc.NoHub)
    one, _ = step(one, ev.Ticked(one.now_s + NOTICE_S), FRESH)
    assert one.screen == sc.Home()


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


def test_a_call_for_staff_names_the_screen_in_the_words_of_the_wire() -> None:
    """`^[a-z0-9-]{1,32}$`; what stood over it is not where the person is."""
    one, effects = walk(kiosk(sc.StillThere(sc.Services("people"), 120.0)), tap(Press.CALL_STAFF))
    assert (one.screen, effects) == (sc.HelpCalled(sc.Services("people"), False, 109.0), [fx.CallStaff("services")])
    alone = kiosk(sc.NoHub(), world=replace(WORLD, hub_online=False))
    assert walk(alone, tap(Press.CALL_STAFF))[1] == [fx.CallStaff("no-hub")]
    for screen in SCREENS:
        for effect in walk(kiosk(screen), tap(Press.CALL_STAFF))[1]:
            assert isinstance(effect, fx.CallStaff)
            m.CallStaff.model_validate_json(
                f'{{"request_id": "{FRESH}", "sent_at": "2026-11-23T08:42:00Z", "screen": "{effect.screen}"}}'
            )


def test_new_settings_take_effect_at_once() -> None:
    """On whatever screen; who is choosing already goes on."""
    hears = ev.SettingsHeard(m.DeviceSettings(version=2, ask_class=True, services_first=True, languages=["en", "ko"]))
    home, _ = step(kiosk(sc.Home()), hears, FRESH)
    assert (home.screen, home.comfort.language) == (sc.Groups(), "en")
    asked, _ = walk(step(kiosk(sc.Services("people")), hears, FRESH)[0], choose("birth"))
    assert asked.screen == sc.Classes("birth")
    without_door, _ = step(kiosk(sc.StaffMenu()), hears, FRESH)
    assert without_door.screen == sc.Groups()


def test_its_name_is_shown_to_whoever_looks_for_it() -> None:
    """A quarter of a minute, above whatever stands there, which goes on."""
    one = kiosk(sc.Result(TICKET, sc.Paper.COMING, 130.0))
    found, effects = step(one, ev.Identify("kiosk-01"), FRESH)
    assert (found.screen, found.device, found.identifying, effects) == (one.screen, "kiosk-01", True, ())
    assert not step(found, ev.Ticked(one.now_s + IDENTIFY_S), FRESH)[0].identifying


def test_a_restart_waits_for_who_waits_for_a_number() -> None:
    """At rest it comes at once; over a visit after a minute; never between a number and its slip."""
    ordered, effects = step(kiosk(sc.Home()), ev.RestartOrdered(), FRESH)
    assert effects == ()
    assert step(ordered, ev.Ticked(100.1), FRESH)[1] == (fx.Restart(),)
    visit, _ = step(kiosk(sc.Services("people")), ev.RestartOrdered(), FRESH)
    visit, effects = step(visit, ev.Ticked(140.0), FRESH)
    assert effects == ()
    assert step(visit, ev.Ticked(100.0 + RESTART_WITHIN_S), FRESH)[1][-1] == fx.Restart()
    busy = replace(kiosk(sc.Result(TICKET, sc.Paper.COMING, 900.0)), restart_by_s=100.0)
    assert step(busy, ev.Ticked(140.0), FRESH)[1] == ()


def test_a_restart_is_told_once() -> None:
    """The program has ended by the time it would be told again."""
    one, _ = step(kiosk(sc.Home()), ev.RestartOrdered(), FRESH)
    one, _ = step(one, ev.Ticked(101.0), FRESH)
    assert step(one, ev.Ticked(102.0), FRESH)[1] == ()


def test_a_policy_without_a_pin_has_no_door() -> None:
    """Whatever is pressed."""
    closed = replace(kiosk(sc.Home(), policy=Policy()), door_presses=(99.1, 99.2, 99.3, 99.4))
    assert step(closed, ev.Pressed(Press.STAFF_DOOR, closed.serial), FRESH)[0].screen == sc.Home()
