"""What the hub tells, and when: over a real ledger, without a broker."""

import random
import threading
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import pytest
from structlog.testing import capture_logs

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.asking import Outcome, Request, Sight
from hub.actions.device.presence import note_device
from hub.contract import messages as m
from hub.contract.names import StaffRole
from hub.contract.set_up import SetUp
from hub.contract.time import to_datetime
from hub.contract.topics import Announcement, announce
from hub.errors import Fault
from hub.messaging.publisher import Publisher
from hub.queueing import views
from hub.queueing.facts import DeviceLost, Entry, TicketReturned
from hub.queueing.ticket import Verb
from hub.storage import journal
from hub.storage.database import Database
from hub.storage.doors import DirectDoor
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS, ZONE, Centre
from tests.hub.storage.lived import CHIEF
from tests.rig.running import eventually

T = TypeVar("T")

WITH_BOARDS: Final = SetUp.model_validate(
    SET_UP.model_dump()
    | {
        "boards": [
            {"id": "hall", "name": {"vi": "Sảnh"}},
            {"id": "yard", "name": {"vi": "Sân"}, "counters": ["c2", "c3"]},
        ]
    }
)
EVERYTHING: Final = [
    *("centre", "services", "counter c1", "counter c2", "counter c3"),
    *("waiting", "board hall", "board yard", "hub"),
]


class OneAtATime:
    """The direct door for several threads, and a way to break it."""

    def __init__(self, door: DirectDoor) -> None:
        self._door = door
        self._lock = threading.Lock()
        self.broken: Callable[[], Exception | None] = lambda: None

    def submit(self, request: Request) -> "Future[Outcome]":
        with self._lock:
            return self._door.submit(request)

    def look(self, question: Callable[[Sight], T]) -> "Future[T]":
        error = self.broken()
        if error is not None:
            failed: Future[T] = Future()
            failed.set_exception(error)
            return failed
        with self._lock:
            return self._door.look(question)


@dataclass
class Stage:
    """A centre whose publisher tells us. Nothing runs by itself until `publisher.start()`."""

    centre: Centre
    told: list[Announcement] = field(default_factory=list)
    complete: list[Sequence[Announcement]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=lambda: {"an": "Nguyễn An"})
    coalesce_s: float = 0.02

    def __post_init__(self) -> None:
        self.door = OneAtATime(DirectDoor(self.centre.ledger))
        self.publisher = Publisher(
            self.door,
            [self.told.append],
            clock=self.centre.clock,
            zone=ZONE,
            public_url="https://example.vn",
            officers=lambda: self.names,
            also=lambda sight: [announce("hub", hub_presence(sight))],
            coalesce_s=self.coalesce_s,
            complete=self.complete.append,
        )
        self._cursor = self.centre.ledger.sight.entry

    def happen(self, *requests: Request) -> None:
        """Carried out, and told as a follower would."""
        for request in requests:
            self.door.submit(request).result(0)
        self.follow()

    def follow(self) -> None:
        with self.centre.database.reading() as connection:
            entries = journal.read_after(connection, self._cursor)
        self._cursor = entries[-1].number if entries else self._cursor
        self.hear(entries)

    def hear(self, entries: Sequence[Entry]) -> None:
        self.publisher.on_entries(entries)

    def told_by(self, *requests: Request) -> list[str]:
        """What is told at once when these happen."""
        before = len(self.told)
        self.happen(*requests)
        return [word(one) for one in self.told[before:]]

    def last(self, wanted: str) -> Any:
        """What was told last of a topic."""
        return next((one.message for one in reversed(self.told) if word(one) == wanted), None)

    def counters_now(self) -> dict[str, m.Counter]:
        """As they stand."""
        line = self.centre.line
        return {one.id: views.counter(line, one, self.names, ZONE) for one in WITH_BOARDS.counters}

    def counters_told(self) -> dict[str, m.Counter]:
        """As the hall believes them to stand."""
        return {one.id: self.last(f"counter {one.id}") for one in WITH_BOARDS.counters}


def word(announcement: Announcement) -> str:
    return " ".join([announcement.topic, *(level for _, level in announcement.levels)])


def hub_presence(sight: Sight) -> m.HubPresence:
    at = to_datetime(sight.line.last_entry_at)
    return m.HubPresence(state="online", epoch=sight.epoch, boot_id="b", version="1", at=at)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def stage(sqlite_database: Database) -> Iterator[Stage]:
    """Two boards; the officer An is at counter 1, and two wait for births, one for land."""
    centre = Centre(sqlite_database, set_up=WITH_BOARDS)
    centre.ask(centre.desk("open"), centre.issue(), centre.issue(), centre.issue("land"))
    opened = Stage(centre)
    yield opened
    opened.publisher.stop()
    centre.ledger.close()


@pytest.fixture
def said(stage: Stage) -> Stage:
    """Everything was said once."""
    stage.publisher.say_everything()
    stage.told.clear()
    return stage


# ---------------------------------------------------------------- everything


def test_everything_is_said_at_the_start(stage: Stage) -> None:
    """Every retained topic once, and then that this is all there is."""
    stage.publisher.start()
    assert [word(one) for one in stage.told] == EVERYTHING
    assert all(one.retained for one in stage.told)
    assert stage.complete == [stage.told]
    assert stage.counters_told() == stage.counters_now()
    assert stage.last("waiting").services["births"].waiting == 2
    assert stage.last("counter c1").officer.display_name == "Nguyễn An"
    assert stage.last("centre").public_url == "https://example.vn"


def test_a_hub_that_starts_says_everything_once(stage: Stage) -> None:
    """Although its link has asked for it when it was first connected."""
    stage.publisher.refresh()
    stage.publisher.start()
    stage.happen(stage.centre.issue())
    eventually(lambda: stage.last("waiting").services["births"].waiting == 3, "the coalesced state told")
    assert len(stage.complete) == 1


def test_entries_before_the_first_word_bring_everything(stage: Stage) -> None:
    """Whoever follows without having said anything begins with all of it."""
    assert stage.told_by(stage.centre.issue()) == EVERYTHING


# ---------------------------------------------------------------- calls


def test_a_call_is_told_at_once_and_before_all_else(said: Stage) -> None:
    """On the boards of its counter; with its entry's number, so that a repeat is known for one."""
    said.happen(said.centre.call())
    assert [word(one) for one in said.told] == ["board-call hall", "counter c1"]
    call = said.told[0]
    assert not call.retained
    assert isinstance(call.message, m.BoardCall)
    sight = said.centre.ledger.sight
    assert (call.message.number, call.message.counter, call.message.label) == ("A001", "c1", {"vi": "Quầy 1"})
    assert (call.message.repeat, call.message.epoch, call.message.sequence) == (0, sight.epoch, sight.entry)
    assert call.message.at.isoformat() == "2026-11-23T08:00:00+07:00"
    assert said.last("counter c1").ticket.number == "A001"


def test_a_recall_counts(said: Stage) -> None:
    """Once, twice."""
    said.happen(said.centre.call(), said.centre.press(Verb.RECALL), said.centre.press(Verb.RECALL))
    calls = [one.message.repeat for one in said.told if isinstance(one.message, m.BoardCall)]
    assert calls == [0, 1, 2]
    assert [word(one) for one in said.told] == ["board-call hall"] * 3 + ["counter c1"]


def test_a_counter_on_two_boards_is_called_on_both(said: Stage) -> None:
    """Each board for itself."""
    said.happen(said.centre.desk("open", "c3", "chi"))
    assert said.told_by(said.centre.call("c3", "chi")) == ["board-call hall", "board-call yard", "counter c3"]


def test_a_call_at_a_counter_that_is_gone_is_told_nowhere(said: Stage) -> None:
    """An entry of before the set-up changed."""
    fewer = WITH_BOARDS.model_dump()
    fewer["counters"], fewer["boards"][1]["counters"] = fewer["counters"][1:], []
    centre = said.centre
    centre.ask(
        centre.call(), centre.press(Verb.NO_SHOW), centre.desk("close"), centre.apply(SetUp.model_validate(fewer))
    )
    said.publisher.say_everything()
    said.told.clear()
    said.follow()
    assert not [one for one in said.told if isinstance(one.message, m.BoardCall)]


# ---------------------------------------------------------------- counters, and what changes all


def staff_added(centre: Centre) -> Request:
    new = NewStaff("lan", "Lan", StaffRole.OFFICER, "hash")
    return centre.request(lambda work: add_staff(work, CHIEF, new), CHIEF)


def device_lost(centre: Centre) -> Request:
    return centre.request(lambda work: note_device(work, "kiosk-01", DeviceLost), CHIEF)


def nothing(_: Centre) -> list[Request]:
    return []


ALL_COUNTERS: Final = ["counter c1", "counter c2", "counter c3"]
Ask = Callable[[Centre], list[Request]]
AT_ONCE: Final[dict[str, tuple[Ask, Ask, list[str]]]] = {
    "issue": (nothing, lambda c: [c.issue()], []),
    "slip": (nothing, lambda c: [c.slip(next(iter(c.line.tickets)))], []),
    "device": (nothing, lambda c: [device_lost(c)], []),
    "nothing": (nothing, lambda c: [c.nothing()], []),
    "open": (nothing, lambda c: [c.desk("open", "c2", "binh")], ["counter c2"]),
    "moved": (nothing, lambda c: [c.desk("open", "c3", "an")], ["counter c1", "counter c3"]),
    "pause": (nothing, lambda c: [c.desk("pause")], ["counter c1"]),
    "resume": (lambda c: [c.desk("pause")], lambda c: [c.desk("resume")], ["counter c1"]),
    "close": (nothing, lambda c: [c.desk("close")], ["counter c1"]),
    "start": (lambda c: [c.call()], lambda c: [c.press(Verb.START)], ["counter c1"]),
    "finish": (lambda c: [c.call(), c.press(Verb.START)], lambda c: [c.press(Verb.FINISH)], ["counter c1"]),
    "no-show": (lambda c: [c.call()], lambda c: [c.press(Verb.NO_SHOW)], ["counter c1"]),
    "hold": (lambda c: [c.call()], lambda c: [c.press(Verb.HOLD)], ["counter c1"]),
    "undo": (lambda c: [c.call()], lambda c: [c.undo()], ["counter c1"]),
    "return": (lambda c: [c.call()], lambda c: [c.press(Verb.RETURN)], ALL_COUNTERS),
    "transfer": (lambda c: [c.call()], lambda c: [c.transfer("land")], ALL_COUNTERS),
    "cancel": (nothing, lambda c: [c.cancel(next(iter(c.line.tickets)))], ALL_COUNTERS),
    "cancel-at-counter": (lambda c: [c.call()], lambda c: [c.press(Verb.CANCEL)], ALL_COUNTERS),
    "set-up": (nothing, lambda c: [c.apply(WITH_BOARDS)], EVERYTHING),
    "staff": (nothing, lambda c: [staff_added(c)], EVERYTHING),
}


@pytest.mark.parametrize(("before", "happens", "told"), AT_ONCE.values(), ids=AT_ONCE)
def test_what_is_told_at_once(said: Stage, before: Ask, happens: Ask, told: list[str]) -> None:
    """And that the counters told stand as they are told."""
    for request in before(said.centre):
        said.happen(request)
    assert sorted(said.told_by(*happens(said.centre))) == sorted(told)
    assert {name: one for name, one in said.counters_told().items() if one} == {
        name: one for name, one in said.counters_now().items() if said.last(f"counter {name}")
    }


def test_a_new_day_brings_everything(said: Stage) -> None:
    """Counters are closed, nobody waits."""
    said.centre.clock.turn(DAY_MS)
    assert said.told_by(said.centre.nothing()) == EVERYTHING
    assert said.last("counter c1").state == "closed"
    assert said.last("waiting").services["births"].waiting == 0


def test_a_returned_ticket_leaves_its_counter_free(said: Stage) -> None:
    """Also when the officer has closed the counter over it, or is another one."""
    said.happen(said.centre.call(), said.centre.desk("close"))
    assert (said.last("counter c1").state, said.last("counter c1").ticket) == ("closed", None)
    said.happen(said.centre.desk("open"), said.centre.call(), said.centre.press(Verb.HOLD))
    ticket = next(one.id for one in said.centre.line.tickets.values() if one.state == "held")
    said.happen(said.centre.desk("open", "c3", "chi"), said.centre.press(Verb.RETURN, "c3", "chi", ticket))
    assert said.counters_told() == said.counters_now()


def presses(centre: Centre, chance: random.Random) -> Request:
    """Anything that an officer, a citizen or a kiosk may do, whether it fits or not."""
    counter, officer = chance.choice([("c1", "an"), ("c2", "binh"), ("c3", "chi")])
    ticket = chance.choice([None, *centre.line.tickets])
    return chance.choice(
        [
            lambda: centre.desk(chance.choice(["open", "open", "pause", "resume", "close"]), counter, officer),
            lambda: centre.call(counter, officer),
            lambda: centre.call(counter, officer),
            lambda: centre.press(chance.choice(list(Verb)[1:]), counter, officer),
            lambda: centre.press(chance.choice([Verb.RETURN, Verb.CANCEL]), counter, officer, ticket),
            lambda: centre.transfer(chance.choice(["births", "land"]), counter, officer, ticket),
            lambda: centre.undo(counter, officer),
            lambda: centre.cancel(ticket or ""),
            lambda: centre.issue(chance.choice(["births", "land", "trade"])),
        ]
    )()


def play(stage: Stage, seed: int, steps: int = 120) -> bool:
    """A random day; whether the hall believed the truth of every counter after each press."""
    chance = random.Random(seed)
    stage.publisher.say_everything()
    for _ in range(steps):
        stage.happen(presses(stage.centre, chance))
        if stage.counters_told() != stage.counters_now():
            return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_the_counters_told_are_always_the_counters_as_they_are(stage: Stage, seed: int) -> None:
    """After whatever officers press, in whatever order."""
    assert play(stage, seed)


def test_a_fact_left_out_would_show(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: a publisher that does not hear of returned tickets leaves counters called for ever."""
    hear = stage.publisher.on_entries
    monkeypatch.setattr(
        stage, "hear", lambda entries: hear([one for one in entries if not isinstance(one.fact, TicketReturned)])
    )
    assert not all(play(stage, seed) for seed in range(4))


def test_an_officer_without_a_name_is_not_named(said: Stage) -> None:
    """Somebody who was removed in the meantime."""
    said.names = {}
    said.happen(said.centre.desk("pause"))
    assert said.last("counter c1").officer is None


# ---------------------------------------------------------------- coalesced


def test_waiting_figures_are_told_every_so_often_and_the_last_always(sqlite_database: Database) -> None:
    """A hundred numbers are not a hundred messages."""
    centre = Centre(sqlite_database, set_up=WITH_BOARDS)
    stage = Stage(centre, coalesce_s=60.0)
    stage.publisher.start()
    stage.told.clear()
    stage.happen(centre.issue())
    eventually(lambda: stage.last("board yard"), "the first told at once")
    for _ in range(100):
        stage.happen(centre.issue())
    assert [word(one) for one in stage.told] == ["waiting", "board hall", "board yard"]
    stage.publisher.stop()
    again = Stage(centre)
    again.publisher.start()
    for _ in range(100):
        again.happen(centre.issue())
    eventually(lambda: again.last("waiting").services["births"].waiting == 201, "the last state told")
    again.publisher.stop()
    centre.ledger.close()


def test_a_board_is_told_what_it_needs_after_a_restart(stage: Stage) -> None:
    """Its calls and its figures, with the entry up to which they are right."""
    stage.publisher.start()
    stage.happen(stage.centre.call())
    eventually(lambda: stage.last("board hall").calls, "the call on the board")
    board = stage.last("board hall")
    sight = stage.centre.ledger.sight
    assert (board.epoch, board.sequence) == (sight.epoch, sight.entry)
    assert [call.number for call in board.calls] == ["A001"]
    assert stage.last("board yard").calls == []


def test_the_time_of_the_figures_never_runs_back(stage: Stage) -> None:
    """With a clock behind the last entry, they are of that entry's time."""
    stage.centre.clock.turn(-60_000)
    stage.publisher.say_everything()
    assert stage.last("waiting").at.isoformat() == "2026-11-23T08:00:00+07:00"


def test_a_refresh_says_everything_again(stage: Stage) -> None:
    """The broker was new, and remembers nothing."""
    stage.publisher.start()
    stage.told.clear()
    stage.publisher.refresh()
    eventually(lambda: len(stage.complete) == 2, "everything again")
    assert [word(one) for one in stage.told] == EVERYTHING


@pytest.mark.parametrize(
    "error",
    [Fault("the writer has stopped"), TimeoutError(), RuntimeError("a bug")],
    ids=lambda one: type(one).__name__,
)
def test_what_could_not_be_told_is_told_later(
    stage: Stage, error: Exception, logged: list[MutableMapping[str, Any]]
) -> None:
    """Whatever it broke on: a refresh that failed is made up for, so is the last state. Logged once, and once after."""
    stage.publisher.start()
    for ask, is_told in (
        (stage.publisher.refresh, lambda: len(stage.complete) == 2),
        (lambda: stage.happen(stage.centre.issue()), lambda: stage.last("waiting").services["births"].waiting == 3),
    ):
        failures: list[Exception] = []

        def broken(failures: list[Exception] = failures) -> Exception | None:
            if threading.current_thread().name != "publisher" or len(failures) == 3:
                return None
            failures.append(error)
            return error

        stage.door.broken = broken
        logged.clear()
        ask()
        eventually(is_told, "told in the end")
        eventually(lambda: len(logged) == 2, "the recovery logged")
        assert [entry["event"] for entry in logged] == ["publisher-broke", "publisher-recovered"]
        assert len(failures) == 3


# ---------------------------------------------------------------- two threads


def told_last(stage: Stage) -> str:
    """A refresh sees counter 1 called and is slow to say so; meanwhile the officer finishes. What is told last?"""
    stage.happen(stage.centre.call(), stage.centre.press(Verb.START))
    seen, go_on = threading.Event(), threading.Event()

    def slow(announcement: Announcement) -> None:
        if word(announcement) == "counter c1" and threading.current_thread().name == "refresher":
            seen.set()
            assert go_on.wait(10)
        stage.told.append(announcement)

    stage.publisher._tells = [slow]
    refresher = threading.Thread(target=stage.publisher.say_everything, name="refresher")
    refresher.start()
    assert seen.wait(10)
    finishing = threading.Thread(target=stage.happen, args=[stage.centre.press(Verb.FINISH)])
    finishing.start()
    eventually(lambda: stage.centre.line.desk("c1").ticket is None, "finished")
    finishing.join(0.2)
    go_on.set()
    for thread in (refresher, finishing):
        thread.join(10)
    state: str = stage.last("counter c1").state
    return state


def test_what_is_told_last_is_what_was_seen_last(said: Stage) -> None:
    """Two threads say state; a retained topic must not end with the older one."""
    assert told_last(said) == "open"


def test_without_taking_turns_the_older_would_stay(said: Stage) -> None:
    """Sabotage: looked and told without a turn, the counter stays serving for the whole hall."""
    said.publisher._saying = nullcontext()  # type: ignore[assignment]
    assert told_last(said) == "serving"


# ---------------------------------------------------------------- stopping


def test_it_stops_twice_and_unstarted(stage: Stage) -> None:
    """And tells nothing more."""
    stage.publisher.stop()
    stage.publisher.start()
    stage.publisher.stop()
    stage.publisher.stop()
    stage.told.clear()
    stage.publisher.refresh()
    assert stage.told == []
