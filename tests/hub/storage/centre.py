"""A centre without walls: a ledger over a real database, a clock to turn, and the requests people make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel
from sqlalchemy import text

from hub import journal_verifier
from hub.actions.admin.apply_set_up import apply_set_up
from hub.actions.admin.confirm_date import confirm_date
from hub.actions.admin.open_day import open_day_if_due
from hub.actions.asking import Action, Outcome, Request
from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.citizen.report_slip import report_slip_failed, report_slip_printed
from hub.actions.counter.call_next import call_next, pick_ticket
from hub.actions.counter.desk import change_desk, pause_desk
from hub.actions.counter.emergency import answer_emergency, raise_emergency
from hub.actions.counter.visit import move_ticket, send_to_counter, set_class, transfer_ticket, undo_press
from hub.actions.work import Asker, Rules, Work
from hub.contract.messages import Done
from hub.contract.set_up import SetUp
from hub.contract.time import Instant, from_datetime
from hub.queueing.limits import IssueLimit
from hub.queueing.line import Line
from hub.queueing.ticket import Verb
from hub.storage import check
from hub.storage.database import Database
from hub.storage.ledger import Answer, Ledger
from tests.hub.queueing.hall import SET_UP, everything
from tests.hub.storage.history import contradictions

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING: Final = Instant(1_795_395_600_000)  # 23 November 2026, 08:00 in Hanoi
HOUR, DAY_MS = 3_600_000, 86_400_000
RULES: Final = Rules(undo_ms=10_000, public_url="https://example.vn", zone=ZONE)


@dataclass
class Clock:
    """Stands still until turned."""

    now: Instant = MORNING

    def __call__(self) -> Instant:
        return self.now

    def turn(self, ms: int) -> None:
        self.now = Instant(self.now + ms)

    def set(self, *parts: int) -> None:
        from datetime import datetime

        self.now = from_datetime(datetime(*parts, tzinfo=ZONE))  # type: ignore[misc,arg-type]


@dataclass
class Centre:
    """The ledger is open and the set-up of `tests.hub.queueing.hall` in force."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    limit: IssueLimit = field(default_factory=lambda: IssueLimit(per_minute=100_000, burst=10_000))
    set_up: SetUp | None = SET_UP
    _ids: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.ledger = self.new_ledger()
        self.ledger.open()
        if self.set_up is not None and self.ledger.sight.set_up_version == 0:
            self.done(self.apply(self.set_up))

    def new_ledger(self) -> Ledger:
        return Ledger(self.database, clock=self.clock, rules=RULES, issue_limit=self.limit, before_each=open_day_if_due)

    def reopen(self) -> None:
        """Stops and starts again, as far as the storage can see."""
        self.ledger.close()
        self.ledger = self.new_ledger()
        self.ledger.open()

    @property
    def line(self) -> Line:
        return self.ledger.sight.line

    # ------------------------------------------------------------ asking

    def ask(self, *requests: Request) -> list[Answer]:
        """One batch, one transaction."""
        return self.ledger.commit(requests)

    def outcome(self, request: Request) -> Outcome:
        answer = self.ask(request)[0]
        assert isinstance(answer, Outcome), answer
        return answer

    def done(self, request: Request) -> dict[str, Any]:
        """The answer of a request that is not refused."""
        outcome = self.outcome(request)
        assert outcome.ok, outcome.answer
        answer: dict[str, Any] = orjson.loads(outcome.answer)
        return answer

    def refused(self, request: Request) -> str:
        outcome = self.outcome(request)
        assert not outcome.ok, outcome.answer
        assert outcome.code is not None
        return outcome.code

    def number(self, service: str = "births") -> str:
        """Issues, and says which number it was."""
        number: str = self.done(self.issue(service))["ticket"]["number"]
        return number

    # ------------------------------------------------------------ requests

    def request(self, action: Action, asker: Asker, request_id: str | None = None, body: str = "") -> Request:
        return Request(action, asker, request_id or f"r{next(self._ids)}", body)

    def issue(
        self, service: str = "births", device: str = "k1", request_id: str | None = None, body: str | None = None
    ) -> Request:
        asker, id_ = Asker("device", device), request_id or f"r{next(self._ids)}"

        def action(work: Work) -> BaseModel:
            return issue_ticket(work, asker, id_, service=service, class_="ordinary", language="vi")

        return Request(action, asker, id_, service if body is None else body)

    def desk(self, verb: str = "open", counter: str = "c1", officer: str = "an") -> Request:
        if verb == "pause":
            return self.request(lambda work: pause_desk(work, counter, officer), Asker("staff", officer))
        return self.request(lambda work: change_desk(work, counter, officer, verb), Asker("staff", officer))

    def take_break(self, minutes: int, counter: str = "c1", officer: str = "an") -> Request:
        return self.request(lambda work: pause_desk(work, counter, officer, None, minutes), Asker("staff", officer))

    def emergency(self, counter: str = "c1", officer: str = "an") -> Request:
        return self.request(lambda work: raise_emergency(work, counter, officer), Asker("staff", officer))

    def answer_emergency(self, counter: str = "c1") -> Request:
        chief = Asker("staff", "chief")
        return self.request(lambda work: answer_emergency(work, chief, counter), chief)

    def call(self, counter: str = "c1", officer: str = "an", request_id: str | None = None) -> Request:
        return self.request(lambda work: call_next(work, counter, officer), Asker("staff", officer), request_id)

    def press(self, verb: Verb, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> Request:
        return self.request(lambda work: move_ticket(work, counter, officer, verb, ticket), Asker("staff", officer))

    def transfer(self, service: str, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> Request:
        def action(work: Work) -> BaseModel:
            return transfer_ticket(work, counter, officer, service, ticket)

        return self.request(action, Asker("staff", officer))

    def send(
        self,
        onward: str,
        counter: str = "c1",
        officer: str = "an",
        ticket: str | None = None,
        note: str | None = None,
    ) -> Request:
        def action(work: Work) -> BaseModel:
            return send_to_counter(work, counter, officer, onward, ticket, note)

        return self.request(action, Asker("staff", officer))

    def set_class(self, class_: str, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> Request:
        return self.request(lambda work: set_class(work, counter, officer, class_, ticket), Asker("staff", officer))

    def pick(self, ticket: str, counter: str = "c1", officer: str = "an") -> Request:
        return self.request(lambda work: pick_ticket(work, counter, officer, ticket, "unwell"), Asker("staff", officer))

    def undo(self, counter: str = "c1", officer: str = "an") -> Request:
        return self.request(lambda work: undo_press(work, counter, officer), Asker("staff", officer))

    def cancel(self, ticket: str, device: str = "k1") -> Request:
        asker = Asker("device", device)
        return self.request(lambda work: cancel_ticket(work, asker, ticket), asker)

    def slip(self, ticket: str, *, printed: bool = True, copy: bool = False, device: str = "k1") -> Request:
        asker = Asker("device", device)
        if printed:
            return self.request(lambda work: report_slip_printed(work, asker, ticket, copy=copy), asker)
        return self.request(lambda work: report_slip_failed(work, asker, ticket, copy=copy, reason="jam"), asker)

    def confirm(self) -> Request:
        chief = Asker("staff", "chief")
        return self.request(lambda work: confirm_date(work, chief), chief)

    def apply(self, set_up: SetUp) -> Request:
        return self.request(lambda work: apply_set_up(work, set_up), Asker("staff", "chief"))

    def bug(self, after: Action | None = None) -> Request:
        """Does what `after` does, and then breaks."""

        def action(work: Work) -> BaseModel:
            if after is not None:
                after(work)
            raise ZeroDivisionError("a bug")

        return self.request(action, Asker("device", "k9"))

    def nothing(self) -> Request:
        """Changes nothing; still a request."""
        return self.request(lambda _: Done(), Asker("device", "k1"))

    # ------------------------------------------------------------ comparing

    def assert_on_disk(self) -> None:
        """Memory is what is on disk, the journal is whole and a story that follows, nothing is odd."""
        self.assert_kept()
        with self.database.reading() as connection:
            assert list(check.problems(connection)) == []
            assert list(contradictions(connection)) == []
            entries = connection.execute(text("SELECT entry, text, hash FROM journal ORDER BY entry"))
            head = journal_verifier.verify(tuple(row) for row in entries)
        assert head == (self.ledger.sight.entry, self.ledger._head.hash)

    def assert_kept(self) -> None:
        """Another ledger would read what this one has in memory."""
        fresh = self.new_ledger()
        with self.database.reading() as connection:
            fresh._load(connection)
        here, there = self.ledger.sight, fresh.sight
        assert (here.entry, here.epoch, here.set_up_version) == (there.entry, there.epoch, there.set_up_version)
        assert here.set_up == there.set_up
        assert kept(here.line) == kept(there.line)


def kept(line: Line) -> dict[str, Any]:
    """All of a line that must outlive the program: what can be undone need not."""
    return {name: value for name, value in everything(line).items() if name != "presses"}


def answers(outcomes: Sequence[Answer]) -> list[str]:
    """Numbers, codes of refusals, or the names of faults: what a batch came to, in a few words."""
    return [_word(one) for one in outcomes]


def _word(answer: Answer) -> str:
    if not isinstance(answer, Outcome):
        return type(answer).__name__
    if answer.code is not None:
        return answer.code
    body = orjson.loads(answer.answer)
    ticket = body.get("ticket")
    return ticket["number"] if ticket else "done"


Batch = Callable[[Centre], Sequence[Request]]
