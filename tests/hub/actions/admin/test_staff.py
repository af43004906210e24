"""People of the staff are added and taken out: what is stated, what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.actions.admin.add_staff import NewStaff, add_first_administrator, add_staff
from hub.actions.admin.add_system import add_system
from hub.actions.admin.remove_staff import remove_staff
from hub.actions.asking import Action, Outcome, Request
from hub.actions.counter.desk import change_desk
from hub.actions.work import Asker
from hub.contract.names import StaffRole
from hub.storage import journal
from tests.hub.web.hall import Hall

ADMIN = Asker("staff", "admin-id")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    one = Hall(tmp_path)
    one.furnish()
    yield one
    one.close()


def new(name: str, role: StaffRole = StaffRole.OFFICER) -> NewStaff:
    return NewStaff(name, name.title(), role, "a hash")


def ask(hall: Hall, action: Action) -> Outcome:
    """An action through the door, refused or not."""
    return hall.writer.submit(Request(action)).result(10)


def stated(hall: Hall) -> list[str]:
    """The kinds of the journal's facts."""
    with hall.database.reading() as connection:
        return [type(entry.fact).__name__ for entry in journal.read_after(connection, 0)]


def test_a_person_is_added_once(hall: Hall) -> None:
    """The fact knows id and role and nothing that names the person."""
    assert ask(hall, lambda work: add_staff(work, ADMIN, new("hanh"))).ok
    assert ask(hall, lambda work: add_staff(work, ADMIN, new("hanh"))).code == "already-exists"
    assert stated(hall).count("StaffAdded") == 1
    with hall.database.reading() as connection:
        text = str(journal.read_after(connection, 0))
    assert "hanh" not in text.lower()
    assert "a hash" not in text


def test_only_the_first_comes_in_by_the_code(hall: Hall) -> None:
    """However right the code was: the writer looks whether there is anybody."""
    first = new("hanh", StaffRole.ADMINISTRATOR)
    assert ask(hall, lambda work: add_first_administrator(work, first)).ok
    assert ask(hall, lambda work: add_first_administrator(work, new("second"))).code == "not-found"


def test_who_goes_leaves_the_counter(hall: Hall) -> None:
    """Its closing is stated before the person's going."""
    ask(hall, lambda work: add_staff(work, ADMIN, new("hanh")))
    hanh = hall.reading.find_staff("hanh")
    assert hanh is not None
    ask(hall, lambda work: change_desk(work, "c1", hanh.id, "open"))
    assert ask(hall, lambda work: remove_staff(work, ADMIN, hanh.id)).ok
    assert stated(hall)[-2:] == ["CounterClosed", "StaffRemoved"]
    assert hall.reading.find_staff("hanh") is None
    assert ask(hall, lambda work: remove_staff(work, ADMIN, hanh.id)).code == "not-found"


def test_the_last_administrator_cannot_go(hall: Hall) -> None:
    """Of two one can."""
    for name in ("one", "two"):
        ask(hall, lambda work, name=name: add_staff(work, ADMIN, new(name, StaffRole.ADMINISTRATOR)))
    one, two = (hall.reading.find_staff(name) for name in ("one", "two"))
    assert one is not None
    assert two is not None
    assert ask(hall, lambda work: remove_staff(work, ADMIN, one.id)).ok
    assert ask(hall, lambda work: remove_staff(work, ADMIN, two.id)).code == "not-allowed"


def test_a_systems_new_token_ends_its_old_one(hall: Hall) -> None:
    """By name; a name out of bounds is refused."""
    for token in ("old", "new"):
        assert ask(hall, lambda work, token=token: add_system(work, "portal", token, "reading")).ok
    assert hall.reading.find_system("new") == ("portal", "reading")
    assert hall.reading.find_system("old") is None
    for name in ("", "x" * 65, "a\nb"):
        assert ask(hall, lambda work, name=name: add_system(work, name, "t", "reading")).code == "malformed"
