"""How a visit ends: with an outcome and the services that were done, where the centre asks for them."""

from dataclasses import dataclass
from typing import Final

from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.queueing.facts import ServiceFinished
from hub.queueing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Ending:
    """What the officer says of the visit."""

    outcome: str | None = None
    done: tuple[str, ...] = ()


NOTHING_SAID: Final = Ending()


def finished(set_up: SetUp, ticket: Ticket, counter: str, officer: str, ending: Ending) -> ServiceFinished:
    """The visit is over.

    Refuses `outcome-missing` where the centre has outcomes, `unknown-choice`, and `unknown-service` among those done.
    """
    outcomes = {one.id for one in set_up.finishing.outcomes}
    if outcomes and ending.outcome is None:
        raise Refusal(RefusalCode.OUTCOME_MISSING)
    if ending.outcome is not None and ending.outcome not in outcomes:
        raise Refusal(RefusalCode.UNKNOWN_CHOICE)
    if not set_up.service.keys() >= set(ending.done):
        raise Refusal(RefusalCode.UNKNOWN_SERVICE)
    return ServiceFinished(ticket.id, counter, officer, ending.outcome, tuple(sorted(set(ending.done))))
