"""Where a crowd goes: what is wrong with the description of a centre is said in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.simulation.place import Officer, PlaceUnusable, read_place


@pytest.fixture
def described(tmp_path: Path) -> dict[str, Any]:
    """A description as a demo writes it."""
    files = {name: str(tmp_path / name) for name in ("ca", "client_cert", "client_key")}
    for path in files.values():
        Path(path).touch()
    return {
        "http": "http://127.0.0.1:1",
        "centre": {"id": "hoa-sen"},
        "crowd": {"host": "127.0.0.1", "port": 2, "device": "crowd-01", **files},
        "accounts": [
            {"name": "admin", "role": "administrator", "password": "a"},
            {"name": "officer1", "role": "officer", "password": "b"},
        ],
        "services": [{"id": "land"}],
        "counters": [{"id": "counter-1"}],
        "classes": [{"id": "ordinary"}],
    }


def read(folder: Path, said: object) -> str:
    """What is said of a description that cannot be used; empty when it can."""
    file = folder / "demo.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    try:
        read_place(file)
    except PlaceUnusable as unusable:
        return str(unusable)
    return ""


def test_a_description_is_read(described: dict[str, Any], tmp_path: Path) -> None:
    """With the officers only: nobody else sits at a counter."""
    assert read(tmp_path, described) == ""
    place = read_place(tmp_path / "demo.json")
    assert (place.officers, place.device, place.address.port) == ([Officer("officer1", "b")], "crowd-01", 2)


def test_without_a_demo_one_is_told_to_start_one(tmp_path: Path) -> None:
    """In one sentence that names the file."""
    with pytest.raises(PlaceUnusable, match=r"none\.json: cannot be read: .*`make demo`"):
        read_place(tmp_path / "none.json")


@pytest.mark.parametrize("said", ["", "[]", "{}", '"demo"', "{"])
def test_another_file_is_not_taken_for_a_description(said: str, tmp_path: Path) -> None:
    """Named, with the reason."""
    assert "demo.json: not the description of a running centre" in read(tmp_path, said)


@pytest.mark.parametrize("missing", ["http", "centre", "crowd", "accounts", "services", "counters", "classes"])
def test_what_is_missing_is_named(missing: str, described: dict[str, Any], tmp_path: Path) -> None:
    """Each of them is needed."""
    del described[missing]
    assert f"KeyError('{missing}')" in read(tmp_path, described)


@pytest.mark.parametrize("empty", ["accounts", "services", "counters", "classes"])
def test_a_centre_without_people_is_no_place_for_a_crowd(empty: str, described: dict[str, Any], tmp_path: Path) -> None:
    """Nobody could be served."""
    assert "a crowd needs" in read(tmp_path, {**described, empty: []})


def test_a_certificate_that_is_gone_is_named(described: dict[str, Any], tmp_path: Path) -> None:
    """As after the demo was moved to another directory."""
    Path(described["crowd"]["client_cert"]).unlink()
    assert "client_cert: cannot be read" in read(tmp_path, described)
