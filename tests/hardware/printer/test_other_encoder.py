"""The decoder reads what another encoder writes: it is no mirror of ours."""

import pytest

from hardware.printer.models import Model
from hardware.printer.raster import encode
from tests.hardware.printer import other_encoder
from tests.hardware.printer.decoder import decode
from tests.hardware.printer.pictures import NARROW, WIDE, noise


@pytest.mark.parametrize("model", [WIDE, NARROW], ids=["80 mm", "58 mm"])
@pytest.mark.parametrize("height", [8, 256, 520])
def test_both_encoders_mean_the_same_picture(model: Model, height: int) -> None:
    """Bit by bit, in strips of its own, with commands we never send."""
    drawn = noise(height, model)
    theirs, ours = decode(other_encoder.encode(drawn)), decode(encode(drawn, model))
    assert theirs.image.tobytes() == ours.image.tobytes() == drawn.tobytes()
    assert theirs.image.size == ours.image.size == drawn.size
    assert (theirs.initialised, theirs.cuts) == (1, 1)
    assert max(theirs.strips) <= 255
