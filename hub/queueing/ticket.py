"""A ticket, and the table of its legal moves."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.contract.names import LIVE_STATES, Day, SlipState, TicketState
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.time import Instant


@dataclass(frozen=True, slots=True)
class Ticket:
    """One number of one day. `order` is its place in the day's arrivals and never changes, nor does its number.

    `place`: where it stands in line since it came back, if not by its arrival; `sent_to`: the only counter that calls
    it, while it waits.
    """

    id: str
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
    issued_at: Instant
    state: TicketState
    since: Instant
    counter: str | None = None
    officer: str | None = None
    called_at: Instant | None = None
    started_at: Instant | None = None
    ended_at: Instant | None = None
    recalls: int = 0
    legs: int = 1
    slip: SlipState = SlipState.UNKNOWN
    copies: int = 0
    place: int | None = None
    sent_to: str | None = None

    @property
    def turn(self) -> "Turn":
        """What lines are sorted by."""
        return (self.order if self.place is None else self.place, self.order, self.id)

    @property
    def waits_since(self) -> Instant:
        """When its wait began: with the number, or when it was sent on or came back. A call does not begin it anew."""
        return self.issued_at if self.legs == 1 and self.place is None else self.since


Turn = tuple[int, int, str]
"""Place, arrival, id: who comes back at another one's place stands before those who arrived later."""

BEFORE_ALL: Final = 10_000_000
"""So many places ahead stand those who come back to the front: more than a day has arrivals."""


class Verb(StrEnum):
    """What can be done with a ticket, in the words of the wire."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no-show"
    HOLD = "hold"
    RETURN = "return"
    TRANSFER = "transfer"
    CANCEL = "cancel"
    SET_CLASS = "set-class"


_S = TicketState

MOVES: Final[dict[tuple[TicketState, Verb], TicketState]] = {
    (_S.WAITING, Verb.CALL): _S.CALLED,
    (_S.WAITING, Verb.TRANSFER): _S.WAITING,
    (_S.WAITING, Verb.CANCEL): _S.CANCELLED,
    (_S.CALLED, Verb.RECALL): _S.CALLED,
    (_S.CALLED, Verb.START): _S.SERVING,
    (_S.CALLED, Verb.NO_SHOW): _S.NO_SHOW,
    (_S.CALLED, Verb.HOLD): _S.HELD,
    (_S.CALLED, Verb.RETURN): _S.WAITING,
    (_S.CALLED, Verb.TRANSFER): _S.WAITING,
    (_S.CALLED, Verb.CANCEL): _S.CANCELLED,
    (_S.SERVING, Verb.FINISH): _S.FINISHED,
    (_S.SERVING, Verb.HOLD): _S.HELD,
    (_S.SERVING, Verb.RETURN): _S.WAITING,
    (_S.SERVING, Verb.TRANSFER): _S.WAITING,
    (_S.HELD, Verb.CALL): _S.CALLED,
    (_S.HELD, Verb.RETURN): _S.WAITING,
    (_S.HELD, Verb.TRANSFER): _S.WAITING,
    (_S.HELD, Verb.CANCEL): _S.CANCELLED,
    (_S.NO_SHOW, Verb.CALL): _S.CALLED,
    (_S.NO_SHOW, Verb.RETURN): _S.WAITING,
    (_S.NO_SHOW, Verb.CANCEL): _S.CANCELLED,
    **{(state, Verb.SET_CLASS): state for state in LIVE_STATES},
}
"""From where, by which verb, to where. What is not here is refused and changes nothing."""


def after(state: TicketState, verb: Verb) -> TicketState:
    """The state that `verb` leads to from `state`; refuses `illegal-move`."""
    try:
        return MOVES[state, verb]
    except KeyError:
        raise Refusal(RefusalCode.ILLEGAL_MOVE) from None
