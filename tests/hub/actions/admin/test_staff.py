"""People of the staff are added and removed, systems are let in, passwords are set anew."""

import pytest

from hub.actions.admin.add_staff import NewStaff, add_first_administrator, add_staff
from hub.actions.admin.add_system import MOST_LETTERS, add_system
from hub.actions.admin.change_password import change_password
from hub.actions.admin.remove_staff import remove_staff
from hub.actions.asking import Action
from hub.actions.staff.session import sign_in
from hub.actions.work import SignedIn
from hub.contract.names import StaffRole, TicketState
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.ticket import Verb
from tests.hub.actions.place import CHIEF, Place

LAN = NewStaff("lan", "Nguyễn Thị Lan", StaffRole.OFFICER, "hash-1")
MINH = NewStaff("minh", "Trần Minh", StaffRole.ADMINISTRATOR, "hash-2")


def add(new: NewStaff) -> Action:
    return lambda work: add_staff(work, CHIEF, new)


def remove(staff: str) -> Action:
    return lambda work: remove_staff(work, CHIEF, staff)


def added(place: Place, new: NewStaff) -> str:
    person: str = place.done(add(new))["id"]
    return person


def signed_in(place: Place, staff: str, token: str = "a") -> None:
    now = place.centre.clock.now
    one = SignedIn(token, staff, "csrf", now, now, "10.0.0.9")
    place.done(lambda work: sign_in(work, one, ending=(), idle_before=Instant(0), begun_before=Instant(0)))


# ---------------------------------------------------------------- added


def test_a_person_is_added_and_the_fact_knows_no_name(place: Place) -> None:
    """Only the random key of an erasable row."""
    person = added(place, LAN)
    kept = place.reading.find_staff("lan")
    assert kept is not None
    assert (kept.id, kept.display_name, kept.role, kept.password_hash) == (
        person,
        "Nguyễn Thị Lan",
        "officer",
        "hash-1",
    )
    assert place.facts()[-1] == f.StaffAdded(person, "officer", "staff:chief")
    assert "Lan" not in repr(place.facts())
    assert "lan" not in repr(place.facts())


def test_a_sign_in_name_is_given_once(place: Place) -> None:
    """The second one chooses another."""
    added(place, LAN)
    assert place.refused(add(LAN)) == "already-exists"


def test_the_first_administrator_is_let_in_by_the_code_and_no_second(place: Place) -> None:
    """Once there is anybody, the door is as if it had never been."""
    first: Action = lambda work: add_first_administrator(work, MINH)  # noqa: E731
    person = place.done(first)["id"]
    assert place.facts()[-1] == f.StaffAdded(person, "administrator", "set-up-code")
    assert place.refused(first) == "not-found"


# ---------------------------------------------------------------- removed


def test_a_removed_person_may_nothing(place: Place) -> None:
    """All sessions end; the counter is closed, and who was called there waits again."""
    lan = added(place, LAN)
    signed_in(place, lan)
    ticket = place.issue()
    place.open("c1", lan)
    place.call("c1", lan)
    assert place.stated_by(remove(lan)) == [
        f.TicketReturned(ticket, lan),
        f.CounterClosed("c1", lan),
        f.StaffRemoved(lan, "staff:chief"),
    ]
    assert place.reading.find_session("a") is None
    assert place.reading.all_staff() == []
    assert place.ticket(ticket).state is TicketState.WAITING


def test_somebody_who_serves_finishes_first(place: Place) -> None:
    """The citizen at the counter is not left standing."""
    lan = added(place, LAN)
    place.issue()
    place.open("c1", lan)
    place.call("c1", lan)
    place.press(Verb.START, "c1", lan)
    assert place.refused(remove(lan)) == "still-serving"


def test_the_last_administrator_stays(place: Place) -> None:
    """Nobody could add another. With two, one may go."""
    minh = added(place, MINH)
    assert place.refused(remove(minh)) == "not-allowed"
    other = added(place, NewStaff("hoa", "Hoa", StaffRole.ADMINISTRATOR, "hash"))
    place.done(remove(minh))
    assert place.refused(remove(other)) == "not-allowed"


def test_one_who_is_not_there_is_not_found(place: Place) -> None:
    """Nor one who was removed."""
    lan = added(place, LAN)
    place.done(remove(lan))
    for nobody in (lan, "lan"):
        assert place.refused(remove(nobody)) == "not-found"


# ---------------------------------------------------------------- passwords, systems


def test_a_new_password_ends_every_session(place: Place) -> None:
    """The person is the same: id, name, role, and the counter that is open."""
    lan = added(place, LAN)
    signed_in(place, lan)
    place.open("c1", lan)
    before = place.reading.find_staff("lan")
    assert place.stated_by(lambda work: change_password(work, CHIEF, lan, "hash-9")) == [
        f.PasswordChanged(lan, "staff:chief")
    ]
    after = place.reading.find_staff("lan")
    assert before is not None
    assert after is not None
    assert (after.id, after.role, after.password_hash) == (before.id, before.role, "hash-9")
    assert place.reading.find_session("a") is None
    assert place.centre.line.desk("c1").officer == lan
    assert place.refused(lambda work: change_password(work, CHIEF, "nobody", "hash-9")) == "not-found"


def test_a_system_is_let_in_by_its_token(place: Place) -> None:
    """An older token of the same name ends."""
    for token in ("hash-1", "hash-2"):
        place.done(lambda work, token=token: add_system(work, "reports", token, "reader"))
    assert place.reading.find_system("hash-1") is None
    assert place.reading.find_system("hash-2") == ("reports", "reader")


@pytest.mark.parametrize("name", ["", "x" * (MOST_LETTERS + 1), "two\nlines", "a\x00"])
def test_a_system_s_name_must_be_one(place: Place, name: str) -> None:
    """It stands in lists and logs."""
    assert place.refused(lambda work: add_system(work, name, "hash", "reader")) == "malformed"
