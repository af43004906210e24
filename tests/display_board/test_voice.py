"""Where clips come from: recorded ones first, then a machine, and what it has said once is kept."""

import time
from pathlib import Path

import pytest

from display_board import sound
from display_board.announcing import BREATH, CHIME, Clip, Manner, announcement, everyday
from display_board.voice import Voice
from tests.display_board.hall import MORNING, called

FIVE = Clip("vi", "5", "năm")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where made clips go."""
    return tmp_path / "kept"


def seconds(content: bytes | None) -> float:
    """How long a clip is."""
    assert content is not None
    return round(len(sound.read(content)) / sound.RATE, 3)


def test_a_whole_announcement_is_made(kept: Path) -> None:
    """Chime and all words, in their order, trimmed: nothing but words between the words."""
    voice = Voice(None, kept, "north")
    names = voice.offer(announcement(called("A012", 5, 1, MORNING), Manner()))
    assert names[:3] == ["sounds/chime.wav", "vi/invite.wav", "vi/letter-a.wav"]
    assert names.count("sounds/pause.wav") == 1
    spoken = [seconds(voice.read(name)) for name in names if name.startswith("vi/")]
    assert all(0.1 < one < 3 for one in spoken)
    assert sum(spoken) < 7


def test_what_was_said_once_is_kept(kept: Path) -> None:
    """Over a restart, and without the machine's voice."""
    first = Voice(None, kept, "north")
    assert first.offer([FIVE]) == ["vi/5.wav"]
    second = Voice(None, kept, "north", program="no-such-voice")
    assert second.offer([FIVE]) == ["vi/5.wav"]
    assert second.read("vi/5.wav") == first.read("vi/5.wav")


def test_each_variant_has_its_own_voice(kept: Path) -> None:
    """And none is mistaken for another."""
    said = []
    for variant in ("north", "central", "south"):
        voice = Voice(None, kept, variant)
        voice.offer([FIVE])
        said.append(voice.read("vi/5.wav"))
    assert len(set(said)) == 3
    assert len(list(kept.iterdir())) == 3


def test_a_recorded_clip_goes_first(kept: Path, tmp_path: Path) -> None:
    """By its file name; what the pack lacks is made."""
    pack = tmp_path / "pack"
    (pack / "vi").mkdir(parents=True)
    (pack / "sounds").mkdir()
    (pack / "vi" / "5.wav").write_bytes(sound.silence(1.25))
    (pack / "sounds" / "chime.wav").write_bytes(sound.silence(0.75))
    voice = Voice(pack, kept, "north")
    assert voice.offer([CHIME, FIVE, Clip("vi", "1", "một"), BREATH]) == [
        "sounds/chime.wav",
        "vi/5.wav",
        "vi/1.wav",
        "sounds/pause.wav",
    ]
    assert (seconds(voice.read("vi/5.wav")), seconds(voice.read("sounds/chime.wav"))) == (1.25, 0.75)
    assert [one.name.split("-")[1] for one in kept.iterdir()] == ["1"]


def test_without_a_machine_s_voice_there_is_still_the_chime(kept: Path) -> None:
    """A clip that cannot be had is left out; a program that fails, hangs or writes rubbish is one that is not there."""
    for program in ("no-such-voice", "false", "true"):
        assert Voice(None, kept, "north", program=program).offer([CHIME, FIVE]) == ["sounds/chime.wav"]


def test_whatever_it_says_is_no_option(kept: Path) -> None:
    """A counter may be called anything."""
    voice = Voice(None, kept, "north")
    (name,) = voice.offer([Clip("vi", "place-1", "--version -w /tmp/elsewhere Quầy; 5\n\0 [[x]]")])
    assert seconds(voice.read(name)) > 0.5


def test_only_what_was_offered_can_be_read(kept: Path, tmp_path: Path) -> None:
    """No name leads to another file."""
    voice = Voice(tmp_path, kept, "north")
    (tmp_path / "secret").write_bytes(b"secret")
    assert [voice.read(name) for name in ("secret", "../secret", "vi/5.wav", "")] == [None] * 4


def test_a_full_disk_costs_time_and_nothing_else(tmp_path: Path) -> None:
    """It is made again the next time."""
    (tmp_path / "kept").write_bytes(b"no directory")
    assert Voice(None, tmp_path / "kept", "north").offer([FIVE]) == ["vi/5.wav"]


def test_all_that_is_said_every_day_is_there_before_it_is_needed(kept: Path) -> None:
    """So that the first call of the day does not wait for it."""
    manner = Manner()
    Voice(None, kept, "north").offer(everyday(manner))
    voice = Voice(None, kept, "north", program="no-such-voice")
    begun = time.monotonic()
    for number in ("A012", "T027", "Z999"):
        clips = announcement(called(number, 21, 1, MORNING), manner)
        assert len(voice.offer(clips)) == len(clips)
    assert time.monotonic() - begun < 2
