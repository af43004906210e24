"""People who wait for nobody, or for too long: what staff have to be told while something can still be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.contract.names import TicketState
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.line import Line
from hub.queueing.ticket import Ticket

MINUTE_MS: Final = 60_000
PAUSE_MS: Final = 5 * MINUTE_MS
"""So long may a pause be for which nobody said an end, before those who wait for that counter alone are an alarm."""


class AlarmKind(StrEnum):
    """Why staff are told."""

    UNSERVED = "unserved"
    """No counter that could call them is open, or all that are have been paused for too long."""
    LATE = "late"
    """The service's target is passed."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong for those who wait for `service`, from `begins` on: that may lie ahead.

    `number`, `since`: of who waits longest; `waiting`: how many are in the same case or, for `late`, in the same line;
    `paused`: of the counters that could call them, those that are paused.
    """

    kind: AlarmKind
    service: str
    waiting: int
    number: str
    since: Instant
    begins: Instant
    paused: tuple[str, ...] = ()
    target_min: int | None = None


def alarms(line: Line, set_up: SetUp) -> list[Alarm]:
    """What is wrong, and what will be if nobody does anything; what is wrong for longest first."""
    found = [*_unserved(line, set_up), *_late(line, set_up)]
    return sorted(found, key=lambda one: (one.begins, one.kind, one.service))


def standing(found: list[Alarm], now: Instant) -> list[Alarm]:
    """Those of `alarms` that have begun."""
    return [one for one in found if one.begins <= now]


def at_work(line: Line, counter: str) -> bool:
    """Whether `counter` calls anybody: somebody sits there, and it is not paused."""
    desk = line.desk(counter)
    return desk.officer is not None and not desk.paused


def _unserved(line: Line, set_up: SetUp) -> Iterator[Alarm]:
    for service in set_up.services:
        counters = set_up.counters_of[service.id]
        stuck = [ticket for ticket in _waiting(line, service.id) if not _has_counter(line, ticket, counters)]
        if stuck:
            paused = tuple(one for one in _concerned(stuck, counters) if line.desk(one).paused)
            longest = min(stuck, key=_longest_first)
            since = longest.waits_since
            begins = max(since, min((_pause_over(line, one) for one in paused), default=since))
            yield Alarm(AlarmKind.UNSERVED, service.id, len(stuck), longest.number, since, begins, paused)


def _pause_over(line: Line, counter: str) -> Instant:
    """When a pause should end: as the officer said, else after `PAUSE_MS`."""
    desk = line.desk(counter)
    return desk.until if desk.until is not None else Instant((desk.since or Instant(0)) + PAUSE_MS)


def _late(line: Line, set_up: SetUp) -> Iterator[Alarm]:
    for service in set_up.services:
        waiting = _waiting(line, service.id)
        if service.target_min is None or not waiting:
            continue
        longest = min(waiting, key=_longest_first)
        begins = Instant(longest.waits_since + service.target_min * MINUTE_MS)
        yield Alarm(
            AlarmKind.LATE,
            service.id,
            len(waiting),
            longest.number,
            longest.waits_since,
            begins,
            target_min=service.target_min,
        )


def _waiting(line: Line, service: str) -> list[Ticket]:
    """Everybody who waits for `service`, also those who were sent to one counter."""
    return [one for one in line.tickets.values() if one.service == service and one.state is TicketState.WAITING]


def _has_counter(line: Line, ticket: Ticket, counters: tuple[str, ...]) -> bool:
    return any(at_work(line, one) for one in _could_call(ticket, counters))


def _could_call(ticket: Ticket, counters: tuple[str, ...]) -> tuple[str, ...]:
    return counters if ticket.sent_to is None else (ticket.sent_to,)


def _concerned(stuck: list[Ticket], counters: tuple[str, ...]) -> list[str]:
    return sorted({one for ticket in stuck for one in _could_call(ticket, counters)})


def _longest_first(ticket: Ticket) -> tuple[Instant, int]:
    return ticket.waits_since, ticket.order
