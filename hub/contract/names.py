"""The words of the house: ids, states and roles, one word per thing."""

from enum import StrEnum
from typing import Annotated, NewType

from pydantic import StringConstraints

ID_PATTERN = r"^[a-z0-9-]{1,32}$"
"""Ids of centres, devices, counters, boards, services and classes (wire: they stand in topics and addresses)."""

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
NUMBER_PATTERN = r"^[A-Z]{1,2}[0-9]{3,5}$"
TicketNumber = Annotated[str, StringConstraints(pattern=NUMBER_PATTERN)]
"""What stands on the slip: the service's prefix and a sequence of at least three digits, `A001`."""

Text = dict[str, str]
"""A text for people, by language: `{"vi": "Hộ tịch", "en": "Civil status"}`."""

Day = NewType("Day", str)
"""A calendar day of the centre, `2026-11-23`; its order is the order of the days."""


class TicketState(StrEnum):
    """Where a ticket stands. The legal moves are in `hub.queueing.moves`."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no-show"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    ENDED = "ended"
    """The day was over before the ticket was."""


LIVE_STATES = frozenset(
    {TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD, TicketState.NO_SHOW}
)
"""States from which a ticket can still be served today."""


class SlipState(StrEnum):
    """What is known of the paper: unknown until the device has said."""

    UNKNOWN = "unknown"
    PRINTED = "printed"
    FAILED = "failed"
    NONE = "none"
    """Issued without paper, as at the desk."""


class CounterState(StrEnum):
    """What a counter is doing, as the hall sees it."""

    CLOSED = "closed"
    OPEN = "open"
    CALLED = "called"
    SERVING = "serving"
    PAUSED = "paused"


class DeviceRole(StrEnum):
    """What a device is for; its rights on the broker follow from it (`hub.contract.topics`)."""

    KIOSK = "kiosk"
    BOARD = "board"
    PAD = "pad"


class OrderState(StrEnum):
    """What became of an order to a device."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class StaffRole(StrEnum):
    """What a person of the staff is for; the permissions follow from it (`hub.web.access`)."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    """An officer who may also call a number out of turn."""
    DESK = "desk"
    LEADER = "leader"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
