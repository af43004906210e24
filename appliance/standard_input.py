"""Lines of standard input, as they come."""

import os
import select
import threading
from collections.abc import Iterator
from typing import Final

LOOK_EVERY_S: Final = 0.25


def lines_of_input(stopping: threading.Event) -> Iterator[str]:
    """Until it ends, or `stopping` is set. It looks up now and then, for a read would sleep through a signal."""
    text = b""
    while not stopping.is_set():
        if not select.select([0], [], [], LOOK_EVERY_S)[0]:
            continue
        piece = os.read(0, 65_536)
        *lines, text = (text + piece).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in lines)
        if not piece:
            yield text.decode("utf-8", "replace")
            return
