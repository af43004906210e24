"""What a device says of its own running: lines on standard error, where its supervisor keeps them."""

import logging
import sys
from typing import Any

import structlog

from hub.ground.outlet import Outlet


def set_up_logs(level: str) -> None:
    """From `level` on; the logs of libraries too, where something went wrong."""
    number = getattr(logging, level.upper())
    outlet: Any = Outlet(sys.stderr)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(outlet),
    )
    logging.basicConfig(stream=outlet, level=max(number, logging.WARNING))
