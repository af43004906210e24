"""Judges what a hall full of visitors and cuts has come to: papers against the hub's book. Asserts nothing."""

from collections.abc import Iterator

from PIL import Image

from appliance.hands.printing import slip_of
from appliance.naming import Names
from appliance.slip.drawing import draw_slip
from hardware.printer.raster import encode
from hub.contract import messages as m
from tests.appliance.hall import CENTRE, SERVICES, Hall, Life
from tests.hardware.printer.decoder import decode


def drawn(hall: Hall, number: str, *, copy: bool) -> Image.Image:
    """The slip of a number as it has to be."""
    names = Names()
    names._on_centre("", m.Centre.model_validate(CENTRE))
    names._on_services("", m.Services.model_validate(SERVICES))
    return draw_slip(slip_of(hall.desk.ticket(number), "vi", names, copy=copy), hall.twin.model.width_dots)


def last_paper(hall: Hall, length: int) -> Image.Image | None:
    """What the last `length` bytes have made of the last piece of paper that came out; what hung out of the printer
    before them is above it. None when they are no whole slip."""
    pieces = sorted(path for path in hall.slips.glob("*.bin") if not path.stem.endswith("-torn"))
    try:
        return decode(pieces[-1].read_bytes()[-length:]).image
    except ValueError:
        return None


def after_a_cut(hall: Hall, kiosk: Life, visit: int) -> Iterator[str]:
    """The number of this visit is on paper, marked as a copy; there is no other; the hub knows all of it."""
    number = f"A{visit:03}"
    if len(hall.desk.numbers) != visit:
        yield f"{visit} visitors were given {len(hall.desk.numbers)} numbers"
    if kiosk.number() != number:
        yield f"{kiosk.number()} stands on the screen, not {number}"
    copy = drawn(hall, number, copy=True)
    paper = last_paper(hall, len(encode(copy, hall.twin.model)))
    if paper is None or paper.tobytes() != copy.tobytes():
        yield f"the last paper is no copy of {number}"
    if hall.desk.words(number) != [("slip-printed", {"copy": True})]:
        yield f"the hub has heard of {number}: {hall.desk.words(number)}"
