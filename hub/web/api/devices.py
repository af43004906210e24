"""The devices that were given a certificate: who they are, and making a machine one of them."""

import asyncio
from collections.abc import Sequence
from datetime import tzinfo
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from hub.actions.device.call_staff import answer_staff_call
from hub.actions.work import Device, DeviceOrder
from hub.contract.messages import Count, DeviceHealth, Done, Message, OrderName, Short
from hub.contract.names import DeviceRole, Id, OrderState
from hub.contract.time import to_datetime
from hub.web.access import Caller, Permission, requires
from hub.web.changing import Body, ChangeIn, answers
from hub.web.parts import KitIn, LastWord

router: Final = APIRouter(prefix="/api/v1", tags=["devices"])

Changer = Annotated[Caller, requires(Permission.CHANGE_DEVICES)]


class PresenceNow(Message):
    """Whether a device is there, and since when by its own word; null: not heard of since the hub began."""

    state: Literal["online", "offline", "restarting"]
    since: AwareDatetime | None


class OrderNow(Message):
    """An order to a device. `detail`: the device's own word for why not."""

    order_id: UUID
    order: OrderName
    ticket: Short | None
    ordered_at: AwareDatetime
    expires_at: AwareDatetime
    state: OrderState
    detail: Short
    ended_at: AwareDatetime | None


class KnownDevice(Message):
    """A device as it was added, and as it was last heard. `orders`: open ones and the last others, newest first."""

    id: Id
    role: Id
    boards: list[Id]
    counter: Id | None
    kiosk_number: Count | None
    added_at: AwareDatetime
    presence: PresenceNow
    health: DeviceHealth | None
    orders: list[OrderNow]


class AllDevices(Message):
    """All of them, by id."""

    devices: list[KnownDevice]


class NewDevice(Body):
    """A device to be given a certificate; a known one gets a new one, and its old one ends."""

    id: Id
    role: DeviceRole
    boards: list[Id] = []
    counter: Id | None = None
    kiosk_number: Annotated[int, Field(ge=1, le=99)] | None = None


class Folder(Message):
    """The files that make a machine this device, by name. `device.key` is secret and is not kept here.

    `pin`: of a kiosk's staff menu, told this once; null for other devices.
    """

    files: dict[str, str]
    pin: Short | None


class NewPin(Message):
    """The PIN of a kiosk's staff menu from now on, told this once."""

    pin: Short


@router.get("/devices", responses=answers(AllDevices))
async def devices(kit: KitIn, _: Annotated[Caller, requires(Permission.SEE_DEVICES)]) -> AllDevices:
    """Every device there is: whether it is there, how it feels, what it was told to do."""
    known = await asyncio.to_thread(kit.parts.reading.all_devices)
    orders = await asyncio.to_thread(kit.parts.reading.all_orders)
    heard = kit.parts.heard()
    return AllDevices(devices=[_known(one, heard.get(one.id), orders, kit.parts.zone) for one in known])


def _known(device: Device, heard: LastWord | None, orders: Sequence[DeviceOrder], zone: tzinfo) -> KnownDevice:
    presence = None if heard is None else heard.presence
    return KnownDevice(
        id=device.id,
        role=device.role,
        boards=list(device.boards),
        counter=device.counter,
        kiosk_number=device.kiosk_number,
        added_at=to_datetime(device.added_at, zone),
        presence=PresenceNow(
            state="offline" if presence is None else presence.state, since=None if presence is None else presence.since
        ),
        health=None if heard is None else heard.health,
        orders=[_order_now(one, zone) for one in orders if one.device == device.id],
    )


def _order_now(order: DeviceOrder, zone: tzinfo) -> OrderNow:
    return OrderNow(
        order_id=UUID(order.id),
        order=order.order,
        ticket=order.ticket,
        ordered_at=to_datetime(order.ordered_at, zone),
        expires_at=to_datetime(order.expires_at, zone),
        state=order.state,
        detail=order.detail,
        ended_at=None if order.ended_at is None else to_datetime(order.ended_at, zone),
    )


@router.post("/devices", status_code=201, responses=answers(Folder, 201))
async def add(kit: KitIn, _: Changer, body: NewDevice) -> Folder:
    """Issues a certificate, and a kiosk's PIN. Not repeatable by an id: a second request gives a second certificate and
    ends the first.

    Refuses `not-found` for an unknown board, `unknown-counter`.
    """
    made = await asyncio.to_thread(
        kit.parts.enrolment.add,
        body.id,
        body.role,
        boards=tuple(body.boards),
        counter=body.counter,
        kiosk_number=body.kiosk_number,
    )
    return Folder(files={name: content.decode() for name, content in made.files().items()}, pin=made.pin)


@router.post("/devices/{device}/pin", responses=answers(NewPin))
async def change_pin(device: Id, kit: KitIn, caller: Changer) -> NewPin:
    """Gives a kiosk's staff menu a new PIN. Not repeatable by an id: each request gives another.

    Refuses `not-found`, also for a device that is no kiosk.
    """
    return NewPin(pin=await asyncio.to_thread(kit.parts.enrolment.change_pin, device, caller.asker))


@router.delete("/devices/{device}", responses=answers(Done))
async def remove(device: Id, kit: KitIn, _: Changer) -> Done:
    """Takes a device's rights away at once. Refuses `not-found`."""
    await asyncio.to_thread(kit.parts.enrolment.remove, device)
    return Done()


@router.post("/devices/{device}/help/answer", responses=answers(Done))
async def answer_help(
    device: Id, caller: Annotated[Caller, requires(Permission.ANSWER_HELP)], change: ChangeIn
) -> Response:
    """Somebody goes to the device that called for staff. Refuses `not-found` when another was quicker."""
    return await change.make(caller.asker, lambda work: answer_staff_call(work, caller.asker, device))
