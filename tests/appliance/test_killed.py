"""A kiosk that is killed leaves nobody without a number, and nobody with two (reliability, R16).

Killed exactly: when the k-th byte has reached the printer, or a request the hub, all that the kiosk has in memory is
gone, its line is cut, and the next one starts from what was on disk at that moment.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from appliance.flow import screens as sc
from appliance.flow.press import Press
from appliance.hands.pending import Pending, PendingRequests, Stage
from appliance.hands.requests import FRESH_S, Requests
from hardware.printer.raster import encode
from hub.client.spool import Spool
from tests.appliance.hall import NARROW, Hall, Killed, Life, hall
from tests.appliance.judging import after_a_cut, drawn
from tests.hub.client.scripted_hub import LIMIT_S, Act, Asked, ScriptedHub, until

EVERY = 200
LATER = timedelta(seconds=FRESH_S + 60)


@pytest.fixture(autouse=True)
def quick_fingers_and_quiet_deaths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presses count at once; a thread that was killed is not news."""
    monkeypatch.setattr("appliance.flow.touches.SETTLE_S", 0.0)
    monkeypatch.setattr("appliance.blind.TICK_S", 0.004)
    told = threading.excepthook
    monkeypatch.setattr(threading, "excepthook", lambda args: None if args.exc_type is Killed else told(args))


class Cut:
    """The end of `kiosk`, to come when so many more bytes have reached the printer, or a request the hub."""

    def __init__(self, it: Hall, kiosk: Life | None = None) -> None:
        self.kiosk = kiosk
        self._it = it
        self._dead = threading.Event()

    def at_byte(self, byte: int) -> "Cut":
        """Between this byte and the next."""
        self._it.twin.at_byte(byte, self._fall)
        return self

    def at_request(self, operation: str, *, heard: bool) -> "Cut":
        """Before the answer goes. `heard`: the hub has done it."""

        def act(hub: ScriptedHub, asked: Asked) -> None:
            if heard:
                self._do(hub, asked)
            self._kill()

        self._it.hub.script[operation] = [act]
        return self

    def remains(self) -> Path:
        """What was on its disk, once it has happened."""
        assert self._dead.wait(LIMIT_S), "it never came to that"
        return self._remains

    def _do(self, _hub: ScriptedHub, asked: Asked) -> None:
        if asked.operation == "issue-ticket":
            self._it.desk.number_for(asked.id)
        else:
            self._it.desk.note(asked)

    def _kill(self) -> None:
        assert self.kiosk is not None
        self._remains = self._it.kill(self.kiosk)
        self._dead.set()

    def _fall(self) -> None:
        self._kill()
        raise Killed


def killed_at_byte(it: Hall, kiosk: Life, byte: int) -> Path:
    """Somebody takes a number, and the kiosk dies over its slip. What was on its disk."""
    cut = Cut(it, kiosk).at_byte(byte)
    kiosk.take_number()
    return cut.remains()


def recovered(it: Hall, remains: Path) -> Life:
    """The next kiosk, when it has nothing left to do."""
    kiosk = it.kiosk(remains)
    kiosk.until(sc.Result, lambda screen: screen.paper is sc.Paper.PRINTED)
    until(lambda: kiosk.settled, "everything told")
    return kiosk


def at_home(it: Hall, remains: Path) -> Life:
    """The next kiosk, when it has nothing left to do and nobody to do it for."""
    kiosk = it.kiosk(remains)
    kiosk.until(sc.Home)
    until(lambda: kiosk.settled, "everything told")
    assert isinstance(kiosk.screen, sc.Home)
    return kiosk


def killed_and_judged(it: Hall, bytes_: list[int]) -> Iterator[str]:
    """One visitor after the other, each cut off at another byte of the slip."""
    kiosk = it.kiosk()
    for visit, byte in enumerate(bytes_, 1):
        dead, kiosk = kiosk, recovered(it, killed_at_byte(it, kiosk, byte))
        yield from (f"killed at byte {byte}: {problem}" for problem in after_a_cut(it, kiosk, visit))
        it.end(dead)
        kiosk.press(Press.DONE, sc.Home)


def length_of_a_slip(it: Hall) -> int:
    """In bytes: all numbers of three digits have slips of one length."""
    it.desk.number_for("a look beforehand")
    length = len(encode(drawn(it, "A001", copy=False), NARROW))
    it.desk.numbers.clear()
    return length


# ---------------------------------------------------------------- over the slip


def test_killed_at_every_two_hundredth_byte(tmp_path: Path) -> None:
    """And at the very first and the very last one: the same number again, marked as a copy, and the hub knows."""
    with hall(tmp_path) as it:
        length = length_of_a_slip(it)
        assert list(killed_and_judged(it, [1, *range(EVERY, length - 1, EVERY), length - 1, length])) == []
        assert it.twin.mechanism.notes == []


def test_killed_again_while_the_copy_is_printed(tmp_path: Path) -> None:
    """And again: it is always the same number."""
    with hall(tmp_path) as it:
        remains = killed_at_byte(it, it.kiosk(), 9_000)
        for byte in (500, 20_000, 35_000):
            cut = Cut(it).at_byte(byte)
            cut.kiosk = it.kiosk(remains)
            remains = cut.remains()
        assert list(after_a_cut(it, recovered(it, remains), 1)) == []


def test_a_slip_that_came_out_is_not_printed_again(tmp_path: Path) -> None:
    """The kiosk died before the hub had heard of it: the hub hears of it, once, and no copy comes."""
    for heard in (False, True):
        with hall(tmp_path / str(heard)) as it:
            kiosk = it.kiosk()
            cut = Cut(it, kiosk).at_request("slip-printed", heard=heard)
            kiosk.take_number()
            at_home(it, cut.remains())
            assert it.desk.words("A001") == [("slip-printed", {"copy": False})]
            assert len(list(it.slips.glob("*-A001.png"))) == 1


def test_too_late_for_a_copy(tmp_path: Path) -> None:
    """The person has gone: officers see that there is no slip, no paper moves, and the number stays."""
    with hall(tmp_path) as it:
        remains = killed_at_byte(it, it.kiosk(), 9_000)
        it.hub.clock = lambda: datetime.now(UTC) + LATER
        at_home(it, remains)
        assert it.desk.words("A001") == [("slip-failed", {"reason": "killed", "copy": False})]
        assert [path.name for path in it.slips.glob("*.png") if not path.stem.endswith("-torn")] == []


# ---------------------------------------------------------------- before the slip


@pytest.mark.parametrize("heard", [False, True])
def test_killed_before_the_answer_came(heard: bool, tmp_path: Path) -> None:
    """Nobody has seen a number yet: the slip is no copy, and its number the only one."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        cut = Cut(it, kiosk).at_request("issue-ticket", heard=heard)
        kiosk.take_number()
        kiosk = recovered(it, cut.remains())
        assert (kiosk.number(), len(it.desk.numbers)) == ("A001", 1)
        assert it.desk.words("A001") == [("slip-printed", {"copy": False})]


@pytest.mark.parametrize("heard", [False, True])
def test_too_late_for_a_number_nobody_has_seen(heard: bool, tmp_path: Path) -> None:
    """It is given back, whether the hub had given it or gives it only now that it is asked again."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        cut = Cut(it, kiosk).at_request("issue-ticket", heard=heard)
        kiosk.take_number()
        remains = cut.remains()
        it.hub.clock = lambda: datetime.now(UTC) + LATER
        at_home(it, remains)
        assert len(it.desk.numbers) == 1
        assert it.desk.words("A001") == [("cancel-ticket", {})]


def test_a_number_that_was_given_up_is_given_back_by_the_next_kiosk(tmp_path: Path) -> None:
    """The person was told that there is none, and has taken another meanwhile."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk(patience_s=0.2)
        it.hub.script["issue-ticket"] = [_done_and_lost(it)] * 20
        kiosk.take_number()
        kiosk.until(sc.NoHub)
        remains = it.kill(kiosk)
        it.hub.script.clear()
        kiosk = it.kiosk(remains)
        kiosk.take_number()
        kiosk.until(sc.Result, lambda screen: screen.paper is sc.Paper.PRINTED)
        until(lambda: kiosk.settled, "everything told")
        assert (kiosk.number(), len(it.desk.numbers)) == ("A002", 2)
        assert it.desk.words("A001") == [("cancel-ticket", {})]
        assert it.desk.words("A002") == [("slip-printed", {"copy": False})]


def _done_and_lost(it: Hall) -> Act:
    return lambda _hub, asked: it.desk.number_for(asked.id) and None


def test_a_kiosk_that_is_told_to_end_leaves_nothing_to_be_missed(tmp_path: Path) -> None:
    """Its supervisor ends it while somebody waits for an answer: the next one asks again, and prints."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk(patience_s=30.0)
        it.hub.script["issue-ticket"] = [_done_and_lost(it)] * 20
        kiosk.take_number()
        until(lambda: it.hub.operations("issue-ticket"), "the request")
        it.end(kiosk)
        it.hub.script.clear()
        after = recovered(it, kiosk.folder / "state")
        assert (after.number(), len(it.desk.numbers)) == ("A001", 1)


# ---------------------------------------------------------------- the judgement itself


def _write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PendingRequests, "_write", lambda self, one: self._open.__setitem__(one.request_id, one))


def _ask_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Requests._recover

    def recover(self: Requests, request: Pending) -> None:
        other = replace(request, request_id=str(uuid4()))
        self._pending.write(other)
        self._pending.clear(request.request_id)
        honest(self, other)

    monkeypatch.setattr(Requests, "_recover", recover)


def _forget_that_paper_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = PendingRequests.advance
    monkeypatch.setattr(
        PendingRequests,
        "advance",
        lambda self, request, stage: stage is Stage.PRINTING or honest(self, request, stage),
    )


def _report_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spool, "add", lambda *_: None)


@pytest.mark.parametrize(
    ("sabotage", "words"),
    [
        (_ask_anew, "1 visitors were given 2 numbers"),
        (_forget_that_paper_moves, "the last paper is no copy of A001"),
        (_report_nothing, "the hub has heard of A001: []"),
    ],
)
def test_a_kiosk_that_does_not_keep_its_word_is_caught(
    sabotage: Callable[[pytest.MonkeyPatch], None], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes one promise away."""
    sabotage(monkeypatch)
    with hall(tmp_path) as it:
        assert f"killed at byte 9000: {words}" in list(killed_and_judged(it, [9_000]))


def test_a_kiosk_that_remembers_nothing_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its visitor stands before the home screen with nothing in hand."""
    _write_nothing(monkeypatch)
    with hall(tmp_path) as it:
        remains = killed_at_byte(it, it.kiosk(), 9_000)
        kiosk = at_home(it, remains)
        assert it.desk.words("A001") == []
        kiosk.take_number()
        kiosk.until(sc.Result)
        assert kiosk.number() == "A002"
