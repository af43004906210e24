"""A picture of what the browser shows, asked of itself over a pipe: no port is opened for it.

While the pipe is open the browser runs; when this program is killed, the pipe ends, and the browser with it.
"""

import base64
import os
import select
import threading
import time
from typing import Any, Final

import orjson

from display_board.errors import NoPicture

LIMIT_S: Final = 10.0
PIECE: Final = 1 << 16
MOST: Final = 64 * 1024 * 1024

LAUNCH: Final = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
"""Run by Python itself: the browser reads its orders from 3 and answers on 4, whatever numbers the pipes have here."""


class DevTools:
    """This side of the pipe. Thread-safe; `close` twice is harmless."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._serial = 0
        self._unread = b""
        self._theirs_in, self._orders = os.pipe()
        self._answers, self._theirs_out = os.pipe()

    @property
    def theirs(self) -> tuple[int, int]:
        """What the browser inherits: where it reads, and where it writes."""
        return self._theirs_in, self._theirs_out

    def started(self) -> None:
        """The browser has its ends now."""
        os.close(self._theirs_in)
        os.close(self._theirs_out)

    def close(self) -> None:
        """The browser is asked nothing any more, and ends."""
        with self._lock:
            ends, self._orders, self._answers = (self._orders, self._answers), -1, -1
            for one in ends:
                if one >= 0:
                    os.close(one)

    def picture(self) -> bytes:
        """The page as PNG. Raises `NoPicture`."""
        with self._lock:
            try:
                end_s = time.monotonic() + LIMIT_S
                targets = self._ask("Target.getTargets", {}, end_s)["targetInfos"]
                page = next(one["targetId"] for one in targets if one["type"] == "page")
                session = self._ask("Target.attachToTarget", {"targetId": page, "flatten": True}, end_s)["sessionId"]
                shot = self._ask("Page.captureScreenshot", {"format": "png"}, end_s, session)
                self._ask("Target.detachFromTarget", {"sessionId": session}, end_s)
                return base64.b64decode(shot["data"])
            except (OSError, ValueError, KeyError, StopIteration) as problem:
                raise NoPicture(f"the browser shows no picture: {problem!r}") from problem

    def _ask(self, method: str, told: dict[str, Any], end_s: float, session: str | None = None) -> dict[str, Any]:
        self._serial += 1
        order = {"id": self._serial, "method": method, "params": told}
        os.write(self._orders, orjson.dumps(order if session is None else {**order, "sessionId": session}) + b"\0")
        while True:
            answer = orjson.loads(self._next(end_s))
            if answer.get("id") == self._serial:
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, end_s: float) -> bytes:
        """The next message; events of the browser's own are among them."""
        while b"\0" not in self._unread:
            readable, _, _ = select.select([self._answers], [], [], max(0.0, end_s - time.monotonic()))
            piece = os.read(self._answers, PIECE) if readable else b""
            if not piece or len(self._unread) > MOST:
                raise OSError("it does not answer")
            self._unread += piece
        message, _, self._unread = self._unread.partition(b"\0")
        return message
