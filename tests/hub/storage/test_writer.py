"""The writer: sixteen at the door, one at the desk; every future comes to an end."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from hub.actions.asking import ActionFault, Outcome, Request, Sight
from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.set_up import SetUp
from hub.queueing import calling
from hub.storage.database import Database, DatabaseFault
from hub.storage.ledger import Ledger
from hub.storage.writer import BATCH, Writer, WriterFault
from tests.hub.storage.centre import Centre, answers
from tests.hub.storage.history import contradictions

LIMIT_S = 20.0
"""Nothing here takes as long; what does hangs."""


@dataclass
class House:
    """A centre whose ledger is a writer's."""

    centre: Centre
    commits: list[bool] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.centre.ledger.close()
        self.ledger: Ledger = self.centre.new_ledger()
        self.centre.ledger = self.ledger
        self.writer = Writer(self.ledger, on_commit=self.commits.append, on_failure=self.failures.append)

    def ask(self, *requests: Request) -> list[str]:
        """Handed in at once; answered sooner or later, in their order."""
        futures = [self.writer.submit(request) for request in requests]
        return answers([future.exception(LIMIT_S) or future.result() for future in futures])  # type: ignore[misc]

    def look(self, question: Callable[[Sight], Any]) -> Any:
        return self.writer.look(question).result(LIMIT_S)

    @contextmanager
    def held(self) -> Iterator[None]:
        """The writer is busy: what is asked meanwhile waits, and shares the next commit."""
        busy, go_on = threading.Event(), threading.Event()

        def hold(work: Work) -> Done:
            busy.set()
            assert go_on.wait(LIMIT_S)
            return Done()

        held = self.writer.submit(Request(hold))
        assert busy.wait(LIMIT_S)
        try:
            yield
        finally:
            go_on.set()
            held.result(LIMIT_S)


@pytest.fixture
def house(centre: Centre) -> Iterator[House]:
    """Opened, and at work."""
    opened = House(centre)
    opened.writer.start()
    yield opened
    opened.writer.stop(LIMIT_S)
    opened.ledger.close()


@pytest.fixture
def sqlite_house(sqlite_database: Database) -> Iterator[House]:
    """The same, over SQLite only: where the database is not the question."""
    opened = House(Centre(sqlite_database))
    opened.writer.start()
    yield opened
    opened.writer.stop(LIMIT_S)


def at_once(tasks: int, task: Callable[[int], None]) -> None:
    """Runs `task(0)`, `task(1)` … in as many threads, from a barrier; raises what any of them raised."""
    barrier, raised = threading.Barrier(tasks), []

    def run(which: int) -> None:
        try:
            barrier.wait(LIMIT_S)
            task(which)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(which,), daemon=True) for which in range(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * LIMIT_S)
        assert not thread.is_alive(), "a client hangs"
    if raised:
        raise raised[0]


# ---------------------------------------------------------------- many at once


def test_sixteen_clients_from_a_barrier_get_different_numbers(house: House) -> None:
    """Twenty each, each waiting for its answer: no number twice, none left out, fewer commits than tickets."""
    numbers: list[str] = []

    def client(which: int) -> None:
        for turn in range(20):
            request = house.centre.issue(device=f"k{which}", request_id=f"{turn}")
            outcome = house.writer.submit(request).result(LIMIT_S)
            numbers.append(orjson.loads(outcome.answer)["ticket"]["number"])

    at_once(16, client)
    assert sorted(numbers) == [f"A{number:03d}" for number in range(1, 321)]
    assert len(house.commits) < 320
    house.centre.assert_on_disk()


def test_one_request_sent_by_sixteen_threads_is_one_ticket(house: House) -> None:
    """Everybody gets the same answer; and it has been given once."""
    given: list[str] = []

    def client(_: int) -> None:
        for turn in range(5):
            request = house.centre.issue(request_id=f"same-{turn}")
            given.append(house.writer.submit(request).result(LIMIT_S).answer)

    at_once(16, client)
    assert len(set(given)) == 5
    assert house.look(lambda sight: sight.line.waiting_count("births")) == 5
    assert house.ledger.figures.repeated == 75


ROUNDS = 500


@pytest.mark.parametrize("waiting", [1, 2])
def test_two_counters_that_press_at_once(house: House, waiting: int) -> None:
    """Two waiting: both get one, and not the same. One waiting: one gets it, the other `nobody-waiting`.

    Half of the rounds race from a barrier, half are handed in together and share a commit.
    """
    centre = house.centre
    house.ask(centre.desk("open", "c1", "an"), centre.desk("open", "c3", "chi"))
    counters = [("c1", "an"), ("c3", "chi")]
    for number in range(ROUNDS):
        house.ask(*(centre.issue() for _ in range(waiting)))
        got: list[Outcome] = []
        if number % 2:
            with house.held():
                futures = [house.writer.submit(centre.call(*one)) for one in counters]
            got = [future.result(LIMIT_S) for future in futures]
        else:
            race = lambda which: got.append(house.writer.submit(centre.call(*counters[which])).result(LIMIT_S))  # noqa: E731, B023
            at_once(2, race)
        called = [orjson.loads(one.answer)["ticket"]["id"] for one in got if one.ok]
        refused = [one.code for one in got if not one.ok]
        assert len(set(called)) == waiting
        assert refused == ["nobody-waiting"] * (2 - waiting)
        house.ask(*(centre.undo(*one) for one in counters), *(centre.cancel(ticket) for ticket in called))
    assert house.look(lambda sight: sight.line.tickets) == {}
    centre.assert_on_disk()


def test_sixteen_counters_and_nine_waiting(house: House) -> None:
    """Whoever presses, nine get one each, first come first served; seven are told that nobody waits."""
    centre = house.centre
    document = centre.ledger.sight.set_up.model_dump()
    document["counters"] = [
        {"id": f"c{n}", "number": n, "label": {"vi": f"Quầy {n}"}, "services": ["births"]} for n in range(1, 17)
    ]
    house.ask(centre.apply(SetUp.model_validate(document)))
    house.ask(*(centre.desk("open", f"c{n}", f"o{n}") for n in range(1, 17)), *(centre.issue() for _ in range(9)))
    got: list[str] = []
    at_once(16, lambda which: got.extend(house.ask(centre.call(f"c{which + 1}", f"o{which + 1}"))))
    assert sorted(got) == [*(f"A{number:03d}" for number in range(1, 10)), *["nobody-waiting"] * 7]
    centre.assert_on_disk()


def test_presses_decided_on_a_stale_line_would_be_seen(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: both presses see the line as it was before the other one. One ticket, two counters: three see it."""
    house, centre = sqlite_house, sqlite_house.centre
    house.ask(centre.desk("open", "c1", "an"), centre.desk("open", "c3", "chi"), centre.issue(), centre.issue())
    stale = house.look(lambda sight: next(iter(sight.line.tickets.values())))
    monkeypatch.setattr(calling, "choose_next", lambda *_: stale)
    assert house.ask(centre.call("c1", "an"), centre.call("c3", "chi")) == ["A001", "A001"]
    with centre.database.reading() as connection:
        assert any("TicketCalled of a ticket that is called" in one for one in contradictions(connection))
        assert any("one at two counters" in one for one in contradictions(connection))


# ---------------------------------------------------------------- answers come after the commit


def test_an_answer_is_on_disk_when_it_is_given(house: House) -> None:
    """Read by another connection in the very callback of the future."""
    seen: list[int] = []

    def read(_: "Future[Outcome]") -> None:
        with house.centre.database.reading() as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM ticket")).scalar_one())

    with house.held():
        futures = [house.centre.issue() for _ in range(3)]
        for request in futures:
            house.writer.submit(request).add_done_callback(read)
    for request in futures:
        request.done.result(LIMIT_S)
    house.look(lambda _: None)
    assert seen == [3, 3, 3]


def test_an_answer_before_the_commit_would_be_seen(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: answered first, committed then. The reader in the callback finds nothing."""
    house = sqlite_house
    seen: list[int] = []

    def read(_: "Future[Outcome]") -> None:
        with house.centre.database.reading() as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM ticket")).scalar_one())

    request = house.centre.issue()
    request.done.add_done_callback(read)
    flush = house.ledger._flush

    def too_early(commit: Callable[[], None], rollback: Callable[[], None]) -> None:
        request.done.set_result(Outcome(True, "{}", house.centre.clock.now))
        flush(commit, rollback)

    monkeypatch.setattr(house.ledger, "_flush", too_early)
    monkeypatch.setattr(house.writer, "_answer", lambda *_: None)
    house.writer.submit(request).result(LIMIT_S)
    house.look(lambda _: None)
    assert seen == [0]


def test_what_waits_shares_a_commit_up_to_a_limit(house: House) -> None:
    """A hundred in two commits, answered in their order."""
    with house.held():
        futures = [house.writer.submit(house.centre.issue()) for _ in range(100)]
    assert answers([future.result(LIMIT_S) for future in futures]) == [f"A{n:03d}" for n in range(1, 101)]
    house.look(lambda _: None)
    assert len(house.commits) == 1 + 2
    assert BATCH == 64


def test_a_commit_says_whether_anybody_must_be_told_at_once(house: House) -> None:
    """Numbers taken can wait a moment; a call cannot."""
    house.ask(house.centre.issue())
    house.ask(house.centre.desk("open"))
    house.ask(house.centre.nothing())
    house.look(lambda _: None)
    assert house.commits == [False, True, False]


def test_a_look_sees_what_is_committed_and_nothing_else(house: House) -> None:
    """Not the batch in the making; and its mistakes are its own."""
    with house.held():
        house.writer.submit(house.centre.issue())
        look = house.writer.look(lambda sight: sight.line.waiting_count("births"))
    assert look.result(LIMIT_S) == 1
    looked: list[int] = []
    stop = threading.Event()

    def client(which: int) -> None:
        if which:
            for _ in range(30):
                house.ask(house.centre.issue(device=f"k{which}"), house.centre.bug(house.centre.issue().action))
            stop.set()
        while not which and not stop.is_set():
            on_disk = house.look(lambda sight: (sight.line.waiting_count("births"), sight.entry))
            looked.append(on_disk[0])

    at_once(3, client)
    assert looked == sorted(looked)
    wrong = house.writer.look(lambda _: 1 / 0)
    assert isinstance(wrong.exception(LIMIT_S), ZeroDivisionError)
    assert house.writer.alive


def test_a_bug_is_told_to_its_asker_and_the_writer_lives(house: House) -> None:
    """As a fault with words, not as a traceback; counted."""
    future = house.writer.submit(house.centre.bug())
    fault = future.exception(LIMIT_S)
    assert isinstance(fault, ActionFault)
    assert "division" not in str(fault)
    assert house.writer.alive
    assert house.ledger.figures.faults == 1


# ---------------------------------------------------------------- nobody is left waiting


def test_stopping_carries_out_what_was_handed_in_before(house: House) -> None:
    """And refuses what comes after, at once; twice is harmless."""
    with house.held():
        before = [house.writer.submit(house.centre.issue()) for _ in range(BATCH + 5)]
        stopping = threading.Thread(target=house.writer.stop, args=(LIMIT_S,))
        stopping.start()
        while house.writer._waiting.qsize() <= BATCH + 5:
            pass
        after = house.writer.submit(house.centre.issue())
        look = house.writer.look(lambda _: 1)
    stopping.join(LIMIT_S)
    assert all(future.result(LIMIT_S).ok for future in before)
    assert isinstance(after.exception(LIMIT_S), WriterFault)
    assert isinstance(look.exception(LIMIT_S), WriterFault)
    house.writer.stop()
    assert not house.writer.alive
    assert isinstance(house.writer.submit(house.centre.issue()).exception(LIMIT_S), WriterFault)
    assert house.failures == []


def test_no_future_hangs_when_clients_race_the_end(sqlite_house: House) -> None:
    """Sixteen at the door while it closes: each is answered or refused."""
    futures: list[Future[Outcome]] = []

    def client(which: int) -> None:
        if which == 7:
            sqlite_house.writer.stop(LIMIT_S)
        for _ in range(50):
            futures.append(sqlite_house.writer.submit(sqlite_house.centre.issue(device=f"k{which}")))

    at_once(16, client)
    assert wait(futures, LIMIT_S).not_done == set()
    answered = [one for one in futures if one.exception() is None]
    assert all(isinstance(one.exception(), WriterFault) for one in futures if one not in answered)
    with sqlite_house.centre.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM ticket")).scalar() == len(answered)


def test_an_asker_that_gives_up_harms_nobody(house: House) -> None:
    """A browser that went away cancels its future: the writer goes on, the others are answered."""
    with house.held():
        gone, stays = house.centre.issue(), house.centre.issue()
        house.writer.submit(gone)
        house.writer.submit(stays)
        look = house.writer.look(lambda _: 1)
        assert gone.done.cancel()
        assert look.cancel()
    assert stays.done.result(LIMIT_S).ok
    assert house.ask(house.centre.nothing()) == ["done"]
    assert house.writer.alive


def test_an_asker_that_gives_up_while_it_is_carried_out_harms_nobody(house: House) -> None:
    """Too late to cancel: it is carried out, and says so."""
    busy, go_on = threading.Event(), threading.Event()

    def hold(work: Work) -> Done:
        busy.set()
        assert go_on.wait(LIMIT_S)
        return Done()

    future = house.writer.submit(Request(hold))
    assert busy.wait(LIMIT_S)
    assert not future.cancel()
    go_on.set()
    assert future.result(LIMIT_S).ok


def failing_commits(house: House, monkeypatch: pytest.MonkeyPatch, *, after: int) -> None:
    """Commits fail with an I/O error, but for the first few."""
    dialect = house.ledger._connection.dialect
    commit, left = dialect.do_commit, iter(range(after))

    def do_commit(connection: Any) -> None:
        if next(left, None) is not None:
            commit(connection)
            return
        connection.rollback()
        raise dialect.loaded_dbapi.OperationalError("disk I/O error")

    monkeypatch.setattr(dialect, "do_commit", do_commit)


def test_a_commit_of_unknown_outcome_stops_the_writer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those in the batch, those behind it and those who only looked are told; `on_failure` is called once."""
    with house.held():
        failing_commits(house, monkeypatch, after=1)
        looks = [house.writer.look(lambda _: 1)]
        futures = [house.writer.submit(house.centre.issue()) for _ in range(BATCH + 10)]
        looks.append(house.writer.look(lambda _: 1))
    faults = [future.exception(LIMIT_S) for future in (*futures, *looks)]
    assert {type(fault) for fault in faults} == {WriterFault}
    assert "unknown" in str(faults[0])
    assert "unknown" not in str(faults[BATCH])
    house.writer.stop(LIMIT_S)
    assert not house.writer.alive
    assert len(house.failures) == 1
    assert isinstance(house.failures[0], OperationalError)


def test_a_writer_that_failed_has_let_go_of_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one can take over, and finds what was committed."""
    assert house.ask(house.centre.issue()) == ["A001"]
    failing_commits(house, monkeypatch, after=0)
    assert isinstance(house.writer.submit(house.centre.issue()).exception(LIMIT_S), WriterFault)
    house.writer.stop(LIMIT_S)
    monkeypatch.undo()
    again = House(house.centre)
    again.writer.start()
    assert again.ask(again.centre.issue()) == ["A002"]
    again.writer.stop(LIMIT_S)


@pytest.mark.postgresql
def test_a_connection_that_dies_stops_the_writer_in_good_order(postgresql_database: Database) -> None:
    """Nothing is left for the thread to trip over."""
    house = House(Centre(postgresql_database))
    house.writer.start()
    with house.held():
        pid = house.ledger._connection.connection.driver_connection.info.backend_pid
        with psycopg.connect(postgresql_database.url.render_as_string(), autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        futures = [house.writer.submit(house.centre.issue()) for _ in range(3)]
    assert all(isinstance(future.exception(LIMIT_S), WriterFault) for future in futures)
    house.writer.stop(LIMIT_S)
    assert len(house.failures) == 1


@pytest.mark.postgresql
def test_a_second_writer_does_not_start(postgresql_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one holds the database, and goes on."""
    monkeypatch.setattr("hub.storage.database.LOCK_PATIENCE_MS", 20)
    house = House(Centre(postgresql_database))
    house.writer.start()
    second = Writer(house.centre.new_ledger(), on_commit=house.commits.append, on_failure=house.failures.append)
    with pytest.raises(DatabaseFault, match="another hub"):
        second.start()
    assert not second.alive
    assert house.ask(house.centre.issue()) == ["A001"]
    house.writer.stop(LIMIT_S)


def test_a_request_whose_future_breaks_in_a_callback_harms_nobody(house: House) -> None:
    """Callbacks of others are not the writer's risk."""

    def break_down(_: "Future[Outcome]") -> None:
        raise ZeroDivisionError

    request = house.centre.request(lambda _: Done(), Asker("device", "k1"))
    request.done.add_done_callback(break_down)
    assert house.ask(request, house.centre.nothing()) == ["done", "done"]
    assert house.writer.alive
