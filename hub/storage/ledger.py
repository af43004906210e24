"""The ledger: the line, the journal's head and the write connection held together, and one transaction at a time.

A batch of requests becomes one transaction with a savepoint each: what one of them breaks is taken back for it
alone, what breaks the transaction is taken back for all. It has no thread: `hub.storage.writer` gives it one.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from pydantic import BaseModel
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.actions.asking import Action, ActionFault, Outcome, Request, Sight
from hub.actions.work import Rules, Work
from hub.contract.messages import RefusalMessage
from hub.contract.refusals import UNREMEMBERED, Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.days import entry_time
from hub.queueing.facts import EpochBegan, SlipFailed, SlipPrinted, TicketIssued
from hub.queueing.limits import IssueLimit
from hub.storage import journal, memory, rows
from hub.storage.database import Database, DatabaseFault
from hub.storage.epochs import begin_epoch, current_epoch
from hub.storage.set_ups import load_set_up
from hub.storage.work import Mark, StoredWork

EMPTY: Final = SetUp(name={"vi": "Trung tâm chưa cài đặt", "en": "Centre not set up yet"})
QUIET: Final = (TicketIssued, SlipPrinted, SlipFailed)
"""Facts that change no more than waiting figures, which are told every so often anyway."""

POSTGRESQL_NO_ROOM: Final = ("53100", "58030")
"""disk_full and io_error."""

log = structlog.get_logger("hub.storage.ledger")

Clock = Callable[[], Instant]


@dataclass(slots=True)
class Figures:
    """What was counted since the start."""

    batches: int = 0
    requests: int = 0
    repeated: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    full: int = 0


Answer = Outcome | ActionFault


class NoRoom(Exception):
    """The disk is full or failing: the whole transaction was undone."""


class Ledger:
    """Reads everything at `open`, then commits batches. One thread at a time."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        rules: Rules,
        issue_limit: IssueLimit,
        before_each: Callable[[Work], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._rules = rules
        self._issue_limit = issue_limit
        self._before_each = before_each
        self.figures = Figures()
        self.low_on_disk = False
        self.urgent = False
        """Whether the last batch stated anything that somebody must be told at once."""
        self.make_room: Callable[[], object] = lambda: None
        """Called when the disk was full: throws the ballast off, so that calling goes on."""

    def open(self) -> None:
        """Takes the write connection and rebuilds the line. Raises `DatabaseFault`."""
        self._connection = self._database.writer()
        try:
            with self._connection.begin():
                self._load(self._connection)
        except DBAPIError as error:
            self._connection.close()
            words = f"{self._database.place}: cannot be read: {error.orig}; {self._database.remedy}"
            raise DatabaseFault(words) from error

    def close(self) -> None:
        """Gives the write connection back."""
        if self._connection.in_transaction():
            self._connection.rollback()
        self._connection.close()

    @property
    def sight(self) -> Sight:
        """The committed state."""
        return Sight(self._line, self._set_up, self._version, self._head.epoch, self._head.number)

    @property
    def clock(self) -> Instant:
        """What the clock says now."""
        return self._clock()

    def commit(self, batch: Sequence[Request]) -> list[Answer]:
        """Carries a batch out in one transaction and returns what to answer, in order, once it is on disk.

        Raises what stops the hub: a commit whose outcome is unknown, a lost connection.
        """
        self.figures.batches += 1
        self.figures.requests += len(batch)
        try:
            return self._one_transaction(batch)
        except NoRoom as full:
            if not self.low_on_disk:  # else it was said, and whoever watches the disk says when there is room again
                log.error("disk-full", error=str(full), requests=len(batch))
            self.figures.full += 1
            self.make_room()
            with self._connection.begin():
                self._load(self._connection)
            return [self._refused(Refusal(RefusalCode.HUB_FULL)) for _ in batch]

    # ------------------------------------------------------------ one transaction

    def _load(self, connection: Connection) -> None:
        number, hash_, at = journal.last_entry(connection)
        epoch = current_epoch(connection)
        if epoch is None:
            epoch = begin_epoch(connection, self._clock())
            head = journal.Head(number, hash_, at, epoch)
            now = entry_time(self._clock(), at)
            head = journal.append(connection, head, [(EpochBegan(epoch, "created"), now)])
        else:
            head = journal.Head(number, hash_, at, epoch)
        self._head = head
        self._line = rows.rebuild_line(connection, head.at)
        self._saved_numbers = dict(self._line.next_sequence)
        self._filter = memory.Filter(connection)
        self._version, self._set_up = load_set_up(connection) or (0, EMPTY)

    def _one_transaction(self, batch: Sequence[Request]) -> list[Answer]:
        transaction = self._connection.begin()
        try:
            if self._filter.worn:
                self._filter = memory.Filter(self._connection)
            work = self._work()
            keys = {request.key for request in batch if request.key is not None}
            known = memory.recall(self._connection, self._filter.perhaps(keys))
            fresh: dict[memory.Key, memory.Remembered] = {}
            self._before_each(work)
            work.save()
            answers = [self._answer(work, request, known, fresh) for request in batch]
            work.save_numbers()
            head = journal.append(self._connection, self._head, work.stated)
            memory.remember(self._connection, fresh.values())
        except DBAPIError as error:
            transaction.rollback()
            if is_room_problem(error):
                raise NoRoom(str(error.orig)) from error
            raise
        self._flush(transaction.commit, transaction.rollback)
        self.urgent = any(not isinstance(fact, QUIET) for fact, _ in work.stated)
        self._head, self._set_up, self._version = head, work.set_up, work.set_up_version
        self._saved_numbers = work.saved_numbers
        self._filter.add(fresh)
        self._line.settle()
        return answers

    def _flush(self, commit: Callable[[], None], rollback: Callable[[], None]) -> None:
        """Commits. SQLite says "full" before anything is durable, so that can be undone; any other failure is an
        unknown outcome and stops the hub (a failed flush is never tried again: quality, PostgreSQL anchor).
        """
        try:
            commit()
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
                raise
            rollback()
            raise NoRoom(str(error.orig)) from error

    def _work(self) -> StoredWork:
        wall = self._clock()
        return StoredWork(
            connection=self._connection,
            line=self._line,
            set_up=self._set_up,
            set_up_version=self._version,
            rules=self._rules,
            issue_limit=self._issue_limit,
            wall=wall,
            now=entry_time(wall, self._line.last_entry_at),
            low_on_disk=self.low_on_disk,
            saved_numbers=self._saved_numbers,
        )

    # ------------------------------------------------------------ one request

    def _answer(
        self,
        work: StoredWork,
        request: Request,
        known: dict[memory.Key, memory.Remembered],
        fresh: dict[memory.Key, memory.Remembered],
    ) -> Answer:
        key = request.key
        before = None if key is None else fresh.get(key) or known.get(key)
        if before is not None:
            return self._again(before, request)
        mark = work.mark()
        try:
            outcome = Outcome(True, _act(work, request.action).model_dump_json(by_alias=True), work.now)
        except Refusal as refusal:
            work.take_back(mark)
            outcome = self._refused(refusal)
            if refusal.code in UNREMEMBERED:
                return outcome
        except DBAPIError as error:
            if is_room_problem(error) or error.connection_invalidated:
                raise
            return self._fault(work, mark, error)
        except Exception as error:  # listed loop: one request's bug must not stop the others
            return self._fault(work, mark, error)
        if key is not None:
            fresh[key] = memory.Remembered(*key, request.body_hash, work.now, outcome.ok, outcome.answer)
        return outcome

    def _again(self, before: memory.Remembered, request: Request) -> Outcome:
        if before.body_hash != request.body_hash:
            return self._refused(Refusal(RefusalCode.REQUEST_MISMATCH))
        self.figures.repeated += 1
        code = None if before.ok else RefusalMessage.model_validate_json(before.answer).code
        return Outcome(before.ok, before.answer, self._clock(), repeated=True, code=code)

    def _refused(self, refusal: Refusal) -> Outcome:
        self.figures.refused[refusal.code] = self.figures.refused.get(refusal.code, 0) + 1
        answer = RefusalMessage(code=refusal.code, message=refusal.message, retry_after_s=refusal.retry_after_s)
        return Outcome(False, answer.model_dump_json(exclude_none=True), self._clock(), code=refusal.code)

    def _fault(self, work: StoredWork, mark: Mark, error: Exception) -> ActionFault:
        work.take_back(mark)
        self.figures.faults += 1
        log.error("action-broke", error=str(error), exc_info=error)
        return ActionFault("the hub could not do this; it was noted in its log, and nothing was changed")


def _act(work: StoredWork, action: Action) -> BaseModel:
    """Carries out an action and saves its rows. When the database says that the number or the request was given
    before, looks once more: the same request, forgotten by the memory, still gets its own ticket.
    """
    mark = work.mark()
    try:
        answer = action(work)
        work.save()
    except IntegrityError:
        work.take_back(mark)
        work.look_twice = True
        try:
            answer = action(work)
            work.save()
        finally:
            work.look_twice = False
    return answer


def is_room_problem(error: DBAPIError) -> bool:
    """Whether the disk is full or failing, so that the whole transaction has to be undone."""
    sqlite_code = getattr(error.orig, "sqlite_errorcode", 0) or 0
    if sqlite_code & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return True
    return getattr(error.orig, "sqlstate", None) in POSTGRESQL_NO_ROOM
