"""A hall to play in: three services, three counters, and the words to move people through them by."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Final

import pytest

from hub.contract.names import Day, SlipState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import calling, desks, moving, visiting
from hub.queueing import facts as f
from hub.queueing.ending import NOTHING_SAID, Ending
from hub.queueing.issuing import Wish, issue
from hub.queueing.line import LastPress, Line
from hub.queueing.ticket import Ticket, Verb
from hub.queueing.undoing import undo

TODAY: Final = Day("2026-11-23")
START: Final = Instant(1_795_395_600_000)
UNDO_MS: Final = 10_000

SET_UP: Final = SetUp.model_validate(
    {
        "name": {"vi": "Hoa Sen"},
        "groups": [{"id": "all", "name": {"vi": "Tất cả"}}],
        "services": [
            {"id": "births", "prefix": "A", "group": "all", "name": {"vi": "Khai sinh"}},
            {"id": "land", "prefix": "B", "group": "all", "name": {"vi": "Đất đai"}},
            {"id": "trade", "prefix": "CK", "group": "all", "name": {"vi": "Kinh doanh"}},
        ],
        "classes": [
            {"id": "ordinary", "name": {"vi": "Thường"}, "icon": "user"},
            {"id": "elderly", "name": {"vi": "Người cao tuổi"}, "icon": "heart-handshake"},
        ],
        "counters": [
            {"id": "c1", "number": 1, "label": {"vi": "Quầy 1"}, "services": ["births", "land"]},
            {"id": "c2", "number": 2, "label": {"vi": "Quầy 2"}, "services": ["land", "trade"]},
            {"id": "c3", "number": 3, "label": {"vi": "Quầy 3"}, "services": ["births"]},
        ],
    }
)


@dataclass
class Hall:
    """A line with its set-up and a clock. Each method decides by the rules and makes the facts true, like an action."""

    line: Line = field(default_factory=Line)
    set_up: SetUp = SET_UP
    now: Instant = START
    _ids: int = 0

    def __post_init__(self) -> None:
        if self.line.day is None:
            self.state(f.DayOpened(TODAY, 0))

    def state(self, *facts: f.Fact) -> None:
        for fact in facts:
            self.line.apply(fact, self.now)

    def later(self, ms: int = 1) -> None:
        self.now = Instant(self.now + ms)

    def wish(self, service: str, **changes: Any) -> Wish:
        self._ids += 1
        wishes = {"class_": "ordinary", "language": "vi", "asker": "device:k1", "slip": SlipState.UNKNOWN} | changes
        return Wish(service=service, request_id=f"r{self._ids}", ticket_id=f"t{self._ids}", track_key="k", **wishes)

    def issue(self, service: str = "births") -> Ticket:
        fact = issue(self.line, self.set_up, self.wish(service))
        self.state(fact)
        self.later()
        return self.line.tickets[fact.ticket]

    def open(self, counter: str = "c1", officer: str = "an") -> None:
        self.state(*desks.open_counter(self.line, self.set_up, counter, officer))

    def close(self, counter: str = "c1", officer: str = "an") -> None:
        self.state(*desks.close_counter(self.line, self.set_up, counter, officer))

    def pause(self, counter: str = "c1", officer: str = "an", **said: Any) -> None:
        self.state(*desks.pause_counter(self.line, self.set_up, counter, officer, **said))

    def resume(self, counter: str = "c1", officer: str = "an") -> None:
        self.state(*desks.resume_counter(self.line, self.set_up, counter, officer))

    def call(self, counter: str = "c1", officer: str = "an", ending: Ending = NOTHING_SAID) -> Ticket:
        return self._called(
            counter, officer, calling.call_next(self.line, self.set_up, counter, officer, self.now, ending)
        )

    def pick(self, ticket: str, counter: str = "c1", officer: str = "an", reason: str = "unwell") -> Ticket:
        return self._called(counter, officer, calling.pick(self.line, self.set_up, counter, officer, ticket, reason))

    def _called(self, counter: str, officer: str, stated: list[f.Fact]) -> Ticket:
        self.make(counter, officer, stated)
        called = stated[-1].ticket  # type: ignore[attr-defined]
        self.later()
        return self.line.tickets[called]

    def press(
        self, verb: Verb, counter: str = "c1", officer: str = "an", ticket: str | None = None, **said: Any
    ) -> None:
        press = visiting.Press(verb, ticket, **said)
        self.make(counter, officer, [visiting.make(self.line, self.set_up, counter, officer, self.now, press)])
        self.later()

    def transfer(self, service: str, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> None:
        subject = calling.named_or_present(self.line, self.set_up, counter, officer, ticket)
        self.make(counter, officer, [moving.sent_to_service(self.set_up, subject, service, officer)])
        self.later()

    def send(self, onward: str, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> None:
        subject = calling.named_or_present(self.line, self.set_up, counter, officer, ticket)
        self.make(counter, officer, [moving.sent_to_counter(self.line, self.set_up, subject, onward, officer)])
        self.later()

    def set_class(self, class_: str, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> None:
        subject = calling.named_or_present(self.line, self.set_up, counter, officer, ticket)
        self.make(counter, officer, [moving.class_changed(self.set_up, subject, class_, officer)])
        self.later()

    def give_back(self, ticket: Ticket) -> None:
        self.state(moving.give_back(self.line.tickets.get(ticket.id, ticket), ticket.asker))

    def make(self, counter: str, officer: str, stated: list[f.Fact]) -> None:
        """Applies what a press states and keeps it for `undo`, as the actions do."""
        moves = []
        for fact in stated:
            before = self.line.tickets[fact.ticket]  # type: ignore[attr-defined]
            self.state(fact)
            moves.append((before, self.line.touched(before.id)))
        recalled = isinstance(stated[-1], f.TicketRecalled)
        press = None if recalled else LastPress(self.now, officer, tuple(moves))
        self.line.remember_press(counter, press)

    def undo(self, counter: str = "c1", officer: str = "an") -> None:
        for fact, before in undo(self.line, self.set_up, counter, officer, self.now, UNDO_MS):
            self.line.restore(fact, self.line.tickets.get(before.id, before), self.now)
        self.line.remember_press(counter, None)

    def waiting(self, service: str = "births") -> list[str]:
        return [self.line.tickets[ticket].number for *_, ticket in self.line.waiting.get(service, [])]

    def sent_on(self, counter: str = "c1") -> list[str]:
        return [self.line.tickets[ticket].number for *_, ticket in self.line.sent_on.get(counter, [])]

    def having(self, **sections: Any) -> "Hall":
        """The same hall with other words in its set-up."""
        self.set_up = SetUp.model_validate(self.set_up.model_dump() | sections)
        return self

    def refuses(self, code: RefusalCode, act: Callable[[], object]) -> None:
        """`act` is refused with `code`, and nothing whatever has changed."""
        before = everything(self.line)
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.code is code
        assert everything(self.line) == before


def everything(line: Line) -> dict[str, Any]:
    """A deep copy of all that a line holds, but for empty lists and how it would be taken back."""
    copy = {one.name: getattr(line, one.name) for one in fields(line) if not one.name.startswith("_")}
    return {name: dict(value) if isinstance(value, dict) else value for name, value in copy.items()} | {
        "waiting": {service: list(turns) for service, turns in line.waiting.items() if turns},
        "sent_on": {counter: list(turns) for counter, turns in line.sent_on.items() if turns},
    }
