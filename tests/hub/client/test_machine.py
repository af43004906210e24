"""How the machine feels, as its files say."""

from pathlib import Path

import pytest

from hub.client.machine import storage_free_bytes, temperature_c, undervoltage


def write(root: Path, name: str, text: str) -> None:
    """A file below `root`."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_machine_that_says_nothing(tmp_path: Path) -> None:
    """Nothing is made up."""
    assert (temperature_c(tmp_path), undervoltage(tmp_path)) == (None, None)
    assert storage_free_bytes(tmp_path / "none") is None


def test_the_hottest_part_counts(tmp_path: Path) -> None:
    """Those that cannot be read do not."""
    write(tmp_path, "class/thermal/thermal_zone0/temp", "48312\n")
    write(tmp_path, "class/thermal/thermal_zone1/temp", "61500\n")
    write(tmp_path, "class/thermal/thermal_zone2/temp", "nonsense\n")
    write(tmp_path, "class/thermal/thermal_zone3/temp", "9999999\n")
    assert temperature_c(tmp_path) == 61.5


@pytest.mark.parametrize(("alarm", "low"), [("0\n", False), ("1\n", True), ("?\n", None)])
def test_a_pi_says_when_it_gets_too_little_power(alarm: str, low: bool | None, tmp_path: Path) -> None:
    """Other sensors are none of ours."""
    write(tmp_path, "class/hwmon/hwmon0/name", "cpu_thermal\n")
    write(tmp_path, "class/hwmon/hwmon1/name", "rpi_volt\n")
    write(tmp_path, "class/hwmon/hwmon1/in0_lcrit_alarm", alarm)
    assert undervoltage(tmp_path) is low


def test_room_on_the_disk(tmp_path: Path) -> None:
    """Of where things are kept."""
    free = storage_free_bytes(tmp_path)
    assert free is not None
    assert free > 0
