"""A simulated officer at a counter, over HTTP: calls, waits, serves, finishes."""

import random
import threading
import uuid
from collections.abc import Mapping
from typing import Any, Final

import httpx
import structlog

from hub.simulation.place import Officer
from hub.simulation.profile import NO_SHOW, UNKNOWN, WALK_S, ServiceProfile, visit_s

PATIENCE_S: Final = 20.0
"""Simulated seconds between two looks when nobody waits."""

LEAST_PATIENCE_S: Final = 0.2
"""Real seconds: however fast time passes, nobody looks more often."""

AWAY_S: Final = 2.0
"""Real seconds between two tries while the hub is away."""

LIMIT_S: Final = 10.0

log = structlog.get_logger("hub.simulation.officer")


class SimulatedOfficer:
    """Works until told to stop. `speed`: how many simulated seconds pass in one."""

    def __init__(
        self,
        http: str,
        officer: Officer,
        counter: str,
        profile: Mapping[str, ServiceProfile],
        *,
        speed: float,
        dice: random.Random,
        stopping: threading.Event,
    ) -> None:
        self._web = httpx.Client(base_url=http, timeout=LIMIT_S, verify=False, trust_env=False)  # noqa: S501 - a demo's own authority
        self._officer = officer
        self._counter = counter
        self._profile = profile
        self._speed = speed
        self._dice = dice
        self._stopping = stopping
        self._outcomes: list[str] = []
        self.served = 0

    def work(self) -> None:
        """Signs in, opens the counter and serves. A hub that is away is waited for."""
        while not self._stopping.is_set():
            try:
                self._sign_in()
                while not self._stopping.is_set():
                    self._serve_one()
                self._press("close")
            except (httpx.HTTPError, KeyError, ValueError) as error:
                log.warning("officer-interrupted", counter=self._counter, error=str(error))
                self._stopping.wait(AWAY_S)
        self._web.close()

    def _serve_one(self) -> None:
        """The ticket still at the counter, when a visit was interrupted, else the next one. A counter that was closed
        meanwhile, as at midnight, is open again after the first press; one that is open stays as it is."""
        ticket = self._press("open").get("ticket") or self._press("call-next").get("ticket")
        if ticket is None:
            self._stopping.wait(max(LEAST_PATIENCE_S, PATIENCE_S / self._speed))
        elif ticket["state"] != "called" or self._comes():
            self._pass(visit_s(self._profile.get(ticket["service"], UNKNOWN), self._dice))
            self._press("finish", {"outcome": self._dice.choice(self._outcomes)} if self._outcomes else None)
            self.served += 1

    def _comes(self) -> bool:
        """The called person walks to the counter, or does not; the visit has begun, or the number is a no-show."""
        self._pass(self._dice.uniform(*WALK_S))
        if self._dice.random() >= NO_SHOW:
            self._press("start")
            return True
        self._press("recall")
        self._pass(WALK_S[1])
        self._press("no-show")
        return False

    def _sign_in(self) -> None:
        self._web.cookies.clear()
        answer = self._web.post(
            "/api/v1/session", json={"name": self._officer.name, "password": self._officer.password}
        )
        answer.raise_for_status()
        self._web.headers["X-CSRF-Token"] = answer.json()["csrf"]
        queue = self._web.get("/api/v1/queue")
        queue.raise_for_status()
        self._outcomes = [one["id"] for one in queue.json()["choices"]["outcomes"]]

    def _press(self, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One press, with an id of its own. A refusal is an answer without a ticket."""
        answer = self._web.post(
            f"/api/v1/counters/{self._counter}/{verb}", json=body, headers={"Idempotency-Key": str(uuid.uuid4())}
        )
        if answer.status_code == httpx.codes.UNAUTHORIZED or answer.is_server_error:
            answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said if answer.is_success else {}

    def _pass(self, simulated_s: float) -> None:
        self._stopping.wait(simulated_s / self._speed)
