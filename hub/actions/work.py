"""What an action is given: the line, the set-up, the time, and the few doors through which it may change things."""

from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Protocol

from hub.contract.messages import OrderName
from hub.contract.names import Day, OrderState
from hub.contract.set_up import SetUp
from hub.contract.time import Instant
from hub.queueing.facts import Fact, MoveUndone
from hub.queueing.limits import IssueLimit
from hub.queueing.line import Line
from hub.queueing.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: `device:kiosk-01`, `staff:<id>`, `system:<id>`, `citizen:<ticket>`."""

    kind: str
    id: str

    @property
    def key(self) -> str:
        """One word for tables and facts."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that actions ask for. `undo_ms`: how long a press can be taken back."""

    undo_ms: int
    public_url: str | None
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person of the staff. `password_hash` is made outside the writer."""

    id: str
    name: str
    display_name: str
    role: str
    password_hash: str
    created_at: Instant


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser session; only the hash of its token is known here."""

    token_hash: str
    staff: str
    csrf: str
    created_at: Instant
    seen_at: Instant
    address: str


@dataclass(frozen=True, slots=True)
class Device:
    """A device with a certificate. `pin_salt`, `pin_hash`: of a kiosk's staff menu, made outside the writer."""

    id: str
    role: str
    boards: tuple[str, ...]
    counter: str | None
    kiosk_number: int | None
    fingerprint: str
    added_at: Instant
    settings_version: int = 1
    pin_salt: str | None = None
    pin_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DeviceOrder:
    """An order to a device, and what became of it. `message`: the order as it goes over the wire; `detail`: the
    device's own word for why not.
    """

    id: str
    device: str
    order: OrderName
    ticket: str | None
    by: str
    ordered_at: Instant
    expires_at: Instant
    message: str
    state: OrderState = OrderState.OPEN
    detail: str = ""
    ended_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What an officer wrote down for whoever has the ticket next. Erased when its day is over."""

    key: str
    ticket: str
    day: Day
    at: Instant
    text: str = field(repr=False)


class Notes(Protocol):
    """Notes about tickets: the one place where free text is kept."""

    def add(self, note: Note) -> None:
        """A new one."""

    def erase_but(self, day: Day) -> int:
        """Erases those of all other days; returns how many."""


class Orders(Protocol):
    """Orders to devices: all that are open, and the last of each device."""

    def add(self, order: DeviceOrder) -> None:
        """A new one; the oldest of the device that have ended are dropped."""

    def find(self, order_id: str) -> DeviceOrder | None:
        """The order of this id."""

    def open(self, device: str | None = None) -> list[DeviceOrder]:
        """Those neither done nor expired, of one device or of all, oldest first."""

    def end(self, order_id: str, state: OrderState, detail: str, at: Instant) -> None:
        """What became of it."""

    def forget(self, device: str) -> None:
        """Drops all orders to a device."""


class Register(Protocol):
    """Rows that are no part of the line: staff, sessions, devices, set-up."""

    def find_staff(self, name: str) -> StaffMember | None:
        """The person of this sign-in name."""

    def staff_of(self, staff: str) -> StaffMember | None:
        """The person of this id."""

    def all_staff(self) -> list[StaffMember]:
        """Everybody, by name."""

    def has_staff(self) -> bool:
        """Whether anybody can sign in at all."""

    def add_staff(self, staff: StaffMember) -> None:
        """A new person."""

    def remove_staff(self, staff: str) -> bool:
        """Takes a person out with all sessions; False when there is none."""

    def add_session(self, session: SignedIn) -> None:
        """A new session."""

    def touch_sessions(self, seen: dict[str, Instant]) -> None:
        """When sessions were last used, by token hash."""

    def remove_sessions(self, token_hashes: list[str]) -> None:
        """Ends sessions."""

    def remove_old_sessions(self, *, seen_before: Instant, created_before: Instant) -> None:
        """Ends sessions last used, or begun, too long ago."""

    def all_devices(self) -> list[Device]:
        """Every device, by id."""

    def find_device(self, device: str) -> Device | None:
        """The device of this id."""

    def add_device(self, device: Device) -> None:
        """A new device, or the same one with a new certificate or other settings."""

    def remove_device(self, device: str) -> bool:
        """Takes a device out; False when there is none."""

    def forget_requests(self, now: Instant) -> int:
        """Drops a slice of the requests remembered for longer than promised; returns how many."""

    def add_system(self, system: str, token_hash: str, role: str, at: Instant) -> None:
        """Another system's token."""


class Work(Protocol):
    """One action's unit of work: all of it is saved, or none."""

    @property
    def now(self) -> Instant:
        """The time of this entry: never before the last entry's."""

    @property
    def wall(self) -> Instant:
        """What the clock really says; use it only to judge the clock."""

    @property
    def line(self) -> Line:
        """Today's line. Read it; change it by stating facts."""

    @property
    def set_up(self) -> SetUp:
        """The set-up in force."""

    @property
    def rules(self) -> Rules:
        """Settings."""

    @property
    def issue_limit(self) -> IssueLimit:
        """How often one device may ask for numbers."""

    @property
    def low_on_disk(self) -> bool:
        """Whether issuing must be refused to keep room for calling."""

    @property
    def register(self) -> Register:
        """Rows beside the line."""

    @property
    def orders(self) -> Orders:
        """Orders to devices."""

    @property
    def notes(self) -> Notes:
        """Notes about tickets."""

    def state(self, *facts: Fact) -> None:
        """Makes facts true in the line and writes them to the journal."""

    def state_undone(self, fact: MoveUndone, before: Ticket) -> None:
        """The same for an undone move, which needs the ticket as it stood before."""

    def confirm_clock(self, fact: Fact) -> None:
        """States `fact` at the wall's time although it lies before the last entry."""

    def find_ticket(self, ticket: str) -> Ticket | None:
        """A ticket of today or of any day."""

    def find_by_request(self, asker: str, request_id: str) -> Ticket | None:
        """The ticket a request was answered with, however long ago."""

    def save_ticket(self, ticket: Ticket) -> None:
        """A ticket that is no longer in the line."""

    def open_day(self, day: Day) -> None:
        """Ends what is open of other days and states `DayOpened`; numbers of a day seen before go on."""

    def put_set_up(self, set_up: SetUp) -> int:
        """Puts a set-up in force; returns its version."""

    def new_id(self) -> str:
        """A new UUID, sortable by time."""

    def new_key(self) -> str:
        """A new random key for an address that must not be guessed (128 bits)."""
