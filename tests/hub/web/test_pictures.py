"""Pictures of screens: in memory, for ten minutes, not too many."""

from hub.web.pictures import KEPT_MS, MOST, Pictures
from tests.hub.web.hall import Clock


def test_a_picture_is_found_under_its_order_and_device() -> None:
    """And under nothing else; a second one under the same order takes its place."""
    pictures = Pictures(Clock())
    pictures.keep("o1", "kiosk-01", b"first")
    pictures.keep("o1", "kiosk-01", b"second")
    assert pictures.find("o1", "kiosk-01") == b"second"
    assert pictures.find("o1", "kiosk-02") is None
    assert pictures.find("o2", "kiosk-01") is None


def test_it_is_gone_after_ten_minutes_whether_asked_for_or_not() -> None:
    """To the millisecond; and at once when the clock was set back."""
    clock = Clock()
    pictures = Pictures(clock)
    pictures.keep("o1", "kiosk-01", b"png")
    clock.pass_by(KEPT_MS / 1000 - 0.001)
    assert pictures.find("o1", "kiosk-01") == b"png"
    clock.pass_by(0.001)
    pictures.forget_old()
    assert pictures._kept == {}
    pictures.keep("o2", "kiosk-01", b"png")
    clock.pass_by(-1)
    assert pictures.find("o2", "kiosk-01") is None


def test_there_are_never_too_many() -> None:
    """The oldest goes."""
    pictures = Pictures(Clock())
    for number in range(MOST + 2):
        pictures.keep(f"o{number}", "kiosk-01", b"png")
    assert [pictures.find(f"o{number}", "kiosk-01") for number in range(3)] == [None, None, b"png"]
