"""The kiosk's directory is one program's."""

from pathlib import Path

import pytest

from appliance.errors import ApplianceFault
from appliance.storage import Storage


def test_it_is_made_and_had_by_one(tmp_path: Path) -> None:
    """Until that one lets go, or is killed."""
    first = Storage(tmp_path / "a" / "state").open()
    with pytest.raises(ApplianceFault, match="in use by another kiosk program"):
        Storage(tmp_path / "a" / "state").open()
    first.close()
    first.close()
    Storage(tmp_path / "a" / "state").open().close()


def test_one_that_cannot_be_had_is_told_with_what_to_do(tmp_path: Path) -> None:
    """In one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ApplianceFault, match=r"cannot be used .*; set storage\.directory"):
        Storage(tmp_path / "file").open()
