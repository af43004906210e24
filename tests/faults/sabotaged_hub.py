"""A hub with one thing broken on purpose: `python -m tests.faults.sabotaged_hub SABOTAGE run --settings FILE`.

Each sabotage is one promise taken away; the rest is the hub's own program. What proves the promise must find it.
"""

import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import event

from hub import __main__ as program
from hub import bootstrap, standing
from hub.actions.asking import Outcome
from hub.actions.citizen import issue_ticket
from hub.actions.counter.desk import DESK_VERBS
from hub.contract.messages import Done
from hub.contract.refusals import RefusalCode
from hub.messaging import requests
from hub.queueing import calling
from hub.queueing.line import Line
from hub.storage import database, journal, ledger, memory, writer
from hub.storage.database import Database
from hub.web.access import Caller
from hub.web.api import counters
from hub.web.changing import Change
from hub.web.live import LivePages
from hub.web.portal import pages
from hub.web.problems import Problem

PAUSE_S: Final = 0.02
"""Between an early reply and its commit: wide enough to be met by few kills."""

HELD_UP_S: Final = 1.5
"""How long one request keeps the pages' loop from all others."""


def reply_before_commit() -> None:
    """Answers leave, and then the transaction is committed."""
    answer_all, answer_one, flush = writer.Writer._answer, ledger.Ledger._answer, ledger.Ledger._flush
    early: list[Callable[[], None]] = []

    def answer_early(self: Any, work: Any, request: Any, *more: Any) -> Any:
        answer = answer_one(self, work, request, *more)
        if isinstance(answer, Outcome):
            early.append(lambda: request.done.set_result(answer))
        return answer

    def flush_late(self: Any, *actions: Any) -> None:
        while early:
            early.pop(0)()
        time.sleep(PAUSE_S)
        flush(self, *actions)

    def answer_rest(self: Any, batch: Sequence[Any], answers: Sequence[Any]) -> None:
        rest = [(one, answer) for one, answer in zip(batch, answers, strict=True) if not one.done.done()]
        answer_all(self, [one for one, _ in rest], [answer for _, answer in rest])

    ledger.Ledger._answer = answer_early  # type: ignore[method-assign]
    ledger.Ledger._flush = flush_late  # type: ignore[method-assign]
    writer.Writer._answer = answer_rest  # type: ignore[method-assign]


def largest_plus_one() -> None:
    """The next number is the largest on disk plus one: those who share a commit get the same."""
    _let_everything_be_double()
    issue, one_transaction = issue_ticket.issue, ledger.Ledger._one_transaction
    on_disk: dict[str, int] = {}

    def issue_from_disk(line: Line, *more: Any) -> Any:
        latest, line.next_sequence = line.next_sequence, dict(on_disk)
        try:
            return issue(line, *more)
        finally:
            line.next_sequence = latest

    def look_and_commit(self: Any, batch: Sequence[Any]) -> Any:
        on_disk.update(self._line.next_sequence)
        return one_transaction(self, batch)

    issue_ticket.issue = issue_from_disk
    ledger.Ledger._one_transaction = look_and_commit  # type: ignore[method-assign]


def no_request_memory() -> None:
    """A repeated request is a new one."""
    _let_everything_be_double()
    memory.recall = lambda _connection, _keys: {}
    memory.remember = lambda _connection, _answers: None


def chain_off() -> None:
    """An entry's hash no longer covers the entries before it."""
    journal.chained = lambda _before, text: hashlib.sha256(text.encode()).hexdigest()


def one_choice_a_commit() -> None:
    """Who is called next is chosen once for all presses that share a commit."""
    choose, one_transaction = calling.choose_next, ledger.Ledger._one_transaction
    chosen: list[Any] = []

    def choose_once(*question: Any) -> Any:
        if not chosen:
            chosen.append(choose(*question))
        return chosen[0]

    def forget_and_commit(self: Any, batch: Sequence[Any]) -> Any:
        chosen.clear()
        return one_transaction(self, batch)

    calling.choose_next = choose_once
    ledger.Ledger._one_transaction = forget_and_commit  # type: ignore[method-assign]


def careless_reader() -> None:
    """A request that does not fit its model is nobody's business."""
    requests._read = lambda operation, payload: operation.asks.model_validate_json(payload)


def no_flush() -> None:
    """Commits are left to the operating system; what would notice is asked nothing."""
    make_engine = database._sqlite_engine

    def make_careless_engine(*place: Any, **more: Any) -> Any:
        engine = make_engine(*place, **more)
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        return engine

    database._sqlite_engine = make_careless_engine


def unasserted() -> None:
    """Takes away the check at start that commits are durable."""
    database._assert_durable = lambda _connection: None


def clock_behind() -> None:
    """The machine's clock has lost a day."""
    _shift_clock(-86_400_000)


def clock_ahead() -> None:
    """The machine's clock is a year ahead."""
    _shift_clock(365 * 86_400_000)


def route_breaks() -> None:
    """A route of the API meets what nobody has thought of."""
    LivePages.queue = _break  # type: ignore[method-assign]


def action_breaks() -> None:
    """A press breaks on no rule."""
    DESK_VERBS["resume"] = _break


def misfit_answer() -> None:
    """A press is answered with another message than the one that is described."""
    counters.undo_press = lambda *_: Done()


def undescribed_status() -> None:
    """A date is confirmed with a status that is not described."""
    make = Change.make

    async def make_otherwise(self: Change, *told: Any, **more: Any) -> Any:
        answer = await make(self, *told, **more)
        if self.request.url.path.endswith("/clock/confirm"):
            answer.status_code = 202
        return answer

    Change.make = make_otherwise  # type: ignore[method-assign]


def refusal_in_words() -> None:
    """One of the refusals is for people only."""
    answer = Problem.answer

    def answer_in_words(self: Problem) -> Any:
        found = answer(self)
        if self.code is RefusalCode.COUNTER_CLOSED:
            found.headers["content-type"] = "text/plain"
        return found

    Problem.answer = answer_in_words  # type: ignore[method-assign]


def everything_allowed() -> None:
    """Whoever has signed in may do whatever there is to do."""
    Caller.may = lambda _self, _permission: True  # type: ignore[method-assign]


def loop_held_up() -> None:
    """One who follows a ticket holds everybody up."""
    find = pages._ticket

    async def find_slowly(*told: Any) -> Any:
        time.sleep(HELD_UP_S)
        return await find(*told)

    pages._ticket = find_slowly


def _break(*_: Any) -> Any:
    raise RuntimeError("broken on purpose")


def _shift_clock(by_ms: int) -> None:
    wall_clock = standing.wall_clock
    bootstrap.Hub.__init__.__defaults__ = (lambda: wall_clock() + by_ms,)


def _let_everything_be_double() -> None:
    """Takes the constraints off the tickets: a database that would say no does not count here, our checker does."""
    migrate = bootstrap.migrate

    def migrate_and_loosen(opened: Database) -> None:
        migrate(opened)
        with opened.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE loose AS SELECT * FROM ticket")
            connection.exec_driver_sql("DROP TABLE ticket")
            connection.exec_driver_sql("ALTER TABLE loose RENAME TO ticket")

    bootstrap.migrate = migrate_and_loosen


SABOTAGES: Final[dict[str, Callable[[], None]]] = {
    "reply-before-commit": reply_before_commit,
    "largest-plus-one": largest_plus_one,
    "no-request-memory": no_request_memory,
    "chain-off": chain_off,
    "one-choice-a-commit": one_choice_a_commit,
    "careless-reader": careless_reader,
    "no-flush": no_flush,
    "unasserted": unasserted,
    "clock-behind": clock_behind,
    "clock-ahead": clock_ahead,
    "route-breaks": route_breaks,
    "action-breaks": action_breaks,
    "misfit-answer": misfit_answer,
    "undescribed-status": undescribed_status,
    "refusal-in-words": refusal_in_words,
    "everything-allowed": everything_allowed,
    "loop-held-up": loop_held_up,
}


def hub(*sabotages: str) -> tuple[str, ...]:
    """Python's arguments for a hub with these sabotages; without any, the hub's own program."""
    return ("-m", "tests.faults.sabotaged_hub", ",".join(sabotages)) if sabotages else ("-m", "hub")


def main(chosen: str) -> None:
    """Breaks what is asked for, then runs the hub's own program with the remaining arguments."""
    for name in chosen.split(","):
        SABOTAGES[name]()
    program.main()


if __name__ == "__main__":
    main(sys.argv.pop(1))
