"""What a picture is made of. Everything is in pixels of the real screen, from its top left corner, and frozen."""

from dataclasses import dataclass
from typing import Self

from appliance.view import Kind


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.w / 2, self.y + self.h / 2

    def inset(self, across: float, down: float | None = None) -> Self:
        """Smaller by so much on each side."""
        down = across if down is None else down
        return type(self)(self.x + across, self.y + down, self.w - 2 * across, self.h - 2 * down)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def contains(self, other: "Box", slack: float = 0.5) -> bool:
        """Whether another one lies wholly in it."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def apart(self, other: "Box") -> float:
        """The distance between two: 0 when they touch, less when they overlap."""
        across = max(other.x - self.right, self.x - other.right)
        down = max(other.y - self.bottom, self.y - other.bottom)
        return max(across, down)

    # ------------------------------------------------------------ cutting pieces off

    def top(self, h: float) -> Self:
        """The upper `h` of it."""
        return type(self)(self.x, self.y, self.w, h)

    def below(self, h: float) -> Self:
        """All but the upper `h`."""
        return type(self)(self.x, self.y + h, self.w, self.h - h)

    def foot(self, h: float) -> Self:
        """The lower `h` of it."""
        return type(self)(self.x, self.bottom - h, self.w, h)

    def above(self, h: float) -> Self:
        """All but the lower `h`."""
        return type(self)(self.x, self.y, self.w, self.h - h)

    def left(self, w: float) -> Self:
        """The left `w` of it."""
        return type(self)(self.x, self.y, w, self.h)

    def after(self, w: float) -> Self:
        """All but the left `w`."""
        return type(self)(self.x + w, self.y, self.w - w, self.h)

    def end(self, w: float) -> Self:
        """The right `w` of it."""
        return type(self)(self.right - w, self.y, w, self.h)

    def before(self, w: float) -> Self:
        """All but the right `w`."""
        return type(self)(self.x, self.y, self.w - w, self.h)

    def centred(self, w: float, h: float) -> Self:
        """A box of that size in the middle of it."""
        return type(self)(self.x + (self.w - w) / 2, self.y + (self.h - h) / 2, w, h)

    def columns(self, count: int, gap: float) -> list[Self]:
        """Side by side, equally wide."""
        w = (self.w - (count - 1) * gap) / count
        return [type(self)(self.x + at * (w + gap), self.y, w, self.h) for at in range(count)]

    def rows(self, count: int, gap: float) -> list[Self]:
        """One under another, equally high."""
        h = (self.h - (count - 1) * gap) / count
        return [type(self)(self.x, self.y + at * (h + gap), self.w, h) for at in range(count)]


@dataclass(frozen=True, slots=True)
class Act:
    """What a touch does: told to the flow as it stands. `says`: its name, for tests and for speech."""

    kind: Kind
    what: str
    says: str


@dataclass(frozen=True, slots=True)
class Item:
    """What all items share. `parent`: what it must lie in."""

    box: Box
    parent: Box


@dataclass(frozen=True, slots=True)
class Panel(Item):
    """A rounded surface, with or without an edge and a shadow (offset down, blur, opacity).

    With `act` it can be pressed, and looks like `pressed` (fill, edge) while it is.
    """

    fill: str
    radius: float = 0.0
    edge: str = ""
    edge_width: float = 0.0
    shadow: tuple[float, float, float] | None = None
    act: Act | None = None
    pressed: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Words(Item):
    """One line of text; its box is as wide as the words and as high as the line. `cut`: it did not fit whole."""

    text: str
    size: int
    weight: int
    colour: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Icon(Item):
    """An icon, as large as its box is high."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Bars(Item):
    """One to three of three bars."""

    level: int
    on: str
    off: str
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Dots(Item):
    """A row of dots: where a ticket is torn."""

    count: int
    colour: str


@dataclass(frozen=True, slots=True)
class Drum(Item):
    """Rings like those of a bronze drum, around the box's middle; decoration, cut off at `parent`."""

    colour: str


@dataclass(frozen=True, slots=True)
class Code(Item):
    """A QR code with its quiet zone."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole screen: drawn in this order on `ground`."""

    serial: int
    name: str
    ground: str
    items: tuple[Item, ...]

    def targets(self) -> list[Panel]:
        """All that can be pressed."""
        return [item for item in self.items if isinstance(item, Panel) and item.act is not None]

    def target_at(self, x: float, y: float) -> Panel | None:
        """What a finger at this place touches: the last one drawn."""
        return next((one for one in reversed(self.targets()) if one.box.holds(x, y)), None)
