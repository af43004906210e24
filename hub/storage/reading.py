"""What pages may read. Implements `hub.actions.reading.Reading`, one short transaction a call."""

from collections.abc import Collection
from dataclasses import asdict

from hub.actions.reading import HistoryLine
from hub.actions.work import Device, DeviceOrder, SignedIn, StaffMember
from hub.contract.names import Day
from hub.queueing.ticket import Ticket
from hub.storage import journal, rows
from hub.storage.database import Database
from hub.storage.notes import StoredNotes
from hub.storage.orders import StoredOrders
from hub.storage.register import StoredRegister


class StoredReading:
    """Reads over the database's reader connections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_session(self, token_hash: str) -> tuple[SignedIn, StaffMember] | None:
        """The session of a token, with its person."""
        with self._database.reading() as connection:
            register = StoredRegister(connection)
            session = register.find_session(token_hash)
            staff = None if session is None else register.staff_of(session.staff)
        return None if session is None or staff is None else (session, staff)

    def find_staff(self, name: str) -> StaffMember | None:
        """The person of this sign-in name."""
        with self._database.reading() as connection:
            return StoredRegister(connection).find_staff(name)

    def has_staff(self) -> bool:
        """Whether anybody can sign in at all."""
        with self._database.reading() as connection:
            return StoredRegister(connection).has_staff()

    def all_staff(self) -> list[StaffMember]:
        """Everybody, by name."""
        with self._database.reading() as connection:
            return StoredRegister(connection).all_staff()

    def find_system(self, token_hash: str) -> tuple[str, str] | None:
        """Id and role of the system with this bearer token."""
        with self._database.reading() as connection:
            return StoredRegister(connection).find_system(token_hash)

    def all_devices(self) -> list[Device]:
        """Every device, by id."""
        with self._database.reading() as connection:
            return StoredRegister(connection).all_devices()

    def open_orders(self) -> list[DeviceOrder]:
        """Orders to devices that are neither done nor expired, oldest first."""
        with self._database.reading() as connection:
            return StoredOrders(connection).open()

    def all_orders(self) -> list[DeviceOrder]:
        """Orders to devices that are open, and the last ones that are not, newest first."""
        with self._database.reading() as connection:
            return StoredOrders(connection).all()

    def devices_there(self) -> set[str]:
        """Devices that the journal last said to be there."""
        with self._database.reading() as connection:
            return journal.devices_there(connection)

    def find_ticket(self, ticket: str) -> Ticket | None:
        """A ticket of any day."""
        with self._database.reading() as connection:
            return rows.find_ticket(connection, ticket)

    def find_by_number(self, day: Day, number: str) -> Ticket | None:
        """The ticket that had this number on that day."""
        with self._database.reading() as connection:
            return rows.find_by_number(connection, day, number)

    def find_by_track_key(self, track_key: str) -> Ticket | None:
        """The ticket of a follow-my-ticket address."""
        with self._database.reading() as connection:
            return rows.find_by_track_key(connection, track_key)

    def days_of_notes(self) -> set[Day]:
        """Days of which officers' notes are kept."""
        with self._database.reading() as connection:
            return StoredNotes(connection).days()

    def notes(self, keys: Collection[str]) -> dict[str, str]:
        """What officers wrote down, by key."""
        with self._database.reading() as connection:
            return StoredNotes(connection).texts(keys)

    def history_of(self, ticket: str) -> list[HistoryLine]:
        """All facts about a ticket, oldest first."""
        with self._database.reading() as connection:
            entries = journal.entries_of(connection, ticket)
        return [HistoryLine(entry.at, type(entry.fact).__name__, asdict(entry.fact)) for entry in entries]
