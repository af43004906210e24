"""The demo's directory: what it holds, whose it is, and what a reset takes away."""

import json
from pathlib import Path

import pytest

from hub.demo.place import PARTS, DemoPlace, claim, prepare, throw_away
from hub.errors import Fault
from hub.storage.lock import DataLock, LockFault
from tests.rig.centre import free_ports


@pytest.fixture
def place(directory: Path) -> DemoPlace:
    """Where nothing is yet."""
    return DemoPlace(directory / "demo", *free_ports(2))


def made(place: DemoPlace) -> dict[str, object]:
    """A demo that was made and stands still."""
    claim(place)
    return prepare(place)[0]


def test_a_demo_is_found_again(place: DemoPlace) -> None:
    """Made once; afterwards it is the same, on whatever ports."""
    first = made(place)
    elsewhere = DemoPlace(place.directory, *free_ports(2))
    claim(elsewhere)
    again, fresh = prepare(elsewhere)
    assert not fresh
    assert again["accounts"] == first["accounts"]
    assert again["devices"] == first["devices"]
    assert all(len(one["pin"]) == 6 for one in again["devices"] if one["role"] == "kiosk")
    assert [one["id"] for one in again["devices"] if one["role"] == "board"] == ["board-01"]
    assert again["http"] == f"http://127.0.0.1:{elsewhere.http_port}"
    for device in ("lab-01", "board-01"):
        assert f"port = {elsewhere.mqtt_port}\n" in (place.device(device) / "device.toml").read_text()
    assert json.loads(place.description_file.read_text("utf-8")) == again
    assert {path.name for path in place.directory.iterdir()} <= set(PARTS)


def test_passwords_are_nobodys_but_ours(place: DemoPlace) -> None:
    """Other passwords in each demo, and a description that only its owner reads."""
    first = made(place)
    throw_away(place)
    assert made(place)["accounts"] != first["accounts"]
    assert place.description_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["letter.txt", "demo.json", "hub.toml"])
def test_a_directory_of_somebody_else_is_left_alone(place: DemoPlace, name: str) -> None:
    """Even one with a file that is named like one of ours."""
    place.directory.mkdir()
    (place.directory / name).write_text("[centre]\n")
    with pytest.raises(Fault, match="not a demo of ours; choose another DEMO_DIR"):
        claim(place)
    assert [path.name for path in place.directory.iterdir()] == [name]


def test_a_file_in_the_way_is_said(place: DemoPlace) -> None:
    """As a directory that cannot be used."""
    place.directory.write_text("")
    with pytest.raises(Fault, match="cannot be used"):
        claim(place)


def test_a_reset_takes_what_is_ours_and_nothing_else(place: DemoPlace) -> None:
    """A letter that somebody has put beside it stays."""
    made(place)
    (place.directory / "letter.txt").write_text("to whom it may concern")
    throw_away(place)
    assert [path.name for path in place.directory.iterdir()] == ["letter.txt"]


def test_a_demo_at_work_is_not_touched(place: DemoPlace) -> None:
    """Neither by another start nor by a reset: its hub holds the data."""
    made(place)
    with DataLock(place.directory / "data"), pytest.raises(LockFault, match="another hub"):
        claim(place)


def test_a_first_start_that_was_cut_short_begins_anew(place: DemoPlace) -> None:
    """Without its description nobody knows the passwords."""
    made(place)
    place.description_file.unlink()
    claim(place)
    described, fresh = prepare(place)
    assert fresh
    assert len(described["accounts"]) == 11


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"accounts": [{"name": "admin"}]}'])
def test_a_demo_that_cannot_go_on_says_so(place: DemoPlace, damage: str) -> None:
    """And what to do."""
    made(place)
    place.description_file.write_text(damage)
    claim(place)
    with pytest.raises(Fault, match="make demo-reset begins anew"):
        prepare(place)
