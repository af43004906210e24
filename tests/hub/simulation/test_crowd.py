"""A crowd against a real hub: what it was given is what the hub has, and it ends when it shall."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from uuid_utils.compat import uuid7

from hub.client.device_file import load
from hub.simulation.crowd import Crowd, simulate
from hub.simulation.officer import SimulatedOfficer
from hub.simulation.place import Officer, Place
from tests.rig import checker, truth
from tests.rig.centre import CLASS, PASSWORD, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.running import ROOT, RunningHub, eventually, running
from tests.rig.web import Web

LIMIT_S: Final = 20.0
FAST: Final = 6000.0
"""Five simulated hours in three seconds."""

WISH: Final = {"service": "service-a", "class": CLASS, "language": "vi"}


@pytest.fixture
def centre() -> Iterator[Centre]:
    """Two services, two counters, one device."""
    with made(Plan(kiosks=1)) as own:
        yield own


@pytest.fixture
def hub(centre: Centre) -> Iterator[RunningHub]:
    """At work."""
    with running(centre) as own:
        yield own


def place_of(centre: Centre) -> Place:
    """As a demo would describe it."""
    return Place(
        http=f"http://127.0.0.1:{centre.settings.web.port}",
        address=load(centre.devices["kiosk-01"]).address,
        device="kiosk-01",
        officers=[Officer(name, PASSWORD) for name in centre.officers],
        services=centre.services,
        counters=centre.counters,
        classes=[CLASS],
    )


class Sent(threading.Thread):
    """A crowd on its way, until told to stop."""

    def __init__(self, centre: Centre, *, speed: float = FAST, minutes: float | None = None) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()
        self.said: list[str] = []
        self.crowd = Crowd()
        self._centre, self._speed, self._minutes = centre, speed, minutes

    def run(self) -> None:
        self.crowd = simulate(
            place_of(self._centre),
            speed=self._speed,
            minutes=self._minutes,
            seed=11,
            stopping=self.stopping,
            say=self.said.append,
        )

    def wait_ended(self) -> Crowd:
        """What has happened."""
        self.join(LIMIT_S)
        assert not self.is_alive()
        return self.crowd


@contextmanager
def at_work(centre: Centre) -> Iterator[SimulatedOfficer]:
    """The first officer, simulated, at the first counter."""
    stopping = threading.Event()
    officer = SimulatedOfficer(
        place_of(centre).http,
        Officer(centre.officers[0], PASSWORD),
        centre.counters[0],
        {},
        speed=FAST,
        dice=random.Random(2),
        stopping=stopping,
    )
    thread = threading.Thread(target=officer.work, daemon=True)
    thread.start()
    try:
        yield officer
    finally:
        stopping.set()
        thread.join(LIMIT_S)
    assert not thread.is_alive()


def facts(centre: Centre) -> Counter[str]:
    """How often each kind of fact stands in the journal."""
    return Counter(json.loads(row["text"])["kind"] for row in truth.rows(centre, "SELECT text FROM journal"))


def press(web: Web, centre: Centre, verb: str) -> None:
    """The first officer's own hand."""
    answer = web.change(f"/api/v1/counters/{centre.counters[0]}/{verb}", str(uuid7()))
    assert answer.ok, answer


def test_what_a_crowd_was_given_is_what_the_hub_has(centre: Centre, hub: RunningHub) -> None:
    """Every number once, every visit ended, every counter left; and the hub's own check finds nothing."""
    sent = Sent(centre, minutes=300)
    sent.start()
    crowd = sent.wait_ended()
    assert hub.stop() == 0
    kept = truth.read(centre)
    assert crowd.issued == len(kept.tickets) >= 10
    assert (crowd.refused, crowd.lost) == (0, 0)
    stated = facts(centre)
    assert stated["SlipPrinted"] == crowd.issued
    assert crowd.served == stated["ServiceFinished"] == sum(row["state"] == "finished" for row in kept.tickets) >= 5
    assert stated["TicketCalled"] == crowd.served + stated["TicketNotCome"]
    assert {row["state"] for row in kept.tickets} <= {"finished", "no-show", "waiting"}
    assert all(row["officer"] is None for row in kept.desks)
    assert sent.said == [f"{crowd.issued} numbers given, 0 refused, 0 went away, {crowd.served} served"]
    found = [*checker.numbers([], kept), *checker.moves(kept), *checker.own_judgement(centre, kept)]
    assert found == []
    assert hub.complaints() == []


def test_a_crowd_ends_when_told(centre: Centre, hub: RunningHub) -> None:
    """At once, whatever it waits for; each visit that had begun is ended."""
    sent = Sent(centre)
    sent.start()
    eventually(lambda: facts(centre)["ServiceStarted"] >= 3, "visits", LIMIT_S, every_s=0.05)
    sent.stopping.set()
    crowd = sent.wait_ended()
    assert crowd.served == facts(centre)["ServiceStarted"]


def test_a_crowd_ends_with_its_time(centre: Centre, hub: RunningHub) -> None:
    """Not only when the next visitor would come: at this speed in five minutes."""
    begun = time.monotonic()
    sent = Sent(centre, speed=1.0, minutes=0.01)
    sent.start()
    assert sent.wait_ended().issued <= 1
    assert time.monotonic() - begun < LIMIT_S / 2


def test_a_crowd_outlives_its_hub(centre: Centre, hub: RunningHub) -> None:
    """Killed and started again: officers take up their visits where they were, and the next ones are served."""
    sent = Sent(centre)
    sent.start()
    eventually(lambda: facts(centre)["ServiceFinished"] >= 3, "visits", LIMIT_S, every_s=0.05)
    hub.kill()
    before = facts(centre)
    hub.start()
    eventually(
        lambda: facts(centre)["ServiceFinished"] >= before["ServiceFinished"] + 4, "more visits", LIMIT_S, every_s=0.05
    )
    sent.stopping.set()
    sent.wait_ended()
    desks = truth.rows(centre, "SELECT * FROM desk")
    assert [desk for desk in desks if desk["ticket"] is not None] == []


@pytest.mark.parametrize("verbs", [["call-next"], ["call-next", "start"]], ids=["called", "serving"])
def test_an_interrupted_visit_is_taken_up(centre: Centre, hub: RunningHub, verbs: list[str]) -> None:
    """A ticket found at the counter is served to its end, as far as its holder comes."""
    kiosk = Device(centre, "kiosk-01").open()
    kiosk.ask("issue-ticket", WISH)
    kiosk.close()
    with Web(centre).sign_in(centre.officers[0]) as web:
        for verb in ("open", *verbs):
            press(web, centre, verb)
        with at_work(centre):
            eventually(lambda: facts(centre)["ServiceFinished"] == 1, "the end of the visit", LIMIT_S, every_s=0.05)


def test_a_counter_that_was_closed_is_opened_again(centre: Centre, hub: RunningHub) -> None:
    """As after midnight, when all are closed."""
    kiosk = Device(centre, "kiosk-01").open()
    with Web(centre).sign_in(centre.officers[0]) as web, at_work(centre):
        eventually(lambda: facts(centre)["CounterOpened"] == 1, "the officer", LIMIT_S, every_s=0.05)
        press(web, centre, "close")
        kiosk.ask("issue-ticket", WISH)
        eventually(lambda: facts(centre)["TicketCalled"] == 1, "the next call", LIMIT_S, every_s=0.05)
    kiosk.close()


def test_it_goes_through_the_doors_only() -> None:
    """Nothing of the hub's inside is loaded with it."""
    inside = ("hub.storage", "hub.actions", "hub.queueing", "hub.web", "hub.messaging", "sqlalchemy")
    look = f"import hub.simulation.crowd, sys; print([one for one in sys.modules if one.startswith({inside})])"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr
