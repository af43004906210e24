"""Real drivers against the twin, byte by byte, over every kind of cable."""

import threading
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from hardware.printer.cables import NetworkCable
from hardware.printer.driver import EscposPrinter, Timing
from hardware.printer.models import find_model
from hardware.printer.port import PrinterState
from hardware.printer.virtual import VirtualPrinter
from tests.hardware.printer.bench import KINDS, LIMIT_S, NO_WAIT_S, QUICK, SLIP, asked_all_the_time, bench
from tests.hardware.printer.pictures import NARROW, WIDE, noise, tricky

EVERYWHERE = pytest.mark.parametrize("kind", KINDS)


@EVERYWHERE
def test_a_slip_comes_out(kind: str, tmp_path: Path) -> None:
    """As it was drawn, in the bytes that were sent, and the printer is ready again."""
    with bench(kind, tmp_path) as it:
        it.printer.print_slip(SLIP, "A001")
        it.printer.print_slip(noise(1100, seed=2), "A002")
        assert it.slips() == [SLIP.tobytes(), noise(1100, seed=2).tobytes()]
        assert it.twin.mechanism.notes == []
        state = it.printer.state()
        assert (state.link, state.paper, state.last_error) == ("ready", "ok", None)
        assert {told.link for told in it.states} == {"ready", "busy"}


MISHAPS: dict[str, tuple[Callable, Callable, str]] = {
    "cover": (VirtualPrinter.open_cover, VirtualPrinter.close_cover, "cover-open"),
    "jam": (VirtualPrinter.jam, VirtualPrinter.clear_jam, "jam"),
    "mute": (VirtualPrinter.go_silent, VirtualPrinter.answer_again, "silent"),
    "hung": (lambda twin: twin.go_silent(hung=True), VirtualPrinter.answer_again, "silent"),
    "unplugged": (VirtualPrinter.unplug, VirtualPrinter.plug_in, "offline"),
    "power": (VirtualPrinter.cut_power, VirtualPrinter.switch_on, "offline"),
    "paper": (lambda twin: twin.load_paper(slips=0), VirtualPrinter.load_paper, "paper-out"),
}
"""What befalls a printer, what is done about it, and what it is called."""


@pytest.mark.parametrize(
    ("kind", "mishap"),
    [
        *product(KINDS, ["cover", "hung", "unplugged", "paper"]),
        ("usb", "jam"),
        ("serial", "jam"),
        ("network", "mute"),
        ("network", "power"),
    ],
)
def test_trouble_is_seen_before_and_survived_within(kind: str, mishap: str, tmp_path: Path) -> None:
    """Certainly not printed if it was there before, unknown if it came in the middle; and when it is over everything
    works again by itself."""
    befall, remedy, reason = MISHAPS[mishap]
    with bench(kind, tmp_path) as it:
        befall(it.twin)
        it.until("ready" if reason == "paper-out" else reason, "out" if reason == "paper-out" else None)
        before = it.refused("A001")
        assert (before.reason, before.printed, before.bytes_sent) == (reason, "no", 0)
        assert not it.folder.exists()
        remedy(it.twin)
        it.until("ready", "ok")
        it.twin.at_byte(15_000, lambda: befall(it.twin))
        within = it.refused("A002")
        assert (within.reason, within.printed) == (reason, "unknown")
        assert within.bytes_sent > 0
        it.twin.recover()
        it.until("ready", "ok")
        it.printer.print_slip(SLIP, "A003")
        assert it.pictures()[-1].endswith(SLIP.tobytes())
        assert it.twin.mechanism.notes == []
        assert it.printer.state().last_error


@pytest.mark.parametrize(("mishap", "link"), [("cover", "cover-open"), ("mute", "silent"), ("unplugged", "offline")])
def test_trouble_is_seen_within_two_seconds(mishap: str, link: str, tmp_path: Path) -> None:
    """As patient as a kiosk's printer is."""
    with bench("network", tmp_path, timing=Timing()) as it:
        MISHAPS[mishap][0](it.twin)
        assert it.until(link) < 2.0


@EVERYWHERE
def test_paper_ends_in_the_middle_of_a_slip(kind: str, tmp_path: Path) -> None:
    """The half falls out, the rest never comes, and the copy is whole."""
    with bench(kind, tmp_path, mm_left=80.0, near_end_mm=50.0) as it:
        it.printer.print_slip(SLIP, "A001")
        it.until("ready", "near-end")
        fault = it.refused("A002")
        assert (fault.reason, fault.printed) == ("paper-out", "unknown")
        it.until("ready", "out")
        it.twin.load_paper()
        it.until("ready", "ok")
        it.printer.print_slip(SLIP, "A002")
        assert it.slips() == [SLIP.tobytes()] * 2
        assert len(list(it.folder.glob("*-torn.png"))) == 1


@EVERYWHERE
def test_dots_that_look_like_questions_confuse_nobody(kind: str, tmp_path: Path) -> None:
    """The printer answers them, hundreds of times, with near the end of the paper on top."""
    with bench(kind, tmp_path, mm_left=1000.0, near_end_mm=990.0) as it:
        for number in range(3):
            it.printer.print_slip(tricky(400), f"A00{number}")
        assert it.slips() == [tricky(400).tobytes()] * 3
        assert {told.link for told in it.states} == {"ready", "busy"}
        assert it.printer.state() == PrinterState("ready", "near-end")


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("network", "generic-80"),
        ("network", "mute-80"),
        ("serial", "generic-58"),
        ("serial", "zjiang-pos-5890"),
        ("usb", "hprt-tp80k"),
        ("usb", "mute-80"),
    ],
)
def test_models_that_know_less(kind: str, model: str, tmp_path: Path) -> None:
    """No cutter, no confirmation, no clearing, no answers: slips come out all the same, whole and in order."""
    facts = find_model(model)
    with bench(kind, tmp_path, model=facts) as it:
        for seed in range(2):
            it.printer.print_slip(noise(150, facts, seed=seed), "A001")
        assert it.slips() == [noise(150, facts, seed=seed).tobytes() for seed in range(2)]
        assert it.printer.state().paper == ("ok" if facts.status else "unknown")


@EVERYWHERE
def test_a_narrow_printer_without_confirmation_still_tells_of_trouble(kind: str, tmp_path: Path) -> None:
    """What it answers while the slip should be coming out is enough."""
    with bench(kind, tmp_path, model=NARROW) as it:
        it.twin.at_byte(5000, it.twin.open_cover)
        with pytest.raises(Exception, match=r"cover-open; .* on paper: unknown"):
            it.printer.print_slip(noise(300, NARROW), "A001")
        it.twin.close_cover()
        it.until("ready")
        it.printer.print_slip(noise(300, NARROW), "A001")
        assert it.pictures()[-1].endswith(noise(300, NARROW).tobytes())
        assert it.twin.mechanism.notes == []


@pytest.mark.parametrize(("kind", "hung"), [("network", False), ("network", True), ("serial", True), ("usb", True)])
def test_the_state_is_told_at_once_whatever_the_printer_does(kind: str, hung: bool, tmp_path: Path) -> None:
    """Silent, hung, unplugged, printing: nobody who asks waits."""
    with bench(kind, tmp_path) as it, asked_all_the_time(it.printer.state) as took:
        it.printer.print_slip(SLIP, "A001")
        it.twin.go_silent(hung=hung)
        it.until("silent")
        it.twin.unplug()
        it.until("offline")
        it.twin.answer_again()
        it.twin.plug_in()
        it.until("ready")
        it.twin.at_byte(9000, lambda: it.twin.go_silent(hung=hung))
        it.refused("A002")
    assert len(took) > 100
    assert sorted(took)[-3] < NO_WAIT_S


def test_a_line_of_9600_baud_freezes_nothing(tmp_path: Path) -> None:
    """A slip takes half a minute of a time that the test lets pass; the driver is busy, and says so at once."""
    go = threading.Event()
    passed: list[float] = []

    def pause(seconds: float) -> None:
        passed.append(seconds)
        if printing.is_set():
            assert go.wait(LIMIT_S)

    printing = threading.Event()
    with bench("serial", tmp_path, baud=9600, bytes_per_s=960.0, pause=pause) as it:
        passed.clear()
        it.twin.at_byte(500, printing.set)
        asker = threading.Thread(target=it.printer.print_slip, args=(SLIP, "A001"))
        asker.start()
        assert printing.wait(LIMIT_S)
        it.until("busy")
        with asked_all_the_time(it.printer.state) as took:
            asker.join(0.3)
        assert asker.is_alive()
        assert it.printer.state().link == "busy"
        assert sorted(took)[-3] < NO_WAIT_S
        go.set()
        asker.join(LIMIT_S)
        assert not asker.is_alive()
        assert it.slips() == [SLIP.tobytes()]
        assert sum(passed) > len(SLIP.tobytes()) / 960.0


@EVERYWHERE
def test_an_unplugged_printer_is_found_again(kind: str, tmp_path: Path) -> None:
    """As often as somebody trips over the cable."""
    with bench(kind, tmp_path) as it:
        for number in range(3):
            it.twin.unplug()
            it.until("offline")
            it.twin.plug_in()
            it.until("ready")
            it.printer.print_slip(SLIP, f"A00{number}")
        assert it.slips() == [SLIP.tobytes()] * 3


@EVERYWHERE
def test_slips_of_two_askers_come_one_after_the_other(kind: str, tmp_path: Path) -> None:
    """Each whole."""
    slips = [noise(100, seed=seed) for seed in range(5)]
    with bench(kind, tmp_path) as it:
        askers = [threading.Thread(target=it.printer.print_slip, args=(slip, "A001")) for slip in slips]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join(LIMIT_S)
        assert sorted(it.slips()) == sorted(slip.tobytes() for slip in slips)


def test_a_printer_that_is_not_there_is_told_of_too() -> None:
    """Once: whoever waits for the first word must not wait for ever."""
    told: list[PrinterState] = []
    first = threading.Event()
    printer = EscposPrinter(NetworkCable("127.0.0.1", 1), WIDE, timing=QUICK)
    printer.watch(lambda state: (told.append(state), first.set()))
    printer.open()
    assert first.wait(LIMIT_S)
    printer.close()
    assert {state.link for state in told} == {"offline"}
