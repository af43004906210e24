"""What a driver does at its own edges: not open, closing, stuck, abandoned, with watchers that fail."""

import logging
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.errors import PrinterFault
from hardware.printer.cables import CableFault, FileCable
from hardware.printer.driver import EscposPrinter, Timing
from hardware.printer.port import PrinterState
from hardware.printer.raster import encode
from tests.hardware.printer.bench import LIMIT_S, NO_WAIT_S, QUICK, SLIP, asked_all_the_time, bench
from tests.hardware.printer.pictures import WIDE


class StuckCable:
    """Nothing comes back from it: neither an answer nor the caller."""

    piece = 4096
    bytes_per_s = None
    answers = False

    def __init__(self) -> None:
        self.free = threading.Event()
        self.stuck = threading.Event()
        self.opened = threading.Event()

    def open(self) -> None:
        self.opened.set()

    def close(self, *, drop: bool = False) -> None: ...

    def send(self, data: bytes, limit_s: float) -> None:  # noqa: ARG002 - this one knows no limit
        if len(data) > 100 and any(data):
            self.stuck.set()
            assert self.free.wait(LIMIT_S)

    def receive(self, limit_s: float) -> bytes:
        self.free.wait(limit_s)
        return b""


def test_a_closed_printer_prints_nothing() -> None:
    """Before it was opened, and after it was closed; closing twice is harmless."""
    printer = EscposPrinter(StuckCable(), WIDE, timing=QUICK)
    for _ in range(2):
        with pytest.raises(PrinterFault, match="offline; 0 bytes sent; on paper: no"):
            printer.print_slip(SLIP, "A001")
        assert printer.state().link == "offline"
        printer.open()
        printer.open()
        printer.close()
        printer.close()


def test_a_thread_that_is_stuck_is_given_up_and_the_state_says_silent() -> None:
    """In a call that never returns, of a kind nobody has thought of: the caller gets an answer all the same."""
    cable, time = StuckCable(), [1000.0]
    patient = Timing(look_every=0.01, good_for=4.0, stall=0.02, patience=0.02)
    quick = replace(WIDE, answer_s=0.02, mm_per_s=5000)
    printer = EscposPrinter(cable, quick, timing=patient, now=lambda: time[0])
    printer.open()
    with asked_all_the_time(printer.state) as took:
        with pytest.raises(PrinterFault) as begun:
            printer.print_slip(SLIP, "A001")
        with pytest.raises(PrinterFault) as waiting:
            printer.print_slip(SLIP, "A002")
    assert (begun.value.reason, begun.value.printed) == ("silent", "unknown")
    assert (waiting.value.reason, waiting.value.printed) == ("silent", "no")
    assert sorted(took)[-3] < NO_WAIT_S
    assert printer.state().link == "busy"
    time[0] += 60.0
    assert printer.state() == PrinterState("silent", "unknown")
    assert printer.state().age_s == pytest.approx(60.0)
    cable.free.set()
    printer.close()


def test_the_age_of_a_reading_is_told() -> None:
    """Whoever asks may judge for himself."""
    time = [1000.0]
    printer = EscposPrinter(StuckCable(), WIDE, now=lambda: time[0])
    time[0] += 2.5
    assert printer.state().age_s == 2.5


def test_closing_in_the_middle_of_a_slip_says_so_to_who_waits_for_it(tmp_path: Path) -> None:
    """Nobody knows what is on the paper."""
    with bench("serial", tmp_path) as it:
        hung = threading.Event()

        def befall() -> None:
            it.twin.go_silent(hung=True)
            hung.set()

        it.twin.at_byte(5000, befall)
        faults: list[PrinterFault] = []
        asker = threading.Thread(target=lambda: faults.append(it.refused("A001")))
        asker.start()
        assert hung.wait(LIMIT_S)
        it.printer.close()
        asker.join(LIMIT_S)
        assert not asker.is_alive()
        assert faults[0].printed == "unknown"
        assert it.printer.state().link == "offline"


def test_a_slip_that_waits_while_the_printer_is_closed_is_certainly_not_printed() -> None:
    """The one before it is on its way, and nobody knows how far it got."""
    cable = StuckCable()
    cable.free.set()
    printer = EscposPrinter(cable, WIDE, timing=QUICK)
    faults: dict[str, PrinterFault] = {}

    def ask(label: str) -> None:
        with pytest.raises(PrinterFault) as raised:
            printer.print_slip(SLIP, label)
        faults[label] = raised.value

    threads = [threading.Thread(target=ask, args=("A002",)), threading.Thread(target=printer.close)]

    def close_while_busy(state: PrinterState) -> None:
        if state.link == "busy":
            for thread in threads:
                thread.start()
            assert printer._closing.wait(LIMIT_S)

    printer.watch(close_while_busy)
    printer.open()
    ask("A001")
    for thread in threads:
        thread.join(LIMIT_S)
    assert faults["A001"].printed == "unknown"
    assert (faults["A002"].reason, faults["A002"].printed) == ("offline", "no")


def test_a_watcher_that_fails_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the others are told."""

    def fail(_state: PrinterState) -> None:
        raise RuntimeError("a bug")

    with bench("network", tmp_path) as it, caplog.at_level(logging.ERROR):
        it.printer.watch(fail)
        it.twin.open_cover()
        it.until("cover-open")
        it.twin.close_cover()
        it.until("ready")
        it.printer.print_slip(SLIP, "A001")
        assert it.slips() == [SLIP.tobytes()]
    assert "a watcher of the printer failed" in caplog.text


def test_a_bug_in_a_cable_does_not_end_the_thread() -> None:
    """It is told as the last error, and tried again."""
    cable = StuckCable()
    cable.free.set()
    tries = threading.Semaphore(0)

    def open_badly() -> None:
        tries.release()
        raise ZeroDivisionError("a bug")

    cable.open = open_badly
    printer = EscposPrinter(cable, WIDE, timing=QUICK)
    printer.open()
    for _ in range(3):
        assert tries.acquire(timeout=LIMIT_S)
    assert printer.state() == PrinterState("offline", "unknown", "ZeroDivisionError: a bug")
    printer.close()


def test_a_long_error_is_cut(tmp_path: Path) -> None:
    """The hub takes 200 letters."""
    cable = StuckCable()
    cable.free.set()
    told = threading.Event()

    def refuse() -> None:
        raise CableFault("x" * 1000)

    cable.open = refuse
    printer = EscposPrinter(cable, WIDE, timing=QUICK)
    printer.watch(lambda _state: told.set())
    printer.open()
    assert told.wait(LIMIT_S)
    printer.close()
    assert printer.state().last_error == "x" * 200


def test_a_device_file_prints_and_nothing_is_known(tmp_path: Path) -> None:
    """Ready as long as it is there; a slip is out when its bytes have gone and there was time to print it."""
    path = tmp_path / "lp0"
    path.touch()
    printer = EscposPrinter(FileCable(str(path)), WIDE, timing=QUICK)
    seen: list[str] = []
    changed = threading.Condition()

    def note(state: PrinterState) -> None:
        with changed:
            seen.append(state.link)
            changed.notify_all()

    printer.watch(note)
    printer.open()
    with changed:
        assert changed.wait_for(lambda: "ready" in seen, LIMIT_S)
    printer.print_slip(SLIP, "A001")
    assert path.read_bytes().endswith(encode(SLIP, WIDE))
    assert printer.state() == PrinterState("ready", "unknown")
    path.unlink()
    with changed:
        assert changed.wait_for(lambda: seen[-1] == "offline", LIMIT_S)
    with pytest.raises(PrinterFault, match="offline; 0 bytes sent; on paper: no"):
        printer.print_slip(SLIP, "A002")
    printer.close()
