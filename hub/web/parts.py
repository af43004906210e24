"""What the web is given by `bootstrap`, and what it makes of it for its routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import Request

from hub.actions.asking import Door
from hub.actions.reading import Reading
from hub.actions.work import Asker
from hub.contract.messages import DeviceHealth, DevicePresence
from hub.contract.names import DeviceRole
from hub.contract.time import Instant
from hub.settings import Limits, Web
from hub.web.assets import Assets
from hub.web.live import LivePages
from hub.web.pages import Pages
from hub.web.passwords import Passwords
from hub.web.pictures import Pictures
from hub.web.sessions import Sessions
from hub.web.setup_code import SetupCode
from hub.web.throttle import Throttle


class Enrolled(Protocol):
    """A device that was just added."""

    @property
    def pin(self) -> str | None:
        """The PIN of a kiosk's staff menu, told this once."""

    def files(self) -> dict[str, bytes]:
        """The files that make a machine this device, by name."""


class Enrolment(Protocol):
    """Makes machines devices of this centre. Blocking: call it from a worker thread. Raises `Refusal` and `Fault`."""

    def add(
        self,
        device: str,
        role: DeviceRole,
        *,
        boards: tuple[str, ...],
        counter: str | None,
        kiosk_number: int | None,
    ) -> Enrolled:
        """Issues a certificate."""

    def change_pin(self, device: str, by: Asker) -> str:
        """A kiosk's new PIN, told this once."""

    def remove(self, device: str) -> None:
        """Takes the device's rights away."""


class LastWord(Protocol):
    """What a device was last heard to say; None: nothing since the hub began, or since it is gone."""

    @property
    def presence(self) -> DevicePresence | None:
        """Whether it is there."""

    @property
    def health(self) -> DeviceHealth | None:
        """How it feels."""


@dataclass(frozen=True, slots=True)
class WebParts:
    """The ports.

    `setup_code`: asked each time, so that it may change; `readiness`: what is checked, and in words what is wrong
    with it (None: nothing), called on a worker thread; `heard`: the last word of each device;
    `pictures`: those of their screens; `metrics`: the text of
    `/metrics`, called on a worker thread; `monotonic`: seconds that never go back, for the throttle; `fonts`: the
    directory of WOFF2 files, if built.
    """

    door: Door
    reading: Reading
    enrolment: Enrolment
    live: LivePages
    web: Web
    limits: Limits
    zone: tzinfo
    clock: Callable[[], Instant]
    monotonic: Callable[[], float]
    setup_code: Callable[[], SetupCode]
    readiness: Callable[[], Mapping[str, str | None]]
    heard: Callable[[], Mapping[str, LastWord]]
    pictures: Pictures
    metrics: Callable[[], bytes]
    fonts: Path | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """What a route works with: the parts, and what the web keeps for itself."""

    parts: WebParts
    sessions: Sessions
    passwords: Passwords
    throttle: Throttle
    pages: Pages
    assets: Assets

    async def close(self) -> None:
        """Ends threads and tasks."""
        await self.parts.live.close()
        self.passwords.close()


def kit_of(request: Request) -> Kit:
    """The kit of the application that answers this request."""
    kit: Kit = request.app.state.kit
    return kit


KitIn = Annotated[Kit, Depends(kit_of)]
