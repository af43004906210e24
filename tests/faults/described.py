"""The hub's API by its own description, as Schemathesis reads it; and what there is in the centre to ask for."""

from functools import cache
from typing import Any, Final

import schemathesis
from fastapi import FastAPI
from schemathesis import APIOperation

from hub.web.access import Permission, declared_routes
from hub.web.app import ROUTERS
from tests.rig.centre import CLASS, OTHER_CLASS, PASSWORD

ADDRESS: Final = "/api/v1/openapi.json"
ANSWER_LIMIT_S: Final = 10.0

# Words that stand for what changes from one moment to the next: drawn as they are, and sent as what is there by then.
A_TICKET: Final = "00000000-0000-4000-8000-000000000001"
A_RESTING_TICKET: Final = "00000000-0000-4000-8000-000000000002"
A_PRINTED_TICKET: Final = "00000000-0000-4000-8000-000000000003"
A_PERSON: Final = "00000000-0000-4000-8000-000000000004"
A_TOKEN: Final = "a-token"
A_NEW_NAME: Final = "a-new-name"
A_CALLING_DEVICE: Final = "a-calling-device"
A_COUNTER_IN_NEED: Final = "a-counter-in-need"
AN_ORDER_WITH_PICTURE: Final = "00000000-0000-4000-8000-000000000005"

GUEST: Final = "guest"
SPARE: Final = "spare-01"
KNOWN: Final[dict[str, tuple[str, ...]]] = {
    "board": ("hall",),
    "class": (CLASS, OTHER_CLASS),
    "counter": ("counter-1",),
    "reason": ("unwell",),
    "device": (SPARE,),
    "id": (SPARE,),
    "name": (GUEST, A_NEW_NAME),
    "order_id": (AN_ORDER_WITH_PICTURE,),
    "password": (PASSWORD,),
    "service": ("service-a", "service-c"),
    "staff": (A_PERSON,),
    "ticket": (A_TICKET, A_RESTING_TICKET),
    "slip": (A_TOKEN, "A001"),
    "token": (A_TOKEN,),
}
"""What there is in the centre, by field."""

Operation = APIOperation[Any, Any, Any, Any]


def _app() -> FastAPI:
    app = FastAPI()
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    return app


def description() -> dict[str, Any]:
    """What the hub has to say of its API."""
    return _app().openapi()


@cache
def permissions() -> dict[str, Permission | None]:
    """What each route asks for, by label: `GET /api/v1/queue`; None where anybody may come."""
    return {f"{route.method} {route.path}": route.permission for route in declared_routes(_app())}


@cache
def operations() -> dict[str, Operation]:
    """All that are described, by label."""
    config = schemathesis.Config.from_dict({"max-stream-events": 1, "request-timeout": ANSWER_LIMIT_S})
    schema = schemathesis.openapi.from_dict(description(), config=config)
    return {found.ok().label: found.ok() for found in schema.get_all_operations()}
