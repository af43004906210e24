"""The twin is a printer that leaves what a real one would, and everything that befalls a printer can befall it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from hardware.errors import HardwareFault, PrinterFault
from hardware.printer.models import all_models
from hardware.printer.port import Printer, PrinterState
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.decoder import decode
from tests.hardware.printer.pictures import NARROW, WIDE, noise

LIMIT_S = 20.0
SLIP = noise(400)


def only(folder: Path, pattern: str) -> Path:
    """The one file that fits."""
    (found,) = folder.glob(pattern)
    return found


def shown(path: Path) -> bytes:
    """The dots of a picture."""
    with Image.open(path) as picture:
        assert picture.mode == "1"
        return picture.tobytes()


def refused(printer: Printer, label: str = "A002") -> PrinterFault:
    """The fault of a slip that must not come out."""
    with pytest.raises(PrinterFault) as raised:
        printer.print_slip(SLIP, label)
    return raised.value


@pytest.mark.parametrize("height", [1, 255, 256, 257, 1100])
def test_bytes_and_picture_show_the_same_slip(tmp_path: Path, height: int) -> None:
    """Pixel by pixel what was drawn, in strips, then one cut."""
    drawn = noise(height)
    printer: Printer = VirtualPrinter(tmp_path)
    printer.print_slip(drawn, "A012")
    paper = decode(only(tmp_path, "*.bin").read_bytes())
    assert (paper.image.size, paper.image.tobytes(), paper.cuts) == (drawn.size, drawn.tobytes(), 1)
    assert shown(only(tmp_path, "*.png")) == drawn.tobytes()


@pytest.mark.parametrize("model", all_models().values(), ids=all_models())
def test_it_is_any_printer_there_is(tmp_path: Path, model) -> None:
    """Narrow or wide, with a cutter or without."""
    printer = VirtualPrinter(tmp_path, model=model)
    printer.print_slip(noise(300, model), "A001")
    printer.print_slip(noise(300, model, seed=2), "A002")
    assert shown(only(tmp_path, "*-A001.png")) == noise(300, model).tobytes()
    assert shown(only(tmp_path, "*-A002.png")) == noise(300, model, seed=2).tobytes()
    assert printer.model == model


def test_a_slip_is_named_by_time_and_number(tmp_path: Path) -> None:
    """In the order of printing; a label cannot leave the folder."""
    now = datetime(2026, 11, 23, 8, 42, 7, 120, UTC)
    VirtualPrinter(tmp_path / "slips", now=lambda: now).print_slip(noise(8), "../A012")
    names = sorted(path.name for path in (tmp_path / "slips").iterdir())
    assert names == ["20261123-084207-000120----A012.bin", "20261123-084207-000120----A012.png"]


def test_paper_runs_out(tmp_path: Path) -> None:
    """Then nothing comes out, until there is paper again."""
    printer = VirtualPrinter(tmp_path, slips_left=1)
    printer.print_slip(SLIP, "A001")
    fault = refused(printer)
    assert (fault.reason, fault.printed, fault.bytes_sent) == ("paper-out", "no", 0)
    assert isinstance(fault, HardwareFault)
    assert printer.state() == PrinterState("ready", "out", str(fault))
    printer.slips_left = 5
    printer.print_slip(SLIP, "A002")
    assert printer.slips_left == 4
    assert len(list(tmp_path.glob("*A002.*"))) == 2
    assert len(list(tmp_path.iterdir())) == 4


def test_paper_runs_out_in_the_middle_of_a_slip(tmp_path: Path) -> None:
    """Half of it is there to be seen, nobody knows what can be read on it, and the rest never comes."""
    printer = VirtualPrinter(tmp_path, mm_left=25.0, near_end_mm=10.0)
    fault = refused(printer, "A001")
    assert (fault.reason, fault.printed) == ("paper-out", "unknown")
    assert fault.bytes_sent > 0
    assert shown(only(tmp_path, "*-A001-torn.png")) == SLIP.crop((0, 0, 576, 200)).tobytes()
    assert printer.state().paper == "out"
    printer.load_paper(mm=90.0)
    printer.print_slip(SLIP, "A001")
    assert shown(only(tmp_path, "*-A001.png")) == SLIP.tobytes()
    assert printer.mm_left == 90.0 - 50.0 - 15.0
    assert len(list(tmp_path.iterdir())) == 4


def test_the_near_end_shows(tmp_path: Path) -> None:
    """While there is still paper for some."""
    printer = VirtualPrinter(tmp_path, slips_left=3, near_end_slips=2)
    states = []
    for number in range(3):
        states.append(printer.state().paper)
        printer.print_slip(SLIP, f"A00{number}")
    assert [*states, printer.state().paper] == ["ok", "near-end", "near-end", "out"]


@pytest.mark.parametrize(
    ("mishap", "remedy", "reason", "link"),
    [
        (VirtualPrinter.open_cover, VirtualPrinter.close_cover, "cover-open", "cover-open"),
        (VirtualPrinter.jam, VirtualPrinter.clear_jam, "jam", "jam"),
        (VirtualPrinter.go_silent, VirtualPrinter.answer_again, "silent", "silent"),
        (lambda printer: printer.go_silent(hung=True), VirtualPrinter.answer_again, "silent", "silent"),
        (VirtualPrinter.unplug, VirtualPrinter.plug_in, "offline", "offline"),
        (VirtualPrinter.cut_power, VirtualPrinter.switch_on, "offline", "offline"),
        (VirtualPrinter.jam, VirtualPrinter.recover, "jam", "jam"),
        (VirtualPrinter.cut_power, VirtualPrinter.recover, "offline", "offline"),
    ],
)
def test_whatever_befalls_it_is_seen_before_and_survived_after(
    tmp_path: Path, mishap: Callable, remedy: Callable, reason: str, link: str
) -> None:
    """Before a slip: certainly not printed. In the middle of one: nobody knows. And afterwards all is well."""
    printer = VirtualPrinter(tmp_path)
    mishap(printer)
    assert printer.state().link == link
    before = refused(printer, "A001")
    assert (before.reason, before.printed, before.bytes_sent) == (reason, "no", 0)
    assert not list(tmp_path.iterdir())
    remedy(printer)
    assert printer.state() == PrinterState("ready", "ok", str(before))
    printer.at_byte(10_000, lambda: mishap(printer))
    within = refused(printer, "A002")
    assert (within.reason, within.printed) == (reason, "unknown")
    assert within.bytes_sent >= 10_000
    printer.recover()
    printer.print_slip(SLIP, "A003")
    assert shown(only(tmp_path, "*-A003.png")) == SLIP.tobytes()
    assert printer.mechanism.notes == []


def test_a_mute_printer_prints_and_nobody_can_know(tmp_path: Path) -> None:
    """It was asked before, answered, and never answers again."""
    printer = VirtualPrinter(tmp_path)
    printer.at_byte(1000, printer.go_silent)
    fault = refused(printer, "A001")
    assert (fault.reason, fault.printed) == ("silent", "unknown")
    assert shown(only(tmp_path, "*-A001.png")) == SLIP.tobytes()


@pytest.mark.parametrize("cut_at", [1, 9, 82, 83, 10_000, 28_000])
def test_power_lost_at_any_byte_leaves_what_was_printed(tmp_path: Path, cut_at: int) -> None:
    """Exactly so many bytes had gone, and whole rows are on the paper."""
    printer = VirtualPrinter(tmp_path)
    printer.cut_power(after_bytes=cut_at)
    fault = refused(printer, "A001")
    assert (fault.reason, fault.printed, fault.bytes_sent) == ("offline", "unknown", cut_at)
    rows = [shown(path) for path in tmp_path.glob("*-A001-torn.png")]
    strips = [min(max(0, cut_at - 10), 18_432), max(0, cut_at - 18_450)]
    assert b"".join(rows) == SLIP.tobytes()[: sum(strip // 72 * 72 for strip in strips)]
    printer.switch_on()
    printer.print_slip(SLIP, "A001")
    assert shown(only(tmp_path, "*-A001.png")) == SLIP.tobytes()


def test_power_lost_after_the_last_byte_cannot_be_told_from_power_lost_before(tmp_path: Path) -> None:
    """The slip is there, and the printer did not live to say so."""
    printer = VirtualPrinter(tmp_path)
    printer.print_slip(SLIP, "A000")
    printer.cut_power(after_bytes=len(only(tmp_path, "*.bin").read_bytes()))
    assert refused(printer, "A001").printed == "unknown"
    assert only(tmp_path, "*-A001.png")


def test_a_slow_line_takes_its_time_and_the_state_none(tmp_path: Path) -> None:
    """960 bytes a second, in a time that passes when the test says so."""
    passed: list[float] = []
    go = threading.Event()

    def pause(seconds: float) -> None:
        passed.append(seconds)
        assert go.wait(LIMIT_S)

    printer = VirtualPrinter(tmp_path, bytes_per_s=960.0, pause=pause)
    busy = threading.Event()
    printer.watch(lambda state: busy.set() if state.link == "busy" else None)
    printing = threading.Thread(target=printer.print_slip, args=(SLIP, "A001"))
    printing.start()
    assert busy.wait(LIMIT_S)
    assert printer.state() == PrinterState("busy", "ok")
    go.set()
    printing.join(LIMIT_S)
    assert not printing.is_alive()
    assert sum(passed) == pytest.approx(len(only(tmp_path, "*.bin").read_bytes()) / 960.0)
    assert printer.state().link == "ready"


def test_who_watches_is_told_of_each_change_once(tmp_path: Path) -> None:
    """And of how it is at first; of nothing else."""
    printer = VirtualPrinter(tmp_path)
    states: list[PrinterState] = []
    printer.watch(states.append)
    printer.open()
    printer.print_slip(SLIP, "A001")
    printer.open_cover()
    printer.open_cover()
    printer.close_cover()
    printer.close()
    printer.close()
    assert [state.link for state in states] == ["ready", "busy", "ready", "cover-open", "ready"]


def test_slips_of_two_askers_come_one_after_the_other(tmp_path: Path) -> None:
    """Never one within the other."""
    printer = VirtualPrinter(tmp_path)
    slips = {f"A{number:03}": noise(200, seed=number) for number in range(6)}
    askers = [threading.Thread(target=printer.print_slip, args=(slip, label)) for label, slip in slips.items()]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(LIMIT_S)
    for label, slip in slips.items():
        assert shown(only(tmp_path, f"*-{label}.png")) == slip.tobytes()


def test_what_hangs_out_is_torn_off_by_whoever_repairs(tmp_path: Path) -> None:
    """Half a slip is no slip, and says so."""
    printer = VirtualPrinter(tmp_path)
    printer.at_byte(10_000, printer.jam)
    refused(printer, "A001")
    assert list(tmp_path.iterdir()) == []
    printer.clear_jam()
    assert [path.name.partition("-slip")[2] for path in sorted(tmp_path.iterdir())] == ["-torn.bin", "-torn.png"]


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    """The kiosk reports the slip as failed, whatever broke."""
    (tmp_path / "slips").write_text("a file")
    fault = refused(VirtualPrinter(tmp_path / "slips"), "A001")
    assert (fault.reason, fault.printed) == ("unknown", "unknown")
    assert isinstance(fault.__cause__, OSError)


@pytest.mark.parametrize(("mode", "width"), [("L", 576), ("1", 384)])
def test_only_slips_of_the_right_size_are_printed(tmp_path: Path, mode: str, width: int) -> None:
    """A programming error, found at the first try."""
    with pytest.raises(ValueError, match="576 dots wide"):
        VirtualPrinter(tmp_path, model=WIDE).print_slip(Image.new(mode, (width, 8)), "A001")
    with pytest.raises(ValueError, match="384 dots wide"):
        VirtualPrinter(tmp_path, model=NARROW).print_slip(SLIP, "A001")
    assert list(tmp_path.iterdir()) == []
