"""What a picture must keep to, whatever it shows: the layout's test, and the sabotages that it must catch, ask here."""

from collections.abc import Iterator
from itertools import combinations

from appliance.layout.items import Bars, Box, Code, Dots, Drum, Icon, Item, Panel, Picture, Words
from appliance.layout.theme import CAP_HEIGHT_EM, CAP_HEIGHT_MM, LOWER_HALF_FROM, ScreenSize

TOUCH_MM = 20.0
GAP_MM = 3.0
SLACK_MM = 0.25
"""Half a pixel each side of the roughest screen."""
KEYS_MM = 9.0
"""Keys of the on-screen keyboard and the PIN pad, where ten stand side by side or a screen is 92 mm high."""
CODE_MM = 24.0
"""A code of 37 modules and its quiet zone, read by a telephone at arm's length."""
TEXT_CONTRAST = 7.0
SIGN_CONTRAST = 3.0


def faults(picture: Picture, screen: ScreenSize, *, lower_half: bool = False, keys: bool = False) -> Iterator[str]:
    """Everything that is wrong with a picture, in words. `keys`: its targets are mostly keys."""
    yield from _outside(picture, screen)
    yield from _cut(picture)
    yield from _overlapping(picture)
    yield from _too_small_text(picture, screen)
    yield from _targets(picture, screen, KEYS_MM if keys else TOUCH_MM)
    yield from _contrasts(picture)
    yield from _codes(picture, screen)
    if lower_half:
        yield from _out_of_reach(picture, screen)


def _outside(picture: Picture, screen: ScreenSize) -> Iterator[str]:
    whole = Box(0, 0, screen.width, screen.height)
    for item in picture.items:
        if isinstance(item, Drum):
            continue
        if not item.parent.contains(item.box, 1.5) or not whole.contains(item.box, 1.5):
            yield f"{_name(item)} at {item.box} is not inside {item.parent}"


def _cut(picture: Picture) -> Iterator[str]:
    for words in _words(picture):
        if words.cut:
            yield f"{_name(words)} is cut off"


def _overlapping(picture: Picture) -> Iterator[str]:
    """Words on words, words on icons. A line's box has air above and below: half of it counts."""
    solid = [(item, _ink(item)) for item in picture.items if isinstance(item, Words | Icon | Code)]
    for (one, a), (other, b) in combinations(solid, 2):
        if a.apart(b) < -1.0 and not _covered(picture, one, other):
            yield f"{_name(one)} lies on {_name(other)}"


def _ink(item: Item) -> Box:
    if isinstance(item, Words):
        return item.box.inset(0, item.box.h * 0.17)
    if isinstance(item, Icon):
        return item.box.inset(item.box.w * 0.1)
    return item.box


def _covered(picture: Picture, below: Item, above: Item) -> bool:
    """A panel between the two hides the lower one: a name over the screen, a chip in a field."""
    first, second = picture.items.index(below), picture.items.index(above)
    between = picture.items[first + 1 : second]
    return any(
        isinstance(item, Panel) and item.box.apart(below.box) < 0 and item.box.contains(above.box) for item in between
    )


def _too_small_text(picture: Picture, screen: ScreenSize) -> Iterator[str]:
    for words in _words(picture):
        cap_mm = words.size * CAP_HEIGHT_EM / screen.px_per_mm
        if cap_mm < CAP_HEIGHT_MM - 0.02:
            yield f"{_name(words)} has capitals of {cap_mm:.1f} mm"


def _targets(picture: Picture, screen: ScreenSize, least_mm: float) -> Iterator[str]:
    targets = picture.targets()
    for target in targets:
        side = min(target.box.w, target.box.h) / screen.px_per_mm
        if side < least_mm - SLACK_MM:
            yield f"{_name(target)} is {side:.1f} mm"
    for one, other in combinations(targets, 2):
        gap = one.box.apart(other.box) / screen.px_per_mm
        least = GAP_MM if least_mm == TOUCH_MM else 1.0
        if gap < least - SLACK_MM:
            yield f"{_name(one)} is {gap:.1f} mm from {_name(other)}"
    says = [target.act.says for target in targets if target.act is not None]
    if not all(says):
        yield "something that can be pressed has no name"


def _codes(picture: Picture, screen: ScreenSize) -> Iterator[str]:
    for item in picture.items:
        if isinstance(item, Code) and item.box.w / screen.px_per_mm < CODE_MM:
            yield f"the code is {item.box.w / screen.px_per_mm:.1f} mm"


def _out_of_reach(picture: Picture, screen: ScreenSize) -> Iterator[str]:
    for target in picture.targets():
        if target.act is not None and target.act.what == "staff-door":
            continue
        if target.box.y < screen.height * LOWER_HALF_FROM - 17 * screen.px_per_mm / 4.03:
            yield f"{_name(target)} is at {target.box.y:.0f} of {screen.height}"


def _contrasts(picture: Picture) -> Iterator[str]:
    for at, item in enumerate(picture.items):
        if isinstance(item, Words):
            ground = _ground(picture, at)
            if contrast(item.colour, ground) < TEXT_CONTRAST:
                yield f"{_name(item)}: {item.colour} on {ground} is {contrast(item.colour, ground):.1f}:1"
        elif isinstance(item, Icon):
            ground = _ground(picture, at)
            if contrast(item.colour, ground) < SIGN_CONTRAST:
                yield f"{_name(item)}: {item.colour} on {ground} is {contrast(item.colour, ground):.1f}:1"


def _ground(picture: Picture, at: int) -> str:
    """What lies under an item: the last panel below its middle."""
    x, y = picture.items[at].box.middle
    under = (item for item in reversed(picture.items[:at]) if isinstance(item, Panel) and item.box.holds(x, y))
    found = next(under, None)
    return found.fill if found is not None else picture.ground


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _words(picture: Picture) -> Iterator[Words]:
    return (item for item in picture.items if isinstance(item, Words))


def _name(item: Item) -> str:
    match item:
        case Words():
            return f"“{item.text}”"
        case Icon():
            return f"icon {item.name}"
        case Panel() if item.act is not None:
            return f"target {item.act.says or item.act.what}"
        case Bars() | Dots() | Code():
            return type(item).__name__
        case _:
            return f"panel {item.box}"
