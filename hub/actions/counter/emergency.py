"""An officer needs somebody at once; somebody goes there."""

from hub.actions.work import Asker, Work
from hub.contract.messages import Done
from hub.queueing import emergencies


def raise_emergency(work: Work, counter: str, officer: str) -> Done:
    """All staff are told until somebody answers. Refuses `counter-closed`, `counter-taken`, `unknown-counter`."""
    work.state(*emergencies.raise_emergency(work.line, work.set_up, counter, officer))
    return Done()


def answer_emergency(work: Work, asker: Asker, counter: str) -> Done:
    """Somebody goes there: it is over for all. Refuses `not-found` when there is none, or none any longer."""
    work.state(emergencies.answer_emergency(work.line, counter, asker.key))
    return Done()
