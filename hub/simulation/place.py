"""Where a simulated crowd goes: a running centre, as `demo.json` describes it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.client.device_file import HubAddress


class PlaceUnusable(Exception):
    """The description of the centre cannot be used; says which file and why."""


@dataclass(frozen=True)
class Officer:
    """Somebody who can sign in and sit at a counter."""

    name: str
    password: str


@dataclass(frozen=True)
class Place:
    """A running centre: its pages, its broker, the device the crowd uses, its officers."""

    http: str
    address: HubAddress
    device: str
    officers: list[Officer]
    services: list[str]
    counters: list[str]
    classes: list[str]


def read_place(file: Path) -> Place:
    """The centre of a `demo.json`. Raises `PlaceUnusable`."""
    try:
        place = _place(json.loads(file.read_text("utf-8")))
    except OSError as error:
        raise PlaceUnusable(
            f"{error.filename}: cannot be read: {error.strerror}; is there a demo? `make demo`"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise PlaceUnusable(f"{file}: not the description of a running centre: {error!r}") from error
    if not (place.officers and place.services and place.counters and place.classes):
        raise PlaceUnusable(f"{file}: a crowd needs officers, services, counters and classes")
    return place


def _place(said: dict[str, Any]) -> Place:
    mqtt = said["crowd"]
    ca, certificate, key = (_there(Path(mqtt[name])) for name in ("ca", "client_cert", "client_key"))
    return Place(
        http=said["http"],
        address=HubAddress(said["centre"]["id"], mqtt["host"], mqtt["port"], ca, certificate, key),
        device=mqtt["device"],
        officers=[Officer(one["name"], one["password"]) for one in said["accounts"] if one["role"] == "officer"],
        services=[one["id"] for one in said["services"]],
        counters=[one["id"] for one in said["counters"]],
        classes=[one["id"] for one in said["classes"]],
    )


def _there(path: Path) -> Path:
    with path.open("rb"):
        return path
