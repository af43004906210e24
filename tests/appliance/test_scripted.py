"""A scripted kiosk against a real broker and a hub that misbehaves on cue."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.hands.printing import SlipPrinter
from appliance.naming import Names, in_language
from appliance.script import CancelLast, Issue, Stay, Wait
from appliance.scripted import Line, ScriptedKiosk
from hardware.printer.virtual import VirtualPrinter
from hub.client.link import HubLink
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, TICKET, LocalBroker, ScriptedHub, answer, ignore, until

BIRTH = Issue("khai-sinh")
CENTRE = {
    "name": {"vi": "Phường Hoa Sen", "en": "Hoa Sen ward"},
    "languages": ["vi", "en"],
    "classes": [],
    "open": True,
    "opens_at": None,
    "closes_at": None,
    "notice": None,
    "public_url": None,
}
SERVICE = {
    "id": "khai-sinh",
    "prefix": "A",
    "name": {"vi": "Khai sinh"},
    "description": {},
    "icon": "baby",
    "open": True,
    "closed_reason": None,
    "opens_at": None,
    "classes": ["ordinary"],
}
SERVICES = {"version": 1, "groups": [{"id": "ho-tich", "name": {"vi": "Hộ tịch"}, "services": [SERVICE]}]}


class Hall:
    """A kiosk with all that is around it."""

    def __init__(self, link: HubLink, hub: ScriptedHub, names: Names, slips: Path) -> None:
        self.link, self.hub, self.names, self.slips = link, hub, names, slips
        self.printer = VirtualPrinter(slips)
        self.stopping = threading.Event()
        self.lines: list[Line] = []

    def run(self, *steps: Issue | CancelLast | Wait | Stay, patience_s: float = LIMIT_S) -> list[Line]:
        """Carries out `steps`; returns what was told."""
        kiosk = ScriptedKiosk(
            self.link,
            SlipPrinter(self.printer, self.names),
            tell=self.lines.append,
            stopping=self.stopping,
            patience_s=patience_s,
        )
        kiosk.run(steps)
        return self.lines


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A hub that is there, and a kiosk that is ready."""
    with LocalBroker(tmp_path) as broker, ScriptedHub(broker.port) as hub:
        hub.say("centre", CENTRE, retain=True)
        hub.say("services", SERVICES, retain=True)
        names = Names()
        link = HubLink(broker.address, DEVICE, DeviceRole.KIOSK)
        names.follow(link)
        with link:
            assert link.wait_ready(LIMIT_S)
            assert names.wait(LIMIT_S)
            yield Hall(link, hub, names, tmp_path / "slips")


def test_a_number_is_issued_printed_and_reported(hall: Hall) -> None:
    """The line says all a script needs to go on."""
    (line,) = hall.run(BIRTH)
    took_ms = line.pop("took_ms")
    assert isinstance(took_ms, int)
    (asked,) = hall.hub.operations("issue-ticket")
    assert line == {
        "outcome": "printed",
        "number": "A012",
        "ticket_id": TICKET["id"],
        "request_id": asked.id,
        "service": "khai-sinh",
        "class": "ordinary",
        "language": "vi",
    }
    assert sorted(path.suffix for path in hall.slips.glob("*-A012.*")) == [".bin", ".png"]
    (report,) = hall.hub.operations("slip-printed")
    assert (report.body["ticket_id"], report.body["copy"]) == (TICKET["id"], False)


def test_without_paper_the_slip_is_reported_as_failed(hall: Hall) -> None:
    """The number counts all the same; officers see that it was not printed."""
    hall.printer.slips_left = 0
    (line,) = hall.run(BIRTH)
    assert (line["outcome"], line["reason"], line["number"]) == ("not-printed", "paper-out", "A012")
    (report,) = hall.hub.operations("slip-failed")
    assert (report.body["ticket_id"], report.body["reason"]) == (TICKET["id"], "paper-out")
    assert hall.hub.operations("slip-printed") == []


def test_a_refusal_is_told(hall: Hall) -> None:
    """With its code, and no paper."""
    hall.hub.script["issue-ticket"] = [lambda there, asked: there.reply(asked, code="service-closed")]
    (line,) = hall.run(BIRTH)
    assert (line["outcome"], line["code"]) == ("refused", "service-closed")
    assert not hall.slips.exists()


def test_without_an_answer_the_same_request_is_asked_again(hall: Hall) -> None:
    """One id, one number, one slip, however long the hub was silent."""
    hall.hub.script["issue-ticket"] = [ignore, ignore, answer]
    (line,) = hall.run(BIRTH)
    assert line["outcome"] == "printed"
    assert len({asked.id for asked in hall.hub.operations("issue-ticket")}) == 1
    assert len(list(hall.slips.glob("*.png"))) == 1


def test_patience_ends(hall: Hall) -> None:
    """Then the outcome is unknown, and the line says so."""
    hall.hub.script["issue-ticket"] = [ignore] * 9
    (line,) = hall.run(BIRTH, patience_s=0.0)
    assert line["outcome"] == "no-answer"
    assert not hall.slips.exists()


def test_the_last_number_can_be_given_back(hall: Hall) -> None:
    """Once."""
    lines = hall.run(CancelLast(), BIRTH, CancelLast(), CancelLast())
    assert [line["outcome"] for line in lines] == ["nothing-to-cancel", "printed", "cancelled", "nothing-to-cancel"]
    (asked,) = hall.hub.operations("cancel-ticket")
    assert asked.body["ticket_id"] == TICKET["id"]


def test_it_stays_until_told_to_end(hall: Hall) -> None:
    """And then does nothing more of its script."""
    running = threading.Thread(target=hall.run, args=(Wait(0.0), Stay(), BIRTH))
    running.start()
    hall.stopping.set()
    running.join(LIMIT_S)
    assert not running.is_alive()
    assert hall.lines == []


def test_names_follow_the_hub(hall: Hall) -> None:
    """In the visitor's language, else in Vietnamese, else by id."""
    assert hall.names.centre("en") == "Hoa Sen ward"
    assert hall.names.service("khai-sinh", "en") == "Khai sinh"
    assert hall.names.service("ket-hon", "vi") == "ket-hon"
    renamed = {**SERVICE, "name": {"vi": "Đăng ký khai sinh", "en": "Births"}}
    hall.hub.say("services", {"version": 2, "groups": [{"id": "a", "name": {}, "services": [renamed]}]}, retain=True)
    until(lambda: hall.names.service("khai-sinh", "en") == "Births", "the new name")


def test_a_text_is_found_in_some_language() -> None:
    """Nothing only when there is nothing."""
    assert in_language({"vi": "Một", "en": "One"}, "ko") == "Một"
    assert in_language({"en": "One"}, "vi") == "One"
    assert in_language({}, "vi") == ""
