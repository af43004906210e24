"""The ledger: one transaction for a batch, a savepoint each, and memory that is what is on disk."""

from dataclasses import replace

import pytest
from pydantic import BaseModel
from sqlalchemy import text

from hub.actions.asking import Outcome, Request
from hub.actions.counter.desk import change_desk
from hub.actions.work import Asker, StaffMember, Work
from hub.contract.messages import Done
from hub.contract.refusals import UNREMEMBERED, Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.issuing import Wish, issue
from hub.queueing.limits import IssueLimit
from hub.queueing.line import Line
from hub.queueing.ticket import Verb
from hub.storage import check, rows
from hub.storage.database import Database
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS, HOUR, Centre, answers, kept

# ---------------------------------------------------------------- one transaction, a savepoint each


def breaking(centre: Centre, how: str) -> Request:
    """A request that does something, and then comes to nothing."""
    inner = centre.issue("births").action

    def action(work: Work) -> BaseModel:
        inner(work)
        change_desk(work, "c3", "chi", "open")
        person = StaffMember("s1", "lan", "Lan", "officer", "hash", work.now)
        work.register.add_staff(person)
        if how == "bug":
            raise ZeroDivisionError
        if how == "refusal":
            raise Refusal(RefusalCode.ILLEGAL_MOVE)
        if how == "constraint":
            work.register.add_staff(person)
        if how == "statement":
            work.register.connection.execute(text("SELECT nonsense"))  # type: ignore[attr-defined]
        return Done()

    return centre.request(action, Asker("staff", "chi"))


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("bug", "ActionFault"),
        ("refusal", "illegal-move"),
        ("constraint", "ActionFault"),
        ("statement", "ActionFault"),
    ],
)
def test_what_breaks_alone_is_taken_back_alone(centre: Centre, how: str, answer: str) -> None:
    """The others of the batch, before and behind, are as if it had never been asked."""
    batch = [centre.issue(), breaking(centre, how), centre.issue("land"), breaking(centre, how), centre.issue()]
    assert answers(centre.ask(*batch)) == ["A001", answer, "B001", answer, "A002"]
    centre.assert_on_disk()
    assert centre.line.desks == {}
    with centre.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM staff")).scalar() == 0
    assert centre.number() == "A003"


def test_a_read_that_breaks_breaks_its_own_request_only(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL refuses the rest of a transaction after an error outside any savepoint: reads are inside, too."""
    monkeypatch.setattr("hub.storage.rows.find_ticket", lambda connection, _: connection.execute(text("SELECT moon")))
    batch = [centre.issue(), centre.cancel("t9"), centre.issue()]
    assert answers(centre.ask(*batch)) == ["A001", "ActionFault", "A002"]
    centre.assert_on_disk()


def test_a_broken_request_leaves_no_gap_in_the_numbers(centre: Centre) -> None:
    """A number that was taken back is given to the next one."""
    assert answers(centre.ask(centre.bug(centre.issue().action), centre.issue())) == ["ActionFault", "A001"]
    centre.assert_on_disk()


def test_a_batch_is_one_commit(centre: Centre) -> None:
    """However many share it."""
    before = centre.ledger.figures.batches
    centre.ask(*(centre.issue() for _ in range(50)))
    assert centre.ledger.figures.batches == before + 1
    assert centre.ledger.sight.line.waiting_count("births") == 50
    centre.assert_on_disk()


def test_facts_are_entered_in_the_order_of_the_batch_survivors_only(centre: Centre) -> None:
    """The hash chain never runs back over what was undone."""
    before = centre.ledger.sight.entry
    centre.ask(centre.desk("open"), centre.issue(), centre.bug(centre.issue("land").action), centre.call())
    with centre.database.reading() as connection:
        rows = connection.execute(text("SELECT text FROM journal WHERE entry > :n ORDER BY entry"), {"n": before})
        kinds = [row.text.split('"kind":"')[1].split('"')[0] for row in rows]
    assert kinds == ["CounterOpened", "TicketIssued", "TicketCalled"]


def test_a_set_up_that_is_taken_back_was_never_in_force(centre: Centre) -> None:
    """Neither in memory nor on disk."""
    smaller = SET_UP.model_copy(update={"notice": {"vi": "Nghỉ trưa"}})
    version = centre.ledger.sight.set_up_version
    assert answers(centre.ask(centre.bug(centre.apply(smaller).action))) == ["ActionFault"]
    assert centre.ledger.sight.set_up_version == version
    centre.assert_on_disk()
    centre.done(centre.apply(smaller))
    assert centre.ledger.sight.set_up.notice == {"vi": "Nghỉ trưa"}
    centre.assert_on_disk()


# ---------------------------------------------------------------- the memory of requests


def test_the_same_request_gets_the_same_answer(centre: Centre) -> None:
    """In the same batch, in the next, and after a restart; the ticket is one."""
    ask = lambda: centre.issue(request_id="same")  # noqa: E731
    first, second = centre.ask(ask(), ask())
    third = centre.outcome(ask())
    centre.reopen()
    fourth = centre.outcome(ask())
    assert isinstance(first, Outcome) and isinstance(second, Outcome)
    assert first.answer == second.answer == third.answer == fourth.answer
    assert [one.repeated for one in (first, second, third, fourth)] == [False, True, True, True]
    assert centre.line.waiting_count("births") == 1
    assert centre.ledger.figures.repeated == 1  # since the restart


def test_the_same_id_with_another_body_is_a_mismatch(centre: Centre) -> None:
    """In the same batch, too; and the first answer is still there for the first body."""
    batch = [centre.issue(request_id="same"), centre.issue("land", request_id="same")]
    assert answers(centre.ask(*batch)) == ["A001", "request-mismatch"]
    assert centre.refused(centre.issue("land", request_id="same")) == "request-mismatch"
    assert answers(centre.ask(centre.issue(request_id="same"))) == ["A001"]
    assert centre.line.waiting_count("land") == 0


def test_the_same_id_from_another_asker_is_another_request(centre: Centre) -> None:
    """Ids are the askers' own."""
    assert answers(
        centre.ask(centre.issue(device="k1", request_id="x"), centre.issue(device="k2", request_id="x"))
    ) == [
        "A001",
        "A002",
    ]


def refusing(centre: Centre, code: RefusalCode, request_id: str) -> Request:
    def action(work: Work) -> BaseModel:
        raise Refusal(code, retry_after_s=7)

    return centre.request(action, Asker("device", "k1"), request_id)


def test_refusals_by_rule_are_remembered_and_others_are_not(centre: Centre) -> None:
    """A repeat of the unremembered ones is judged anew: every code, tried."""
    for code in RefusalCode:
        first = centre.outcome(refusing(centre, code, code))
        second = centre.outcome(refusing(centre, code, code))
        assert (first.ok, first.code, first.answer) == (False, code, second.answer)
        assert second.repeated == (code not in UNREMEMBERED), code
        given = answers(centre.ask(centre.issue(request_id=code, body="")))[0]
        assert given.startswith("A0") if code in UNREMEMBERED else given == code
    centre.assert_on_disk()


def test_a_refusal_is_remembered_although_its_savepoint_was_undone(centre: Centre) -> None:
    """Written outside of it."""
    centre.ask(breaking(centre, "refusal"))
    with centre.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM request WHERE NOT ok")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM staff")).scalar() == 0


def test_a_bug_is_not_remembered(centre: Centre) -> None:
    """The repeat may find it mended."""
    request = centre.bug()
    centre.ask(request)
    assert request.key is not None
    mended = centre.request(lambda _: Done(), Asker("device", "k9"), request.request_id)
    assert answers(centre.ask(mended)) == ["done"]


def test_a_request_without_an_id_is_carried_out_each_time(centre: Centre) -> None:
    """Nothing is remembered of it."""
    for _ in range(2):
        centre.ask(Request(centre.desk("open").action))
    with centre.database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM request WHERE asker = 'staff:an'")).scalar() == 0


@pytest.mark.parametrize("restarted", [False, True])
def test_a_forgotten_request_still_gets_its_own_ticket(centre: Centre, restarted: bool) -> None:
    """The memory is emptied; the ticket's row keeps (device, request id) for good."""
    centre.number()
    centre.done(centre.issue(request_id="same"))
    centre.number()
    forget_everything(centre)
    if restarted:
        centre.reopen()
    assert answers(centre.ask(centre.issue(request_id="same"), centre.issue())) == ["A002", "A004"]
    assert centre.line.waiting_count("births") == 4
    centre.assert_on_disk()


def test_a_forgotten_request_gets_its_ticket_on_another_day_too(centre: Centre) -> None:
    """Not a second number."""
    centre.done(centre.issue(request_id="same"))
    forget_everything(centre)
    centre.clock.turn(3 * DAY_MS)
    answer = centre.done(centre.issue(request_id="same"))
    assert (answer["ticket"]["number"], answer["ticket"]["people_ahead"]) == ("A001", 0)
    assert centre.number() == "A001"
    centre.assert_on_disk()


def forget_everything(centre: Centre) -> None:
    with centre.database.engine.connect() as connection, connection.begin():
        connection.execute(text("DELETE FROM request"))


def test_without_memory_a_request_would_get_two_tickets(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: first the memory of requests is taken out (the row's own word still holds), then that word, too."""
    monkeypatch.setattr("hub.storage.memory.recall", lambda *_: {})
    monkeypatch.setattr("hub.storage.memory.remember", lambda *_: None)

    def twice(request_id: str) -> list[str]:
        return answers(
            [*centre.ask(centre.issue(request_id=request_id)), *centre.ask(centre.issue(request_id=request_id))]
        )

    assert twice("same") == ["A001", "A001"]
    insert = rows.insert_ticket
    monkeypatch.setattr(
        "hub.storage.rows.insert_ticket", lambda to, ticket: insert(to, replace(ticket, request_id=ticket.id))
    )
    assert twice("again") == ["A002", "A003"]


# ---------------------------------------------------------------- numbers


def test_numbers_go_on_after_a_restart(centre: Centre) -> None:
    """Also when the last ticket has gone."""
    centre.done(centre.desk("open"))
    centre.number()
    ticket = centre.done(centre.issue())["ticket"]["id"]
    centre.done(centre.cancel(ticket))
    centre.reopen()
    assert centre.number() == "A003"


def test_largest_plus_one_is_caught_by_the_rows(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: the number is the largest one waiting plus one. What was given before is neither kept nor answered."""

    def largest_plus_one(line: Line, set_up: SetUp, wish: Wish) -> f.TicketIssued:
        fact = issue(line, set_up, wish)
        largest = max((one.sequence for one in line.tickets.values() if one.service == wish.service), default=0)
        return replace(fact, sequence=largest + 1, number=f"{fact.number[0]}{largest + 1:03d}")

    monkeypatch.setattr("hub.actions.citizen.issue_ticket.issue", largest_plus_one)
    ticket = centre.done(centre.issue())["ticket"]["id"]
    centre.done(centre.cancel(ticket))
    batch = [centre.issue("land"), centre.issue(), centre.desk("open")]
    assert answers(centre.ask(*batch)) == ["B001", "ActionFault", "done"]
    centre.assert_on_disk()


def test_one_number_twice_would_be_found_by_the_check(centre: Centre) -> None:
    """Sabotage: on a database that lost its constraint, the invariants still see it."""
    centre.number()
    centre.number()
    with centre.database.engine.connect() as connection, connection.begin():
        if not centre.database.is_sqlite:
            connection.execute(text("ALTER TABLE ticket DROP CONSTRAINT ticket_number_once_a_day"))
        else:
            connection.execute(text("CREATE TABLE loose AS SELECT * FROM ticket"))
            connection.execute(text("DROP TABLE ticket"))
            connection.execute(text("ALTER TABLE loose RENAME TO ticket"))
        connection.execute(text("UPDATE ticket SET number = 'A001'"))
    with centre.database.reading() as connection:
        assert any("a number given twice on one day" in problem for problem in check.problems(connection))


# ---------------------------------------------------------------- days


def test_a_day_changes_between_two_requests(centre: Centre) -> None:
    """Numbers start anew, tickets have ended, counters are closed, the old day keeps its numbers."""
    centre.ask(centre.desk("open"), *(centre.issue() for _ in range(3)), centre.call())
    centre.clock.turn(DAY_MS)
    assert centre.number() == "A001"
    assert centre.line.day == "2026-11-24"
    assert centre.refused(centre.call()) == "counter-closed"
    with centre.database.reading() as connection:
        states = connection.execute(text("SELECT state FROM ticket WHERE day = '2026-11-23'")).scalars().all()
        opened = connection.execute(text("SELECT text FROM journal WHERE text LIKE '%DayOpened%' ORDER BY entry"))
        assert [row.text.split('"ended":')[1][0] for row in opened] == ["0", "3"]
    assert states == ["ended"] * 3
    centre.assert_on_disk()


def test_a_hub_off_over_midnight_opens_today_at_its_first_request(centre: Centre) -> None:
    """A week later, after a restart; whatever is asked first."""
    centre.number()
    centre.clock.turn(7 * DAY_MS)
    centre.reopen()
    assert centre.line.day == "2026-11-23"
    centre.ask(centre.nothing())
    assert centre.line.day == "2026-11-30"
    centre.assert_on_disk()


def test_nothing_of_a_day_is_left_for_the_next_one_to_press(centre: Centre) -> None:
    """A ticket of yesterday can be neither returned nor cancelled nor undone."""
    centre.ask(centre.desk("open"), centre.issue(), centre.call(), centre.press(Verb.HOLD))
    ticket = next(iter(centre.line.tickets))
    centre.clock.turn(DAY_MS)
    centre.done(centre.desk("open"))
    assert centre.refused(centre.press(Verb.RETURN, ticket=ticket)) == "not-found"
    assert centre.refused(centre.cancel(ticket)) == "illegal-move"
    assert centre.refused(centre.undo()) == "nothing-to-undo"
    assert centre.refused(centre.slip("nobody")) == "not-found"
    centre.done(centre.slip(ticket))
    centre.assert_on_disk()


def test_a_clock_behind_the_last_entry_opens_nothing_and_loses_nothing(centre: Centre) -> None:
    """Yesterday, or 1970: numbers go on in the day that is open, and no time runs back."""
    centre.number()
    last = centre.line.last_entry_at
    centre.clock.now = Instant(0)
    assert centre.number() == "A002"
    assert centre.line.day == "2026-11-23"
    assert {ticket.issued_at for ticket in centre.line.tickets.values()} == {last}
    centre.assert_on_disk()


def test_a_date_confirmed_back_to_a_day_seen_before_goes_on_with_its_numbers(centre: Centre) -> None:
    """The clock was a day ahead for an hour; nothing is given twice on either day."""
    assert [centre.number(), centre.number("land")] == ["A001", "B001"]
    centre.clock.turn(DAY_MS)
    assert [centre.number(), centre.number(), centre.number("trade")] == ["A001", "A002", "CK001"]
    centre.clock.turn(-DAY_MS + HOUR)
    assert centre.number() == "A003"
    centre.done(centre.confirm())
    assert centre.line.day == "2026-11-23"
    assert [centre.number(), centre.number("land"), centre.number("trade")] == ["A002", "B002", "CK001"]
    assert [ticket.order for ticket in centre.line.tickets.values()] == [3, 4, 5]
    centre.assert_on_disk()
    centre.clock.turn(DAY_MS)
    assert [centre.number(), centre.number("land")] == ["A004", "B001"]
    centre.assert_on_disk()


def test_a_clock_of_2036_is_put_right(centre: Centre) -> None:
    """Years ahead, then confirmed: the future day is closed, its tickets have ended, no time runs back."""
    centre.clock.set(2036, 2, 29, 9, 0)
    assert centre.number() == "A001"
    centre.clock.set(2026, 11, 23, 9, 0)
    centre.done(centre.confirm())
    assert centre.line.day == "2026-11-23"
    centre.clock.turn(60_000)
    assert centre.number() == "A001"
    assert centre.line.last_entry_at == centre.clock.now
    centre.assert_on_disk()


def test_a_date_confirmed_within_the_day_only_sets_the_time(centre: Centre) -> None:
    """An hour back: the day stays, who waits stays, and nobody has waited less than nothing."""
    centre.ask(centre.desk("open"), centre.issue())
    centre.clock.turn(-HOUR)
    centre.done(centre.confirm())
    assert centre.line.last_entry_at == centre.clock.now
    centre.clock.turn(60_000)
    assert centre.done(centre.call())["ticket"]["waited_s"] == 0
    centre.assert_on_disk()


def test_confirming_and_going_on_in_one_batch(centre: Centre) -> None:
    """What follows in the same transaction already has the right day and time."""
    centre.number()
    centre.clock.turn(DAY_MS)
    centre.number()
    centre.clock.turn(-DAY_MS)
    assert answers(
        centre.ask(centre.issue(), centre.confirm(), centre.issue(), centre.bug(centre.confirm().action))
    ) == [
        "A002",
        "done",
        "A002",
        "ActionFault",
    ]
    centre.assert_on_disk()


def test_a_confirmation_that_breaks_changes_neither_day_nor_time(centre: Centre) -> None:
    """All of it is taken back, the day's row included."""
    centre.number()
    centre.clock.turn(DAY_MS)
    centre.number()
    now = centre.line.last_entry_at
    centre.clock.turn(-DAY_MS)
    assert answers(centre.ask(centre.bug(centre.confirm().action), centre.issue())) == ["ActionFault", "A002"]
    assert (centre.line.day, centre.line.last_entry_at) == ("2026-11-24", now)
    centre.assert_on_disk()


# ---------------------------------------------------------------- set-ups


def renamed(service: str, prefix: str) -> SetUp:
    document = SET_UP.model_dump()
    for one in document["services"]:
        if one["id"] == service:
            one["prefix"] = prefix
    return SetUp.model_validate(document)


def without(*services: str, then: tuple[str, str] | None = None) -> SetUp:
    document = SET_UP.model_dump()
    document["services"] = [one for one in document["services"] if one["id"] not in services]
    if then is not None:
        document["services"].append({**SET_UP.model_dump()["services"][0], "id": then[0], "prefix": then[1]})
    left = {one["id"] for one in document["services"]}
    for counter in document["counters"]:
        counter["services"] = [one for one in counter["services"] if one in left] or sorted(left)
    return SetUp.model_validate(document)


def test_a_prefix_that_is_on_slips_of_today_stays(centre: Centre) -> None:
    """Neither changed, nor handed on to another service, in one step or in two; tomorrow it may."""
    ticket = centre.done(centre.issue())["ticket"]["id"]
    centre.done(centre.cancel(ticket))
    assert centre.refused(centre.apply(renamed("births", "X"))) == "already-exists"
    assert centre.refused(centre.apply(without("births", then=("deaths", "A")))) == "still-serving"
    assert centre.refused(centre.apply(without("births"))) == "still-serving"
    centre.clock.turn(DAY_MS)
    centre.done(centre.apply(without("births")))
    centre.done(centre.apply(without("births", then=("deaths", "A"))))
    assert centre.number("deaths") == "A001"
    centre.assert_on_disk()


def test_an_unused_prefix_may_change_at_any_time(centre: Centre) -> None:
    """Nobody holds a slip with it."""
    centre.number()
    centre.done(centre.apply(renamed("land", "X")))
    assert centre.number("land") == "X001"


def test_nobody_who_waits_or_works_loses_the_ground(centre: Centre) -> None:
    """A service people wait for and a counter at work stay."""
    centre.number("trade")
    assert centre.refused(centre.apply(without("trade"))) == "still-serving"
    centre.done(centre.desk("open"))
    fewer = SetUp.model_validate(SET_UP.model_dump() | {"counters": SET_UP.model_dump()["counters"][1:]})
    assert centre.refused(centre.apply(fewer)) == "still-serving"


# ---------------------------------------------------------------- limits, room


def test_one_device_is_limited_and_told_how_long(database: Database) -> None:
    """Others go on; staff at the desk have no such limit; the refusal is not remembered."""
    centre = Centre(database, limit=IssueLimit(per_minute=30, burst=2))
    try:
        assert answers(centre.ask(*(centre.issue() for _ in range(3)), centre.issue(device="k2"))) == [
            "A001",
            "A002",
            "too-many",
            "A003",
        ]
        again = centre.issue(request_id="again")
        assert '"retry_after_s":3' in centre.outcome(again).answer
        centre.clock.turn(3000)
        assert centre.done(centre.issue(request_id="again"))["ticket"]["number"] == "A004"
        centre.assert_on_disk()
    finally:
        centre.ledger.close()


def test_low_on_disk_refuses_numbers_and_nothing_else(centre: Centre) -> None:
    """Calling goes on; the refusal is not remembered."""
    centre.ask(centre.desk("open"), centre.issue(), centre.call())
    centre.ledger.low_on_disk = True
    assert answers(centre.ask(centre.issue(request_id="later"), centre.press(Verb.START))) == ["hub-full", "A001"]
    centre.ledger.low_on_disk = False
    assert answers(centre.ask(centre.issue(request_id="later"))) == ["A002"]


# ---------------------------------------------------------------- opening


def test_a_new_database_has_its_epoch_as_the_first_entry(database: Database) -> None:
    """And keeps it over restarts."""
    centre = Centre(database, set_up=None)
    first = centre.ledger.sight
    assert (first.entry, len(first.epoch), first.set_up_version) == (1, 16, 0)
    centre.reopen()
    assert centre.ledger.sight.epoch == first.epoch
    centre.assert_on_disk()
    centre.ledger.close()


def test_before_any_set_up_there_is_no_service(database: Database) -> None:
    """Refused by rule, not broken."""
    centre = Centre(database, set_up=None)
    assert centre.refused(centre.issue()) == "unknown-service"
    centre.ledger.close()


def test_closing_twice_is_harmless_and_the_database_can_be_taken_again(centre: Centre) -> None:
    """Also the lock against a second hub."""
    for _ in range(3):
        centre.ledger.close()
        centre.reopen()
    centre.ledger.close()
    centre.ledger.close()
    centre.reopen()
    assert centre.number() == "A001"


def test_what_can_be_undone_does_not_outlive_the_program(centre: Centre) -> None:
    """All else does."""
    centre.ask(centre.desk("open"), centre.issue(), centre.issue(), centre.call())
    before = kept(centre.line)
    centre.reopen()
    assert kept(centre.line) == before
    assert centre.refused(centre.undo()) == "nothing-to-undo"
