"""Sockets on the twin: it can be reached over TCP and over a serial line, byte by byte, as a real printer is.

Pulling its cable or its power closes the connection, plugging it in again opens a new one at the same place. Each plug
has a thread of its own; leaving its `with` block ends it.
"""

import os
import pty
import select
import socket
import threading
import tty
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from hardware.printer.port import PrinterState
from hardware.printer.virtual import VirtualPrinter

PIECE: Final = 1024
RESERVE: Final = 64
"""A new connection is heard for so many bytes even when the printer is full: enough for questions and orders."""
END_LIMIT_S: Final = 5.0


class Plug(ABC):
    """A thread that carries bytes between a twin and the world, until told to end."""

    def __init__(self, printer: VirtualPrinter) -> None:
        self._printer = printer
        self._ending = False
        self._ears, self._bell = socket.socketpair()
        self._ears.setblocking(False)
        self._bell.setblocking(False)
        self._thread = threading.Thread(target=self._carry, name=type(self).__name__, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._printer.watch(self._on_change)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending = True
        self._ring()
        self._thread.join(END_LIMIT_S)
        self._bell.close()
        self._ears.close()

    def _on_change(self, _state: PrinterState) -> None:
        self._ring()

    def _ring(self) -> None:
        """Wakes the thread: something has changed."""
        with suppress(OSError):  # rung already, or ended
            self._bell.send(b"!")

    def _carry(self) -> None:
        try:
            while not self._ending:
                self._once()
        finally:
            self._hang_up()

    @abstractmethod
    def _once(self) -> None:
        """Waits for one thing to happen, and does what it asks for."""

    @abstractmethod
    def _hang_up(self) -> None:
        """Nobody can reach the printer any more."""

    def _wait(self, *others: tuple[int, int]) -> dict[int, int]:
        """Until something happens at one of these files, or the bell rings."""
        poll = select.poll()
        poll.register(self._ears, select.POLLIN)
        for file, events in others:
            poll.register(file, events)
        happened = dict(poll.poll())
        if happened.pop(self._ears.fileno(), 0):
            self._ears.recv(PIECE)
        return happened


class NetworkPlug(Plug):
    """The twin at a TCP port, one caller at a time."""

    def __init__(self, printer: VirtualPrinter, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(printer)
        self.host = host
        self.port = port
        self._listener: socket.socket | None = None
        self._caller: socket.socket | None = None
        self._reserve = 0

    def __enter__(self) -> Self:
        self._listen()
        return super().__enter__()

    def drop(self) -> None:
        """The caller is cut off; the next one is welcome. To be called from a mishap, on the plug's own thread."""
        caller, self._caller = self._caller, None
        if caller is not None:
            caller.close()

    def _listen(self) -> socket.socket:
        listener = socket.create_server((self.host, self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener
        return listener

    def _once(self) -> None:
        if not self._printer.reachable:
            self._hang_up()
            self._wait()
            return
        listener = self._listener or self._listen()
        self._answer()
        if self._caller is None:
            if self._wait((listener.fileno(), select.POLLIN)):
                self._caller, _ = listener.accept()
                self._caller.setblocking(False)
                self._reserve = RESERVE
            return
        space = self._space()
        happened = self._wait((self._caller.fileno(), select.POLLRDHUP | (select.POLLIN if space else 0)))
        for events in happened.values():
            self._hear(events, space)

    def _space(self) -> int:
        inside = self._printer.mechanism
        return 0 if inside.hung else min(PIECE, inside.room or self._reserve)

    def _hear(self, events: int, space: int) -> None:
        if self._caller is None or not events & select.POLLIN:
            self.drop()
            return
        try:
            data = self._caller.recv(space)
        except OSError:
            data = b""
        if not data:
            self.drop()
            return
        if not self._printer.mechanism.room:
            self._reserve -= len(data)
        self._printer.arrive(data)

    def _answer(self) -> None:
        said = self._printer.answers()
        if said and self._caller is not None:
            with suppress(OSError):  # who does not read is not told
                self._caller.send(said)

    def _hang_up(self) -> None:
        self.drop()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()


class SerialPlug(Plug):
    """The twin at the end of a serial line; `path` is where it appears. Without a handshake: what comes while the
    printer is full is lost."""

    def __init__(self, printer: VirtualPrinter, path: Path) -> None:
        super().__init__(printer)
        self.path = path
        self._ends: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._appear()
        return super().__enter__()

    def _appear(self) -> int:
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        new = self.path.with_name(f".{self.path.name}")
        new.symlink_to(os.ttyname(theirs))
        new.replace(self.path)
        self._ends = ours, theirs  # theirs stays open, or ours would report an error whenever nobody else has it open
        return ours

    def _once(self) -> None:
        if not self._printer.reachable:
            self._hang_up()
            self._wait()
            return
        ours = self._ends[0] if self._ends else self._appear()
        said = self._printer.answers()
        if said:
            with suppress(OSError):
                os.write(ours, said)
        listening = select.POLLIN if not self._printer.mechanism.hung else 0
        if self._wait((ours, listening)):
            self._printer.arrive(os.read(ours, PIECE))

    def _hang_up(self) -> None:
        ends, self._ends = self._ends, None
        if ends is not None:
            self.path.unlink(missing_ok=True)
            for end in ends:
                os.close(end)
