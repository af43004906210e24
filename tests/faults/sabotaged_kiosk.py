"""The kiosk's program, honest or with one promise taken away: `python -m tests.faults.sabotaged_kiosk NAME …`."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from uuid_utils.compat import uuid7

from appliance.__main__ import main
from appliance.hands.pending import Pending, PendingRequests, Stage
from appliance.hands.requests import Requests
from hub.client.spool import Spool


def remember_nothing() -> None:
    """Requests are not written down."""
    PendingRequests._write = lambda self, one: self._open.__setitem__(one.request_id, one)  # type: ignore[method-assign]


def ask_anew() -> None:
    """After a cut a new request is made for the old wish."""
    honest = Requests._recover

    def recover(self: Requests, request: Pending) -> None:
        other = replace(request, request_id=str(uuid7()))
        self._pending.write(other)
        self._pending.clear(request.request_id)
        honest(self, other)

    Requests._recover = recover  # type: ignore[method-assign]


def forget_that_paper_moves() -> None:
    """Nothing is noted before the first byte."""
    honest = PendingRequests.advance

    def advance(self: PendingRequests, request_id: str, stage: Stage) -> bool:
        return stage is Stage.PRINTING or honest(self, request_id, stage)

    PendingRequests.advance = advance  # type: ignore[method-assign]


def report_nothing() -> None:
    """The hub never hears of a slip."""
    Spool.add = lambda *_: None  # type: ignore[method-assign, assignment]


SABOTAGES: Final[dict[str, Callable[[], Any]]] = {
    "none": lambda: None,
    "remember-nothing": remember_nothing,
    "ask-anew": ask_anew,
    "forget-that-paper-moves": forget_that_paper_moves,
    "report-nothing": report_nothing,
}


def kiosk(sabotage: str) -> tuple[str, ...]:
    """Python's arguments that run it."""
    return ("-m", "tests.faults.sabotaged_kiosk", sabotage)


if __name__ == "__main__":
    SABOTAGES[sys.argv.pop(1)]()
    sys.exit(main())
