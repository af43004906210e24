"""How loud the kiosk is."""

from pathlib import Path

import pytest

from appliance.hands.volume import Volume


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, status: int = 0) -> Path:
    """A sound card's tool that writes down what it is told."""
    said = folder / "said"
    tool = folder / "amixer"
    tool.write_text(f'#!/bin/sh\necho "$@" >> {said}\nexit {status}\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return said


def test_it_is_changed_by_steps_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between silence and as loud as it goes."""
    said = program(tmp_path, monkeypatch)
    volume = Volume(tmp_path / "volume", usual=70, mixer="Master")
    volume.apply()
    volume.change(1)
    volume.change(9)
    assert said.read_text().splitlines() == [f"--quiet sset Master {level}%" for level in (70, 80, 100)]
    assert Volume(tmp_path / "volume", usual=70, mixer="").level == 100
    volume.change(-20)
    assert volume.level == 0


def test_without_a_sound_card_nothing_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is kept cannot be read is as usual."""
    said = program(tmp_path, monkeypatch)
    (tmp_path / "volume").write_text("loud")
    volume = Volume(tmp_path / "volume", usual=40, mixer="")
    volume.change(1)
    assert (volume.level, said.exists()) == (50, False)


def test_a_sound_card_that_does_not_obey_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one without a tool."""
    program(tmp_path, monkeypatch, status=1)
    Volume(tmp_path / "volume", usual=40, mixer="Master").change(1)
    (tmp_path / "amixer").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    Volume(tmp_path / "volume", usual=40, mixer="Master").change(1)
