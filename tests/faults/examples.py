"""A request for every operation that is granted to whoever may ask it, in an order in which each can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from schemathesis import Case
from uuid_utils.compat import uuid7

from tests.faults.described import (
    A_CALLING_DEVICE,
    A_COUNTER_IN_NEED,
    A_NEW_NAME,
    A_PERSON,
    A_PRINTED_TICKET,
    A_RESTING_TICKET,
    A_TICKET,
    A_TOKEN,
    AN_ORDER_WITH_PICTURE,
    GUEST,
    SPARE,
    operations,
)
from tests.faults.scene import WISH, plan
from tests.faults.visitors import KEY
from tests.rig.centre import OTHER_CLASS, PASSWORD, set_up

THE_FIRST: Final = "POST /api/v1/setup"
"""Succeeds once in a hub's life, before anybody can sign in."""


@dataclass(frozen=True)
class Example:
    """One request. `levels`: of its address."""

    operation: str
    levels: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)

    def case(self) -> Case:
        """As it is sent."""
        sent = {"path_parameters": dict(self.levels), "query": dict(self.query), "headers": {KEY: str(uuid7())}}
        if self.body is not None:
            sent |= {"body": self.body, "media_type": "application/json"}
        return operations()[self.operation].Case(**sent)


def press(verb: str, body: Any = None) -> Example:
    """A press at the visitors' counter."""
    return Example(f"POST /api/v1/counters/{{counter}}/{verb}", {"counter": "counter-1"}, body)


def ask(operation: str, body: Any = None, **levels: str) -> Example:
    """Anything else."""
    return Example(operation, levels, body)


SIGN_IN: Final = {"name": GUEST, "password": PASSWORD}
FIRST: Final = {"code": "", "name": "first", "display_name": "First", "password": PASSWORD}
PERSON: Final = {"name": A_NEW_NAME, "display_name": "Somebody", "role": "officer", "password": PASSWORD}
EVENTS: Final = "GET /api/v1/events"

EXAMPLES: Final = (
    ask("GET /api/v1/session"),
    ask("POST /api/v1/session", SIGN_IN),
    ask(THE_FIRST, FIRST),
    ask("GET /api/v1/queue"),
    ask("POST /api/v1/tickets", WISH),
    ask("GET /api/v1/tickets/{ticket}", ticket=A_TICKET),
    Example("GET /api/v1/tickets", query={"slip": A_TOKEN}),
    ask("POST /api/v1/tickets/{ticket}/reprint", ticket=A_PRINTED_TICKET),
    ask("POST /api/v1/tickets/{ticket}/cancel", ticket=A_TICKET),
    ask("GET /t/{token}", token=A_TOKEN),
    ask("POST /t/{token}/cancel", token=A_TOKEN),
    Example(EVENTS),
    Example(EVENTS, query={"board": "hall"}),
    Example(EVENTS, query={"ticket": A_TOKEN}),
    press("open"),
    press("call-next"),
    press("recall"),
    press("start"),
    press("finish"),
    press("call-next"),
    press("start"),
    Example(
        "POST /api/v1/counters/{counter}/call/{ticket}",
        {"counter": "counter-1", "ticket": A_TICKET},
        {"reason": "unwell"},
    ),
    press("hold", {"note": "a paper is missing"}),
    press("call-next"),
    press("no-show"),
    press("undo"),
    press("return"),
    press("return", {"ticket": A_RESTING_TICKET}),
    press("set-class", {"class": OTHER_CLASS, "ticket": A_RESTING_TICKET}),
    press("transfer", {"service": "service-c", "ticket": A_RESTING_TICKET}),
    press("transfer", {"counter": "counter-2", "ticket": A_RESTING_TICKET, "note": "a word for you"}),
    press("call-next"),
    press("transfer", {"service": "service-b"}),
    press("call-next"),
    press("cancel"),
    press("cancel", {"ticket": A_RESTING_TICKET}),
    press("reprint", {"ticket": A_PRINTED_TICKET}),
    press("pause"),
    press("break", {"minutes": 10}),
    press("resume"),
    press("emergency"),
    Example("POST /api/v1/counters/{counter}/emergency/answer", {"counter": A_COUNTER_IN_NEED}),
    press("close"),
    ask("GET /api/v1/set-up"),
    ask("PUT /api/v1/set-up", set_up(plan()).model_dump(mode="json", by_alias=True)),
    ask("GET /api/v1/staff"),
    ask("POST /api/v1/staff", PERSON),
    ask("PUT /api/v1/staff/{staff}/password", {"password": PASSWORD}, staff=A_PERSON),
    ask("DELETE /api/v1/staff/{staff}", staff=A_PERSON),
    ask("GET /api/v1/devices"),
    ask("POST /api/v1/devices", {"id": SPARE, "role": "kiosk"}),
    ask("POST /api/v1/devices/{device}/pin", device=SPARE),
    ask("POST /api/v1/devices/{device}/orders", {"order": "identify"}, device="kiosk-01"),
    ask("GET /api/v1/devices/{device}/screenshots/{order_id}", device="kiosk-01", order_id=AN_ORDER_WITH_PICTURE),
    ask("DELETE /api/v1/devices/{device}", device=SPARE),
    ask("POST /api/v1/devices/{device}/help/answer", device=A_CALLING_DEVICE),
    ask("POST /api/v1/clock/confirm"),
    ask("DELETE /api/v1/session"),
)
