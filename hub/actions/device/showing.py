"""What the hall has seen and heard of a call, and the fact when it has not."""

from dataclasses import dataclass
from enum import StrEnum

from hub.actions.work import Work
from hub.contract.messages import Done
from hub.contract.names import CounterState
from hub.queueing.facts import CallNotShown


class Seen(StrEnum):
    """What the screens of one hall have confirmed of a call."""

    SENT = "sent"
    """Nothing yet, and it is too early to worry."""

    SPEAKING = "speaking"
    """It can be read; its announcement is being said, or waits for its turn."""

    SPOKEN = "spoken"
    """It can be read, and was said."""

    SILENT = "silent"
    """It can be read; nobody says it."""

    MISSING = "missing"
    """No screen has confirmed it in time."""


@dataclass(frozen=True, slots=True)
class HallWord:
    """What one hall has said of the call of a ticket."""

    ticket: str
    board: str
    seen: Seen


def note_not_shown(work: Work, ticket: str, counter: str, board: str) -> Done:
    """A hall did not see a call in time. Nothing is stated of one that is over by now."""
    called = work.line.counter_state(counter) is CounterState.CALLED
    if called and work.line.desk(counter).ticket == ticket:
        work.state(CallNotShown(ticket, counter, board))
    return Done()
