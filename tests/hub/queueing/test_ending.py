"""How a visit ends, where the centre asks."""

import pytest

from hub.contract.refusals import RefusalCode
from hub.queueing import facts as f
from hub.queueing.calling import call_next
from hub.queueing.ending import NOTHING_SAID, Ending, finished
from hub.queueing.ticket import Verb
from tests.hub.queueing.hall import Hall

OUTCOMES = {"outcomes": [{"id": "done", "name": {"vi": "Đã nhận"}}, {"id": "papers", "name": {"vi": "Thiếu giấy tờ"}}]}


def serving(**sections: object) -> Hall:
    """c1 serves A001, and A002 waits."""
    hall = Hall().having(**sections)
    hall.open()
    hall.issue()
    hall.issue()
    hall.call()
    hall.press(Verb.START)
    return hall


def test_by_default_nothing_is_asked() -> None:
    """A visit just ends."""
    hall = serving()
    assert finished(hall.set_up, hall.line.tickets["t1"], "c1", "an", NOTHING_SAID) == f.ServiceFinished(
        "t1", "c1", "an"
    )
    hall.press(Verb.FINISH)


def test_where_there_are_outcomes_one_is_said() -> None:
    """By finishing as by calling the next; one of the centre's own."""
    hall = serving(finishing=OUTCOMES)
    hall.refuses(RefusalCode.OUTCOME_MISSING, lambda: hall.press(Verb.FINISH))
    hall.refuses(RefusalCode.OUTCOME_MISSING, hall.call)
    hall.refuses(RefusalCode.UNKNOWN_CHOICE, lambda: hall.press(Verb.FINISH, ending=Ending("magic")))
    stated = call_next(hall.line, hall.set_up, "c1", "an", hall.now, Ending("papers", ("land", "births", "land")))
    assert stated[0] == f.ServiceFinished("t1", "c1", "an", "papers", ("births", "land"))
    hall.press(Verb.FINISH, ending=Ending("done"))


def test_with_nobody_waiting_no_outcome_is_missed() -> None:
    """The visit goes on."""
    hall = serving(finishing=OUTCOMES)
    hall.press(Verb.CANCEL, ticket="t2")
    hall.refuses(RefusalCode.NOBODY_WAITING, hall.call)


@pytest.mark.parametrize("done", [("moon",), ("births", "moon")])
def test_what_was_done_are_services_of_the_centre(done: tuple[str, ...]) -> None:
    """`unknown-service`."""
    hall = serving()
    hall.refuses(RefusalCode.UNKNOWN_SERVICE, lambda: hall.press(Verb.FINISH, ending=Ending(None, done)))
