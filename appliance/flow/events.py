"""What can happen to a kiosk, as data. Presses name what was pressed; the rest comes from ports and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from appliance.flow.press import Press

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from uuid import UUID

    from hub.contract.messages import Centre, DeviceSettings, IssuedTicket, Services, Waiting


@dataclass(frozen=True, slots=True)
class Event:
    """What all events share."""


@dataclass(frozen=True, slots=True)
class Pressed(Event):
    """A button was pressed on the screen numbered `serial`; a press on a screen that is gone means nothing."""

    what: Press
    serial: int


@dataclass(frozen=True, slots=True)
class Chose(Event):
    """A group, service or class was chosen by its id on the screen numbered `serial`."""

    id: str
    serial: int


@dataclass(frozen=True, slots=True)
class Typed(Event):
    """A key of the on-screen keyboard, or a digit of the PIN pad."""

    key: str
    serial: int


@dataclass(frozen=True, slots=True)
class Ticked(Event):
    """Time has come to `now_s`: seconds on a clock that never goes back."""

    now_s: float


@dataclass(frozen=True, slots=True)
class HubChanged(Event):
    """Whether the hub can be asked."""

    online: bool


@dataclass(frozen=True, slots=True)
class CentreHeard(Event):
    """The centre as the hub tells it."""

    centre: Centre


@dataclass(frozen=True, slots=True)
class ServicesHeard(Event):
    """The services as the hub tells them."""

    services: Services


@dataclass(frozen=True, slots=True)
class WaitingHeard(Event):
    """How the services stand."""

    waiting: Waiting


@dataclass(frozen=True, slots=True)
class SettingsHeard(Event):
    """What the hub wants this kiosk to be set to."""

    settings: DeviceSettings


@dataclass(frozen=True, slots=True)
class PrinterChanged(Event):
    """The printer's link and paper, in the words of the wire's health message."""

    link: str
    paper: str


@dataclass(frozen=True, slots=True)
class TicketGiven(Event):
    """The hub answered with a ticket."""

    request_id: str
    ticket: IssuedTicket


@dataclass(frozen=True, slots=True)
class TicketRefused(Event):
    """The hub said no: its code, and its sentence by language."""

    request_id: str
    code: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class NobodyAnswered(Event):
    """All asking was in vain; whether the hub knows of the request is not known."""

    request_id: str


@dataclass(frozen=True, slots=True)
class SlipCame(Event):
    """The paper is out."""

    ticket_id: UUID


@dataclass(frozen=True, slots=True)
class SlipStuck(Event):
    """The paper did not come, or not whole; `reason` in the words of the wire."""

    ticket_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class HelpAnswered(Event):
    """Whether the call for staff has reached the hub."""

    reached: bool


@dataclass(frozen=True, slots=True)
class Recovered(Event):
    """At start: a request was under way when the kiosk was killed, and was answered again with this ticket.

    `shown`: the person may have seen the number. `printing`: paper may have moved.
    """

    request_id: str
    ticket: IssuedTicket
    language: str
    shown: bool
    printing: bool


@dataclass(frozen=True, slots=True)
class RecoveryEnded(Event):
    """Of what was under way when the kiosk was killed, nothing is left that could still come to the screen."""


@dataclass(frozen=True, slots=True)
class Identify(Event):
    """Somebody far away wants to see which kiosk this is: `device` is what it is called."""

    device: str


@dataclass(frozen=True, slots=True)
class RestartOrdered(Event):
    """The program is to end and to be started again, when it disturbs nobody."""
