"""Work done one after another on a thread of its own, so that the screen never waits."""

import queue
import threading
from collections.abc import Callable
from typing import Final

import structlog

CLOSE_LIMIT_S: Final = 3.0

Work = Callable[[], object]
"""What it returns is not looked at."""

log = structlog.get_logger("appliance.hands.line")


class Line:
    """Ready from the start; `close()` twice is harmless."""

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, work: Work) -> None:
        """Queues `work`."""
        self._work.put(work)

    def close(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Ends the thread after what is queued; what takes longer is left to end with the program."""
        self._work.put(None)
        if self._thread is not threading.current_thread():
            self._thread.join(limit_s)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except Exception:  # a listed loop: one thing that breaks must not stop the others
                log.exception("work-broke", line=self._thread.name)
