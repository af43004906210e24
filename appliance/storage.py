"""The kiosk's own directory: what outlives the program, and that only one program has it."""

import fcntl
from pathlib import Path
from typing import IO, Self

from appliance.errors import ApplianceFault


class Storage:
    """Opened by one program at a time; a program that is killed lets go of it. `close()` twice is harmless."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: IO[bytes] | None = None

    @property
    def directory(self) -> Path:
        """Where everything is."""
        return self._directory

    @property
    def requests(self) -> Path:
        """Requests under way."""
        return self._directory / "requests"

    @property
    def spool(self) -> Path:
        """What the hub must hear."""
        return self._directory / "spool"

    @property
    def settings(self) -> Path:
        """The last good settings of the hub."""
        return self._directory / "settings.json"

    @property
    def orders(self) -> Path:
        """Orders that are done."""
        return self._directory / "orders.json"

    @property
    def volume(self) -> Path:
        """How loud the kiosk was made."""
        return self._directory / "volume"

    def open(self) -> Self:
        """Takes it. Raises `ApplianceFault` when it cannot be had."""
        place = self._directory
        try:
            place.mkdir(parents=True, exist_ok=True)
            self._lock = (place / "lock").open("ab")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            self.close()
            raise ApplianceFault(f"{place} is in use by another kiosk program; end that one first") from problem
        except OSError as problem:
            words = f"{place} cannot be used ({problem.strerror}); set storage.directory to one that can be written"
            raise ApplianceFault(words) from problem
        return self

    def close(self) -> None:
        """Lets go."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()
