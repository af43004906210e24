"""Who asks the hub's API: nobody, a person of each role, a system of each role; and a desk that works meanwhile."""

import random
import threading
import time
from typing import Final
from uuid import UUID

import requests
from argon2 import PasswordHasher
from schemathesis import Case, Response
from uuid_utils.compat import uuid7

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.admin.add_system import add_system
from hub.actions.asking import Action, Request
from hub.contract.names import StaffRole
from hub.standing import standing_hub
from hub.web.access import CSRF_HEADER, ROLES, SYSTEM_ROLES, Permission
from hub.web.sessions import token_hash
from tests.faults.described import GUEST
from tests.rig.centre import CLASS, LIMIT_S, PASSWORD, TESTER, Centre
from tests.rig.web import Web

NOBODY: Final = "nobody"
SYSTEM: Final = "system-"
MAY: Final[dict[str, frozenset[Permission]]] = {
    NOBODY: frozenset(),
    **{str(role): may for role, may in ROLES.items()},
    **{f"{SYSTEM}{role}": may for role, may in SYSTEM_ROLES.items()},
}
"""What each visitor may do."""

HEALTHY: Final = "healthy"
KEEPER: Final = "keeper"
KEY: Final = "Idempotency-Key"
PAUSE_S: Final = 0.1


class Visitor:
    """One who asks, with what proves who it is. Signs in again when its session has ended."""

    def __init__(self, centre: Centre, name: str) -> None:
        self.name = name
        self._place = f"http://127.0.0.1:{centre.settings.web.port}"
        self._connection = requests.Session()
        self._connection.trust_env = False  # neither proxies nor passwords of who runs the tests
        self._addresses = random.Random(name)
        self._proof = self._sign_in()

    def send(self, case: Case) -> Response:
        """The answer. A change goes out under an id that nobody has used; each request comes from another address."""
        address = ".".join(str(self._addresses.randint(1, 254)) for _ in range(4))
        key = {KEY: str(uuid7())} if _is_id(case.headers.get(KEY)) else {}
        answer = case.call(self._place, self._connection, {**self._proof, "X-Forwarded-For": address, **key})
        self._connection.cookies.clear()
        if answer.status_code < 300 and case.operation.path == "/api/v1/session" and case.method != "GET":
            self._proof = self._sign_in()
        return answer

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _sign_in(self) -> dict[str, str]:
        """The headers that say who asks."""
        if self.name == NOBODY:
            return {}
        if self.name.startswith(SYSTEM):
            return {"Authorization": f"Bearer {token_of(self.name)}"}
        told = {"name": sign_in_name(self.name), "password": PASSWORD}
        answer = self._connection.post(f"{self._place}/api/v1/session", json=told, timeout=LIMIT_S)
        assert answer.ok, f"{self.name} cannot sign in: {answer.text}"
        self._connection.cookies.clear()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        return {"Cookie": cookie, CSRF_HEADER: answer.json()["csrf"]}


class Healthy(threading.Thread):
    """A desk that gives one number after the other and looks whether the hub lives, until told to finish."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(name=HEALTHY, daemon=True)
        self.waited_s: list[float] = []
        self._broken: list[str] = []
        self._centre = centre
        self._finish = threading.Event()

    def run(self) -> None:
        """The working day."""
        before = 0
        try:
            with Web(self._centre).sign_in(HEALTHY) as web:
                while not self._finish.is_set():
                    before = self._give(web, before)
                    self._finish.wait(PAUSE_S)
        except Exception as error:  # whatever it is, the test shall show it
            self._broken.append(repr(error))

    def finish(self) -> None:
        """Ends the day."""
        self._finish.set()
        self.join(2 * LIMIT_S)

    def problems(self, patience_s: float) -> list[str]:
        """What went wrong, and a wait longer than the desk's patience."""
        longest = max(self.waited_s, default=float("inf"))
        return [*self._broken, *([f"waited for {longest:.1f} s"] if longest > patience_s else [])]

    def _give(self, web: Web, before: int) -> int:
        """The sequence of one number: one more than before, or the first of a new day."""
        asked = time.monotonic()
        alive = web.ask("GET", "/healthz")
        given = web.change("/api/v1/tickets", str(uuid7()), {"service": "service-b", "class": CLASS})
        self.waited_s.append(time.monotonic() - asked)
        sequence = int(given.body["ticket"]["number"].removeprefix("B")) if given.ok else 0
        if (alive.status, alive.body) != (200, {"ok": True}) or sequence not in (1, before + 1):
            self._broken.append(f"after number {before}: {alive}, {given}")
        return sequence


def sign_in_name(role: str) -> str:
    """Of the visitor with this role."""
    return f"visitor-{role}"


def token_of(system: str) -> str:
    """The bearer token of this visitor."""
    return f"token-of-{system}"


def let_in(centre: Centre) -> None:
    """Makes everybody known to a hub that stands still; passwords are cheaply hashed: signing in is not tested here."""
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    people = {sign_in_name(role): role for role in StaffRole}
    people |= {GUEST: StaffRole.DESK, HEALTHY: StaffRole.DESK, KEEPER: StaffRole.DESK}
    everybody = [*(_person(name, role, hashed) for name, role in people.items()), *map(_system, SYSTEM_ROLES)]
    with standing_hub(centre.settings) as hub:
        for action in everybody:
            assert hub.door.submit(Request(action)).result(LIMIT_S).ok


def _person(name: str, role: StaffRole, hashed: str) -> Action:
    return lambda work: add_staff(work, TESTER, NewStaff(name, name.title(), role, hashed))


def _system(role: str) -> Action:
    name = f"{SYSTEM}{role}"
    return lambda work: add_system(work, name, token_hash(token_of(name)), role)


def _is_id(told: object) -> bool:
    try:
        return bool(UUID(str(told)))
    except ValueError:
        return False
