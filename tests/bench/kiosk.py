"""The kiosk: how soon it stands, how quickly it follows a finger, what it costs when nobody is there."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.figures import Figure, percentile
from tests.rig.centre import Centre
from tests.rig.running import ROOT

STARTS: Final = 5
LIMIT_S: Final = 3600.0


def measure(centre: Centre, say: Callable[[str], None]) -> list[Figure]:
    """All figures of the kiosk, in front of a real hub."""
    device = centre.devices[centre.kiosks[0]]
    slips = centre.directory / "slips"
    return [
        *_starts(device, say),
        *_touches(device, slips, say),
        *_rest(device, slips, say),
    ]


def _starts(device: Path, say: Callable[[str], None]) -> list[Figure]:
    """In turns, so that whatever else the machine does is in both."""
    blanks, ours = [], []
    (device / "kiosk.toml").write_text('[screen]\nwidth = 1080\nheight = 1920\n[printer]\naddress = "virtual"\n')
    for turn in range(1, STARTS + 1):
        say(f"starting a blank window and the kiosk, {turn} of {STARTS}")
        blanks.append(_first_frame("blank"))
        ours.append(_first_frame("kiosk", str(device)))
    ratio = median(ours) / median(blanks)
    beside = f"{median(ours):.2f} s; a blank window {median(blanks):.2f} s"
    return [Figure("kiosk: start to the first full frame / a blank window's", ratio, "x", most=1.6, beside=beside)]


def _first_frame(*what: str) -> float:
    began = time.time()
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.first_frame", *what], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    return float(said.stdout.split()[0]) - began


def _touches(device: Path, slips: Path, say: Callable[[str], None]) -> list[Figure]:
    say("touching the screen")
    screens = [wait * 1000 for wait in _child("turns", device, slips)["waits"]]
    say("taking numbers")
    paper = [wait * 1000 for wait in _child("numbers", device, slips)["waits"]]
    return [
        Figure("kiosk: touch to the next screen, p95", percentile(screens, 0.95), "ms", most=100),
        Figure("kiosk: touch to the slip's last byte, p95", percentile(paper, 0.95), "ms", most=300),
    ]


def _rest(device: Path, slips: Path, say: Callable[[str], None]) -> list[Figure]:
    say("watching an idle kiosk")
    share = _child("idle", device, slips)["share"]
    say("taking 5,000 numbers at one kiosk")
    grown = _child("many", device, slips)
    beside = f"{grown['before']:.0f} MB after 500, {grown['after']:.0f} MB after 5,000"
    return [
        Figure("kiosk: idle, share of a core", share * 100, "%", most=3),
        Figure("kiosk: memory grown over 5,000 tickets", grown["after"] - grown["before"], "MB", most=8, beside=beside),
    ]


def _child(what: str, device: Path, slips: Path) -> dict[str, Any]:
    """One piece of work of `kiosk_child`, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.kiosk_child", what, str(device), str(slips)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=LIMIT_S,
    )
    assert done.returncode == 0, what
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured
