"""One hub per data directory: a file lock held as long as the program lives."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.errors import Fault


class LockFault(Fault):
    """Another hub holds the data directory."""


class DataLock:
    """Taken on creation, given back by `release()` or the program's end, however hard."""

    def __init__(self, directory: Path) -> None:
        path = directory / "hub.lock"
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            directory.chmod(0o700)  # password hashes and keys are kept here: nobody else's business
            self._file = path.open("a+", encoding="ascii")
        except OSError as error:
            raise LockFault(f"{directory}: cannot be used as the data directory: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise LockFault(
                f"{directory}: another hub (process {holder}) is using this data directory; stop it first"
            ) from None
        with suppress(OSError):  # the number is for people; the lock holds on a full disk too
            os.ftruncate(self._file.fileno(), 0)
            os.write(self._file.fileno(), str(os.getpid()).encode())

    def release(self) -> None:
        """Gives the directory back; twice is harmless."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
