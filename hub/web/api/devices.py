"""The devices that were given a certificate."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import AwareDatetime

from hub.contract.messages import Count, Message
from hub.contract.names import Id
from hub.contract.time import to_datetime
from hub.web.access import Caller, Permission, requires
from hub.web.changing import answers
from hub.web.parts import KitIn

router: Final = APIRouter(prefix="/api/v1", tags=["devices"])


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
