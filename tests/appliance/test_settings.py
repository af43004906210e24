"""The kiosk's settings: the default file is the defaults, and every mistake is explained."""

import re
import tomllib
from pathlib import Path

import pytest

from appliance.screen_size import SizeSet, file_beside, size_set
from appliance.settings import Screen, Settings, default_text, load, supervision
from appliance.watchdog import Supervision
from hardware.printer.models import all_models
from hub.errors import SettingsFault


def written(device: Path, text: str) -> Path:
    """The device's directory, with this settings file."""
    (device / "kiosk.toml").write_text(text, encoding="utf-8")
    return device


def problems(device: Path, text: str) -> tuple[str, ...]:
    """All that is wrong with a settings file."""
    with pytest.raises(SettingsFault) as caught:
        load(written(device, text))
    return caught.value.problems


def test_the_default_file_holds_exactly_the_defaults(tmp_path: Path) -> None:
    """Loaded unmodified it equals no file at all, and every key there is stands in it."""
    (tmp_path / "written").mkdir()
    chosen = load(written(tmp_path / "written", default_text()))
    without = load(tmp_path)
    assert chosen.model_dump(exclude={"printer": {"slips"}, "storage": ...}) == without.model_dump(
        exclude={"printer": {"slips"}, "storage": ...}
    )
    keys = {section: set(values) for section, values in tomllib.loads(default_text()).items()}
    assert keys == {name: set(section.__class__.model_fields) for name, section in Settings()}


def test_every_key_of_the_default_file_has_its_comment() -> None:
    """No section and no key group stands there without a word above it."""
    for paragraph in re.split(r"\n\n+", default_text().strip()):
        assert paragraph.startswith(("#", "[")), paragraph


def test_the_default_file_names_every_model() -> None:
    """A technician chooses there."""
    assert [model for model in all_models() if model not in default_text()] == []


def test_places_are_beside_the_file(tmp_path: Path) -> None:
    """Wherever the program is started."""
    settings = load(tmp_path)
    assert settings.storage.directory == tmp_path / "state"
    assert settings.printer.slips == tmp_path / "slips"
    assert load(tmp_path / "device.toml") == settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[printer]\nadress = "usb"', 'line 2: unknown key printer.adress (did you mean "address"?)'),
        ('[printer]\nmodel = "epson-tm-t20ii"', "did you mean 'epson-tm-t20iii'?"),
        ('[printer]\naddress = "lpt:1"', 'printer.address = "lpt:1" is no address of a printer; it begins with one of'),
        ('[printer]\naddress = "serial:/dev/ttyS0?baud=fast"', "is no address of a printer: "),
        ("[sound]\nvolume = 101", "sound.volume = 101 must be less than or equal to 100"),
        ("[mirror]\nport = 70000", "mirror.port = 70000 must be less than or equal to 65535"),
        ("[screem]\nwidth = 1", 'unknown section [screem] (did you mean "screen"?)'),
        ('[log]\nlevel = "loud"', "log.level"),
        ("[printer", "is not valid TOML"),
    ],
)
def test_a_mistake_is_explained(text: str, words: str, tmp_path: Path) -> None:
    """With the file, the line, the key and the value."""
    (problem,) = problems(tmp_path, text)
    assert problem.startswith(f"{tmp_path / 'kiosk.toml'}")
    assert words in problem


def test_a_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    """And it is said where to get one."""
    with pytest.raises(SettingsFault, match=r"copy appliance/default\.toml there"):
        load(tmp_path, tmp_path / "other.toml")


def test_no_port_is_no_mirror(tmp_path: Path) -> None:
    """0 is any."""
    assert load(written(tmp_path, '[mirror]\nport = ""')).mirror.port is None
    assert load(written(tmp_path, "[mirror]\nport = 0")).mirror.port == 0


def test_the_supervisor_says_how_often_it_wants_to_hear(tmp_path: Path) -> None:
    """Microseconds become seconds; what is meant for another process, or is nothing, is nothing."""
    told = {"NOTIFY_SOCKET": "/run/systemd/notify", "WATCHDOG_USEC": "20000000"}
    assert supervision(told) == Supervision("/run/systemd/notify", 20.0)
    assert supervision({**told, "WATCHDOG_PID": "1"}) == Supervision("/run/systemd/notify", None)
    assert supervision({}) == Supervision("", None)
    assert supervision({"WATCHDOG_USEC": "soon"}) == Supervision("", None)


def test_the_screen_s_size_is_known_before_everything_else(tmp_path: Path) -> None:
    """The same section, read by less; what is wrong there is not this reader's to tell."""
    assert file_beside(tmp_path / "device.toml") == file_beside(tmp_path) == tmp_path / "kiosk.toml"
    assert set(SizeSet.__dataclass_fields__) == set(Screen.model_fields)
    file = written(tmp_path, "[screen]\nwidth_mm = 300\nheight_mm = 530") / "kiosk.toml"
    assert size_set(file) == SizeSet(300, 530)
    for text in ("", "[screen", "screen = 3", '[screen]\nwidth_mm = "wide"\nheight = true'):
        written(tmp_path, text)
        assert size_set(file) == SizeSet()
    assert size_set(tmp_path / "none") == SizeSet()
