"""A hub at work for all who ask its API: what they come upon, and what is to be said of each answer."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import requests
from schemathesis import Case
from uuid_utils.compat import uuid7

from hub.client.upload import upload
from hub.contract.refusals import RefusalCode
from hub.web.access import Permission
from hub.web.device_door import PNG
from hub.web.problems import WebCode
from tests.faults.described import (
    A_CALLING_DEVICE,
    A_COUNTER_IN_NEED,
    A_NEW_NAME,
    A_PERSON,
    A_PRINTED_TICKET,
    A_RESTING_TICKET,
    A_TICKET,
    A_TOKEN,
    ADDRESS,
    AN_ORDER_WITH_PICTURE,
    description,
    permissions,
)
from tests.faults.judging import Rights, code_of, problems
from tests.faults.visitors import KEEPER, MAY, NOBODY, Healthy, Visitor, let_in
from tests.rig.centre import ADMINISTRATOR, CLASS, PASSWORD, Centre, Plan, free_ports, made
from tests.rig.device import Device
from tests.rig.running import HUB, RunningHub, running
from tests.rig.web import Answer, Web, figure

WEB: Final = {"public_url": "https://hoa-sen.example.vn", "trusted_proxies": ["127.0.0.1"]}
"""The test is a proxy of this hub: its visitors come from many addresses, and none is held up as one who guesses."""

WISH: Final = {"service": "service-a", "class": CLASS}
WAITING_AT_FIRST: Final = 20
OFFICER, COUNTER = "officer-2", "/api/v1/counters/counter-2"
"""Who holds tickets for the visitors, who are at the other counter."""


def plan(database_url: str = "") -> Plan:
    """The centre that is visited."""
    (door,) = free_ports(1)
    sections = {"web": WEB, "devices": {"port": door}}
    return Plan(services=3, counters=2, database_url=database_url, sections=sections)


@dataclass(frozen=True)
class Asked:
    """What became of one request, and all that is wrong with it."""

    operation: str
    status: int
    code: str
    problems: list[str]


@dataclass
class Scene:
    """The visitors, and who keeps the house for them. `answers`: how many of each kind, by visitor."""

    centre: Centre
    hub: RunningHub
    visitors: Mapping[str, Visitor]
    keepers: Mapping[str, Web]
    kiosk: Device
    healthy: Healthy
    answers: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in MAY})
    _person: str = ""

    def rights(self, visitor: str, operation: str) -> Rights:
        """What this visitor may do there."""
        may, asks = MAY[visitor], permissions()[operation]
        refusal = WebCode.SIGNED_OUT if visitor == NOBODY else RefusalCode.NOT_ALLOWED
        barred = "" if asks is None or asks in may else refusal.value
        return Rights(barred, known=asks is not None, sees_queue=Permission.SEE_QUEUE in may)

    def ask(self, visitor: str, case: Case) -> Asked:
        """Sends a request, with what its words stand for now, and judges the answer."""
        case, operation = case.derive(), case.operation.label
        for part in ("path_parameters", "query", "body"):
            told = getattr(case, part)
            if (now := self._now(told)) != told:
                setattr(case, part, now)
        try:
            answer = self.visitors[visitor].send(case)
        except requests.RequestException as error:
            return Asked(operation, 0, "", [f"{visitor}: no answer to {operation}: {error!r}"])
        if operation == "DELETE /api/v1/staff/{staff}" and answer.status_code < 300:
            self._person = ""
        code = code_of(answer)
        self.answers[visitor][f"{answer.status_code} {code}".strip()] += 1
        found = problems(case, answer, self.rights(visitor, operation))
        return Asked(operation, answer.status_code, code, [f"{visitor}: {one}" for one in found])

    def broken(self) -> list[str]:
        """What broke inside the hub, by its own figures and by its log."""
        counted = {name: figure(self.centre, f"motcua_{name}_total") for name in ("internal_faults", "callback_errors")}
        return [*(f"{name}: {count:.0f}" for name, count in counted.items() if count), *self.hub.complaints()]

    # ------------------------------------------------------------ what words stand for

    def _now(self, told: Any) -> Any:
        if isinstance(told, dict):
            return {name: self._now(value) for name, value in told.items()}
        return STAND_FOR[told](self) if type(told) is str and told in STAND_FOR else told

    def a_ticket(self) -> str:
        """The id of a number just given."""
        return str(self._give()["id"])

    def a_token(self) -> str:
        """The last part of the address on a slip just given."""
        return str(self._give()["track_url"]).rpartition("/")[2]

    def a_resting_ticket(self) -> str:
        """The id of a number just called and held."""
        self._give()
        self._keep(OFFICER, f"{COUNTER}/call-next")
        return str(self._keep(OFFICER, f"{COUNTER}/hold").body["ticket"]["id"])

    def a_printed_ticket(self) -> str:
        """The id of a number just given on paper."""
        return str(self.kiosk.ask("issue-ticket", {**WISH, "language": "vi"})["result"]["ticket"]["id"])

    def a_person(self) -> str:
        """The id of somebody whom nobody will miss; another one when the last was taken out."""
        if not self._person:
            told = {"name": self.a_new_name(), "display_name": "X", "role": "officer", "password": PASSWORD}
            self._person = str(self._keep(ADMINISTRATOR, "/api/v1/staff", told).body["id"])
        return self._person

    def a_new_name(self) -> str:
        """A sign-in name that nobody has."""
        return f"new-{uuid7()}"

    def a_calling_device(self) -> str:
        """A kiosk at which somebody has just called for staff."""
        assert self.kiosk.ask("call-staff", {"screen": "services"})["ok"]
        return self.kiosk.device

    def a_counter_in_need(self) -> str:
        """The keepers' counter, whose officer has just called for help."""
        self._keep(OFFICER, f"{COUNTER}/emergency")
        return COUNTER.rpartition("/")[2]

    def an_order_with_picture(self) -> str:
        """The id of an order to the kiosk that it has answered with a picture of its screen."""
        path = f"devices/{self.kiosk.device}"
        order = str(self._keep(ADMINISTRATOR, f"/api/v1/{path}/orders", {"order": "screenshot"}).body["order_id"])
        door = f"https://127.0.0.1:{self.centre.settings.devices.port}"
        upload(self.kiosk.enrolled.address, f"{door}/{path}/screenshots/{order}", PNG, "image/png")
        return order

    def _give(self) -> dict[str, Any]:
        ticket: dict[str, Any] = self._keep(KEEPER, "/api/v1/tickets", WISH).body["ticket"]
        return ticket

    def _keep(self, keeper: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        answer = self.keepers[keeper].change(path, str(uuid7()), body)
        assert answer.ok, f"{keeper} {path}: {answer}"
        return answer


STAND_FOR: Final[dict[str, Callable[[Scene], str]]] = {
    A_TICKET: Scene.a_ticket,
    A_RESTING_TICKET: Scene.a_resting_ticket,
    A_TOKEN: Scene.a_token,
    A_PRINTED_TICKET: Scene.a_printed_ticket,
    A_PERSON: Scene.a_person,
    A_NEW_NAME: Scene.a_new_name,
    A_CALLING_DEVICE: Scene.a_calling_device,
    A_COUNTER_IN_NEED: Scene.a_counter_in_need,
    AN_ORDER_WITH_PICTURE: Scene.an_order_with_picture,
}


@contextmanager
def visited(database_url: str = "", program: tuple[str, ...] = HUB) -> Iterator[Scene]:
    """A hub that describes its API as it should, with everybody signed in and people waiting."""
    with made(plan(database_url)) as centre, ExitStack() as closing:
        let_in(centre)
        hub = closing.enter_context(running(centre, program))
        visitors = {name: Visitor(centre, name) for name in MAY}
        keepers = {name: Web(centre).sign_in(name) for name in (ADMINISTRATOR, OFFICER, KEEPER)}
        kiosk, healthy = Device(centre, "kiosk-01").open(), Healthy(centre)
        for one in (*visitors.values(), *keepers.values(), kiosk):
            closing.callback(one.close)
        assert keepers[KEEPER].ask("GET", ADDRESS).body["paths"] == description()["paths"]
        scene = Scene(centre, hub, visitors, keepers, kiosk, healthy)
        scene._keep(OFFICER, f"{COUNTER}/open")
        for _ in range(WAITING_AT_FIRST):
            scene._give()
        healthy.start()
        closing.callback(healthy.finish)
        yield scene
