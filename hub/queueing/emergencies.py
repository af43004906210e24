"""An officer needs somebody at once, and somebody goes there."""

from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.queueing import facts as f
from hub.queueing.calling import desk_at_work
from hub.queueing.line import Line


def raise_emergency(line: Line, set_up: SetUp, counter: str, officer: str) -> list[f.Fact]:
    """All staff are told until somebody answers; while they are, once more changes nothing."""
    desk_at_work(line, set_up, counter, officer)
    return [] if counter in line.emergencies else [f.EmergencyRaised(counter, officer)]


def answer_emergency(line: Line, counter: str, by: str) -> f.EmergencyAnswered:
    """Somebody goes there, or it is over. Refuses `not-found` when there is none, or none any longer."""
    if counter not in line.emergencies:
        raise Refusal(RefusalCode.NOT_FOUND)
    return f.EmergencyAnswered(counter, by)
