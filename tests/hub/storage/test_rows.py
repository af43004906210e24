"""Between rows and the line: what is written is what is read, to the type."""

from dataclasses import fields, replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.actions.asking import Request
from hub.actions.device.call_staff import answer_staff_call, call_staff
from hub.actions.device.register import add_device, remove_device
from hub.actions.work import Asker, Device
from hub.contract.names import LIVE_STATES, Day, SlipState, TicketState
from hub.contract.time import Instant
from hub.queueing.line import Desk, StaffCall
from hub.queueing.ticket import Ticket, Verb
from hub.storage import rows, tables
from hub.storage.database import Database
from tests.hub.storage.centre import DAY_MS, Centre

LATE = Instant(4_000_000_000_000)  # far beyond 32 bits, and beyond 2036
FULL = Ticket(
    *("t1", "CK99999", 99_999, 7, Day("2026-11-23"), "trade", "ordinary", "vi", "device:k1", "r1", "key"),
    issued_at=Instant(1),
    state=TicketState.SERVING,
    since=LATE,
    counter="c1",
    officer="Đặng Thị 'An' \"%s\" \\ :x",
    called_at=Instant(2),
    started_at=LATE,
    ended_at=LATE,
    recalls=3,
    legs=2,
    slip=SlipState.PRINTED,
    copies=1,
)
EMPTY = replace(
    FULL,
    id="t2",
    number="A001",
    request_id="r2",
    track_key="key2",
    counter=None,
    officer=None,
    called_at=None,
    started_at=None,
    ended_at=None,
)


def test_a_ticket_is_read_as_it_was_written(database: Database) -> None:
    """Every field, full or empty, with enums as enums, by each way of finding it."""
    with database.engine.connect() as connection, connection.begin():
        for ticket in (FULL, EMPTY):
            rows.insert_ticket(connection, ticket)
            read = rows.find_ticket(connection, ticket.id)
            assert read == ticket
            assert rows.find_by_request(connection, "device:k1", ticket.request_id) == ticket
            assert rows.find_by_track_key(connection, ticket.track_key) == ticket
            for field in fields(Ticket):
                assert type(getattr(read, field.name)) is type(getattr(ticket, field.name)), field.name
        assert rows.find_ticket(connection, "t3") is None
        assert rows.find_by_request(connection, "device:k2", "r1") is None
        assert rows.find_by_track_key(connection, "") is None


def test_a_move_writes_all_that_may_change_and_never_what_may_not(database: Database) -> None:
    """Number, place, day, time of issue and whose it is stay, whatever the line believes."""
    changed = replace(
        FULL,
        number="A777",
        sequence=777,
        order=777,
        day=Day("2030-01-01"),
        asker="x",
        request_id="x",
        track_key="x",
        issued_at=LATE,
        service="births",
        state=TicketState.WAITING,
        counter=None,
        legs=3,
    )
    with database.engine.connect() as connection, connection.begin():
        rows.insert_ticket(connection, FULL)
        rows.insert_ticket(connection, EMPTY)
        rows.update_ticket(connection, changed)
        read = rows.find_ticket(connection, "t1")
        assert read == replace(FULL, service="births", state=TicketState.WAITING, counter=None, legs=3)
        assert rows.find_ticket(connection, "t2") == EMPTY


@pytest.mark.parametrize("same", ["id", "track_key", "number", "request_id"])
def test_what_must_be_once_is_once(database: Database, same: str) -> None:
    """Ticket, tracking key, number of a day, request of an asker: the database itself refuses the second."""
    second = replace(EMPTY, **{same: getattr(FULL, same)})  # type: ignore[arg-type]
    with database.engine.connect() as connection, connection.begin():
        rows.insert_ticket(connection, FULL)
        connection.exec_driver_sql("SAVEPOINT s")
        with pytest.raises(IntegrityError):
            rows.insert_ticket(connection, second)
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT s")
        rows.insert_ticket(connection, EMPTY)


def test_the_same_number_on_another_day_and_id_from_another_device_are_fine(database: Database) -> None:
    """Numbers restart, ids are the askers' own."""
    with database.engine.connect() as connection, connection.begin():
        rows.insert_ticket(connection, FULL)
        rows.insert_ticket(
            connection, replace(EMPTY, number=FULL.number, day=Day("2026-11-24"), request_id="r1", asker="device:k2")
        )


def test_counters_and_numbers_are_written_over(database: Database) -> None:
    """One row each, as it stands now; nothing to write is nothing written."""
    today = Day("2026-11-23")
    with database.engine.connect() as connection, connection.begin():
        rows.note_day(connection, today, Instant(1))
        for desks in ([], [("c1", Desk("an", True, None)), ("c2", Desk("binh", False, "t9"))], [("c1", Desk())]):
            rows.save_desks(connection, desks)
        for numbers in ([], [("births", 2), ("land", 2)], [("births", 3)]):
            rows.save_next(connection, today, numbers)
        line = rows.rebuild_line(connection, Instant(5))
    assert line.desks == {"c1": Desk(), "c2": Desk("binh", False, "t9")}
    assert line.next_sequence == {"births": 3, "land": 2}
    assert type(line.desks["c2"].paused) is bool


def test_a_line_without_any_day_is_empty(database: Database) -> None:
    """Before the first request."""
    with database.reading() as connection:
        line = rows.rebuild_line(connection, Instant(7))
    assert (line.day, line.last_entry_at, line.tickets, line.next_order) == (None, 7, {}, 1)


def test_the_end_of_a_day_ends_other_days_only_and_no_time_runs_back(database: Database) -> None:
    """Living tickets of any other day, earlier or later; at their last move if that lies behind `now`."""
    today, other = Day("2026-11-23"), Day("2036-02-29")
    with database.engine.connect() as connection, connection.begin():
        for number, state in enumerate(TicketState):
            for day, since in ((today, 50), (other, 50), (other, 200)):
                ids = {"id": f"{day}-{since}-{state}", "request_id": f"{day}-{since}-{state}"}
                ids |= {"track_key": ids["id"], "number": f"A{number}{since}"}
                ticket = replace(EMPTY, **ids, day=day, state=state, since=Instant(since))  # type: ignore[arg-type]
                rows.insert_ticket(connection, ticket)
        assert rows.end_days_before(connection, today, Instant(100)) == 2 * len(LIVE_STATES)
        assert rows.end_days_before(connection, today, Instant(100)) == 0
        found = connection.execute(text("SELECT day, state, since, ended_at FROM ticket WHERE ended_at IS NOT NULL"))
        ended = sorted({tuple(row) for row in found})
    assert ended == [(other, "ended", 100, 100), (other, "ended", 200, 200)]


def test_days_keep_the_order_in_which_they_were_opened(database: Database) -> None:
    """The last one opened is today's, whatever its date; a day may be opened twice."""
    with database.engine.connect() as connection, connection.begin():
        assert rows.current_day(connection) is None
        for day in ("2026-11-23", "2036-02-29", "2026-11-23"):
            rows.note_day(connection, Day(day), Instant(1))
            assert rows.current_day(connection) == day


def test_states_that_live_are_the_same_everywhere() -> None:
    """In the words of the contract, and in the index over them."""
    assert str(tables.LIVE) == "state IN ({})".format(
        ", ".join(f"'{state}'" for state in ("waiting", "called", "serving", "held", "no-show"))
    )
    assert {state.value for state in LIVE_STATES} == {"waiting", "called", "serving", "held", "no-show"}


def test_calls_for_staff_outlive_the_hub(centre: Centre) -> None:
    """Those nobody has answered, with their time; neither of a device that is gone nor of a day that is over."""
    staff, at = Asker("staff", "an"), {}
    for device in ("k1", "k2", "k3"):
        centre.done(Request(lambda work, device=device: add_device(work, kiosk(device))))
        centre.clock.turn(1000)
        at[device] = centre.clock.now
        centre.done(Request(lambda work, device=device: call_staff(work, device, "home")))
    centre.done(Request(lambda work: answer_staff_call(work, staff, "k1")))
    centre.done(Request(lambda work: remove_device(work, "k2")))
    centre.reopen()
    assert centre.line.staff_calls == {"k3": StaffCall("home", at["k3"])}
    centre.assert_on_disk()
    centre.clock.turn(DAY_MS)
    centre.number()
    centre.reopen()
    assert centre.line.staff_calls == {}
    centre.assert_on_disk()


def kiosk(device: str) -> Device:
    return Device(device, "kiosk", (), None, None, "ab", Instant(0))


def test_a_full_day_is_rebuilt_as_it_was(centre: Centre) -> None:
    """A thousand waiting and two hundred called."""
    centre.ask(centre.desk("open"))
    for _ in range(16):
        centre.ask(*(centre.issue() for _ in range(64)))
    for _ in range(10):
        centre.ask(*(request for _ in range(20) for request in (centre.call(), centre.press(Verb.START))))
    centre.reopen()
    centre.assert_on_disk()
