"""The hub's housekeeping, each duty by itself."""

import threading
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from hub import duties as duties_module
from hub.duties import Duties
from hub.settings import Backup, Data, Limits, Settings
from hub.storage import memory
from hub.storage.backup import verify
from hub.storage.database import Database
from hub.storage.disk import Ballast
from hub.storage.doors import DirectDoor
from hub.storage.reading import StoredReading
from tests.hub.storage.centre import DAY_MS, ZONE, Centre


class Twin:
    """Stands for broker, devices and link: remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.connected = True
        self.dead = False

    def restart_if_dead(self) -> bool:
        was, self.dead = self.dead, False
        return was

    def trim_log(self) -> None:
        self.told.append("trim-log")

    def settle(self, *, connected: bool) -> None:
        self.told.append(f"settle {connected}")


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture
def centre(sqlite_database: Database) -> Iterator[Centre]:
    opened = Centre(sqlite_database)
    yield opened
    opened.ledger.close()


@pytest.fixture
def twin() -> Twin:
    return Twin()


@pytest.fixture
def duties(centre: Centre, twin: Twin, tmp_path: Path) -> Duties:
    """Over a real ledger; broker, devices and link are the twin."""
    settings = Settings(
        data=Data(directory=tmp_path / "data"), limits=Limits(low_disk_mb=100, ballast_mb=1), backup=Backup(keep=2)
    )
    (tmp_path / "data").mkdir()
    door: Any = DirectDoor(centre.ledger)
    others: Any = twin
    return Duties(
        settings,
        centre.clock,
        centre.database,
        centre.ledger,
        door,
        others,
        Ballast(tmp_path / "data", 1),
        others,
        others,
        threading.Event(),
        lambda: others.told.append("renewed"),
        lambda: others.told.append("orders sent"),
        lambda: others.told.append("pictures forgotten"),
        StoredReading(centre.database).days_of_notes,
    )


def walk(duties: Duties, name: str) -> None:
    (one,) = [one for one in duties.rounds() if one.name == name]
    one.walk()


def test_every_duty_has_its_pace(duties: Duties) -> None:
    """The broker is looked after every second; a back-up as the settings say, the first one soon."""
    paces = {one.name: (one.every_s, one.first_s) for one in duties.rounds()}
    assert len(paces) == len(duties.rounds())
    assert paces["broker"] == (1.0, 1.0)
    assert paces["day"][0] <= 15
    assert paces["back-up"] == (3600.0, 300.0)


def test_a_dead_broker_is_started_again_and_logged(
    duties: Duties, twin: Twin, logged: list[MutableMapping[str, Any]]
) -> None:
    """A living one is not worth a line."""
    walk(duties, "broker")
    assert logged == []
    twin.dead = True
    walk(duties, "broker")
    assert [entry["event"] for entry in logged] == ["broker-restarted"]
    walk(duties, "broker-log")
    assert twin.told == ["trim-log"]


def test_a_broker_that_somebody_else_keeps_is_left_alone(duties: Duties, twin: Twin) -> None:
    """Nothing to start, nothing to trim."""
    alone = Duties(**{**{name: getattr(duties, name) for name in Duties.__dataclass_fields__}, "broker": None})
    twin.dead = True
    walk(alone, "broker")
    walk(alone, "broker-log")
    assert (twin.dead, twin.told) == (True, [])


def test_devices_are_settled_by_whether_the_broker_is_there(duties: Duties, twin: Twin) -> None:
    """While it is away nobody's silence means anything."""
    walk(duties, "devices")
    twin.connected = False
    walk(duties, "devices")
    assert twin.told == ["settle True", "settle False"]


def test_notes_go_with_their_day(duties: Duties, centre: Centre) -> None:
    """Within a minute of the next one; while there is nothing to erase the writer is not asked."""
    centre.ask(centre.desk("open"), centre.desk("open", "c2", "binh"), centre.issue())
    ticket = next(iter(centre.line.tickets))
    centre.done(centre.send("c2", ticket=ticket, note="mang bản chính"))
    for days, left in ((0, {"2026-11-23"}), (1, set())):
        centre.clock.turn(days * DAY_MS)
        walk(duties, "day")
        entries = centre.ledger.figures.requests
        walk(duties, "notes")
        assert centre.ledger.figures.requests - entries == days
        assert StoredReading(centre.database).days_of_notes() == left


def test_orders_are_sent_again_every_few_seconds_and_pictures_forgotten(duties: Duties, twin: Twin) -> None:
    """Until somebody has done them; and when nobody asks for them."""
    (pace,) = [one.every_s for one in duties.rounds() if one.name == "orders"]
    assert pace <= 5
    walk(duties, "orders")
    walk(duties, "pictures")
    assert twin.told == ["orders sent", "pictures forgotten"]


def test_the_day_is_opened_when_it_is_due_and_the_writer_asked_only_then(duties: Duties, centre: Centre) -> None:
    """An idle hub stays idle."""
    commits = centre.ledger.figures.batches
    walk(duties, "day")
    assert centre.ledger.figures.batches == commits
    centre.clock.turn(DAY_MS)
    walk(duties, "day")
    walk(duties, "day")
    assert (centre.ledger.figures.batches, centre.line.day) == (commits + 1, "2026-11-24")
    assert duties.settings.centre.zone == ZONE


def test_a_disk_that_runs_low_stops_numbers_and_is_logged_once(
    duties: Duties, centre: Centre, monkeypatch: pytest.MonkeyPatch, logged: list[MutableMapping[str, Any]]
) -> None:
    """And once when there is room again; the ballast is taken on only then."""
    free = SimpleNamespace(megabytes=99)
    monkeypatch.setattr(duties_module, "free_megabytes", lambda _: free.megabytes)
    for _ in range(3):
        walk(duties, "disk")
    assert centre.ledger.low_on_disk
    ballast = duties.settings.data.directory / "ballast"
    assert not ballast.exists()
    free.megabytes = 100
    for _ in range(3):
        walk(duties, "disk")
    assert not centre.ledger.low_on_disk
    assert ballast.exists()
    said = [(entry["event"], entry["log_level"]) for entry in logged]
    assert said == [("disk-low", "error"), ("disk-recovered", "info")]


def test_old_requests_are_forgotten_slice_by_slice(
    duties: Duties, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each slice a commit of its own, so that nobody waits for long; what is promised is kept."""
    monkeypatch.setattr(memory, "SLICE", 4)
    centre.ask(*(centre.issue() for _ in range(10)))
    commits = centre.ledger.figures.batches
    walk(duties, "memory")
    assert remembered(centre) == 11
    assert centre.ledger.figures.batches == commits + 1
    centre.clock.turn(memory.KEPT_MS + 1)
    centre.number()
    commits = centre.ledger.figures.batches
    walk(duties, "memory")
    assert remembered(centre) == 1
    assert centre.ledger.figures.batches == commits + 4


def remembered(centre: Centre) -> int:
    with centre.database.reading() as connection:
        count: int = connection.execute(text("SELECT count(*) FROM request")).scalar_one()
    return count


def test_forgetting_ends_when_the_hub_stops(duties: Duties, centre: Centre) -> None:
    """Whatever is left is for the next life."""
    centre.number()
    centre.clock.turn(memory.KEPT_MS + 1)
    duties.stopping.set()
    walk(duties, "memory")
    assert remembered(centre) == 2


def test_back_ups_are_made_and_the_certificate_is_kept(duties: Duties, twin: Twin, centre: Centre) -> None:
    """In the data directory when no other was set; so many are kept."""
    for _ in range(3):
        walk(duties, "back-up")
        centre.clock.turn(1000)
    made = sorted((duties.settings.data.directory / "backups").iterdir())
    assert len(made) == 2
    assert verify(made[-1]).entry == centre.ledger.sight.entry
    walk(duties, "certificates")
    assert twin.told == ["renewed"]
