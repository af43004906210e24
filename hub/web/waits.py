"""What staff are shown of waiting that goes wrong: alarms, and who waits longest and why."""

from datetime import tzinfo
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

from hub.actions.asking import Sight
from hub.contract.messages import Count, Message, Short
from hub.contract.names import Id, TicketNumber
from hub.contract.time import to_datetime
from hub.queueing.alarms import AlarmKind, alarms
from hub.queueing.waits import Wait, longest_waits

LONGEST: Final = 6
NAMED_BEFORE: Final = 5
"""So many of the numbers before are named; all are counted."""


class AlarmSight(Message):
    """Something that is wrong for those who wait for a service, from `begins` on: pages show it from then on.

    `number`, `since`: of who waits longest; `waiting`: how many are in the same case (`unserved`) or line (`late`);
    `paused`: counters that could call them and are paused; `target_min`: the target that is passed (`late`).
    """

    kind: AlarmKind
    service: Id
    waiting: Count
    number: TicketNumber
    since: AwareDatetime
    begins: AwareDatetime
    paused: list[Id]
    target_min: Count | None


class LongWait(Message):
    """Somebody who waits, and why. `counters`: those that could call this number, `working`: of these, those that call
    now; `ahead`: how many they call first, `before`: the next of them.
    """

    id: Short
    number: TicketNumber
    service: Id
    class_: Annotated[Id, Field(alias="class")]
    since: AwareDatetime
    counters: list[Id]
    working: list[Id]
    ahead: Count
    before: list[TicketNumber]


def alarms_of(sight: Sight, zone: tzinfo) -> list[AlarmSight]:
    """All of them, also those that begin later."""
    return [
        AlarmSight(
            kind=one.kind,
            service=one.service,
            waiting=one.waiting,
            number=one.number,
            since=to_datetime(one.since, zone),
            begins=to_datetime(one.begins, zone),
            paused=list(one.paused),
            target_min=one.target_min,
        )
        for one in alarms(sight.line, sight.set_up)
    ]


def longest(sight: Sight, zone: tzinfo) -> list[LongWait]:
    """Those who have waited longest, the longest first."""
    return [long_wait(one, zone) for one in longest_waits(sight.line, sight.set_up, LONGEST)]


def long_wait(wait: Wait, zone: tzinfo) -> LongWait:
    """One wait, for pages."""
    return LongWait(
        id=wait.ticket.id,
        number=wait.ticket.number,
        service=wait.ticket.service,
        class_=wait.ticket.class_,
        since=to_datetime(wait.since, zone),
        counters=list(wait.counters),
        working=list(wait.working),
        ahead=len(wait.before),
        before=list(wait.before[:NAMED_BEFORE]),
    )
