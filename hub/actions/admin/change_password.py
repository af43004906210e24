"""A person of the staff gets a new password."""

from dataclasses import replace

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.facts import PasswordChanged


def change_password(work: Work, asker: Asker, staff: str, password_hash: str) -> Done:
    """From here on only the new password counts, and every session of the person has ended. Refuses `not-found`."""
    person = work.register.staff_of(staff)
    if person is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    work.register.remove_staff(staff)
    work.register.add_staff(replace(person, password_hash=password_hash))
    work.state(PasswordChanged(staff, asker.key))
    return Done()
