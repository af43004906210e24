"""What the kiosk's hands do, seen from the screen, the disk and the hub's book at once."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.flow import screens as sc
from appliance.flow.press import Press
from appliance.hands.giving_back import OUTLIVED_S
from appliance.hands.pending import Pending, PendingRequests, Stage
from hardware.printer.cables import NetworkCable
from hardware.printer.driver import EscposPrinter
from hardware.printer.plugs import NetworkPlug
from tests.appliance.hall import Life, MortalPrinter, hall
from tests.hardware.printer.bench import QUICK
from tests.hardware.printer.pictures import WIDE
from tests.hub.client.scripted_hub import LIMIT_S, Act, Asked, ScriptedHub, ignore, until

EARLIER = "01a20000-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def quick_fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presses count at once."""
    monkeypatch.setattr("appliance.flow.touches.SETTLE_S", 0.0)
    monkeypatch.setattr("appliance.blind.TICK_S", 0.004)


def refuse(code: str) -> Act:
    """A no."""
    return lambda hub, asked: hub.reply(asked, code=code)


def settled(kiosk: Life) -> None:
    """Waits until nothing is left to do."""
    until(lambda: kiosk.settled, "everything told")


def left_by_an_earlier_life(folder: Path, stage: Stage, at: datetime) -> Path:
    """A state directory with one request in it."""
    PendingRequests(folder / "state" / "requests").write(
        Pending(EARLIER, "khai-sinh", "ordinary", "vi", at.timestamp(), stage=stage)
    )
    return folder / "state"


def full(*_: object, **__: object) -> None:
    """A disk without room."""
    raise OSError(28, "No space left on device")


def test_the_request_is_on_disk_before_the_hub_is_asked(tmp_path: Path) -> None:
    """With all that is needed to ask again."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        found: list[Pending] = []

        def look(hub: ScriptedHub, asked: Asked) -> None:
            found.extend(PendingRequests(kiosk.folder / "state" / "requests").all())
            it.desk.act(hub, asked)

        it.hub.script["issue-ticket"] = [look]
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        (request,) = found
        (asked,) = it.hub.operations("issue-ticket")
        assert (request.request_id, request.stage) == (asked.id, Stage.ASKED)
        assert request.fields == {key: asked.body[key] for key in ("service", "class", "language")}


def test_paper_does_not_move_before_the_disk_knows(tmp_path: Path) -> None:
    """Whoever finds the request after a cut knows that the next slip is a copy."""
    found: list[Stage] = []

    class LookingPrinter(MortalPrinter):
        """Looks at the disk first."""

        def print_slip(self, image: object, label: str) -> None:
            """At the last moment before the first byte."""
            found.extend(one.stage for one in PendingRequests(kiosk.folder / "state" / "requests").all())
            super().print_slip(image, label)  # type: ignore[arg-type]

    with hall(tmp_path) as it:
        kiosk = it.kiosk(printer=LookingPrinter(it.twin))
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        assert found == [Stage.PRINTING]


def test_a_disk_that_is_full_gives_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitor is sent to the desk; the hub is not even asked."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        monkeypatch.setattr("appliance.hands.pending.replace_file", full)
        kiosk.take_number()
        kiosk.until(sc.NoHub)
        assert it.hub.operations("issue-ticket") == []
        monkeypatch.undo()


def test_a_disk_that_is_full_prints_nothing_it_could_not_remember(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number stands on the screen, and officers see that there is no slip."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()

        def answer_when_full(hub: ScriptedHub, asked: Asked) -> None:
            monkeypatch.setattr("appliance.hands.pending.replace_file", full)
            it.desk.act(hub, asked)

        it.hub.script["issue-ticket"] = [answer_when_full]
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        until(lambda: it.desk.words("A001"), "the report")
        assert it.desk.words("A001") == [("slip-failed", {"reason": "unknown", "copy": False})]
        assert it.pieces() == []
        monkeypatch.undo()


@pytest.mark.parametrize("code", ["too-late", "starting"])
def test_a_no_that_says_nothing_of_the_request_is_not_the_visitor_s_trouble(code: str, tmp_path: Path) -> None:
    """It is asked again, the same, while there is patience."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        it.hub.script["issue-ticket"] = [refuse(code)] * 2
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        assert len({asked.id for asked in it.hub.operations("issue-ticket")}) == 1


@pytest.mark.parametrize("code", ["service-closed", "too-many", "hub-full", "already-holds-ticket"])
def test_a_no_is_told_at_once_and_is_over(code: str, tmp_path: Path) -> None:
    """In the hub's words."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        it.hub.script["issue-ticket"] = [refuse(code)]
        kiosk.take_number()
        kiosk.until(sc.Refused)
        assert isinstance(kiosk.screen, sc.Refused)
        assert (kiosk.screen.code, kiosk.screen.words["vi"]) == (code, "Không")
        settled(kiosk)
        assert len(it.hub.operations("issue-ticket")) == 1


def test_a_number_that_came_too_late_is_given_back_while_the_next_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests are open at once, and each comes to its own end; neither waits for the other."""
    monkeypatch.setattr("appliance.flow.step.NOTICE_S", 0.0)
    with hall(tmp_path) as it:

        def lose_the_first(hub: ScriptedHub, asked: Asked) -> None:
            requests = list(it.desk.numbers)
            if asked.operation == "issue-ticket" and len(requests) < 2 and asked.id in (requests or [asked.id]):
                it.desk.number_for(asked.id)
            else:
                it.desk.act(hub, asked)

        it.hub.usual = lose_the_first
        kiosk = it.kiosk(patience_s=0.3)
        kiosk.take_number()
        until(lambda: [one.stage for one in _pending(kiosk)] == [Stage.WITHDRAWN], "the end of patience")
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        settled(kiosk)
        assert it.desk.words("A001") == [("cancel-ticket", {})]
        assert it.desk.words("A002") == [("slip-printed", {"copy": False})]


def _pending(kiosk: Life) -> list[Pending]:
    return [] if kiosk.program.parts is None else kiosk.program.parts.pending.all()


def test_a_request_that_cannot_be_given_back_yet_holds_nothing_up(tmp_path: Path) -> None:
    """The hub is silent on it for as long as it likes: help is called, slips are told of."""
    with hall(tmp_path) as it:
        at = datetime.now(UTC) - timedelta(minutes=10)
        it.hub.usual = lambda hub, asked: ignore(hub, asked) if asked.id == EARLIER else it.desk.act(hub, asked)
        kiosk = it.kiosk(left_by_an_earlier_life(tmp_path / "earlier", Stage.WITHDRAWN, at))
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        until(lambda: it.desk.words("A001"), "the report")
        kiosk.press(Press.DONE, sc.Home)
        kiosk.call_staff()
        until(lambda: it.hub.operations("call-staff"), "the call")
        assert len(kiosk.program.parts.pending) == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("stage", [Stage.ASKED, Stage.SHOWN, Stage.PRINTING, Stage.WITHDRAWN, Stage.KILLED])
def test_what_is_older_than_a_day_is_not_asked_about(stage: Stage, tmp_path: Path) -> None:
    """Its number has ended with its day."""
    with hall(tmp_path) as it:
        at = datetime.now(UTC) - timedelta(seconds=OUTLIVED_S + 60)
        kiosk = it.kiosk(left_by_an_earlier_life(tmp_path / "earlier", stage, at))
        kiosk.until(sc.Home)
        settled(kiosk)
        assert it.hub.operations("issue-ticket") == []


def test_a_number_seen_but_not_printed_is_told_of(tmp_path: Path) -> None:
    """Too late for a slip: it is not taken away from who has seen it."""
    with hall(tmp_path) as it:
        at = datetime.now(UTC) - timedelta(minutes=10)
        kiosk = it.kiosk(left_by_an_earlier_life(tmp_path / "earlier", Stage.SHOWN, at))
        kiosk.until(sc.Home)
        settled(kiosk)
        assert it.desk.words("A001") == [("slip-failed", {"reason": "killed", "copy": False})]


def test_a_request_from_the_future_is_nobody_s(tmp_path: Path) -> None:
    """A clock was wrong: how long ago it was nobody knows."""
    with hall(tmp_path) as it:
        at = datetime.now(UTC) + timedelta(hours=1)
        kiosk = it.kiosk(left_by_an_earlier_life(tmp_path / "earlier", Stage.ASKED, at))
        kiosk.until(sc.Home)
        settled(kiosk)
        assert it.desk.words("A001") == [("cancel-ticket", {})]


def test_who_was_cut_off_comes_before_who_wants_to_choose(tmp_path: Path) -> None:
    """While it is being found out, nobody can take a second number for the same wish."""
    with hall(tmp_path) as it:
        it.hub.script["issue-ticket"] = [ignore, ignore]
        kiosk = it.kiosk(left_by_an_earlier_life(tmp_path / "earlier", Stage.ASKED, datetime.now(UTC)))
        until(lambda: kiosk.kiosk.world.hub_online and kiosk.kiosk.world.services, "the hub")
        assert isinstance(kiosk.screen, sc.Starting)
        kiosk.until_paper(sc.Paper.PRINTED)
        assert {asked.id for asked in it.hub.operations("issue-ticket")} == {EARLIER}


def test_a_printer_that_breaks_is_a_slip_that_failed(tmp_path: Path) -> None:
    """Whatever it is: the person does not stand there and wait."""

    class BrokenPrinter(MortalPrinter):
        """A driver with a bug."""

        def print_slip(self, image: object, label: str) -> None:  # noqa: ARG002 - as the port has it
            """Fails as nobody has foreseen."""
            raise ZeroDivisionError

    with hall(tmp_path) as it:
        kiosk = it.kiosk(printer=BrokenPrinter(it.twin))
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        settled(kiosk)
        assert it.desk.words("A001") == [("slip-failed", {"reason": "unknown", "copy": False})]


def test_the_last_slips_are_remembered_for_staff(tmp_path: Path) -> None:
    """The newest first; what did not come out is not among them."""
    with hall(tmp_path, slips_left=2) as it:
        kiosk = it.kiosk()
        for _ in range(2):
            kiosk.take_number()
            kiosk.until_paper(sc.Paper.PRINTED)
            kiosk.press(Press.DONE, sc.Home)
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.FAILED)
        assert [line.split()[-1] for line in kiosk.program._last_slips()] == ["A002", "A001"]


def test_the_program_is_taken_apart_while_everything_runs(tmp_path: Path) -> None:
    """Ended in the middle of a visit, of a report: within seconds, and without a fault."""
    with hall(tmp_path) as it:
        it.hub.script["slip-printed"] = [ignore] * 9
        kiosk = it.kiosk()
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        it.end(kiosk)
        assert kiosk.fault is None
        it.hub.script.clear()
        after = it.kiosk(kiosk.folder / "state")
        settled(after)
        assert it.desk.words("A001") == [("slip-printed", {"copy": False})]


def test_a_program_that_ends_over_a_slip_leaves_it_to_the_next(tmp_path: Path) -> None:
    """Its supervisor waits for no slow line: nothing is told of a slip that the end of the program has cut off, and the
    copy comes."""
    with hall(tmp_path, model=WIDE) as it, NetworkPlug(it.twin) as plug:
        printers = [EscposPrinter(NetworkCable(plug.host, plug.port), WIDE, timing=QUICK) for _ in range(2)]
        held = threading.Event()
        it.twin.at_byte(20_000, lambda: held.set() or it.twin.go_silent(hung=True))
        kiosk = it.kiosk(printer=printers[0])
        kiosk.take_number()
        assert held.wait(LIMIT_S)
        it.end(kiosk)
        it.twin.answer_again()
        after = it.kiosk(kiosk.folder / "state", printer=printers[1])
        after.until_paper(sc.Paper.PRINTED)
        settled(after)
        assert it.desk.words("A001") == [("slip-printed", {"copy": True})]
        it.close()
