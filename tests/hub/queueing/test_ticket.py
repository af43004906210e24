"""A ticket's legal moves: the whole table, and every pair that is not in it."""

import itertools
from dataclasses import replace

import pytest

from hub.contract.names import LIVE_STATES, TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.queueing.ticket import MOVES, Verb, after
from tests.hub.queueing.hall import Hall

PAIRS = list(itertools.product(TicketState, Verb))
ASKED_OTHERWISE = (Verb.CALL, Verb.TRANSFER, Verb.SET_CLASS)
"""Each says more than which ticket it is about."""

AT_A_COUNTER = [verb for verb in Verb if verb not in ASKED_OTHERWISE]


def brought_to(hall: Hall, state: TicketState) -> str:
    """The id of a ticket that came to `state` by legal presses at c1."""
    hall.open()
    ticket = hall.issue().id
    ways: dict[TicketState, list[Verb]] = {
        TicketState.WAITING: [],
        TicketState.CALLED: [Verb.CALL],
        TicketState.SERVING: [Verb.CALL, Verb.START],
        TicketState.HELD: [Verb.CALL, Verb.START, Verb.HOLD],
        TicketState.NO_SHOW: [Verb.CALL, Verb.NO_SHOW],
    }
    for verb in ways[state]:
        if verb is Verb.CALL:
            hall.call()
        else:
            hall.press(verb)
    assert hall.line.tickets[ticket].state is state
    return ticket


@pytest.mark.parametrize(("state", "verb"), PAIRS)
def test_every_pair_of_state_and_verb_has_one_answer(state: TicketState, verb: Verb) -> None:
    """In the table: the state that follows. Not in the table: `illegal-move`."""
    if (state, verb) in MOVES:
        assert after(state, verb) is MOVES[state, verb]
        return
    with pytest.raises(Refusal) as caught:
        after(state, verb)
    assert caught.value.code is RefusalCode.ILLEGAL_MOVE


@pytest.mark.parametrize("state", sorted(LIVE_STATES))
@pytest.mark.parametrize("verb", AT_A_COUNTER)
def test_a_press_follows_the_table_and_an_illegal_one_changes_nothing(state: TicketState, verb: Verb) -> None:
    """At the counter, with a ticket that was brought there by presses."""
    hall = Hall()
    ticket = brought_to(hall, state)
    if (state, verb) not in MOVES:
        hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.press(verb, ticket=ticket))
        return
    hall.press(verb, ticket=ticket)
    left = hall.line.tickets.get(ticket)
    expected = MOVES[state, verb]
    assert (left.state if left else None) == (expected if expected in LIVE_STATES else None)


@pytest.mark.parametrize("state", sorted(LIVE_STATES))
def test_a_transfer_follows_the_table(state: TicketState) -> None:
    """Number, place and time of issue stay; a leg is added."""
    hall = Hall()
    ticket = brought_to(hall, state)
    before = hall.line.tickets[ticket]
    if (state, Verb.TRANSFER) not in MOVES:
        hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.transfer("land", ticket=ticket))
        return
    hall.transfer("land", ticket=ticket)
    now = hall.line.tickets[ticket]
    assert (now.number, now.order, now.issued_at, now.day) == (
        before.number,
        before.order,
        before.issued_at,
        before.day,
    )
    assert (now.service, now.legs, now.state) == ("land", before.legs + 1, TicketState.WAITING)


@pytest.mark.parametrize("state", sorted(LIVE_STATES))
def test_a_class_can_be_set_as_long_as_the_ticket_lives(state: TicketState) -> None:
    """It stays where it stands, in whatever state."""
    hall = Hall()
    ticket = brought_to(hall, state)
    before = hall.line.tickets[ticket]
    hall.set_class("elderly", ticket=ticket)
    assert hall.line.tickets[ticket] == replace(before, class_="elderly")
    hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda: hall.set_class("elderly", ticket=ticket))
    hall.refuses(RefusalCode.UNKNOWN_CLASS, lambda: hall.set_class("king", ticket=ticket))


def test_nothing_leads_out_of_an_end() -> None:
    """Finished, cancelled and ended tickets stay so; and only living ones lead anywhere."""
    assert {state for state, _ in MOVES} == LIVE_STATES


def test_no_state_is_out_of_reach() -> None:
    """Every state but `ended`, which the day makes, is led to by some verb."""
    assert set(MOVES.values()) | {TicketState.ENDED} == set(TicketState)


def test_what_is_asked_otherwise_is_not_a_press() -> None:
    """`call` belongs to call-next; a press with it is refused, not broken."""
    hall = Hall()
    ticket = brought_to(hall, TicketState.WAITING)
    for verb in ASKED_OTHERWISE:
        hall.refuses(RefusalCode.ILLEGAL_MOVE, lambda verb=verb: hall.press(verb, ticket=ticket))
