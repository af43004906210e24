"""The program `motcua-board`, as it is started beside a TV."""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import structlog

from display_board.__main__ import main
from hub.contract.names import DeviceRole
from hub.contract.version import __version__
from tests.hub.client.scripted_hub import LIMIT_S, ScriptedHub, SecureBroker, until

DEVICE = "board-01"
PRESENCE = f"devices/{DEVICE}/presence"


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """What the program sets up within this process is set back."""
    yield
    structlog.reset_defaults()
    logging.root.handlers = [one for one in logging.root.handlers if type(one) is not logging.StreamHandler]


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version of the whole product."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"motcua-board {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--device is missing"),
        (["--device", "{folder}"], "device.toml: cannot be read"),
        (["--device", "{folder}", "--settings", "{folder}/none.toml"], "copy display_board/default.toml there"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never a stack trace."""
    assert main([argument.format(folder=tmp_path) for argument in arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_a_kiosk_is_no_board(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A device folder of another role is refused before anything is sent."""
    folder = SecureBroker(tmp_path).enrol("kiosk-01", DeviceRole.KIOSK, tmp_path / "kiosk-01")
    assert main(["--device", str(folder), "--no-player"]) == 2
    assert "enrolled as a kiosk, not as a board" in capsys.readouterr().err


def test_a_browser_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do; nothing is left running."""
    with SecureBroker(tmp_path) as broker:
        folder = broker.enrol(DEVICE, DeviceRole.BOARD, tmp_path / "device")
        (folder / "board.toml").write_text('[player]\nprogram = "no-such-browser"\n')
        assert main(["--device", str(folder)]) == 2
    assert "install it, or use --no-player" in capsys.readouterr().err


def test_it_lists_the_clips_of_a_voice_pack(capsys: pytest.CaptureFixture[str]) -> None:
    """For whoever records them: file, and what is said in it."""
    assert main(["--clips"]) == 0
    lines = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert lines["vi/invite.wav"] == "Mời công dân có số thứ tự"
    assert lines["vi/1-last.wav"] == "mốt"
    assert lines["en/letter-a.wav"] == "A"
    assert len(lines) > 100


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    """Enrolled as the hub does it, over mutual TLS; it says where its page is, and leaves with a good-bye."""
    with SecureBroker(tmp_path) as broker, ScriptedHub(broker.port) as hub:
        folder = broker.enrol(DEVICE, DeviceRole.BOARD, tmp_path / "device")
        program = [sys.executable, "-W", "error", "-m", "display_board", "--device", folder, "--no-player"]
        pipe = subprocess.PIPE
        with subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as board:
            try:
                assert board.stdout is not None
                address = json.loads(board.stdout.readline())["page"]
                with urlopen(address, timeout=LIMIT_S) as page:
                    assert b"<main" in page.read()
                until(lambda: hub.last(PRESENCE).get("state") == "online", "the greeting")
                until(lambda: hub.last(f"devices/{DEVICE}/health"), "how it feels")
                board.send_signal(ending)
                told, logged = board.communicate(timeout=LIMIT_S)
            finally:
                board.kill()
        until(lambda: hub.last(PRESENCE)["state"] == "offline", "the good-bye")
    assert (board.returncode, told) == (0, ""), logged
