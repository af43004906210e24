"""The screens, as data: what a citizen or a member of staff has before the eyes. Every field is needed to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first screen does not wait for the models of the wire
    from appliance.finding.keyboard import Keyboard
    from hub.contract.messages import IssuedTicket


class Paper(StrEnum):
    """What is known of a ticket's slip."""

    COMING = "coming"
    PRINTED = "printed"
    FAILED = "failed"


class Doubt(StrEnum):
    """Why a number is not given without asking once more."""

    CLOSES_BEFORE = "closes-before"
    """The forecast wait passes closing time."""
    TAKEN_JUST_NOW = "taken-just-now"
    """A number for this service was taken here a moment ago, probably by the same person."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What all screens share: nothing but being one."""


@dataclass(frozen=True, slots=True)
class Starting(Screen):
    """Switched on, or back, a moment ago: what has to be known before anybody may choose is being found out."""


@dataclass(frozen=True, slots=True)
class Home(Screen):
    """One question: what do you need?"""


@dataclass(frozen=True, slots=True)
class Groups(Screen):
    """The headings under which services stand."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class Services(Screen):
    """The services of one group."""

    group: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Finding(Screen):
    """Finding a service by words."""

    keyboard: Keyboard
    page: int = 0


@dataclass(frozen=True, slots=True)
class Classes(Screen):
    """Which class of visitor, when the centre's policy asks."""

    service: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Confirming(Screen):
    """Asked once more before a number is given."""

    service: str
    class_: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Working(Screen):
    """The hub was asked; nothing can be pressed. `since_s`: when, on the flow's clock."""

    request_id: str
    service: str
    class_: str
    since_s: float


@dataclass(frozen=True, slots=True)
class Result(Screen):
    """The number, large, and what becomes of the paper. `copy`: the slip under way is marked as one.

    `late`: it is shown as failed, for it has taken too long; the printer has not ended yet. `again`: how often a slip
    of it has been printed again because the printer's trouble was over.
    """

    ticket: IssuedTicket
    paper: Paper
    until_s: float
    copy: bool = False
    request_id: str = ""
    late: bool = False
    again: int = 0


@dataclass(frozen=True, slots=True)
class Refused(Screen):
    """The hub said no: its words by language, and what can be done instead."""

    code: str
    words: dict[str, str]
    until_s: float


@dataclass(frozen=True, slots=True)
class NoHub(Screen):
    """No number can be had here now: the desk helps. Leaves by itself when the hub is back, not before `until_s`."""

    until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Closed(Screen):
    """The centre gives no numbers now."""


@dataclass(frozen=True, slots=True)
class StillThere(Screen):
    """Nobody has touched the screen for a while: `below` comes back at a touch, home when `until_s` passes."""

    below: Screen
    until_s: float


@dataclass(frozen=True, slots=True)
class HelpCalled(Screen):
    """Somebody of the staff was called; `below` comes back."""

    below: Screen
    reached: bool
    until_s: float


@dataclass(frozen=True, slots=True)
class StaffPin(Screen):
    """The door to the staff's menu. `wrong`: how often in a row; `blocked_until_s`: no try counts before."""

    digits: str = ""
    wrong: int = 0
    blocked_until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StaffMenu(Screen):
    """Status, test print, volume, restart, the last slips. `note`: what the last press led to."""

    note: str = ""
    page: int = 0
