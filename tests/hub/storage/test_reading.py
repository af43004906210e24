"""What pages may read: what is committed, and nothing that is not."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from hub.actions.admin.remove_staff import remove_staff
from hub.actions.asking import Request
from hub.actions.device.presence import note_device
from hub.actions.device.register import add_device, remove_device
from hub.actions.work import Device
from hub.contract.names import SlipState, TicketState
from hub.queueing.facts import DeviceDoubled, DeviceLost, DeviceReturned
from hub.queueing.ticket import Verb
from hub.storage.reading import StoredReading
from tests.hub.storage.centre import DAY_MS, Centre
from tests.hub.storage.lived import CHIEF, people_and_devices


@pytest.fixture
def reading(centre: Centre) -> StoredReading:
    """Over the centre's database."""
    return StoredReading(centre.database)


def test_nothing_is_known_of_nobody(reading: StoredReading) -> None:
    """None and empty lists, not errors."""
    assert not reading.has_staff()
    assert (reading.all_staff(), reading.all_devices(), reading.history_of("t")) == ([], [], [])
    assert reading.find_session("x") is reading.find_staff("x") is reading.find_system("x") is None
    assert reading.find_ticket("x") is reading.find_by_track_key("x") is None


def test_people_and_devices_are_found(centre: Centre, reading: StoredReading) -> None:
    """By name, token, bearer token."""
    lan = people_and_devices(centre)
    found = reading.find_session("token-hash")
    assert found is not None
    assert (found[0].staff, found[1].id, found[1].display_name) == (lan, lan, "Nguyễn Thị Lan")
    assert reading.find_staff("lan") == found[1]
    assert (reading.has_staff(), reading.all_staff()) == (True, [found[1]])
    assert reading.find_system("system-hash") == ("reports", "reader")
    assert [device.id for device in reading.all_devices()] == ["k1"]


def test_a_session_without_its_person_lets_nobody_in(centre: Centre, reading: StoredReading) -> None:
    """However it came to be left over."""
    lan = people_and_devices(centre)
    with centre.database.engine.connect() as connection, connection.begin():
        connection.execute(text("DELETE FROM staff"))
    assert reading.find_session("token-hash") is None
    assert centre.refused(Request(lambda work: remove_staff(work, CHIEF, lan))) == "not-found"


def test_a_ticket_is_read_as_it_stands_in_the_line(centre: Centre, reading: StoredReading) -> None:
    """By its id and by the key of its address; also on another day, when the line knows it no longer."""
    ticket = centre.done(centre.issue())["ticket"]
    centre.ask(centre.desk("open"), centre.call(), centre.slip(ticket["id"]))
    here = centre.line.tickets[ticket["id"]]
    assert (here.state, here.slip) == (TicketState.CALLED, SlipState.PRINTED)
    assert reading.find_ticket(ticket["id"]) == here
    assert reading.find_by_track_key(here.track_key) == here
    assert ticket["track_url"] == f"https://example.vn/t/{here.track_key}"
    centre.clock.turn(DAY_MS)
    centre.ask(centre.nothing())
    now = centre.clock.now
    assert reading.find_ticket(here.id) == replace(here, state=TicketState.ENDED, since=now, ended_at=now)


def test_a_history_is_told_oldest_first(centre: Centre, reading: StoredReading) -> None:
    """Of this ticket alone, with what each fact says and when."""
    ticket = centre.done(centre.issue())["ticket"]["id"]
    centre.number()
    centre.clock.turn(1000)
    centre.ask(centre.desk("open"), centre.call(), centre.press(Verb.RECALL), centre.press(Verb.START))
    lines = reading.history_of(ticket)
    assert [line.kind for line in lines] == ["TicketIssued", "TicketCalled", "TicketRecalled", "ServiceStarted"]
    assert [line.at - lines[0].at for line in lines] == [0, 1000, 1000, 1000]
    assert lines[1].fields == {"ticket": ticket, "number": "A001", "counter": "c1", "officer": "an", "picked": None}


def test_who_is_there_is_what_the_journal_said_last(centre: Centre, reading: StoredReading) -> None:
    """However long ago; a device that was removed is not there."""
    kiosks = [Device(f"k{n}", "kiosk", (), None, None, "ab", centre.clock.now) for n in range(1, 4)]
    for one in kiosks:
        centre.done(Request(lambda work, one=one: add_device(work, one)))
    for device, meaning in (("k1", DeviceReturned), ("k2", DeviceReturned), ("k3", DeviceReturned), ("k2", DeviceLost)):
        centre.done(Request(lambda work, device=device, meaning=meaning: note_device(work, device, meaning)))
    centre.ask(*(centre.issue() for _ in range(60)))
    assert reading.devices_there() == {"k1", "k3"}
    centre.done(Request(lambda work: remove_device(work, "k3")))
    centre.done(Request(lambda work: note_device(work, "k1", DeviceDoubled)))
    assert reading.devices_there() == {"k1"}


def test_what_is_not_committed_is_not_read(centre: Centre, reading: StoredReading) -> None:
    """A page never shows a ticket that may yet be undone."""
    seen = []

    def look_and_break(work: object) -> None:
        inner(work)  # type: ignore[arg-type]
        seen.append(reading.find_ticket(next(iter(centre.line.tickets))))
        raise ZeroDivisionError

    inner = centre.issue().action
    centre.ask(centre.request(look_and_break, CHIEF))  # type: ignore[arg-type]
    assert seen == [None]


def test_a_ticket_is_found_by_its_number_of_the_day(centre: Centre, reading: StoredReading) -> None:
    """Also when it is over; the same number of another day is another ticket."""
    first = centre.done(centre.issue())["ticket"]
    here = centre.line.tickets[first["id"]]
    assert reading.find_by_number(here.day, here.number) == here
    centre.clock.turn(DAY_MS)
    tomorrow = centre.done(centre.issue())["ticket"]
    second = centre.line.tickets[tomorrow["id"]]
    assert (second.number, second.day != here.day) == (here.number, True)
    assert reading.find_by_number(second.day, second.number) == second
    over = reading.find_by_number(here.day, here.number)
    assert over is not None
    assert (over.id, over.state) == (here.id, TicketState.ENDED)
    assert reading.find_by_number(here.day, "Z999") is None
