"""What a screen says, as data: words, icons, buttons. The presenter makes it in one language, the layout places it.

What stands on most screens alone is here; `appliance.bodies` has what the first screen after a start does without.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a press means to the flow."""

    PRESS = "press"
    CHOOSE = "choose"
    TYPE = "type"


class Tone(StrEnum):
    """How a notice feels."""

    CALM = "calm"
    BUSY = "busy"
    TROUBLE = "trouble"


class Level(StrEnum):
    """How long a wait is, told by bars, colour and words alike."""

    NONE = "none"
    NOW = "now"
    MIDDLE = "middle"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be pressed. `what`: a `Press`, an id to be chosen, or a key to be typed.

    `says` is what it is called aloud, where that is more than its text. `short`: in fewer words, where there is little
    room. `off`: shown, and cannot be pressed now. `for_high_screens`: of use only where a part is out of reach.
    """

    what: str
    text: str
    icon: str = ""
    kind: Kind = Kind.PRESS
    main: bool = False
    on: bool = False
    off: bool = False
    says: str = ""
    short: str = ""
    for_high_screens: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Always there: whose kiosk this is, and what time it is. `date_short` where there is little room."""

    over: str
    name: str
    clock: str
    date: str
    date_short: str
    door: Button
    """The emblem: the way to the staff's menu, which nothing shows."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: an icon, what it is, and how it stands."""

    icon: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between header and bar."""


@dataclass(frozen=True, slots=True)
class Notice(Body):
    """One thing to be told: an icon, a title, what to do."""

    icon: str
    title: str
    lines: tuple[str, ...]
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True)
class View:
    """A whole screen. `left`, `middle`, `right`: the row of actions above the bar.

    `bar`: always there, in the same place; on small screens behind `support`, which opens and closes it.
    """

    serial: int
    name: str
    language: str
    header: Header
    body: Body
    left: Button | None
    middle: str
    right: Button | None
    bar: tuple[Button, ...]
    support: Button
    support_title: str
    support_open: bool
    high_contrast: bool
    scale: float
    lower_half: bool
    identify: str = ""
    """The kiosk's name, shown above everything while somebody looks for it."""
