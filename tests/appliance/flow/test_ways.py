"""Between screens: what is private, what is busy, what they are called."""

import re

from appliance.finding.keyboard import opened
from appliance.flow import screens as sc
from appliance.flow.ways import is_busy, is_personal, name_of, under
from hub.contract.names import ID_PATTERN
from tests.appliance.flow.hall import REQUEST, SCREENS, TICKET


def test_every_screen_has_a_name_that_fits_the_wire() -> None:
    """In one word."""
    names = {name_of(screen) for screen in SCREENS}
    assert all(re.fullmatch(ID_PATTERN, name) for name in names)
    assert {"home", "no-hub", "still-there", "staff-pin"} <= names


def test_what_says_something_of_the_visitor_is_personal() -> None:
    """Also under a notice."""
    personal = (
        sc.Result(TICKET, sc.Paper.PRINTED, 115.0),
        sc.Confirming("birth", "ordinary", sc.Doubt.TAKEN_JUST_NOW),
        sc.Classes("birth"),
        sc.Finding(opened("vi")),
        sc.StaffPin("12"),
    )
    for screen in personal:
        assert is_personal(screen)
        assert is_personal(sc.HelpCalled(screen, True, 108.0))
    assert not any(is_personal(screen) for screen in (sc.Home(), sc.Groups(), sc.NoHub(), sc.StaffMenu()))


def test_who_waits_for_number_or_slip_is_busy() -> None:
    """Nobody else."""
    busy = [screen for screen in SCREENS if is_busy(screen)]
    assert {type(under(screen)) for screen in busy} == {sc.Working, sc.Result}
    assert all(screen.paper is sc.Paper.COMING for screen in busy if isinstance(screen, sc.Result))
    assert not is_busy(sc.Confirming(REQUEST, "ordinary", sc.Doubt.TAKEN_JUST_NOW))
