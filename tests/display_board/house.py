"""A whole board under test: its program over a real broker, a hub that says what the test wants, pages in a browser."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from display_board.bootstrap import BoardProgram, Plan
from hub.contract.messages import Message
from hub.contract.names import DeviceRole
from tests.display_board.hall import SERVICES, ZONE, label
from tests.hub.client.scripted_hub import LIMIT_S, ScriptedHub, SecureBroker, until

DEVICE = "board-01"
BOARD = "hall"
SHOWN = f"devices/{DEVICE}/shown"


@dataclass
class House:
    """Broker, hub and the board's folder; `begin` starts the board, as often as the test wants."""

    broker: SecureBroker
    hub: ScriptedHub
    folder: Path
    sequence: int = 100
    calls: list[dict[str, Any]] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    running: "list[RunningBoard]" = field(default_factory=list)

    def begin(self, settings: str = "", **plan: Any) -> "RunningBoard":
        """The board's program on a thread of its own, with its link ready."""
        board = self.begin_alone(settings, **plan)
        board.until_ready()
        return board

    def begin_alone(self, settings: str = "", **plan: Any) -> "RunningBoard":
        """The same, with nobody to be heard."""
        (self.folder / "board.toml").write_text(settings)
        told: list[dict[str, object]] = []
        wanted = Plan(self.folder, player=plan.pop("player", False), tell=told.append, **plan)
        board = RunningBoard(BoardProgram(wanted), told)
        self.running.append(board)
        board.start()
        return board

    def open(self, *, speaks: bool = True, notice: dict[str, str] | None = None, **settings: Any) -> None:
        """The hub says all that it keeps for boards."""
        self.settings(speaks=speaks, **settings)
        self.hub.be("online", "boot-1")
        name = {"vi": "Phường An Bình", "en": "An Binh ward"}
        centre = {"name": name, "languages": ["vi", "en"], "classes": [], "open": True, "notice": notice}
        self.say("centre", {**centre, "opens_at": None, "closes_at": None, "public_url": None}, retain=True)
        self.list_calls()
        self.wait({service: (6, 1200, 2100) for service, _, _ in SERVICES})

    def settings(self, **changed: Any) -> None:
        """What the board shall be set to."""
        told = {"version": 1, "boards": [BOARD], "languages": ["vi", "en"], "speaks": True, **changed}
        self.say(f"devices/{DEVICE}/settings", told, retain=True)

    def order(self, name: str, **more: Any) -> None:
        """Something that it shall do."""
        self.orders[name] = str(uuid4())
        expires_at = (self.now() + timedelta(minutes=5)).isoformat()
        told = {"order_id": self.orders[name], "order": name, "expires_at": expires_at, **more}
        self.say(f"devices/{DEVICE}/orders", told)

    def done(self, name: str) -> dict[str, Any]:
        """What it has said of an order; nothing before."""
        said = [orjson.loads(payload) for topic, payload in list(self.hub.heard) if topic.endswith("/orders-done")]
        own = [one for one in said if one["order_id"] == self.orders[name]]
        return {key: own[-1][key] for key in ("ok", "detail")} if own else {}

    def let_pass(self, seconds: int) -> None:
        """As if the board had been off for so long."""
        file = self.folder / "state" / "hall.json"
        kept = orjson.loads(file.read_bytes())
        file.write_bytes(orjson.dumps({**kept, "heard_at": kept["heard_at"] - seconds * 1000}))

    def say(self, topic: str, body: Any, *, retain: bool = False) -> None:
        """A message of the hub."""
        told = body.model_dump(mode="json") if isinstance(body, Message) else body
        self.hub.say(topic, told, retain=retain)

    def now(self) -> datetime:
        """The hub's clock, in the centre's zone."""
        return self.hub.clock().astimezone(ZONE)

    def call(self, number: str, counter: int, *, ago_s: float = 0, words: dict[str, str] | None = None) -> int:
        """A call as it happens, and what its counter says then; returns its sequence."""
        self.sequence += 1
        at = (self.now() - timedelta(seconds=ago_s)).isoformat(timespec="milliseconds")
        named = {"number": number, "counter": f"c{counter}", "label": words or label(counter), "repeat": 0}
        self.calls = [{**named, "called_at": at}, *(one for one in self.calls if one["number"] != number)][:8]
        self.say(f"boards/{BOARD}/calls", {**named, "epoch": "e1", "sequence": self.sequence, "at": at})
        self.counter(counter, "called", number)
        return self.sequence

    def counter(self, counter: int, state: str, number: str | None = None) -> None:
        """A counter's own word."""
        ticket = {"number": number, "since": self.now().isoformat()} if number else None
        told = {"number": counter, "label": label(counter), "state": state, "officer": None, "ticket": ticket}
        self.say(f"counters/c{counter}", told, retain=True)

    def list_calls(self) -> None:
        """The list as it stands now, retained."""
        waiting = [
            {"service": service, "prefix": prefix, "name": {"vi": name}, "waiting": 6, "wait": None}
            for service, prefix, name in SERVICES
        ]
        told = {"epoch": "e1", "sequence": self.sequence, "calls": self.calls, "waiting": waiting}
        self.say(f"boards/{BOARD}", {**told, "notice": None, "playlist_version": 0}, retain=True)

    def wait(self, counts: dict[str, tuple[int, int, int]]) -> None:
        """How many wait, with a forecast."""
        services = {
            service: {"open": True, "closed_reason": None, "waiting": n, "wait": {"low_s": low, "high_s": high}}
            for service, (n, low, high) in counts.items()
        }
        self.say("waiting", {"at": self.now().isoformat(), "services": services}, retain=True)

    def shown(self, *, sequence: int | None = None) -> list[str]:
        """What the board has confirmed: the words about each announcement, of one call or of all."""
        said = [orjson.loads(payload) for topic, payload in list(self.hub.heard) if topic == SHOWN]
        return [one["speech"] for one in said if sequence in (None, one["sequence"])]


class RunningBoard:
    """One life of the program."""

    def __init__(self, program: BoardProgram, told: list[dict[str, object]]) -> None:
        self.program = program
        self.told = told
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="board under test", daemon=True)

    @property
    def address(self) -> str:
        """Where its page is."""
        return self.program.server.address

    def start(self) -> None:
        """Returns when its page is there."""
        self._thread.start()
        until(lambda: self.problem or self.told, "the board's page")
        assert self.problem is None, self.problem

    def until_ready(self) -> None:
        """Hub and board know each other."""
        until(lambda: self.program.link.ready and self.program.conductor.first_word().setting.board, "the board ready")

    def end(self) -> None:
        """As SIGTERM does. Harmless twice."""
        self.program.stop()
        self._thread.join(LIMIT_S)
        assert not self._thread.is_alive()
        assert self.problem is None, self.problem

    def _run(self) -> None:
        try:
            self.program.run()
        except BaseException as problem:
            self.problem = problem


@contextmanager
def house(place: Path) -> Iterator[House]:
    """All of it, gone at the end."""
    with SecureBroker(place) as broker, ScriptedHub(broker.port) as hub:
        folder = broker.enrol(DEVICE, DeviceRole.BOARD, place / "board")
        made = House(broker, hub, folder)
        made.open()
        try:
            yield made
        finally:
            for board in made.running:
                board.end()
