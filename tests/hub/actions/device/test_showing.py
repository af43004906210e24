"""A hall that did not see a call, as a fact."""

from hub.actions.device.showing import note_not_shown
from hub.queueing.facts import CallNotShown
from hub.queueing.ticket import Verb
from tests.hub.actions.place import Place


def test_it_is_stated_of_the_call_and_changes_nothing_else(place: Place) -> None:
    """It stands in the ticket's history, and the counter's press can still be taken back."""
    place.issue()
    place.open()
    called = place.call()["ticket"]["id"]
    line = dict(place.centre.line.tickets), dict(place.centre.line.presses)
    stated = place.stated_by(lambda work: note_not_shown(work, called, "c1", "hall"))
    assert stated == [CallNotShown(called, "c1", "hall")]
    assert (place.centre.line.tickets, place.centre.line.presses) == line
    assert place.reading.history_of(called)[-1].kind == "CallNotShown"


def test_of_a_call_that_is_over_nothing_is_stated(place: Place) -> None:
    """The person is at the desk, or another one was called meanwhile."""
    place.issue()
    place.open()
    called = place.call()["ticket"]["id"]
    assert place.stated_by(lambda work: note_not_shown(work, "another", "c1", "hall")) == []
    assert place.stated_by(lambda work: note_not_shown(work, called, "c2", "hall")) == []
    place.press(Verb.START)
    assert place.stated_by(lambda work: note_not_shown(work, called, "c1", "hall")) == []
