"""What open pages are told: the hub's announcements as they come, and the documents that follow from them.

Calls, counters, waiting figures and boards go out as on the wire. The staff's queue and the followed tickets are
made anew when something changed, once for everybody, and no more often than a person can see.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

import orjson
import structlog

from hub.actions.asking import Door
from hub.actions.reading import Reading
from hub.contract.time import Instant, to_rfc3339
from hub.contract.topics import Announcement
from hub.errors import Fault
from hub.queueing import facts as f
from hub.web import sights
from hub.web.asking import look
from hub.web.events import STAFF, Broadcast
from hub.web.names import StaffNames
from hub.web.problems import Stop

EVENT_OF: Final = {
    "board-call": "call",
    "counter": "counter",
    "waiting": "waiting",
    "board": "board",
    "centre": "reload",
    "services": "reload",
}
"""Events by the topic of the wire they come from."""

UNANNOUNCED: Final = (
    f.StaffCalled,
    f.StaffCallAnswered,
    f.EmergencyRaised,
    f.EmergencyAnswered,
    f.ClassChanged,
    f.CounterPaused,
    f.TicketTransferred,
)
"""Facts that change what staff see, and perhaps nothing on the wire."""

QUEUE_EVERY_S: Final = 0.25
TICKETS_EVERY_S: Final = 2.0
TICKET: Final = "ticket:"
"""Before a ticket's id: the audience of those who follow it."""

Make = Callable[[], Awaitable[None]]

log = structlog.get_logger("hub.web.live")


@dataclass(slots=True)
class _Chore:
    """Something to be made anew: whether it is due, and the task that is at it."""

    every_s: float
    due: bool = False
    task: "asyncio.Task[None] | None" = None


class LivePages:
    """`tell` and `on_entries` may be called from any thread; everything else happens on the pages' loop."""

    def __init__(
        self,
        events: Broadcast,
        door: Door,
        reading: Reading,
        *,
        clock: Callable[[], Instant],
        zone: tzinfo,
        undo_ms: int,
        halls: Callable[[], sights.Halls],
    ) -> None:
        self.events = events
        self.names = StaffNames(reading)
        self._door = door
        self._reading = reading
        self._clock = clock
        self._zone = zone
        self._undo_ms = undo_ms
        self._halls = halls
        self._queue = _Chore(QUEUE_EVERY_S)
        self._tickets = _Chore(TICKETS_EVERY_S)
        self._told: dict[str, bytes] = {}
        events.pulse = self._pulse

    def tell(self, announcement: Announcement) -> None:
        """One of the hub's announcements, on its way to pages."""
        event = EVENT_OF.get(announcement.topic)
        if event is None or not self.events.listeners:
            return
        if event == "reload":
            self.events.announce(event, b"{}")
        else:
            text = announcement.message.model_dump_json(by_alias=True).encode()
            levels = orjson.dumps(dict(announcement.levels))
            self.events.announce(event, text if levels == b"{}" else levels[:-1] + b"," + text[1:])
        self.events.run_soon(self.note_change)

    def on_entries(self, entries: Sequence[f.Entry]) -> None:
        """A follower's hand-over, for what no announcement tells of: who calls for staff must not wait."""
        if any(isinstance(entry.fact, UNANNOUNCED) for entry in entries):
            self.events.run_soon(self.note_change)

    def on_shown(self) -> None:
        """A hall has seen a call, or has not. From any thread."""
        self.events.run_soon(self.note_change)

    def note_change(self) -> None:
        """The line has changed: the documents are made anew. On the pages' loop."""
        self._do(self._queue, self._tell_queue)
        self._do(self._tickets, self._tell_tickets)

    def moment(self) -> sights.Moment:
        """Now, on the centre's clock."""
        return sights.Moment(self._clock(), self._zone, self._undo_ms)

    async def queue(self) -> bytes:
        """The queue as staff see it now, as JSON."""
        sight = await look(self._door, sights.still)
        names = await self.names.of(sights.officers_in(sight))
        return sights.queue(sight, names, self._halls(), self.moment()).model_dump_json(by_alias=True).encode()

    async def close(self) -> None:
        """Ends what is being made."""
        for chore in (self._queue, self._tickets):
            if chore.task is not None:
                chore.task.cancel()
                await asyncio.gather(chore.task, return_exceptions=True)

    def _pulse(self) -> bytes:
        return orjson.dumps({"at": to_rfc3339(self._clock(), self._zone)})

    def _do(self, chore: _Chore, make: Make) -> None:
        chore.due = True
        if chore.task is None or chore.task.done():
            chore.task = asyncio.get_running_loop().create_task(self._repeat(chore, make))

    async def _repeat(self, chore: _Chore, make: Make) -> None:
        while chore.due:
            chore.due = False
            try:
                await make()
            except (Fault, Stop) as error:
                log.warning("pages-not-told", error=str(error))
            await asyncio.sleep(chore.every_s)

    async def _tell_queue(self) -> None:
        if STAFF in self.events.audiences():
            self.events.announce("queue", await self.queue(), STAFF)

    async def _tell_tickets(self) -> None:
        ids = {one.removeprefix(TICKET) for one in self.events.audiences() if one.startswith(TICKET)}
        self._told = {ticket: said for ticket, said in self._told.items() if ticket in ids}
        if not ids:
            return
        sight = await look(self._door, sights.still)
        for ticket in ids:
            found = sight.line.tickets.get(ticket) or await asyncio.to_thread(self._reading.find_ticket, ticket)
            if found is None:
                continue
            said = sights.followed(sight, found, self.moment())
            text = said.model_dump_json(by_alias=True)
            same = said.model_copy(update={"at": said.issued_at}).model_dump_json(by_alias=True).encode()
            if self._told.get(ticket) != same:
                self._told[ticket] = same
                self.events.announce("ticket", text.encode(), TICKET + ticket)
