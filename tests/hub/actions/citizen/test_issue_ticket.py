"""A citizen gets a number, or is told why not."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from hub.actions.asking import Action
from hub.actions.citizen.issue_ticket import issue_ticket
from hub.actions.work import Asker
from hub.contract.messages import IssueTicketAnswer
from hub.contract.names import SlipState
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing import facts as f
from hub.queueing.limits import IssueLimit
from hub.queueing.numbers import LARGEST
from hub.storage.database import Database
from tests.hub.actions.place import KIOSK, Place
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS, RULES, Centre

DESK = Asker("staff", "lan")


def issue(asker: Asker = KIOSK, request: str = "r", **changes: Any) -> Action:
    wish = {"service": "births", "class_": "ordinary", "language": "vi"} | changes
    return lambda work: issue_ticket(work, asker, request, **wish)


def test_a_number_is_given_with_all_that_goes_on_its_slip(place: Place) -> None:
    """Number, people ahead, counters, an address that cannot be guessed."""
    place.issue()
    answer = IssueTicketAnswer.model_validate_json(place.outcome(issue()).answer)
    ticket = answer.ticket
    kept = place.ticket(str(ticket.id))
    assert (ticket.number, ticket.service, ticket.class_, ticket.people_ahead) == ("A002", "births", "ordinary", 1)
    assert (ticket.issued_at.isoformat(), ticket.wait) == ("2026-11-23T08:00:00+07:00", None)
    assert ticket.counters == ["c1", "c3"]
    assert ticket.track_url == f"https://example.vn/t/{kept.track_key}"
    assert len(kept.track_key) == 22
    assert UUID(str(ticket.id)).version == 7


def test_the_fact_says_who_asked_and_with_which_request(place: Place) -> None:
    """And no more of anybody than that."""
    (fact,) = place.stated_by(issue(request="r-7"))
    assert isinstance(fact, f.TicketIssued)
    assert (fact.asker, fact.request_id, fact.number, fact.sequence, fact.order) == ("device:k1", "r-7", "A001", 1, 1)
    assert (fact.day, fact.slip) == ("2026-11-23", SlipState.UNKNOWN)


def test_at_the_desk_there_may_be_no_paper(place: Place) -> None:
    """The ticket says so from the beginning."""
    ticket = place.done(issue(DESK, slip=SlipState.NONE))["ticket"]["id"]
    assert place.ticket(ticket).slip is SlipState.NONE


def test_a_language_that_the_centre_does_not_speak_becomes_its_first(place: Place) -> None:
    """Nobody is sent away for it."""
    ticket = place.done(issue(language="fr"))["ticket"]["id"]
    assert place.ticket(ticket).language == "vi"


def test_without_a_public_address_the_slip_has_none(sqlite_database: Database) -> None:
    """No code that leads nowhere."""
    centre = Centre(sqlite_database)
    centre.ledger._rules = replace(RULES, public_url=None)
    assert Place(centre).done(issue())["ticket"]["track_url"] is None
    centre.ledger.close()


def test_a_number_nobody_serves_says_so_by_naming_no_counter(place: Place) -> None:
    """It waits until the set-up changes."""
    document = SET_UP.model_dump()
    for counter in document["counters"]:
        counter["services"] = ["land"]
    place.centre.done(place.centre.apply(SetUp.model_validate(document)))
    assert place.done(issue())["ticket"]["counters"] == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"service": "moon"}, "unknown-service"),
        ({"class_": "royal"}, "unknown-class"),
        ({"service": "land"}, "service-closed"),
        ({"service": "trade"}, "unknown-class"),
    ],
)
def test_what_the_centre_does_not_offer_is_refused(place: Place, wish: dict[str, str], code: str) -> None:
    """An unknown service or class, one that is not for this class, one that is closed."""
    document = SET_UP.model_dump()
    document["services"][1]["open"] = False
    document["services"][2]["classes"] = ["elderly"]
    place.centre.done(place.centre.apply(SetUp.model_validate(document)))
    assert place.refused(issue(**wish), KIOSK) == code


def test_behind_the_largest_number_a_service_is_closed_for_the_day(place: Place) -> None:
    """It never begins at one again; tomorrow it does."""
    place.issue()
    place.centre.line.next_sequence["births"] = LARGEST
    assert place.done(issue())["ticket"]["number"] == f"A{LARGEST}"
    assert place.refused(issue(request="s"), KIOSK) == "service-closed"
    place.centre.clock.turn(DAY_MS)
    assert place.done(issue(request="t"))["ticket"]["number"] == "A001"


def test_a_disk_that_is_nearly_full_is_for_those_who_wait(place: Place) -> None:
    """No new numbers, from whomever."""
    place.centre.ledger.low_on_disk = True
    assert place.refused(issue(), KIOSK) == "hub-full"
    assert place.refused(issue(DESK), DESK) == "hub-full"


def test_a_device_may_give_only_so_many_in_a_minute(sqlite_database: Database) -> None:
    """Staff at the desk may give more. A number that is refused for another reason costs the device nothing."""
    place = Place(Centre(sqlite_database, limit=IssueLimit(per_minute=30, burst=2)))
    for _ in range(5):
        assert place.refused(issue(service="moon"), KIOSK) == "unknown-service"
    place.issue()
    place.issue()
    assert place.refused(issue(), KIOSK) == "too-many"
    for _ in range(3):
        place.issue(asker=DESK)
    place.centre.clock.turn(2000)
    place.issue()
    place.centre.ledger.close()


def test_before_any_day_could_be_opened_there_are_no_numbers(sqlite_database: Database) -> None:
    """A clock behind the very first entry: staff confirm the date first."""
    centre = Centre(sqlite_database, set_up=None)
    centre.clock.now = Instant(0)
    centre.done(centre.apply(SET_UP))
    place = Place(centre)
    assert place.refused(issue(), KIOSK) == "date-unconfirmed"
    centre.done(centre.confirm())
    assert place.done(issue())["ticket"]["number"] == "A001"
    centre.ledger.close()
