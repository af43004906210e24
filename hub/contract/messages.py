"""Every message of the wire, as frozen models. Unknown fields are ignored by receivers; our tests refuse them.

Times are RFC 3339 with offset, durations whole seconds (`…_s`), texts for people objects by language.
"""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hub.contract.names import CounterState, DeviceRole, Id, Language, Prefix, Text, TicketNumber

Short = Annotated[str, StringConstraints(max_length=200)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Version = Annotated[str, StringConstraints(max_length=40)]


class Message(BaseModel):
    """What all messages share: frozen, strictly typed, tolerant of fields from a newer sender."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", validate_by_name=True, serialize_by_alias=True)


# ---------------------------------------------------------------- what the hub keeps for everyone to read


class HubPresence(Message):
    """Whether the hub is there. `offline` is also its last will; a new `epoch` follows creation and each restore."""

    state: Literal["online", "offline", "starting"]
    epoch: Short
    boot_id: Short
    version: Version
    at: AwareDatetime


class TicketClass(Message):
    """A class of visitors, as a choice on the kiosk."""

    id: Id
    name: Text
    icon: Short


class Centre(Message):
    """The centre as citizens see it."""

    name: Text
    languages: list[Language]
    classes: list[TicketClass]
    open: bool
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    notice: Text | None
    public_url: Short | None


class Service(Message):
    """One service a number can be taken for."""

    id: Id
    prefix: Prefix
    name: Text
    description: Text
    icon: Short
    open: bool
    closed_reason: Text | None
    opens_at: AwareDatetime | None
    classes: list[Id]


class ServiceGroup(Message):
    """Services under one heading of the kiosk."""

    id: Id
    name: Text
    services: list[Service]


class Services(Message):
    """All services by group; `version` grows with each change."""

    version: Count
    groups: list[ServiceGroup]


class WaitBand(Message):
    """An honest forecast: eight of ten people wait between `low_s` and `high_s`."""

    low_s: Count
    high_s: Count


class ServiceWaiting(Message):
    """How one service stands now."""

    open: bool
    closed_reason: Text | None
    waiting: Count
    wait: WaitBand | None


class Waiting(Message):
    """How every service stands, by service id."""

    at: AwareDatetime
    services: dict[Id, ServiceWaiting]


class CounterOfficer(Message):
    """The officer as the public sees him or her."""

    display_name: Short
    photo_url: Short | None


class CounterTicket(Message):
    """The number at a counter, and since when it is called or served."""

    number: TicketNumber
    since: AwareDatetime


class Counter(Message):
    """One counter as the hall sees it."""

    number: Count
    label: Text
    state: CounterState
    officer: CounterOfficer | None
    ticket: CounterTicket | None


class Call(Message):
    """A number called to a counter; `repeat` counts recalls from 0."""

    number: TicketNumber
    counter: Id
    label: Text
    called_at: AwareDatetime
    repeat: Count


class BoardWaiting(Message):
    """A line of the board's waiting list."""

    service: Id
    prefix: Prefix
    name: Text
    waiting: Count
    wait: WaitBand | None


class Board(Message):
    """All a board needs to be right after a restart. `calls`: newest first, eight at most."""

    epoch: Short
    sequence: Count
    calls: list[Call]
    waiting: list[BoardWaiting]
    notice: Text | None
    playlist_version: Count


class BoardCall(Message):
    """A call as it happens. The words are made by the board, from `number` and `label`."""

    epoch: Short
    sequence: Count
    number: TicketNumber
    counter: Id
    label: Text
    repeat: Count
    at: AwareDatetime


# ---------------------------------------------------------------- what a device says of itself


class Shown(Message):
    """A board has drawn a call (and, sent again, has finished speaking it).

    `sequence`: of the call, or of the list in which it was found; there `number` tells which of them.
    """

    board: Id
    epoch: Short
    sequence: Count
    number: TicketNumber | None = None
    drawn_at: AwareDatetime
    speech: Literal["pending", "spoken", "skipped", "muted"]


class DevicePresence(Message):
    """Whether a device is there; `offline` is its last will. `boot_id` is new at every start of its program."""

    state: Literal["online", "offline", "restarting"]
    role: DeviceRole
    boot_id: Short
    version: Version
    since: AwareDatetime


class PrinterHealth(Message):
    """The printer as last asked; silence is a state."""

    state: Literal["ready", "busy", "cover-open", "jam", "silent", "offline"]
    paper: Literal["ok", "near-end", "out", "unknown"]
    last_error: Short | None


class DeviceHealth(Message):
    """How a device feels. `null` where it has no such part."""

    at: AwareDatetime
    printer: PrinterHealth | None
    scanner: Literal["ready", "silent"] | None
    storage_free_bytes: Annotated[int, Field(ge=0)] | None
    temperature_c: Annotated[float, Field(ge=-60, le=200)] | None
    undervoltage: bool | None
    clock_offset_s: Annotated[float, Field(allow_inf_nan=False)] | None
    own_numbers: dict[Id, Count]
    spool: Count


class StaffPin(Message):
    """The PIN of a kiosk's staff menu as it is kept: PBKDF2 with SHA-256, 100,000 rounds, hexadecimal."""

    salt: Short
    hash: Short


class DeviceSettings(Message):
    """What the hub wants a device to be set to; the device keeps the last good copy.

    `ask_class`: a kiosk asks for the class of visitor. `services_first`: it opens on the services, without a home
    screen. Without `staff_pin` there is no staff menu. `speaks`: a board announces the calls it shows; one in a hall.
    """

    version: Count
    kiosk_number: Annotated[int, Field(ge=1, le=99)] | None = None
    boards: list[Id] = []
    counter: Id | None = None
    languages: list[Language] = []
    ask_class: bool = False
    services_first: bool = False
    staff_pin: StaffPin | None = None
    speaks: bool = True


# ---------------------------------------------------------------- requests and replies


class Request(Message):
    """What every request carries: its id (made by the asker) and when it was sent (clock corrected)."""

    request_id: UUID
    sent_at: AwareDatetime


class Hello(Request):
    """First after every connect; never too late. With the reply's `at` a device knows its clock offset."""

    role: DeviceRole
    boot_id: Short
    version: Version
    monotonic_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class IssueTicket(Request):
    """A citizen wants a number."""

    service: Id
    class_: Id = Field(alias="class")
    language: Language
    dossier_code: Short | None = None


class SlipPrinted(Request):
    """The paper came out."""

    ticket_id: UUID
    copy_: bool = Field(default=False, alias="copy")


class SlipFailed(Request):
    """The paper did not come out, as far as the device knows."""

    ticket_id: UUID
    reason: Literal["paper-out", "cover-open", "jam", "silent", "offline", "killed", "unknown"]
    copy_: bool = Field(default=False, alias="copy")


class CancelTicket(Request):
    """The citizen gives the number back; only from the device that issued it."""

    ticket_id: UUID


class CallStaff(Request):
    """Somebody at the device asks for help; `screen`: where in the program, nothing of the person."""

    screen: Id


class HelloAnswer(Message):
    """`epoch` of the hub's database and the version of the device's settings."""

    epoch: Short
    settings_version: Count


class IssuedTicket(Message):
    """What goes on the slip. `people_ahead`: waiting for the same service, to be called before this one."""

    id: UUID
    number: TicketNumber
    service: Id
    class_: Id = Field(alias="class")
    issued_at: AwareDatetime
    people_ahead: Count
    wait: WaitBand | None
    counters: list[Id]
    track_url: Short | None


class OrderName(StrEnum):
    """What a device can be told to do."""

    IDENTIFY = "identify"
    RESTART = "restart"
    TEST_PRINT = "test-print"
    SCREENSHOT = "screenshot"
    UPDATE = "update"
    REPRINT = "reprint"


class Order(Message):
    """An order to one device, sent again until done or expired.

    `reprint` comes with the `ticket` as it stands now and the `language` of its slip, `screenshot` with `upload_url`:
    where the picture (PNG) is to be put, with the device's certificate.
    """

    order_id: UUID
    order: OrderName
    ticket: IssuedTicket | None = None
    language: Language | None = None
    upload_url: Short | None = None
    expires_at: AwareDatetime


class OrderDone(Message):
    """What became of an order. `detail`: why not, in a word; empty when done."""

    order_id: UUID
    ok: bool
    detail: Short


class IssueTicketAnswer(Message):
    """The ticket is on disk."""

    ticket: IssuedTicket


class Done(Message):
    """Done; there is nothing to add."""


class RefusalMessage(Message):
    """Why not, for programs and for people."""

    code: Short
    message: Text
    retry_after_s: Count | None = None


class Reply(Message):
    """The hub's answer, sent after the commit and never before. Exactly one of `result` and `refusal` is there."""

    request_id: UUID
    at: AwareDatetime
    ok: bool
    result: dict[str, object] | None = None
    refusal: RefusalMessage | None = None

    @model_validator(mode="after")
    def _answers_once(self) -> "Reply":
        if (self.result is not None) != self.ok or (self.refusal is None) != self.ok:
            raise ValueError("a reply carries a result when ok, else a refusal")
        return self
