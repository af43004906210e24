"""Somebody at a device calls for staff, and a member of staff goes there."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.facts import StaffCallAnswered, StaffCalled


def call_staff(work: Work, device: str, screen: str) -> Done:
    """Staff see the call until one of them answers it; while they do, a second one changes nothing."""
    if device not in work.line.staff_calls:
        work.state(StaffCalled(device, screen))
    return Done()


def answer_staff_call(work: Work, asker: Asker, device: str) -> Done:
    """Somebody goes there: the call is over for all. Refuses `not-found` when there is none, or none any longer."""
    if device not in work.line.staff_calls:
        raise Refusal(RefusalCode.NOT_FOUND)
    work.state(StaffCallAnswered(device, asker.key))
    return Done()
