"""Work one after another, and none of it stops the rest."""

import threading

from appliance.hands.line import Line
from tests.hub.client.scripted_hub import LIMIT_S


def test_work_is_done_in_its_order() -> None:
    """Whatever breaks on the way."""
    done: list[int] = []
    line = Line("test")
    line.do(lambda: done.append(1))
    line.do(lambda: 1 // 0)
    line.do(lambda: done.append(2))
    line.close()
    line.close()
    assert done == [1, 2]


def test_what_takes_too_long_is_not_waited_for() -> None:
    """The program ends all the same."""
    begun, enough = threading.Event(), threading.Event()
    line = Line("test")
    line.do(lambda: (begun.set(), enough.wait(LIMIT_S)))
    assert begun.wait(LIMIT_S)
    line.close(0.01)
    enough.set()
    line.close()
