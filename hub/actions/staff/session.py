"""A person of the staff signs in and out. Passwords were judged before: hashing has no place on the writer's thread."""

from collections.abc import Mapping, Sequence

from hub.actions.work import SignedIn, Work
from hub.contract.messages import Done
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant


def sign_in(
    work: Work, session: SignedIn, *, ending: Sequence[str], idle_before: Instant, begun_before: Instant
) -> Done:
    """Begins `session` and ends the sessions `ending`; those last used or begun too long ago are cleared away.

    Refuses `sign-in-wrong` when the person was taken out in the meantime.
    """
    if work.register.staff_of(session.staff) is None:
        raise Refusal(RefusalCode.SIGN_IN_WRONG)
    work.register.remove_sessions(list(ending))
    work.register.remove_old_sessions(seen_before=idle_before, created_before=begun_before)
    work.register.add_session(session)
    return Done()


def sign_out(work: Work, token_hash: str) -> Done:
    """Ends a session; one that has ended already is no mistake."""
    work.register.remove_sessions([token_hash])
    return Done()


def touch(work: Work, seen: Mapping[str, Instant]) -> Done:
    """Notes when sessions were last used, by token hash."""
    work.register.touch_sessions(dict(seen))
    return Done()
