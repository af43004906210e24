"""Races: sixteen clients over MQTT and HTTP, let go at one instant, two thousand times (quality: R11, R28).

A round's requests are sent before any answer is read, so that they meet in the hub. Two wait and two press: both get
one. One waits: the other is told `nobody-waiting`. The same request sent sixteen times: one effect, one answer.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import pytest
from uuid_utils.compat import uuid7

from tests.faults import figures
from tests.faults.sabotaged_hub import hub as sabotaged
from tests.postgresql import PostgreSQL
from tests.rig import checker
from tests.rig.centre import CLASS, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.history import Asked, History
from tests.rig.officer import staff_id
from tests.rig.running import running
from tests.rig.web import Answer, Web

KIOSKS, OFFICERS = 8, 8
COPIES: Final = 16
ROUNDS: Final = 1000
"""On each of the two databases."""

SHAPES: Final = ((2, 2), (1, 2), (2, 2), (1, 2), (1, 8), (3, 5), (8, 8))
"""How many wait and how many press."""

SERVICE: Final = "service-a"
WISH: Final = {"service": SERVICE, "class": CLASS, "language": "vi"}


class Hall:
    """Eight kiosks and eight officers, each with a connection kept open and a history."""

    def __init__(self, centre: Centre, devices: list[Device], officers: list[Web]) -> None:
        self.devices = devices
        self.officers = officers
        self.counters = centre.counters
        self.of_devices = [History(f"device:{one.device}") for one in devices]
        self.of_officers = [History(f"staff:{staff_id(centre, name)}") for name in centre.officers]
        self.twins = [officers[0].twin() for _ in range(COPIES)]

    @property
    def histories(self) -> list[History]:
        """Everybody's."""
        return [*self.of_devices, *self.of_officers]

    def issue(self, kiosks: Sequence[int]) -> list[dict[str, Any]]:
        """Each of these kiosks gives a number, all at once; the tickets in the order of their numbers."""
        asked = []
        for kiosk in kiosks:
            request_id = self.devices[kiosk].send("issue-ticket", WISH)
            asked.append(self.of_devices[kiosk].begin(request_id, "issue-ticket", WISH))
        for kiosk, one in zip(kiosks, asked, strict=True):
            _note_reply(self.of_devices[kiosk], one, self.devices[kiosk].hear(one.request_id)[0])
        return sorted((one.answer["ticket"] for one in asked), key=lambda ticket: str(ticket["number"]))

    def press(self, verb: str, officers: Sequence[int]) -> list[Asked]:
        """Each of these officers presses, all at once."""
        asked = []
        for officer in officers:
            one = self.of_officers[officer].begin(str(uuid7()), verb, {})
            self.officers[officer].send("POST", self._path(officer, verb), None, one.request_id)
            asked.append(one)
        for officer, one in zip(officers, asked, strict=True):
            _note_answer(self.of_officers[officer], one, self.officers[officer].hear())
        return asked

    def press_many(self, verbs: Sequence[str]) -> list[Answer]:
        """The first officer's browser sends one request id again and again, over as many connections."""
        request_id = str(uuid7())
        asked = [self.of_officers[0].begin(request_id, verb, {}) for verb in dict.fromkeys(verbs)]
        for twin, verb in zip(self.twins, verbs, strict=True):
            twin.send("POST", self._path(0, verb), None, request_id)
        answers = [twin.hear() for twin in self.twins]
        for one in asked:
            for verb, answer in zip(verbs, answers, strict=True):
                if verb == one.operation:
                    _note_answer(self.of_officers[0], one, answer)
        return answers

    def clear(self, officers: Sequence[int]) -> None:
        """The called people have not come: the counters are free again."""
        self.press("no-show", officers)

    def _path(self, officer: int, verb: str) -> str:
        return f"/api/v1/counters/{self.counters[officer]}/{verb}"


@contextmanager
def hall(centre: Centre) -> Iterator[Hall]:
    """Everybody connected and signed in, and the counters open."""
    with ExitStack() as closing:
        devices = [Device(centre, name) for name in centre.kiosks]
        for device in devices:
            closing.callback(device.open().close)
        officers = [Web(centre).sign_in(name) for name in centre.officers]
        there = Hall(centre, devices, officers)
        for web in (*officers, *there.twins):
            closing.callback(web.close)
        assert {one.code for one in there.press("open", range(OFFICERS))} == {""}
        yield there


def play(there: Hall, chance: random.Random, rounds: int) -> tuple[Counter[str], list[str]]:
    """Which games were played how often, and what was wrong in those that went wrong."""
    played: Counter[str] = Counter()
    wrong = []
    for number in range(rounds):
        game = GAMES[number % len(GAMES)]
        found = game(there, chance)
        played[game.__name__] += 1
        if found:
            wrong.append(f"round {number}, {game.__name__}: {found}")
    return played, wrong


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_races_end_as_the_rules_say(kind: str, request: pytest.FixtureRequest) -> None:
    """Whoever comes first, on either database; and at the end everything told is compared with everything kept."""
    seed, url = figures.seed(), ""
    if kind == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.create())
    with made(Plan(kiosks=KIOSKS, counters=OFFICERS, services=1, database_url=url)) as centre:
        with running(centre) as hub:
            begun = time.monotonic()
            with hall(centre) as there:
                played, wrong = play(there, random.Random(seed), ROUNDS)
            took = round(time.monotonic() - begun, 1)
            assert hub.stop() == 0
        figures.keep(f"races-{kind}", {"seed": seed, "rounds": ROUNDS, "seconds": took, **played})
        assert wrong == [], f"seed {seed}"
        assert hub.complaints() == []
        assert checker.problems(centre, there.histories) == []


@pytest.mark.parametrize(
    ("sabotage", "game"),
    [("one-choice-a-commit", "some_wait_and_some_press"), ("no-request-memory", "one_number_wished_for_many_times")],
)
def test_races_that_end_otherwise_are_caught(sabotage: str, game: str) -> None:
    """Two counters with one ticket; two tickets for one request. The rounds do meet in the hub, then."""
    seed = figures.seed()
    with made(Plan(kiosks=KIOSKS, counters=OFFICERS, services=1)) as centre:
        with running(centre, sabotaged(sabotage)), hall(centre) as there:
            rounds = 3 * len(GAMES)
            found = [wrong for wrong in play(there, random.Random(seed), rounds)[1] if game in wrong]
        assert found, f"seed {seed}"
        assert checker.problems(centre, there.histories)


def some_wait_and_some_press(hall: Hall, chance: random.Random) -> str:
    """As many calls as people waiting, or as officers pressing; nobody twice; the others hear that nobody waits."""
    waiting, pressing = chance.choice(SHAPES)
    tickets = hall.issue(chance.sample(range(KIOSKS), waiting))
    officers = chance.sample(range(OFFICERS), pressing)
    pressed = hall.press("call-next", officers)
    calls = sorted(one.answer["ticket"]["number"] for one in pressed if not one.code)
    hall.clear([officer for officer, one in zip(officers, pressed, strict=True) if not one.code])
    first = [ticket["number"] for ticket in tickets[:pressing]]
    refused = Counter(one.code for one in pressed if one.code)
    expected = Counter({"nobody-waiting": pressing - len(first)})
    return "" if (calls, refused) == (first, +expected) else f"{waiting} waiting: called {calls}, refused {refused}"


def taking_and_calling_at_once(hall: Hall, chance: random.Random) -> str:
    """A number is called at once or it waits; the press that comes a moment too early hears that nobody waits."""
    kiosk, officer = chance.randrange(KIOSKS), chance.randrange(OFFICERS)
    wish = hall.of_devices[kiosk].begin(hall.devices[kiosk].send("issue-ticket", WISH), "issue-ticket", WISH)
    (pressed,) = hall.press("call-next", [officer])
    _note_reply(hall.of_devices[kiosk], wish, hall.devices[kiosk].hear(wish.request_id)[0])
    again = hall.press("call-next", [officer])[0] if pressed.code == "nobody-waiting" else pressed
    hall.clear([officer])
    return "" if called(again) == called(wish) else f"{called(pressed)}, then {called(again)}, not {called(wish)}"


def one_number_wished_for_many_times(hall: Hall, chance: random.Random) -> str:
    """The same request, sixteen times at once: one ticket, and the same answer to all."""
    kiosk, officer = chance.randrange(KIOSKS), chance.randrange(OFFICERS)
    request_id = hall.devices[kiosk].send("issue-ticket", WISH, copies=COPIES)
    wish = hall.of_devices[kiosk].begin(request_id, "issue-ticket", WISH)
    for reply in hall.devices[kiosk].hear(request_id, COPIES):
        _note_reply(hall.of_devices[kiosk], wish, reply)
    (pressed,) = hall.press("call-next", [officer])
    hall.clear([officer])
    (after,) = hall.press("call-next", [officer])
    right = (called(pressed), called(after)) == (called(wish), "nobody-waiting")
    return "" if right else f"{called(pressed)}, then {called(after)}; wished for {called(wish)}"


def one_press_sent_many_times(hall: Hall, chance: random.Random) -> str:
    """Two wait, one press is sent sixteen times: one of them is called, and the other still waits."""
    first, second = hall.issue(chance.sample(range(KIOSKS), 2))
    answers = hall.press_many(["call-next"] * COPIES)
    hall.clear([0])
    (after,) = hall.press("call-next", [0])
    hall.clear([0])
    calls = {answer.body["ticket"]["id"] if answer.ok else answer.code for answer in answers}
    right = calls == {first["id"]} and called(after) == second["id"]
    return "" if right else f"called {calls}, then {called(after)}"


def one_id_for_two_presses(hall: Hall, chance: random.Random) -> str:
    """Of two different presses under one id the first counts, and the other is refused as another request."""
    hall.issue([chance.randrange(KIOSKS)])
    verbs = chance.sample(["call-next", "recall"] * (COPIES // 2), COPIES)
    answers = hall.press_many(verbs)
    mismatched = {verb for verb, answer in zip(verbs, answers, strict=True) if answer.code == "request-mismatch"}
    fitted = {verb for verb, answer in zip(verbs, answers, strict=True) if answer.code != "request-mismatch"}
    if fitted != {"call-next"}:
        hall.press("call-next", [0])
    hall.clear([0])
    return "" if len(mismatched) == len(fitted) == 1 else f"{fitted} and {mismatched}"


GAMES: Final[tuple[Callable[[Hall, random.Random], str], ...]] = (
    *(some_wait_and_some_press,) * 6,
    taking_and_calling_at_once,
    one_number_wished_for_many_times,
    one_press_sent_many_times,
    one_id_for_two_presses,
)


def called(asked: Asked) -> str:
    """The ticket that the answer names, else why there is none."""
    return str(asked.answer["ticket"]["id"]) if not asked.code else asked.code


def _note_reply(history: History, asked: Asked, reply: dict[str, Any]) -> None:
    if reply["ok"]:
        history.ok(asked, reply["result"])
    else:
        history.refused(asked, reply["refusal"]["code"])


def _note_answer(history: History, asked: Asked, answer: Answer) -> None:
    if answer.ok:
        history.ok(asked, answer.body)
    else:
        history.refused(asked, answer.code)
