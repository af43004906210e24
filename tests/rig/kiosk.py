"""A kiosk under test: a thread with a real link that gives numbers as fast as it may, and asks until it knows."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from uuid_utils.compat import uuid7

from hub.client.device_file import load
from hub.client.errors import NoAnswer
from hub.client.link import HubLink
from hub.contract.messages import Message
from tests.rig.centre import CLASS, Centre
from tests.rig.history import Asked, Fate, History, done

TIMEOUT_S: Final = 1.5
PATIENCE: Final = 20
"""How often a request is asked anew before it stays unknown."""
LONGEST_PAUSE_S: Final = 0.01
PRINTED, CANCELLED = 0.2, 0.05
"""How many of the numbers are printed, and given back."""


class Kiosk(threading.Thread):
    """Asks, one after the other, until told to finish; then settles what is open and ends."""

    def __init__(
        self,
        centre: Centre,
        device: str,
        chance: random.Random,
        finish: threading.Event,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        super().__init__(name=device, daemon=True)
        enrolled = load(centre.devices[device])
        self.history = History(f"device:{device}")
        self.link = HubLink(enrolled.address, device, enrolled.role)
        self.broken: list[str] = []
        self.link.follow("hub", self._hear_hub)
        self._services = centre.services
        self._chance = chance
        self._finish = finish
        self._timeout_s = timeout_s

    @property
    def tickets(self) -> list[str]:
        """Ids of the tickets it was given."""
        return [asked.answer["ticket"]["id"] for _, asked in done([self.history], "issue-ticket")]

    def run(self) -> None:
        """The working day."""
        try:
            while not self._finish.is_set():
                self._serve()
                self._finish.wait(self._chance.uniform(0, LONGEST_PAUSE_S))
        except Exception as error:  # whatever it is, the test shall show it
            self.broken.append(f"{self.name}: {error!r}")

    def _hear_hub(self, _topic: str, message: Message | None) -> None:
        if message is None:
            self.broken.append(f"{self.name}: the hub's presence was cleared, as if there were no hub")

    def _serve(self) -> None:
        """One citizen."""
        service = self._chance.choice(self._services)
        asked = self.ask("issue-ticket", {"service": service, "class": CLASS, "language": "vi"})
        if asked.fate is not Fate.OK:
            return
        ticket = {"ticket_id": asked.answer["ticket"]["id"]}
        chance = self._chance.random()
        if chance < PRINTED:
            self.ask("slip-printed", {**ticket, "copy": False})
        elif chance < PRINTED + CANCELLED:
            self.ask("cancel-ticket", ticket)

    def ask(self, operation: str, fields: dict[str, Any]) -> Asked:
        """Asks with one id until the outcome is known."""
        request_id = uuid7()
        asked = self.history.begin(str(request_id), operation, fields)
        for _ in range(PATIENCE):
            self._once(asked, request_id)
            if asked.settled:
                break
        return asked

    def _once(self, asked: Asked, request_id: UUID) -> None:
        try:
            reply = self.link.ask(asked.operation, asked.fields, timeout_s=self._timeout_s, request_id=request_id)
        except NoAnswer:
            self.history.unknown(asked)
            return
        if reply.ok:
            self.history.ok(asked, reply.result or {})
        elif reply.refusal is not None:
            self.history.refused(asked, reply.refusal.code)


@contextmanager
def kiosks(centre: Centre, chance: random.Random, finish: threading.Event) -> Iterator[list[Kiosk]]:
    """All kiosks of the centre, linked and at work; at the end they settle what is open and close."""
    found = [Kiosk(centre, device, random.Random(chance.random()), finish) for device in centre.kiosks]
    try:
        for kiosk in found:
            kiosk.link.start()
        for kiosk in found:
            assert kiosk.link.wait_ready(60), f"{kiosk.name} finds no hub"
        for kiosk in found:
            kiosk.start()
        yield found
    finally:
        finish.set()
        for kiosk in found:
            if kiosk.is_alive():
                kiosk.join(TIMEOUT_S * PATIENCE)
            kiosk.link.close()
