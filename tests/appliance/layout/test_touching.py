"""Fingers: one that comes down and goes on the same target presses it; everything else does nothing."""

from hypothesis import given
from hypothesis import strategies as st

from appliance.layout.items import Act, Box, Panel, Picture
from appliance.layout.touching import Fingers, left, moved, touched
from appliance.view import Kind

SCREEN = Box(0, 0, 100, 100)


def target(what: str, box: Box) -> Panel:
    return Panel(box, SCREEN, fill="#FFFFFF", act=Act(Kind.PRESS, what, what))


A, B = target("a", Box(0, 0, 40, 40)), target("b", Box(60, 60, 40, 40))
SHOWN = Picture(7, "home", "#FFFFFF", (A, Panel(Box(0, 50, 100, 10), SCREEN, fill="#000000"), B))

Step = tuple[str, int, float, float]


def play(*steps: Step) -> list[str]:
    """What is pressed by fingers that come down, move and go."""
    fingers, pressed = Fingers(), []
    for what, finger, x, y in steps:
        if what == "down":
            fingers = touched(fingers, finger, SHOWN, x, y)
        elif what == "move":
            fingers = moved(fingers, finger, x, y)
        else:
            fingers, pressing = left(fingers, finger, x, y)
            if pressing is not None and pressing.target.act is not None:
                pressed.append(pressing.target.act.what)
    return pressed


def test_a_tap_presses_what_it_touches() -> None:
    """And tells the screen it was made on."""
    assert play(("down", 1, 10, 10), ("up", 1, 12, 12)) == ["a"]
    fingers = touched(Fingers(), 1, SHOWN, 70, 70)
    assert fingers.held == B
    _, pressing = left(fingers, 1, 70, 70)
    assert pressing is not None
    assert pressing.serial == 7


def test_a_tap_beside_presses_nothing() -> None:
    """Not on an empty place, and not on a panel that only shows."""
    assert play(("down", 1, 50, 10), ("up", 1, 50, 10), ("down", 1, 50, 55), ("up", 1, 50, 55)) == []


def test_a_drag_off_presses_nothing() -> None:
    """Neither what it left nor what it ends on."""
    assert play(("down", 1, 10, 10), ("move", 1, 70, 70), ("up", 1, 70, 70)) == []


def test_a_drag_onto_a_button_presses_nothing() -> None:
    """It did not begin there."""
    assert play(("down", 1, 50, 10), ("move", 1, 10, 10), ("up", 1, 10, 10)) == []


def test_a_finger_that_comes_back_presses() -> None:
    """It trembled."""
    steps = (("down", 1, 10, 10), ("move", 1, 45, 10), ("move", 1, 20, 10), ("up", 1, 20, 10))
    assert play(*steps) == ["a"]
    fingers = moved(touched(Fingers(), 1, SHOWN, 10, 10), 1, 45, 10)
    assert fingers.held is None


def test_a_palm_presses_nothing() -> None:
    """Two at once: nothing until all are gone, then again as usual."""
    palm = (("down", 1, 10, 10), ("down", 2, 70, 70), ("up", 1, 10, 10), ("up", 2, 70, 70))
    assert play(*palm) == []
    assert play(*palm, ("down", 3, 70, 70), ("up", 3, 70, 70)) == ["b"]


def test_a_finger_while_a_palm_rests_presses_nothing() -> None:
    """The hand still lies there."""
    steps = (("down", 1, 10, 10), ("down", 2, 70, 70), ("up", 2, 70, 70), ("down", 3, 70, 70), ("up", 3, 70, 70))
    assert play(*steps) == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["down", "move", "up"]), st.integers(1, 3), st.floats(-5, 105), st.floats(-5, 105)),
    max_size=40,
)


@given(STEPS)
def test_whatever_fingers_do(steps: list[Step]) -> None:
    """There are never more presses than fingers that went, and none is stuck once all are gone."""
    fingers = Fingers()
    ups = 0
    for what, finger, x, y in steps:
        ups += what == "up"
        if what == "down":
            fingers = touched(fingers, finger, SHOWN, x, y)
        elif what == "move":
            fingers = moved(fingers, finger, x, y)
        else:
            fingers, _ = left(fingers, finger, x, y)
    assert len(play(*steps)) <= ups
    for finger in (1, 2, 3):
        fingers, _ = left(fingers, finger, 0, 0)
    assert fingers == Fingers()
