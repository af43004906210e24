"""Live events for open pages: said once, encoded once, put into each listener's own bounded queue.

A listener that does not read is dropped, so that it costs neither memory nor anybody else's time.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from hub.contract.refusals import Refusal, RefusalCode

PUBLIC: Final = "public"
STAFF: Final = "staff"

QUEUED_MESSAGES: Final = 256
QUEUED_BYTES: Final = 1024 * 1024
MOST_LISTENERS: Final = 800
KEPT_FOR_STAFF: Final = 200
"""Places that the public cannot take, however many phones follow their tickets."""

AT_A_TIME: Final = 64
BYTES_AT_A_TIME: Final = 256 * 1024
"""Messages handed over before the listeners get to send: a burst alone makes nobody a slow reader."""

TICK_S: Final = 2.5
QUIET_S: Final = 5.0
"""After so long without a word a stream says that it is alive: a page cannot see comments, nor a pulled cable."""

STALLED_S: Final = 10.0


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. `alive` says whether it may go on listening; `abort` cuts the connection.

    `sending_since`: when it began to send what is not through yet. `key`: whose stream it is, to be ended with it.
    """

    audiences: frozenset[str]
    alive: Callable[[], bool]
    abort: Callable[[], None]
    key: str | None = None
    quiet_s: float = QUIET_S
    queue: deque[bytes] = field(default_factory=deque)
    queued_bytes: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    dropped: bool = False
    last_sent_at: float = field(default_factory=monotonic)
    sending_since: float | None = None

    def put(self, message: bytes) -> bool:
        """Queues a message; False when the queue is full."""
        if len(self.queue) >= QUEUED_MESSAGES or self.queued_bytes + len(message) > QUEUED_BYTES:
            return False
        self.queue.append(message)
        self.queued_bytes += len(message)
        self.wake.set()
        return True

    def take(self) -> bytes:
        """All that is queued, in one piece."""
        whole = b"".join(self.queue)
        self.queue.clear()
        self.queued_bytes = 0
        self.wake.clear()
        return whole

    def end(self) -> None:
        """The stream says no more and closes; one that is stuck is cut."""
        self.ended = True
        self.wake.set()
        if self.sending_since is not None:
            self.drop()

    def drop(self) -> None:
        """Cuts the connection: what is queued is lost, the page comes back and is told everything anew."""
        self.dropped = self.ended = True
        self.queue.clear()
        self.queued_bytes = 0
        self.wake.set()
        self.abort()


@dataclass(slots=True)
class Figures:
    """What was counted since the start."""

    announced: int = 0
    dropped: int = 0


class Broadcast:
    """`announce`, `end` and `close` may be called from any thread; listeners belong to the loop they listen on.

    `pulse` makes what a quiet stream says to show that it is alive.
    """

    def __init__(self, pulse: Callable[[], bytes] = lambda: b"{}") -> None:
        self.pulse = pulse
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pending: deque[tuple[str, bytes]] = deque()
        self._listeners: set[Listener] = set()
        self._scheduled = False
        self._ticking = False
        self._closed = False
        self.figures = Figures()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def announce(self, event: str, data: bytes, audience: str = PUBLIC) -> None:
        """Says `data` (one line, JSON) to everybody of `audience`. Without a listener nothing is done."""
        with self._lock:
            self.figures.announced += 1
            if self._loop is None or self._closed or not self._listeners:
                return
            self._pending.append((audience, encoded(event, data)))
            if not self._scheduled:
                self._scheduled = _soon(self._loop, self._deliver)

    def run_soon(self, work: Callable[[], object]) -> None:
        """Runs `work` on the listeners' loop; without a listener there is nothing to do."""
        with self._lock:
            if self._loop is not None and not self._closed and self._listeners:
                _soon(self._loop, work)

    def listen(
        self,
        audiences: Iterable[str],
        *,
        alive: Callable[[], bool] = lambda: True,
        abort: Callable[[], None] = lambda: None,
        key: str | None = None,
        quiet_s: float = QUIET_S,
    ) -> Listener:
        """A new listener on the running loop. Refuses `too-many` and, while closing, `starting`."""
        listener = Listener(frozenset(audiences), alive, abort, key, quiet_s)
        with self._lock:
            if self._closed:
                raise Refusal(RefusalCode.STARTING, retry_after_s=3)
            if len(self._listeners) >= MOST_LISTENERS - (0 if STAFF in listener.audiences else KEPT_FOR_STAFF):
                raise Refusal(RefusalCode.TOO_MANY, retry_after_s=10)
            here = asyncio.get_running_loop()
            self._ticking = self._ticking and here is self._loop
            self._loop = here
            self._listeners.add(listener)
            if not self._ticking:
                self._ticking = True
                self._loop.call_later(TICK_S, self._tick)
        return listener

    def leave(self, listener: Listener) -> None:
        """The stream is over."""
        with self._lock:
            self._listeners.discard(listener)

    def audiences(self) -> set[str]:
        """Everybody who listens now, by audience."""
        return set().union(*(listener.audiences for listener in self._everybody()))

    def end(self, key: str) -> None:
        """Ends the streams of `key`: a session that was signed out."""
        self.run_soon(lambda: self._end(lambda listener: listener.key == key))

    def close(self) -> None:
        """Ends every stream; nobody can listen any longer. Twice is harmless."""
        self.run_soon(lambda: self._end(lambda _: True))
        with self._lock:
            self._closed = True

    # ------------------------------------------------------------ on the loop

    def _deliver(self) -> None:
        with self._lock:
            batch = self._next_batch()
            self._scheduled = bool(self._pending)
        for listener in self._everybody():
            if not all(listener.put(message) for audience, message in batch if audience in listener.audiences):
                self._drop(listener)
        if self._scheduled:
            asyncio.get_running_loop().call_soon(self._deliver)

    def _next_batch(self) -> list[tuple[str, bytes]]:
        batch: list[tuple[str, bytes]] = []
        size = 0
        while self._pending and len(batch) < AT_A_TIME and size < BYTES_AT_A_TIME:
            batch.append(self._pending.popleft())
            size += len(batch[-1][1])
        return batch

    def _tick(self) -> None:
        """Keeps quiet streams open, ends those whose session is over, cuts those that do not read."""
        now = monotonic()
        for listener in self._everybody():
            stuck = listener.sending_since is not None and now - listener.sending_since > STALLED_S
            if stuck:
                self._drop(listener)
            elif not listener.alive():
                listener.end()
            elif now - listener.last_sent_at > listener.quiet_s - TICK_S:
                listener.put(encoded("alive", self.pulse()))
        with self._lock:
            self._ticking = bool(self._listeners)
            if self._ticking:
                asyncio.get_running_loop().call_later(TICK_S, self._tick)

    def _drop(self, listener: Listener) -> None:
        if not listener.dropped:
            self.figures.dropped += 1
            listener.drop()
        self.leave(listener)

    def _end(self, concerned: Callable[[Listener], bool]) -> None:
        for listener in self._everybody():
            if concerned(listener):
                listener.end()

    def _everybody(self) -> list[Listener]:
        with self._lock:
            return list(self._listeners)


def _soon(loop: asyncio.AbstractEventLoop, work: Callable[[], object]) -> bool:
    """Hands work to a loop of another thread; False when that loop is gone, and all who listened on it."""
    try:
        loop.call_soon_threadsafe(work)
    except RuntimeError:
        return False
    return True


def encoded(event: str, data: bytes) -> bytes:
    """One event as the stream carries it. `data` is JSON on one line."""
    return b"event: %s\ndata: %s\n\n" % (event.encode(), data)
