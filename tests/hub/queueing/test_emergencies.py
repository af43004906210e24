"""An officer needs somebody at once."""

from hub.contract.refusals import RefusalCode
from hub.queueing import facts as f
from hub.queueing.emergencies import answer_emergency, raise_emergency
from hub.queueing.line import Emergency
from tests.hub.queueing.hall import Hall


def test_it_stands_until_somebody_answers() -> None:
    """Raised twice it is one; whoever comes second is told."""
    hall = Hall()
    hall.open()
    raised = raise_emergency(hall.line, hall.set_up, "c1", "an")
    assert raised == [f.EmergencyRaised("c1", "an")]
    hall.state(*raised)
    assert hall.line.emergencies == {"c1": Emergency("an", hall.now)}
    assert raise_emergency(hall.line, hall.set_up, "c1", "an") == []
    hall.state(answer_emergency(hall.line, "c1", "staff:binh"))
    assert hall.line.emergencies == {}
    hall.refuses(RefusalCode.NOT_FOUND, lambda: answer_emergency(hall.line, "c1", "staff:chi"))


def test_it_is_the_officer_s_own_counter() -> None:
    """Nobody alarms for another."""
    hall = Hall()
    hall.refuses(RefusalCode.COUNTER_CLOSED, lambda: raise_emergency(hall.line, hall.set_up, "c1", "an"))
    hall.open(officer="binh")
    hall.refuses(RefusalCode.COUNTER_TAKEN, lambda: raise_emergency(hall.line, hall.set_up, "c1", "an"))


def test_it_outlives_the_officer_s_going() -> None:
    """Who closes the counter in a hurry needs somebody all the more."""
    hall = Hall()
    hall.open()
    hall.state(*raise_emergency(hall.line, hall.set_up, "c1", "an"))
    hall.close()
    assert hall.line.emergencies.keys() == {"c1"}
