"""A slip becomes the bytes it should, for every model."""

import pytest
from PIL import Image

from hardware.printer.models import Model, all_models
from hardware.printer.raster import encode, load_escpos
from tests.hardware.printer.decoder import decode
from tests.hardware.printer.pictures import WIDE, noise, tricky

MODELS = pytest.mark.parametrize("model", all_models().values(), ids=all_models())


@MODELS
@pytest.mark.parametrize("height", [1, 64, 255, 256, 257, 1100])
def test_bytes_show_what_was_drawn(model: Model, height: int) -> None:
    """Pixel by pixel, in strips the printer has room for, then one cut, or none where there is no cutter."""
    drawn = noise(height, model)
    paper = decode(encode(drawn, model))
    assert paper.image.size == drawn.size
    assert paper.image.tobytes() == drawn.tobytes()
    assert max(paper.strips) <= model.strip_rows
    assert paper.strips[:-1] == [model.strip_rows] * (len(paper.strips) - 1)
    assert (paper.initialised, paper.cuts, paper.asked) == (1, 1 if model.cut else 0, [])
    assert paper.lines_fed == model.feed_lines


def test_dots_that_look_like_commands_stay_dots() -> None:
    """The picture decides, not what is in it."""
    assert decode(encode(tricky(300), WIDE)).image.tobytes() == tricky(300).tobytes()


@MODELS
def test_the_encoder_knows_the_width(model: Model) -> None:
    """python-escpos has a profile of the same width, and the same opinion of a cutter; else it only warns, on standard
    output."""
    profile = load_escpos().Dummy(profile=model.profile).profile
    assert profile.profile_data["media"]["width"]["pixels"] == model.width_dots
    assert profile.supports("paperFullCut") == bool(model.cut)


@pytest.mark.parametrize(("mode", "width"), [("L", 576), ("1", 384), ("1", 577)])
def test_only_slips_of_the_right_size_are_encoded(mode: str, width: int) -> None:
    """A programming error, found at the first try."""
    with pytest.raises(ValueError, match="576 dots wide"):
        encode(Image.new(mode, (width, 8)), WIDE)
