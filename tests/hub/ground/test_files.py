"""A file is whole or not there."""

import stat
from pathlib import Path

import pytest

from hub.ground.files import remove_halves, replace_file


def test_a_file_is_replaced_with_its_mode_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"old")
    path.chmod(0o644)
    replace_file(path, b"new", mode=0o600)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_keeps_the_file_it_has_opened(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        replace_file(path, b"new", mode=0o644)
        assert reader.read() == b"old"


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list"
    path.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("hub.ground.files.os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        replace_file(path, b"new", mode=0o644)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_program_left_half_written_is_removed(tmp_path: Path) -> None:
    """And nothing else."""
    (tmp_path / "1.json").write_text("{}")
    (tmp_path / ".2.json.k3j2h1").write_text("{")
    remove_halves(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["1.json"]
