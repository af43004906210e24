"""The answer that does not end: one listener's events as `text/event-stream`."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hub.web.events import Broadcast, Listener

CONNECTION: Final = "motcua.connection"
"""The server's own word in `scope["extensions"]`: how to cut the connection (`hub.web.server`)."""

HEADERS: Final = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "connection": "close",
}


class EventStream(Response):
    """Sends `first` and then whatever the listener's queue holds, until either side has had enough."""

    def __init__(self, events: Broadcast, listener: Listener, first: bytes) -> None:
        super().__init__(status_code=200, headers=HEADERS)
        del self.headers["content-length"]
        self._events = events
        self._listener = listener
        self._first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Speaks until the listener is ended or gone."""
        hearing = asyncio.create_task(self._hear(receive))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._send(send, b"retry: 2000\n\n" + self._first)
            await self._speak(send)
            if self._listener.dropped:
                await hearing
            else:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            hearing.cancel()
            self._events.leave(self._listener)

    async def _speak(self, send: Send) -> None:
        listener = self._listener
        while not listener.ended:
            await listener.wake.wait()
            message = listener.take()
            if message:
                await self._send(send, message)

    async def _send(self, send: Send, message: bytes) -> None:
        self._listener.sending_since = monotonic()
        await send({"type": "http.response.body", "body": message, "more_body": True})
        self._listener.sending_since = None
        self._listener.last_sent_at = monotonic()

    async def _hear(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._listener.ended = True
        self._listener.wake.set()


def abort_of(scope: Scope) -> Callable[[], None]:
    """How to cut this request's connection; a server that does not say leaves nothing to do."""
    abort: Callable[[], None] = scope.get("extensions", {}).get(CONNECTION, {}).get("abort", _nothing)
    return abort


def _nothing() -> None:
    return None
