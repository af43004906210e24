"""The door without a thread: done when it returns, and on disk."""

import pytest

from hub.actions.asking import ActionFault
from hub.storage.doors import DirectDoor
from tests.hub.storage.centre import Centre, answers


@pytest.fixture
def door(centre: Centre) -> DirectDoor:
    """The door to the centre's ledger."""
    return DirectDoor(centre.ledger)


def test_a_request_is_carried_out_before_it_returns(centre: Centre, door: DirectDoor) -> None:
    """Its own future is done, with the outcome, and everything is on disk."""
    request = centre.issue()
    done = door.submit(request)
    assert done is request.done
    assert done.done()
    assert answers([done.result(0)]) == ["A001"]
    centre.assert_on_disk()


def test_a_refusal_is_an_outcome_and_a_bug_is_a_fault(centre: Centre, door: DirectDoor) -> None:
    """As behind the writer's door."""
    refused = door.submit(centre.call()).result(0)
    assert (refused.ok, refused.code) == (False, "counter-closed")
    with pytest.raises(ActionFault, match="nothing was changed"):
        door.submit(centre.bug(centre.issue().action)).result(0)
    assert answers([door.submit(centre.issue()).result(0)]) == ["A001"]


def test_a_look_sees_what_is_committed(centre: Centre, door: DirectDoor) -> None:
    """At once."""
    door.submit(centre.issue())
    sight = door.look(lambda sight: (sight.entry, sight.line.waiting_count("births"), sight.epoch))
    assert sight.done()
    assert sight.result(0) == (centre.ledger.sight.entry, 1, centre.ledger.sight.epoch)


def test_a_question_that_breaks_breaks_for_its_asker_only(centre: Centre, door: DirectDoor) -> None:
    """In the future, as behind the writer's door."""
    looked = door.look(lambda _: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        looked.result(0)
    assert answers([door.submit(centre.issue()).result(0)]) == ["A001"]
