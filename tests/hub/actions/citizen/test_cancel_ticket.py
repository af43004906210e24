"""A citizen gives a number back."""

import pytest

from hub.actions.asking import Action
from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.work import Asker
from hub.contract.names import TicketState
from hub.queueing.facts import TicketCancelled
from hub.queueing.ticket import Verb
from tests.hub.actions.place import CHIEF, KIOSK, Place
from tests.hub.storage.centre import DAY_MS


def cancel(ticket: str, asker: Asker = KIOSK) -> Action:
    return lambda work: cancel_ticket(work, asker, ticket)


def test_the_device_that_issued_it_takes_it_back(place: Place) -> None:
    """Those behind move up."""
    first, second = place.issue(), place.issue()
    assert place.stated_by(cancel(first)) == [TicketCancelled(first, "device:k1")]
    assert place.ticket(first).state is TicketState.CANCELLED
    assert place.ticket(first).ended_at is not None
    assert place.centre.line.people_ahead(place.centre.line.tickets[second]) == 0


def test_so_may_whoever_holds_the_slip(place: Place) -> None:
    """The random key of its address was shown."""
    ticket = place.issue()
    assert place.refused(cancel(ticket, Asker("citizen", "another")), KIOSK) == "not-allowed"
    holder = Asker("citizen", ticket)
    assert place.stated_by(cancel(ticket, holder)) == [TicketCancelled(ticket, f"citizen:{ticket}")]


@pytest.mark.parametrize("asker", [Asker("device", "k2"), Asker("system", "k1"), CHIEF])
def test_nobody_else_may(place: Place, asker: Asker) -> None:
    """Another kiosk, another kind of asker of the same name, staff (they have a verb of their own)."""
    assert place.refused(cancel(place.issue(), asker)) == "not-allowed"


def test_one_that_is_not_there_is_not_found(place: Place) -> None:
    """And nobody learns whether it ever was."""
    assert place.refused(cancel("nobody")) == "not-found"


@pytest.mark.parametrize("verbs", [[], [Verb.HOLD], [Verb.NO_SHOW]])
def test_until_it_is_served_it_may_be_given_back(place: Place, verbs: list[Verb]) -> None:
    """Called, held, missed; the counter is free then."""
    ticket = place.issue()
    place.open()
    place.call()
    for verb in verbs:
        place.press(verb)
    place.done(cancel(ticket))
    assert place.centre.line.desk("c1").ticket is None


@pytest.mark.parametrize("verbs", [[Verb.START], [Verb.START, Verb.FINISH], [Verb.CANCEL]])
def test_once_it_is_served_or_over_it_may_not(place: Place, verbs: list[Verb]) -> None:
    """Nor a second time."""
    ticket = place.issue()
    place.open()
    place.call()
    for verb in verbs:
        place.press(verb)
    assert place.refused(cancel(ticket)) == "illegal-move"


def test_yesterday_s_is_over(place: Place) -> None:
    """It ended with its day."""
    ticket = place.issue()
    place.centre.clock.turn(DAY_MS)
    place.open()
    assert place.refused(cancel(ticket)) == "illegal-move"
    assert place.ticket(ticket).state is TicketState.ENDED
