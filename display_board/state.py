"""What is known of the hall, and what hangs on the wall because of it. Pure: time is an argument.

`Hall` is all that was heard: retained topics, and calls as they happened. `wall` makes of it what a page draws. The
page turns pages and fits words; what there is to see is decided here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Final, Literal

from display_board.announcing import Called, Mark, Verdict
from hub.contract import messages as m
from hub.contract.names import CounterState, Text
from hub.contract.time import Instant, from_datetime, to_rfc3339

LOST_MS: Final = 15_000
"""So long without hub or broker, and the wall says how old it is."""

YOUNG_MS: Final = 30_000
"""A call found at the start, or after a loss, is news for so long."""

CLOCKS_DIFFER_MS: Final = 5_000
ROWS: Final = 9
"""The newest, large, and the eight before it."""

KEPT: Final = 32
VIETNAM_S: Final = 7 * 3600

Layout = Literal["hall", "zone", "counter"]


@dataclass(frozen=True, slots=True)
class Look:
    """What a board is for. `counters` empty: all of the hall; several: a zone; one: the plate over a desk."""

    counters: tuple[str, ...] = ()
    spotlight_ms: int = 18_000

    @property
    def layout(self) -> Layout:
        """Which picture it is."""
        return "hall" if not self.counters else "zone" if len(self.counters) > 1 else "counter"

    def has(self, counter: str) -> bool:
        """Whether calls to this counter are shown here."""
        return not self.counters or counter in self.counters


# ---------------------------------------------------------------- what was heard


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call, and how it came to be known: `found` in the list, or heard as it happened, or `kept` over a restart.

    `heard_at` by the hub's clock; `turn`: how many calls had been heard before it.
    """

    called: Called
    heard_at: Instant
    found: bool
    turn: int = 0
    kept: bool = False

    def is_news(self) -> bool:
        """Whether somebody may still not have seen it: a call found late is no news, nor is one of a wrong clock."""
        return not (self.found or self.kept) or -CLOCKS_DIFFER_MS <= self.heard_at - self.called.at <= YOUNG_MS


@dataclass(frozen=True, slots=True)
class CounterNews:
    """The last word of a counter. `calls`: how many had been heard before it; `losses`: how often the hub had been
    lost."""

    counter: m.Counter
    calls: int
    losses: int


@dataclass(frozen=True, slots=True)
class Hall:
    """All that was heard. `heard_at`: when hub and broker were last known to be there; `lost`: they are not now."""

    centre: m.Centre | None = None
    board: m.Board | None = None
    waiting: m.Waiting | None = None
    counters: Mapping[str, CounterNews] = field(default_factory=dict)
    known: tuple[KnownCall, ...] = ()
    """Newest first."""
    calls: int = 0
    heard_at: Instant | None = None
    lost: bool = True
    losses: int = 0
    offset_s: int = VIETNAM_S


def hear(hall: Hall, name: str, message: m.Message | None, now: Instant) -> Hall:
    """The hall after one message; `name` tells counters apart. What is no message of ours changes nothing."""
    match message:
        case m.Centre():
            return replace(hall, centre=message)
        case m.Waiting():
            return replace(hall, waiting=message, offset_s=_offset_s(message.at, hall.offset_s))
        case m.Board():
            return _hear_board(hall, message, now)
        case m.BoardCall():
            return _hear_call(hall, message, now)
        case m.Counter():
            news = CounterNews(message, hall.calls, hall.losses)
            return replace(hall, counters={**hall.counters, name: news})
        case _:
            return hall


def touch(hall: Hall, *, there: bool, now: Instant) -> Hall:
    """Hub and broker are there, or are not."""
    newly_lost = not there and not hall.lost
    heard_at = now if there or newly_lost else hall.heard_at
    return replace(hall, lost=not there, heard_at=heard_at, losses=hall.losses + newly_lost)


def verdict(hall: Hall, known: KnownCall) -> Verdict:
    """Whether a call may still be said. One that was heard may be until its counter says otherwise; one that was found
    waits for the counter's word."""
    news = hall.counters.get(known.called.counter)
    is_later = news is not None and (news.losses == hall.losses if known.found else news.calls > known.turn)
    if news is None or not is_later:
        return Verdict.NOT_YET if known.found else Verdict.READY
    ticket = news.counter.ticket
    waits = ticket is not None and ticket.number == known.called.number
    return Verdict.READY if waits and news.counter.state is CounterState.CALLED else Verdict.OVER


def calls(hall: Hall, look: Look) -> list[KnownCall]:
    """The calls on the wall, newest first, each number once."""
    board, known = hall.board, hall.known
    epoch, upto = (board.epoch, board.sequence) if board is not None else ("", -1)
    newer = [one for one in known if not one.found and not _is_within(one.called.mark, epoch, upto)]
    listed = {one.called.key: one for one in known}
    rest = [listed[key] for call in (board.calls if board else ()) if (key := _key(call)) in listed]
    seen: set[str] = set()
    found = []
    for one in (*newer, *rest):
        if one.called.number not in seen and look.has(one.called.counter):
            seen.add(one.called.number)
            found.append(one)
    return found[:ROWS]


def _hear_board(hall: Hall, board: m.Board, now: Instant) -> Hall:
    """Calls of another epoch are those of a database that is no more; this one lists what stands."""
    listed = {_key(call) for call in board.calls}
    known = tuple(
        replace(one, heard_at=now, found=True, kept=False) if one.kept and one.called.key in listed else one
        for one in hall.known
        if one.called.mark.epoch == board.epoch
    )
    keys = {one.called.key for one in known}
    found = tuple(KnownCall(_found(call, board), now, found=True) for call in board.calls if _key(call) not in keys)
    offset_s = _offset_s(board.calls[0].called_at, hall.offset_s) if board.calls else hall.offset_s
    return replace(hall, board=board, known=_newest((*known, *found)), offset_s=offset_s)


def _hear_call(hall: Hall, call: m.BoardCall, now: Instant) -> Hall:
    """A message that comes twice is heard once."""
    mark, at = Mark(call.epoch, call.sequence), from_datetime(call.at)
    if any(one.called.mark == mark and not one.found for one in hall.known):
        return hall
    called = Called(mark, call.number, call.counter, call.label, at)
    heard = KnownCall(called, now, found=False, turn=hall.calls)
    others = tuple(one for one in hall.known if one.called.key != called.key)
    offset_s = _offset_s(call.at, hall.offset_s)
    return replace(hall, known=_newest((heard, *others)), calls=hall.calls + 1, offset_s=offset_s)


def _found(call: m.Call, board: m.Board) -> Called:
    """A call in the list has no mark of its own: the list's stands for it."""
    mark = Mark(board.epoch, board.sequence)
    return Called(mark, call.number, call.counter, call.label, from_datetime(call.called_at))


def _key(call: m.Call) -> str:
    """That of the same call heard as it happened."""
    return f"{call.number} {from_datetime(call.called_at)}"


def _newest(known: tuple[KnownCall, ...]) -> tuple[KnownCall, ...]:
    return tuple(sorted(known, key=lambda one: (one.called.at, one.called.mark.sequence), reverse=True)[:KEPT])


def _is_within(mark: Mark, epoch: str, upto: int) -> bool:
    return mark.epoch == epoch and mark.sequence <= upto


def _offset_s(at: datetime, before: int) -> int:
    """The centre's zone stands in what its hub says."""
    offset = at.utcoffset()
    return before if offset is None else round(offset.total_seconds())


# ---------------------------------------------------------------- what hangs on the wall


@dataclass(frozen=True, slots=True)
class WallCall:
    """A number and where to go. `fresh`: it was called a moment ago. `key`: another one for every call."""

    key: str
    number: str
    counter: str
    label: Text
    fresh: bool


@dataclass(frozen=True, slots=True)
class WallDesk:
    """A counter of a zone, or the only one. `number`: whom it calls or serves."""

    counter: str
    label: Text
    state: str
    number: str | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class WallService:
    """Who waits for a service. `low` and `high`: minutes, where there is a forecast."""

    service: str
    prefix: str
    name: Text
    waiting: int
    low: int | None
    high: int | None
    open: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """When the centre is open: times with their offset."""

    open: bool
    opens_at: str | None
    closes_at: str | None


@dataclass(frozen=True, slots=True)
class Wall:
    """All that is to be seen. `lost`: it is as old as `updated_at`. The first call is the newest one, shown large."""

    layout: Layout
    name: Text
    lost: bool
    updated_at: str | None
    calls: tuple[WallCall, ...]
    desks: tuple[WallDesk, ...]
    services: tuple[WallService, ...]
    hours: Hours | None
    sentences: tuple[Text, ...]


def wall(hall: Hall, look: Look, now: Instant) -> Wall:
    """What hangs there at `now`, by the hub's clock. What is of another day does not."""
    lost = is_lost(hall, now)
    stale = lost and (hall.heard_at is None or _day(hall.heard_at, hall) != _day(now, hall))
    shown = [] if stale else calls(hall, look)
    fresh = {one.called.number: one for one in shown if not lost and is_fresh(one, look, now)}
    return Wall(
        layout=look.layout,
        name=hall.centre.name if hall.centre else {},
        lost=lost,
        updated_at=_written(hall.heard_at, hall) if lost else None,
        calls=tuple(_wall_call(one, fresh=one.called.number in fresh) for one in shown),
        desks=() if stale else tuple(_desks(hall, look, fresh)),
        services=() if stale else tuple(_services(hall, lost=lost)),
        hours=_hours(hall),
        sentences=tuple(_sentences(hall)),
    )


def is_lost(hall: Hall, now: Instant) -> bool:
    """Whether nothing was heard for so long that it has to be said."""
    return hall.lost and (hall.heard_at is None or not 0 <= now - hall.heard_at < LOST_MS)


def is_fresh(known: KnownCall, look: Look, now: Instant) -> bool:
    """Whether a call takes the eye."""
    return fresh_until(known, look) > now


def fresh_until(known: KnownCall, look: Look) -> Instant:
    """When a call is one among others. One that was found has begun when it was called."""
    begun = known.called.at if known.found or known.kept else known.heard_at
    return Instant(begun + look.spotlight_ms)


def next_change(hall: Hall, look: Look, now: Instant) -> Instant | None:
    """When the wall will look different by time alone."""
    times = [fresh_until(one, look) for one in calls(hall, look)]
    if hall.lost and hall.heard_at is not None:
        times.append(Instant(hall.heard_at + LOST_MS))
    return min((at for at in times if at > now), default=None)


def written(at: Instant, hall: Hall) -> str:
    """A moment on the centre's clock, RFC 3339."""
    return to_rfc3339(at, timezone(timedelta(seconds=hall.offset_s)))


def _written(at: Instant | None, hall: Hall) -> str | None:
    return None if at is None else written(at, hall)


def _day(at: Instant, hall: Hall) -> str:
    return written(at, hall)[:10]


def _wall_call(known: KnownCall, *, fresh: bool) -> WallCall:
    called = known.called
    return WallCall(called.key, called.number, called.counter, called.label, fresh)


def _desks(hall: Hall, look: Look, fresh: Mapping[str, KnownCall]) -> Iterator[WallDesk]:
    """Of a zone: in the order of their numbers. A call is there before its counter has said so."""
    chosen = [(name, hall.counters[name].counter) for name in look.counters if name in hall.counters]
    for name, counter in sorted(chosen, key=lambda one: one[1].number):
        own = next((one for one in fresh.values() if one.called.counter == name), None)
        number = counter.ticket.number if counter.ticket else None
        state = counter.state.value
        if own is not None and verdict(hall, own) is not Verdict.OVER:
            number, state = own.called.number, CounterState.CALLED.value
        yield WallDesk(name, counter.label, state, number, own is not None and own.called.number == number)


def _services(hall: Hall, *, lost: bool) -> Iterator[WallService]:
    now = hall.waiting.services if hall.waiting else {}
    for line in hall.board.waiting if hall.board else ():
        told = now.get(line.service)
        band = None if lost else told.wait if told else line.wait
        low, high = (None, None) if band is None else (_minutes(band.low_s), _minutes(band.high_s))
        waiting = told.waiting if told else line.waiting
        yield WallService(line.service, line.prefix, line.name, waiting, low, high, told is None or told.open)


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60))


def _hours(hall: Hall) -> Hours | None:
    centre = hall.centre
    if centre is None:
        return None
    opens, closes = (at.isoformat() if at else None for at in (centre.opens_at, centre.closes_at))
    return Hours(centre.open, opens, closes)


def _sentences(hall: Hall) -> Iterator[Text]:
    """The notice, sentence by sentence: in every language as many as it has."""
    notice = (hall.board.notice if hall.board else None) or (hall.centre.notice if hall.centre else None) or {}
    parts = {language: sentences(text) for language, text in notice.items()}
    for at in range(max(map(len, parts.values()), default=0)):
        yield {language: own[at] for language, own in parts.items() if at < len(own)}


def sentences(text: str) -> list[str]:
    """Whole sentences; a full stop within a number or an address ends none."""
    return [one.strip() for one in re.split(r"(?<=[.!?…])\s+|\n+", text.strip()) if one.strip()]
