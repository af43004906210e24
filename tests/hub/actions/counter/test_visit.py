"""An officer's presses on the ticket at the counter."""

import pytest

from hub.actions.asking import Action
from hub.actions.counter.visit import move_ticket, transfer_ticket, undo_press
from hub.contract.names import TicketState
from hub.queueing import facts as f
from hub.queueing.ticket import MOVES, Verb
from tests.hub.actions.place import Place
from tests.hub.storage.centre import DAY_MS

PRESSED = (Verb.RECALL, Verb.START, Verb.FINISH, Verb.NO_SHOW, Verb.HOLD, Verb.RETURN, Verb.CANCEL)


def move(verb: Verb, counter: str = "c1", officer: str = "an", ticket: str | None = None) -> Action:
    return lambda work: move_ticket(work, counter, officer, verb, ticket)


def transfer(service: str = "land", counter: str = "c1", officer: str = "an", ticket: str | None = None) -> Action:
    return lambda work: transfer_ticket(work, counter, officer, service, ticket)


def undo(counter: str = "c1", officer: str = "an") -> Action:
    return lambda work: undo_press(work, counter, officer)


@pytest.fixture
def called(place: Place) -> str:
    """A ticket that was called to the first counter after a minute; another one waits."""
    place.open()
    ticket = place.issue()
    place.issue()
    place.centre.clock.turn(60_000)
    place.call()
    return ticket


# ---------------------------------------------------------------- moves


@pytest.mark.parametrize(
    ("verbs", "state", "counter"),
    [
        ([Verb.RECALL], "called", "called"),
        ([Verb.START], "serving", "serving"),
        ([Verb.START, Verb.FINISH], "finished", "open"),
        ([Verb.NO_SHOW], "no-show", "open"),
        ([Verb.HOLD], "held", "open"),
        ([Verb.START, Verb.HOLD], "held", "open"),
        ([Verb.RETURN], "waiting", "open"),
        ([Verb.CANCEL], "cancelled", "open"),
    ],
)
def test_each_verb_answers_where_ticket_and_counter_stand_now(
    place: Place, called: str, verbs: list[Verb], state: str, counter: str
) -> None:
    """And it is so on disk."""
    for verb in verbs:
        answer = place.press(verb)
    assert (answer["counter"], answer["state"]) == ("c1", counter)
    assert (answer["ticket"]["id"], answer["ticket"]["state"]) == (called, state)
    assert answer["ticket"]["waited_s"] == 60
    assert place.ticket(called).state == state


def test_recalls_are_counted(place: Place, called: str) -> None:
    """From one; a new call begins anew."""
    assert [place.press(Verb.RECALL)["ticket"]["recalls"] for _ in range(2)] == [1, 2]
    place.press(Verb.RETURN)
    assert place.call()["ticket"]["recalls"] == 0


def test_a_held_or_missed_ticket_is_brought_back_by_its_name(place: Place, called: str) -> None:
    """From another counter, too; it waits at its old place."""
    place.open("c3", "chi")
    for verb in (Verb.HOLD, Verb.NO_SHOW):
        place.press(verb)
        answer = place.press(Verb.RETURN, "c3", "chi", called)
        assert (answer["counter"], answer["state"], answer["ticket"]["state"]) == ("c3", "open", "waiting")
        assert place.call()["ticket"]["id"] == called


def test_what_the_table_of_moves_does_not_have_is_refused(place: Place, called: str) -> None:
    """Every verb in the states a ticket at a counter can have; nothing is changed by any."""
    for state in (TicketState.CALLED, TicketState.SERVING):
        if state is TicketState.SERVING:
            place.press(Verb.START)
        for verb in PRESSED:
            if (state, verb) not in MOVES:
                assert place.refused(move(verb)) == "illegal-move", verb


def test_without_a_ticket_there_is_nothing_to_press(place: Place) -> None:
    """At a counter that is free, for a name nobody has, for one of yesterday."""
    place.open()
    ticket = place.issue()
    for verb in PRESSED:
        assert place.refused(move(verb)) == "not-found"
        assert place.refused(move(verb, ticket="nobody")) == "not-found"
    place.centre.clock.turn(DAY_MS)
    place.open()
    assert place.refused(move(Verb.CANCEL, ticket=ticket)) == "not-found"


def test_a_ticket_at_another_counter_is_that_officer_s(place: Place, called: str) -> None:
    """Neither pressed nor sent on from here."""
    place.open("c3", "chi")
    assert place.refused(move(Verb.RETURN, "c3", "chi", called)) == "not-allowed"
    assert place.refused(transfer("land", "c3", "chi", called)) == "not-allowed"


@pytest.mark.parametrize("act", [move(Verb.START), transfer(), undo()])
def test_only_one_s_own_open_counter_acts(place: Place, act: Action) -> None:
    """Closed, another's."""
    assert place.refused(act) == "counter-closed"
    place.open("c1", "binh")
    assert place.refused(act) == "counter-taken"


# ---------------------------------------------------------------- transfer


def test_a_ticket_sent_on_keeps_number_and_time(place: Place, called: str) -> None:
    """It waits for the other service, at the place of its arrival; its waiting goes on from the beginning."""
    place.issue("land")
    answer = place.done(transfer())
    ticket = place.ticket(called)
    assert (answer["ticket"]["number"], answer["ticket"]["service"], answer["ticket"]["state"]) == (
        *("A001", "land", "waiting"),
    )
    assert (ticket.legs, ticket.counter) == (2, None)
    assert place.centre.line.people_ahead(ticket) == 0
    place.open("c2", "binh")
    assert place.call("c2", "binh")["ticket"]["number"] == "A001"


def test_it_can_be_sent_on_while_it_waits(place: Place, called: str) -> None:
    """By its name."""
    other = next(one.id for one in place.centre.line.tickets.values() if one.id != called)
    assert place.done(transfer(ticket=other))["ticket"]["service"] == "land"


def test_it_can_be_sent_neither_nowhere_nor_to_where_it_is(place: Place, called: str) -> None:
    """Unknown service, its own service, a ticket that is over."""
    assert place.refused(transfer("moon")) == "unknown-service"
    assert place.refused(transfer("births")) == "illegal-move"
    place.press(Verb.NO_SHOW)
    assert place.refused(transfer(ticket=called)) == "illegal-move"


# ---------------------------------------------------------------- undo


def test_the_last_press_is_taken_back(place: Place, called: str) -> None:
    """Ticket and counter stand as before it."""
    before = place.ticket(called)
    place.press(Verb.NO_SHOW)
    answer = place.done(undo())
    assert (answer["state"], answer["ticket"]["state"]) == ("called", "called")
    assert place.ticket(called) == before
    assert isinstance(place.facts()[-1], f.MoveUndone)


def test_a_call_that_finished_another_visit_is_taken_back_whole(place: Place, called: str) -> None:
    """The visit goes on, and the one called waits again."""
    place.press(Verb.START)
    second = place.call()["ticket"]["id"]
    answer = place.done(undo())
    assert (answer["ticket"]["id"], answer["state"]) == (called, "serving")
    assert place.ticket(second).state is TicketState.WAITING


def test_there_is_nothing_to_take_back(place: Place, called: str) -> None:
    """After a recall, twice, after ten seconds, at a counter where nothing was pressed."""
    place.press(Verb.RECALL)
    assert place.refused(undo()) == "nothing-to-undo"
    place.press(Verb.START)
    place.centre.clock.turn(10_001)
    assert place.refused(undo()) == "nothing-to-undo"
    place.press(Verb.HOLD)
    place.done(undo())
    assert place.refused(undo()) == "nothing-to-undo"
    place.open("c3", "chi")
    assert place.refused(undo("c3", "chi")) == "nothing-to-undo"


def test_at_ten_seconds_sharp_it_still_can(place: Place, called: str) -> None:
    """To the millisecond."""
    place.press(Verb.NO_SHOW)
    place.centre.clock.turn(10_000)
    place.done(undo())


def test_what_others_have_built_on_stays(place: Place, called: str) -> None:
    """A ticket that has moved on since."""
    place.press(Verb.HOLD)
    place.open("c3", "chi")
    place.press(Verb.RETURN, "c3", "chi", called)
    assert place.refused(undo()) == "nothing-to-undo"
