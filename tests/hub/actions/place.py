"""A place to act in: one door over a real ledger, what an action came to, and what it stated."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from hub.actions.asking import Action, Outcome, Request
from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import change_desk
from hub.actions.counter.visit import move_ticket
from hub.actions.work import Asker
from hub.queueing.facts import Entry, Fact
from hub.queueing.ticket import Ticket, Verb
from hub.storage import journal
from hub.storage.doors import DirectDoor
from hub.storage.reading import StoredReading
from tests.hub.storage.centre import Centre, kept
from tests.hub.storage.lived import Content, content

KIOSK: Final = Asker("device", "k1")
CHIEF: Final = Asker("staff", "chief")


@dataclass
class Place:
    """Nobody has come yet, and every counter is closed; the set-up is that of `tests.hub.queueing.hall`."""

    centre: Centre

    def __post_init__(self) -> None:
        self.door = DirectDoor(self.centre.ledger)
        self.reading = StoredReading(self.centre.database)

    def outcome(self, action: Action, asker: Asker = CHIEF) -> Outcome:
        return self.door.submit(Request(action, asker)).result(0)

    def done(self, action: Action, asker: Asker = CHIEF) -> dict[str, Any]:
        """The answer; all of it is on disk."""
        outcome = self.outcome(action, asker)
        assert outcome.ok, outcome.answer
        self.centre.assert_on_disk()
        answer: dict[str, Any] = orjson.loads(outcome.answer)
        return answer

    def refused(self, action: Action, asker: Asker = CHIEF) -> str:
        """The code of the refusal; nothing whatever has changed."""
        before = self.everything()
        outcome = self.outcome(action, asker)
        assert not outcome.ok, outcome.answer
        assert self.everything() == before
        assert outcome.code is not None
        return outcome.code

    def everything(self) -> tuple[dict[str, Any], Content]:
        """All that is kept, in memory and on disk."""
        return kept(self.centre.line), content(self.centre.database)

    def facts(self, since: int = 0) -> list[Fact]:
        """What was stated behind entry `since`."""
        return [entry.fact for entry in self.entries(since)]

    def entries(self, since: int = 0) -> list[Entry]:
        with self.centre.database.reading() as connection:
            return journal.read_after(connection, since)

    def stated_by(self, action: Action, asker: Asker = CHIEF) -> list[Fact]:
        """What an action that is not refused states."""
        before = self.centre.ledger.sight.entry
        self.done(action, asker)
        return self.facts(before)

    # ------------------------------------------------------------ what nearly every test begins with

    def issue(self, service: str = "births", asker: Asker = KIOSK) -> str:
        """A number was taken; the ticket's id."""
        request = f"request-{self.centre.ledger.sight.entry}"
        ticket: str = self.done(
            lambda work: issue_ticket(work, asker, request, service=service, class_="ordinary", language="vi"), asker
        )["ticket"]["id"]
        return ticket

    def open(self, counter: str = "c1", officer: str = "an") -> None:
        self.done(lambda work: change_desk(work, counter, officer, "open"))

    def call(self, counter: str = "c1", officer: str = "an") -> dict[str, Any]:
        return self.done(lambda work: call_next(work, counter, officer))

    def press(self, verb: Verb, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> dict[str, Any]:
        return self.done(lambda work: move_ticket(work, counter, officer, verb, ticket))

    def ticket(self, ticket: str) -> Ticket:
        """As it is kept, of whatever day."""
        found = self.reading.find_ticket(ticket)
        assert found is not None
        return found
