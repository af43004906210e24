"""Room on the disk: a low-water mark that stops issuing early, and ballast to be thrown off when it is too late."""

import os
import shutil
from pathlib import Path
from typing import Final

MEGABYTE: Final = 1024 * 1024


class Ballast:
    """A file of zeros beside the database. Thrown off when the disk is full, so that calling goes on."""

    def __init__(self, directory: Path, megabytes: int) -> None:
        self._path = directory / "ballast"
        self._directory = directory
        self._size = megabytes * MEGABYTE

    def load(self, low_water_mb: int) -> None:
        """Takes the ballast on when there is room for it twice over and for the low-water mark."""
        if self._loaded or free_megabytes(self._directory) * MEGABYTE < 2 * self._size + low_water_mb * MEGABYTE:
            return
        with self._path.open("wb") as file:
            if self._size:
                os.posix_fallocate(file.fileno(), 0, self._size)

    @property
    def _loaded(self) -> bool:
        """Whole: a program that was killed while loading leaves less, an older setting another size."""
        return self._path.exists() and self._path.stat().st_size == self._size

    def throw_off(self) -> bool:
        """Frees the room; False when it was thrown off before."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True


def free_megabytes(directory: Path) -> int:
    """What an ordinary program may still write there, in megabytes."""
    return shutil.disk_usage(directory).free // MEGABYTE
