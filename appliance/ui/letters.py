"""Words and icons as textures, and how wide words are: one and the same text engine measures and draws."""

import json
from collections import OrderedDict
from functools import cache, lru_cache
from typing import Any, Final
from unicodedata import normalize

from kivy.core.text import Label

from appliance.fonts import font_path, icon_font

KEPT: Final = 4_000_000
"""Pixels of textures, 16 MB. The fullest screen has a fifth of it; more are kept because people go back and forth."""

UNKNOWN_ICON: Final = "file-text"


@lru_cache(maxsize=4_000)
def measure(text: str, weight: int, size: int) -> float:
    """How many pixels wide a text is."""
    return float(_label(weight, size).get_extents(normalize("NFC", text))[0])


class Textures:
    """White textures of words and icons, kept while they are used often; the colour is added when they are drawn."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._pixels = 0
        self._kept: OrderedDict[tuple[str, int, int], Any] = OrderedDict()

    def words(self, text: str, weight: int, size: int) -> Any:
        """One line of text."""
        return self._find((normalize("NFC", text), weight, size), _font(weight))

    def icon(self, name: str, size: int) -> Any:
        """An icon, `size` pixels high."""
        return self._find((icon_letter(name), 0, size), str(icon_font()))

    def _find(self, key: tuple[str, int, int], font: str) -> Any:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        label = Label(text=key[0], font_name=font, font_size=key[2])
        label.refresh()
        self._kept[key] = label.texture
        self._pixels += _pixels(label.texture)
        while self._pixels > self._most and len(self._kept) > 1:
            self._pixels -= _pixels(self._kept.popitem(last=False)[1])
        return label.texture


def _pixels(texture: Any) -> int:
    width, height = texture.size
    return int(width * height)


@cache
def _label(weight: int, size: int) -> Label:
    return Label(font_name=_font(weight), font_size=size)


@cache
def _font(weight: int) -> str:
    return str(font_path(700 if weight >= 700 else 500))


@cache
def _icons() -> dict[str, int]:
    codes: dict[str, int] = json.loads(icon_font().with_suffix(".json").read_text("utf-8"))
    return codes


def icon_letter(name: str) -> str:
    """The letter of an icon in the icon font; a plain sheet for one it does not have."""
    codes = _icons()
    return chr(codes.get(name, codes[UNKNOWN_ICON]))
