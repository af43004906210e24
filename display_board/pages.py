"""The open pages of a board, each with a stream of its own. A page that does not read is let go."""

import queue
import threading
from typing import Any, Final

import orjson

from display_board.telling import Event

MOST_WAITING: Final = 256


def encoded(event: Event) -> bytes:
    """An event as it stands in a stream."""
    name, told = event
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(told))


class Page:
    """One of them, as its server sees it."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[bytes] = queue.Queue(MOST_WAITING)
        self._ended = threading.Event()

    @property
    def ended(self) -> bool:
        """Whether its stream shall end."""
        return self._ended.is_set()

    def put(self, message: bytes) -> None:
        """To be sent to it."""
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            self.end()

    def take(self, limit_s: float) -> bytes:
        """All that waits to be sent; nothing when nothing came in time."""
        try:
            taken = [self._waiting.get(timeout=limit_s)]
        except queue.Empty:
            return b""
        while not self._waiting.empty():
            taken.append(self._waiting.get_nowait())
        return b"".join(taken)

    def end(self) -> None:
        """Its stream ends; it comes back and is told everything anew."""
        self._ended.set()
        self.put_quietly(b"")

    def put_quietly(self, message: bytes) -> None:
        """Wakes whoever takes, if there is room for that."""
        try:
            self._waiting.put_nowait(message)
        except queue.Full:
            return


class Pages:
    """All of them. The one that came last is the one that speaks: it is what somebody has just opened, or what has come
    in the place of a browser that hung. Thread-safe.
    """

    def __init__(self) -> None:
        self._pages: list[Page] = []
        self._lock = threading.Lock()

    def add(self, page: Page) -> None:
        """It has come."""
        with self._lock:
            self._pages.append(page)

    def remove(self, page: Page) -> bool:
        """It has gone; whether it was the one that speaks."""
        with self._lock:
            speaks = bool(self._pages) and self._pages[-1] is page
            self._pages = [one for one in self._pages if one is not page]
            return speaks

    @property
    def any(self) -> bool:
        """Whether there is one."""
        with self._lock:
            return bool(self._pages)

    def tell(self, event: Event) -> None:
        """To all."""
        message = encoded(event)
        with self._lock:
            pages = list(self._pages)
        for page in pages:
            page.put(message)

    def tell_speaker(self, event: Event) -> None:
        """To the one that speaks."""
        with self._lock:
            last = self._pages[-1] if self._pages else None
        if last is not None:
            last.put(encoded(event))

    def close(self) -> None:
        """Ends all streams."""
        with self._lock:
            pages = list(self._pages)
        for page in pages:
            page.end()


def as_text(told: dict[str, Any]) -> str:
    """What a page is told first, within the page itself."""
    return orjson.dumps(told).decode()
