"""The ledger: one transaction for a batch, a savepoint each, and memory that is what is on disk."""

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.actions.asking import ActionFault, Outcome, Request
from hub.actions.counter.desk import change_desk
from hub.actions.work import Asker, StaffMember, Work
from hub.contract.messages import Done
from hub.contract.refusals import UNREMEMBERED, Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.limits import IssueLimit
from hub.queueing.ticket import Verb
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


def test_a_read_that_breaks_breaks_its_own_request_only(centre: Centre) -> None:
    """PostgreSQL would refuse the rest of the transaction after an error outside any savepoint."""

    def action(work: Work) -> BaseModel:
        work.connection.execute(text("SELECT nonsense"))  # type: ignore[attr-defined]
        return Done()

    batch = [centre.issue(), centre.request(action, Asker("staff", "an")), centre.issue()]
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


@pytest.mark.parametrize("code", sorted(RefusalCode))
def test_refusals_by_rule_are_remembered_and_others_are_not(centre: Centre, code: RefusalCode) -> None:
    """A repeat of the unremembered ones is judged anew."""
    first = centre.outcome(refusing(centre, code, "same"))
    second = centre.outcome(refusing(centre, code, "same"))
    assert (first.ok, first.code) == (second.ok, second.code) == (False, code)
    assert second.repeated == (code not in UNREMEMBERED)
    assert second.answer == first.answer
    remembered = answers(centre.ask(centre.issue(request_id="same", body="")))
    assert remembered == ["A001" if code in UNREMEMBERED else code]


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


def test_without_memory_and_without_the_rows_word_a_second_ticket_would_be_given(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: a memory that never remembers, and rows without their constraint, give two numbers for one request."""
    monkeypatch.setattr("hub.storage.memory.recall", lambda *_: {})
    monkeypatch.setattr("hub.storage.memory.remember", lambda *_: None)
    ask = lambda: centre.issue(request_id="same")  # noqa: E731
    assert answers(centre.ask(ask()) + centre.ask(ask())) == ["A001", "A001"]  # the constraint alone saves it
    unique = "ticket_once_a_request"
    with centre.database.engine.connect() as connection, connection.begin():
        if centre.database.is_sqlite:
            connection.exec_driver_sql("PRAGMA writable_schema=ON")
            connection.execute(
                text(f"UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = 'ticket'"),
                {"old": f"CONSTRAINT {unique} UNIQUE (asker, request_id)", "new": "CHECK (1)"},
            )
        else:
            connection.execute(text(f"ALTER TABLE ticket DROP CONSTRAINT {unique}"))
