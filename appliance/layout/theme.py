"""Colours, sizes and kinds of buttons on one screen: the design tokens, by theme, text size and the screen's own size.

Lengths are pixels of the reference kiosk (4.03 to the millimetre). `unit` turns them into the real screen's.
"""

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

REFERENCE_PX_PER_MM: Final = 4.03
TOUCH_MM: Final = 20.0
GAP_MM: Final = 3.0
CAP_HEIGHT_MM: Final = 4.8
CAP_HEIGHT_EM: Final = 0.74

TOUCH: Final = TOUCH_MM * REFERENCE_PX_PER_MM
GAP: Final = GAP_MM * REFERENCE_PX_PER_MM
LEAST_TEXT: Final = CAP_HEIGHT_MM * REFERENCE_PX_PER_MM / CAP_HEIGHT_EM
LOWER_HALF_FROM: Final = 0.55
"""In lower-half mode nothing above this share of the screen's height can be pressed."""

SMALL_BELOW: Final = 700.0
"""A screen less high (174 mm) has a grid of cells instead of header, actions and bar."""
LOWER_HALF_ABOVE: Final = 1000.0
"""Only a screen higher than this (248 mm) has an upper part that is out of reach from a wheelchair."""


class Family(Enum):
    """How the parts of a screen are arranged."""

    TALL = "tall"
    WIDE = "wide"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class ScreenSize:
    """A screen in pixels, and how many of them make a millimetre."""

    width: int
    height: int
    px_per_mm: float = REFERENCE_PX_PER_MM


@dataclass(frozen=True, slots=True)
class Text:
    """A role of text: size, height of its line, weight."""

    size: float
    line: float
    weight: int


@dataclass(frozen=True, slots=True)
class Look:
    """How something that can be pressed looks: colours by name, and while it is pressed."""

    fill: str
    edge: str
    ink: str
    icon: str
    pressed_fill: str
    pressed_edge: str


DAY_LOOKS: Final = {
    "plain": Look("surface", "line_strong", "ink", "brand_strong", "brand_tint", "brand"),
    "bar": Look("paper", "line_strong", "ink", "brand_strong", "brand_tint", "brand"),
    "main": Look("brand_strong", "", "on_brand", "on_brand", "brand_raised", ""),
    "call": Look("brand_strong", "", "on_brand", "on_brand", "brand_raised", ""),
    "on": Look("brand_tint", "brand", "brand_strong", "brand_strong", "surface", "brand"),
    "off": Look("sunken", "line", "muted_on_sunken", "muted_on_sunken", "sunken", "line"),
    "card": Look("surface", "", "ink", "brand_strong", "brand_tint", "brand"),
    "closed": Look("sunken", "line", "ink", "muted_on_sunken", "sunken", "line"),
}
CONTRAST_LOOKS: Final = {
    "plain": Look("surface", "line_strong", "ink", "brand", "surface", "brand"),
    "bar": Look("surface", "line_strong", "ink", "brand", "surface", "brand"),
    "main": Look("brand_strong", "", "on_brand", "on_brand", "line_strong", ""),
    "call": Look("line_strong", "", "on_brand", "on_brand", "brand", ""),
    "on": Look("brand_strong", "", "on_brand", "on_brand", "line_strong", ""),
    "off": Look("surface", "line", "ink", "ink", "surface", "line"),
    "card": Look("surface", "line_strong", "ink", "brand", "surface", "brand"),
    "closed": Look("sunken", "line", "ink", "ink", "sunken", "line"),
}

SHADOWS: Final = {"none": None, "card": (6.0, 22.0, 0.13), "hero": (12.0, 38.0, 0.24)}
"""Offset down, blur, opacity of the shadow's colour."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What to arrange with. `scale`: of the text the visitor has chosen, 1, 1.25 or 1.5."""

    screen: ScreenSize
    high_contrast: bool = False
    scale: float = 1.0

    @property
    def unit(self) -> float:
        """Pixels of this screen for one of the reference's."""
        return self.screen.px_per_mm / REFERENCE_PX_PER_MM

    @property
    def width(self) -> float:
        """The screen's width in reference pixels."""
        return self.screen.width / self.unit

    @property
    def height(self) -> float:
        """The screen's height in reference pixels."""
        return self.screen.height / self.unit

    @property
    def family(self) -> Family:
        """How this screen is arranged."""
        if min(self.width, self.height) < SMALL_BELOW:
            return Family.SMALL
        return Family.TALL if self.height > self.width else Family.WIDE

    @property
    def reaches_high(self) -> bool:
        """Whether the screen is so high that a lower-half mode helps."""
        return self.height >= LOWER_HALF_ABOVE

    def text(self, role: str) -> Text:
        """The size of a role of text here, never below 4.8 mm capitals."""
        small = self.family is Family.SMALL
        size, line, weight = tokens()["small_type" if small else "type"][role]
        grown = float(size) * (1.0 if role == "number" else self.scale) * (self._room if small else 1.0)
        fitted = max(grown, LEAST_TEXT)
        return Text(fitted, fitted * line / size, weight)

    @property
    def _room(self) -> float:
        """A small screen that is a little larger than the smallest gives its words some of it."""
        return min(1.2, max(1.0, self.height / float(tokens()["small_type"]["height"])))

    def colour(self, name: str) -> str:
        """A colour by its name; one that is a colour already stays."""
        return name if name.startswith("#") else str(self._section("color")[name])

    def group(self, group: str, part: str) -> str:
        """A group's `tint` or `strong` colour; the brand's for a group the tokens do not know."""
        found = self._section("group").get(group.replace("-", "_"))
        if found is None:
            return self.colour("brand_tint" if part == "tint" else "brand_strong")
        return str(found[part])

    def look(self, kind: str) -> Look:
        """How a kind of button looks."""
        return (CONTRAST_LOOKS if self.high_contrast else DAY_LOOKS)[kind]

    def border(self, name: str = "control") -> float:
        """The width of an edge."""
        return float(self._section("border")[name])

    def shadow(self, name: str) -> tuple[float, float, float] | None:
        """A shadow by its name; none in high contrast."""
        return None if self.high_contrast else SHADOWS[name]

    def _section(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = tokens()["high_contrast" if self.high_contrast else "day"][name]
        return found


@cache
def tokens() -> dict[str, Any]:
    """The design tokens as they are written."""
    return tomllib.loads(Path(__file__).with_name("tokens.toml").read_text("utf-8"))
