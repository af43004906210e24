"""What each client asked and what it was told: ok, refused, or unknown until a repeat has settled it."""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Fields = Mapping[str, Any]


class Fate(Enum):
    """What a client knows of its request."""

    OPEN = "asked, not answered yet"
    OK = "done"
    REFUSED = "refused"
    UNKNOWN = "no answer in time: done or not"


@dataclass(slots=True, eq=False)
class Asked:
    """One request, however often it was sent. Times are of the monotonic clock."""

    request_id: str
    operation: str
    fields: Fields
    asked_s: float
    fate: Fate = Fate.OPEN
    answer: Fields = field(default_factory=dict)
    code: str = ""
    answered_s: float = 0.0
    unknown: int = 0
    """How often no answer came in time."""

    @property
    def settled(self) -> bool:
        """Whether the client knows what became of it."""
        return self.fate in (Fate.OK, Fate.REFUSED)


class History:
    """One client's log. `client`: as the hub's journal names it, such as `device:kiosk-01`."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.asked: list[Asked] = []
        self.contradictions: list[str] = []
        self.last_answer_s = 0.0
        self._lock = threading.Lock()

    def begin(self, request_id: str, operation: str, fields: Fields) -> Asked:
        """A request is about to be sent for the first time."""
        asked = Asked(request_id, operation, fields, time.monotonic())
        with self._lock:
            self.asked.append(asked)
        return asked

    def ok(self, asked: Asked, answer: Fields) -> None:
        """The hub said yes."""
        self._settle(asked, Fate.OK, answer, "")

    def refused(self, asked: Asked, code: str) -> None:
        """The hub said no."""
        self._settle(asked, Fate.REFUSED, {}, code)

    def unknown(self, asked: Asked) -> None:
        """No answer came in time: it will be asked again with the same id."""
        if not asked.settled:
            asked.fate = Fate.UNKNOWN
            asked.unknown += 1

    def _settle(self, asked: Asked, fate: Fate, answer: Fields, code: str) -> None:
        """The first answer counts; every further one must be the same."""
        with self._lock:
            if asked.settled:
                if (asked.fate, asked.answer, asked.code) != (fate, answer, code):
                    self.contradictions.append(
                        f"{self.client}: {asked.operation} {asked.request_id} was answered "
                        f"{asked.code or asked.answer} and then {code or answer}"
                    )
                return
            asked.answer, asked.code, asked.answered_s = answer, code, time.monotonic()
            asked.fate = fate
            self.last_answer_s = asked.answered_s


def done(histories: list[History], operation: str) -> Iterator[tuple[History, Asked]]:
    """Every request of this kind that was answered with yes."""
    for history in histories:
        for asked in history.asked:
            if asked.operation == operation and asked.fate is Fate.OK:
                yield history, asked
