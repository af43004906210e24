"""Display names of the staff for what the hub tells devices; kept until somebody comes or leaves."""

from collections.abc import Sequence

from hub.queueing.facts import Entry, StaffAdded, StaffRemoved
from hub.storage.reading import StoredReading


class StaffNames:
    """Display names by staff id, read again when somebody came or left."""

    def __init__(self, reading: StoredReading) -> None:
        self._reading = reading
        self._names: dict[str, str] | None = None

    def __call__(self) -> dict[str, str]:
        """All names."""
        if self._names is None:
            self._names = {one.id: one.display_name for one in self._reading.all_staff()}
        return self._names

    def on_entries(self, entries: Sequence[Entry]) -> None:
        """Forgets the names when they changed."""
        if any(isinstance(entry.fact, StaffAdded | StaffRemoved) for entry in entries):
            self._names = None
