"""The kiosk's whole state: the screen, the visitor's comfort, what is known of the world, and the centre's policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from appliance.flow.screens import Home, Screen

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from hub.contract.messages import (
        Centre,
        DeviceSettings,
        Service,
        ServiceGroup,
        Services,
        ServiceWaiting,
        Waiting,
    )

TEXT_SIZES = (1.0, 1.25, 1.5)
"""Factors of the three sizes of text."""


@dataclass(frozen=True, slots=True)
class Comfort:
    """How this visitor wants to see the screen; forgotten when he or she has gone. `text_size`: 0, 1 or 2."""

    language: str = "vi"
    text_size: int = 0
    high_contrast: bool = False
    lower_half: bool = False


class Awaited(StrEnum):
    """What has to be known before anybody may choose."""

    PRINTER = "printer"
    """How the printer is."""
    EARLIER = "earlier"
    """What became of a request that was under way when the kiosk was killed: its person may still stand here."""


@dataclass(frozen=True, slots=True)
class World:
    """What hub and printer last said; None: nothing yet."""

    hub_online: bool = False
    centre: Centre | None = None
    services: Services | None = None
    waiting: Waiting | None = None
    printer_link: str = "offline"
    printer_paper: str = "unknown"
    settings: DeviceSettings | None = None
    awaited: frozenset[Awaited] = frozenset()

    @property
    def can_print(self) -> bool:
        """Whether a slip can be expected to come out; also of a printer that says nothing of its paper."""
        return self.printer_link in ("ready", "busy") and self.printer_paper != "out"

    @property
    def may_print(self) -> bool:
        """Whether a slip is worth trying: also when nothing is known of the printer yet."""
        return self.can_print or Awaited.PRINTER in self.awaited

    @property
    def groups(self) -> list[ServiceGroup]:
        """All headings."""
        return [] if self.services is None else self.services.groups

    def group(self, group: str) -> ServiceGroup | None:
        """One heading with its services."""
        return next((one for one in self.groups if one.id == group), None)

    def service(self, service: str) -> Service | None:
        """One service, wherever it stands."""
        return next((one for group in self.groups for one in group.services if one.id == service), None)

    def stands(self, service: str) -> ServiceWaiting | None:
        """How a service stands now."""
        return None if self.waiting is None else self.waiting.services.get(service)

    def is_open(self, service: Service) -> bool:
        """Whether a number can be taken for it: the latest word counts."""
        now = self.stands(service.id)
        return service.open if now is None else now.open


@dataclass(frozen=True, slots=True)
class Policy:
    """What the centre wants of its kiosks. The PIN is kept as a salted hash; without one there is no staff menu."""

    ask_class: bool = False
    services_first: bool = False
    """No home screen: a kiosk that only gives numbers opens on the groups."""
    languages: tuple[str, ...] = ("vi", "en")
    spoken: tuple[str, ...] = ("vi", "en")
    """What this kiosk has words for."""
    idle_s: float = 60.0
    warning_s: float = 20.0
    result_s: float = 15.0
    trouble_s: float = 60.0
    pin_salt: str = ""
    pin_hash: str = ""

    def opens(self, digits: str) -> bool:
        """Whether `digits` are the PIN."""
        import hmac

        return bool(self.pin_hash) and hmac.compare_digest(hashed_pin(self.pin_salt, digits), self.pin_hash)


@dataclass(frozen=True, slots=True)
class Taken:
    """The last number taken here."""

    service: str
    number: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Kiosk:
    """All of it. `serial` grows with every change of screen: a press tells on which screen it was made.

    Until `grace_until_s` nobody is told that the hub is away: it may have had no time yet. Until `identify_until_s`
    what the kiosk is called, `device`, is shown above everything. A restart ordered comes when the kiosk is at
    rest, and at `restart_by_s` unless somebody waits for a number or a slip just then.
    """

    policy: Policy = Policy()
    screen: Screen = field(default_factory=Home)
    serial: int = 1
    changed_s: float = 0.0
    touched_s: float = 0.0
    now_s: float = 0.0
    comfort: Comfort = Comfort()
    world: World = World()
    taken: Taken | None = None
    door_presses: tuple[float, ...] = ()
    support_open: bool = False
    """On small screens the bar's buttons hide behind one; whether they are shown."""
    device: str = ""
    grace_until_s: float = 0.0
    identify_until_s: float = 0.0
    restart_by_s: float | None = None

    @property
    def identifying(self) -> bool:
        """Whether the kiosk shows its name to whoever looks for it."""
        return self.now_s < self.identify_until_s


def seconds_left(until_s: float, kiosk: Kiosk) -> int:
    """How long it is until then, in whole seconds; 0 when it has passed."""
    return max(0, round(until_s - kiosk.now_s))


def hashed_pin(salt: str, digits: str) -> str:
    """The PIN as it is kept: PBKDF2 with SHA-256, 100,000 rounds, hexadecimal."""
    import hashlib

    return hashlib.pbkdf2_hmac("sha256", digits.encode(), salt.encode(), 100_000).hex()
