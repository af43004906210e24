"""Gets the clips of an announcement together, on a thread of its own: what was never said before is made first."""

import queue
import threading
from collections.abc import Callable
from typing import Final

from display_board.announcing import Manner, everyday
from display_board.events import ClipsReady
from display_board.show import Saying
from display_board.voice import Voice

CLOSE_LIMIT_S: Final = 5.0

Ready = Callable[[ClipsReady], None]


class Speaker:
    """`ready` is told when all clips there can be are there. `close` twice is harmless."""

    def __init__(self, voice: Voice, ready: Ready) -> None:
        self.voice = voice
        self._ready = ready
        self._wanted: queue.SimpleQueue[Saying | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._fetch_all, name="speaker", daemon=True)
        self._preparing = threading.Thread(target=self._prepare, name="voice", daemon=True)
        self._closing = threading.Event()
        self._manner = Manner()

    def start(self, manner: Manner) -> None:
        """Begins; meanwhile all that is said every day is made ready."""
        self._manner = manner
        self._thread.start()
        self._preparing.start()

    def fetch(self, saying: Saying) -> None:
        """These are to be said now."""
        self._wanted.put(saying)

    def close(self) -> None:
        """Fetches no more."""
        self._closing.set()
        self._wanted.put(None)
        for thread in (self._thread, self._preparing):
            if thread.is_alive():
                thread.join(CLOSE_LIMIT_S)

    def _fetch_all(self) -> None:
        while True:
            wanted = self._wanted.get()
            if wanted is None or self._closing.is_set():
                return
            self._ready(ClipsReady(wanted, self.voice.offer(wanted.clips)))

    def _prepare(self) -> None:
        for clip in everyday(self._manner):
            if self._closing.is_set():
                return
            self.voice.offer([clip])
