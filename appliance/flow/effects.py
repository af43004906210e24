"""What the flow wants done, as data. The conductor has it carried out; what comes of it are events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from uuid import UUID

    from hub.contract.messages import IssuedTicket


@dataclass(frozen=True, slots=True)
class Effect:
    """What all effects share."""


@dataclass(frozen=True, slots=True)
class Ask(Effect):
    """Write the request to disk, then ask the hub until it answers or patience ends."""

    request_id: str
    service: str
    class_: str
    language: str


@dataclass(frozen=True, slots=True)
class Print(Effect):
    """Note on disk that paper may move, print the slip, and tell the hub what became of it. `copy`: mark it as one."""

    ticket: IssuedTicket
    language: str
    copy: bool
    request_id: str


@dataclass(frozen=True, slots=True)
class NotPrinted(Effect):
    """Tell the hub that there is no slip: none was tried, or one from before cannot be followed up."""

    ticket_id: UUID
    request_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdraw(Effect):
    """Nobody was given this request's number: should the hub have issued it after all, give it back."""

    request_id: str


@dataclass(frozen=True, slots=True)
class CallStaff(Effect):
    """Ask the hub to send somebody; `screen`: where the person stands."""

    screen: str


@dataclass(frozen=True, slots=True)
class TestPrint(Effect):
    """Print a test slip."""


@dataclass(frozen=True, slots=True)
class SetVolume(Effect):
    """Change the volume by so many steps."""

    steps: int


@dataclass(frozen=True, slots=True)
class Restart(Effect):
    """End the program; its supervisor starts it again."""
