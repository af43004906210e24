"""The centre's devices: who they are, what they may, and the folder that makes a machine one of them."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final

from hub.actions.asking import Door, Outcome, Request
from hub.actions.device.register import add_device, change_staff_pin, remove_device
from hub.actions.work import Asker, Device
from hub.contract.messages import DeviceSettings, RefusalMessage, StaffPin
from hub.contract.names import ID_PATTERN, DeviceRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import KiosksSetUp, SetUp
from hub.contract.time import from_datetime
from hub.contract.topics import DeviceIdentity
from hub.fleet.authority import Authority, Certificate
from hub.fleet.pin import kept_pin, new_pin
from hub.ground.files import replace_file

ANSWER_LIMIT_S: Final = 10.0


class Change(Enum):
    """What has happened to a device."""

    CERTIFICATE = "it was given a certificate, its first or a new one"
    SETTINGS = "it shall be set otherwise"
    REMOVED = "it was taken out"


FleetChanged = Callable[[str, Change], None]
"""Told which device has changed, and how."""


@dataclass(frozen=True)
class HubPlace:
    """How devices reach the hub's broker."""

    centre: str
    host: str
    port: int


@dataclass(frozen=True)
class DeviceFolder:
    """What a device needs to be itself: its certificate with key and authority, and where the hub is.

    `pin`: of a kiosk's staff menu, to be told to whoever adds it; only its hash is kept, and none of it in the files.
    """

    device: str
    role: DeviceRole
    place: HubPlace
    certificate: Certificate
    pin: str | None = field(default=None, repr=False)

    def files(self) -> dict[str, bytes]:
        """The folder's files by name; `device.key` is secret."""
        place = self.place
        described = (
            f'centre = "{place.centre}"\ndevice = "{self.device}"\nrole = "{self.role}"\n'
            f'host = "{place.host}"\nport = {place.port}\n'
            'ca = "authority.pem"\ncertificate = "device.pem"\nkey = "device.key"\n'
        )
        return {
            "authority.pem": self.certificate.authority,
            "device.pem": self.certificate.certificate,
            "device.key": self.certificate.key,
            "device.toml": described.encode(),
        }


def write_folder(files: dict[str, bytes], directory: Path) -> None:
    """Writes a device's folder, readable by its owner only."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in files.items():
        replace_file(directory / name, content, mode=0o600)


class Fleet:
    """Adds and removes devices while the hub runs or stands. Thread-safe."""

    def __init__(
        self,
        door: Door,
        authority: Authority,
        place: HubPlace,
        *,
        known: Iterable[Device],
        changed: FleetChanged,
        clock: Callable[[], datetime],
    ) -> None:
        self._door = door
        self._authority = authority
        self._place = place
        self._changed = changed
        self._clock = clock
        self._devices: Mapping[str, Device] = {device.id: device for device in known}
        """Replaced, never changed: who reads takes no lock. The writer is among them, and who changes waits for it."""
        self._lock = threading.Lock()

    def add(
        self,
        device: str,
        role: DeviceRole,
        *,
        boards: tuple[str, ...] = (),
        counter: str | None = None,
        kiosk_number: int | None = None,
    ) -> DeviceFolder:
        """Issues a certificate, and a kiosk's PIN. For a known device the old ones are void from then on.

        Raises `Refusal` and `AuthorityFault`.
        """
        if not re.fullmatch(ID_PATTERN, device):
            raise Refusal(RefusalCode.MALFORMED)
        pin = new_pin() if role is DeviceRole.KIOSK else None
        kept = None if pin is None else kept_pin(pin)
        with self._lock:
            now = self._clock()
            certificate = self._authority.issue_device(device, now)
            before = self._devices.get(device)
            added = Device(
                id=device,
                role=role,
                boards=boards,
                counter=counter,
                kiosk_number=kiosk_number,
                fingerprint=certificate.serial,
                added_at=from_datetime(now),
                settings_version=1 if before is None else before.settings_version + 1,
                pin_salt=kept.salt if kept else None,
                pin_hash=kept.hash if kept else None,
            )
            _result(self._door.submit(Request(lambda work: add_device(work, added))))
            if before is not None:
                self._authority.revoke(before.fingerprint, now)
            self._devices = {**self._devices, device: added}
        self._changed(device, Change.CERTIFICATE)
        return DeviceFolder(device, role, self._place, certificate, pin)

    def change_pin(self, device: str, by: Asker) -> str:
        """A kiosk's new PIN; the old one opens nothing once the kiosk has heard. Refuses `not-found`, also for a device
        that is no kiosk.
        """
        pin = new_pin()
        kept = kept_pin(pin)
        with self._lock:
            known = self._devices.get(device)
            if known is None or known.role != DeviceRole.KIOSK:
                raise Refusal(RefusalCode.NOT_FOUND)
            version = known.settings_version + 1
            changed = replace(known, settings_version=version, pin_salt=kept.salt, pin_hash=kept.hash)
            _result(self._door.submit(Request(lambda work: change_staff_pin(work, by, changed))))
            self._devices = {**self._devices, device: changed}
        self._changed(device, Change.SETTINGS)
        return pin

    def remove(self, device: str) -> None:
        """Revokes the device's certificate and takes its rights away at once. Refuses `not-found`."""
        with self._lock:
            _result(self._door.submit(Request(lambda work: remove_device(work, device))))
            gone = self._devices.get(device)
            self._devices = {name: one for name, one in self._devices.items() if name != device}
            if gone is not None:
                self._authority.revoke(gone.fingerprint, self._clock())
        self._changed(device, Change.REMOVED)

    def all(self) -> list[Device]:
        """Every device, by id."""
        return sorted(self._devices.values(), key=lambda device: device.id)

    def identities(self) -> list[DeviceIdentity]:
        """Devices as the broker's access list needs them."""
        return [DeviceIdentity(one.id, DeviceRole(one.role), one.boards, one.counter) for one in self.all()]

    def role_of(self, device: str) -> DeviceRole | None:
        """The role of a known device."""
        known = self._devices.get(device)
        return None if known is None else DeviceRole(known.role)

    def screens(self, board: str, counter: str) -> frozenset[str]:
        """Boards that shall show the calls of this counter in that hall."""
        boards = (one for one in self._devices.values() if one.role == DeviceRole.BOARD and board in one.boards)
        return frozenset(one.id for one in boards if one.counter in (None, counter))

    def holds(self, device: str, serial: str) -> bool:
        """Whether this is the serial number, in hexadecimal, of the certificate a device has now: an older one is void,
        and so is that of a device that was removed.
        """
        known = self._devices.get(device)
        try:
            return known is not None and int(serial, 16) == int(known.fingerprint, 16)
        except ValueError:
            return False

    def settings_version_of(self, device: str, set_up_version: int) -> int:
        """The version of a device's settings; 0 for one that is not known. It grows with those of the device and with
        those of the centre.
        """
        known = self._devices.get(device)
        return 0 if known is None else known.settings_version + set_up_version

    def settings(self, set_up: SetUp, set_up_version: int) -> list[tuple[str, DeviceSettings]]:
        """What each device shall be set to."""
        devices = self.all()
        silent = _silent_boards(devices)
        return [(one.id, _settings(one, set_up, set_up_version, speaks=one.id not in silent)) for one in devices]


def _silent_boards(devices: list[Device]) -> set[str]:
    """Boards that show calls and leave it to another to announce them: in one hall the first that was added speaks."""
    speaking: dict[str, str] = {}
    boards = [one for one in devices if one.role == DeviceRole.BOARD and one.boards]
    for one in sorted(boards, key=lambda device: (device.added_at, device.id)):
        speaking.setdefault(one.boards[0], one.id)
    return {one.id for one in boards} - set(speaking.values())


def _settings(device: Device, set_up: SetUp, set_up_version: int, *, speaks: bool) -> DeviceSettings:
    kiosks = set_up.kiosks if device.role == DeviceRole.KIOSK else KiosksSetUp()
    pin = StaffPin(salt=device.pin_salt, hash=device.pin_hash) if device.pin_salt and device.pin_hash else None
    return DeviceSettings(
        version=device.settings_version + set_up_version,
        kiosk_number=device.kiosk_number,
        boards=list(device.boards),
        counter=device.counter,
        languages=set_up.languages,
        ask_class=kiosks.ask_class,
        services_first=kiosks.services_first,
        staff_pin=pin,
        speaks=speaks,
    )


def _result(done: "Future[Outcome]") -> Outcome:
    outcome = done.result(ANSWER_LIMIT_S)
    if not outcome.ok:
        raise Refusal(RefusalCode(RefusalMessage.model_validate_json(outcome.answer).code))
    return outcome
