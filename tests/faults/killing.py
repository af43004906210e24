"""A centre at work whose hub is killed again and again, and what became of it."""

import random
import statistics
import threading
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from tests.rig import checker, truth
from tests.rig.centre import Centre
from tests.rig.history import History, done
from tests.rig.kiosk import kiosks
from tests.rig.officer import officers
from tests.rig.running import RunningHub, eventually, running

SHORTEST_S, LONGEST_S = 0.02, 0.25
"""A hub works at least and at most so long before it is killed."""

ON_ITS_WAY_S: Final = 0.003
"""A kill follows a request by so much at most: about the time that the hub takes for one."""

QUICKEST_START_S: Final = 0.3
"""No hub answers so soon after its launch."""

EARLY: Final = 0.1
"""So many kills are followed by one more while the next hub is still starting."""

STARTING_S: Final = 0.9


@dataclass(frozen=True)
class Kill:
    """One kill of a hub at work: when, by the monotonic clock and by the wall's, and when the next one was ready.

    `again`: how many hubs were killed while starting, before that.
    """

    at_s: float
    at_ms: int
    ready_s: float
    again: int


@dataclass(frozen=True)
class Run:
    """All that is known of a run. `problems`: what the checker found, and clients that broke."""

    kills: list[Kill]
    histories: list[History]
    issued_ms: dict[str, int]
    problems: list[str]
    complaints: list[str]

    def in_flight(self, kill: Kill) -> list[str]:
        """Ids of requests that were asked before the kill and answered by a later hub, which may be before it says
        that it is ready. What is answered right after a kill was on its way.
        """
        asked = (one for history in self.histories for one in history.asked)
        later = kill.at_s + QUICKEST_START_S
        return [one.request_id for one in asked if one.asked_s < kill.at_s and later <= one.answered_s]

    def figures(self) -> dict[str, Any]:
        """For people."""
        told = sorted(one.answered_s for history in self.histories for one in history.asked)
        silences = [_silence(told, kill) for kill in self.kills if not kill.again]
        flights = [self.in_flight(kill) for kill in self.kills]
        on_disk = [
            sum(1 for one in ids if self.issued_ms.get(one, kill.at_ms) < kill.at_ms)
            for kill, ids in zip(self.kills, flights, strict=True)
        ]
        return {
            "kills": len(self.kills),
            "kills while starting": sum(kill.again for kill in self.kills),
            "kills with requests in flight": sum(1 for ids in flights if ids),
            "requests in flight": sum(map(len, flights)),
            "of them tickets on disk already": sum(on_disk),
            "requests": len(told),
            "tickets": sum(1 for _ in done(self.histories, "issue-ticket")),
            "calls": sum(1 for _ in done(self.histories, "call-next")),
            "without an answer in time": checker.unknown_outcomes(self.histories),
            "silence p50 s": round(statistics.median(silences), 3) if silences else None,
            "silence longest s": round(max(silences), 3) if silences else None,
        }


def kill_and_check(centre: Centre, program: tuple[str, ...], *, kills: int, seed: int) -> Run:
    """Kiosks give numbers, officers call, the hub dies `kills` times; then everybody settles, and all is compared."""
    chance, finish = random.Random(seed), threading.Event()
    with running(centre, program) as hub:
        with kiosks(centre, chance, finish) as devices, officers(centre, chance, finish) as people:
            histories = [one.history for one in (*devices, *people)]
            happened = []
            for _ in range(kills):
                _let_work(histories, chance)
                _meet_a_request(histories, chance)
                at_s, at_ms = time.monotonic(), time.time_ns() // 1_000_000
                hub.kill()
                again = _kill_starting(hub, chance)
                hub.start()
                happened.append(Kill(at_s, at_ms, time.monotonic(), again))
            _let_work(histories, chance)
        status = hub.stop()
    issued = {row["request_id"]: row["issued_at"] for row in truth.read(centre).tickets}
    broken = [words for one in (*devices, *people) for words in one.broken]
    problems = [*broken, *checker.problems(centre, histories)]
    if status != 0:
        problems.append(f"the hub's exit status was {status}")
    return Run(happened, histories, issued, problems, hub.complaints())


def _let_work(histories: list[History], chance: random.Random) -> None:
    """Until somebody was answered by this hub, and a while longer."""
    begun = time.monotonic()
    eventually(lambda: any(one.last_answer_s > begun for one in histories), "an answer", 20)
    time.sleep(chance.uniform(SHORTEST_S, LONGEST_S))


def _meet_a_request(histories: list[History], chance: random.Random) -> None:
    """Returns when somebody has just asked, or a moment later."""
    asked = sum(len(one.asked) for one in histories)
    eventually(lambda: sum(len(one.asked) for one in histories) > asked, "a request", 20, every_s=0.0002)
    time.sleep(chance.uniform(0, ON_ITS_WAY_S))


def _kill_starting(hub: RunningHub, chance: random.Random) -> int:
    if chance.random() >= EARLY:
        return 0
    hub.launch()
    time.sleep(chance.uniform(0, STARTING_S))
    hub.kill()
    return 1


def _silence(moments: list[float], kill: Kill) -> float:
    """The longest time around a kill in which nobody was answered. Answers on their way at the kill still arrive."""
    pairs = pairwise(moments)
    return max((after - before for before, after in pairs if after > kill.at_s and before < kill.ready_s), default=0.0)
