"""The program `motcua-kiosk`, as it is started in a centre."""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from appliance.__main__ import main
from hub.contract.names import DeviceRole
from hub.contract.version import __version__
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, ScriptedHub, SecureBroker, until

PRESENCE = f"devices/{DEVICE}/presence"


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """What the program sets up within this process is set back."""
    yield
    structlog.reset_defaults()
    logging.root.handlers = [one for one in logging.root.handlers if type(one) is not logging.StreamHandler]


def refused(*arguments: object, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of options that cannot be."""
    assert main([str(argument) for argument in arguments]) == 2
    return capsys.readouterr().err


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version of the whole product."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"motcua-kiosk {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--script", "-"], "--device is missing"),
        (["--script", "{folder}/none", "--device", "{folder}"], "none cannot be read"),
        (["--script", "{folder}/wrong", "--device", "{folder}"], "line 1: 'dance'"),
        (["--script", "{folder}/good", "--device", "{folder}"], "device.toml: cannot be read"),
        (["--blind", "--device", "{folder}"], "device.toml: cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never a stack trace."""
    (tmp_path / "wrong").write_text("dance\n")
    (tmp_path / "good").write_text("stay\n")
    assert main([argument.format(folder=tmp_path) for argument in arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_settings_that_cannot_be_are_told_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With file, line, key and value, and what was meant."""
    folder = SecureBroker(tmp_path).enrol(DEVICE, DeviceRole.KIOSK, tmp_path / "device")
    (folder / "kiosk.toml").write_text('[printer]\nadress = "usb"\nmodel = "epson-tm-t20ii"\n')
    assert main(["--blind", "--device", str(folder)]) == 2
    said = capsys.readouterr().err
    assert f'{folder / "kiosk.toml"}, line 2: unknown key printer.adress (did you mean "address"?)' in said
    assert 'line 3: printer.model = "epson-tm-t20ii"' in said
    assert "did you mean 'epson-tm-t20iii'?" in said


@pytest.mark.parametrize("way", ["--blind", "--script"])
def test_a_board_is_no_kiosk(tmp_path: Path, way: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A device folder of another role is refused before anything is sent."""
    (tmp_path / "script").write_text("stay\n")
    folder = SecureBroker(tmp_path).enrol("board-01", DeviceRole.BOARD, tmp_path / "board-01")
    options = [way, *([str(tmp_path / "script")] if way == "--script" else [])]
    assert "enrolled as a board" in refused("--device", folder, *options, capsys=capsys)


@pytest.mark.parametrize("port", ["-1", "65536", "any"])
def test_a_mirror_has_a_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One that there is."""
    with pytest.raises(SystemExit):
        main(["--device", "x", "--mirror", port])
    assert "argument --mirror: invalid" in capsys.readouterr().err


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


def test_the_first_screen_waits_for_nothing_it_does_not_need() -> None:
    """Not for the models of the wire, the line to the hub, nor for what draws and prints slips."""
    parts = (
        "appliance.__main__, appliance.bootstrap, appliance.screen_size, appliance.presenter.screen, appliance.blind"
    )
    heavy = {"pydantic", "paho", "structlog", "rich", "PIL", "segno", "escpos", "babel", "ssl", "asyncio"}
    program = f"import sys, {parts}; print(sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
