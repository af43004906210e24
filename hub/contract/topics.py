"""THE table: who may say what where. The broker's access list, the hub's ears and the documents are made from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from hub.contract import messages as m
from hub.contract.names import DeviceRole

ROOT: Final = "motcua/1"
QOS: Final = 1
MAX_PAYLOAD: Final = 64 * 1024
"""Bytes. Media, bundles and screenshots go over HTTPS."""

KIOSK, BOARD, PAD = DeviceRole.KIOSK, DeviceRole.BOARD, DeviceRole.PAD
EVERY: Final = frozenset(DeviceRole)


class Sender(Enum):
    """Who may publish on a topic."""

    HUB = "hub"
    OWNER = "the device in the path"


@dataclass(frozen=True)
class Topic:
    """One row. `{device}`, `{counter}`, `{board}`, `{operation}` stand for one level each.

    `readers`: roles that may subscribe; of a topic with `{device}` each device its own only, of one with
    `{board}` the boards it is set to, of one with `{counter}` boards all, pads their own.
    """

    name: str
    pattern: str
    sender: Sender
    readers: frozenset[DeviceRole]
    retained: bool
    message: type[m.Message]
    note: str = ""


TOPICS: Final[tuple[Topic, ...]] = (
    Topic("hub", "hub", Sender.HUB, EVERY, True, m.HubPresence, "also the hub's last will, keep-alive 10 s"),
    Topic("centre", "centre", Sender.HUB, EVERY, True, m.Centre),
    Topic("services", "services", Sender.HUB, frozenset({KIOSK}), True, m.Services, "when the set-up changes"),
    Topic("waiting", "waiting", Sender.HUB, frozenset({KIOSK, BOARD}), True, m.Waiting, "at most once a second"),
    Topic("counter", "counters/{counter}", Sender.HUB, frozenset({BOARD, PAD}), True, m.Counter),
    Topic("board", "boards/{board}", Sender.HUB, frozenset({BOARD}), True, m.Board, "coalesced like `waiting`"),
    Topic("board-call", "boards/{board}/calls", Sender.HUB, frozenset({BOARD}), False, m.BoardCall, "at once"),
    Topic("shown", "devices/{device}/shown", Sender.OWNER, frozenset(), False, m.Shown),
    Topic(
        "presence",
        "devices/{device}/presence",
        Sender.OWNER,
        frozenset(),
        True,
        m.DevicePresence,
        "also the device's last will",
    ),
    Topic("health", "devices/{device}/health", Sender.OWNER, frozenset(), True, m.DeviceHealth),
    Topic("settings", "devices/{device}/settings", Sender.HUB, EVERY, True, m.DeviceSettings),
    Topic("orders", "devices/{device}/orders", Sender.HUB, EVERY, False, m.Order, "again until done or expired"),
    Topic("orders-done", "devices/{device}/orders-done", Sender.OWNER, frozenset(), False, m.OrderDone),
    Topic("request", "devices/{device}/requests/{operation}", Sender.OWNER, frozenset(), False, m.Request),
    Topic("reply", "devices/{device}/replies", Sender.HUB, EVERY, False, m.Reply),
)


@dataclass(frozen=True)
class Operation:
    """A request a device can make: what it asks and what it is answered, and which roles may ask."""

    name: str
    asks: type[m.Request]
    answers: type[m.Message]
    roles: frozenset[DeviceRole]


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("hello", m.Hello, m.HelloAnswer, EVERY),
    Operation("issue-ticket", m.IssueTicket, m.IssueTicketAnswer, frozenset({KIOSK})),
    Operation("slip-printed", m.SlipPrinted, m.Done, frozenset({KIOSK})),
    Operation("slip-failed", m.SlipFailed, m.Done, frozenset({KIOSK})),
    Operation("cancel-ticket", m.CancelTicket, m.Done, frozenset({KIOSK})),
    Operation("call-staff", m.CallStaff, m.Done, frozenset({KIOSK, PAD})),
)

OPERATION: Final = {operation.name: operation for operation in OPERATIONS}
TOPIC: Final = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True)
class DeviceIdentity:
    """A device as the access list needs it: `id` is the certificate's common name."""

    id: str
    role: DeviceRole
    boards: tuple[str, ...] = ()
    counter: str | None = None


def address(centre: str, topic: str, /, **levels: str) -> str:
    """The full topic of one row: `address("hoa-sen", "presence", device="kiosk-01")`."""
    return f"{ROOT}/{centre}/{TOPIC[topic].pattern.format(**levels)}"


def writes(centre: str, device: DeviceIdentity) -> Iterator[str]:
    """Exact topics this device may publish on; nothing else, and never its own settings."""
    for topic in TOPICS:
        if topic.sender is not Sender.OWNER:
            continue
        if topic.name != "request":
            yield address(centre, topic.name, device=device.id)
            continue
        for operation in OPERATIONS:
            if device.role in operation.roles:
                yield address(centre, "request", device=device.id, operation=operation.name)


def reads(centre: str, device: DeviceIdentity) -> Iterator[str]:
    """Topic filters this device may subscribe to."""
    for topic in TOPICS:
        if device.role not in topic.readers:
            continue
        if "{board}" in topic.pattern:
            yield from (address(centre, topic.name, board=board) for board in device.boards)
        elif "{counter}" in topic.pattern:
            counter = "+" if device.role is DeviceRole.BOARD else device.counter
            if counter is not None:
                yield address(centre, topic.name, counter=counter)
        else:
            yield address(centre, topic.name, device=device.id)


@dataclass(frozen=True)
class Announcement:
    """A message of the hub's on its way out: a row of the table, the levels of its topic, and what is said."""

    topic: str
    levels: tuple[tuple[str, str], ...]
    message: m.Message

    def address(self, centre: str) -> str:
        """The full topic."""
        return address(centre, self.topic, **dict(self.levels))

    @property
    def retained(self) -> bool:
        """As the table says."""
        return TOPIC[self.topic].retained


def announce(topic: str, message: m.Message, /, **levels: str) -> Announcement:
    """An announcement on a topic of the table: `announce("counter", message, counter="counter-3")`."""
    return Announcement(topic, tuple(levels.items()), message)
