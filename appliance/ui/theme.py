"""Colours, sizes and fonts of one screen: the design tokens, in pixels of the screen as it was measured."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from appliance.fonts import font_path, icon_font

REFERENCE_PX_PER_MM: Final = 4.03
SMALL_HEIGHT_PX: Final = 640
CAP_HEIGHT_EM: Final = 0.74

Colour = tuple[float, float, float, float]


@dataclass(frozen=True)
class ScreenSize:
    """The screen in pixels, and how many of them make a millimetre."""

    width: int
    height: int
    px_per_mm: float

    @property
    def portrait(self) -> bool:
        """Higher than wide."""
        return self.height >= self.width

    @property
    def small(self) -> bool:
        """So low that the bar folds into one button and text is as small as it may be."""
        return self.height <= SMALL_HEIGHT_PX


@dataclass(frozen=True)
class Theme:
    """What to draw with. `unit`: pixels for one pixel of the reference screen."""

    size: ScreenSize
    high_contrast: bool
    scale: float

    @property
    def unit(self) -> float:
        """From the reference kiosk's pixels to this screen's."""
        fits = min(self.size.width / 1080, self.size.height / 1080 if not self.size.portrait else 9.0)
        return min(self.size.px_per_mm / REFERENCE_PX_PER_MM, fits) if not self.size.small else 0.62

    def px(self, reference: float) -> float:
        """A length of the tokens on this screen."""
        return round(reference * self.unit)

    def mm(self, millimetres: float) -> float:
        """A length in millimetres on this screen."""
        return millimetres * self.size.px_per_mm

    def text(self, role: str) -> float:
        """The size of a role of text, never below 4.8 mm capitals."""
        wanted = tokens()["type"][role][0] * self.unit * (self.scale if role != "number" else 1.0)
        least = 4.8 * self.size.px_per_mm / CAP_HEIGHT_EM
        return float(round(max(wanted, least)))

    def weight(self, role: str) -> int:
        """The weight of a role of text."""
        return int(tokens()["type"][role][2])

    def colour(self, name: str) -> Colour:
        """A colour by its name in the tokens."""
        return rgba(self._colours[name])

    def group(self, group: str, part: str) -> Colour:
        """A group's `tint` or `strong` colour; the brand's for a group the tokens do not know."""
        found = self._section("group").get(group.replace("-", "_"))
        if found is None:
            return self.colour("brand_tint" if part == "tint" else "brand_strong")
        return rgba(found[part])

    def border(self, name: str) -> float:
        """A border's width."""
        return max(1.0, round(self._section("border")[name] * max(self.unit, 0.5)))

    @property
    def _colours(self) -> dict[str, str]:
        colours: dict[str, str] = self._section("color")
        return colours

    def _section(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = tokens()["high_contrast" if self.high_contrast else "day"][name]
        return found


@cache
def tokens() -> dict[str, Any]:
    """The design tokens as they are written."""
    return tomllib.loads(files("appliance.ui").joinpath("tokens.toml").read_text("utf-8"))


@cache
def icon(name: str) -> str:
    """The letter of an icon in the icon font; a plain file for one that is not known."""
    codes = json.loads(icon_font().with_suffix(".json").read_text("utf-8"))
    return chr(codes.get(name, codes["file-text"]))


def font(weight: int) -> str:
    """The path of the house font, as Kivy wants it."""
    return str(font_path(700 if weight >= 700 else 500))


def rgba(colour: str) -> Colour:
    """`#10243E` as Kivy wants it."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255, 1.0)
