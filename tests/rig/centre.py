"""A centre of the test's own: settings on free ports, a small set-up, enrolled devices, officers who may sign in."""

import json
import random
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from argon2 import PasswordHasher

from hub import settings as hub_settings
from hub.actions.admin.add_staff import NewStaff, add_staff
from hub.actions.admin.apply_set_up import apply_set_up
from hub.actions.asking import Request
from hub.actions.work import Asker
from hub.contract.names import DeviceRole, StaffRole
from hub.contract.set_up import BoardSetUp, ClassSetUp, CounterSetUp, GroupSetUp, ServiceSetUp, SetUp
from hub.fleet.devices import write_folder
from hub.settings import Settings
from hub.standing import StandingHub, standing_hub

ID: Final = "hoa-sen"
CLASS: Final = "ordinary"
OTHER_CLASS: Final = "elderly"
PASSWORD: Final = "một cửa liên thông"
ADMINISTRATOR: Final = "administrator"
LIMIT_S: Final = 30.0
LOWEST_PORT: Final = 10_000
TESTER: Final = Asker("system", "rig")


@dataclass(frozen=True)
class Plan:
    """How large the centre shall be. `sections` are settings that differ from the rig's own."""

    kiosks: int = 2
    pads: int = 0
    services: int = 2
    counters: int = 2
    database_url: str = ""
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    boards: int = 1


@dataclass(frozen=True)
class Centre:
    """Where everything of it is. `devices`: folders by device; `officers`: sign-in names, one per counter."""

    directory: Path
    settings_file: Path
    settings: Settings
    set_up: SetUp
    devices: Mapping[str, Path]
    officers: tuple[str, ...]

    @property
    def kiosks(self) -> list[str]:
        """Devices that give numbers."""
        return [device for device in self.devices if device.startswith("kiosk")]

    @property
    def services(self) -> list[str]:
        """Ids of all services."""
        return [one.id for one in self.set_up.services]

    @property
    def counters(self) -> list[str]:
        """Ids of all counters."""
        return [one.id for one in self.set_up.counters]

    @property
    def database_file(self) -> Path:
        """The SQLite file, when there is one."""
        return self.settings.data.directory / "hub.db"


@contextmanager
def made(plan: Plan) -> Iterator[Centre]:
    """A centre in a short directory of its own, whose hub stands still; the directory goes at the end."""
    directory = Path(tempfile.mkdtemp(prefix="motcua-", dir="/tmp"))  # a socket's path must be short
    try:
        yield make(plan, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def make(plan: Plan, directory: Path) -> Centre:
    """Writes the settings and enrols everybody, with the database opened once."""
    file = directory / "hub.toml"
    write_settings(file, merged(own_sections(plan), plan.sections))
    settings = hub_settings.load(file, {})
    chosen = set_up(plan)
    with standing_hub(settings) as hub:
        hub.door.submit(Request(lambda work: apply_set_up(work, chosen))).result(LIMIT_S)
        devices = _enrol(hub, plan, directory / "devices")
        officers = _add_officers(hub, plan)
    return Centre(directory, file, settings, chosen, devices, officers)


def own_sections(plan: Plan) -> dict[str, dict[str, Any]]:
    """Free ports, a log that programs can read, and no limit on how many numbers a device may take."""
    broker, web = free_ports(2)
    return {
        "centre": {"id": ID},
        "data": {"directory": "data"},
        "database": {"url": plan.database_url},
        "broker": {"port": broker},
        "devices": {"port": 0},
        "web": {"port": web},
        "limits": {"tickets_per_minute_per_device": 100_000, "ticket_burst_per_device": 10_000},
        "log": {"format": "json"},
    }


def merged(sections: dict[str, dict[str, Any]], more: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """`sections`, with the keys of `more` laid over."""
    return {name: {**sections.get(name, {}), **more.get(name, {})} for name in {**sections, **more}}


def write_settings(file: Path, sections: Mapping[str, Mapping[str, Any]]) -> None:
    """A settings file. Our values are written alike in JSON and TOML."""
    lines = []
    for section, values in sections.items():
        lines += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""]
    file.write_text("\n".join(lines), encoding="utf-8")


def set_up(plan: Plan) -> SetUp:
    """Services A, B, … and counters that serve every one of them."""
    services = [
        ServiceSetUp(id=f"service-{letter.lower()}", prefix=letter, group="all", name={"en": letter})
        for letter in "ABCDEFGHIJKLMNOP"[: plan.services]
    ]
    counters = [
        CounterSetUp(id=f"counter-{n}", number=n, label={"en": f"Counter {n}"}, services=[one.id for one in services])
        for n in range(1, plan.counters + 1)
    ]
    return SetUp(
        name={"en": "Lotus", "vi": "Hoa Sen"},
        groups=[GroupSetUp(id="all", name={"en": "All"})],
        services=services,
        classes=[
            ClassSetUp(id=CLASS, name={"en": "Ordinary"}, icon="user"),
            ClassSetUp(id=OTHER_CLASS, name={"en": "Elderly"}, icon="heart-handshake"),
        ],
        counters=counters,
        boards=[BoardSetUp(id="hall", name={"en": "Hall"})],
    )


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, below those that the system gives to outgoing connections: a hub that is killed and
    started again must find its own still free."""
    highest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0]) - 1
    found: list[int] = []
    while len(found) < count:
        port = random.SystemRandom().randint(LOWEST_PORT, highest)
        try:
            with socket.create_server(("127.0.0.1", port)):
                found.append(port)
        except OSError:
            continue
    return found


def _enrol(hub: StandingHub, plan: Plan, folder: Path) -> dict[str, Path]:
    roles = {f"kiosk-{n:02}": DeviceRole.KIOSK for n in range(1, plan.kiosks + 1)}
    roles |= {f"pad-{n:02}": DeviceRole.PAD for n in range(1, plan.pads + 1)}
    roles |= {f"board-{n:02}": DeviceRole.BOARD for n in range(1, plan.boards + 1)}
    for device, role in roles.items():
        boards = ("hall",) if role is DeviceRole.BOARD else ()
        counter = "counter-1" if role is DeviceRole.PAD else None
        write_folder(hub.fleet.add(device, role, boards=boards, counter=counter).files(), folder / device)
    return {device: folder / device for device in roles}


def _add_officers(hub: StandingHub, plan: Plan) -> tuple[str, ...]:
    """One per counter, and an administrator; all with one password, cheaply hashed: signing in is not tested here."""
    names = tuple(f"officer-{n}" for n in range(1, plan.counters + 1))
    hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    for name, role in [*((name, StaffRole.OFFICER) for name in names), (ADMINISTRATOR, StaffRole.ADMINISTRATOR)]:
        new = NewStaff(name, name.title(), role, hashed)
        hub.door.submit(Request(lambda work, new=new: add_staff(work, TESTER, new))).result(LIMIT_S)
    return names
