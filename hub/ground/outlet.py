"""Where programs say what happens to them, even when nobody can hear it."""

from contextlib import suppress
from typing import TextIO


class Outlet:
    """A stream that may be full or gone: a line that cannot be written is lost, and nothing breaks for it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Writes `text` if it can."""
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flushes if it can."""
        with suppress(OSError, ValueError):
            self._stream.flush()
