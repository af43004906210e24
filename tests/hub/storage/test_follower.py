"""Following the journal: every entry at least once and in order, whatever breaks on the way."""

import threading
import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from itertools import count, pairwise
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from hub.contract.time import Instant
from hub.errors import Fault
from hub.queueing.facts import DeviceAdded, Entry
from hub.storage import follower, journal
from hub.storage.database import Database
from hub.storage.follower import Follower, Signal
from tests.rig.running import eventually

LONG_S = 60.0
QUICK_S = 20.0


class Journal:
    """A journal that grows, the signal it rings, and what a follower was told of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.signal = Signal()
        self.told: list[Entry] = []
        self.turns = 0
        self._head = journal.Head(0, journal.FIRST_HASH, Instant(0), "epoch")

    def grow(self, entries: int = 1, *, urgent: bool = True) -> None:
        """States facts, commits them, rings."""
        facts = [(DeviceAdded(f"k{self._head.number + 1 + n}", "kiosk"), Instant(1)) for n in range(entries)]
        with self.database.engine.connect() as connection, connection.begin():
            self._head = journal.append(connection, self._head, facts)
        self.signal.ring(urgent=urgent)

    def hear(self, entries: Sequence[Entry]) -> None:
        self.turns += 1
        self.told.extend(entries)

    @property
    def numbers(self) -> list[int]:
        return [entry.number for entry in self.told]

    @property
    def last(self) -> int:
        return self._head.number

    def told_all(self) -> bool:
        return bool(self.told) and self.told[-1].number == self.last


@pytest.fixture
def book(database: Database) -> Journal:
    return Journal(database)


@pytest.fixture
def book_of_sqlite(sqlite_database: Database) -> Journal:
    return Journal(sqlite_database)


@pytest.fixture
def follow() -> Iterator[Callable[..., Follower]]:
    """Starts followers that are stopped at the end."""
    made: list[Follower] = []

    def start(book: Journal, tell: Callable[[Sequence[Entry]], None] | None = None, *, cursor: int = 0) -> Follower:
        made.append(Follower("test", book.database, book.signal, tell or book.hear))
        made[-1].start(cursor)
        return made[-1]

    yield start
    for one in made:
        one.stop()
        assert not one._thread.is_alive()


# ---------------------------------------------------------------- each, in order


def test_every_entry_is_told_once_and_in_order(book: Journal, follow: Callable[..., Follower]) -> None:
    """Those that were there before, those that come, singly and many at once."""
    book.grow(3)
    follow(book)
    for entries in (1, 1, 1200, 1):
        book.grow(entries)
    eventually(book.told_all, "all told")
    assert book.numbers == list(range(1, book.last + 1))
    assert [entry.fact for entry in book.told[:2]] == [DeviceAdded("k1", "kiosk"), DeviceAdded("k2", "kiosk")]


def test_it_follows_from_its_cursor(book_of_sqlite: Journal, follow: Callable[..., Follower]) -> None:
    """What lies before was told in another life."""
    book_of_sqlite.grow(5)
    follow(book_of_sqlite, cursor=3)
    eventually(book_of_sqlite.told_all, "all told")
    assert book_of_sqlite.numbers == [4, 5]


def test_nothing_is_missed_while_it_is_busy(book_of_sqlite: Journal, follow: Callable[..., Follower]) -> None:
    """Commits that ring between its look and its wait, or while it tells, wake it again."""
    pause = threading.Event()

    def slow(entries: Sequence[Entry]) -> None:
        pause.wait(0.001)
        book_of_sqlite.hear(entries)

    follow(book_of_sqlite, slow)
    for number in range(300):
        book_of_sqlite.grow(urgent=number % 3 == 0)
    eventually(book_of_sqlite.told_all, "all told")
    assert book_of_sqlite.numbers == list(range(1, 301))


def test_a_ring_that_says_nothing_new_is_not_told(book_of_sqlite: Journal, follow: Callable[..., Follower]) -> None:
    """The signal carries no data: only the journal does."""
    follow(book_of_sqlite)
    book_of_sqlite.signal.ring()
    book_of_sqlite.grow()
    eventually(book_of_sqlite.told_all, "all told")
    book_of_sqlite.signal.ring()
    assert book_of_sqlite.turns == 1


def test_two_followers_each_have_their_own_cursor(book_of_sqlite: Journal, follow: Callable[..., Follower]) -> None:
    """One that breaks does not hold the other up."""
    other: list[Entry] = []

    def broken(_: Sequence[Entry]) -> None:
        raise RuntimeError

    follow(book_of_sqlite, broken)
    follow(book_of_sqlite, other.extend)
    book_of_sqlite.grow(4)
    eventually(lambda: len(other) == 4, "the other told")
    assert book_of_sqlite.told == []


# ---------------------------------------------------------------- what fails is told again


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("paho"),
        Fault("the writer has stopped"),
        KeyError("counter"),
        TimeoutError(),
        OperationalError("SELECT", {}, Exception("locked")),
        ZeroDivisionError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_fails_is_told_again(
    book_of_sqlite: Journal,
    follow: Callable[..., Follower],
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    logged: list[MutableMapping[str, Any]],
) -> None:
    """Whatever it failed on: from the same entry, until it works. Logged once when it breaks and once when it works."""
    monkeypatch.setattr(follower, "PATIENCE_S", 0.01)
    turns = count(1)

    def tell(entries: Sequence[Entry]) -> None:
        book_of_sqlite.hear(entries)
        if 2 <= next(turns) <= 4:
            raise error

    follow(book_of_sqlite, tell)
    book_of_sqlite.grow()
    eventually(book_of_sqlite.told_all, "the first told")
    book_of_sqlite.grow(2)
    eventually(lambda: book_of_sqlite.numbers.count(3) == 4, "told again and again")
    book_of_sqlite.grow()
    eventually(book_of_sqlite.told_all, "the last told")
    numbers = book_of_sqlite.numbers
    assert numbers[-1] == 4
    assert sorted(set(numbers)) == [1, 2, 3, 4]
    assert all(later - earlier in (1, -1) for earlier, later in pairwise(numbers))
    said = [entry["event"] for entry in logged if entry["event"].startswith("follower-")]
    assert said == ["follower-broke", "follower-recovered"]


def test_a_cursor_moved_too_early_loses_entries(
    book_of_sqlite: Journal, follow: Callable[..., Follower], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: moved before the telling, a failure loses what was being told."""
    monkeypatch.setattr(follower, "PATIENCE_S", 0.01)

    def catch_up(self: Follower) -> None:
        with self._database.reading() as connection:
            entries = journal.read_after(connection, self._cursor)
        if entries:
            self._cursor = entries[-1].number
            self._tell(entries)

    def tell(entries: Sequence[Entry]) -> None:
        if entries[0].number == 1:
            raise RuntimeError
        book_of_sqlite.hear(entries)

    monkeypatch.setattr(Follower, "_catch_up", catch_up)
    book_of_sqlite.grow(2)
    follow(book_of_sqlite, tell)
    eventually(lambda: (book_of_sqlite.grow(), book_of_sqlite.told)[1], "something told")
    assert 1 not in book_of_sqlite.numbers


def test_a_database_that_is_away_for_a_while_is_read_again(
    book_of_sqlite: Journal, follow: Callable[..., Follower], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost."""
    monkeypatch.setattr(follower, "PATIENCE_S", 0.01)
    turns = count()
    read_after = journal.read_after

    def away(*arguments: Any) -> list[Entry]:
        if next(turns) < 3:
            raise OperationalError("SELECT", {}, Exception("server closed the connection"))
        return read_after(*arguments)

    monkeypatch.setattr(journal, "read_after", away)
    follow(book_of_sqlite)
    book_of_sqlite.grow(2)
    eventually(book_of_sqlite.told_all, "all told")
    assert book_of_sqlite.numbers == [1, 2]


# ---------------------------------------------------------------- quiet and urgent


def test_quiet_entries_gather_and_an_urgent_one_brings_all_at_once(
    book_of_sqlite: Journal, follow: Callable[..., Follower], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While people only take numbers nobody is woken for each; a call is told at once, with what lies before it."""
    monkeypatch.setattr(follower, "QUIET_S", LONG_S)
    follow(book_of_sqlite)
    book_of_sqlite.grow()
    eventually(book_of_sqlite.told_all, "the first told")
    for _ in range(20):
        book_of_sqlite.grow(urgent=False)
    assert book_of_sqlite.numbers == [1]
    began = time.monotonic()
    book_of_sqlite.grow()
    eventually(book_of_sqlite.told_all, "all told")
    assert time.monotonic() - began < QUICK_S
    assert book_of_sqlite.numbers == list(range(1, 23))
    assert book_of_sqlite.turns == 2


def test_quiet_entries_are_told_shortly_after(book_of_sqlite: Journal, follow: Callable[..., Follower]) -> None:
    """Without anything urgent, too."""
    follow(book_of_sqlite)
    book_of_sqlite.grow(urgent=False)
    eventually(book_of_sqlite.told_all, "told", QUICK_S)


def test_a_ring_before_the_wait_is_not_slept_over() -> None:
    """The wait begins where the look began."""
    signal = Signal()
    before = signal.rings
    signal.ring()
    began = time.monotonic()
    signal.wait_beyond(*before)
    assert time.monotonic() - began < QUICK_S
    assert signal.rings == (1, 1)
    signal.ring(urgent=False)
    assert signal.rings == (2, 1)


# ---------------------------------------------------------------- stopping


def stopped_quickly(one: Follower) -> bool:
    began = time.monotonic()
    one.stop()
    return time.monotonic() - began < QUICK_S and not one._thread.is_alive()


def test_it_stops_quickly_wherever_it_is(
    book_of_sqlite: Journal, follow: Callable[..., Follower], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for anything, waiting for quiet entries to gather, waiting to try again; twice is harmless."""
    monkeypatch.setattr(follower, "QUIET_S", LONG_S)
    monkeypatch.setattr(follower, "PATIENCE_S", LONG_S)
    broke = threading.Event()

    def broken(_: Sequence[Entry]) -> None:
        broke.set()
        raise RuntimeError

    idle, patient = follow(book_of_sqlite), follow(book_of_sqlite, broken)
    book_of_sqlite.grow()
    eventually(book_of_sqlite.told_all, "told")
    assert broke.wait(QUICK_S)
    assert stopped_quickly(idle)
    assert stopped_quickly(patient)
    gathering = follow(book_of_sqlite, cursor=1)
    book_of_sqlite.grow(urgent=False)
    assert stopped_quickly(gathering)
    assert stopped_quickly(gathering)


def test_one_never_started_stops_too(book_of_sqlite: Journal) -> None:
    """As when a hub's start fails half-way."""
    one = Follower("test", book_of_sqlite.database, book_of_sqlite.signal, book_of_sqlite.hear)
    one.stop()
    one.stop()
