"""The program `motcua-kiosk`, as it is started in a centre."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from appliance.__main__ import app
from hub.contract.names import DeviceRole
from hub.contract.version import __version__
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, ScriptedHub, SecureBroker, until

PRESENCE = f"devices/{DEVICE}/presence"


def test_it_tells_its_version() -> None:
    """The version of the whole product."""
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"motcua-kiosk {__version__}\n")


def test_without_a_script_it_says_that_there_is_no_screen_yet() -> None:
    """In one sentence, with what to do instead."""
    done = CliRunner().invoke(app, [])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("The touch screen is not part of this version yet; ")
    assert "--script FILE" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--script", "-"], "--device is missing"),
        (["--script", "{folder}/none", "--device", "{folder}"], "none cannot be read"),
        (["--script", "{folder}/wrong", "--device", "{folder}"], "line 1: 'dance'"),
        (["--script", "{folder}/good", "--device", "{folder}"], "device.toml: cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    """Never a stack trace."""
    (tmp_path / "wrong").write_text("dance\n")
    (tmp_path / "good").write_text("stay\n")
    done = CliRunner().invoke(app, [argument.format(folder=tmp_path) for argument in arguments])
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_board_is_no_kiosk(tmp_path: Path) -> None:
    """A device folder of another role is refused before anything is sent."""
    (tmp_path / "script").write_text("stay\n")
    folder = SecureBroker(tmp_path).enrol("board-01", DeviceRole.BOARD, tmp_path / "board-01")
    done = CliRunner().invoke(app, ["--device", str(folder), "--script", str(tmp_path / "script")])
    assert done.exit_code == 2
    assert "enrolled as a board" in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    """Enrolled as the hub does it, over mutual TLS; it leaves with a good-bye."""
    with SecureBroker(tmp_path) as broker, ScriptedHub(broker.port) as hub:
        folder = broker.enrol(DEVICE, DeviceRole.KIOSK, tmp_path / "device")
        program = [sys.executable, "-W", "error", "-m", "appliance", "--device", folder, "--script", "-"]
        pipe = subprocess.PIPE
        with subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as kiosk:
            try:
                assert kiosk.stdin is not None
                kiosk.stdin.write("issue khai-sinh\n")
                kiosk.stdin.flush()
                until(lambda: hub.operations("slip-printed"), "the first slip, while standard input is still open")
                assert hub.last(PRESENCE)["state"] == "online"
                kiosk.send_signal(ending)
                told, logged = kiosk.communicate(timeout=LIMIT_S)
            finally:
                kiosk.kill()
        until(lambda: hub.last(PRESENCE)["state"] == "offline", "the good-bye")
    assert kiosk.returncode == 0, logged
    assert [json.loads(line)["outcome"] for line in told.splitlines()] == ["printed"]
    assert len(list((folder / "slips").glob("*-A012.png"))) == 1


def test_it_ends_with_its_script(tmp_path: Path) -> None:
    """Each ticket is one line of JSON on standard output; what the program says of itself is on standard error."""
    with SecureBroker(tmp_path) as broker, ScriptedHub(broker.port) as hub:
        folder = broker.enrol(DEVICE, DeviceRole.KIOSK, tmp_path / "device")
        (tmp_path / "script").write_text("issue khai-sinh ordinary en\ncancel last\n")
        options = ["--device", folder, "--slips", tmp_path / "paper", "--script", tmp_path / "script"]
        done = subprocess.run(
            [sys.executable, "-m", "appliance", *options],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["printed", "cancelled"]
        assert "link ready" in done.stderr
        assert len(list((tmp_path / "paper").glob("*.bin"))) == 1
        assert hub.operations("cancel-ticket")
