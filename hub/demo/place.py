"""The demo's data: made once, found again at the next start, thrown away by a reset."""

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from hub.contract.names import DeviceRole, StaffRole
from hub.errors import Fault
from hub.fleet.devices import write_folder
from hub.ground.files import replace_file
from hub.settings import Settings, load
from hub.storage.lock import DataLock
from hub.tools import Tools, read_set_up, tools

CENTRE: Final = "hoa-sen"
KIOSK: Final = "kiosk-01"
BOARD: Final = "board-01"
SPARE: Final = "lab-01"
"""A device whose certificate stands in demo.json, so that another program can join as a device."""
CROWD: Final = "crowd-01"
"""The device through which simulated visitors take their numbers."""

OFFICERS: Final = (
    "Nguyễn Thị Hạnh",
    "Trần Văn Bình",
    "Lê Thị Mai",
    "Phạm Quốc Đạt",
    "Hoàng Thị Thu",
    "Võ Minh Khoa",
    "Đặng Thị Lan",
    "Bùi Anh Tuấn",
)
OTHERS: Final = (
    ("admin", "Lê Văn Thành", StaffRole.ADMINISTRATOR),
    ("desk", "Đỗ Thị Ngọc", StaffRole.DESK),
    ("leader", "Phan Đức Huy", StaffRole.LEADER),
)


MARK: Final = "# Written by the demo at every start."
"""How its settings begin: a directory whose hub.toml says so is a demo's."""

PARTS: Final = ("data", "devices", "slips", "visitors.script", "demo.json", "hub.toml")
"""All that a demo leaves in its directory, its mark last."""


@dataclass(frozen=True)
class Account:
    """Somebody of the demo who can sign in."""

    name: str
    display_name: str
    role: str
    password: str


@dataclass(frozen=True)
class DemoPlace:
    """A demo's directory and ports. Paths are absolute."""

    directory: Path
    http_port: int
    mqtt_port: int

    @property
    def settings_file(self) -> Path:
        """The hub's settings, written at every start."""
        return self.directory / "hub.toml"

    @property
    def description_file(self) -> Path:
        """`demo.json`."""
        return self.directory / "demo.json"

    @property
    def slips(self) -> Path:
        """Where virtual printers leave their slips, a folder a device."""
        return self.directory / "slips"

    @property
    def http(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.http_port}"

    def device(self, name: str) -> Path:
        """A device's folder."""
        return self.directory / "devices" / name


def claim(place: DemoPlace) -> None:
    """Sees to it that the directory is a demo's own, and that no other demo is at work there. Raises `Fault`."""
    directory = place.directory
    try:
        directory.mkdir(parents=True, exist_ok=True)
        ours = place.settings_file.is_file() and place.settings_file.read_text("utf-8").startswith(MARK)
        if not ours and any(directory.iterdir()):
            raise Fault(f"{directory}: holds something that is not a demo of ours; choose another DEMO_DIR")
    except (OSError, ValueError) as error:
        raise Fault(f"{directory}: cannot be used: {error}; choose another DEMO_DIR") from error
    if (directory / "data").exists():
        DataLock(directory / "data").release()


def throw_away(place: DemoPlace) -> None:
    """Deletes what a demo has left in a directory that was claimed, and nothing else."""
    for part in PARTS:
        path = place.directory / part
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def prepare(place: DemoPlace) -> tuple[dict[str, Any], bool]:
    """Writes the settings, makes what of the centre is not there; returns what demo.json says, and whether it is new.

    Raises `Fault` when what is there cannot be continued.
    """
    fresh = not place.description_file.exists()
    if fresh:
        throw_away(place)  # what a first start has left that did not come to its end
    settings = _write_settings(place)
    try:
        accounts, pins = _make_centre(place, settings) if fresh else _known(place)
        if not place.device(BOARD).is_dir():
            _add_board(place, settings)
        for name in (KIOSK, SPARE, CROWD, BOARD):
            _point_to_port(place.device(name) / "device.toml", place.mqtt_port)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Fault(f"{place.directory}: this demo cannot go on ({error!r}); make demo-reset begins anew") from error
    described = _describe(place, accounts, pins)
    _write_description(place, described)
    return described, fresh


def describe_screens(place: DemoPlace, described: dict[str, Any], *, kiosk: str, board: str) -> None:
    """Adds to demo.json where the kiosk's screen can be seen and touched, and where the board's page is; their
    addresses are new at every start.
    """
    described |= {"kiosk": kiosk, "board": board}
    _write_description(place, described)


def _write_description(place: DemoPlace, described: dict[str, Any]) -> None:
    replace_file(place.description_file, json.dumps(described, ensure_ascii=False, indent=2).encode(), mode=0o600)


Pins = dict[str, str | None]
"""PINs of the kiosks' staff menus, by device. Only a demo keeps them."""


def _known(place: DemoPlace) -> tuple[list[Account], Pins]:
    said = json.loads(place.description_file.read_text("utf-8"))
    return [Account(**one) for one in said["accounts"]], {one["id"]: one.get("pin") for one in said["devices"]}


def _write_settings(place: DemoPlace) -> Settings:
    lines = (
        MARK,
        f'[centre]\nid = "{CENTRE}"',
        '[data]\ndirectory = "data"',
        f"[broker]\nport = {place.mqtt_port}",
        "[devices]\nport = 0",
        f'[web]\nport = {place.http_port}\npublic_url = "{place.http}"',
        "[limits]\nlow_disk_mb = 50\ntickets_per_minute_per_device = 600\nticket_burst_per_device = 100",
    )
    place.settings_file.write_text("\n\n".join(lines) + "\n", "utf-8")
    return load(place.settings_file, {})


def _make_centre(place: DemoPlace, settings: Settings) -> tuple[list[Account], Pins]:
    accounts = [Account(name, shown, role, secrets.token_urlsafe(9)) for name, shown, role in OTHERS]
    accounts += [
        Account(f"officer{n}", shown, StaffRole.OFFICER, secrets.token_urlsafe(9))
        for n, shown in enumerate(OFFICERS, 1)
    ]
    with as_file(files("hub.demo").joinpath("centre.toml")) as centre, tools(settings) as hub:
        hub.apply_set_up(read_set_up(centre))
        pins = _add_devices(place, hub)
        for one in accounts:
            hub.add_staff(one.name, one.display_name, StaffRole(one.role), one.password)
    return accounts, pins


def _add_devices(place: DemoPlace, hub: Tools) -> Pins:
    pins: Pins = {}
    for kiosk_number, name in enumerate((KIOSK, SPARE, CROWD), 1):
        made = hub.add_device(name, DeviceRole.KIOSK, kiosk_number=kiosk_number)
        write_folder(made.files, place.device(name))
        pins[name] = made.pin
    return pins


def _add_board(place: DemoPlace, settings: Settings) -> None:
    """A demo that was made before there were boards gets one too."""
    with as_file(files("hub.demo").joinpath("centre.toml")) as centre, tools(settings) as hub:
        halls = tuple(one.id for one in read_set_up(centre).boards)
        write_folder(hub.add_device(BOARD, DeviceRole.BOARD, boards=halls).files, place.device(BOARD))


def _point_to_port(file: Path, port: int) -> None:
    lines = [f"port = {port}" if line.startswith("port") else line for line in file.read_text("utf-8").splitlines()]
    replace_file(file, ("\n".join(lines) + "\n").encode(), mode=0o600)


def _describe(place: DemoPlace, accounts: list[Account], pins: Pins) -> dict[str, Any]:
    with as_file(files("hub.demo").joinpath("centre.toml")) as centre:
        set_up = read_set_up(centre)
    return {
        "http": place.http,
        "mqtt": _mqtt(place, SPARE),
        "crowd": {**_mqtt(place, CROWD), "device": CROWD},
        "centre": {"id": CENTRE, "name": set_up.name},
        "accounts": [asdict(one) for one in accounts],
        "services": [{"id": one.id, "prefix": one.prefix, "name": one.name} for one in set_up.services],
        "classes": [{"id": one.id} for one in set_up.classes],
        "counters": [{"id": one.id} for one in set_up.counters],
        "boards": [{"id": one.id} for one in set_up.boards],
        "devices": [
            {"id": name, "role": DeviceRole.KIOSK, "folder": str(place.device(name)), "pin": pins.get(name)}
            for name in (KIOSK, SPARE, CROWD)
        ]
        + [{"id": BOARD, "role": DeviceRole.BOARD, "folder": str(place.device(BOARD)), "pin": None}],
        "slips": str(place.slips),
    }


def _mqtt(place: DemoPlace, device: str) -> dict[str, Any]:
    folder = place.device(device)
    return {
        "host": "127.0.0.1",
        "port": place.mqtt_port,
        "ca": str(folder / "authority.pem"),
        "client_cert": str(folder / "device.pem"),
        "client_key": str(folder / "device.key"),
    }
