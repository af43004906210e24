"""What the hub says of its own running: to standard error, for people or for machines."""

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO

import structlog

from hub.settings import Log


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


def set_up_logs(log: Log) -> None:
    """Sends every log line of ours through structlog; libraries' own warnings come along."""
    outlet: Any = Outlet(sys.stderr)
    level = getattr(logging, log.level.upper())
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(outlet),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=outlet, level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
