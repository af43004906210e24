"""What a screen says, as data: words, icons, buttons. The presenter makes it in one language, the layout places it."""

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
class Card:
    """A group, service or class to choose. Where `closed` says why, it cannot be chosen."""

    id: str
    title: str
    icon: str
    tint: str
    lead: str = ""
    wait: str = ""
    people: str = ""
    people_short: str = ""
    level: Level = Level.NONE
    closed: str = ""
    says: str = ""


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
class Welcome(Body):
    """The home screen: one question, one large answer, and help. `hall`: who waits for what, at a glance."""

    question: str
    hint: str
    take: Button
    take_lead: str
    people: str
    help: Button
    help_lead: str
    warning: str = ""
    hall_title: str = ""
    hall: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Pager:
    """Turning pages: the only button goes on, and from the last page to the first. `of`: `{page}` and `{pages}`."""

    page: int
    next: Button
    first: Button
    of: str


@dataclass(frozen=True, slots=True)
class Choice(Body):
    """Cards to choose from. How many fit on a page is the layout's to know; `pager.page` may be any number."""

    title: str
    lead: str
    icon: str
    tint: str
    cards: tuple[Card, ...]
    pager: Pager
    search: Button | None = None
    search_prompt: str = ""
    warning: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Search(Body):
    """What was typed, what was found, and the keys. `nothing`: said while there is nothing to show."""

    title: str
    typed: str
    prompt: str
    cards: tuple[Card, ...]
    nothing: str
    keys: tuple[tuple[Button, ...], ...]


class PaperLook(StrEnum):
    """What the screen shows of the slip."""

    COMING = "coming"
    OUT = "out"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TicketGiven(Body):
    """The number, large. `warning`: title and sentence when there is no paper; `ways`: how to keep the number then."""

    title: str
    number_label: str
    number: str
    service: str
    icon: str
    tint: str
    facts: tuple[Fact, ...]
    hint: str
    paper: PaperLook
    paper_title: str
    paper_lead: str
    track_url: str
    scan: str
    warning: str = ""
    ways_title: str = ""
    ways: tuple[Fact, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True)
class Notice(Body):
    """One thing to be told: an icon, a title, what to do."""

    icon: str
    title: str
    lines: tuple[str, ...]
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True)
class PinPad(Body):
    """Digits to type; only how many are shown."""

    title: str
    lead: str
    filled: int
    digits: int
    note: str
    keys: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class StaffDesk(Body):
    """What staff see and can do."""

    title: str
    facts: tuple[Fact, ...]
    buttons: tuple[Button, ...]
    note: str
    slips_title: str
    slips: tuple[str, ...]
    no_slips: str


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
