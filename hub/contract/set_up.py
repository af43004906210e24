"""A centre's set-up as one readable document: what is imported, exported and applied as a whole."""

from collections import Counter as Tally
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from hub.contract.messages import Count, Message, Short, TicketClass
from hub.contract.names import Id, Language, Prefix, Text


class GroupSetUp(Message):
    """A heading under which services stand."""

    id: Id
    name: Text


class ServiceSetUp(Message):
    """A service with its own number sequence per day. `classes` empty: all classes of the centre.

    `target_min`: nobody should wait longer; when somebody does, staff are told.
    """

    id: Id
    prefix: Prefix
    group: Id
    name: Text
    description: Text = {}
    icon: Short = "file-text"
    classes: list[Id] = []
    open: bool = True
    target_min: Annotated[int, Field(ge=1, le=600)] | None = None


class ClassSetUp(TicketClass):
    """A class of visitors. `meaning`: a sentence for staff, what it is and what follows from it."""

    meaning: Text = {}


class CounterSetUp(Message):
    """A counter, the number over it, and the services it serves. `where`: in the building, for who has to find it."""

    id: Id
    number: Annotated[int, Field(ge=1, le=999)]
    label: Text
    where: Text = {}
    services: Annotated[list[Id], Field(min_length=1)]


class BoardSetUp(Message):
    """A call board. `counters` empty: all counters of the centre."""

    id: Id
    name: Text
    counters: list[Id] = []


class Choice(Message):
    """One of several answers that an officer can choose from: why, or with what outcome."""

    id: Id
    name: Text


PICK_REASONS: Final = (
    Choice(id="unwell", name={"vi": "Người không khỏe, cần làm ngay", "en": "Unwell, needs to be served now"}),
    Choice(id="came-back", name={"vi": "Quay lại với giấy tờ còn thiếu", "en": "Came back with the missing papers"}),
    Choice(id="asked-for", name={"vi": "Theo yêu cầu của lãnh đạo", "en": "At the leader's request"}),
)


class CallingSetUp(Message):
    """How people are called. `most_calls`: how often one number, the first call included; `pick_reasons`: why a number
    may be called out of turn. Without any of them none can be.
    """

    most_calls: Annotated[int, Field(ge=1, le=9)] = 3
    pick_reasons: Annotated[list[Choice], Field(max_length=9)] = list(PICK_REASONS)


class ReturningSetUp(Message):
    """How a held or missed number comes back. `within_min`: for so long; without it all day.

    `place`: its `own` by arrival, the `front` of the line, or `after` all who have taken a number by then.
    """

    within_min: Annotated[int, Field(ge=1, le=1440)] | None = None
    place: Literal["own", "front", "after"] = "own"


class PausingSetUp(Message):
    """What a pause may be for, and how long a break may be."""

    reasons: Annotated[list[Choice], Field(max_length=5)] = []
    break_min: Annotated[list[Annotated[int, Field(ge=1, le=240)]], Field(max_length=4)] = [5, 10, 15, 30]


class FinishingSetUp(Message):
    """What is asked when a visit ends: one of the `outcomes`, if there are any, and which services were done."""

    outcomes: Annotated[list[Choice], Field(max_length=9)] = []
    services_done: bool = False


class KiosksSetUp(Message):
    """What all kiosks do: ask for the class of visitor, and open on the services without a home screen."""

    ask_class: bool = False
    services_first: bool = False


class ReceptionSetUp(Message):
    """The information desk. `kiosk`: prints the numbers given there; without one they are told or written down."""

    kiosk: Id | None = None


class SetUp(Message):
    """The whole set-up; an empty one is that of a centre not yet set up.

    Raises `ValidationError` naming what is double or refers to nothing.
    """

    name: Text
    languages: Annotated[list[Language], Field(min_length=1)] = ["vi", "en"]
    notice: Text | None = None
    groups: list[GroupSetUp] = []
    services: list[ServiceSetUp] = []
    classes: list[ClassSetUp] = []
    counters: list[CounterSetUp] = []
    boards: list[BoardSetUp] = []
    kiosks: KiosksSetUp = KiosksSetUp()
    calling: CallingSetUp = CallingSetUp()
    returning: ReturningSetUp = ReturningSetUp()
    pausing: PausingSetUp = PausingSetUp()
    finishing: FinishingSetUp = FinishingSetUp()
    reception: ReceptionSetUp = ReceptionSetUp()
    playlist_version: Count = 0

    @model_validator(mode="after")
    def _holds_together(self) -> "SetUp":
        for word, ids in (
            ("group", [group.id for group in self.groups]),
            ("service", [service.id for service in self.services]),
            ("prefix", [service.prefix for service in self.services]),
            ("class", [one.id for one in self.classes]),
            ("counter", [counter.id for counter in self.counters]),
            ("counter number", [str(counter.number) for counter in self.counters]),
            ("board", [board.id for board in self.boards]),
            ("reason", [one.id for one in self.calling.pick_reasons]),
            ("reason", [one.id for one in self.pausing.reasons]),
            ("break", [str(minutes) for minutes in self.pausing.break_min]),
            ("outcome", [one.id for one in self.finishing.outcomes]),
        ):
            _refuse_doubles(word, ids)
        _refuse_unknown("group", (s.group for s in self.services), {group.id for group in self.groups})
        _refuse_unknown("class", (c for s in self.services for c in s.classes), {one.id for one in self.classes})
        _refuse_unknown("service", (s for c in self.counters for s in c.services), {s.id for s in self.services})
        _refuse_unknown("counter", (c for b in self.boards for c in b.counters), {c.id for c in self.counters})
        return self

    @cached_property
    def service(self) -> dict[str, ServiceSetUp]:
        """Services by id."""
        return {service.id: service for service in self.services}

    @cached_property
    def counter(self) -> dict[str, CounterSetUp]:
        """Counters by id."""
        return {counter.id: counter for counter in self.counters}

    @cached_property
    def class_ids(self) -> frozenset[str]:
        """Ids of all classes."""
        return frozenset(one.id for one in self.classes)

    @cached_property
    def counters_of(self) -> dict[str, tuple[str, ...]]:
        """Ids of the counters that serve a service, by service id."""
        return {
            service.id: tuple(counter.id for counter in self.counters if service.id in counter.services)
            for service in self.services
        }

    def boards_of(self, counter: str) -> tuple[str, ...]:
        """Ids of the boards on which calls to `counter` are shown."""
        return tuple(board.id for board in self.boards if not board.counters or counter in board.counters)


def _refuse_doubles(word: str, ids: Iterable[str]) -> None:
    doubles = sorted(one for one, times in Tally(ids).items() if times > 1)
    if doubles:
        raise ValueError(f"{word} given twice: {', '.join(doubles)}")


def _refuse_unknown(word: str, wanted: Iterable[str], known: set[str]) -> None:
    unknown = sorted(set(wanted) - known)
    if unknown:
        raise ValueError(f"no such {word}: {', '.join(unknown)}")
