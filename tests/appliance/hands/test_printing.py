"""A ticket becomes paper, as wide as the printer."""

from pathlib import Path

import pytest

from appliance.hands.printing import SlipPrinter
from appliance.naming import Names
from hardware.printer.models import find_model
from hardware.printer.virtual import VirtualPrinter
from hub.contract.messages import Centre, Services
from tests.appliance.flow.hall import CENTRE, SERVICES, TICKET
from tests.hardware.printer.bench import dots


def names() -> Names:
    """As the hub tells them."""
    known = Names()
    known._on_centre("", Centre.model_validate(CENTRE))
    known._on_services("", Services.model_validate(SERVICES))
    return known


@pytest.mark.parametrize(("model", "width"), [("generic-58", 384), ("epson-tm-t20iii", 576)])
def test_a_slip_is_as_wide_as_the_paper(model: str, width: int, tmp_path: Path) -> None:
    """Both widths, first slip and copy, ticket and test."""
    slips = SlipPrinter(VirtualPrinter(tmp_path, model=find_model(model)), names())
    slips.warm_up()
    assert slips.print(TICKET, "vi") is None
    assert slips.print(TICKET, "vi", copy=True) is None
    assert slips.print_test() is None
    first, copy, test = (dots(path) for path in sorted(tmp_path.glob("*.png")))
    assert {len(picture) % (width // 8) for picture in (first, copy, test)} == {0}
    assert len({first, copy, test}) == 3
    assert slips.printed == ("08:42  A012",) * 2


def test_names_that_have_not_come_yet_are_waited_for_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slip comes all the same, with the service's id."""
    monkeypatch.setattr("appliance.hands.printing.NAMES_LIMIT_S", 0.01)
    assert SlipPrinter(VirtualPrinter(tmp_path, model=find_model("generic-58")), Names()).print(TICKET, "vi") is None


def test_trouble_is_told_and_not_remembered_as_a_slip(tmp_path: Path) -> None:
    """In the words of the wire."""
    twin = VirtualPrinter(tmp_path, slips_left=0, model=find_model("generic-58"))
    slips = SlipPrinter(twin, names())
    assert slips.print(TICKET, "vi") == "paper-out"
    assert slips.print_test() == "paper-out"
    assert slips.printed == ()
