"""The window as a screen of the program: pictures for somebody far away, taps from there, its measured size."""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from appliance.flow import events as ev
from appliance.flow.press import Press
from appliance.screen_size import SizeSet
from appliance.ui.edid import size_in, size_of_display
from appliance.ui.glass import measured
from appliance.ui.window import KioskWindow
from tests.appliance.screens import SCREENS, kiosk


def run_while(window: KioskWindow, work: Callable[[], Any]) -> Any:
    """Runs the window while `work` is done on another thread; what that returned."""
    window._stopping = False
    results: list[Any] = []

    def do() -> None:
        try:
            results.append(work())
        finally:
            window.stop()

    thread = threading.Thread(target=do)
    thread.start()
    window.run(lambda: None)
    thread.join(5)
    return results[0]


def test_a_picture_shows_what_is_shown(one_window: KioskWindow) -> None:
    """As PNG, as large as the screen, asked for by another thread."""
    one_window.show(kiosk(SCREENS["home"]))
    png = run_while(one_window, lambda: one_window.picture(blanked=True))
    image = Image.open(BytesIO(png))
    assert image.size == (1080, 1920)
    assert image.getpixel((540, 197)) == (0xE0, 0xA1, 0x00)


def test_of_a_visitor_only_the_frame_is_left(one_window: KioskWindow) -> None:
    """The number is not in the picture, unless it is the demonstration that looks."""
    one_window.show(kiosk(SCREENS["result"]))
    blank, open_ = run_while(one_window, lambda: [one_window.picture(blanked=True), one_window.picture(blanked=False)])
    assert blank != open_
    dark = [_dark_share(Image.open(BytesIO(png)), (300, 440, 780, 640)) for png in (blank, open_)]
    assert dark[1] > 0.2 > dark[0]


def _dark_share(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    part = image.crop(box).convert("L").tobytes()
    return sum(level < 60 for level in part) / len(part)


def test_a_tap_from_elsewhere_presses(one_window: KioskWindow, posted: list[ev.Event]) -> None:
    """At fractions of width and height."""
    one_window.show(kiosk(SCREENS["home"]))
    picture = one_window._stage.picture
    assert picture is not None
    take = next(one for one in picture.targets() if one.act is not None and one.act.what == "take-number")
    x, y = take.box.middle
    run_while(one_window, lambda: [one_window.tap(x / 1080, y / 1920), one_window.picture(blanked=False)])
    assert posted == [ev.Pressed(Press.TAKE_NUMBER, 7)]


def test_the_run_ends_when_told_and_ticks_until_then(one_window: KioskWindow) -> None:
    """About thirty times a second."""
    one_window._stopping = False
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 10:
            one_window.stop()

    one_window.run(tick)
    assert len(ticks) == 10


def test_the_size_is_as_set_else_as_the_display_says(tmp_path: Any) -> None:
    """A ruler is believed before the display, and the display before a guess."""
    assert measured(SizeSet(width_mm=268), 1080, 1920).px_per_mm == 1080 / 268
    assert measured(SizeSet(height_mm=476), 1080, 1920).px_per_mm == 1920 / 476
    assert round(measured(SizeSet(width=540, height=960), 540, 960).px_per_mm, 3) == 2.015
    card = tmp_path / "card0-HDMI-A-1"
    card.mkdir()
    (card / "status").write_text("connected\n")
    (card / "edid").write_bytes(edid(476, 268))
    assert size_of_display(tmp_path) == (476, 268)
    (card / "status").write_text("disconnected\n")
    assert size_of_display(tmp_path) is None


def edid(width_mm: int, height_mm: int) -> bytes:
    """A block as a display of that size has it."""
    block = bytearray(128)
    block[:8] = bytes.fromhex("00ffffffffffff00")
    block[21:23] = bytes((width_mm // 10, height_mm // 10))
    block[54:56] = b"\x02\x3a"
    block[66], block[67] = width_mm & 0xFF, height_mm & 0xFF
    block[68] = (width_mm >> 8) << 4 | height_mm >> 8
    return bytes(block)


def test_a_display_that_says_nothing_useful_is_not_believed() -> None:
    """Zeros, a projector's 16 by 9, half a block, noise."""
    assert size_in(edid(476, 268)) == (476, 268)
    assert size_in(edid(0, 0)) is None
    assert size_in(edid(16, 9)) is None
    assert size_in(edid(476, 268)[:100]) is None
    assert size_in(bytes(128)) is None
