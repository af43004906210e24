"""The device file: read whole, or refused with file, key and reason."""

from pathlib import Path

import pytest

from hub.client.device_file import HubAddress, load
from hub.client.errors import DeviceFileFault, LinkFault
from hub.contract.names import DeviceRole

GOOD = """
centre = "hoa-sen"
device = "kiosk-01"
role = "kiosk"
host = "192.168.1.10"
port = 8883
ca = "ca.crt"
certificate = "device.crt"
key = "device.key"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A device's directory as it is after enrolment."""
    (tmp_path / "device.toml").write_text(GOOD)
    for name in ("ca.crt", "device.crt", "device.key"):
        (tmp_path / name).write_text("pem")
    return tmp_path


def test_it_says_who_and_where(folder: Path) -> None:
    """By folder or by file; paths are seen from the file."""
    found = load(folder)
    assert found == load(folder / "device.toml")
    assert (found.device, found.role) == ("kiosk-01", DeviceRole.KIOSK)
    assert found.address == HubAddress(
        "hoa-sen", "192.168.1.10", 8883, folder / "ca.crt", folder / "device.crt", folder / "device.key"
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("port = 8883", "", "port", "is missing"),
        ("port = 8883", 'port = "many"', "port", "should be a valid integer"),
        ("port = 8883", "port = 70000", "port", "less than or equal to 65535"),
        ('role = "kiosk"', 'role = "kiosks"', "role", "'kiosk', 'board' or 'pad'"),
        ('host = "192.168.1.10"', 'host = ""', "host", "at least 1 character"),
        ('host = "192.168.1.10"', 'host = "mới"', "host", "match pattern"),
        ('device = "kiosk-01"', 'device = "Kiosk 1"', "device", "match pattern"),
        ("port = 8883", "port = 8883\nprot = 1", "prot", "known are centre, device"),
        ('ca = "ca.crt"', 'ca = "cb.crt"', "ca", "cannot be read (No such file"),
        ('key = "device.key"', "key = 5", "key", "path"),
    ],
)
def test_it_refuses_and_explains(folder: Path, old: str, new: str, key: str, reason: str) -> None:
    """File, key and reason in one line."""
    (folder / "device.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(DeviceFileFault) as raised:
        load(folder)
    assert raised.value.key == key
    assert str(raised.value).startswith(f"{folder / 'device.toml'}: {key} ")
    assert reason in str(raised.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"centre = ", b"{}", b"centre = 1\ncentre = 2"])
def test_it_refuses_what_is_no_toml(folder: Path, content: bytes) -> None:
    """Truncated, binary, or another format."""
    (folder / "device.toml").write_bytes(content)
    with pytest.raises(DeviceFileFault, match="is not a TOML file"):
        load(folder)


def test_it_refuses_an_empty_and_a_missing_file(folder: Path, tmp_path: Path) -> None:
    """Both are link faults: one family."""
    (folder / "device.toml").write_text("")
    with pytest.raises(LinkFault, match="centre is missing"):
        load(folder)
    with pytest.raises(LinkFault, match="enrol this device first"):
        load(tmp_path / "elsewhere.toml")
