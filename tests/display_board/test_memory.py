"""What a board keeps on disk: what it heard last, whole or not at all, and for one program at a time."""

from pathlib import Path

import pytest

from display_board.errors import BoardFault
from display_board.memory import Keeper, Remembered, Storage, read, written
from display_board.show import Show
from display_board.state import wall
from tests.display_board.hall import MORNING, after, board, call, centre, counter, listed, waiting
from tests.hub.client.scripted_hub import until


def lived() -> Remembered:
    """A board that has heard of everything."""
    show = Show()
    show.touch(MORNING, there=True)
    for message in (centre(), board(10, listed("A001", 1, after(-60))), waiting(MORNING, civil=6)):
        show.hear("", message, MORNING)
    show.hear("c2", counter(2, "called", "A002"), MORNING)
    show.hear("", call("A002", 2, 11, MORNING), MORNING)
    show.turn(MORNING, page_speaks=True)
    show.report("A002 " + str(MORNING), "spoken")
    return Remembered("hall", show.hall, show.remembered())


def test_what_was_written_is_read() -> None:
    """The wall looks the same; which counter said what since when has to be heard anew."""
    before = lived()
    after_it = read(written(before))
    assert (after_it.board, after_it.words) == ("hall", before.words)
    assert [one.called for one in after_it.hall.known] == [one.called for one in before.hall.known]
    assert wall(after_it.hall, Show().look, MORNING).services == wall(before.hall, Show().look, MORNING).services
    assert after_it.hall.lost
    assert {news.losses for news in after_it.hall.counters.values()} == {-1}


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"board": 7}'])
def test_rubbish_is_as_good_as_nothing(tmp_path: Path, content: bytes) -> None:
    """A board that remembers nothing begins all the same."""
    storage = Storage(tmp_path)
    assert storage.remembered() == Remembered()
    storage.hall.write_bytes(content)
    assert storage.remembered() == Remembered()


def test_it_is_kept_on_a_thread_of_its_own(tmp_path: Path) -> None:
    """The last word counts, and is on disk when it is closed."""
    storage = Storage(tmp_path).open()
    keeper = Keeper(storage.hall)
    keeper.start()
    keeper.keep(Remembered("first"))
    until(lambda: storage.remembered().board == "first", "written")
    for n in range(50):
        keeper.keep(Remembered(f"board-{n}"))
    keeper.close()
    keeper.close()
    assert storage.remembered().board == "board-49"
    storage.close()


def test_a_disk_that_fails_is_no_end(tmp_path: Path) -> None:
    """It goes on trying."""
    keeper = Keeper(tmp_path / "later" / "hall.json")
    keeper.start()
    keeper.keep(Remembered("lost"))
    (tmp_path / "later").mkdir()
    until(lambda: (keeper.keep(Remembered("kept")), keeper)[1] and (tmp_path / "later/hall.json").exists(), "written")
    keeper.close()


def test_one_program_at_a_time(tmp_path: Path) -> None:
    """The second one says so."""
    storage = Storage(tmp_path / "state").open()
    with pytest.raises(BoardFault, match="in use by another board's program"):
        Storage(tmp_path / "state").open()
    storage.close()
    storage.close()
    Storage(tmp_path / "state").open().close()


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """With the setting that chooses it."""
    (tmp_path / "file").touch()
    with pytest.raises(BoardFault, match=r"set storage\.directory"):
        Storage(tmp_path / "file" / "state").open()
