"""The judge of pictures catches what it is there for: each fault is made once, and named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.layout.arrange import arrange
from appliance.layout.items import Box, Icon, Item, Panel, Picture, Words
from appliance.layout.pen import Measure
from tests.appliance.layout.judging import contrast, faults
from tests.appliance.screens import SIZES, view

SCREEN = SIZES["1080x1920"]


def spoil(picture: Picture, chosen: Callable[[Item], bool], change: Callable[[Item], Item]) -> Picture:
    """The picture with its first item of a kind changed."""
    at = next(at for at, item in enumerate(picture.items) if chosen(item))
    return replace(picture, items=(*picture.items[:at], change(picture.items[at]), *picture.items[at + 1 :]))


def _is_word(text: str) -> Callable[[Item], bool]:
    return lambda item: isinstance(item, Words) and item.text == text


def _is_target(what: str) -> Callable[[Item], bool]:
    return lambda item: isinstance(item, Panel) and item.act is not None and item.act.what == what


def _moved(across: float, down: float) -> Callable[[Item], Item]:
    return lambda item: replace(item, box=Box(item.box.x + across, item.box.y + down, item.box.w, item.box.h))


SABOTAGES = {
    "pushed out of its card": (_is_word("Hộ tịch"), _moved(2000, 0), "is not inside"),
    "cut": (_is_word("Hộ tịch"), lambda item: replace(item, cut=True), "is cut off"),
    "on top of other words": (_is_word("14 người chờ"), _moved(0, -40), "lies on"),
    "too small to read": (_is_word("14 người chờ"), lambda item: replace(item, size=20), "has capitals of"),
    "too pale": (_is_word("Hộ tịch"), lambda item: replace(item, colour="#8899AA"), ":1"),
    "a pale icon": (
        lambda item: isinstance(item, Icon) and item.name == "stamp",
        lambda item: replace(item, colour="#CFE0F5"),
        ":1",
    ),
    "too small to touch": (
        _is_target("back"),
        lambda item: replace(item, box=Box(item.box.x, item.box.y, 60, 60)),
        "mm",
    ),
    "too near to the next one": (_is_target("contrast"), _moved(8, 0), "mm from"),
    "without a name": (
        _is_target("back"),
        lambda item: replace(item, act=replace(item.act, says="")),
        "has no name",
    ),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_a_spoilt_picture_is_found_out(name: str, measure: Measure) -> None:
    """Right before, wrong after, and the fault is the one that was made."""
    picture = arrange(view("groups"), SCREEN, measure)
    assert list(faults(picture, SCREEN)) == []
    chosen, change, said = SABOTAGES[name]
    found = list(faults(spoil(picture, chosen, change), SCREEN))
    assert any(said in fault for fault in found), found


def test_a_target_out_of_reach_is_found_out(measure: Measure) -> None:
    """A screen that does not heed the lower-half mode."""
    picture = arrange(view("groups"), SCREEN, measure)
    assert any(" of 1920" in fault for fault in faults(picture, SCREEN, lower_half=True))


def test_contrast_is_what_wcag_says() -> None:
    """Black on white is 21:1; the pairs of the definition's own examples."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#FFFFFF", "#FFFFFF") == 1
