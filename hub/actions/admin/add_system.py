"""Another system is given a bearer token; only the token's hash is known here."""

from hub.actions.work import Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode

MOST_LETTERS = 64


def add_system(work: Work, system: str, token_hash: str, role: str) -> Done:
    """Lets a system in; an older token of the same name ends. Refuses `malformed` for a name out of bounds."""
    if not 0 < len(system) <= MOST_LETTERS or not system.isprintable():
        raise Refusal(RefusalCode.MALFORMED)
    work.register.add_system(system, token_hash, role, work.now)
    return Done()
