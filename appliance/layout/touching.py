"""Fingers on the glass. Pure: where they come down and leave, and what that means.

A press is one finger that comes down on a target and leaves it where it stands. A drag off it, a second finger, a palm:
nothing. The screen may change meanwhile; a press then still tells which screen it was made on.
"""

from dataclasses import dataclass, field

from appliance.layout.items import Panel, Picture


@dataclass(frozen=True, slots=True)
class Pressing:
    """One finger on a target of the picture numbered `serial`. `over`: it still is on it."""

    finger: object
    target: Panel
    serial: int
    over: bool = True


@dataclass(frozen=True, slots=True)
class Fingers:
    """All fingers that are down, and the one that presses."""

    down: frozenset[object] = field(default_factory=frozenset)
    pressing: Pressing | None = None
    spoiled: bool = False
    """More than one came down: nothing counts until all are gone."""

    @property
    def held(self) -> Panel | None:
        """The target that is to look pressed."""
        return self.pressing.target if self.pressing is not None and self.pressing.over else None


def touched(fingers: Fingers, finger: object, picture: Picture, x: float, y: float) -> Fingers:
    """A finger comes down."""
    if fingers.down or fingers.spoiled:
        return Fingers(fingers.down | {finger}, None, spoiled=True)
    target = picture.target_at(x, y)
    pressing = None if target is None else Pressing(finger, target, picture.serial)
    return Fingers(frozenset({finger}), pressing)


def moved(fingers: Fingers, finger: object, x: float, y: float) -> Fingers:
    """A finger moves; off its target it presses nothing, and back on it does again."""
    pressing = fingers.pressing
    if pressing is None or pressing.finger != finger:
        return fingers
    over = pressing.target.box.holds(x, y)
    if over == pressing.over:
        return fingers
    return Fingers(fingers.down, Pressing(finger, pressing.target, pressing.serial, over), fingers.spoiled)


def left(fingers: Fingers, finger: object, x: float, y: float) -> tuple[Fingers, Pressing | None]:
    """A finger goes; what it has pressed, if anything."""
    pressing = fingers.pressing
    pressed = pressing is not None and pressing.finger == finger and pressing.target.box.holds(x, y)
    down = fingers.down - {finger}
    kept = None if pressing is not None and pressing.finger == finger else pressing
    after = Fingers(down, kept, fingers.spoiled and bool(down))
    return after, pressing if pressed else None
