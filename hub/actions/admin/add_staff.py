"""A person of the staff is made known."""

from dataclasses import dataclass

from hub.actions.work import Asker, StaffMember, Work
from hub.contract.messages import Message, Short
from hub.contract.names import StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.facts import StaffAdded


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Who is to be added. `password_hash` was made by the caller, outside the writer."""

    name: str
    display_name: str
    role: StaffRole
    password_hash: str


class StaffAnswer(Message):
    """The id of the person just added."""

    id: Short


def add_staff(work: Work, asker: Asker, new: NewStaff) -> StaffAnswer:
    """A person who may sign in from now on. Refuses `already-exists` when the sign-in name is taken."""
    if work.register.find_staff(new.name) is not None:
        raise Refusal(RefusalCode.ALREADY_EXISTS)
    return _add(work, asker.key, new)


def add_first_administrator(work: Work, new: NewStaff) -> StaffAnswer:
    """The first person of all, let in by the set-up code. Refuses `not-found` once there is anybody."""
    if work.register.has_staff():
        raise Refusal(RefusalCode.NOT_FOUND)
    return _add(work, "set-up-code", new)


def _add(work: Work, by: str, new: NewStaff) -> StaffAnswer:
    person = StaffMember(
        id=work.new_id(),
        name=new.name,
        display_name=new.display_name,
        role=new.role.value,
        password_hash=new.password_hash,
        created_at=work.now,
    )
    work.register.add_staff(person)
    work.state(StaffAdded(person.id, person.role, by))
    return StaffAnswer(id=person.id)
