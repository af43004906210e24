"""The board's settings: the default file is the defaults, every mistake is explained; and what the hub says beside."""

import re
import tomllib
from pathlib import Path

import pytest

from display_board.announcing import Manner
from display_board.setting import PageLook, Setting, combined
from display_board.settings import Board, Settings, Voice, default_text, load
from display_board.state import Look
from hub.contract.messages import DeviceSettings
from hub.errors import SettingsFault


def written(device: Path, text: str) -> Path:
    """The device's directory, with this settings file."""
    (device / "board.toml").write_text(text, encoding="utf-8")
    return device


def test_the_default_file_holds_exactly_the_defaults(tmp_path: Path) -> None:
    """Loaded unmodified it equals no file at all, and every key there is stands in it."""
    (tmp_path / "written").mkdir()
    chosen = load(written(tmp_path / "written", default_text()))
    assert chosen.model_dump(exclude={"storage"}) == load(tmp_path).model_dump(exclude={"storage"})
    keys = {section: set(values) for section, values in tomllib.loads(default_text()).items()}
    assert keys == {name: set(section.__class__.model_fields) for name, section in Settings()}


def test_every_key_of_the_default_file_has_its_comment() -> None:
    """No section and no key group stands there without a word above it."""
    for paragraph in re.split(r"\n\n+", default_text().strip()):
        assert paragraph.startswith(("#", "[")), paragraph


def test_places_are_beside_the_file(tmp_path: Path) -> None:
    """Wherever the program is started; the device may be named by its directory or by its file."""
    written(tmp_path, '[voice]\npack = "recorded"')
    settings = load(tmp_path)
    assert settings.storage.directory == tmp_path / "state"
    assert settings.voice.pack == tmp_path / "recorded"
    assert load(tmp_path / "device.toml") == settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[board]\ncounter = []", 'line 2: unknown key board.counter (did you mean "counters"?)'),
        ("[board]\nspotlight_s = 21", "board.spotlight_s = 21 must be less than or equal to 20"),
        ('[board]\ntheme = "dark"', "board.theme"),
        ('[board]\ncounters = ["Quầy 5"]', "board.counters"),
        ('[voice]\nlanguages = ["km"]', "voice.languages"),
        ("[voice]\nvolume = 101", "voice.volume = 101"),
        ('[voice]\nspeaks = "maybe"', "voice.speaks"),
        ("[page]\nport = 70000", "page.port = 70000"),
        ("[player", "is not valid TOML"),
    ],
)
def test_a_mistake_is_explained(text: str, words: str, tmp_path: Path) -> None:
    """With the file, the line, the key and the value."""
    with pytest.raises(SettingsFault) as caught:
        load(written(tmp_path, text))
    (problem,) = caught.value.problems
    assert problem.startswith(f"{tmp_path / 'board.toml'}")
    assert words in problem


def test_a_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    """And it is said where to get one."""
    with pytest.raises(SettingsFault, match=r"copy display_board/default\.toml there"):
        load(tmp_path, tmp_path / "other.toml")


# ---------------------------------------------------------------- beside what the hub says


def test_without_a_word_of_either() -> None:
    """No board, all counters, both languages, and it speaks."""
    assert combined(Settings(), None) == Setting(None, Look(), Manner(), speaks=True, page=PageLook())


def test_the_hub_says_which_board_and_who_speaks() -> None:
    """And the languages, and the counter of a plate over a desk."""
    told = DeviceSettings(version=3, boards=["yard", "hall"], counter="c5", languages=["en", "vi"], speaks=False)
    setting = combined(Settings(), told)
    assert (setting.board, setting.look.counters, setting.speaks) == ("yard", ("c5",), False)
    assert (setting.manner.languages, setting.page.language) == (("en", "vi"), "en")


def test_the_screen_s_own_file_goes_first() -> None:
    """Whoever stands before it knows better."""
    own = Settings(
        board=Board(counters=("c1", "c2"), language="vi", theme="high-contrast", picture=False, spotlight_s=15),
        voice=Voice(
            speaks="yes", languages=("vi",), sound="chime", numbers="number", variant="south", times=2, volume=50
        ),
    )
    told = DeviceSettings(version=3, boards=["hall"], counter="c5", languages=["en", "vi"], speaks=False)
    setting = combined(own, told)
    assert setting.look == Look(("c1", "c2"), 15_000)
    assert setting.manner == Manner("chime", ("vi",), "number", "south", 2)
    assert (setting.speaks, setting.page) == (True, PageLook("vi", "high-contrast", picture=False, volume=0.5))
    assert not combined(Settings(voice=Voice(speaks="no")), DeviceSettings(version=1)).speaks


def test_a_language_there_are_no_words_for_is_not_written() -> None:
    """The page is in the first one that there is."""
    assert combined(Settings(), DeviceSettings(version=1, languages=["km", "en"])).page.language == "en"
