"""The browser of a screen: killed or hung, it is there again, with the page as it was and nothing said twice."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from display_board.player import Patience, Player
from tests.display_board.house import House, RunningBoard, house
from tests.hub.client.scripted_hub import until

LIMIT_S = 90.0
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
SETTINGS = f"""
[voice]
sound = "chime"

[player]
arguments = {FLAGS}
"""
PNG = b"\x89PNG\r\n"


@pytest.fixture
def it(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def player_of(board: RunningBoard) -> Player:
    """The one that runs the browser."""
    player = board.program.player
    assert player is not None
    return player


def begin(it: House, *, beat_s: float = 60.0) -> RunningBoard:
    """A board whose browser has shown a call and said it."""
    board = it.begin(SETTINGS, player=True, patience=Patience(beat_s=beat_s))
    say(it, board, "A012", 5)
    return board


def say(it: House, board: RunningBoard, number: str, counter: int) -> None:
    """A call, once there is a page; it is drawn and said."""
    until(lambda: board.program.pages.any, "a browser with the page", LIMIT_S)
    sequence = it.call(number, counter)
    until(lambda: len(it.shown(sequence=sequence)) == 2, "shown and said by the browser", LIMIT_S)
    assert it.shown(sequence=sequence) == ["pending", "spoken"]


def processes(group: int) -> list[str]:
    """What is left of a browser."""
    found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
def test_a_browser_that_dies_or_hangs_is_replaced(it: House, sent: signal.Signals) -> None:
    """The next call is shown and said; the one before is neither confirmed nor said again."""
    board = begin(it, beat_s=60.0 if sent is signal.SIGKILL else 4.0)
    player, before = player_of(board), it.shown()
    first, gone = player.pid, list(board.program.pages._pages)
    assert first is not None
    os.killpg(first, sent)
    until(lambda: player.starts == 2, "another browser", LIMIT_S)
    until(lambda: board.program.pages._pages[-1:] not in ([], gone), "another page", LIMIT_S)
    say(it, board, "B001", 2)
    assert it.shown()[: len(before)] == before
    assert len(it.shown()) == len(before) + 2
    until(lambda: processes(first) == [], "the last of its processes gone")


def test_it_can_be_looked_at_from_far_away(it: House) -> None:
    """A picture of what really stands there."""
    assert player_of(begin(it)).picture().startswith(PNG)


def test_it_ends_with_its_program(it: House) -> None:
    """Nothing of it is left, neither processes nor what it wrote."""
    board = begin(it)
    group = player_of(board).pid
    assert group is not None
    board.end()
    until(lambda: processes(group) == [], "the last of its processes gone")
    assert not board.program.storage.browser.exists()


def test_a_browser_that_never_shows_the_page_is_tried_again(tmp_path: Path) -> None:
    """With longer and longer pauses; told to end, it ends at once."""
    idle = tmp_path / "browser"
    idle.write_text("#!/bin/sh\nexec sleep 600\n")
    idle.chmod(0o755)
    player = Player(lambda: "http://127.0.0.1:9/", tmp_path / "place", program=str(idle), patience=Patience(0.2, 0.2))
    player.start()
    until(lambda: player.starts >= 2, "a second try", LIMIT_S)
    player.close()
    player.close()
    assert player.pid is None
