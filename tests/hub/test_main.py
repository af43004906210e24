"""The program `motcua-hub`, as it is typed: what it does, what it says, and its exit status. Never a stack trace."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner

from hub.__main__ import app
from hub.__main__ import centre as centre_app
from hub.__main__ import device as device_app
from hub.__main__ import staff as staff_app
from hub.contract.set_up import SetUp
from hub.contract.version import __version__
from hub.settings import default_text
from tests.rig import truth
from tests.rig.centre import CLASS, PASSWORD, Centre, Plan, free_ports, made, write_settings
from tests.rig.device import Device
from tests.rig.running import ROOT, RunningHub, running
from tests.rig.web import Web

COMMANDS: Final = [
    [*group, name]
    for group, of in (([], app), (["centre"], centre_app), (["device"], device_app), (["staff"], staff_app))
    for name in sorted(one.name or one.callback.__name__ for one in of.registered_commands)
]
WISH: Final = {"service": "service-a", "class": CLASS, "language": "vi"}
Done = subprocess.CompletedProcess[str]


def typed(*words: object, settings: Path | None = None, said: str = "") -> Done:
    """What becomes of `motcua-hub …`. There is no stack trace in it."""
    where = [] if settings is None else ["--settings", str(settings)]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "hub", *map(str, words), *where],
        cwd=ROOT,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr + done.stdout
    return done


def worked(done: Done) -> str:
    """What it printed."""
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def failed(done: Done) -> str:
    """What it said of why not; nothing is printed."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("motcua-hub: ")
    return done.stderr


@pytest.fixture(scope="module")
def standing() -> Iterator[Centre]:
    """A centre whose hub stands still."""
    with made(Plan()) as own:
        yield own


@pytest.fixture(scope="module")
def at_work() -> Iterator[tuple[Centre, RunningHub]]:
    """A centre whose hub runs."""
    with made(Plan()) as own, running(own) as hub:
        yield own, hub


@pytest.fixture(params=["standing", "running"])
def centre(request: pytest.FixtureRequest) -> Centre:
    """One as well as the other."""
    if request.param == "standing":
        return request.getfixturevalue("standing")
    found: Centre = request.getfixturevalue("at_work")[0]
    return found


def asked(*words: str) -> Done:
    """The same within this process, for what neither opens anything nor logs."""
    done = CliRunner().invoke(app, list(words))
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


# ---------------------------------------------------------------- what needs no centre


def test_it_tells_its_version() -> None:
    """The version of the whole product."""
    assert worked(asked("--version")) == f"motcua-hub {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    """When asked to."""
    assert "Usage:" in worked(asked(*command, "--help"))


@pytest.mark.parametrize(
    "words",
    [
        ["ruin"],
        ["check", "--setings", "x"],
        ["restore"],
        ["device", "add", "Kiosk_1", "--role", "kiosk", "--folder", "x"],
        ["device", "add", "kiosk-01", "--role", "tv", "--folder", "x"],
        ["device", "add", "kiosk-01", "--role", "kiosk"],
        ["device", "add", "kiosk-01", "--role", "kiosk", "--folder", "x", "--kiosk-number", "100"],
        ["device", "remove", "../x"],
        ["staff", "add", "mai", "--role", "chief"],
        ["demo", "--port", "0"],
        ["simulate", "--speed", "0"],
    ],
    ids=" ".join,
)
def test_what_is_typed_wrong_is_explained(words: list[str]) -> None:
    """As on any command line."""
    done = asked(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error" in done.stderr


def test_settings_are_printed_and_checked(tmp_path: Path) -> None:
    """The defaults with their explanations, and a file of one's own."""
    assert worked(asked("settings")) == default_text()
    file = tmp_path / "hub.toml"
    file.write_text('[centre]\nid = "hoa-sen"\n')
    assert worked(asked("settings", "--settings", str(file))) == f"{file}: in order\n"
    file.write_text('[centre]\nidd = "hoa-sen"\n')
    assert 'did you mean "id"?' in failed(asked("settings", "--settings", str(file)))


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["check"],
        ["backup"],
        ["restore", "x"],
        ["centre", "export"],
        ["device", "list"],
        ["device", "remove", "kiosk-01"],
        ["staff", "add", "mai", "--role", "desk"],
    ],
    ids=" ".join,
)
def test_settings_that_are_not_there_are_named(command: list[str], tmp_path: Path) -> None:
    """By every command that needs them, before it does anything."""
    assert f"{tmp_path / 'none.toml'}: there is no such file" in failed(
        asked(*command, "--settings", str(tmp_path / "none.toml"))
    )
    assert list(tmp_path.iterdir()) == []


def test_a_crowd_needs_a_place(tmp_path: Path) -> None:
    """And is told how to get one."""
    assert "is there a demo? `make demo`" in failed(typed("simulate", "--demo", tmp_path / "demo.json"))
    (tmp_path / "demo.json").write_text("{}")
    assert "not the description of a running centre" in failed(typed("simulate", "--demo", tmp_path / "demo.json"))


def test_a_demo_needs_a_directory_of_its_own(tmp_path: Path) -> None:
    """And says which one it will not touch."""
    (tmp_path / "letter.txt").touch()
    refused = failed(typed("demo", "--directory", tmp_path, "--reset"))
    assert f"{tmp_path}: holds something that is not a demo of ours" in refused
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


# ---------------------------------------------------------------- a centre, its hub standing still or at work


def test_a_centre_is_exported_and_imported(centre: Centre, tmp_path: Path) -> None:
    """What comes out goes in; a mistake in it is named and changes nothing."""
    exported = worked(typed("centre", "export", settings=centre.settings_file))
    assert SetUp.model_validate_json(exported, extra="forbid") == centre.set_up
    file = tmp_path / "centre.json"
    file.write_text(exported)
    told = worked(typed("centre", "import", file, settings=centre.settings_file))
    assert re.fullmatch(rf"{file}: in force as version \d+\n", told)
    file.write_text(exported.replace('"service-b"', '"service-x"', 1))
    assert "no such service: service-b" in failed(typed("centre", "import", file, settings=centre.settings_file))


def test_devices_come_and_go(centre: Centre, tmp_path: Path) -> None:
    """Listed with their role and place; each refusal names the device."""
    folder = tmp_path / "board-02"
    added = typed(
        "device",
        "add",
        "board-02",
        "--role",
        "board",
        "--board",
        "hall",
        "--folder",
        folder,
        settings=centre.settings_file,
    )
    assert worked(added) == f"board-02: certificate and device.toml are in {folder}\n"
    assert (folder / "device.key").stat().st_mode & 0o077 == 0
    listed = worked(typed("device", "list", settings=centre.settings_file))
    assert "board-02\tboard\thall\n" in listed
    assert "kiosk-01\tkiosk\t\n" in listed
    assert worked(typed("device", "remove", "board-02", settings=centre.settings_file)) == "board-02: removed\n"
    again = failed(typed("device", "remove", "board-02", settings=centre.settings_file))
    assert again == "motcua-hub: board-02: not-found: Not found.\n"


def test_a_device_that_cannot_be_added_costs_nothing(centre: Centre, tmp_path: Path) -> None:
    """Its certificate stays good: what is wrong is found before a new one is made."""
    (before,) = truth.rows(centre, "SELECT fingerprint FROM device WHERE id = 'board-01'")
    (tmp_path / "file").touch()
    add = ("device", "add", "board-01", "--role", "board")
    wrong = failed(typed(*add, "--board", "cellar", "--folder", tmp_path / "a", settings=centre.settings_file))
    assert "no such board: cellar; there are: hall" in wrong
    wrong = failed(typed(*add, "--board", "hall", "--folder", tmp_path / "file" / "a", settings=centre.settings_file))
    assert "cannot be made" in wrong
    assert truth.rows(centre, "SELECT fingerprint FROM device WHERE id = 'board-01'") == [before]


def test_staff_come_and_go(centre: Centre) -> None:
    """The password comes from standard input and is never shown; a name is the same however it is written."""
    add = ("staff", "add", "Thu", "--role", "officer", "--display-name", "Hoàng Thị Thu")
    told = worked(typed(*add, settings=centre.settings_file, said=f"{PASSWORD}\n"))
    assert told == "Thu: may sign in as officer\n"
    again = failed(typed(*add, settings=centre.settings_file, said=f"{PASSWORD}\n"))
    assert again.startswith("motcua-hub: Thu: already-exists: ")
    assert "thu\tofficer\tHoàng Thị Thu\n" in worked(typed("staff", "list", settings=centre.settings_file))
    weak = failed(typed("staff", "password", "Thu", settings=centre.settings_file, said="12345678\n"))
    assert weak.startswith("motcua-hub: Thu: password-weak: ")
    assert "12345678" not in weak
    told = worked(typed("staff", "password", "Thu", settings=centre.settings_file, said=f"{PASSWORD} mới\n"))
    assert told == "Thu: has a new password\n"
    assert worked(typed("staff", "remove", "Thu", settings=centre.settings_file)) == "Thu: may sign in no longer\n"
    assert "no such person: Thu" in failed(typed("staff", "remove", "Thu", settings=centre.settings_file))


def test_the_date_can_be_confirmed(centre: Centre) -> None:
    """Also when there is nothing to confirm."""
    assert worked(typed("confirm-date", settings=centre.settings_file)) == "the date is confirmed\n"


def test_what_is_kept_is_checked_and_copied(centre: Centre, tmp_path: Path) -> None:
    """At any time."""
    assert worked(typed("check", settings=centre.settings_file)) == f"{centre.database_file}: all is well\n"
    told = worked(typed("backup", tmp_path, settings=centre.settings_file))
    (copy,) = tmp_path.glob("*.backup")
    assert re.fullmatch(rf"{copy}: verified, \d+ tickets, last entry \d+\n", told)


# ---------------------------------------------------------------- only while it runs, only while it stands


def test_a_running_hub_is_left_alone(at_work: tuple[Centre, RunningHub], tmp_path: Path) -> None:
    """A second one does not start, and nothing is restored under its feet."""
    centre, hub = at_work
    second = typed("run", settings=centre.settings_file)
    assert (second.returncode, second.stdout) == (1, "")
    assert f"another hub (process {hub.pid})" in second.stderr
    worked(typed("backup", tmp_path, settings=centre.settings_file))
    (copy,) = tmp_path.glob("*.backup")
    for options in ([], ["--replace"]):
        refused = failed(typed("restore", copy, *options, settings=centre.settings_file))
        assert f"another hub (process {hub.pid})" in refused
    with Web(centre) as web:
        assert web.ask("GET", "/readyz").ok


def test_what_is_done_to_a_running_hub_takes_effect_at_once(at_work: tuple[Centre, RunningHub], tmp_path: Path) -> None:
    """A device may speak, a person sign in, and what is exported is what devices are told."""
    centre, _ = at_work
    folder = tmp_path / "kiosk-77"
    told = worked(
        typed("device", "add", "kiosk-77", "--role", "kiosk", "--folder", folder, settings=centre.settings_file)
    )
    assert re.search(r"^kiosk-77: the PIN of its staff menu is [0-9]{6}; it is not shown again$", told, re.MULTILINE)
    added = Centre(**{**vars(centre), "devices": {"kiosk-77": folder}})
    device = Device(added, "kiosk-77").open()
    assert device.ask("issue-ticket", WISH)["ok"]
    told = worked(typed("device", "pin", "kiosk-77", settings=centre.settings_file))
    assert re.fullmatch(r"kiosk-77: the PIN of its staff menu is [0-9]{6}; it is not shown again\n", told)
    assert device.ask("issue-ticket", WISH)["ok"], "a new PIN cuts nobody off"
    device.close()
    worked(typed("staff", "add", "binh", "--role", "leader", settings=centre.settings_file, said=f"{PASSWORD}\n"))
    with Web(centre).sign_in("binh") as web:
        assert web.ask("GET", "/api/v1/session").body["role"] == "leader"


def test_a_back_up_is_put_in_the_place_of_what_is_lost(tmp_path: Path) -> None:
    """Only when asked to, and only a good one: what is there is put aside, and today's numbers jump."""
    with made(Plan(kiosks=1)) as centre:
        with running(centre) as hub:
            device = Device(centre, "kiosk-01").open()
            assert device.ask("issue-ticket", WISH)["result"]["ticket"]["number"] == "A001"
            worked(typed("backup", tmp_path, settings=centre.settings_file))
            assert device.ask("issue-ticket", WISH)["result"]["ticket"]["number"] == "A002"
            device.close()
            assert hub.stop() == 0
        (copy,) = tmp_path.glob("*.backup")
        assert "holds data already" in failed(typed("restore", copy, settings=centre.settings_file))
        damaged = tmp_path / "damaged.backup"
        damaged.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
        for wrong in (tmp_path / "none.backup", damaged):
            assert str(wrong) in failed(typed("restore", wrong, "--replace", settings=centre.settings_file))
        assert len(truth.rows(centre, "SELECT * FROM ticket")) == 2

        told = worked(typed("restore", copy, "--replace", settings=centre.settings_file)).splitlines()
        assert re.fullmatch(r"the present database was put aside: .*\.aside", told[0])
        assert re.fullmatch(rf"{centre.database_file}: restored, 1 tickets, last entry \d+", told[1])
        assert worked(typed("check", settings=centre.settings_file)).endswith(": all is well\n")
        with running(centre):
            device = Device(centre, "kiosk-01").open()
            assert device.ask("issue-ticket", WISH)["result"]["ticket"]["number"] == "A101"
            device.close()


def test_a_check_finds_what_was_changed(tmp_path: Path) -> None:
    """Exit status 1, and where."""
    with made(Plan(kiosks=1)) as centre:
        with sqlite3.connect(centre.database_file) as connection:
            connection.execute("UPDATE journal SET text = replace(text, 'Added', 'Moved') WHERE entry = 4")
        connection.close()
        done = typed("check", settings=centre.settings_file)
        assert done.returncode == 1
        assert re.search(r"^PROBLEM: .*entry 4", done.stdout, re.MULTILINE)
        assert done.stdout.endswith(f"{centre.database_file}: 1 problems\n")


@pytest.mark.parametrize("command", [["check"], ["backup"], ["device", "list"]], ids=" ".join)
def test_without_a_database_it_is_said(command: list[str], tmp_path: Path) -> None:
    """Not made up."""
    file = tmp_path / "hub.toml"
    write_settings(file, {"data": {"directory": "nowhere"}})
    done = typed(*command, settings=file)
    assert done.returncode == 1
    assert "unable to open database file" in done.stderr + done.stdout


@pytest.fixture
def bare() -> Iterator[Path]:
    """Settings of a centre in which nothing was done yet, in a directory with a short path."""
    with tempfile.TemporaryDirectory(prefix="motcua-", dir="/tmp") as name:
        broker, web = free_ports(2)
        file = Path(name) / "hub.toml"
        ports = {"broker": {"port": broker}, "devices": {"port": 0}, "web": {"port": web}}
        write_settings(file, {"data": {"directory": "data"}, **ports, "log": {"format": "json"}})
        yield file


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_hub_begins_from_nothing_and_ends_when_told(bare: Path, ending: signal.Signals) -> None:
    """It says where the first person gets in, and by which code; and what it has made holds together."""
    command = [sys.executable, "-W", "error", "-m", "hub", "run", "--settings", str(bare)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as hub:
        try:
            assert hub.stderr is not None
            said = {}
            while "hub-ready" not in said:
                event = json.loads(hub.stderr.readline())
                said[event["event"]] = event
            first = said["nobody-can-sign-in-yet"]
            assert re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}", first["code"])
            with urllib.request.urlopen(first["page"], timeout=10) as page:
                assert page.status == 200
                assert page.url == first["page"]
            hub.send_signal(ending)
            _, rest = hub.communicate(timeout=30)
        finally:
            hub.terminate()  # it ends its broker too
            hub.wait(30)
    assert (hub.returncode, rest) == (0, "")
    assert worked(typed("check", settings=bare)).endswith(": all is well\n")
