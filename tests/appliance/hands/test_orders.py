"""A screenshot, ordered from far away: seen by the hub, without anything of a visitor."""

from pathlib import Path

from appliance.blind import Blind
from appliance.flow import screens as sc
from tests.appliance.hall import hall
from tests.hub.client.test_upload import shelf


class Painted(Blind):
    """A screen that can be looked at."""

    def picture(self, *, blanked: bool) -> bytes:
        """Says only whether it was blanked."""
        return b"blanked" if blanked else b"all of it"


def test_a_screenshot_goes_where_the_hub_wants_it(tmp_path: Path) -> None:
    """Only what nobody has to hide, with the device's certificate."""
    with hall(tmp_path) as it, shelf(tmp_path) as (hub, _):
        kiosk = it.kiosk(screen_of=lambda post, _slips, _now: Painted(post, tell=lambda _line: None))
        kiosk.until(sc.Home)
        order = it.order("screenshot", upload_url=f"https://127.0.0.1:{hub.server_port}/shots/1")
        assert it.answer_to(order) == (True, "")
        assert hub.taken == [("kiosk-01", "/shots/1", "image/png", b"blanked")]


def test_a_hub_that_does_not_want_it_is_told_so(tmp_path: Path) -> None:
    """With the reason."""
    with hall(tmp_path) as it, shelf(tmp_path) as (hub, _):
        hub.status = 403
        kiosk = it.kiosk(screen_of=lambda post, _slips, _now: Painted(post, tell=lambda _line: None))
        kiosk.until(sc.Home)
        order = it.order("screenshot", upload_url=f"https://127.0.0.1:{hub.server_port}/shots/1")
        assert it.answer_to(order) == (False, "the hub answered 403")
