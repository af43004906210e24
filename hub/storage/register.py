"""Staff, sessions, devices and other systems: the rows beside the line. Implements `hub.actions.work.Register`."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update

from hub.actions.work import Device, SignedIn, StaffMember
from hub.contract.names import DeviceRole
from hub.contract.time import Instant
from hub.contract.topics import DeviceIdentity
from hub.storage import memory
from hub.storage.tables import DeviceRow, SessionRow, StaffRow, SystemRow

_STAFF: Final = StaffRow.__table__  # type: ignore[attr-defined]
_SESSION: Final = SessionRow.__table__  # type: ignore[attr-defined]
_DEVICE: Final = DeviceRow.__table__  # type: ignore[attr-defined]
_SYSTEM: Final = SystemRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StoredRegister:
    """The register over one connection, in whatever transaction it is."""

    connection: Connection

    def find_staff(self, name: str) -> StaffMember | None:
        """The person of this sign-in name."""
        return self._one_staff(_STAFF.c.name == name)

    def staff_of(self, staff: str) -> StaffMember | None:
        """The person of this id."""
        return self._one_staff(_STAFF.c.id == staff)

    def all_staff(self) -> list[StaffMember]:
        """Everybody, by name."""
        return [StaffMember(**row._mapping) for row in self.connection.execute(select(_STAFF).order_by(_STAFF.c.name))]

    def has_staff(self) -> bool:
        """Whether anybody can sign in at all."""
        return bool(self.connection.execute(select(exists(select(_STAFF.c.id)))).scalar())

    def add_staff(self, staff: StaffMember) -> None:
        """A new person."""
        self.connection.execute(insert(_STAFF), asdict(staff))

    def remove_staff(self, staff: str) -> bool:
        """Takes a person out with all sessions."""
        self.connection.execute(delete(_SESSION).where(_SESSION.c.staff == staff))
        return self.connection.execute(delete(_STAFF).where(_STAFF.c.id == staff)).rowcount > 0

    def add_session(self, session: SignedIn) -> None:
        """A new session."""
        self.connection.execute(insert(_SESSION), asdict(session))

    def find_session(self, token_hash: str) -> SignedIn | None:
        """The session of a token."""
        row = self.connection.execute(select(_SESSION).where(_SESSION.c.token_hash == token_hash)).first()
        return None if row is None else SignedIn(**row._mapping)

    def touch_sessions(self, seen: dict[str, Instant]) -> None:
        """When sessions were last used."""
        one = update(_SESSION).where(_SESSION.c.token_hash == bindparam("session"))
        statement = one.values(seen_at=bindparam("at"))
        if seen:
            self.connection.execute(statement, [{"session": token, "at": at} for token, at in seen.items()])

    def remove_sessions(self, token_hashes: list[str]) -> None:
        """Ends sessions."""
        self.connection.execute(delete(_SESSION).where(_SESSION.c.token_hash.in_(token_hashes)))

    def remove_old_sessions(self, *, seen_before: Instant, created_before: Instant) -> None:
        """Ends sessions last used, or begun, too long ago."""
        old = or_(_SESSION.c.seen_at < seen_before, _SESSION.c.created_at < created_before)
        self.connection.execute(delete(_SESSION).where(old))

    def find_device(self, device: str) -> Device | None:
        """The device of this id."""
        row = self.connection.execute(select(_DEVICE).where(_DEVICE.c.id == device)).first()
        return None if row is None else _device(row)

    def all_devices(self) -> list[Device]:
        """Every device, by id."""
        return [_device(row) for row in self.connection.execute(select(_DEVICE).order_by(_DEVICE.c.id))]

    def add_device(self, device: Device) -> None:
        """A new device, or the same one with a new certificate or other settings."""
        self.remove_device(device.id)
        self.connection.execute(insert(_DEVICE), {**asdict(device), "boards": " ".join(device.boards)})

    def remove_device(self, device: str) -> bool:
        """Takes a device out."""
        return self.connection.execute(delete(_DEVICE).where(_DEVICE.c.id == device)).rowcount > 0

    def forget_requests(self, now: Instant) -> int:
        """Drops a slice of what is remembered for longer than promised."""
        return memory.forget(self.connection, now)

    def add_system(self, system: str, token_hash: str, role: str, at: Instant) -> None:
        """Another system's token; an older one of the same name ends."""
        self.connection.execute(delete(_SYSTEM).where(_SYSTEM.c.id == system))
        values = {"id": system, "token_hash": token_hash, "role": role, "created_at": at}
        self.connection.execute(insert(_SYSTEM), values)

    def find_system(self, token_hash: str) -> tuple[str, str] | None:
        """Id and role of the system with this token."""
        row = self.connection.execute(select(_SYSTEM).where(_SYSTEM.c.token_hash == token_hash)).first()
        return None if row is None else (row.id, row.role)

    def _one_staff(self, condition: Any) -> StaffMember | None:
        row = self.connection.execute(select(_STAFF).where(condition)).first()
        return None if row is None else StaffMember(**row._mapping)


def identities(devices: Iterable[Device]) -> list[DeviceIdentity]:
    """Devices as the access list needs them."""
    return [DeviceIdentity(one.id, DeviceRole(one.role), one.boards, one.counter) for one in devices]


def _device(row: Any) -> Device:
    return Device(**{**row._mapping, "boards": tuple(row.boards.split())})
