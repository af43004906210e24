"""Files that are whole or not there: written beside, flushed, renamed into place."""

import os
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes, *, mode: int) -> None:
    """Put `content` at `path` in one step that survives a power cut: readers see the old file or the new one.

    The file never has wider permissions than `mode`, not even for a moment.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    flush_directory(path.parent)


def flush_directory(directory: Path) -> None:
    """Make the names in `directory` survive a power cut."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_halves(directory: Path) -> None:
    """Remove what a killed program has left half-written in a directory that holds nothing but such files."""
    for half in directory.glob(".*.json.*"):
        half.unlink(missing_ok=True)
