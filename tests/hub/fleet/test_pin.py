"""The PIN of a kiosk's staff menu: hub and kiosk compute the same of it."""

import re

from appliance.flow import kiosk
from hub.fleet.pin import hashed_pin, kept_pin, new_pin


def test_it_has_six_digits_and_is_another_each_time() -> None:
    """Those below a hundred thousand keep their zeros."""
    pins = {new_pin() for _ in range(300)}
    assert len(pins) > 290
    assert all(re.fullmatch(r"[0-9]{6}", pin) for pin in pins)
    assert any(pin.startswith("0") for pin in pins)


def test_the_kiosk_opens_with_what_the_hub_keeps() -> None:
    """Exactly the kiosk's own way, and with no other digits."""
    kept = kept_pin("004217")
    assert kiosk.hashed_pin(kept.salt, "004217") == kept.hash == hashed_pin(kept.salt, "004217")
    assert kiosk.hashed_pin(kept.salt, "4217") != kept.hash


def test_the_same_digits_are_kept_under_another_salt_each_time() -> None:
    """Two kiosks with one PIN are not known by it."""
    first, second = kept_pin("123456"), kept_pin("123456")
    assert first.salt != second.salt
    assert first.hash != second.hash
