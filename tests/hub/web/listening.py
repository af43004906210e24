"""Raw listeners of the event stream, over sockets: what they read, and when they are cut off."""

import json
import socket
import threading
import time
from contextlib import suppress
from typing import Any, Self


class Ear:
    """One browser's event stream on a thread of its own. Also a context."""

    def __init__(self, port: int, path: str = "/api/v1/events", *, cookie: str = "") -> None:
        self.events: list[tuple[str, Any]] = []
        self.closed_at: float | None = None
        self.head = b""
        self._socket = connected(port, path, cookie=cookie)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def named(self, event: str) -> list[Any]:
        """What was said under this name."""
        return [data for name, data in list(self.events) if name == event]

    @property
    def closed(self) -> bool:
        """Whether the hub has ended the stream."""
        return self.closed_at is not None

    def _read(self) -> None:
        buffer = b""
        try:
            while piece := self._socket.recv(65536):
                buffer += piece
                if not self.head and b"\r\n\r\n" in buffer:
                    self.head, _, buffer = buffer.partition(b"\r\n\r\n")
                buffer = self._keep(buffer)
        except OSError:
            pass
        self.closed_at = time.monotonic()

    def _keep(self, buffer: bytes) -> bytes:
        """Takes whole events out; the sizes of HTTP's chunks stand between them and are skipped."""
        *whole, rest = buffer.split(b"\n\n")
        for block in whole:
            lines = block.replace(b"\r\n", b"\n").split(b"\n")
            name = next((line[7:].decode() for line in lines if line.startswith(b"event: ")), None)
            data = next((line[6:] for line in lines if line.startswith(b"data: ")), None)
            if name is not None and data is not None:
                self.events.append((name, json.loads(data)))
        return rest


def connected(port: int, path: str, *, cookie: str = "", receive_buffer: int | None = None) -> socket.socket:
    """A socket that has asked for `path` and has read nothing yet."""
    one = socket.socket()
    if receive_buffer is not None:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    one.settimeout(30)
    one.connect(("127.0.0.1", port))
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n"
    one.sendall(f"{head}{f'Cookie: {cookie}' + chr(13) + chr(10) if cookie else ''}\r\n".encode())
    return one
