"""A small centre with its hub's storage, door and pages: what the web's tests stand on."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.admin.add_system import add_system
from hub.actions.admin.apply_set_up import apply_set_up
from hub.actions.admin.open_day import open_day_if_due
from hub.actions.asking import Action, Outcome, Request
from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.device.showing import HallWord
from hub.actions.work import Asker, Rules
from hub.contract.names import DeviceRole, SlipState, StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import BoardSetUp, ClassSetUp, CounterSetUp, GroupSetUp, ServiceSetUp, SetUp
from hub.contract.time import Instant
from hub.messaging.publisher import Publisher
from hub.queueing.facts import Entry
from hub.queueing.limits import IssueLimit
from hub.settings import Limits, Web
from hub.storage.database import Database, sqlite_url
from hub.storage.follower import Follower, Signal
from hub.storage.ledger import Ledger
from hub.storage.reading import StoredReading
from hub.storage.schema import migrate
from hub.storage.writer import Writer
from hub.web.app import create_app
from hub.web.events import Broadcast
from hub.web.live import LivePages
from hub.web.parts import LastWord, WebParts
from hub.web.passwords import LANES, MEMORY_KIB, PASSES
from hub.web.pictures import Pictures
from hub.web.server import Server
from hub.web.sessions import new_token, token_hash
from hub.web.setup_code import SetupCode

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = Instant(1_795_401_660_000)
"""Monday 23 November 2026, 09:41 in the centre."""

PASSWORD = "lúa chín vàng đồng"
SETUP_CODE = "X7K2M-9PQ4T"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: Instant = MORNING) -> None:
        self.now = now

    def __call__(self) -> Instant:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1000

    def pass_by(self, seconds: float) -> None:
        self.now = Instant(self.now + round(seconds * 1000))


def set_up() -> SetUp:
    """Three services, three counters, one board."""
    return SetUp(
        name={"vi": "Phường An Bình", "en": "An Binh ward"},
        groups=[GroupSetUp(id="people", name={"vi": "Hộ tịch, chứng thực", "en": "People"})],
        services=[
            ServiceSetUp(id="civil", prefix="A", group="people", name={"vi": "Hộ tịch", "en": "Civil status"}),
            ServiceSetUp(id="copies", prefix="B", group="people", name={"vi": "Chứng thực", "en": "Certification"}),
            ServiceSetUp(id="land", prefix="C", group="people", name={"vi": "Đất đai, xây dựng", "en": "Land"}),
        ],
        classes=[
            ClassSetUp(id="ordinary", name={"vi": "Thường", "en": "Ordinary"}, icon="user"),
            ClassSetUp(id="elderly", name={"vi": "Người cao tuổi", "en": "Elderly"}, icon="accessibility"),
        ],
        counters=[
            CounterSetUp(id="c1", number=1, label={"vi": "Quầy 1", "en": "Desk 1"}, services=["civil", "copies"]),
            CounterSetUp(id="c2", number=2, label={"vi": "Quầy 2", "en": "Desk 2"}, services=["civil"]),
            CounterSetUp(id="c3", number=3, label={"vi": "Quầy 3", "en": "Desk 3"}, services=["land"]),
        ],
        boards=[BoardSetUp(id="hall", name={"vi": "Sảnh A", "en": "Hall A"})],
    )


@dataclass(frozen=True)
class Enrolled:
    """A device given a certificate that is none."""

    device: str
    role: DeviceRole

    @property
    def pin(self) -> str | None:
        return "271828" if self.role is DeviceRole.KIOSK else None

    def files(self) -> dict[str, bytes]:
        return {"device.toml": f'device = "{self.device}"\nrole = "{self.role}"\n'.encode()}


@dataclass
class Enrolment:
    """Devices as they were added."""

    devices: dict[str, Enrolled] = field(default_factory=dict)

    def add(self, device: str, role: DeviceRole, **_: Any) -> Enrolled:
        self.devices[device] = Enrolled(device, role)
        return self.devices[device]

    def change_pin(self, device: str, by: Asker) -> str:
        if device not in self.devices:
            raise Refusal(RefusalCode.NOT_FOUND)
        return f"{by.key} 314159"

    def remove(self, device: str) -> None:
        if self.devices.pop(device, None) is None:
            raise Refusal(RefusalCode.NOT_FOUND)


@dataclass
class Hall:
    """A running centre without devices. `close()` when done."""

    place: Path
    clock: Clock = field(default_factory=Clock)
    web: Web = field(default_factory=Web)
    limits: Limits = field(default_factory=Limits)
    fonts: Path | None = None
    code: SetupCode = field(default_factory=lambda: SetupCode(SETUP_CODE))
    heard: dict[str, LastWord] = field(default_factory=dict)
    checks: dict[str, str | None] = field(default_factory=lambda: {"database": None, "broker": None})

    def __post_init__(self) -> None:
        self.database = Database(sqlite_url(self.place / "hub.db"))
        migrate(self.database)
        rules = Rules(self.limits.undo_s * 1000, "https://an-binh.example.vn", ZONE)
        ledger = Ledger(
            self.database,
            clock=self.clock,
            rules=rules,
            issue_limit=IssueLimit(per_minute=600, burst=600),
            before_each=open_day_if_due,
        )
        self.signal = Signal()
        self.failures: list[BaseException] = []
        self.writer = Writer(
            ledger, on_commit=lambda urgent: self.signal.ring(urgent=urgent), on_failure=self.failures.append
        )
        self.writer.start()
        self.reading = StoredReading(self.database)
        self.said: dict[str, list[HallWord]] = {}
        """What the halls say of each counter's last call."""
        self.live = LivePages(
            Broadcast(),
            self.writer,
            self.reading,
            clock=self.clock,
            zone=ZONE,
            undo_ms=rules.undo_ms,
            halls=lambda: self.said,
        )
        self.pictures = Pictures(self.clock)
        self.parts = WebParts(
            door=self.writer,
            reading=self.reading,
            enrolment=Enrolment(),
            live=self.live,
            web=self.web,
            limits=self.limits,
            zone=ZONE,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            setup_code=lambda: self.code,
            readiness=lambda: self.checks,
            heard=lambda: self.heard,
            pictures=self.pictures,
            metrics=lambda: b"motcua_up 1\n",
            fonts=self.fonts,
        )
        self._apps: list[FastAPI] = []
        self._followers: list[Any] = []

    def app(self) -> FastAPI:
        """The application over this hall."""
        app = create_app(self.parts)
        self._apps.append(app)
        return app

    def do(self, action: Action, asker: Asker | None = None) -> Outcome:
        """An action through the door, outside HTTP."""
        outcome = self.writer.submit(Request(action, asker)).result(10)
        assert outcome.ok, outcome.answer
        return outcome

    def furnish(self, document: SetUp | None = None) -> None:
        """Puts the set-up in force."""
        self.do(lambda work: apply_set_up(work, document or set_up()))

    def add_staff(self, name: str, role: StaffRole, display_name: str | None = None) -> str:
        """A person with the password of all tests; returns the id."""
        new = NewStaff(name, display_name or name.title(), role, password_hash())
        self.do(lambda work: add_staff(work, Asker("test", "hall"), new))
        found = self.reading.find_staff(name)
        assert found is not None
        return found.id

    def add_system(self, name: str, role: str) -> str:
        """Another system; returns its token."""
        token = new_token()
        self.do(lambda work: add_system(work, name, token_hash(token), role))
        return token

    def issue(self, service: str = "civil", class_: str = "ordinary", slip: SlipState = SlipState.PRINTED) -> str:
        """A ticket from a kiosk; returns its id."""
        asker = Asker("device", "kiosk-01")
        request = str(uuid4())
        outcome = self.do(
            lambda work: issue_ticket(work, asker, request, service=service, class_=class_, language="vi", slip=slip)
        )
        return str(json.loads(outcome.answer)["ticket"]["id"])

    def track_key(self, ticket: str) -> str:
        """The random part of a ticket's address."""
        found = self.reading.find_ticket(ticket)
        assert found is not None
        return found.track_key

    def publish(self, coalesce_s: float = 0.05) -> Publisher:
        """Lets the hub's publisher tell the pages what happens, as in the whole hub."""
        publisher = Publisher(
            self.writer,
            [self.live.tell],
            clock=self.clock,
            zone=ZONE,
            public_url=None,
            officers=lambda: {one.id: one.display_name for one in self.reading.all_staff()},
            also=lambda _: [],
            coalesce_s=coalesce_s,
        )
        publisher.start()
        follower = Follower("pages", self.database, self.signal, lambda entries: self._hand_over(publisher, entries))
        cursor = self.writer.look(lambda sight: sight.entry).result(10)
        follower.start(cursor)
        self._followers += [follower, publisher]
        return publisher

    def _hand_over(self, publisher: Publisher, entries: Sequence[Entry]) -> None:
        self.live.on_entries(entries)
        publisher.on_entries(entries)

    def serve(self) -> Server:
        """The pages on a real port of loopback."""
        server = Server(self.app(), self.live.events, listen="127.0.0.1", port=0)
        server.start()
        self._followers.insert(0, server)
        return server

    def close(self) -> None:
        """Ends everything."""
        for one in self._followers:
            one.stop()
        self._followers.clear()
        for app in self._apps:
            app.state.kit.passwords.close()
        self.writer.stop()
        self.database.close()
        assert not self.failures


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`, made once for all tests."""
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES).hash(PASSWORD)


class Browser:
    """A browser as far as HTTP goes: cookies, the CSRF token, request ids. `http.aclose()` when done."""

    def __init__(self, app: FastAPI, *, address: str = "10.0.0.9", base_url: str = "http://hub.test") -> None:
        transport = httpx.ASGITransport(app, client=(address, 40000), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url=base_url)
        self.csrf: str | None = None

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Signs in and keeps the CSRF token."""
        answer = await self.http.post("/api/v1/session", json={"name": name, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Reads."""
        return await self.http.get(path, **options)

    async def change(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        """Asks for a change with all that belongs to it."""
        sent = {"Idempotency-Key": key or str(uuid4()), **headers}
        if self.csrf is not None:
            sent.setdefault("X-CSRF-Token", self.csrf)
        return await self.http.request(method, path, json=body, headers=sent)

    async def press(self, counter: str, verb: str, body: Any = None, **options: Any) -> httpx.Response:
        """An officer's press."""
        return await self.change("POST", f"/api/v1/counters/{counter}/{verb}", body, **options)


Browsers = Callable[..., Browser]
"""Makes browsers; `address` and `base_url` may be named."""


async def signed_in(browser: Browsers, name: str, **options: str) -> Browser:
    """A browser signed in under `name`."""
    made = browser(**options)
    assert (await made.sign_in(name)).status_code == 200
    return made


def until(condition: Callable[[], Any], limit_s: float = 30.0) -> Any:
    """Waits for a condition, and returns what it said; fails when it does not come true in time."""
    waiting = threading.Event()
    deadline = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        waiting.wait(0.01)
    return found
