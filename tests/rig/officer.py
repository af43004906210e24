"""An officer under test: a thread that opens a counter, calls and serves, and asks until it knows."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from uuid_utils.compat import uuid7

from tests.rig import truth
from tests.rig.centre import Centre
from tests.rig.history import Asked, Fate, History
from tests.rig.web import Web

PATIENCE_S: Final = 30.0
PAUSE_S: Final = 0.05
"""Between two tries while the hub is not there."""

NOT_COME: Final = 0.2
UNSETTLED: Final = frozenset({"no-answer", "broken", "starting"})
"""Problems after which the outcome is not known; the same request is sent again."""


class Officer(threading.Thread):
    """One counter's day: call, then start or note a no-show, and so on until told to finish."""

    def __init__(self, centre: Centre, counter: str, name: str, chance: random.Random, finish: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.web = Web(centre).sign_in(name)
        self.history = History(f"staff:{staff_id(centre, name)}")
        self.broken: list[str] = []
        self._counter = counter
        self._chance = chance
        self._finish = finish

    def run(self) -> None:
        """The working day."""
        try:
            self.press("open")
            while not self._finish.is_set():
                called = self.press("call-next")
                if called.fate is Fate.OK:
                    self.press("no-show" if self._chance.random() < NOT_COME else "start")
                self._finish.wait(self._chance.uniform(0, 0.02))
        except Exception as error:  # whatever it is, the test shall show it
            self.broken.append(f"{self.name}: {error!r}")
        finally:
            self.web.close()

    def press(self, verb: str, body: dict[str, Any] | None = None) -> Asked:
        """Asks with one id until the outcome is known."""
        request_id = str(uuid7())
        asked = self.history.begin(request_id, verb, body or {})
        for _ in range(int(PATIENCE_S / PAUSE_S)):
            if self._once(asked, request_id, body):
                break
            threading.Event().wait(PAUSE_S)
        return asked

    def _once(self, asked: Asked, request_id: str, body: dict[str, Any] | None) -> bool:
        try:
            answer = self.web.change(f"/api/v1/counters/{self._counter}/{asked.operation}", request_id, body)
        except OSError:
            self.history.unknown(asked)
            return False
        if answer.ok:
            self.history.ok(asked, answer.body)
        elif answer.code in UNSETTLED:
            self.history.unknown(asked)
        else:
            self.history.refused(asked, answer.code)
        return asked.settled


@contextmanager
def officers(centre: Centre, chance: random.Random, finish: threading.Event) -> Iterator[list[Officer]]:
    """One officer at each counter, at work; at the end they settle what is open."""
    pairs = zip(centre.counters, centre.officers, strict=True)
    found = [Officer(centre, counter, name, random.Random(chance.random()), finish) for counter, name in pairs]
    try:
        for officer in found:
            officer.start()
        yield found
    finally:
        finish.set()
        for officer in found:
            officer.join(PATIENCE_S)


def staff_id(centre: Centre, name: str) -> str:
    """How the journal names a person."""
    (row,) = truth.rows(centre, f"SELECT id FROM staff WHERE name = '{name}'")
    return str(row["id"])
