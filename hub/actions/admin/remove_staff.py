"""A person of the staff is taken out, with all sessions and with the counter he or she has open."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.names import StaffRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.desks import close_counter
from hub.queueing.facts import StaffRemoved


def remove_staff(work: Work, asker: Asker, staff: str) -> Done:
    """From here on the person may do nothing.

    Refuses `not-found`, `still-serving` while he or she serves somebody, and `not-allowed` for the last
    administrator: nobody could add another.
    """
    person = work.register.staff_of(staff)
    if person is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    if person.role == StaffRole.ADMINISTRATOR and _administrators(work) == 1:
        raise Refusal(RefusalCode.NOT_ALLOWED)
    counter = work.line.desk_of(staff)
    if counter is not None:
        work.state(*close_counter(work.line, work.set_up, counter, staff))
    work.register.remove_staff(staff)
    work.state(StaffRemoved(staff, asker.key))
    return Done()


def _administrators(work: Work) -> int:
    return sum(one.role == StaffRole.ADMINISTRATOR for one in work.register.all_staff())
