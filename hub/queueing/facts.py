"""What can be stated about the queue: the journal's facts. Past tense; no name, phone, identity number or free text."""

from dataclasses import dataclass

from hub.contract.names import Day, OrderState, SlipState, TicketState
from hub.contract.time import Instant


@dataclass(frozen=True, slots=True)
class Fact:
    """What all facts share: nothing but being immutable and said once."""


@dataclass(frozen=True, slots=True)
class EpochBegan(Fact):
    """The database was created or restored: entries before are of another epoch."""

    epoch: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClockConfirmed(Fact):
    """A person confirmed the hub's date, though it lies before the last entry. `was`: time of the entry before."""

    was: Instant
    officer: str


@dataclass(frozen=True, slots=True)
class SetUpChanged(Fact):
    """The centre's set-up has this version from here on."""

    version: int


@dataclass(frozen=True, slots=True)
class DayOpened(Fact):
    """Numbers start anew; what was still open of the day before has ended, and every counter is closed."""

    day: Day
    ended: int


@dataclass(frozen=True, slots=True)
class TicketIssued(Fact):
    """A number was given. `order` is its place in the day's arrivals."""

    ticket: str
    number: str
    sequence: int
    order: int
    day: Day
    service: str
    class_: str
    language: str
    asker: str
    request_id: str
    track_key: str
    slip: SlipState


@dataclass(frozen=True, slots=True)
class SlipPrinted(Fact):
    """The paper came out, or a copy of it."""

    ticket: str
    copy: bool


@dataclass(frozen=True, slots=True)
class SlipFailed(Fact):
    """The paper did not come out."""

    ticket: str
    copy: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReprintOrdered(Fact):
    """The kiosk shall print a copy of the slip."""

    ticket: str
    by: str


@dataclass(frozen=True, slots=True)
class TicketCalled(Fact):
    """A number was called to a counter. `picked`: why, when it was called out of turn."""

    ticket: str
    number: str
    counter: str
    officer: str
    picked: str | None = None


@dataclass(frozen=True, slots=True)
class TicketRecalled(Fact):
    """A called number was called again; `repeat` counts from 1."""

    ticket: str
    number: str
    counter: str
    officer: str
    repeat: int


@dataclass(frozen=True, slots=True)
class CallNotShown(Fact):
    """No screen of a hall has confirmed in time that it shows the call."""

    ticket: str
    counter: str
    board: str


@dataclass(frozen=True, slots=True)
class ServiceStarted(Fact):
    """The person came and is being served."""

    ticket: str
    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class ServiceFinished(Fact):
    """The visit is over. `outcome`, `done`: how it ended and which services were done, where the centre asks."""

    ticket: str
    counter: str
    officer: str
    outcome: str | None = None
    done: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketNotCome(Fact):
    """Nobody came to the call."""

    ticket: str
    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class TicketHeld(Fact):
    """The visit rests until the person comes back (a paper is missing). `note_key`: a random key to an erasable row."""

    ticket: str
    counter: str
    officer: str
    note_key: str | None = None


@dataclass(frozen=True, slots=True)
class TicketReturned(Fact):
    """Back in the line. `place`: where in it, if not where it stood before; `sent_to`: still for this counter only."""

    ticket: str
    by: str
    place: int | None = None
    sent_to: str | None = None


@dataclass(frozen=True, slots=True)
class TicketTransferred(Fact):
    """On to another service, or to one counter (`sent_to`): a leg is added, number and original time stay.

    `note_key`: a random key to an erasable row.
    """

    ticket: str
    service: str
    by: str
    sent_to: str | None = None
    note_key: str | None = None


@dataclass(frozen=True, slots=True)
class TicketReleased(Fact):
    """The counter it was sent to has closed: it waits for its service again, at its place."""

    ticket: str
    counter: str
    by: str


@dataclass(frozen=True, slots=True)
class ClassChanged(Fact):
    """The holder of the number is of another class of visitors than was said."""

    ticket: str
    class_: str
    by: str


@dataclass(frozen=True, slots=True)
class TicketCancelled(Fact):
    """The number was given back, or taken out by staff."""

    ticket: str
    by: str


@dataclass(frozen=True, slots=True)
class MoveUndone(Fact):
    """The ticket stands again as before the counter's last press: all that a move can change is said."""

    ticket: str
    counter: str
    by: str
    service: str
    state: TicketState
    since: Instant
    at_counter: str | None
    officer: str | None
    called_at: Instant | None
    started_at: Instant | None
    recalls: int
    legs: int
    class_: str | None = None
    place: int | None = None
    sent_to: str | None = None


@dataclass(frozen=True, slots=True)
class CounterOpened(Fact):
    """An officer sat down."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class CounterPaused(Fact):
    """No number is called to this counter for now. `reason`: one of the centre's; `until`: of a break."""

    counter: str
    officer: str
    reason: str | None = None
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class CounterResumed(Fact):
    """The counter calls again."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class CounterClosed(Fact):
    """The officer left."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class EmergencyRaised(Fact):
    """The officer at this counter needs somebody at once."""

    counter: str
    officer: str


@dataclass(frozen=True, slots=True)
class EmergencyAnswered(Fact):
    """Somebody goes there, or the officer has no need of it any longer."""

    counter: str
    by: str


@dataclass(frozen=True, slots=True)
class DeviceAdded(Fact):
    """A certificate was issued to a device."""

    device: str
    role: str


@dataclass(frozen=True, slots=True)
class DeviceRemoved(Fact):
    """The device may do nothing from here on."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceLost(Fact):
    """The device's last will came, or it said good-bye."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceReturned(Fact):
    """The device is there again."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceDoubled(Fact):
    """Two programs hold this device's certificate: its boot ids alternate."""

    device: str


@dataclass(frozen=True, slots=True)
class StaffPinChanged(Fact):
    """The kiosk's staff menu opens with another PIN from here on."""

    device: str
    by: str


@dataclass(frozen=True, slots=True)
class StaffCalled(Fact):
    """Somebody at the device asks for help. `screen`: where in the program."""

    device: str
    screen: str


@dataclass(frozen=True, slots=True)
class StaffCallAnswered(Fact):
    """A member of staff goes to the device."""

    device: str
    by: str


@dataclass(frozen=True, slots=True)
class DeviceOrdered(Fact):
    """The device shall do something, in the words of the wire."""

    device: str
    order: str
    order_id: str
    by: str


@dataclass(frozen=True, slots=True)
class OrderEnded(Fact):
    """The device has done it, has failed, or has not answered in time."""

    device: str
    order: str
    order_id: str
    outcome: OrderState


@dataclass(frozen=True, slots=True)
class StaffAdded(Fact):
    """A person of the staff may sign in. `staff` is a random key to an erasable row."""

    staff: str
    role: str
    by: str


@dataclass(frozen=True, slots=True)
class StaffRemoved(Fact):
    """This person may sign in no longer."""

    staff: str
    by: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(Fact):
    """This person's password was set anew, and all sessions ended."""

    staff: str
    by: str


KINDS: dict[str, type[Fact]] = {kind.__name__: kind for kind in Fact.__subclasses__()}
"""Facts by the word that stands in the journal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal, read back: its number within the whole journal, the epoch, and when it was stated."""

    number: int
    epoch: str
    at: Instant
    fact: Fact
