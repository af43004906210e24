"""Pictures of devices' screens: in memory for a few minutes, never on a disk."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hub.contract.time import Instant

KEPT_MS: Final = 10 * 60_000
MOST: Final = 16
"""So many at once; then the oldest goes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that a device has put under the order it was asked with."""

    device: str
    content: bytes
    at: Instant


class Pictures:
    """Pictures by order. Thread-safe."""

    def __init__(self, clock: Callable[[], Instant]) -> None:
        self._clock = clock
        self._kept: dict[str, Picture] = {}
        self._lock = threading.Lock()

    def keep(self, order_id: str, device: str, content: bytes) -> None:
        """For ten minutes, or until there are too many."""
        with self._lock:
            self._kept.pop(order_id, None)
            self._kept[order_id] = Picture(device, content, self._clock())
            for oldest in list(self._kept)[:-MOST]:
                del self._kept[oldest]

    def find(self, order_id: str, device: str) -> bytes | None:
        """The picture this device has put under this order, while it is kept."""
        self.forget_old()
        with self._lock:
            found = self._kept.get(order_id)
        return found.content if found is not None and found.device == device else None

    def forget_old(self) -> None:
        """Drops what is older; to be called every so often, so that nothing stays that nobody asks for."""
        now = self._clock()
        with self._lock:
            self._kept = {one: kept for one, kept in self._kept.items() if 0 <= now - kept.at < KEPT_MS}
