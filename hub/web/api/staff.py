"""Who is of the staff."""

import asyncio
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime
from starlette.responses import Response

from hub.actions.admin.add_staff import NewStaff, StaffAnswer, add_staff
from hub.actions.admin.change_password import change_password
from hub.actions.admin.remove_staff import remove_staff
from hub.contract.messages import Done, Message, Short
from hub.contract.names import StaffRole
from hub.contract.time import to_datetime
from hub.web.access import Caller, Permission, requires
from hub.web.api.session import DisplayName, Password, SignInName
from hub.web.changing import Body, ChangeIn, answers
from hub.web.parts import KitIn
from hub.web.passwords import judge

router: Final = APIRouter(prefix="/api/v1", tags=["staff"])

Changer = Annotated[Caller, requires(Permission.CHANGE_STAFF)]


class NewPerson(Body):
    """A person who may sign in from now on."""

    name: SignInName
    display_name: DisplayName
    role: StaffRole
    password: Password


class Person(Message):
    """A person of the staff."""

    id: Short
    name: Short
    display_name: Short
    role: Short
    created_at: AwareDatetime


class Everybody(Message):
    """All of them, by sign-in name."""

    staff: list[Person]


@router.get("/staff", responses=answers(Everybody))
async def everybody(kit: KitIn, _: Annotated[Caller, requires(Permission.SEE_STAFF)]) -> Everybody:
    """Who may sign in, and as what."""
    found = await asyncio.to_thread(kit.parts.reading.all_staff)
    return Everybody(
        staff=[
            Person(
                id=one.id,
                name=one.name,
                display_name=one.display_name,
                role=one.role,
                created_at=to_datetime(one.created_at, kit.parts.zone),
            )
            for one in found
        ]
    )


@router.post("/staff", status_code=201, responses=answers(StaffAnswer, 201))
async def add(kit: KitIn, caller: Changer, change: ChangeIn, body: NewPerson) -> Response:
    """Adds a person. Refuses `already-exists`, `password-weak`."""
    judge(body.password, body.name, body.display_name)
    hashed = await kit.passwords.hash(body.password)
    new = NewStaff(body.name, body.display_name, body.role, hashed)
    answer = await change.make(
        caller.asker,
        lambda work: add_staff(work, caller.asker, new),
        body,
        status=201,
        leaving_out=frozenset({"password"}),
    )
    kit.parts.live.names.forget()
    return answer


class NewPassword(Body):
    """The password from now on."""

    password: Password


@router.put("/staff/{staff}/password", responses=answers(Done))
async def set_password(staff: UUID, kit: KitIn, caller: Changer, change: ChangeIn, body: NewPassword) -> Response:
    """Sets a person's password anew and ends all of his or her sessions. Refuses `not-found`, `password-weak`."""
    judge(body.password)
    hashed = await kit.passwords.hash(body.password)
    answer = await change.make(
        caller.asker,
        lambda work: change_password(work, caller.asker, str(staff), hashed),
        body,
        leaving_out=frozenset({"password"}),
    )
    for key in kit.sessions.forget_staff(str(staff)):
        kit.parts.live.events.end(key)
    return answer


@router.delete("/staff/{staff}", responses=answers(Done))
async def remove(staff: UUID, kit: KitIn, caller: Changer, change: ChangeIn) -> Response:
    """Takes a person out, with all sessions. Refuses `not-found`, `still-serving`, `not-allowed`."""
    answer = await change.make(caller.asker, lambda work: remove_staff(work, caller.asker, str(staff)))
    for key in kit.sessions.forget_staff(str(staff)):
        kit.parts.live.events.end(key)
    kit.parts.live.names.forget()
    return answer
