"""The services that the tests of finding look for, from `services.toml` and from the demo's centre."""

import tomllib
from pathlib import Path
from typing import Any

from hub.contract.messages import Service, ServiceGroup, Services

HERE = Path(__file__).parent
DEMO = HERE.parent.parent / "hub" / "demo" / "centre.toml"


def service(about: dict[str, Any]) -> Service:
    """A service of which only the words matter."""
    return Service(
        id=about["id"],
        prefix="A",
        name=about["name"],
        description=about.get("description", {}),
        icon="file-text",
        open=True,
        closed_reason=None,
        opens_at=None,
        classes=["ordinary"],
    )


def ward() -> Services:
    """A ward that offers every procedure by itself."""
    groups = tomllib.loads((HERE / "services.toml").read_text("utf-8"))["groups"]
    return Services(
        version=1,
        groups=[
            ServiceGroup(id=one["id"], name=one["name"], services=[service(each) for each in one["services"]])
            for one in groups
        ],
    )


def demo() -> Services:
    """The demo's ward, with a service for each field only."""
    written = tomllib.loads(DEMO.read_text("utf-8"))
    services = [(one["group"], service(one)) for one in written["services"]]
    return Services(
        version=1,
        groups=[
            ServiceGroup(
                id=one["id"], name=one["name"], services=[each for group, each in services if group == one["id"]]
            )
            for one in written["groups"]
        ],
    )
