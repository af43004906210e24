"""Display names of the staff, kept in memory: every queue and every counter shows them."""

import asyncio
from collections.abc import Iterable, Mapping

from hub.actions.reading import Reading


class StaffNames:
    """Names by staff id. Read again when an id is unknown, and after `forget`."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._names: dict[str, str] = {}
        self._strangers: set[str] = set()

    async def of(self, staff: Iterable[str]) -> Mapping[str, str]:
        """Display names by id; who was taken out has none."""
        wanted = set(staff)
        if not wanted <= self._names.keys() | self._strangers:
            everybody = await asyncio.to_thread(self._reading.all_staff)
            self._names = {person.id: person.display_name for person in everybody}
            self._strangers = wanted - self._names.keys()
        return self._names

    def forget(self) -> None:
        """Somebody was added or taken out."""
        self._names = {}
        self._strangers = set()
