"""A device says what became of the paper."""

from hub.actions.asking import Action
from hub.actions.citizen.report_slip import report_slip_failed, report_slip_printed
from hub.actions.work import Asker
from hub.contract.names import SlipState, TicketState
from hub.queueing.facts import SlipFailed, SlipPrinted
from tests.hub.actions.place import KIOSK, Place
from tests.hub.storage.centre import DAY_MS


def printed(ticket: str, *, copy: bool = False, asker: Asker = KIOSK) -> Action:
    return lambda work: report_slip_printed(work, asker, ticket, copy=copy)


def failed(ticket: str, *, copy: bool = False, asker: Asker = KIOSK) -> Action:
    return lambda work: report_slip_failed(work, asker, ticket, copy=copy, reason="jam")


def paper(place: Place, ticket: str) -> tuple[SlipState, int]:
    kept = place.ticket(ticket)
    return kept.slip, kept.copies


def test_the_paper_came_out(place: Place) -> None:
    """Nothing else of the ticket changes."""
    ticket = place.issue()
    before = place.ticket(ticket)
    assert place.stated_by(printed(ticket)) == [SlipPrinted(ticket, False)]
    assert paper(place, ticket) == (SlipState.PRINTED, 0)
    assert (place.ticket(ticket).state, place.ticket(ticket).since) == (before.state, before.since)


def test_it_did_not_and_then_it_did(place: Place) -> None:
    """Officers see the last word; the reason is in the journal."""
    ticket = place.issue()
    assert place.stated_by(failed(ticket)) == [SlipFailed(ticket, False, "jam")]
    assert paper(place, ticket) == (SlipState.FAILED, 0)
    place.done(printed(ticket))
    assert paper(place, ticket) == (SlipState.PRINTED, 0)


def test_copies_are_counted_and_a_failed_one_takes_nothing_away(place: Place) -> None:
    """The first paper is still in the citizen's hand."""
    ticket = place.issue()
    for action in (printed(ticket), printed(ticket, copy=True), failed(ticket, copy=True), printed(ticket, copy=True)):
        place.done(action)
    assert paper(place, ticket) == (SlipState.PRINTED, 2)


def test_a_ticket_that_is_over_still_has_paper(place: Place) -> None:
    """Reported late, on another day: the row keeps it, and nothing comes back to life."""
    ticket = place.issue()
    place.centre.clock.turn(DAY_MS)
    place.open()
    place.done(failed(ticket))
    assert paper(place, ticket) == (SlipState.FAILED, 0)
    assert place.ticket(ticket).state is TicketState.ENDED
    assert place.centre.line.tickets == {}


def test_only_the_device_that_issued_it_knows(place: Place) -> None:
    """Another one is not believed; a ticket nobody has is not found."""
    ticket = place.issue()
    for report in (printed, failed):
        assert place.refused(report(ticket, asker=Asker("device", "k2"))) == "not-allowed"
        assert place.refused(report("nobody")) == "not-found"
