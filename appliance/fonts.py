"""Where the house fonts are. They are built at set-up (`.ci/build-fonts.py`), never committed."""

from pathlib import Path
from typing import Final, Literal

from appliance.errors import FontsMissing

Weight = Literal[500, 700]

PLACES: Final = (
    Path(__file__).resolve().parent.parent / "build" / "fonts",
    Path(__file__).resolve().parent / "fonts",
)
"""In a checkout, and in an installed package."""


def font_path(weight: Weight, places: tuple[Path, ...] = PLACES) -> Path:
    """Be Vietnam Pro of `weight` with all Vietnamese letters. Raises `FontsMissing`."""
    name = f"BeVietnamPro-{weight}.ttf"
    for place in places:
        if (place / name).is_file():
            return place / name
    raise FontsMissing(f"the font {name} is not in {' or '.join(map(str, places))}; `make env` builds it")


def icon_font(places: tuple[Path, ...] = PLACES) -> Path:
    """The icon font Lucide; the codes of its icons stand beside it in `lucide.json`. Raises `FontsMissing`."""
    for place in places:
        if (place / "lucide.ttf").is_file() and (place / "lucide.json").is_file():
            return place / "lucide.ttf"
    raise FontsMissing(f"the icon font is not in {' or '.join(map(str, places))}; `make env` builds it")
