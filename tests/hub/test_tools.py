"""What the command line can do to a centre is the same whether its hub stands still or runs."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest

from hub.contract.names import DeviceRole, StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.errors import Fault
from hub.fleet.pin import hashed_pin
from hub.standing import TOKEN_FILE
from hub.storage.lock import DataLock
from hub.tools import SetUpFault, Tools, check_places, devices, make_folder, people, person, read_set_up, tools
from tests.rig import truth
from tests.rig.centre import PASSWORD, Centre, Plan, made
from tests.rig.running import running
from tests.rig.web import Web

FOLDER: Final = {"authority.pem", "device.pem", "device.key", "device.toml"}


@pytest.fixture(scope="module", params=["standing", "running"])
def centre(request: pytest.FixtureRequest) -> Iterator[Centre]:
    """A centre whose hub stands still, and one whose hub runs. Each test adds what only itself knows."""
    with ExitStack() as leaving:
        own = leaving.enter_context(made(Plan()))
        if request.param == "running":
            leaving.enter_context(running(own))
        yield own


@pytest.fixture
def hub(centre: Centre) -> Iterator[Tools]:
    """The tools, as a command has them."""
    with tools(centre.settings) as own:
        yield own


def refused(code: RefusalCode) -> "pytest.RaisesExc[Refusal]":
    """A refusal with this code."""
    return pytest.raises(Refusal, check=lambda refusal: refusal.code is code)


def test_the_set_up_can_be_read_and_put_in_force(centre: Centre, hub: Tools) -> None:
    """What is exported can be imported, and a change is in force at once, as the next version."""
    before = hub.set_up()
    version = hub.apply_set_up(before)
    changed = before.model_copy(update={"notice": {"vi": "Nghỉ trưa", "en": "Lunch"}})
    assert hub.apply_set_up(changed) == version + 1
    assert hub.set_up() == changed
    assert hub.apply_set_up(before) == version + 2
    (kept,) = truth.rows(centre, "SELECT max(version) AS version FROM set_up")
    assert kept["version"] == version + 2


def test_a_device_is_added_and_removed(centre: Centre, hub: Tools) -> None:
    """With the files that make a machine this device."""
    made = hub.add_device("kiosk-50", DeviceRole.KIOSK, kiosk_number=50)
    assert made.files.keys() == FOLDER
    assert b'device = "kiosk-50"\n' in made.files["device.toml"]
    assert {"kiosk-50", "board-01"} <= {one.id for one in devices(centre.settings)}
    hub.remove_device("kiosk-50")
    assert "kiosk-50" not in {one.id for one in devices(centre.settings)}
    with refused(RefusalCode.NOT_FOUND):
        hub.remove_device("kiosk-50")


def test_a_kiosk_has_a_pin_that_is_told_once(centre: Centre, hub: Tools) -> None:
    """When it is added and when it gets another; a board has none. Kept is what the kiosk computes of the digits."""
    first = hub.add_device("kiosk-51", DeviceRole.KIOSK).pin
    assert first is not None
    second = hub.change_pin("kiosk-51")
    assert all(re.fullmatch(r"[0-9]{6}", pin) for pin in (first, second))
    (kept,) = truth.rows(centre, "SELECT pin_salt, pin_hash FROM device WHERE id = 'kiosk-51'")
    assert hashed_pin(kept["pin_salt"], second) == kept["pin_hash"]
    assert hub.add_device("board-51", DeviceRole.BOARD, boards=("hall",)).pin is None
    for device in ("board-51", "kiosk-99"):
        with refused(RefusalCode.NOT_FOUND):
            hub.change_pin(device)


def test_a_device_that_fits_nowhere_is_refused(hub: Tools) -> None:
    """A board of no hall, a pad of no counter."""
    with refused(RefusalCode.NOT_FOUND):
        hub.add_device("board-50", DeviceRole.BOARD, boards=("cellar",))
    with refused(RefusalCode.UNKNOWN_COUNTER):
        hub.add_device("pad-50", DeviceRole.PAD, counter="counter-99")


def test_a_person_is_added_as_sign_in_will_know_her(centre: Centre, hub: Tools) -> None:
    """However the name is written; once; with a password worth the name."""
    hub.add_staff(" Mai.Le ", " Lê Thị Mai ", StaffRole.DESK, PASSWORD)
    (kept,) = truth.rows(centre, "SELECT display_name, role FROM staff WHERE name = 'mai.le'")
    assert (kept["display_name"], kept["role"]) == ("Lê Thị Mai", "desk")
    with refused(RefusalCode.ALREADY_EXISTS):
        hub.add_staff("mai.le", "Another", StaffRole.OFFICER, PASSWORD)
    with refused(RefusalCode.PASSWORD_WEAK):
        hub.add_staff("short", "Short", StaffRole.OFFICER, "1234567")


def test_a_password_is_set_anew_and_a_person_taken_out(centre: Centre, hub: Tools) -> None:
    """Found by name, however it is written."""
    hub.add_staff("quang", "Quang", StaffRole.ADMINISTRATOR, PASSWORD)
    found = person(centre.settings, " Quang")
    assert found in people(centre.settings)
    with refused(RefusalCode.PASSWORD_WEAK):
        hub.set_password(found.id, "87654321")
    hub.set_password(found.id, f"{PASSWORD} mới")
    assert person(centre.settings, "quang").password_hash != found.password_hash
    hub.remove_staff(found.id)
    with pytest.raises(Fault, match="no such person: quang; `motcua-hub staff list` shows everybody"):
        person(centre.settings, "quang")
    with refused(RefusalCode.NOT_FOUND):
        hub.remove_staff(found.id)


@pytest.mark.parametrize(("name", "display_name"), [("Mai Le", "Mai"), ("", "Mai"), ("lê", "Mai"), ("mai", " ")])
def test_a_name_that_nobody_could_sign_in_with_is_not_taken(hub: Tools, name: str, display_name: str) -> None:
    """And the words say what a name is made of."""
    with pytest.raises(Fault, match="a sign-in name has 1 to 64 of"):
        hub.add_staff(name, display_name, StaffRole.OFFICER, PASSWORD)


def test_whoever_was_added_may_sign_in() -> None:
    """With the hub standing, and with it running; and the command line's own token ends with the hub's life."""
    with made(Plan(kiosks=1)) as centre:
        with tools(centre.settings) as hub:
            hub.add_staff("Standing", "Standing", StaffRole.ADMINISTRATOR, PASSWORD)
        with running(centre) as process:
            with tools(centre.settings) as hub:
                hub.add_staff("Running", "Running", StaffRole.LEADER, PASSWORD)
            for name in ("standing", "running"):
                with Web(centre).sign_in(name) as web:
                    assert web.ask("GET", "/api/v1/session").body["name"] == name
            word = centre.settings.data.directory / TOKEN_FILE
            assert word.stat().st_mode & 0o077 == 0
            before = json.loads(word.read_text())
            assert process.stop() == 0
            process.start()
            assert json.loads(word.read_text())["token"] != before["token"]
            word.write_text(json.dumps(before))
            with tools(centre.settings) as hub, pytest.raises(Fault, match="not signed in"):
                hub.set_up()


def test_a_hub_that_does_not_answer_is_said() -> None:
    """With its address; and so is a hub whose word cannot be read."""
    with made(Plan(kiosks=1)) as centre, DataLock(centre.settings.data.directory):
        with pytest.raises(Fault, match=r"tools\.json: the hub runs, but its word for tools cannot be read"):
            tools(centre.settings).__enter__()
        word = {"address": f"http://127.0.0.1:{centre.settings.web.port}", "token": "t"}
        (centre.settings.data.directory / TOKEN_FILE).write_text(json.dumps(word))
        with tools(centre.settings) as hub, pytest.raises(Fault, match="the running hub does not answer at http://127"):
            hub.set_up()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("none.toml", None, "cannot be read: No such file"),
        ("broken.toml", "name = ", "broken.toml: Invalid value"),
        ("broken.json", "{", "not a set-up:"),
        ("key.toml", 'name = { en = "A" }\nservces = []', "servces: Extra inputs are not permitted"),
        ("empty.toml", "", "name: Field required"),
        (
            "double.toml",
            'name = {}\ngroups = [{ id = "a", name = {} }, { id = "a", name = {} }]',
            "group given twice: a",
        ),
        ("latin.toml", b"name = { vi = '\xe0' }", "latin.toml: 'utf-8' codec"),
    ],
)
def test_a_set_up_file_that_is_none_is_explained(
    tmp_path: Path, name: str, text: str | bytes | None, words: str
) -> None:
    """The file, the place in it, and what is wrong."""
    file = tmp_path / name
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SetUpFault, match="(?s)^" + str(file)) as problem:
        read_set_up(file)
    assert words in str(problem.value)


def test_places_that_are_not_there_are_named(centre: Centre) -> None:
    """With those that are."""
    check_places(centre.set_up, ["hall"], "counter-1")
    with pytest.raises(Fault, match="no such board: cellar; there are: hall"):
        check_places(centre.set_up, ["hall", "cellar"], None)
    with pytest.raises(Fault, match="no such counter: counter-9; there are: counter-1, counter-2"):
        check_places(centre.set_up, [], "counter-9")


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    """Before a certificate is given to nobody."""
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match="file/b: cannot be made: Not a directory"):
        make_folder(tmp_path / "file" / "b")
