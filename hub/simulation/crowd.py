"""The crowd: visitors take numbers at a kiosk's own door, officers call them, until the time is over."""

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from hub.client.asking import read_answer
from hub.client.errors import LinkFault
from hub.client.link import HubLink
from hub.contract.messages import IssueTicketAnswer
from hub.contract.names import DeviceRole
from hub.simulation.officer import SimulatedOfficer
from hub.simulation.place import Place
from hub.simulation.profile import ORDINARY_DAY, UNKNOWN, Arrival, arrivals

READY_LIMIT_S = 10.0
ASK_LIMIT_S = 3.0

log = structlog.get_logger("hub.simulation.crowd")


@dataclass(slots=True)
class Crowd:
    """What happened. `lost`: visitors who went away because no number came."""

    issued: int = 0
    refused: int = 0
    lost: int = 0
    served: int = 0


def simulate(
    place: Place,
    *,
    speed: float,
    minutes: float | None,
    seed: int,
    stopping: threading.Event,
    say: Callable[[str], None],
) -> Crowd:
    """Sends visitors to `place` for `minutes` of simulated time, or until `stopping`, and officers to serve them."""
    dice = random.Random(seed)  # noqa: S311 - a crowd, not a secret
    profile = {service: ORDINARY_DAY.get(service, UNKNOWN) for service in place.services}
    officers = [
        SimulatedOfficer(
            place.http,
            officer,
            counter,
            profile,
            speed=speed,
            dice=random.Random(dice.random()),  # noqa: S311
            stopping=stopping,
        )
        for officer, counter in zip(place.officers, place.counters, strict=False)
    ]
    threads = [threading.Thread(target=one.work, name=f"officer-{n}", daemon=True) for n, one in enumerate(officers)]
    crowd = Crowd()
    with HubLink(place.address, place.device, DeviceRole.KIOSK) as link:
        if not link.wait_ready(READY_LIMIT_S):
            log.warning("hub-not-reached", device=place.device)
        for thread in threads:
            thread.start()
        _arrive(link, place, crowd, dice, speed=speed, minutes=minutes, stopping=stopping)
    stopping.set()
    for thread in threads:
        thread.join(READY_LIMIT_S)
    crowd.served = sum(one.served for one in officers)
    say(f"{crowd.issued} numbers given, {crowd.refused} refused, {crowd.lost} went away, {crowd.served} served")
    return crowd


def _arrive(
    link: HubLink,
    place: Place,
    crowd: Crowd,
    dice: random.Random,
    *,
    speed: float,
    minutes: float | None,
    stopping: threading.Event,
) -> None:
    profile = {service: ORDINARY_DAY.get(service, UNKNOWN) for service in place.services}
    end = math.inf if minutes is None else time.monotonic() + minutes * 60 / speed
    for arrival in arrivals(profile, place.classes, dice):
        pause, left = arrival.after_s / speed, end - time.monotonic()
        if stopping.wait(max(0.0, min(pause, left))) or left < pause:
            return
        try:
            _take_number(link, arrival, crowd)
        except LinkFault as fault:
            log.warning("kiosk-not-answered", error=str(fault))


def _take_number(link: HubLink, arrival: Arrival, crowd: Crowd) -> None:
    """As a kiosk with good paper does: it asks, prints, and reports. Raises `LinkFault` when it is not answered."""
    asked = {"service": arrival.service, "class": arrival.class_, "language": arrival.language}
    try:
        reply = link.ask("issue-ticket", asked, timeout_s=ASK_LIMIT_S)
    except LinkFault:
        crowd.lost += 1
        raise
    crowd.issued += reply.ok
    crowd.refused += not reply.ok
    if reply.ok:
        ticket = read_answer(reply, IssueTicketAnswer).ticket
        link.ask("slip-printed", {"ticket_id": str(ticket.id), "copy": False}, timeout_s=ASK_LIMIT_S)
