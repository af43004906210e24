"""Where a simulated crowd goes: a running centre, as `demo.json` describes it."""

import json
from dataclasses import dataclass
from pathlib import Path

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
        said = json.loads(file.read_text("utf-8"))
        mqtt = said["crowd"]
        address = HubAddress(
            said["centre"]["id"],
            mqtt["host"],
            mqtt["port"],
            Path(mqtt["ca"]),
            Path(mqtt["client_cert"]),
            Path(mqtt["client_key"]),
        )
        officers = [Officer(one["name"], one["password"]) for one in said["accounts"] if one["role"] == "officer"]
        return Place(
            http=said["http"],
            address=address,
            device=mqtt["device"],
            officers=officers,
            services=[one["id"] for one in said["services"]],
            counters=[one["id"] for one in said["counters"]],
            classes=[one["id"] for one in said["classes"]],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlaceUnusable(f"{file}: not the description of a running centre: {error!r}") from error
