"""Random days, batch by batch: after every commit memory is what another ledger would read from the disk.

Requests good and bad, repeated, broken half-way; days that change, clocks that step, disks that fill, restarts.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from hub.actions.asking import Outcome, Request
from hub.contract.names import TicketState
from hub.contract.refusals import UNREMEMBERED
from hub.contract.set_up import SetUp
from hub.queueing.line import Line
from hub.queueing.ticket import MOVES, Verb
from hub.storage.database import Database, sqlite_url
from hub.storage.ledger import Ledger
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS, HOUR, Centre, Clock

COUNTERS: Final = tuple(SET_UP.counter)
OFFICERS: Final = ("an", "binh", "chi")
SERVICES: Final = tuple(SET_UP.service)

PRESSES: Final = tuple(verb for verb in Verb if verb not in (Verb.TRANSFER, Verb.SET_CLASS))
DESK_VERBS: Final = ("open", "close", "pause", "resume")
BETWEEN: Final = (
    *[("time", ms) for ms in (0, 1, 500, 9_000, 9_000, 11_000, 600_000)] * 3,
    *(("time", DAY_MS), ("time", -HOUR), ("time", -DAY_MS), ("restart", 0), ("full", 0)),
)
"""What happens between two batches."""

Wish = tuple[Any, ...]
History = list[tuple[tuple[str, int], list[Wish]]]

SEEDS: Final = st.integers(0, 2**32)
SETTINGS: Final = settings(
    max_examples=5,
    deadline=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a seed does not shrink
)


def history(seed: int, batches: int) -> History:
    """What happens, from a seed: the same seed, the same story."""
    chance = Random(seed)
    return [(chance.choice(BETWEEN), [wish(chance) for _ in range(chance.randint(1, 7))]) for _ in range(batches)]


def wish(chance: Random) -> Wish:
    counter, service, which = chance.choice(COUNTERS), chance.choice(SERVICES), chance.randrange(10)
    wishes: list[tuple[int, Wish]] = [
        (6, ("issue", service)),
        (12, ("work", counter, which)),
        (1, ("call", counter)),
        (3, ("press", counter, chance.choice(PRESSES), which)),
        (2, ("transfer", counter, service, chance.choice([None, which]))),
        (3, ("send", counter, chance.choice(COUNTERS), chance.choice([None, which]))),
        (2, ("class", counter, chance.choice(("ordinary", "elderly")), chance.choice([None, which]))),
        (2, ("pick", counter, which)),
        (1, ("break", counter, which)),
        (1, ("emergency", counter)),
        (1, ("answer", counter)),
        (3, ("undo", counter)),
        (1, ("desk", counter, chance.choice(DESK_VERBS), which)),
        (1, ("cancel", which)),
        (2, ("slip", which, chance.random() < 0.5, chance.random() < 0.5)),
        (3, ("again", which)),
        (1, ("broken", service)),
        (1, ("confirm",)),
    ]
    weights, choices = zip(*wishes, strict=True)
    return chance.choices(choices, weights)[0]


class Life:
    """A centre that lives through a history. Everything asked of it is kept, to be asked again."""

    def __init__(self, database: Database, place: str = "own") -> None:
        set_up = SetUp.model_validate(SET_UP.model_dump() | {"returning": {"place": place}})
        self.centre = Centre(database, clock=Clock(), set_up=set_up)
        self.centre.ask(*(self.centre.desk("open", *pair) for pair in zip(COUNTERS, OFFICERS, strict=True)))
        self.centre.ask(*(self.centre.issue(service) for service in SERVICES * 2))
        self.tickets = list(self.centre.line.tickets)
        self.asked: list[Request] = []
        self.answered: dict[tuple[str, str], Outcome] = {}

    def live(self, history: History) -> None:
        for turn, ((what, how_much), wishes) in enumerate(history, 1):
            requests = [request for wish in wishes if (request := self.request(*wish)) is not None]
            if what == "time":
                self.centre.clock.turn(how_much)
            elif what == "restart":
                self.centre.reopen()
            if what == "full":
                self.fill_up(requests)
            self.commit(requests)
            self.centre.assert_kept()
            if turn % 10 == 0:
                self.centre.assert_on_disk()

    def commit(self, requests: list[Request]) -> None:
        for request, answer in zip(requests, self.centre.ask(*requests), strict=True):
            if not isinstance(answer, Outcome) or request.key is None:
                continue
            before = self.answered.get(request.key)
            if before is not None:
                assert (answer.ok, answer.answer) == (before.ok, before.answer), "another answer to the same request"
            if answer.code not in UNREMEMBERED:
                self.answered[request.key] = answer
        self.tickets += [ticket for ticket in self.centre.line.tickets if ticket not in self.tickets]
        self.asked += requests

    def fill_up(self, requests: list[Request]) -> None:
        """The whole batch is refused, and stays without effect."""
        if not self.centre.database.is_sqlite or not requests:
            return
        driver: Any = self.centre.ledger._connection.connection.driver_connection
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count={pages}")
        crowd = [self.centre.issue("trade") for _ in range(64)]
        answers = self.centre.ask(*(Request(one.action) for one in requests), *crowd)
        assert {answer.code for answer in answers if isinstance(answer, Outcome)} == {"hub-full"}
        driver.execute("PRAGMA max_page_count=1000000")
        self.centre.assert_on_disk()

    def request(self, what: str, *how: Any) -> Request | None:
        make: dict[str, Callable[..., Request | None]] = {
            "issue": self.centre.issue,
            "work": self.work,
            "call": lambda counter: self.centre.call(counter, self.officer(counter)),
            "press": lambda counter, verb, which: self.centre.press(
                verb, counter, self.officer(counter), self.ticket(which)
            ),
            "transfer": lambda counter, service, which: self.centre.transfer(
                service, counter, self.officer(counter), None if which is None else self.ticket(which)
            ),
            "send": lambda counter, onward, which: self.centre.send(
                onward, counter, self.officer(counter), None if which is None else self.ticket(which), "note"
            ),
            "class": lambda counter, class_, which: self.centre.set_class(
                class_, counter, self.officer(counter), None if which is None else self.ticket(which)
            ),
            "pick": lambda counter, which: self.centre.pick(self.ticket(which), counter, self.officer(counter)),
            "break": lambda counter, which: self.centre.take_break(1 + which, counter, self.officer(counter)),
            "emergency": lambda counter: self.centre.emergency(counter, self.officer(counter)),
            "answer": self.centre.answer_emergency,
            "undo": lambda counter: self.centre.undo(counter, self.officer(counter)),
            "desk": lambda counter, verb, which: self.centre.desk(verb, counter, OFFICERS[which % 3]),
            "cancel": lambda which: self.centre.cancel(self.ticket(which)),
            "slip": lambda which, printed, copy: self.centre.slip(self.ticket(which), printed=printed, copy=copy),
            "again": self.again,
            "broken": lambda service: self.centre.bug(self.centre.issue(service).action),
            "confirm": self.centre.confirm,
        }
        return make[what](*how)

    def work(self, counter: str, which: int) -> Request:
        """What makes sense at a counter as it stands."""
        line, officer = self.centre.line, self.officer(counter)
        desk = line.desk(counter)
        if desk.officer is None:
            return self.centre.desk("open", counter, officer)
        if desk.paused:
            return self.centre.desk("resume", counter, officer)
        if desk.ticket is None or (which > 5 and line.tickets[desk.ticket].state is TicketState.SERVING):
            return self.centre.call(counter, officer)
        verbs = [
            verb
            for verb in Verb
            if (line.tickets[desk.ticket].state, verb) in MOVES and verb not in (Verb.TRANSFER, Verb.SET_CLASS)
        ]
        return self.centre.press(verbs[which % len(verbs)], counter, officer)

    def again(self, which: int) -> Request | None:
        """The same id and body, as a device sends it when the answer was lost."""
        if not self.asked:
            return None
        old = self.asked[-1 - which % len(self.asked)]
        return Request(old.action, old.asker, old.request_id, old.body_hash)

    def officer(self, counter: str) -> str:
        return self.centre.line.desk(counter).officer or OFFICERS[COUNTERS.index(counter)]

    def ticket(self, which: int) -> str:
        return self.tickets[-1 - which % len(self.tickets)]


def lived(database: Database, seed: int, batches: int) -> None:
    life = Life(database, ("own", "front", "after")[seed % 3])
    try:
        life.live(history(seed, batches))
        life.centre.assert_on_disk()
    finally:
        life.centre.ledger.close()


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], Database]:
    """A database of its own for each example."""

    def make() -> Database:
        for ending in ("", "-wal", "-shm"):
            (tmp_path / f"hub.db{ending}").unlink(missing_ok=True)
        return Database(sqlite_url(Path(shutil.copy(sqlite_template, tmp_path / "hub.db"))))

    return make


@SETTINGS
@given(seed=SEEDS)
def test_memory_is_what_is_on_disk(fresh_sqlite: Callable[[], Database], seed: int) -> None:
    """SQLite: line, set-up, journal's head; rows without contradiction, the journal a story that follows."""
    database = fresh_sqlite()
    lived(database, seed, 120)
    database.close()


@pytest.mark.postgresql
@settings(SETTINGS, max_examples=2)
@given(seed=SEEDS)
def test_memory_is_what_is_on_disk_on_postgresql(postgresql_database: Database, seed: int) -> None:
    """The same, on PostgreSQL."""
    tables = ", ".join(f'"{name}"' for name in SQLModel.metadata.tables)
    with postgresql_database.engine.connect() as connection, connection.begin():
        connection.execute(text(f"TRUNCATE {tables}"))
    lived(postgresql_database, seed, 120)


# ---------------------------------------------------------------- sabotages: each must be found


def keeps_the_touched_for_itself(line: Line) -> Any:
    tickets, counters = list(line._touched_tickets.values()), sorted(line._touched_desks)
    line._touched_tickets.clear()
    line._touched_desks.clear()
    return tickets[:1], counters


SABOTAGES: Final[dict[str, tuple[str, object]]] = {
    "only one ticket of a request is saved": ("hub.queueing.line.Line.take_touched", keeps_the_touched_for_itself),
    "the next numbers are not saved": ("hub.storage.work.StoredWork.save_numbers", lambda *_: None),
    "memory is not taken back": ("hub.queueing.line.Line.undo_to", lambda *_: None),
    "counters are not saved": ("hub.storage.rows.save_desks", lambda *_: None),
    "the memory of requests is empty": ("hub.storage.memory.recall", lambda *_: {}),
    "the day is not ended on disk": ("hub.storage.rows.end_days_before", lambda *_: 0),
    "times as the clock says": ("hub.storage.ledger.entry_time", lambda now, _: now),
    "no line is read anew when the disk was full": ("hub.storage.ledger.Ledger._load", None),
}


@pytest.mark.parametrize(("place", "instead"), SABOTAGES.values(), ids=SABOTAGES)
def test_each_sabotage_is_found(
    fresh_sqlite: Callable[[], Database], place: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The histories fail on a storage that is broken in just one place."""
    load = Ledger._load

    def only_once(self: Ledger, connection: Any) -> None:
        if not hasattr(self, "_line"):
            load(self, connection)

    monkeypatch.setattr(place, instead or only_once)

    database = fresh_sqlite()
    with pytest.raises((AssertionError, LookupError, DBAPIError)):
        lived(database, 1, 300)
    database.close()
