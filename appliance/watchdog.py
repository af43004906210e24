"""Tells the supervisor that the screen is alive. Only the screen's own thread says so, when it has drawn."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Supervision:
    """How the program is supervised: where systemd listens, and how often it must hear something. Empty: not at all."""

    socket: str = ""
    every_s: float | None = None


UNSUPERVISED: Final = Supervision()


class Watchdog:
    """Says `ready` at the first beat, then that all is well, twice as often as asked for. Never waits."""

    def __init__(self, supervision: Supervision, *, now: Callable[[], float] = time.monotonic) -> None:
        self._every_s = supervision.every_s
        self._now = now
        self._last_s: float | None = None
        self._address = "\0" + supervision.socket[1:] if supervision.socket[:1] == "@" else supervision.socket
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)

    def beat(self) -> None:
        """The screen has drawn, on its own thread."""
        now_s = self._now()
        if self._last_s is None:
            self._say("READY=1")
        elif self._every_s is None or now_s - self._last_s < self._every_s / 2:
            return
        self._last_s = now_s
        if self._every_s is not None:
            self._say("WATCHDOG=1")

    def ending(self) -> None:
        """The program ends of its own will. Harmless twice."""
        self._say("STOPPING=1")
        self._socket.close()

    def _say(self, word: str) -> None:
        if self._address:
            with suppress(OSError):  # nobody listens, or nobody reads: the screen goes on
                self._socket.sendto(word.encode(), self._address)
