"""Groups, services and classes as cards to choose from. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from appliance.bodies import Card
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.naming import in_language
from appliance.texts import Texts
from appliance.view import Level

if TYPE_CHECKING:
    from hub.contract.messages import Service, ServiceGroup, ServiceWaiting

LONG_WAIT_S = 30 * 60
MIDDLE_WAIT_S = 15 * 60
MANY_PEOPLE = 8
SOME_PEOPLE = 3
MOST_FOUND = 6


def all_cards(kiosk: Kiosk, screen: sc.Groups | sc.Services | sc.Classes, words: Texts) -> tuple[Card, ...]:
    """Everything that can be chosen on a screen."""
    match screen:
        case sc.Groups():
            return tuple(_group(kiosk, one, words) for one in kiosk.world.groups if one.services)
        case sc.Services(group):
            found = kiosk.world.group(group)
            services = found.services if found is not None else []
            return tuple(service_card(kiosk, one, group, words) for one in services)
        case sc.Classes(service):
            chosen = kiosk.world.service(service)
            return tuple(_class(kiosk, one, words) for one in (chosen.classes if chosen is not None else []))


def found_cards(kiosk: Kiosk, typed: str, words: Texts) -> tuple[Card, ...]:
    """The services that answer to what was typed, the best first."""
    from appliance.finding.services import (
        find,  # loaded when somebody looks for something: it takes longer than a screen
    )

    if kiosk.world.services is None:
        return ()
    cards = []
    for found in find(typed, kiosk.world.services, words.language)[:MOST_FOUND]:
        service = kiosk.world.service(found.service_id)
        if service is not None:
            cards.append(service_card(kiosk, service, _group_of(kiosk, service.id), words))
    return tuple(cards)


def service_card(kiosk: Kiosk, service: Service, group: str, words: Texts) -> Card:
    """One service; closed ones say why."""
    title = in_language(service.name, words.language)
    lead = in_language(service.description, words.language)
    stands = kiosk.world.stands(service.id)
    if not kiosk.world.is_open(service):
        closed = _why_closed(service, stands, words)
        return Card(service.id, title, "lock", "", lead=lead, closed=closed)
    if stands is None:
        return Card(service.id, title, service.icon, group, lead=lead)
    wait, level = _wait(stands, words)
    people = words("wait.people", people=stands.waiting)
    short = words("result.ahead.people", people=stands.waiting)
    says = ", ".join(part for part in (title, wait, people) if part)
    return Card(service.id, title, service.icon, group, lead, wait, people, short, level, says=says)


def _group(kiosk: Kiosk, group: ServiceGroup, words: Texts) -> Card:
    """A heading; one with a single service shows how that service stands, and chooses it at once."""
    if len(group.services) == 1:
        return replace(service_card(kiosk, group.services[0], group.id, words), id=group.id)
    lead = ", ".join(in_language(one.name, words.language) for one in group.services[:3])
    return Card(group.id, in_language(group.name, words.language), group.services[0].icon, group.id, lead=lead)


def _group_of(kiosk: Kiosk, service: str) -> str:
    return next((group.id for group in kiosk.world.groups for one in group.services if one.id == service), "")


def _class(kiosk: Kiosk, class_: str, words: Texts) -> Card:
    centre = kiosk.world.centre
    found = next((one for one in centre.classes if one.id == class_), None) if centre is not None else None
    if found is None:
        return Card(class_, class_, "user", "")
    return Card(class_, in_language(found.name, words.language), found.icon, "")


def _why_closed(service: Service, stands: ServiceWaiting | None, words: Texts) -> str:
    reason = (stands.closed_reason if stands is not None else None) or service.closed_reason
    if reason:
        return in_language(reason, words.language)
    if service.opens_at is not None:
        return words("closed.until", time=f"{service.opens_at:%H:%M}")
    return words("closed.now")


def _wait(stands: ServiceWaiting, words: Texts) -> tuple[str, Level]:
    """The forecast in words, and how long that is; without a forecast, by the people."""
    if stands.wait is None:
        people = stands.waiting
        return "", Level.LONG if people >= MANY_PEOPLE else Level.MIDDLE if people >= SOME_PEOPLE else Level.NOW
    if stands.wait.high_s < 120:
        return words("wait.now"), Level.NOW
    low, high = stands.wait.low_s // 60, -(-stands.wait.high_s // 60)
    level = Level.LONG if stands.wait.high_s > LONG_WAIT_S else Level.MIDDLE
    if stands.wait.high_s <= MIDDLE_WAIT_S and low < 5:
        level = Level.NOW
    return words("wait.band", low=low, high=high), level
