"""Room on the disk: ballast on board while there is plenty, overboard when there is none."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from hub.storage import disk
from hub.storage.database import Database, sqlite_url
from hub.storage.disk import MEGABYTE, Ballast, free_megabytes
from hub.storage.schema import migrate
from tests.hub.storage.centre import Centre, answers
from tests.hub.storage.small_disk import limited, mounted


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """How much is said to be free."""
    said = SimpleNamespace(megabytes=1000)
    monkeypatch.setattr(disk, "free_megabytes", lambda _: said.megabytes)
    return said


def size(directory: Path) -> int:
    """What the ballast really takes on the disk."""
    return (directory / "ballast").stat().st_blocks * 512


@pytest.mark.parametrize(("megabytes", "loaded"), [(1000, True), (11, True), (10, False), (0, False)])
def test_it_is_loaded_when_there_is_room_twice_over_and_for_the_low_water_mark(
    free: SimpleNamespace, tmp_path: Path, megabytes: int, loaded: bool
) -> None:
    """2 × 3 for the ballast, 5 for the mark. Real blocks: a file with holes would free nothing."""
    free.megabytes = megabytes
    Ballast(tmp_path, 3).load(low_water_mb=5)
    assert (tmp_path / "ballast").exists() == loaded
    assert not loaded or size(tmp_path) >= 3 * MEGABYTE


def test_a_file_with_holes_would_free_nothing(tmp_path: Path) -> None:
    """Sabotage: the size alone proves no ballast."""
    with (tmp_path / "ballast").open("wb") as file:
        file.truncate(3 * MEGABYTE)
    assert size(tmp_path) < MEGABYTE


def test_it_is_thrown_off_once(free: SimpleNamespace, tmp_path: Path) -> None:
    """And taken on again when there is room again."""
    ballast = Ballast(tmp_path, 1)
    assert not ballast.throw_off()
    ballast.load(5)
    assert ballast.throw_off()
    assert not ballast.throw_off()
    free.megabytes = 6
    ballast.load(5)
    assert not (tmp_path / "ballast").exists()
    free.megabytes = 7
    ballast.load(5)
    assert size(tmp_path) >= MEGABYTE


def test_what_is_on_board_stays_whatever_is_free(free: SimpleNamespace, tmp_path: Path) -> None:
    """Loading again writes nothing."""
    ballast = Ballast(tmp_path, 1)
    ballast.load(5)
    before = (tmp_path / "ballast").stat().st_mtime_ns
    for megabytes in (0, 1000):
        free.megabytes = megabytes
        ballast.load(5)
    assert (tmp_path / "ballast").stat().st_mtime_ns == before


@pytest.mark.parametrize("left", [0, MEGABYTE // 2, 3 * MEGABYTE])
def test_what_a_killed_hub_left_half_loaded_is_loaded_anew(free: SimpleNamespace, tmp_path: Path, left: int) -> None:
    """Also what an older setting made larger or smaller."""
    (tmp_path / "ballast").write_bytes(bytes(left))
    Ballast(tmp_path, 1).load(5)
    assert (tmp_path / "ballast").stat().st_size == MEGABYTE
    assert size(tmp_path) >= MEGABYTE


def test_none_is_asked_for(free: SimpleNamespace, tmp_path: Path) -> None:
    """ballast_mb = 0."""
    Ballast(tmp_path, 0).load(5)
    assert not (tmp_path / "ballast").exists() or size(tmp_path) == 0


def test_free_is_what_the_disk_has(tmp_path: Path) -> None:
    """In whole megabytes; the ballast's room comes back."""
    with mounted(tmp_path / "disk", kilobytes=8192) as place:
        if place is None:
            assert free_megabytes(tmp_path) > 0
            return
        assert free_megabytes(place) == 8
        ballast = Ballast(place, 2)
        ballast.load(low_water_mb=4)
        assert free_megabytes(place) in (5, 6)
        ballast.throw_off()
        assert free_megabytes(place) == 8


def fill(place: Path) -> None:
    """Somebody else's file takes all that is left."""
    with (place / "stuff").open("wb", buffering=0) as stuff, pytest.raises(OSError, match="No space left"):
        while True:
            stuff.write(bytes(4096))


def issue_until_full(centre: Centre) -> None:
    """What was written before may be written over: it takes a while until there is really no room."""
    assert any(answers(centre.ask(*(centre.issue() for _ in range(64))))[0] == "hub-full" for _ in range(100))


def test_with_the_ballast_overboard_those_who_wait_are_still_called(tmp_path: Path) -> None:
    """A disk that is really full: numbers are refused, the ballast goes, and the call is on disk."""
    with mounted(tmp_path / "disk", kilobytes=8192) as place, limited(1 << 30):
        directory = place or tmp_path
        database = Database(sqlite_url(directory / "hub.db"))
        migrate(database)
        centre = Centre(database)
        ballast = Ballast(directory, 2)
        ballast.load(low_water_mb=0)
        assert size(directory) >= 2 * MEGABYTE
        centre.ledger.make_room = ballast.throw_off
        centre.ask(centre.desk("open"), centre.issue(), centre.issue())
        if place is not None:
            fill(place)
            issue_until_full(centre)
            assert not (place / "ballast").exists()
        assert answers(centre.ask(centre.call())) == ["A001"]
        centre.assert_on_disk()
        centre.ledger.close()
        database.close()


def test_without_ballast_nobody_could_be_called(tmp_path: Path) -> None:
    """Sabotage: nothing to throw off, and the disk stays full."""
    with mounted(tmp_path / "disk", kilobytes=4096) as place:
        database = Database(sqlite_url((place or tmp_path) / "hub.db"))
        migrate(database)
        centre = Centre(database)
        centre.ask(centre.desk("open"), *(centre.issue() for _ in range(40)))
        largest = max(one.stat().st_size for one in (place or tmp_path).iterdir())
        with limited(largest // 1024 - 4 if place is None else 1 << 30):
            if place is not None:
                fill(place)
            issue_until_full(centre)
            assert answers(centre.ask(centre.call())) == ["hub-full"]
        centre.ledger.close()
        database.close()
