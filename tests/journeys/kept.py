"""What the retained topics must say, worked out of the database by rules of this file's own, and what they do say."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from tests.rig.centre import Centre
from tests.rig.truth import Row, rows

CALLS_ON_A_BOARD: Final = 8
Telling = Mapping[str, Any]
"""By topic under the root: what matters of its message, in plain values."""


def expected(centre: Centre, devices: Mapping[str, str]) -> Telling:
    """All retained topics there must be. `devices`: the presence of those that were ever there."""
    (newest,) = rows(centre, "SELECT version, document FROM set_up ORDER BY version DESC LIMIT 1")
    (epoch,) = rows(centre, "SELECT epoch FROM epoch ORDER BY number DESC LIMIT 1")
    set_up = json.loads(newest["document"])
    tickets = {row["id"]: row for row in rows(centre, "SELECT * FROM ticket")}
    desks = {row["counter"]: row for row in rows(centre, "SELECT * FROM desk")}
    staff = {row["id"]: row["display_name"] for row in rows(centre, "SELECT id, display_name FROM staff")}
    waiting = {one["id"]: _waiting(tickets, one["id"]) for one in set_up["services"]}
    calls = _calls(centre)
    return {
        "hub": ("online", epoch["epoch"]),
        "centre": (set_up["name"], set_up["languages"], [one["id"] for one in set_up["classes"]]),
        "services": (newest["version"], [one["id"] for one in set_up["services"]]),
        "waiting": waiting,
        **{f"counters/{one['id']}": _counter(desks.get(one["id"]), tickets, staff) for one in set_up["counters"]},
        **{f"boards/{one['id']}": (epoch["epoch"], calls, waiting) for one in set_up["boards"]},
        **{
            f"devices/{row['id']}/settings": (
                _version(row, newest),
                row["kiosk_number"],
                row["counter"],
                row["pin_hash"],
            )
            for row in rows(centre, "SELECT * FROM device")
        },
        **{f"devices/{device}/presence": state for device, state in devices.items()},
    }


def told(retained: Mapping[str, dict[str, Any]]) -> Telling:
    """The same of what stands on the broker."""
    return {topic: _told(topic, body) for topic, body in retained.items()}


def _told(topic: str, body: dict[str, Any]) -> Any:
    match topic.split("/"):
        case ["hub"]:
            return body["state"], body["epoch"]
        case ["centre"]:
            return body["name"], body["languages"], [one["id"] for one in body["classes"]]
        case ["services"]:
            return body["version"], [one["id"] for group in body["groups"] for one in group["services"]]
        case ["waiting"]:
            return {service: one["waiting"] for service, one in body["services"].items()}
        case ["counters", _]:
            officer, ticket = body["officer"], body["ticket"]
            at_counter = ticket and (ticket["number"], _instant(ticket["since"]))
            return body["state"], officer and officer["display_name"], at_counter
        case ["boards", _]:
            calls = [
                (one["number"], one["counter"], one["repeat"], _instant(one["called_at"])) for one in body["calls"]
            ]
            return body["epoch"], calls, {one["service"]: one["waiting"] for one in body["waiting"]}
        case ["devices", _, "settings"]:
            pin = body["staff_pin"]
            return body["version"], body["kiosk_number"], body["counter"], pin and pin["hash"]
        case ["devices", _, "presence"]:
            return body["state"]
        case _:
            return body


def _version(device: Mapping[str, Any], set_up: Mapping[str, Any]) -> int:
    """Of a device's settings: it grows with its own and with the centre's."""
    return int(device["settings_version"] + set_up["version"])


def _call(said: Mapping[str, Any]) -> tuple[str, str, int, int]:
    return said["number"], said["counter"], said["repeat"], _instant(said["called_at"])


def _waiting(tickets: Mapping[str, Row], service: str) -> int:
    return sum(1 for row in tickets.values() if (row["state"], row["service"]) == ("waiting", service))


def _counter(desk: Row | None, tickets: Mapping[str, Row], staff: Mapping[str, str]) -> Any:
    if desk is None or desk["officer"] is None:
        return "closed", None, None
    ticket = tickets.get(desk["ticket"] or "")
    if ticket is not None:
        return ticket["state"], staff[desk["officer"]], (ticket["number"], ticket["since"])
    return "paused" if desk["paused"] else "open", staff[desk["officer"]], None


def _calls(centre: Centre) -> list[tuple[str, str, int, int]]:
    """The last calls, newest first, without those whose ticket is back in the line."""
    calls: dict[str, tuple[str, str, int, int]] = {}
    back: set[str] = set()
    for row in rows(centre, "SELECT text FROM journal ORDER BY entry"):
        entry = json.loads(row["text"])
        fact, ticket = entry["fact"], entry["fact"].get("ticket")
        match entry["kind"]:
            case "TicketCalled" | "TicketRecalled":
                calls.pop(ticket, None)
                calls[ticket] = (fact["number"], fact["counter"], fact.get("repeat", 0), entry["at"])
                back.discard(ticket)
            case "TicketReturned" | "TicketTransferred":
                back.add(ticket)
            case "MoveUndone":
                (back.add if fact["state"] == "waiting" else back.discard)(ticket)
    return [calls[ticket] for ticket in reversed(calls) if ticket not in back][:CALLS_ON_A_BOARD]


def _instant(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
