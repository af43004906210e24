"""The hub as a whole, in this process: started and stopped in order, failed without a trace, ready or not in words."""

import json
import shutil
import signal
import socket
import ssl
import stat
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.admin.apply_set_up import apply_set_up
from hub.actions.asking import Request
from hub.bootstrap import Hub
from hub.contract.messages import DeviceSettings, Done
from hub.contract.names import StaffRole
from hub.contract.set_up import KiosksSetUp
from hub.contract.time import Instant, to_datetime
from hub.contract.topics import address
from hub.duties import Duties
from hub.errors import BrokerFault, Fault
from hub.fleet.authority import Authority
from hub.fleet.pin import hashed_pin
from hub.messaging.broker_configuration import PID_FILE
from hub.messaging.broker_process import RunningProcess
from hub.queueing.facts import EpochBegan
from hub.rounds import Round
from hub.settings import Settings
from hub.standing import TOKEN_FILE, standing_hub, wall_clock
from hub.storage import journal
from hub.storage.backup import verify
from hub.storage.database import DatabaseFault
from hub.storage.lock import DataLock, LockFault
from hub.storage.reading import StoredReading
from hub.storage.staff_names import StaffNames
from hub.web.server import WebFault
from tests.conftest import BOTH
from tests.rig import truth
from tests.rig.centre import ID, TESTER, Centre, Plan, made
from tests.rig.device import Device
from tests.rig.running import end_broker, eventually

DAY_S = 86_400
SMALL = Plan(kiosks=1, services=1, counters=1)


@dataclass
class Clock:
    """The machine's, turned by so many seconds."""

    turned_s: int = 0

    def __call__(self) -> Instant:
        return Instant(wall_clock() + 1000 * self.turned_s)


@dataclass
class House:
    """A centre, and the hubs that were built over it."""

    centre: Centre
    clock: Clock = field(default_factory=Clock)
    hubs: list[Hub] = field(default_factory=list)

    def hub(self, **sections: dict[str, Any]) -> Hub:
        """Built with these settings laid over the centre's own, not started."""
        document = self.centre.settings.model_dump()
        for name, values in sections.items():
            document[name] |= values
        self.hubs.append(Hub(Settings.model_validate(document), self.clock))
        return self.hubs[-1]

    def started(self, **sections: dict[str, Any]) -> Hub:
        hub = self.hub(**sections)
        hub.start()
        return hub

    @property
    def data(self) -> Path:
        return self.centre.settings.data.directory

    def broker(self) -> RunningProcess | None:
        """The broker of this centre, whoever started it."""
        try:
            process = RunningProcess.at(int((self.data / "broker" / PID_FILE).read_text()))
        except (OSError, ValueError):
            return None
        return process if process is not None and str(self.data) in " ".join(process.arguments()) else None

    def close(self) -> None:
        for hub in self.hubs:
            hub.stop()
        end_broker(self.centre)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """What a hub does to the whole program is undone, and it has left no thread."""
    interval, before = sys.getswitchinterval(), set(threading.enumerate())
    yield
    sys.setswitchinterval(interval)
    eventually(lambda: set(threading.enumerate()) <= before, "no thread left")


@pytest.fixture(scope="module")
def template() -> Iterator[Centre]:
    """A centre made once; each test works on a copy."""
    with made(SMALL) as centre:
        yield centre


@pytest.fixture
def house(template: Centre) -> Iterator[House]:
    """A centre of the test's own, with the template's data."""
    with copied(template) as house:
        yield house


@contextmanager
def copied(template: Centre) -> Iterator[House]:
    with made_directory() as directory:
        data = directory / "data"
        shutil.copytree(template.settings.data.directory, data)
        document = template.settings.model_dump() | {"data": {"directory": data}}
        house = House(replace(template, directory=directory, settings=Settings.model_validate(document)))
        try:
            yield house
        finally:
            house.close()


@contextmanager
def made_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="motcua-", dir="/tmp"))  # a socket's path must be short
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def get(hub: Hub, path: str, **options: Any) -> httpx.Response:
    """As a browser on this machine."""
    with httpx.Client(base_url=hub.address, trust_env=False, timeout=10, **options) as browser:
        return browser.get(path)


def nothing_runs(house: House) -> bool:
    """No broker, no lock, nobody at the port."""
    with DataLock(house.data):
        pass
    try:
        get(house.hubs[-1], "/healthz")
    except httpx.TransportError:
        return house.broker() is None
    return False


def round_of(hub: Hub, name: str) -> Callable[[], object]:
    """What a round walks."""
    (walk,) = [one.walk for one in hub.rounds._rounds if one.name == name]
    return walk


# ---------------------------------------------------------------- started and stopped


def test_a_hub_starts_and_stops(house: House) -> None:
    """Ready, served, told to tools; then nothing of it is left. Stopped twice is harmless."""
    hub = house.started()
    assert get(hub, "/healthz").status_code == get(hub, "/readyz").status_code == 200
    assert set(hub.condition.checks().values()) == {None}
    assert house.broker() is not None
    token = house.data / TOKEN_FILE
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert json.loads(token.read_text())["address"] == hub.address
    for _ in range(2):
        hub.stop()
        assert nothing_runs(house)
    assert not hub.failed.is_set()


def test_one_never_started_stops_too(house: House) -> None:
    """Whatever ends a program early."""
    hub = house.hub()
    hub.stop()
    hub.stop()
    assert nothing_runs(house)


def test_started_twice_it_refuses_and_goes_on(house: House) -> None:
    """Two hubs on the same data, be they one and the same, are one too many."""
    hub = house.started()
    for other in (hub, house.hub()):
        with pytest.raises(LockFault, match="another hub"):
            other.start()
    assert get(hub, "/readyz").status_code == 200
    with pytest.raises(LockFault), standing_hub(house.centre.settings):
        pass


def test_parts_are_stopped_in_the_order_in_which_one_needs_the_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First those who bring work, then the writer, then those who tell; the data last."""
    hub = house.started()
    stopped = []
    for name in ("server", "rounds", "follower", "publisher", "writer", "link", "broker"):
        part = getattr(hub, name)
        stop = part.stop
        monkeypatch.setattr(part, "stop", lambda *a, name=name, stop=stop: (stopped.append(name), stop(*a))[1])
    close, release = hub.database.close, hub.lock.release
    monkeypatch.setattr(hub.database, "close", lambda: (stopped.append("database"), close())[1])
    monkeypatch.setattr(hub.lock, "release", lambda: (stopped.append("lock"), release())[1])
    hub.stop()
    assert stopped == ["server", "rounds", "follower", "publisher", "writer", "link", "broker", "database", "lock"]


def test_a_stopping_hub_says_so_to_everybody(house: House) -> None:
    """Devices by its last word, pages by their stream's end, operators by readiness."""
    hub = house.started()
    with closing(Device(house.centre, "kiosk-01").open()) as kiosk:
        heard: list[bytes] = []
        kiosk._client.message_callback_add(address(ID, "hub"), lambda _c, _d, message: heard.append(message.payload))
        kiosk._client.subscribe(address(ID, "hub"), 1)
        eventually(lambda: heard, "the hub's presence")
        hub.stop()
        eventually(lambda: len(heard) == 2, "its last word")
    states = [json.loads(said) for said in heard]
    assert [one["state"] for one in states] == ["online", "offline"]
    assert {one["boot_id"] for one in states} == {hub.boot_id}
    assert hub.condition.checks()["hub"] == "the hub is starting or stopping"


@pytest.mark.parametrize("kind", BOTH)
def test_it_runs_on_either_database(kind: str, request: pytest.FixtureRequest, template: Centre) -> None:
    """On PostgreSQL a second hub is refused even from another data directory."""
    url = request.getfixturevalue("postgresql_database_url") if kind == "postgresql" else ""
    with copied(template) as house:
        hub = house.started(database={"url": url})
        assert get(hub, "/readyz").status_code == 200
        assert any(isinstance(one, EpochBegan) for one in facts(hub))
        if url:
            with copied(template) as other, pytest.raises(DatabaseFault, match="another hub is using this PostgreSQL"):
                other.started(database={"url": url})


def facts(hub: Hub) -> list[Any]:
    with hub.database.reading() as connection:
        return [entry.fact for entry in journal.read_after(connection, 0)]


# ---------------------------------------------------------------- a start that fails


@contextmanager
def taken(port: int) -> Iterator[None]:
    """Another program listens there."""
    with socket.create_server(("127.0.0.1", port)):
        yield


def port_of(house: House, section: str) -> int:
    port: int = getattr(house.centre.settings, section).port
    return port


@contextmanager
def pages_port_taken(house: House) -> Iterator[None]:
    with taken(port_of(house, "web")):
        yield


@contextmanager
def broker_port_taken(house: House) -> Iterator[None]:
    with taken(port_of(house, "broker")):
        yield


@contextmanager
def no_database(house: House) -> Iterator[None]:
    kept = house.data / "kept.db"
    (house.data / "hub.db").rename(kept)
    (house.data / "hub.db").write_text("no database" * 500)
    yield
    for left in house.data.glob("hub.db*"):
        left.unlink()
    kept.rename(house.data / "hub.db")


@contextmanager
def damaged_authority(house: House) -> Iterator[None]:
    key = house.data / "authority" / "authority.key"
    kept = key.read_bytes()
    key.write_text("no key")
    yield
    key.write_bytes(kept)


@contextmanager
def another_hub(house: House) -> Iterator[None]:
    with DataLock(house.data):
        yield


@contextmanager
def full_disk(house: House) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hub.bootstrap.free_megabytes", lambda _: 0)
        yield


TROUBLE = {
    "another hub": (another_hub, LockFault, "another hub"),
    "a full disk": (full_disk, Fault, "the disk is full"),
    "no database": (no_database, DatabaseFault, "hub.db"),
    "a damaged authority": (damaged_authority, Fault, "certificate authority"),
    "a broker port taken": (broker_port_taken, BrokerFault, "port"),
    "a pages port taken": (pages_port_taken, WebFault, r"web\.port"),
}


@pytest.mark.parametrize(("trouble", "fault", "words"), TROUBLE.values(), ids=TROUBLE)
def test_a_start_that_fails_leaves_nothing_running(
    house: House, trouble: Callable[[House], Any], fault: type[Fault], words: str
) -> None:
    """Told in words; and when the cause is gone the next start is like any other."""
    hub = house.hub()
    with trouble(house):
        with pytest.raises(fault, match=words):
            hub.start()
        hub.stop()
        assert house.broker() is None
    assert not hub.failed.is_set()
    assert nothing_runs(house)
    assert get(house.started(), "/readyz").status_code == 200


def test_without_being_stopped_a_failed_start_would_leave_its_broker(house: House) -> None:
    """Sabotage: the broker outlives its hub on purpose, so the stop after a failure must end it."""
    hub = house.hub()
    with pages_port_taken(house), pytest.raises(WebFault):
        hub.start()
    assert house.broker() is not None
    hub.stop()
    assert house.broker() is None


# ---------------------------------------------------------------- a writer that fails


def test_a_writer_that_fails_fails_the_hub(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot go on: whoever supervises it starts another, which finds the broker as it was left."""
    hub = house.started()

    def commit(_: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(hub.ledger, "commit", commit)
    lost = hub.writer.submit(Request(lambda _: Done()))
    assert hub.failed.wait(10)
    with pytest.raises(Fault, match="outcome is unknown"):
        lost.result(10)
    with pytest.raises(Fault):
        hub.writer.submit(Request(lambda _: Done())).result(10)
    eventually(lambda: hub.condition.checks()["database"] == "the database does not take entries", "told")
    assert get(hub, "/readyz").status_code == 503
    before = house.broker()
    hub.stop(leave_broker=True)
    assert before is not None
    assert house.broker() == before
    again = house.started()
    assert house.broker() == before
    assert get(again, "/readyz").status_code == 200


# ---------------------------------------------------------------- ready or not, in words


def test_each_trouble_is_told_in_its_own_words(house: House) -> None:
    """The clock, the disk, the broker: one line each, and again nothing when it is over."""
    hub = house.started()
    in_order = hub.condition.checks()
    assert set(in_order.values()) == {None}
    house.clock.turned_s = -120
    assert told(hub) == {"clock": "the clock lies before the last entry: set it right, or confirm the date"}
    behind = [one.value for one in hub.condition.measures() if one.name == "motcua_clock_behind_seconds"]
    assert 100 <= behind[0] <= 120
    house.clock.turned_s = -30
    assert told(hub) == {}
    house.clock.turned_s = 0
    hub.ledger.low_on_disk = True
    assert told(hub) == {"disk": "the disk is nearly full: no numbers are given"}
    round_of(hub, "disk")()
    assert told(hub) == {}
    answer = get(hub, "/readyz")
    assert (answer.status_code, hub.condition.checks()) == (200, in_order)


def told(hub: Hub) -> dict[str, str]:
    """What is wrong now, as an operator reads it."""
    return {name: words for name, words in hub.condition.checks().items() if words is not None}


def test_a_broker_that_dies_is_told_and_started_again(house: House, logged: list[MutableMapping[str, Any]]) -> None:
    """By the hub's own round; everything is said anew."""
    hub = house.started()
    broker = house.broker()
    assert broker is not None
    broker.send(signal.SIGKILL)
    eventually(lambda: told(hub), "noticed")
    assert told(hub) == {"broker": "the broker cannot be reached: devices get no answers"}
    eventually(lambda: told(hub) == {} and house.broker(), "started again", 20)
    assert house.broker() != broker
    eventually(lambda: "broker-restarted" in [entry["event"] for entry in logged], "said so")
    with closing(Device(house.centre, "kiosk-01").open()) as kiosk:
        assert kiosk.hear(kiosk.send("hello", {"role": "kiosk", "boot_id": "b", "version": "1", "monotonic_s": 1.0}))


def test_the_first_start_of_all_says_how_to_sign_in(house: House, logged: list[MutableMapping[str, Any]]) -> None:
    """A code, once, with the page it is for; when there is somebody, none."""
    hub = house.started(data={"directory": house.centre.directory / "new"})
    (said,) = [entry for entry in logged if entry["event"] == "nobody-can-sign-in-yet"]
    assert hub.setup_code.matches(said["code"])
    assert get(hub, said["page"]).status_code == 200
    hub.stop()
    logged.clear()
    house.started()
    assert "nobody-can-sign-in-yet" not in [entry["event"] for entry in logged]


# ---------------------------------------------------------------- https


def test_https_with_the_hub_s_own_authority(house: House) -> None:
    """A browser that has it installed trusts the page; one that has not does not."""
    hub = house.started(web={"tls": "own-authority"})
    assert hub.address.startswith("https://")
    trust = ssl.create_default_context(cafile=house.data / "authority" / "authority.pem")
    assert get(hub, "/readyz", verify=trust).status_code == 200
    with pytest.raises(httpx.ConnectError, match="certificate"):
        get(hub, "/readyz", verify=ssl.create_default_context())
    assert json.loads((house.data / TOKEN_FILE).read_text())["address"].startswith("https://")


def test_https_with_files_of_one_s_own(house: House) -> None:
    """A certificate from elsewhere; a key that does not belong to it is a fault that names both."""
    elsewhere = Authority.open(house.centre.directory / "elsewhere", "elsewhere", to_datetime(wall_clock()))
    for stem in ("one", "other"):
        elsewhere.issue_server([], [], to_datetime(wall_clock())).write(house.centre.directory, stem)
    files = {"certificate": house.centre.directory / "one.pem", "key": house.centre.directory / "one.key"}
    hub = house.started(web={"tls": "files", **files})
    trust = ssl.create_default_context(cafile=elsewhere.directory / "authority.pem")
    assert get(hub, "/readyz", verify=trust).status_code == 200
    hub.stop()
    wrong = house.hub(web={"tls": "files", **files, "key": house.centre.directory / "other.key"})
    with pytest.raises(WebFault, match=r"one\.pem.*other\.key"):
        wrong.start()
    wrong.stop()


# ---------------------------------------------------------------- rounds


def test_the_day_is_opened_by_the_round(house: House) -> None:
    """Without anybody asking for anything; an idle hub commits nothing else."""
    house.clock.turned_s = DAY_S
    hub = house.started()
    tomorrow = to_datetime(house.clock(), house.centre.settings.centre.zone).date().isoformat()
    eventually(lambda: hub.ledger.sight.line.day == tomorrow, "the day opened")
    commits = hub.ledger.figures.batches
    for _ in range(3):
        round_of(hub, "day")()
    assert hub.ledger.figures.batches == commits
    house.clock.turned_s = 0
    round_of(hub, "day")()
    assert (hub.ledger.figures.batches, hub.ledger.sight.line.day) == (commits, tomorrow)


def test_a_back_up_is_made_by_the_round(house: House) -> None:
    """Verified, in the directory that was set, else in the data directory; so many are kept."""
    hub = house.started(backup={"keep": 2})
    for _ in range(3):
        round_of(hub, "back-up")()
        house.clock.turned_s += 3600
    kept = sorted((house.data / "backups").iterdir())
    assert len(kept) == 2
    assert verify(kept[-1]).entry == hub.ledger.sight.entry
    hub.stop()
    elsewhere = house.started(backup={"directory": house.centre.directory / "usb"})
    round_of(elsewhere, "back-up")()
    assert len(list((house.centre.directory / "usb").iterdir())) == 1


def test_a_back_up_that_fails_is_told_by_the_figures_and_harms_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub works on."""
    (house.centre.directory / "usb").write_text("no directory")
    monkeypatch.setattr("hub.duties.Duties.rounds", sooner)
    hub = house.started(backup={"directory": house.centre.directory / "usb"})
    eventually(lambda: hub.rounds.broken == ["back-up"], "noticed")
    broken = {one.name: one.value for one in hub.condition.measures()}["motcua_rounds_broken"]
    assert (broken, get(hub, "/readyz").status_code) == (1, 200)


def sooner(duties: Duties) -> list[Round]:
    return [Round("back-up", 60.0, duties.back_up)]


# ---------------------------------------------------------------- devices


def presence(house: House, state: str) -> bytes:
    said = {"state": state, "role": "kiosk", "boot_id": "b1", "version": "1", "since": "2026-11-23T08:00:00+07:00"}
    return json.dumps(said).encode()


def stated(house: House) -> list[str]:
    """What the journal says of presence, in order."""
    entries = [json.loads(row["text"]) for row in truth.rows(house.centre, "SELECT text FROM journal ORDER BY entry")]
    return [one["kind"] for one in entries if one["kind"] in ("DeviceReturned", "DeviceLost", "DeviceDoubled")]


def test_a_hub_that_restarts_states_no_device_anew(house: House) -> None:
    """The broker has kept every presence; what changed meanwhile is stated, once."""
    hub = house.started()
    with closing(Device(house.centre, "kiosk-01").open()) as kiosk:
        kiosk.publish(kiosk.topic("presence"), presence(house, "online"), retain=True)
        eventually(lambda: stated(house) == ["DeviceReturned"], "stated")
        for _ in range(2):
            hub.stop(leave_broker=True)
            hub = house.started()
            eventually(lambda hub=hub: there(hub) == ["kiosk-01"], "heard again")
        assert stated(house) == ["DeviceReturned"]
        hub.stop(leave_broker=True)
        kiosk.publish(kiosk.topic("presence"), presence(house, "offline"), retain=True).wait_for_publish(10)
        hub = house.started()
        eventually(lambda: stated(house) == ["DeviceReturned", "DeviceLost"], "stated")
        kiosk.publish(kiosk.topic("presence"), presence(house, "online"), retain=True)
        eventually(lambda: there(hub) == ["kiosk-01"], "back")
    hub.stop()
    hub = house.started()
    for _ in range(3):
        round_of(hub, "devices")()
    eventually(lambda: stated(house)[2:] == ["DeviceReturned", "DeviceLost"], "gone, and its broker with it")


def there(hub: Hub) -> list[str]:
    return [name for name, word in hub.devices.last_words().items() if word.there]


def test_devices_added_and_removed_while_it_runs(house: House) -> None:
    """Its settings are there for it at once; removed, nothing of it is left on the broker."""
    hub = house.started()
    watched: dict[str, bytes] = {}
    with closing(Device(house.centre, "kiosk-01").open()) as kiosk:
        settings = kiosk.topic("settings")
        kiosk._client.message_callback_add(settings, lambda _c, _d, m: watched.update({m.topic: m.payload}))
        kiosk._client.subscribe(settings, 1)
        eventually(lambda: settings in watched, "its settings")
        kiosk.publish(kiosk.topic("presence"), presence(house, "online"), retain=True)
        eventually(lambda: there(hub) == ["kiosk-01"], "there")
        hub.fleet.remove("kiosk-01")
        assert there(hub) == []
        eventually(lambda: watched[settings] == b"" or kiosk.losses, "cleared, or cut off before it was told")
    assert hub.fleet.role_of("kiosk-01") is None


def test_a_kiosk_hears_how_it_is_set_at_once(house: House) -> None:
    """A new PIN, and what the centre wants of all kiosks; each time as a later version, and nobody is cut off."""
    hub = house.started()
    heard: list[DeviceSettings] = []
    with closing(Device(house.centre, "kiosk-01").open()) as kiosk:
        settings = kiosk.topic("settings")
        kiosk._client.message_callback_add(
            settings, lambda _c, _d, m: heard.append(DeviceSettings.model_validate_json(m.payload))
        )
        kiosk._client.subscribe(settings, 1)
        eventually(lambda: heard, "its settings")
        first = heard[-1]
        pin = hub.fleet.change_pin("kiosk-01", TESTER)
        eventually(lambda: heard[-1].staff_pin != first.staff_pin, "its new PIN")
        told = heard[-1].staff_pin
        assert told is not None
        assert hashed_pin(told.salt, pin) == told.hash
        asking = house.centre.set_up.model_copy(update={"kiosks": KiosksSetUp(ask_class=True)})
        hub.writer.submit(Request(lambda work: apply_set_up(work, asking))).result(10)
        eventually(lambda: heard[-1].ask_class, "that it shall ask for the class")
        versions = [one.version for one in heard]
        assert versions == sorted(versions)
        assert (heard[-1].version, kiosk.losses) == (first.version + 2, 0)


# ---------------------------------------------------------------- small parts


def test_names_are_read_once_and_again_when_somebody_came_or_left(house: House) -> None:
    """The pages ask with every counter; the database is asked when there is news."""
    with standing_hub(house.centre.settings) as hub:
        reads = []
        reading = StoredReading(hub.database)
        staff = reading.all_staff
        reading.all_staff = lambda: (reads.append(1), staff())[1]  # type: ignore[method-assign]
        names = StaffNames(reading)
        before = names()
        assert names() == before
        assert len(reads) == 1
        head = hub.door.look(lambda sight: sight.entry).result(0)
        new = NewStaff("lan", "Nguyễn Thị Lan", StaffRole.OFFICER, "hash")
        hub.door.submit(Request(lambda work: add_staff(work, TESTER, new))).result(0)
        with hub.database.reading() as connection:
            names.on_entries(journal.read_after(connection, head))
        assert sorted({*names().values()} - {*before.values()}) == ["Nguyễn Thị Lan"]
        assert len(reads) == 2
