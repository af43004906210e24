"""Giving a number, or saying why not."""

import pytest

from hub.contract.names import SlipState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import SetUp
from hub.queueing.issuing import issue
from hub.queueing.line import Line
from tests.hub.queueing.hall import SET_UP, TODAY, Hall


def changed(**service: object) -> SetUp:
    document = SET_UP.model_dump()
    document["services"][0] |= service
    return SetUp.model_validate(document)


def test_a_number_carries_what_was_wished_and_its_place() -> None:
    """Whose it is, for whom, in which language, on which day, behind whom."""
    hall = Hall()
    hall.issue("land")
    wish = hall.wish("births", asker="staff:an", slip=SlipState.NONE)
    fact = issue(hall.line, hall.set_up, wish)
    assert (fact.ticket, fact.number, fact.sequence, fact.order) == (wish.ticket_id, "A001", 1, 2)
    assert (fact.day, fact.service, fact.class_, fact.language) == (TODAY, "births", "ordinary", "vi")
    assert (fact.asker, fact.request_id, fact.track_key, fact.slip) == ("staff:an", "r2", "k", SlipState.NONE)


def test_deciding_changes_nothing() -> None:
    """Only the fact does, once it is applied."""
    hall = Hall()
    wish = hall.wish("births")
    assert issue(hall.line, hall.set_up, wish) == issue(hall.line, hall.set_up, wish)
    assert hall.line.tickets == {}


@pytest.mark.parametrize(
    ("service", "wish", "code"),
    [
        ("moon", {}, RefusalCode.UNKNOWN_SERVICE),
        ("births", {"class_": "king"}, RefusalCode.UNKNOWN_CLASS),
        ("births", {"class_": "elderly"}, None),
    ],
)
def test_what_there_is_not_is_refused(service: str, wish: dict[str, str], code: RefusalCode | None) -> None:
    """Services and classes; all classes of the centre when the service names none."""
    hall = Hall(set_up=changed())
    if code is None:
        assert issue(hall.line, hall.set_up, hall.wish(service, **wish)).class_ == "elderly"
    else:
        hall.refuses(code, lambda: issue(hall.line, hall.set_up, hall.wish(service, **wish)))


def test_a_service_for_some_is_refused_to_others() -> None:
    """Its own classes only."""
    hall = Hall(set_up=changed(classes=["elderly"]))
    hall.refuses(RefusalCode.UNKNOWN_CLASS, hall.issue)
    issue(hall.line, hall.set_up, hall.wish("births", class_="elderly"))


def test_a_closed_service_gives_no_number_and_the_others_do() -> None:
    """`service-closed`."""
    hall = Hall(set_up=changed(open=False))
    hall.refuses(RefusalCode.SERVICE_CLOSED, hall.issue)
    hall.issue("land")


def test_a_language_nobody_prints_becomes_the_first_one() -> None:
    """A slip is never refused for its language."""
    hall = Hall()
    assert issue(hall.line, hall.set_up, hall.wish("births", language="fr")).language == "vi"
    assert issue(hall.line, hall.set_up, hall.wish("births", language="en")).language == "en"


def test_without_a_day_there_are_no_numbers() -> None:
    """A clock that opened none has to be confirmed first."""
    hall = Hall()
    with pytest.raises(Refusal) as caught:
        issue(Line(), SET_UP, hall.wish("births"))
    assert caught.value.code is RefusalCode.DATE_UNCONFIRMED
