"""The kiosk as a whole: it starts, serves, hears, obeys and ends, against a real broker and a hub that remembers."""

import shutil
import threading
from pathlib import Path

import pytest

from appliance.blind import Blind
from appliance.bootstrap import KioskProgram, Plan
from appliance.errors import ApplianceFault
from appliance.flow import screens as sc
from appliance.flow.kiosk import hashed_pin
from appliance.flow.press import Press
from hardware.printer.port import PrinterState, Watcher
from tests.appliance.hall import SERVICE, Hall, MortalPrinter, hall
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, until

HEALTH = f"devices/{DEVICE}/health"
PRESENCE = f"devices/{DEVICE}/presence"
SETTINGS = f"devices/{DEVICE}/settings"


def presence(it: Hall) -> object:
    """What the kiosk last said of itself."""
    return it.hub.last(PRESENCE).get("state")


def test_a_visitor_takes_a_number(tmp_path: Path) -> None:
    """Number on the screen, slip on paper, all of it at the hub, nothing left on disk."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.take_number()
        kiosk.until_paper(sc.Paper.PRINTED)
        assert kiosk.number() == "A001"
        until(lambda: kiosk.settled, "everything told")
        assert it.desk.words("A001") == [("slip-printed", {"copy": False})]
        assert len(it.pieces()) == 1
        kiosk.press(Press.DONE, sc.Home)


class SilentPrinter(MortalPrinter):
    """Says nothing of itself until it is asked to."""

    def open(self) -> None:
        """Not yet."""

    def watch(self, watcher: Watcher) -> None:
        """Whom to tell."""
        self.watcher = watcher

    def speak(self) -> None:
        """Now."""
        self.watcher(PrinterState("ready", "ok"))


def test_nobody_chooses_before_the_printer_is_known(tmp_path: Path) -> None:
    """The hub is there, and what it offers; the paper may not be."""
    with hall(tmp_path) as it:
        printer = SilentPrinter(it.twin)
        kiosk = it.kiosk(printer=printer)
        until(lambda: kiosk.kiosk.world.hub_online and kiosk.kiosk.world.services, "the hub")
        assert isinstance(kiosk.screen, sc.Starting)
        printer.speak()
        kiosk.until(sc.Home)


def test_settings_take_effect_at_once_and_outlive_the_kiosk(tmp_path: Path) -> None:
    """Also on a day on which the hub does not come up."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        pin = {"salt": "s", "hash": hashed_pin("s", "271828")}
        wanted = {"version": 2, "services_first": True, "languages": ["en", "vi"], "staff_pin": pin}
        it.hub.say(SETTINGS, wanted, retain=True)
        kiosk.until(sc.Groups)
        assert kiosk.kiosk.comfort.language == "en"
        remains = it.kill(kiosk)
        after = it.kiosk(remains)
        after.wire.cut()
        until(lambda: after.kiosk.world.settings, "the last good settings")
        policy = after.kiosk.policy
        assert (policy.services_first, policy.languages, policy.opens("271828")) == (True, ("en", "vi"), True)


def test_new_services_are_offered_at_once(tmp_path: Path) -> None:
    """And closed ones not any more."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        it.hub.say(
            "services", {"version": 2, "groups": [{"id": "a", "name": {}, "services": [SERVICE] * 2}]}, retain=True
        )
        until(lambda: [one.id for one in kiosk.kiosk.world.groups] == ["a"], "the news")


def test_a_hub_that_says_good_bye_is_believed_at_once(tmp_path: Path) -> None:
    """The broker is still there; nobody waits for a time-out."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        it.hub.be("offline", "boot-1")
        kiosk.until(sc.NoHub)
        it.hub.be("online", "boot-2")
        kiosk.until(sc.Home)


def test_help_is_called(tmp_path: Path) -> None:
    """And the visitor sees that it was heard."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        kiosk.press(Press.TAKE_NUMBER, sc.Groups)
        kiosk.call_staff()
        until(lambda: isinstance(kiosk.kiosk.screen, sc.HelpCalled) and kiosk.kiosk.screen.reached, "the answer")
        assert [asked.body["screen"] for asked in it.hub.operations("call-staff")] == ["groups"]


def test_how_it_feels_is_told(tmp_path: Path) -> None:
    """The printer first of all, when something happens to it."""
    with hall(tmp_path) as it:
        it.kiosk()
        until(lambda: it.hub.last(HEALTH), "the first word")
        printer = {"state": "ready", "paper": "ok", "last_error": None}
        assert it.hub.last(HEALTH)["printer"] == printer
        assert it.hub.last(HEALTH)["own_numbers"] == {}
        it.twin.open_cover()
        until(lambda: it.hub.last(HEALTH)["printer"]["state"] == "cover-open", "the news")  # type: ignore[index]
        it.twin.close_cover()
        until(lambda: it.hub.last(HEALTH)["printer"] == printer, "the good news")


def test_it_is_told_to_begin_anew_once(tmp_path: Path) -> None:
    """A clean end that says what it is; the hub repeats the order to the next program in vain."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        order = it.order("restart")
        assert it.answer_to(order) == (True, "")
        until(lambda: presence(it) == "restarting", "the good-bye")
        it.end(kiosk)
        assert kiosk.fault is None
        after = it.kiosk(kiosk.folder / "state")
        after.until(sc.Home)
        it.order("restart", order_id=order)
        until(lambda: len(it._answers(order)) == 2, "the same answer")
        assert presence(it) == "online"
        assert isinstance(after.screen, sc.Home)


def test_it_shows_its_name(tmp_path: Path) -> None:
    """To whoever looks for it in the hall."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        assert it.answer_to(it.order("identify")) == (True, "")
        until(lambda: kiosk.kiosk.identifying, "the name")
        assert kiosk.lines[-1]["identifying"] == DEVICE


def test_what_it_cannot_do_it_says(tmp_path: Path) -> None:
    """Each in a word."""
    with hall(tmp_path) as it:
        it.kiosk().until(sc.Home)
        assert it.answer_to(it.order("update")) == (False, "unsupported")
        assert it.answer_to(it.order("screenshot")) == (False, "no address")
        assert it.answer_to(it.order("screenshot", upload_url="https://127.0.0.1/x")) == (False, "no picture")
        assert it.answer_to(it.order("reprint")) == (False, "no ticket")


def test_it_ends_with_a_good_bye(tmp_path: Path) -> None:
    """And with everything that it had begun."""
    with hall(tmp_path) as it:
        before = set(threading.enumerate())
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        it.end(kiosk)
        until(lambda: presence(it) == "offline", "the good-bye")
        until(
            lambda: not [one for one in set(threading.enumerate()) - before if one.is_alive()], "the end of all threads"
        )
        assert kiosk.fault is None


def test_a_directory_is_one_kiosk_s(tmp_path: Path) -> None:
    """A second program on the same device would take the first one's place at the hub."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.until(sc.Home)
        second = KioskProgram(Plan(kiosk.folder, lambda post, _slips, _now: Blind(post, tell=lambda _line: None)))
        with pytest.raises(ApplianceFault, match="in use by another kiosk program"):
            second.run()
        assert isinstance(kiosk.screen, sc.Home)


def test_a_fault_ends_it_with_the_reason(tmp_path: Path) -> None:
    """And nothing stays behind."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk(mirror=it.broker.port)
        until(lambda: kiosk.fault is not None, "the fault", 3 * LIMIT_S)
        assert "the mirror's port" in str(kiosk.fault)
        shutil.rmtree(kiosk.folder / "state")
