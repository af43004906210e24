"""A hub that cannot start says why, in words a person can act on, and harms nobody else. One that runs into a full
disk or a wrong clock goes on with what can be done, and recovers by itself.
"""

import os
import resource
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from uuid_utils.compat import uuid7

from tests.faults.sabotaged_hub import hub as sabotaged
from tests.hub.storage.small_disk import small_disk
from tests.postgresql import PostgreSQL
from tests.rig import checker, truth
from tests.rig.centre import ADMINISTRATOR, CLASS, Centre, Plan, made, make, merged, own_sections, write_settings
from tests.rig.device import Device
from tests.rig.history import History
from tests.rig.running import ROOT, RunningHub, broker_of, eventually, running
from tests.rig.web import Answer, Web

FAULT, FAILED = 1, 70
"""Exit statuses: somebody has to do something; the supervisor shall start it again."""

END_LIMIT_S: Final = 20.0
DISK_MB: Final = 48
RECOVERY_LIMIT_S: Final = 15.0
"""The disk is looked at every ten seconds."""

WISH: Final = {"service": "service-a", "class": CLASS, "language": "vi"}
CLOCK_BEHIND: Final = "the clock lies before the last entry: set it right, or confirm the date"
NOBODY_THERE: Final = "postgresql://hub:secret-word@127.0.0.1:1/hub"


@dataclass(frozen=True)
class Attempt:
    """A start that came to an end. `said`: what the program wrote, the log's lines included."""

    status: int
    said: str


def attempt(settings_file: Path) -> Attempt:
    """Runs the hub's own program until it ends by itself."""
    command = [sys.executable, "-m", "hub", "run", "--settings", str(settings_file)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=END_LIMIT_S)
    assert ended.stdout == ""
    return Attempt(ended.returncode, ended.stderr)


def assert_explained(ended: Attempt, *words: str) -> None:
    """The status of a fault, and words instead of a stack trace."""
    assert ended.status == FAULT
    assert "Traceback" not in ended.said
    assert "motcua-hub: " in ended.said
    for word in words:
        assert word in ended.said


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    """One centre whose hub stands still between the tests."""
    with made(Plan(kiosks=2, counters=1)) as one:
        yield one


@pytest.fixture
def settings_of(centre: Centre) -> Callable[..., Path]:
    """Writes settings of this centre with a section or two changed."""

    def write(**sections: dict[str, Any]) -> Path:
        file = centre.directory / "changed.toml"
        ports = {"broker": {"port": centre.settings.broker.port}, "web": {"port": centre.settings.web.port}}
        write_settings(file, merged(merged(own_sections(Plan()), ports), sections))
        return file

    return write


# ---------------------------------------------------------------- it cannot start


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ({"broker": {"prot": 8883}}, ("changed.toml, line", "unknown key broker.prot", 'did you mean "port"?')),
        ({"web": {"port": "many"}}, ("changed.toml, line", "web.port", "a whole number")),
        ({"centre": {"id": "Hoa Sen"}}, ("changed.toml, line", "centre.id")),
        ({"web": {"metrics_token": "change-me"}}, ("web.metrics_token", "example password")),
        ({"broker": {"program": "no-such-broker"}}, ("no-such-broker", "apt-get install mosquitto")),
        ({"broker": {"program": "/bin/false"}}, ("The broker has ended right after its start", "broker.log")),
        ({"broker": {"listen": "192.0.2.1"}}, ("192.0.2.1 is not an address of this machine", "[broker] listen")),
        ({"web": {"listen": "192.0.2.1", "allow_plain_http": True}}, ("192.0.2.1", "this machine has no such address")),
        ({"data": {"directory": "changed.toml"}}, ("changed.toml", "cannot be used as the data directory")),
        (
            {"database": {"url": "postgresql://hub:secret-word@127.0.0.1:1/hub"}},
            ("postgresql://hub:***@127.0.0.1:1", "url is right"),
        ),
    ],
    ids=lambda value: "-".join(next(iter(value.items()))[1]) if isinstance(value, dict) else "",
)
def test_a_setting_that_cannot_work_is_named(
    centre: Centre, settings_of: Callable[..., Path], sections: dict[str, Any], words: tuple[str, ...]
) -> None:
    """With what to do about it; no secret is said; no broker stays behind."""
    ended = attempt(settings_of(**sections))
    assert_explained(ended, *words)
    assert "secret-word" not in ended.said
    assert broker_of(centre) is None


def test_settings_that_are_none_are_named(tmp_path: Path) -> None:
    """No such file, and a file that is no TOML."""
    assert_explained(attempt(tmp_path / "none.toml"), "none.toml", "there is no such file")
    (tmp_path / "broken.toml").write_text("[broker\n")
    assert_explained(attempt(tmp_path / "broken.toml"), "broken.toml", "is not valid TOML", "line 1")


@pytest.mark.parametrize("section", ["broker", "devices", "web"])
def test_a_taken_port_is_named_and_its_holder_left_alone(
    centre: Centre, settings_of: Callable[..., Path], section: str
) -> None:
    """Who has it, where that can be known; and a broker that was started already is ended again."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        assert_explained(attempt(settings_of(**{section: {"port": port}})), str(port), section, "port")
        with socket.create_connection(("127.0.0.1", port), timeout=5), closing(holder.accept()[0]):
            pass
    assert broker_of(centre) is None


def test_a_second_hub_on_the_same_data_is_refused(centre: Centre) -> None:
    """The first one is named, keeps its broker, and answers all the while."""
    with running(centre) as first, closing_device(centre) as kiosk:
        broker = broker_of(centre)
        assert_explained(attempt(centre.settings_file), "another hub", f"process {first.pid}", "stop it first")
        assert kiosk.ask("issue-ticket", WISH)["ok"]
        assert broker_of(centre) == broker
        assert kiosk.losses == 0


@pytest.mark.postgresql
def test_a_second_hub_on_the_same_postgresql_database_is_refused(postgresql: PostgreSQL) -> None:
    """Another data directory does not help it; and the first one answers all the while."""
    plan = Plan(kiosks=1, counters=1, database_url=postgresql.url(postgresql.create()))
    with made(plan) as centre, running(centre), closing_device(centre) as kiosk:
        other = centre.directory / "other.toml"
        write_settings(other, merged(own_sections(plan), {"data": {"directory": "other"}}))
        assert_explained(attempt(other), "another hub is using this PostgreSQL database; stop it first")
        assert kiosk.ask("issue-ticket", WISH)["ok"]


def random_bytes(file: Path) -> None:
    file.write_bytes(os.urandom(8192))


def cut_off(file: Path) -> None:
    os.truncate(file, 5000)


def torn_page(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(os.urandom(4096))


def of_a_newer_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")


def a_directory(file: Path) -> None:
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("spoil", [random_bytes, cut_off, torn_page, of_a_newer_version, a_directory])
def test_a_database_that_cannot_be_read_is_named_and_left_as_it_is(
    spoil: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """For whoever comes to rescue what is in it."""
    with made(Plan(kiosks=0, counters=1)) as centre:
        spoil(centre.database_file)
        content = centre.database_file.read_bytes() if centre.database_file.is_file() else b""
        assert_explained(attempt(centre.settings_file), str(centre.database_file), "restore")
        assert content == (centre.database_file.read_bytes() if content else b"")
        assert broker_of(centre) is None


# ---------------------------------------------------------------- the disk is full


@contextmanager
def centre_on_a_small_disk() -> Iterator[Centre]:
    """Ballast and low-water mark in proportion."""
    limits = {"low_disk_mb": 10, "ballast_mb": 8}
    with made(Plan(kiosks=0)) as somewhere, small_disk(somewhere.directory / "disk", DISK_MB * 1024) as disk:
        yield make(Plan(kiosks=1, counters=1, sections={"limits": limits}), disk)


def fill(disk: Path) -> Path:
    """A file that takes every byte that is left."""
    filler = disk / "filler"
    descriptor = os.open(filler, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for size in (65536, 512, 1):
        try:
            while os.write(descriptor, b"x" * size):
                pass
        except OSError:
            continue
    os.close(descriptor)
    return filler


def is_mounted(centre: Centre) -> bool:
    """Whether the small disk is a real one: where we may not mount, files are limited instead, and nothing is full."""
    return os.path.ismount(centre.directory)


def test_on_a_full_disk_nobody_gets_a_number_and_those_waiting_are_served() -> None:
    """Refused at once and in words; calls go on from the ballast's room; with room again, numbers are given again."""
    with centre_on_a_small_disk() as centre:
        if not is_mounted(centre):
            pytest.skip("no disk can be mounted here; see the test of a limit on files")
        with running(centre) as hub, closing_device(centre) as kiosk, closing(Web(centre)) as web:
            web.sign_in(centre.officers[0])
            press(web, "open")
            given = [kiosk.ask("issue-ticket", WISH)["result"]["ticket"]["number"] for _ in range(6)]
            filler = fill(centre.directory)
            codes = [kiosk.ask("issue-ticket", WISH)["refusal"]["code"] for _ in range(200)]
            assert set(codes) == {"hub-full"}
            called = []
            for _ in given:
                called.append(press(web, "call-next").body["ticket"]["number"])
                assert press(web, "start").ok
            assert called == given
            assert "nearly full" in web.ask("GET", "/readyz").body["checks"]["disk"]
            assert figure(web, "motcua_disk_full_total") == 1
            filler.unlink()
            eventually(lambda: kiosk.ask("issue-ticket", WISH)["ok"], "numbers again", RECOVERY_LIMIT_S, every_s=0.1)
            assert web.ask("GET", "/readyz").status == 200
        told = [event["event"] for event in hub.events("disk-full", "disk-low", "disk-recovered")]
        assert told == ["disk-full", "disk-recovered"], "said once each"
        assert list(checker.own_judgement(centre, truth.read(centre))) == []
        assert [row["number"] for row in truth.rows(centre, "SELECT number FROM ticket")][:7] == [*given, "A007"]


def test_a_hub_starts_on_a_full_disk_from_its_ballast() -> None:
    """Once; without any it says what to do."""
    with centre_on_a_small_disk() as centre:
        if not is_mounted(centre):
            pytest.skip("no disk can be mounted here")
        with running(centre) as hub:
            assert (centre.settings.data.directory / "ballast").exists()
            assert hub.stop() == 0
        fill(centre.directory)
        with running(centre) as hub, closing_device(centre) as kiosk:
            assert kiosk.ask("issue-ticket", WISH)["refusal"]["code"] == "hub-full"
        fill(centre.directory)
        assert_explained(attempt(centre.settings_file), "the disk is full; make room")


def test_a_commit_that_fails_ends_the_hub_and_nothing_is_told_that_is_not_so(centre: Centre) -> None:
    """A limit on files stands for any error of the flush: status 70, and the repeat after the next start tells."""
    history = History("device:kiosk-02")
    hub = RunningHub(centre)
    try:
        hub.start()
        with closing_device(centre, "kiosk-02") as kiosk:
            wal = centre.database_file.with_name("hub.db-wal")
            most = wal.stat().st_size + 200_000
            resource.prlimit(hub.pid, resource.RLIMIT_FSIZE, (most, most))
            while True:
                asked = history.begin(kiosk.send("issue-ticket", WISH), "issue-ticket", WISH)
                eventually(lambda: hub.has_ended() or kiosk.replies[asked.request_id], "an answer, or the end")  # noqa: B023
                if not kiosk.replies[asked.request_id]:
                    break
                history.ok(asked, kiosk.replies[asked.request_id][0]["result"])
            assert hub.wait_ended() == FAILED
            hub.start()
            kiosk.send("issue-ticket", WISH, request_id=asked.request_id)
            history.ok(asked, kiosk.hear(asked.request_id)[0]["result"])
        assert hub.events("broker")[-1]["origin"] == "adopted"
        assert hub.stop() == 0
    finally:
        hub.close()
    assert "hub-cannot-go-on" in hub.log()
    assert len(history.asked) > 3
    assert [words for words in checker.issued([history], truth.read(centre)) if "kiosk-02" in words] == []
    assert list(checker.own_judgement(centre, truth.read(centre))) == []


# ---------------------------------------------------------------- the clock is wrong


def test_a_clock_that_goes_wrong_costs_no_number_and_no_day() -> None:
    """Behind: numbers go on, nothing is dated back, and it is said. A year ahead, and back: staff confirm the date."""
    with made(Plan(kiosks=1, counters=1)) as centre:
        with clocked(centre) as (kiosk, web):
            assert (numbers(kiosk), clock_check(web)) == (["A001", "A002"], "ok")
        with clocked(centre, "clock-behind") as (kiosk, web):
            assert (numbers(kiosk), clock_check(web)) == (["A003", "A004"], CLOCK_BEHIND)
        with clocked(centre, "clock-ahead") as (kiosk, web):
            assert (numbers(kiosk), clock_check(web)) == (["A001", "A002"], "ok")
        with clocked(centre) as (kiosk, web):
            assert (numbers(kiosk), clock_check(web)) == (["A003", "A004"], CLOCK_BEHIND)
            web.sign_in(ADMINISTRATOR)
            assert web.change("/api/v1/clock/confirm", str(uuid7())).ok
            assert (numbers(kiosk), clock_check(web)) == (["A005", "A006"], "ok")
        kept = truth.read(centre)
        assert [row for row in kept.tickets if row["since"] < row["issued_at"]] == []
        assert list(checker.own_judgement(centre, kept)) == []


@contextmanager
def clocked(centre: Centre, *sabotages: str) -> Iterator[tuple[Device, Web]]:
    """A hub with this clock, a kiosk, and somebody who looks at its pages."""
    with running(centre, sabotaged(*sabotages)), closing_device(centre) as kiosk, closing(Web(centre)) as web:
        yield kiosk, web


def numbers(kiosk: Device) -> list[str]:
    """Two numbers, asked for by a kiosk that knows the hub's time."""
    now = kiosk.hub_time()
    replies = [kiosk.ask("issue-ticket", {**WISH, "sent_at": now}) for _ in range(2)]
    return [reply["result"]["ticket"]["number"] for reply in replies]


def clock_check(web: Web) -> str:
    """What the hub says of its clock."""
    return str(web.ask("GET", "/readyz").body["checks"]["clock"])


# ---------------------------------------------------------------- small parts


@contextmanager
def closing_device(centre: Centre, device: str = "kiosk-01") -> Iterator[Device]:
    """A device while it is needed."""
    one = Device(centre, device).open()
    try:
        yield one
    finally:
        one.close()


def press(web: Web, verb: str) -> Answer:
    """One press at the first counter."""
    return web.change(f"/api/v1/counters/counter-1/{verb}", str(uuid7()))


def figure(web: Web, name: str) -> float:
    """One of the hub's own figures."""
    lines = web.ask("GET", "/metrics").body["text"].splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))
