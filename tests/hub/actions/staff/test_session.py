"""A person of the staff signs in and out."""

from dataclasses import replace

import pytest

from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.asking import Action
from hub.actions.staff.session import sign_in, sign_out, touch
from hub.actions.work import SignedIn
from hub.contract.names import StaffRole
from hub.contract.time import Instant
from tests.hub.actions.place import CHIEF, Place
from tests.hub.storage.centre import MORNING

NEVER = Instant(0)


@pytest.fixture
def lan(place: Place) -> str:
    """A person who may sign in."""
    new = NewStaff("lan", "Lan", StaffRole.OFFICER, "hash")
    person: str = place.done(lambda work: add_staff(work, CHIEF, new))["id"]
    return person


def session(staff: str, token: str = "a", at: int = MORNING) -> SignedIn:
    return SignedIn(token, staff, "csrf", Instant(at), Instant(at), "10.0.0.9")


def begin(one: SignedIn, *ending: str, idle: int = NEVER, begun: int = NEVER) -> Action:
    return lambda work: sign_in(work, one, ending=ending, idle_before=Instant(idle), begun_before=Instant(begun))


def signed_in(place: Place) -> list[str]:
    return [token for token in "abcd" if place.reading.find_session(token) is not None]


def test_a_session_begins(place: Place, lan: str) -> None:
    """No fact is stated: who sat where is told by the counters."""
    assert place.stated_by(begin(session(lan))) == []
    found = place.reading.find_session("a")
    assert found is not None
    assert (found[0], found[1].name) == (session(lan), "lan")


def test_beginning_one_ends_those_it_is_told_to(place: Place, lan: str) -> None:
    """The same browser's before, and those that are too old."""
    place.done(begin(session(lan, "a")))
    place.done(begin(session(lan, "b", MORNING - 10)))
    place.done(begin(replace(session(lan, "c"), created_at=Instant(MORNING - 20))))
    place.done(begin(session(lan, "d"), "a", idle=MORNING - 9, begun=MORNING - 19))
    assert signed_in(place) == ["d"]


def test_somebody_who_was_taken_out_meanwhile_is_not_let_in(place: Place) -> None:
    """The password was right, the person is gone; no other session is touched."""
    assert place.refused(begin(session("nobody"), "a")) == "sign-in-wrong"


def test_signing_out_ends_this_session_only(place: Place, lan: str) -> None:
    """Twice is no mistake."""
    for token in "ab":
        place.done(begin(session(lan, token)))
    for _ in range(2):
        place.done(lambda work: sign_out(work, "a"))
    assert signed_in(place) == ["b"]


def test_when_sessions_were_last_used_is_noted(place: Place, lan: str) -> None:
    """Of those that are still there."""
    place.done(begin(session(lan)))
    place.done(lambda work: touch(work, {"a": Instant(MORNING + 5), "gone": Instant(MORNING + 5)}))
    found = place.reading.find_session("a")
    assert found is not None
    assert found[0].seen_at == MORNING + 5
