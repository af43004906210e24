"""What a kiosk must remember over a power cut: the request under way, on disk before the hub is asked."""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

FILE: Final = "pending.json"
FRESH_S: Final = 120.0
"""So long after a cut the same person may still stand there: the same number is printed again."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request not yet over. `at_s`: wall clock seconds; `printing`: paper may have moved."""

    request_id: str
    service: str
    class_: str
    language: str
    at_s: float
    printing: bool = False
    withdrawn: bool = False
    """The person was told that there is no number."""


class PendingFile:
    """One request at a time, whole on disk or not there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / FILE
        directory.mkdir(parents=True, exist_ok=True)

    def read(self) -> Pending | None:
        """What was under way when the program ended; a file that cannot be read counts as none."""
        try:
            return Pending(**json.loads(self._file.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, pending: Pending) -> None:
        """On disk when this returns."""
        beside = self._file.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(pending), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)
        self._flush()

    def note(self, request_id: str, *, printing: bool = False, withdrawn: bool = False) -> None:
        """One more thing about the request under way, on disk when this returns."""
        pending = self.read()
        if pending is not None and pending.request_id == request_id:
            changed = replace(pending, printing=pending.printing or printing, withdrawn=pending.withdrawn or withdrawn)
            self.write(changed)

    def clear(self, request_id: str) -> None:
        """The request is over."""
        pending = self.read()
        if pending is None or pending.request_id == request_id:
            self._file.unlink(missing_ok=True)
            self._flush()

    def _flush(self) -> None:
        handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
