"""What the hub says of its own running: to standard error, for people or for machines."""

import logging
import sys
from typing import Any

import structlog

from hub.ground.outlet import Outlet
from hub.settings import Log


def set_up_logs(log: Log) -> None:
    """Sends every log line of ours through structlog; libraries' own warnings come along, in the same form."""
    outlet: Any = Outlet(sys.stderr)
    level = getattr(logging, log.level.upper())
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    steps: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*steps, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(outlet),
        cache_logger_on_first_use=True,
    )
    form = structlog.stdlib.ProcessorFormatter
    of_libraries = logging.StreamHandler(outlet)
    of_libraries.setFormatter(
        form(
            processors=[form.remove_processors_meta, renderer],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *steps],
        )
    )
    logging.basicConfig(handlers=[of_libraries], level=max(level, logging.WARNING))
