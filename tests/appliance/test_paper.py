"""What can happen to paper, through the whole kiosk: driver, cable and twin are real, and so is the hub's book."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from appliance.flow import screens as sc
from appliance.flow.press import Press
from hardware.printer.cables import NetworkCable, SerialCable
from hardware.printer.driver import EscposPrinter, Timing
from hardware.printer.plugs import NetworkPlug, SerialPlug
from hardware.printer.virtual import VirtualPrinter
from tests.appliance.hall import Hall, Life, hall
from tests.appliance.judging import drawn
from tests.hardware.printer.bench import QUICK, dots
from tests.hardware.printer.pictures import WIDE
from tests.hub.client.scripted_hub import until

ENDS = [
    ("cover-open", VirtualPrinter.open_cover, VirtualPrinter.close_cover),
    ("paper-out", lambda twin: twin.load_paper(slips=0), VirtualPrinter.load_paper),
    ("silent", lambda twin: twin.go_silent(hung=True), VirtualPrinter.answer_again),
    ("offline", VirtualPrinter.unplug, VirtualPrinter.plug_in),
]
TROUBLES = pytest.mark.parametrize(("reason", "happens", "mended"), ENDS, ids=[one[0] for one in ENDS])
Befalls = Callable[[VirtualPrinter], object]


@contextmanager
def kiosk_with(
    kind: str, folder: Path, *, baud: int = 115_200, timing: Timing = QUICK, **printer: Any
) -> Iterator[tuple[Hall, Life]]:
    """A kiosk at home, with a printer at a real cable."""
    with hall(folder, model=WIDE, **printer) as it:
        plug = NetworkPlug(it.twin) if kind == "network" else SerialPlug(it.twin, folder / "tty")
        with plug:
            if isinstance(plug, NetworkPlug):
                cable: NetworkCable | SerialCable = NetworkCable(plug.host, plug.port)
            else:
                cable = SerialCable(str(plug.path), baud=baud)
            kiosk = it.kiosk(printer=EscposPrinter(cable, WIDE, timing=timing))
            kiosk.until(sc.Home)
            yield it, kiosk
            it.close()


def whole(it: Hall, number: str, *, copy: bool) -> bool:
    """Whether the last paper ends with this slip; above it may hang what an earlier one has left."""
    return dots(it.pieces()[-1]).endswith(drawn(it, number, copy=copy).tobytes())


def told(it: Hall, kiosk: Life, number: str) -> list[tuple[str, dict[str, object]]]:
    """What the hub has heard, once the kiosk has nothing left to say."""
    until(lambda: kiosk.settled, "everything told")
    return it.desk.words(number)


@pytest.mark.parametrize("kind", ["network", "serial"])
def test_a_slip_comes_out_of_a_real_driver(kind: str, tmp_path: Path) -> None:
    """Dot by dot."""
    with kiosk_with(kind, tmp_path) as (it, kiosk):
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        assert whole(it, "A001", copy=False)
        assert told(it, kiosk, "A001") == [("slip-printed", {"copy": False})]


@TROUBLES
def test_trouble_within_a_slip_ends_with_a_copy(reason: str, happens: Befalls, mended: Befalls, tmp_path: Path) -> None:
    """The number stays on the screen; when the trouble is over and the person still stands there, the slip comes."""
    with kiosk_with("network", tmp_path) as (it, kiosk):
        it.twin.at_byte(9_000, lambda: happens(it.twin))
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        assert kiosk.number() == "A001"
        until(lambda: kiosk.settled, "the bad news told")
        mended(it.twin)
        kiosk.until_paper(sc.Paper.PRINTED)
        assert whole(it, "A001", copy=True)
        assert told(it, kiosk, "A001") == [
            ("slip-failed", {"reason": reason, "copy": False}),
            ("slip-printed", {"copy": True}),
        ]


@TROUBLES
def test_trouble_before_a_number_is_taken_keeps_nobody_from_it(
    reason: str, happens: Befalls, mended: Befalls, tmp_path: Path
) -> None:
    """It is known before; the number stands on the screen, no paper is tried, and the copy comes when it can."""
    with kiosk_with("network", tmp_path) as (it, kiosk):
        happens(it.twin)
        until(lambda: not kiosk.kiosk.world.can_print, "the trouble seen")
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        assert it.pieces() == []
        until(lambda: kiosk.settled, "the bad news told")
        mended(it.twin)
        kiosk.until_paper(sc.Paper.PRINTED)
        assert whole(it, "A001", copy=True)
        assert [operation for operation, _ in told(it, kiosk, "A001")] == ["slip-failed", "slip-printed"]
        assert it.desk.words("A001")[0][1]["reason"] == reason


def test_a_jam_is_seen_and_survived(tmp_path: Path) -> None:
    """By a printer that says so: the next visitor gets a slip when the cutter is free."""
    with kiosk_with("serial", tmp_path) as (it, kiosk):
        it.twin.jam()
        until(lambda: kiosk.kiosk.world.printer_link == "jam", "the jam seen")
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        it.twin.recover()
        kiosk.until_paper(sc.Paper.PRINTED)
        assert told(it, kiosk, "A001")[-1] == ("slip-printed", {"copy": True})


def test_the_near_end_is_told_and_printed_on(tmp_path: Path) -> None:
    """There is paper for a while."""
    with hall(tmp_path, slips_left=3, near_end_slips=3) as it:
        kiosk = it.kiosk()
        until(lambda: it.hub.last("devices/kiosk-01/health"), "the first word")
        assert it.hub.last("devices/kiosk-01/health")["printer"]["paper"] == "near-end"  # type: ignore[index]
        for visit in (1, 2, 3):
            kiosk.take_number()
            kiosk.until_paper(sc.Paper.PRINTED)
            assert kiosk.number() == f"A00{visit}"
            kiosk.press(Press.DONE, sc.Home)
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        assert told(it, kiosk, "A004") == [("slip-failed", {"reason": "paper-out", "copy": False})]


def test_paper_that_ends_within_the_slip_is_no_slip(tmp_path: Path) -> None:
    """What has come out is torn off; the copy comes from the new roll."""
    with hall(tmp_path, mm_left=40.0) as it:
        kiosk = it.kiosk()
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        assert len(it.pieces(torn=True)) == 1
        it.twin.load_paper()
        kiosk.until_paper(sc.Paper.PRINTED)
        assert whole(it, "A001", copy=True)


def test_a_slow_line_freezes_nothing(tmp_path: Path) -> None:
    """While the slip crawls over it for seconds the screen goes on, and the slip is waited for."""
    with kiosk_with("serial", tmp_path, baud=38_400, timing=Timing(patience=30.0), bytes_per_s=15_000.0) as (it, kiosk):
        ticks: list[float] = []
        kiosk.take_number()
        kiosk.until(sc.Result)
        while isinstance(kiosk.screen, sc.Result) and kiosk.screen.paper is sc.Paper.COMING:
            ticks.append(kiosk.kiosk.now_s)
            threading.Event().wait(0.02)
        kiosk.until_paper(sc.Paper.PRINTED)
        assert ticks[-1] - ticks[0] > 2
        assert max(after - before for before, after in pairwise(ticks)) < 1.5
        assert whole(it, "A001", copy=False)
        assert told(it, kiosk, "A001") == [("slip-printed", {"copy": False})]


def test_a_copy_ordered_by_staff_disturbs_nobody(tmp_path: Path) -> None:
    """Somebody else is choosing meanwhile."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        kiosk.press(Press.DONE, sc.Home)
        kiosk.press(Press.TAKE_NUMBER, sc.Groups)
        before = kiosk.kiosk.serial
        ticket = it.desk.numbers[next(iter(it.desk.numbers))]
        assert it.answer_to(it.order("reprint", ticket=ticket, language="vi")) == (True, "")
        assert (kiosk.screen, kiosk.kiosk.serial) == (sc.Groups(), before)
        assert whole(it, "A001", copy=True)
        assert told(it, kiosk, "A001")[-1] == ("slip-printed", {"copy": True})


def test_a_copy_that_cannot_be_printed_is_answered_with_the_reason(tmp_path: Path) -> None:
    """Staff stand before another machine; and the hub keeps what it knew of the first slip."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        it.twin.open_cover()
        ticket = it.desk.numbers[next(iter(it.desk.numbers))]
        assert it.answer_to(it.order("reprint", ticket=ticket, language="en")) == (False, "cover-open")
        assert told(it, kiosk, "A001")[-1] == ("slip-failed", {"reason": "cover-open", "copy": True})
        assert it.answer_to(it.order("test-print")) == (False, "cover-open")
        it.twin.close_cover()
        assert it.answer_to(it.order("test-print")) == (True, "")
        assert it.pieces()[-1].stem.endswith("-test")
