"""The kiosk as a whole: it starts, serves, hears, obeys and ends, against a real broker and a hub that remembers."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from appliance.errors import ApplianceFault
from appliance.flow import screens as sc
from appliance.flow.events import Press
from tests.appliance.hall import Hall, hall
from tests.hub.client.scripted_hub import DEVICE, until

HEALTH = f"devices/{DEVICE}/health"
PRESENCE = f"devices/{DEVICE}/presence"


def test_a_visitor_takes_a_number(tmp_path: Path) -> None:
    """Number on the screen, slip on paper, all of it at the hub, nothing left on disk."""
    with hall(tmp_path) as it:
        kiosk = it.kiosk()
        kiosk.take_number()
        kiosk.until(sc.Result, lambda screen: screen.paper is sc.Paper.PRINTED)
        assert kiosk.number() == "A001"
        until(lambda: kiosk.settled, "everything told")
        assert it.desk.words("A001") == [("slip-printed", {"copy": False})]
        assert len(list(it.slips.glob("*-A001.png"))) == 1
        assert kiosk.program.screen is not None
        kiosk.press(Press.DONE, sc.Home)
