"""Models are facts in a file, and the file is read strictly."""

import pytest

from hardware.errors import HardwareFault, SettingFault
from hardware.printer.models import FACTS, all_models, find_model, parse


def test_both_widths_are_there_with_and_without_cutter() -> None:
    """576 dots for 80 mm, 384 for 58 mm; and any printer finds something that fits."""
    models = all_models()
    assert {model.width_dots for model in models.values()} == {576, 384}
    assert models["generic-80"].cut
    assert not models["generic-58"].cut
    assert not models["mute-80"].status


def test_codes_are_bytes() -> None:
    """As they go over the wire."""
    model = find_model("epson-tm-t20iii")
    assert (model.cut, model.confirm) == (b"\x1d\x56\x42\x00", b"\x1d\x72\x01")
    assert (model.id, model.name, model.width_bytes) == ("epson-tm-t20iii", "Epson TM-T20III", 72)


def test_a_wrong_name_gets_the_nearest() -> None:
    """Whoever sets a kiosk up is far from this file."""
    with pytest.raises(SettingFault, match="did you mean 'epson-tm-t20iii'"):
        find_model("epson-tmt20iii")
    with pytest.raises(HardwareFault, match=r"known are .*generic-58"):
        find_model("?")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('name = "80 mm, cutter"\n', "", "generic-80: wrong or missing facts: name"),
        ("feed_lines = 5", "feed_lines = 5\ncolour = true", "facts: colour"),
        ('cut = "1d 56 01"', 'cut = "1d 5"', "hexadecimal"),
        ('cut = "1d 56 01"', "cut = 7", "hexadecimal"),
        ("width_dots = 576", "width_dots = 570", "whole bytes"),
        ("mm_per_s = 80", "mm_per_s = 0", "measure of nothing"),
    ],
)
def test_a_wrong_fact_is_named(old: str, new: str, problem: str) -> None:
    """With its model."""
    generic = "[generic-80]" + FACTS.read_text("utf-8").partition("[generic-80]")[2].partition("\n\n")[0]
    assert old in generic
    with pytest.raises(SettingFault, match=problem):
        parse(generic.replace(old, new))
