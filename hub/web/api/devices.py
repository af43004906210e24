"""The devices that were given a certificate: who they are, and making a machine one of them."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import AwareDatetime, Field
from starlette.responses import Response

from hub.actions.device.call_staff import answer_staff_call
from hub.contract.messages import Count, Done, Message, Short
from hub.contract.names import DeviceRole, Id
from hub.contract.time import to_datetime
from hub.web.access import Caller, Permission, requires
from hub.web.changing import Body, ChangeIn, answers
from hub.web.parts import KitIn

router: Final = APIRouter(prefix="/api/v1", tags=["devices"])

Changer = Annotated[Caller, requires(Permission.CHANGE_DEVICES)]


class KnownDevice(Message):
    """A device as it was added."""

    id: Id
    role: Id
    boards: list[Id]
    counter: Id | None
    kiosk_number: Count | None
    added_at: AwareDatetime


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
    """Every device there is."""
    found = await asyncio.to_thread(kit.parts.reading.all_devices)
    return AllDevices(
        devices=[
            KnownDevice(
                id=one.id,
                role=one.role,
                boards=list(one.boards),
                counter=one.counter,
                kiosk_number=one.kiosk_number,
                added_at=to_datetime(one.added_at, kit.parts.zone),
            )
            for one in found
        ]
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
