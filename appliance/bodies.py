"""What stands between header and bar once a visit begins, as data: see `appliance.view`."""

from dataclasses import dataclass
from enum import StrEnum

from appliance.view import Body, Button, Fact, Level


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
