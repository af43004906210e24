"""The code on a slip can be read from the paper, by two readers of other hands."""

import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy
import pytest
from PIL import Image

from appliance.slip.drawing import draw_slip
from hardware.printer.models import Model
from hardware.printer.virtual import VirtualPrinter
from tests.appliance.slip.test_drawing import CASES, SLIP, URL
from tests.hardware.printer.decoder import decode
from tests.hardware.printer.pictures import NARROW, WIDE

PAPER = pytest.mark.parametrize("model", [WIDE, NARROW], ids=["80 mm", "58 mm"])
LONGEST = CASES["longest address"].track_url


def printed(slip, model: Model, folder: Path) -> Path:
    """The slip as it hangs out of the printer, read from the bytes that were sent: white paper around the dots."""
    VirtualPrinter(folder, model=model).print_slip(draw_slip(slip, model.width_dots), slip.number)
    (sent,) = folder.glob("*.bin")
    dots = decode(sent.read_bytes()).image
    paper = Image.new("L", (dots.width + 64, dots.height + 64), 255)
    paper.paste(dots, (32, 32))
    paper.save(folder / "paper.png")
    return folder / "paper.png"


@PAPER
@pytest.mark.parametrize("url", [URL, "https://a.vn/t/1", LONGEST])
def test_zbar_reads_the_address(model: Model, url: str, tmp_path: Path) -> None:
    """Once, and nothing else."""
    command = ["zbarimg", "--quiet", "--raw", str(printed(replace(SLIP, track_url=url), model, tmp_path))]
    read = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (read.returncode, read.stdout.split()) == (0, [url])


@PAPER
@pytest.mark.parametrize("url", [URL, "https://a.vn/t/1", LONGEST])
def test_opencv_reads_the_address(model: Model, url: str, tmp_path: Path) -> None:
    """The same."""
    with Image.open(printed(replace(SLIP, track_url=url), model, tmp_path)) as paper:
        read, _, _ = cv2.QRCodeDetector().detectAndDecode(numpy.asarray(paper))
    assert read == url


@PAPER
def test_a_copy_with_the_longest_names_can_be_read(model: Model, tmp_path: Path) -> None:
    """Whatever stands above the code."""
    slip = replace(CASES["longest"], copy=True)
    read = subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(printed(slip, model, tmp_path))], capture_output=True, text=True, timeout=60
    )
    assert read.stdout.split() == [URL]
