"""A hall with a kiosk in it: a real broker, a hub that gives numbers and remembers, a printer, and somebody's fingers.

A kiosk is a life: it can be killed at any moment, and the next one finds what was on disk at that moment, and a printer
and a hub that have lived on.
"""

import shutil
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from PIL.Image import Image

from appliance.blind import Blind
from appliance.bootstrap import KioskProgram, Plan
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.flow.ways import under
from hardware.printer.models import Model, find_model
from hardware.printer.port import Printer, PrinterState, Watcher
from hardware.printer.virtual import VirtualPrinter
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import DEVICE, LIMIT_S, TICKET, Asked, ScriptedHub, SecureBroker, answer, until

CENTRE: Final = {
    "name": {"vi": "Phường Hoa Sen", "en": "Hoa Sen ward"},
    "languages": ["vi", "en"],
    "classes": [],
    "open": True,
    "opens_at": None,
    "closes_at": None,
    "notice": None,
    "public_url": None,
}
SERVICE: Final = {
    "id": "khai-sinh",
    "prefix": "A",
    "name": {"vi": "Khai sinh", "en": "Births"},
    "description": {},
    "icon": "baby",
    "open": True,
    "closed_reason": None,
    "opens_at": None,
    "classes": ["ordinary"],
}
GROUP: Final = "ho-tich"
SERVICES: Final = {"version": 1, "groups": [{"id": GROUP, "name": {"vi": "Hộ tịch"}, "services": [SERVICE]}]}
NARROW: Final = find_model("generic-58")


ASKED: Final = (sc.Working, sc.Result, sc.Refused, sc.NoHub)


class Killed(BaseException):
    """The kiosk is no more: nothing after this line happens in it."""


@dataclass
class Desk:
    """What a hub remembers: one number for each request, for good, and what was said of each ticket, once."""

    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(list))
    heard: set[str] = field(default_factory=set)

    def act(self, hub: ScriptedHub, asked: Asked) -> None:
        """Answers as a hub in good health."""
        match asked.operation:
            case "issue-ticket":
                hub.reply(asked, {"ticket": self.number_for(asked.id)})
            case "slip-printed" | "slip-failed" | "cancel-ticket":
                self.note(asked)
                hub.reply(asked, {})
            case _:
                answer(hub, asked)

    def number_for(self, request: str) -> dict[str, Any]:
        """The same for the same request."""
        count = len(self.numbers) + 1
        ticket = {**TICKET, "id": str(UUID(int=count)), "number": f"A{count:03}"}
        return self.numbers.setdefault(request, ticket)

    def note(self, asked: Asked) -> None:
        """A report counts once."""
        if asked.id not in self.heard:
            self.heard.add(asked.id)
            rest = {key: value for key, value in asked.body.items() if key in {"copy", "reason"}}
            self.said[asked.body["ticket_id"]].append((asked.operation, rest))

    def ticket(self, number: str) -> m.IssuedTicket:
        """By what stands on the slip."""
        (found,) = (one for one in self.numbers.values() if one["number"] == number)
        return m.IssuedTicket.model_validate_json(orjson.dumps(found))

    def words(self, number: str) -> list[tuple[str, dict[str, Any]]]:
        """What was said of a number."""
        return self.said[str(self.ticket(number).id)]


class Wire:
    """The cable between a kiosk and its broker. Once cut it stays cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._cut = False
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Nothing more goes through, in either direction."""
        self._cut = True
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while not self._cut:
                near, _ = self._listener.accept()
                self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            near.close()
            return
        self._ends += [near, far]
        for one, other in ((near, far), (far, near)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while not self._cut and (data := one.recv(65_536)):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class MortalPrinter:
    """A driver in one life of the kiosk, at a printer that lives on."""

    def __init__(self, twin: VirtualPrinter) -> None:
        self.twin = twin
        self.dead = False
        self._watchers: list[Watcher] = []
        twin.watch(self._pass_on)

    @property
    def model(self) -> Model:
        """As the printer."""
        return self.twin.model

    def open(self) -> None:
        """Nothing to open."""
        self._pass_on(self.twin.state())

    def close(self) -> None:
        """Nothing to close."""

    def state(self) -> PrinterState:
        """As the printer."""
        return self.twin.state()

    def watch(self, watcher: Watcher) -> None:
        """As long as this life lasts."""
        self._watchers.append(watcher)

    def print_slip(self, image: Image, label: str) -> None:
        """The dead print nothing."""
        if self.dead:
            raise Killed
        self.twin.print_slip(image, label)

    def _pass_on(self, state: PrinterState) -> None:
        for watcher in [] if self.dead else self._watchers:
            watcher(state)


class Life:
    """One run of the kiosk's program, on a thread of its own. `folder`: its device's directory."""

    def __init__(self, folder: Path, wire: Wire, printer: MortalPrinter | Printer, **plan: Any) -> None:
        self.folder = folder
        self.wire = wire
        self.printer = printer
        self.lines: list[dict[str, Any]] = []
        usual = {"screen_of": lambda post, _slips, _now: Blind(post, tell=self.lines.append), "patience_s": 2.0}
        self.program = KioskProgram(Plan(folder, printer=printer, **{**usual, **plan}))
        self.fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)

    def start(self) -> "Life":
        """Returns at once."""
        self._thread.start()
        return self

    @property
    def kiosk(self) -> Kiosk:
        """The state as it is."""
        return self.program.conductor.kiosk

    @property
    def screen(self) -> sc.Screen:
        """What stands, without a notice above it."""
        return under(self.kiosk.screen)

    @property
    def settled(self) -> bool:
        """Whether nothing is left on disk that is not over."""
        parts = self.program.parts
        return parts is not None and not len(parts.spool) and not len(parts.pending)

    def until_paper(self, paper: sc.Paper) -> None:
        """Waits until the number stands there, and its slip is so."""
        self.until(sc.Result, lambda screen: screen.paper is paper)

    def until(self, kind: type[sc.Screen], what: Callable[[Any], object] = lambda _screen: True) -> None:
        """Waits for a screen."""
        until(lambda: isinstance(self.screen, kind) and what(self.screen), f"{kind.__name__} after {self.lines[-3:]}")

    def press(self, what: ev.Press | str, *kinds: type[sc.Screen]) -> None:
        """Presses a button, or chooses, until one of these screens has come."""
        self._press_until(what, lambda: isinstance(self.screen, kinds))

    def call_staff(self) -> None:
        """Until the notice stands there."""
        self._press_until(ev.Press.CALL_STAFF, lambda: isinstance(self.kiosk.screen, sc.HelpCalled))

    def _press_until(self, what: ev.Press | str, done: Callable[[], bool]) -> None:
        """Once for each moment: a press too early means nothing."""
        pressed = 0.0

        def pressed_enough() -> bool:
            nonlocal pressed
            kiosk = self.kiosk
            if not done() and kiosk.now_s != pressed:
                pressed = kiosk.now_s
                made = ev.Pressed(what, kiosk.serial) if isinstance(what, ev.Press) else ev.Chose(what, kiosk.serial)
                self.program.conductor.post(made)
            return done()

        until(pressed_enough, f"what {what} leads to, after {self.lines[-3:]}")

    def take_number(self) -> None:
        """From home to a request."""
        self.until(sc.Home)
        self.press(ev.Press.TAKE_NUMBER, sc.Groups)
        self.press(GROUP, sc.Confirming, *ASKED)
        if isinstance(self.screen, sc.Confirming):
            self.press(ev.Press.YES, *ASKED)

    def number(self) -> str:
        """What stands large on the screen."""
        screen = self.screen
        assert isinstance(screen, sc.Result), screen
        return screen.ticket.number

    def die(self) -> None:
        """From now on it can do nothing any more, anywhere."""
        self.wire.cut()
        if isinstance(self.printer, MortalPrinter):
            self.printer.dead = True

    def end(self) -> None:
        """As when told to; what is left of a dead one is swept away."""
        self.program.stop()
        self._thread.join(4 * LIMIT_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.program.run()
        except BaseException as fault:
            self.fault = fault


class Hall:
    """The broker, the hub and the printer; kiosks come and go."""

    def __init__(self, folder: Path, broker: SecureBroker, hub: ScriptedHub, twin: VirtualPrinter) -> None:
        self.folder, self.broker, self.hub, self.twin = folder, broker, hub, twin
        self.desk = Desk()
        hub.usual = self.desk.act
        self._count = 0
        self._lives: list[Life] = []
        self._enrolled = broker.enrol(DEVICE, DeviceRole.KIOSK, folder / "enrolled")

    @property
    def slips(self) -> Path:
        """Where paper falls."""
        return self.folder / "slips"

    def pieces(self, *, torn: bool = False) -> list[Path]:
        """Whole slips, or what was torn off half-way; the oldest first."""
        return [one for one in sorted(self.slips.glob("*.png")) if one.stem.endswith("-torn") is torn]

    def order(self, name: str, **more: object) -> str:
        """The hub orders something; returns the order's id."""
        order_id = str(uuid4())
        expires_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
        self.hub.say(
            f"devices/{DEVICE}/orders", {"order_id": order_id, "order": name, "expires_at": expires_at, **more}
        )
        return order_id

    def answer_to(self, order_id: str) -> tuple[bool, str]:
        """What became of an order, once the kiosk has said so."""
        until(lambda: self._answers(order_id), "what became of the order")
        return self._answers(order_id)[-1]

    def _answers(self, order_id: str) -> list[tuple[bool, str]]:
        topic = f"devices/{DEVICE}/orders-done"
        said = [orjson.loads(payload) for name, payload in self.hub.heard if name == topic]
        return [(one["ok"], one["detail"]) for one in said if one["order_id"] == order_id]

    def kiosk(self, before: Path | None = None, *, printer: Printer | None = None, **plan: Any) -> Life:
        """A kiosk that is switched on; with what an earlier one had on disk, and at a printer of its own if given."""
        self._count += 1
        wire = Wire(self.broker.secure_port)
        folder = self.folder / f"life-{self._count}"
        shutil.copytree(self._enrolled, folder)
        written = (folder / "device.toml").read_text()
        (folder / "device.toml").write_text(written.replace(str(self.broker.secure_port), str(wire.port)))
        if before is not None:
            shutil.copytree(before, folder / "state")
        life = Life(folder, wire, printer or MortalPrinter(self.twin), **plan)
        self._lives.append(life)
        return life.start()

    def kill(self, life: Life) -> Path:
        """Stops a kiosk between two instructions; returns what was on its disk at that moment."""
        life.die()
        remains = life.folder / "remains"
        shutil.copytree(life.folder / "state", remains)
        return remains

    def end(self, life: Life) -> None:
        """Switches a kiosk off."""
        life.end()
        life.wire.cut()
        self._lives.remove(life)

    def close(self) -> None:
        """Whoever is left."""
        for life in list(self._lives):
            self.end(life)


@contextmanager
def hall(folder: Path, *, model: Model = NARROW, **printer: Any) -> Iterator[Hall]:
    """All of it, open for business; `printer`: facts of the twin."""
    twin = VirtualPrinter(folder / "slips", model=model, **printer)
    twin.open()
    with SecureBroker(folder) as broker, ScriptedHub(broker.port) as hub:
        hub.be("online", "boot-1")
        hub.say("centre", CENTRE, retain=True)
        hub.say("services", SERVICES, retain=True)
        opened = Hall(folder, broker, hub, twin)
        try:
            yield opened
        finally:
            opened.close()
            twin.close()
