"""What pages and other outside parties may read of the storage, each call in a short transaction of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from hub.actions.work import Device, DeviceOrder, SignedIn, StaffMember
from hub.contract.names import Day
from hub.contract.time import Instant
from hub.queueing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One fact about a ticket: its kind, when, and its fields."""

    at: Instant
    kind: str
    fields: dict[str, Any]


class Reading(Protocol):
    """Blocking and quick: call it from a worker thread, not from an event loop."""

    def find_session(self, token_hash: str) -> tuple[SignedIn, StaffMember] | None:
        """The session of a token, with its person."""

    def find_staff(self, name: str) -> StaffMember | None:
        """The person of this sign-in name."""

    def has_staff(self) -> bool:
        """Whether anybody can sign in at all; False until the set-up code was used."""

    def all_staff(self) -> list[StaffMember]:
        """Everybody, by name."""

    def find_system(self, token_hash: str) -> tuple[str, str] | None:
        """Id and role of the system with this bearer token."""

    def all_devices(self) -> list[Device]:
        """Every device, by id."""

    def open_orders(self) -> list[DeviceOrder]:
        """Orders to devices that are neither done nor expired, oldest first."""

    def all_orders(self) -> list[DeviceOrder]:
        """Orders to devices that are open, and the last ones that are not, newest first."""

    def find_ticket(self, ticket: str) -> Ticket | None:
        """A ticket of any day."""

    def find_by_number(self, day: Day, number: str) -> Ticket | None:
        """The ticket that had this number on that day."""

    def find_by_track_key(self, track_key: str) -> Ticket | None:
        """The ticket of a follow-my-ticket address."""

    def notes(self, keys: Collection[str]) -> dict[str, str]:
        """What officers wrote down, by key; nothing of what was erased."""

    def history_of(self, ticket: str) -> list[HistoryLine]:
        """All facts about a ticket, oldest first."""
