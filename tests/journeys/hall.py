"""A centre at work for one journey: a real hub with its broker, kiosks, officers' browsers, and who listens."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from uuid_utils.compat import uuid7

from hub.client.device_file import load
from hub.client.errors import NoAnswer
from hub.client.link import HubLink, LinkState
from hub.contract.messages import BoardCall, DeviceHealth, Message, PrinterHealth, Shown
from hub.contract.set_up import SetUp
from tests.hub.web.listening import Ear
from tests.journeys import kept
from tests.journeys.overheard import Overheard
from tests.rig.centre import CLASS, Centre, Plan, made
from tests.rig.running import ROOT, RunningHub, broker_of, eventually, running, tool
from tests.rig.web import Web

LIMIT_S: Final = 30.0
TRY_S: Final = 1.5
"""A device asks again after so long, with the same id."""

BACK_S: Final = 20.0
"""So long a device may take to find a hub or a broker that was away: it waits longer from try to try."""

BOARD, BOARD_DEVICE = "hall", "board-01"
PAPER_KIOSK: Final = "kiosk-03"
"""The appliance itself is this kiosk: no other program may hold its certificate."""

PLAN: Final = Plan(
    kiosks=3,
    services=2,
    counters=3,
    sections={"publishing": {"coalesce_ms": 100}, "limits": {"undo_s": 2}},
)
"""`undo_s`: what is ten seconds in a centre is two here, so that a journey can see it pass."""


@dataclass(frozen=True)
class Told:
    """What was answered: a refusal's code, or none and the answer."""

    code: str
    body: Mapping[str, Any]


@dataclass
class Hall:
    """Where a journey happens. Everybody comes in when first needed, and leaves with the hall."""

    centre: Centre
    hub: RunningHub
    overheard: Overheard
    leaving: ExitStack
    tickets: dict[str, str] = field(default_factory=dict)
    """Ids by number."""
    at: dict[str, str] = field(default_factory=dict)
    """Counters by officer."""
    links: dict[str, HubLink] = field(default_factory=dict)
    webs: dict[str, Web] = field(default_factory=dict)
    board_knows: dict[str, Message | None] = field(default_factory=dict)
    """What the board was told, by full topic."""
    board_calls: list[BoardCall] = field(default_factory=list)
    ear: Ear | None = None

    # ------------------------------------------------------------ devices

    def link(self, device: str) -> HubLink:
        """A device's line to the hub, ready."""
        if device not in self.links:
            enrolled = load(self.centre.devices[device])
            self.links[device] = HubLink(enrolled.address, device, enrolled.role)
            self.leaving.callback(self.links[device].close)
            self.links[device].start()
        link = self.links[device]
        assert link.wait_ready(BACK_S), f"{device} finds no hub"
        return link

    def ask(self, device: str, operation: str, fields: Mapping[str, object]) -> Told:
        """A device's request, with one id until it is answered."""
        link, request_id = self.link(device), uuid7()
        for _ in range(round(BACK_S / TRY_S)):
            try:
                reply = link.ask(operation, fields, timeout_s=TRY_S, request_id=request_id)
            except NoAnswer:
                continue
            return Told("" if reply.refusal is None else reply.refusal.code, reply.result or {})
        raise AssertionError(f"{device} got no answer to {operation}")

    def feel_well(self, device: str) -> None:
        """A device says how it feels."""
        printer = PrinterHealth(state="ready", paper="ok", last_error=None)
        self.link(device).publish_health(
            DeviceHealth(
                at=datetime.now(UTC),
                printer=printer,
                scanner=None,
                storage_free_bytes=10**9,
                temperature_c=41.5,
                undervoltage=False,
                clock_offset_s=0.0,
                own_numbers={},
                spool=0,
            )
        )

    def print_number(self, service: str) -> dict[str, Any]:
        """The appliance itself, with its virtual printer, serves one visitor and ends; what it says of the ticket."""
        script = self.centre.directory / "one-visitor"
        script.write_text(f"issue {service} {CLASS} vi\n", encoding="utf-8")
        options = ["--device", self.centre.devices[PAPER_KIOSK], "--slips", self.slips, "--script", script]
        done = subprocess.run(
            [sys.executable, "-m", "appliance", *map(str, options)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    @property
    def slips(self) -> Path:
        """Where the virtual printer leaves them."""
        return self.centre.directory / "slips"

    # ------------------------------------------------------------ people

    def web(self, officer: str) -> Web:
        """An officer's browser, signed in."""
        if officer not in self.webs:
            self.webs[officer] = Web(self.centre).sign_in(officer)
            self.leaving.callback(self.webs[officer].close)
        return self.webs[officer]

    def press(self, officer: str, verb: str, body: dict[str, Any] | None = None, *, counter: str = "") -> Told:
        """An officer's press at the counter he or she has open, or at `counter`."""
        where = counter or self.at[officer]
        answer = self.web(officer).change(f"/api/v1/counters/{where}/{verb}", str(uuid7()), body)
        if answer.ok:
            assert answer.body["counter"] == where
        return Told(answer.code, answer.body)

    def read(self, path: str) -> dict[str, Any]:
        """What any of the staff may read."""
        answer = self.web(self.centre.officers[0]).ask("GET", f"/api/v1/{path}")
        assert answer.ok, answer
        return answer.body

    def open_page(self) -> None:
        """A board's page in a browser listens from here on."""
        self.ear = self.leaving.enter_context(Ear(self.centre.settings.web.port, f"/api/v1/events?board={BOARD}"))
        eventually(lambda: self.page_heard("board"), "the page's first word")

    def page_heard(self, event: str) -> list[Any]:
        """What the page was told under this name."""
        return [] if self.ear is None else self.ear.named(event)

    # ------------------------------------------------------------ the board

    def connect_board(self) -> None:
        """A board that knows nothing comes, and hears what stands on the broker."""
        if BOARD_DEVICE in self.links:
            self.links.pop(BOARD_DEVICE).close("restarting")
        self.board_knows.clear()
        self.board_calls.clear()
        enrolled = load(self.centre.devices[BOARD_DEVICE])
        link = HubLink(enrolled.address, BOARD_DEVICE, enrolled.role)
        link.follow("board", self.board_knows.__setitem__, board=BOARD)
        link.follow("waiting", self.board_knows.__setitem__)
        link.follow("counter", self.board_knows.__setitem__, counter="+")
        link.follow("board-call", lambda _topic, call: self._draw(link, call), board=BOARD)
        self.links[BOARD_DEVICE] = link
        self.leaving.callback(link.close)
        link.start()
        assert link.wait_ready(BACK_S), "the board finds no hub"

    def _draw(self, link: HubLink, call: Message | None) -> None:
        """The board has drawn a call and says so, as boards do."""
        assert isinstance(call, BoardCall)
        self.board_calls.append(call)
        now = datetime.now(UTC)
        shown = Shown(board=BOARD, epoch=call.epoch, sequence=call.sequence, drawn_at=now, speech="muted")
        link.publish("shown", shown)

    # ------------------------------------------------------------ what goes wrong

    def restart_hub(self) -> None:
        """Told to stop, and started again. Its broker goes with it."""
        assert self.hub.stop() == 0
        self.hub.start()
        self.overheard.come_back()
        self.find_back()

    def kill_hub(self) -> None:
        """SIGKILL; the broker lives on, and the next hub adopts it."""
        self.hub.kill()
        self.hub.start()
        self.find_back()

    def kill_broker(self) -> None:
        """SIGKILL; the hub starts another, in which nothing is retained."""
        broker = broker_of(self.centre)
        assert broker is not None
        broker.send(signal.SIGKILL)
        assert broker.wait(LIMIT_S)
        eventually(lambda: "broker-restarted" in self.hub.log(), "another broker", BACK_S, every_s=0.05)
        self.overheard.come_back()
        self.find_back()

    def find_back(self) -> None:
        """Returns when the hub is ready and everybody who was there is there again."""
        for web in self.webs.values():
            web.close()
        probe = Web(self.centre)
        eventually(lambda: probe.ask("GET", "/readyz").ok, "a hub that is ready", BACK_S)
        probe.close()
        for device, link in self.links.items():
            eventually(lambda link=link: link.ready and link.hub_state is not None, f"{device} back", BACK_S)

    # ------------------------------------------------------------ the set-up

    def put_in_force(self, set_up: SetUp) -> None:
        """By the command line, while the hub runs."""
        file = self.centre.directory / "set-up.json"
        file.write_text(set_up.model_dump_json(), encoding="utf-8")
        done = tool(self.centre, "centre", "import", str(file))
        assert done.returncode == 0, done.stderr

    # ------------------------------------------------------------ the truth

    def compare_retained(self) -> None:
        """All that a newcomer is told by the broker is what the database says, and nothing is left out."""
        wrong: list[str] = []

        def nothing_wrong() -> bool:
            wrong[:] = self.untrue()
            return not wrong

        try:
            eventually(nothing_wrong, "retained topics that say what the database says", every_s=0.05)
        except AssertionError as late:
            raise AssertionError("\n".join([str(late), *wrong])) from None

    def untrue(self) -> list[str]:
        """Retained topics that do not say what they should, with both."""
        should = kept.expected(self.centre, self._presences())
        with Overheard(self.centre, "newcomer") as newcomer:
            does = kept.told(newcomer.retained)
        assert newcomer.problems == []
        topics = sorted(topic for topic in {*should, *does} if not topic.endswith("/health"))
        different = [one for one in topics if should.get(one) != does.get(one)]
        return [f"{one}: should be {should.get(one)}, is {does.get(one)}" for one in different]

    def _presences(self) -> dict[str, str]:
        there = {device: "online" for device, link in self.links.items() if link.state is not LinkState.CLOSED}
        return there | ({PAPER_KIOSK: "offline"} if self.slips.exists() else {})


@contextmanager
def hall(database_url: str) -> Iterator[Hall]:
    """A hall that is open; at its end nothing that was said was against THE table, and the hub has not complained."""
    plan = Plan(PLAN.kiosks, 0, PLAN.services, PLAN.counters, database_url, PLAN.sections)
    with made(plan) as centre, running(centre) as hub, ExitStack() as leaving:
        overheard = leaving.enter_context(Overheard(centre))
        opened = Hall(centre, hub, overheard, leaving)
        yield opened
        assert overheard.problems == []
        assert hub.complaints() == []
