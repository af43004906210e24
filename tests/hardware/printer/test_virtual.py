"""The virtual printer leaves what a real one would get, read back by a decoder that shares nothing with the encoder."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from hardware.errors import HardwareFault, PrinterFault
from hardware.printer.port import Printer
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.paper import decode


def noise(height: int, seed: int = 1) -> Image.Image:
    """A picture in which every bit counts."""
    return Image.frombytes("1", (576, height), random.Random(seed).randbytes(72 * height))


def only(folder: Path, ending: str) -> Path:
    (found,) = folder.glob(f"*.{ending}")
    return found


@pytest.mark.parametrize("height", [1, 255, 256, 257, 1100])
def test_bytes_and_picture_show_the_same_slip(tmp_path: Path, height: int) -> None:
    """Pixel by pixel what was drawn, in strips, then one cut."""
    drawn = noise(height)
    printer: Printer = VirtualPrinter(tmp_path)
    printer.print_slip(drawn, "A012")
    paper = decode(only(tmp_path, "bin").read_bytes())
    assert paper.image.tobytes() == drawn.tobytes()
    assert paper.image.size == drawn.size
    assert paper.cuts == 1
    with Image.open(only(tmp_path, "png")) as picture:
        assert (picture.mode, picture.tobytes()) == ("1", drawn.tobytes())


def test_a_slip_is_named_by_time_and_number(tmp_path: Path) -> None:
    """In the order of printing; a label cannot leave the folder."""
    now = datetime(2026, 11, 23, 8, 42, 7, 120, UTC)
    VirtualPrinter(tmp_path / "slips", now=lambda: now).print_slip(noise(8), "../A012")
    names = sorted(path.name for path in (tmp_path / "slips").iterdir())
    assert names == ["20261123-084207-000120----A012.bin", "20261123-084207-000120----A012.png"]


def test_paper_runs_out(tmp_path: Path) -> None:
    """Then nothing comes out, until there is paper again."""
    printer = VirtualPrinter(tmp_path, slips_left=1)
    printer.print_slip(noise(8), "A001")
    with pytest.raises(PrinterFault) as raised:
        printer.print_slip(noise(8), "A002")
    assert raised.value.reason == "paper-out"
    assert isinstance(raised.value, HardwareFault)
    printer.slips_left = 5
    printer.print_slip(noise(8), "A002")
    assert len(list(tmp_path.glob("*A002.*"))) == 2
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    """The kiosk reports the slip as failed, whatever broke."""
    (tmp_path / "slips").write_text("a file")
    with pytest.raises(PrinterFault) as raised:
        VirtualPrinter(tmp_path / "slips").print_slip(noise(8), "A001")
    assert raised.value.reason == "unknown"


@pytest.mark.parametrize(("mode", "width"), [("L", 576), ("1", 384)])
def test_only_slips_of_the_right_size_are_printed(tmp_path: Path, mode: str, width: int) -> None:
    """A programming error, found at the first try."""
    with pytest.raises(ValueError, match="576 dots wide"):
        VirtualPrinter(tmp_path).print_slip(Image.new(mode, (width, 8)), "A001")
    assert not tmp_path.is_dir() or list(tmp_path.iterdir()) == []


def test_the_decoder_is_strict() -> None:
    """An unknown byte, or a strip that ends early, is an error with its place."""
    with pytest.raises(ValueError, match="byte 2: 0x41"):
        decode(b"\x1b\x40A")
    with pytest.raises(ValueError, match="ends within"):
        decode(b"\x1d\x76\x30\x00\x48\x00\x01\x00\x00")
