"""Processes, told apart for certain: a process number alone may have passed to somebody else's program."""

import os
import select
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

PROC: Final = Path("/proc")
LISTENING: Final = "0A"
"""How Linux writes that state in its tables of connections."""


@dataclass(frozen=True)
class RunningProcess:
    """A process by its number and the clock ticks after boot at which it started: no two processes share both."""

    pid: int
    started: int

    @classmethod
    def at(cls, pid: int) -> Self | None:
        """The process that has this number now, unless it has ended (and only waits to be collected)."""
        try:
            status = (PROC / str(pid) / "stat").read_text()
        except OSError:
            return None
        state, *rest = status.rpartition(")")[2].split()
        return None if state in "ZX" else cls(pid, started=int(rest[18]))

    def is_alive(self) -> bool:
        """Whether it is still there."""
        return type(self).at(self.pid) == self

    def arguments(self) -> list[str]:
        """Its command line; empty when it is gone."""
        try:
            return (PROC / str(self.pid) / "cmdline").read_text(errors="replace").split("\0")[:-1]
        except OSError:
            return []

    def send(self, number: signal.Signals) -> None:
        """Send a signal to this process and never to one that got its number later. Nothing happens when it is gone."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return
        try:
            if self.is_alive():
                signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            return
        finally:
            os.close(handle)

    def wait(self, limit_s: float) -> bool:
        """Wait until it has ended, not longer than `limit_s`; says whether it has."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            if not self.is_alive():
                return True
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            return bool(poll.poll(limit_s * 1000))
        finally:
            os.close(handle)


def holder_of(port: int) -> str | None:
    """Who listens on this TCP port, as `name (process 123)`. `None` when nobody does or the system does not tell us."""
    sockets = {f"socket:[{inode}]" for inode in _listening_sockets(port)}
    for process in PROC.glob("[0-9]*"):
        try:
            if any(str(entry.readlink()) in sockets for entry in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue  # another user's, or gone while we looked
    return None


def _listening_sockets(port: int) -> Iterator[str]:
    for table in (PROC / "net" / "tcp", PROC / "net" / "tcp6"):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            _, local, _, state, _, _, _, _, _, inode, *_ = line.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                yield inode
