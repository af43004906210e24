"""What a kiosk must remember over a power cut: requests, on disk before the hub is asked, until they are over.

A request is asked, then its number is shown, then paper may move. Or its person was told that there is no number, and
it is withdrawn; or the kiosk was killed and its person has gone. It is over when the hub has been told of the paper, or
that report is in the spool, or there is nothing to tell.
"""

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson
import structlog

from hub.ground.files import flush_directory, remove_halves, replace_file

log = structlog.get_logger("appliance.hands.pending")


class Stage(StrEnum):
    """How far a request has come."""

    ASKED = "asked"
    SHOWN = "shown"
    """The person may have seen the number."""
    PRINTING = "printing"
    """Paper may have moved."""
    WITHDRAWN = "withdrawn"
    """The person was told that there is no number: should there be one, it is given back."""
    KILLED = "killed"
    """The number was shown, the kiosk was killed, and too much time has passed: officers shall know."""


ORDER: Final = {Stage.ASKED: 0, Stage.SHOWN: 1, Stage.PRINTING: 2}
OVER: Final = frozenset({Stage.WITHDRAWN, Stage.KILLED})
"""Nobody waits for its number any more."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the hub is to be told, under which id."""

    operation: str
    fields: Mapping[str, object]
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Pending:
    """A request not yet over. `at_s`: the hub's time when it was made, in seconds.

    `again`: the hub has been told of a slip before, so what becomes of this one changes nothing for the worse.
    `report`: what has become of it; all that is missing is to tell it.
    """

    request_id: str
    service: str
    class_: str
    language: str
    at_s: float
    stage: Stage = Stage.ASKED
    again: bool = False
    report: Report | None = None

    @property
    def fields(self) -> dict[str, object]:
        """As the hub is asked."""
        return {"service": self.service, "class": self.class_, "language": self.language}


class PendingRequests:
    """All of them, each in a file that is whole or not there. Any thread may use it."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._lock = threading.Lock()
        self._open: dict[str, Pending] = {}
        remove_halves(directory)
        for file in sorted(directory.glob("*.json")):
            self._read(file)

    def __len__(self) -> int:
        return len(self._open)

    def all(self) -> list[Pending]:
        """The youngest first."""
        with self._lock:
            return sorted(self._open.values(), key=lambda one: one.at_s, reverse=True)

    def find(self, request_id: str) -> Pending | None:
        """A request that is not over."""
        return self._open.get(request_id)

    def write(self, pending: Pending) -> None:
        """On disk when this returns. Raises `OSError`, and then nothing has changed."""
        with self._lock:
            self._write(pending)

    def advance(self, request_id: str, stage: Stage) -> bool:
        """It has come to `stage`, on disk when this returns; False if it never will, for it is over or withdrawn.

        A request never goes back: what may have been seen, or may be on paper, stays so.
        """
        with self._lock:
            pending = self._open.get(request_id)
            if pending is None or pending.stage in OVER:
                return pending is not None and pending.stage is stage
            if stage is Stage.WITHDRAWN and pending.stage is Stage.PRINTING:
                return False
            if stage in OVER or ORDER[stage] > ORDER[pending.stage]:
                self._write(replace(pending, stage=stage))
            return True

    def report(self, request_id: str, report: Report) -> None:
        """What has become of it, on disk when this returns: from here on only telling is left."""
        with self._lock:
            pending = self._open.get(request_id)
            if pending is not None:
                self._write(replace(pending, report=report))

    def clear(self, request_id: str) -> None:
        """It is over."""
        with self._lock:
            if self._open.pop(request_id, None) is not None:
                self._file(request_id).unlink(missing_ok=True)
                flush_directory(self._directory)

    def _write(self, pending: Pending) -> None:
        replace_file(self._file(pending.request_id), orjson.dumps(asdict(pending)), mode=0o600)
        self._open[pending.request_id] = pending

    def _read(self, file: Path) -> None:
        try:
            pending = _pending(orjson.loads(file.read_bytes()))
        except (OSError, ValueError, TypeError, KeyError) as problem:
            log.error("request-unreadable", file=str(file), problem=str(problem))
            file.rename(file.with_suffix(".unreadable"))
            return
        self._open[pending.request_id] = pending

    def _file(self, request_id: str) -> Path:
        return self._directory / f"{UUID(request_id)}.json"


def _pending(written: dict[str, Any]) -> Pending:
    report = written.pop("report")
    stage = Stage(written.pop("stage"))
    told = None if report is None else Report(report["operation"], report["fields"], UUID(report["request_id"]))
    return Pending(**written, stage=stage, report=told)
