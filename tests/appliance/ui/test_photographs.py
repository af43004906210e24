"""Every screen on every size, drawn for real: all words are there, in their colour, and nothing lies over them.

`make screens` draws the whole matrix and keeps the pictures; here all pairs of language, size of text, theme and mode.
"""

import pytest

from appliance.flow.kiosk import Comfort
from appliance.layout.arrange import arrange
from appliance.layout.items import Code, Icon, Item, Picture, Words
from appliance.layout.theme import ScreenSize
from appliance.ui.window import KioskWindow
from tests.appliance.screens import SCREENS, SIZES, view
from tests.appliance.ui.frames import Glass, draw

PAIRS = [
    Comfort("vi", 0, high_contrast=False, lower_half=False),
    Comfort("en", 0, high_contrast=True, lower_half=True),
    Comfort("vi", 1, high_contrast=True, lower_half=False),
    Comfort("en", 1, high_contrast=False, lower_half=True),
    Comfort("vi", 2, high_contrast=False, lower_half=True),
    Comfort("en", 2, high_contrast=True, lower_half=False),
]
"""Every value of each choice beside every value of each other one."""

LEAST_INK = 0.015
"""Thin letters in a line's box."""


def photograph(screen: ScreenSize, picture: Picture) -> Glass:
    """The picture as the graphics draw it."""
    from appliance.ui.stage import Stage

    glass = Glass(*Stage(screen, lambda _act, _serial: None).draw_apart(picture))
    draw(1)  # what was drawn apart is given back in the next frame
    return glass


def unseen(picture: Picture, glass: Glass) -> list[str]:
    """Words and icons that are not to be seen where they should be."""
    covered = _under_the_name(picture)
    return [
        getattr(item, "text", "") or getattr(item, "name", "")
        for item in picture.items[covered:]
        if isinstance(item, Words | Icon | Code) and glass.share_of(_colour(item), item.box) < _least(item)
    ]


def _colour(item: Item) -> str:
    return "#000000" if isinstance(item, Code) else str(getattr(item, "colour", ""))


def _least(item: Item) -> float:
    return 0.2 if isinstance(item, Code) else LEAST_INK


def _under_the_name(picture: Picture) -> int:
    """While a kiosk shows its name, what lies below is not looked at."""
    if picture.items and any(isinstance(item, Words) and item.text == "kiosk-01" for item in picture.items):
        return len(picture.items) - 2
    return 0


def test_the_pairs_are_all_pairs() -> None:
    """So that no two choices are only ever seen apart."""
    choices = [(one.language, one.text_size, one.high_contrast, one.lower_half) for one in PAIRS]
    for first in range(4):
        for second in range(first + 1, 4):
            met = {(one[first], one[second]) for one in choices}
            wanted = {(a, b) for a in {one[first] for one in choices} for b in {one[second] for one in choices}}
            assert met == wanted


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_all_words_are_to_be_seen(name: str, size: str, one_window: KioskWindow) -> None:
    """On the glass itself, in every pair."""
    from appliance.ui.letters import measure

    screen = SIZES[size]
    for comfort in PAIRS:
        picture = arrange(view(name, comfort), screen, measure)
        assert unseen(picture, photograph(screen, picture)) == [], comfort


def test_words_under_a_panel_are_found_out(one_window: KioskWindow) -> None:
    """The check above can fail."""
    from dataclasses import replace

    from appliance.layout.items import Panel
    from appliance.ui.letters import measure

    screen = SIZES["800x480"]
    picture = arrange(view("groups"), screen, measure)
    word = next(item for item in picture.items if isinstance(item, Words) and item.text == "Hộ tịch")
    covered = replace(picture, items=(*picture.items, Panel(word.box, word.parent, fill="#FFFFFF")))
    assert unseen(covered, photograph(screen, covered)) == ["Hộ tịch"]


def test_words_fill_their_boxes_exactly(one_window: KioskWindow) -> None:
    """The engine that measures is the one that draws: a texture is never wider than the room it was given."""
    from appliance.ui.letters import Textures, measure

    textures = Textures()
    for size, screen in SIZES.items():
        for name in SCREENS:
            for item in arrange(view(name), screen, measure).items:
                if isinstance(item, Words):
                    texture = textures.words(item.text, item.weight, item.size)
                    assert texture.size[0] <= item.box.w + 1.5, (size, item.text)


def test_textures_do_not_pile_up(one_window: KioskWindow) -> None:
    """Every ticket has another number in large letters: those least used go, those on every screen stay."""
    from appliance.ui.letters import Textures

    textures = Textures(most=400_000)
    always = textures.words("Gọi nhân viên", 700, 30)
    for number in range(100):
        large = textures.words(f"A{number:03}", 700, 120)
        assert textures.words("Gọi nhân viên", 700, 30) is always
    assert 300_000 < textures._pixels <= 400_000
    assert textures._pixels == sum(one.size[0] * one.size[1] for one in textures._kept.values())
    assert textures.words("A099", 700, 120) is large
