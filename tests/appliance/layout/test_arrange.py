"""Every screen on every size of screen, in every way a visitor can want it: nothing cut, too small or too near."""

from dataclasses import replace

import pytest

from appliance.flow.kiosk import Comfort
from appliance.layout.arrange import arrange
from appliance.layout.items import Box, Picture, Words
from appliance.layout.pen import Measure
from appliance.layout.theme import Theme
from appliance.view import Body
from tests.appliance.layout.judging import faults
from tests.appliance.screens import SCREENS, SIZES, comforts, view

KEYS = ("finding", "staff-pin")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_keeps_to_all_measures(name: str, size: str, measure: Measure) -> None:
    """Inside its parent, nothing clipped, 20 mm and 3 mm, 4.8 mm capitals, 7:1 and 3:1, within reach; both languages,
    three sizes of text, both themes, both modes."""
    screen = SIZES[size]
    high = Theme(screen).reaches_high
    found = [
        f"{comfort}: {fault}"
        for comfort in comforts()
        for fault in faults(
            arrange(view(name, comfort), screen, measure),
            screen,
            lower_half=comfort.lower_half and high,
            keys=name.startswith(KEYS),
        )
    ]
    assert found == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [name for name in SCREENS if not name.endswith("longest")])
def test_larger_text_is_not_smaller(name: str, size: str, measure: Measure) -> None:
    """No words become smaller because the visitor asked for larger ones; the number may, for the rest to fit."""
    usual, larger, largest = (_sizes(arrange(view(name, one), SIZES[size], measure)) for one in _by_text_size())
    for before, after in ((usual, larger), (usual, largest)):
        smaller = {text for text in set(before) & set(after) if after[text] < before[text] - 1}
        assert smaller <= {"A012", "MW88888"}


@pytest.mark.parametrize("size", SIZES)
def test_larger_text_is_larger(size: str, measure: Measure) -> None:
    """The words a visitor reads to choose, on the screens where most is chosen."""
    for name, text in (("groups", "Hộ tịch"), ("classes", "Thường")):
        sizes = [_sizes(arrange(view(name, one), SIZES[size], measure))[text] for one in _by_text_size()]
        assert sizes[0] < sizes[1] < sizes[2], (name, sizes)


@pytest.mark.parametrize("name", SCREENS)
def test_what_is_always_there_stands_in_the_same_place(name: str, measure: Measure) -> None:
    """The bar's buttons do not move from screen to screen; on small screens the one that opens them does not."""
    for size, screen in SIZES.items():
        here, home = (_always_there(arrange(view(one), screen, measure)) for one in (name, "home"))
        if name == "support" and "support" in home:
            continue
        assert here == home, size


def test_a_body_that_nobody_draws_is_a_mistake(measure: Measure) -> None:
    """Not an empty screen."""
    unknown = replace(view("home"), body=Body())
    with pytest.raises(TypeError, match="no place for Body"):
        arrange(unknown, SIZES["1080x1920"], measure)


def _by_text_size() -> list[Comfort]:
    return [Comfort("vi", text_size) for text_size in range(3)]


def _sizes(picture: Picture) -> dict[str, int]:
    """The largest size in which each text stands."""
    found: dict[str, int] = {}
    for item in picture.items:
        if isinstance(item, Words):
            found[item.text] = max(item.size, found.get(item.text, 0))
    return found


def _always_there(picture: Picture) -> dict[str, Box]:
    return {
        target.act.what: target.box
        for target in picture.targets()
        if target.act is not None and target.act.what in ("language", "text-size", "contrast", "support")
    }
