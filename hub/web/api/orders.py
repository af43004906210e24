"""Telling a device what to do, and seeing what it shows."""

from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import model_validator
from starlette.responses import Response

from hub.actions.device.order import Ordered, order_device
from hub.contract.messages import OrderName
from hub.contract.names import Id
from hub.contract.refusals import Refusal, RefusalCode
from hub.web.access import Caller, Permission, requires
from hub.web.changing import PROBLEMS, Body, ChangeIn, answers
from hub.web.parts import KitIn

router: Final = APIRouter(prefix="/api/v1", tags=["devices"])

PICTURE: Final = "image/png"
PICTURES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The device's screen",
        "content": {PICTURE: {"schema": {"type": "string", "format": "binary"}}},
    },
    **PROBLEMS,
}

Name = Literal["identify", "restart", "test-print", "screenshot", "reprint"]


class NewOrder(Body):
    """What a device shall do. `ticket`: the one whose slip is printed again, for `reprint` alone."""

    order: Name
    ticket: UUID | None = None

    @model_validator(mode="after")
    def _ticket_is_for_a_reprint(self) -> Self:
        if (self.ticket is None) == (self.order == "reprint"):
            raise ValueError("a ticket belongs to reprint, and to nothing else")
        return self


@router.post("/devices/{device}/orders", status_code=201, responses=answers(Ordered, 201))
async def order(
    device: Id, caller: Annotated[Caller, requires(Permission.ORDER_DEVICES)], change: ChangeIn, body: NewOrder
) -> Response:
    """Gives an order, which is sent until the device has done it or its time is over: five minutes, ten for a reprint.
    What becomes of it stands with the device. The same order is not given twice while it is open.

    Refuses `not-found`, `malformed` for what such a device cannot do, `illegal-move` for a number that is no longer in
    line, `not-allowed` for a slip of another kiosk, `no-slip`, `too-many`.
    """
    name, ticket = OrderName(body.order), None if body.ticket is None else str(body.ticket)
    return await change.make(
        caller.asker, lambda work: order_device(work, caller.asker, device, name, ticket), body, status=201
    )


@router.get("/devices/{device}/screenshots/{order_id}", response_class=Response, responses=PICTURES)
async def screenshot(
    device: Id, order_id: UUID, kit: KitIn, _: Annotated[Caller, requires(Permission.ORDER_DEVICES)]
) -> Response:
    """The picture that a device has put for an order to take one; for ten minutes. Refuses `not-found`."""
    found = kit.parts.pictures.find(str(order_id), device)
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return Response(found, media_type=PICTURE)
