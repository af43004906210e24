"""An administrator puts a set-up in force."""

from hub.actions.work import Work
from hub.contract.messages import Count, Message
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.queueing.facts import SetUpChanged


class SetUpApplied(Message):
    """The version that is in force now."""

    version: Count


def apply_set_up(work: Work, set_up: SetUp) -> SetUpApplied:
    """Puts `set_up` in force at once.

    Refuses `still-serving` when a counter at work, or a service that people wait for or took numbers for today,
    would disappear, and `already-exists` when the prefix of such a service would change.
    """
    gone_counters = {counter for counter, desk in work.line.desks.items() if desk.officer} - set_up.counter.keys()
    used = {ticket.service for ticket in work.line.tickets.values()} | work.line.next_sequence.keys()
    gone_services = used - set_up.service.keys()
    if gone_counters or gone_services:
        raise Refusal(RefusalCode.STILL_SERVING)
    if any(one.id in used and set_up.service[one.id].prefix != one.prefix for one in work.set_up.services):
        raise Refusal(RefusalCode.ALREADY_EXISTS)
    version = work.put_set_up(set_up)
    work.state(SetUpChanged(version))
    return SetUpApplied(version=version)
