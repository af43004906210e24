"""What the hub must hear, whatever happens to hub, line or device meanwhile: requests on disk until they are answered.

In their order, each with its own id however often it is sent, so that none counts twice. A no that the request may
outlive (`asking.passes`) is no answer: the same request is sent again. The time of sending is put in anew each time,
and by the hub's clock as it is known then; so a report that is hours old is never too late.
"""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson
import structlog

from hub.client.asking import passes
from hub.client.errors import LinkClosed, LinkFault, Unfit
from hub.client.link import HubLink
from hub.ground.files import flush_directory, remove_halves, replace_file

PAUSE_S: Final = 2.0
"""After a no for now."""
CLOSE_LIMIT_S: Final = 5.0

log = structlog.get_logger("hub.client.spool")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, and the file it is kept in."""

    file: Path
    operation: str
    fields: Mapping[str, object]
    request_id: UUID


class Spool:
    """Between `start` and `close` a thread of its own sends. `close()` twice is harmless."""

    def __init__(self, link: HubLink, directory: Path, *, pause_s: float = PAUSE_S) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._link = link
        self._directory = directory
        self._pause_s = pause_s
        self._news = threading.Condition()
        self._entries: deque[Entry] = deque()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        remove_halves(directory)
        for file in sorted(directory.glob("*.json")):
            self._read(file)
        self._next = 1 + max((int(one.file.stem) for one in self._entries), default=0)

    def __len__(self) -> int:
        return len(self._entries)

    def start(self) -> None:
        """Begins to send what is there and what will come."""
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread. What is not answered stays on disk for the next program."""
        self._closing.set()
        with self._news:
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join(CLOSE_LIMIT_S)

    def add(self, operation: str, fields: Mapping[str, object], request_id: UUID) -> None:
        """Will be sent until it is answered; on disk when this returns. The same id is taken once.

        Should the disk be full it is sent all the same, and lost if the program ends before the answer.
        """
        with self._news:
            if any(one.request_id == request_id for one in self._entries):
                return
            entry = Entry(self._directory / f"{self._next:08}.json", operation, fields, request_id)
            self._next += 1
            try:
                replace_file(entry.file, _written(entry), mode=0o600)
            except OSError as problem:
                log.error("spool-not-on-disk", operation=operation, request=str(request_id), problem=str(problem))
            self._entries.append(entry)
            self._news.notify_all()

    # ------------------------------------------------------------ the thread

    def _run(self) -> None:
        while (entry := self._first()) is not None:
            try:
                answered = self._send(entry)
            except Exception:  # a listed loop: what the hub must hear must not end with a bug
                log.exception("spool-broke", operation=entry.operation, request=str(entry.request_id))
                answered = False
            if answered:
                self._drop(entry)
            else:
                self._closing.wait(self._pause_s)

    def _first(self) -> Entry | None:
        with self._news:
            self._news.wait_for(lambda: self._entries or self._closing.is_set())
            return None if self._closing.is_set() else self._entries[0]

    def _send(self, entry: Entry) -> bool:
        """Whether this was the last time."""
        try:
            reply = self._link.ask(entry.operation, entry.fields, request_id=entry.request_id)
        except LinkClosed:
            self._closing.set()
            return False
        except Unfit as fault:
            log.error("spool-unfit", operation=entry.operation, request=str(entry.request_id), problem=str(fault))
            return True
        except TimeoutError:  # NoAnswer, or a link that answers nothing at all
            return False
        except LinkFault as fault:
            log.error("spool-not-sent", operation=entry.operation, request=str(entry.request_id), problem=str(fault))
            return False
        if passes(reply):
            return False
        if reply.refusal is not None:
            code, request = reply.refusal.code, str(entry.request_id)
            log.error("spool-refused", operation=entry.operation, request=request, code=code)
        return True

    def _drop(self, entry: Entry) -> None:
        try:
            entry.file.unlink(missing_ok=True)
            flush_directory(self._directory)
        except OSError as problem:  # it will be sent once more by the next program, under the same id
            log.error("spool-not-cleared", file=str(entry.file), problem=str(problem))
        with self._news:
            self._entries.popleft()

    def _read(self, file: Path) -> None:
        try:
            written = orjson.loads(file.read_bytes())
            entry = Entry(file, str(written["operation"]), dict(written["fields"]), UUID(written["request_id"]))
            int(file.stem)
        except (OSError, ValueError, TypeError, KeyError) as problem:
            log.error("spool-unreadable", file=str(file), problem=str(problem))
            file.rename(file.with_suffix(".unreadable"))
            return
        self._entries.append(entry)


def _written(entry: Entry) -> bytes:
    return orjson.dumps({"operation": entry.operation, "fields": entry.fields, "request_id": entry.request_id})
