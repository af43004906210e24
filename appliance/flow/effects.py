"""What the flow wants done, as data. The conductor has it carried out; what comes of it are events."""

from dataclasses import dataclass
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
    """Note on disk that paper may move, then print the slip. `copy`: mark it as one."""

    ticket: IssuedTicket
    language: str
    copy: bool


@dataclass(frozen=True, slots=True)
class Report(Effect):
    """Tell the hub what became of the paper. `reason` None: it came out."""

    ticket_id: UUID
    copy: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Withdraw(Effect):
    """Nobody was given this request's number: should the hub have issued it after all, give it back."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Settle(Effect):
    """The request is over; what was kept on disk of it may go."""

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
