"""A robot at the kiosk: whatever it does and whatever happens, it finds home, and one intention is one number."""

import random
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.flow.step import SETTLE_S, step
from appliance.flow.ways import start, under
from hub.contract.messages import IssuedTicket
from tests.appliance.flow.hall import CENTRE, EVENTS, TICKET, kiosk
from tests.appliance.flow.walking import TOUCHES

NEWS = [event for event in EVENTS if not isinstance(event, TOUCHES | ev.Ticked | ev.Recovered)]
FINGERS = [event for event in EVENTS if isinstance(event, TOUCHES)]
WELL = (ev.HubChanged(True), ev.CentreHeard(CENTRE), ev.PrinterChanged("ready", "ok"), ev.RecoveryEnded())


@dataclass
class Judge:
    """Follows every request from the wish to the paper. `open_request`: asked, and nobody has answered yet."""

    open_request: str = ""
    made: int = 0
    given: dict[str, UUID] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    first_slips: set[UUID] = field(default_factory=set)
    jobs: list[UUID] = field(default_factory=list)

    def note(self, event: ev.Event, before: Kiosk, after: Kiosk, effects: tuple[fx.Effect, ...]) -> None:
        """One step."""
        if isinstance(before.screen, sc.Working) and not isinstance(after.screen, sc.Working):
            self._answered(event, before.screen.request_id, after)
        for effect in effects:
            self._judge(effect)
        shown = under(after.screen)
        if isinstance(shown, sc.Result) and shown.request_id in self.given:
            assert self.given[shown.request_id] == shown.ticket.id, "another number for the same intention"
            assert shown.request_id not in self.withdrawn, "a number that was given back"

    def _answered(self, event: ev.Event, request: str, after: Kiosk) -> None:
        assert request == self.open_request
        self.open_request = ""
        if isinstance(event, ev.TicketGiven):
            assert isinstance(after.screen, sc.Result), "a number that nobody saw"
            self.given[request] = event.ticket.id

    def _judge(self, effect: fx.Effect) -> None:
        match effect:
            case fx.Ask(request_id):
                assert self.open_request == "", "a second request while one is open"
                assert request_id not in self.given, "one intention asked for twice"
                self.open_request, self.made = request_id, self.made + 1
            case fx.Print(ticket, copy=copy):
                assert copy or ticket.id not in self.first_slips, "two slips, and neither says that it is a copy"
                self.first_slips.add(ticket.id)
                self.jobs.append(ticket.id)
            case fx.Withdraw(request_id):
                assert request_id not in self.given, "a number taken away from its person"
                self.withdrawn.add(request_id)
            case _:
                pass


@pytest.mark.parametrize("seed", range(6))
def test_a_robot_always_finds_home_and_never_takes_two_numbers_for_one_intention(seed: int) -> None:
    """20,000 random events: one request open at a time, one number for each, one slip that is no copy, and time alone
    leads back to the first screen."""
    dice, judge = random.Random(seed), Judge()
    one = start(kiosk(sc.Home()))
    for n in range(20_000):
        event = _random_event(dice, one, judge.jobs)
        after, effects = step(one, event, f"request-{n}")
        judge.note(event, one, after, effects)
        one = after
    assert judge.made > 5
    assert len(judge.given) > 1
    for event in (ev.HubChanged(True), *(ev.Ticked(one.now_s + 100 * n) for n in range(1, 9)), *WELL):
        one, _ = step(one, event, "end")
    assert under(one.screen) in (sc.Home(), sc.Groups())


def _random_event(dice: random.Random, one: Kiosk, jobs: list[UUID]) -> ev.Event:
    if isinstance(one.screen, sc.Working) and dice.random() < 0.5:
        return _answer(dice, one.screen.request_id)
    if jobs and dice.random() < 0.2:
        job = jobs.pop(0)
        return dice.choice((ev.SlipCame(job), ev.SlipStuck(job, dice.choice(("jam", "paper-out", "unknown")))))
    if dice.random() < 0.3:
        return ev.Ticked(one.now_s + dice.choice((0.1, SETTLE_S, 1.0, 5.0, 20.0)))
    if dice.random() < 0.02:
        return dice.choice(NEWS)
    if dice.random() < 0.005:
        return _recovered(dice)
    if dice.random() < 0.1:
        return dice.choice(WELL)
    event = dice.choice(FINGERS)
    return replace(event, serial=one.serial if dice.random() < 0.9 else one.serial - 1)


def _recovered(dice: random.Random) -> ev.Event:
    """From before the start: it is told of once."""
    shown = dice.random() < 0.7
    return ev.Recovered(f"earlier-{dice.random()}", _ticket(dice), "en", shown, shown and dice.random() < 0.5)


def _ticket(dice: random.Random) -> IssuedTicket:
    return TICKET.model_copy(update={"id": UUID(int=dice.getrandbits(128))})


def _answer(dice: random.Random, request: str) -> ev.Event:
    return dice.choice(
        (
            ev.TicketGiven(request, _ticket(dice)),
            ev.NobodyAnswered(request),
            ev.TicketRefused(request, "x", {"vi": "Không"}),
        )
    )
