"""What a board keeps on disk: what it heard last and what it has said, so that it begins right and repeats nothing."""

import fcntl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Self

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from display_board.announcing import Called, Mark
from display_board.errors import BoardFault
from display_board.show import Word
from display_board.state import CounterNews, Hall, KnownCall
from hub.contract import messages as m
from hub.contract.names import Text
from hub.contract.time import Instant
from hub.ground.files import replace_file

CLOSE_LIMIT_S: Final = 5.0

log = structlog.get_logger("display_board.memory")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was known, of which board, and what was decided of announcements."""

    board: str | None = None
    hall: Hall = field(default_factory=Hall)
    words: dict[str, Word] = field(default_factory=dict)


class _Call(BaseModel):
    epoch: str
    sequence: int
    number: str
    counter: str
    label: Text
    at: int
    heard_at: int
    found: bool


class _Written(BaseModel):
    """The file."""

    model_config = ConfigDict(serialize_by_alias=True)

    board: str | None
    centre: m.Centre | None
    state: m.Board | None
    waiting: m.Waiting | None
    counters: dict[str, m.Counter]
    calls: list[_Call]
    heard_at: int | None
    offset_s: int
    words: dict[str, Word]


def written(what: Remembered) -> bytes:
    """As it stands on disk."""
    hall = what.hall
    return (
        _Written(
            board=what.board,
            centre=hall.centre,
            state=hall.board,
            waiting=hall.waiting,
            counters={name: news.counter for name, news in hall.counters.items()},
            calls=[_call(one) for one in hall.known],
            heard_at=hall.heard_at,
            offset_s=hall.offset_s,
            words=what.words,
        )
        .model_dump_json()
        .encode()
    )


def read(content: bytes) -> Remembered:
    """What was written. Raises `ValueError` when it is nothing of ours."""
    kept = _Written.model_validate_json(content)
    hall = Hall(
        centre=kept.centre,
        board=kept.state,
        waiting=kept.waiting,
        counters={name: CounterNews(one, 0, losses=-1) for name, one in kept.counters.items()},
        known=tuple(_known(one) for one in kept.calls),
        heard_at=None if kept.heard_at is None else Instant(kept.heard_at),
        offset_s=kept.offset_s,
    )
    return Remembered(kept.board, hall, kept.words)


def _call(known: KnownCall) -> _Call:
    one = known.called
    return _Call(
        epoch=one.mark.epoch,
        sequence=one.mark.sequence,
        number=one.number,
        counter=one.counter,
        label=one.label,
        at=one.at,
        heard_at=known.heard_at,
        found=known.found,
    )


def _known(one: _Call) -> KnownCall:
    called = Called(Mark(one.epoch, one.sequence), one.number, one.counter, one.label, Instant(one.at))
    return KnownCall(called, Instant(one.heard_at), one.found, kept=True)


class Storage:
    """The board's own directory. Opened by one program at a time; one that is killed lets go of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._lock: IO[bytes] | None = None

    @property
    def hall(self) -> Path:
        """What was last heard."""
        return self.directory / "hall.json"

    @property
    def settings(self) -> Path:
        """The last good settings of the hub."""
        return self.directory / "settings.json"

    @property
    def orders(self) -> Path:
        """Orders that are done."""
        return self.directory / "orders.json"

    @property
    def clips(self) -> Path:
        """Clips that a machine has said."""
        return self.directory / "clips"

    @property
    def browser(self) -> Path:
        """What a browser leaves behind while it runs."""
        return self.directory / "browser"

    def open(self) -> Self:
        """Takes it. Raises `BoardFault` when it cannot be had."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._lock = (self.directory / "lock").open("ab")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            self.close()
            raise BoardFault(f"{self.directory} is in use by another board's program; end that one first") from problem
        except OSError as problem:
            words = f"{self.directory} cannot be used ({problem.strerror}); set storage.directory to one that can be"
            raise BoardFault(f"{words} written") from problem
        return self

    def close(self) -> None:
        """Lets go. Twice is harmless."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    def remembered(self) -> Remembered:
        """What the board before this one knew; nothing when that cannot be read."""
        try:
            return read(self.hall.read_bytes())
        except FileNotFoundError:
            return Remembered()
        except (OSError, ValueError, ValidationError) as problem:
            log.warning("memory-not-read", file=str(self.hall), problem=str(problem))
            return Remembered()


class Keeper:
    """Writes on a thread of its own: a slow card must not hold a call up. Only the last word counts."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._news = threading.Condition()
        self._next: Remembered | None = None
        self._closing = False
        self._broken = False
        self._thread = threading.Thread(target=self._write_all, name="memory", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def keep(self, what: Remembered) -> None:
        """On disk soon."""
        with self._news:
            self._next = what
            self._news.notify()

    def close(self) -> None:
        """When the last of it is on disk."""
        with self._news:
            self._closing = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT_S)

    def _write_all(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._next is not None or self._closing)
                what, self._next = self._next, None
                if what is None:
                    return
            self._write(what)

    def _write(self, what: Remembered) -> None:
        try:
            replace_file(self._file, written(what), mode=0o600)
        except OSError as problem:
            if not self._broken:
                log.error("not-remembered", file=str(self._file), problem=str(problem))
            self._broken = True
        else:
            self._broken = False
