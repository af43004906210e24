"""The conductor: one thread that takes what happens, asks the board's mind, and has pages told. Any thread may post.

It confirms nothing to the hub by itself: a confirmation goes out when a page has reported, and then only.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from display_board import state
from display_board.events import (
    ClipsReady,
    Contact,
    Event,
    Heard,
    Identify,
    PageCame,
    PageWent,
    Reported,
    SetOtherwise,
)
from display_board.memory import Remembered
from display_board.pages import Page, Pages, encoded
from display_board.setting import Setting
from display_board.show import Drawing, Saying, Show, Silence
from display_board.telling import alive_event, drawing_event, saying_event, silence_event
from hub.contract.messages import Board, BoardCall, Shown
from hub.contract.time import Instant

ALIVE_S: Final = 4.0
"""A page hears from its server at least so often."""

KEEP_EVERY_S: Final = 60.0
CLOSE_LIMIT_S: Final = 5.0

log = structlog.get_logger("display_board.conductor")


@dataclass(frozen=True)
class Ports:
    """Who carries out what follows; none of them makes the caller wait. `fetch` posts `ClipsReady` when it has them."""

    confirm: Callable[[Shown], None]
    fetch: Callable[[Saying], None]
    keep: Callable[[Remembered], None]
    watch: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class FirstWord:
    """What a page is told within its own text. It has nothing to confirm before it listens."""

    setting: Setting
    scene: dict[str, Any]
    at: str


class Conductor:
    """`clock`: the hub's time, in milliseconds. `close` twice is harmless."""

    def __init__(self, setting: Setting, pages: Pages, ports: Ports, *, clock: Callable[[], Instant]) -> None:
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._pages = pages
        self._ports = ports
        self._clock = clock
        self._setting = setting
        self._show = Show(setting.look, setting.manner, setting.speaks)
        self._thread = threading.Thread(target=self._run, name="conductor", daemon=True)
        self._alive_s = self._kept_s = time.monotonic()
        self._last_kept: tuple[object, ...] = ()
        self._scene = self._drawn()

    def start(self, before: Remembered) -> None:
        """Begins, with what was known before."""
        if before.board == self._setting.board:
            self._show.remember(before.hall, dict(before.words))
        self._scene = self._drawn()
        if self._setting.board is not None:
            self._ports.watch(self._setting.board)
        self._thread.start()

    def post(self, event: Event) -> None:
        """Something happened; from any thread."""
        self._events.put(event)

    def first_word(self) -> FirstWord:
        """For a page that is only just asked for; from any thread."""
        return FirstWord(self._setting, {**self._scene, "unconfirmed": []}, self._now_text())

    def close(self) -> None:
        """When all that has happened is dealt with, and kept."""
        self._events.put(None)
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT_S)

    # ------------------------------------------------------------ the thread

    def _run(self) -> None:
        while True:
            try:
                event = self._events.get(timeout=self._pause_s())
            except queue.Empty:
                self._follow_up()
                continue
            if event is None:
                self._keep()
                return
            try:
                self._take(event)
                self._follow_up()
            except Exception:  # a listed loop: a board must not stand still over one message
                log.exception("event-broke", kind=type(event).__name__)

    def _pause_s(self) -> float:
        now = self._clock()
        due = self._show.next_turn(now)
        by_time = ALIVE_S if due is None else max(0.0, (due - now) / 1000)
        return min(by_time, max(0.0, self._alive_s + ALIVE_S - time.monotonic()))

    def _take(self, event: Event) -> None:
        match event:
            case Heard():
                self._hear(event)
            case Contact(there):
                self._show.touch(self._clock(), there=there)
            case Reported():
                self._confirm(event)
            case ClipsReady(saying, clips):
                self._pages.tell_speaker(saying_event(saying, clips))
            case PageCame(page):
                self._welcome(page)
            case PageWent(page):
                if self._pages.remove(page):
                    self._show.page_gone()
            case SetOtherwise(setting):
                self._become(setting)
            case Identify(device):
                self._pages.tell(("identify", {"device": device}))

    def _hear(self, heard: Heard) -> None:
        """A board that this one was before it was set otherwise is still heard, and not meant."""
        name = heard.topic.rpartition("/")[2]
        board = heard.topic.split("/")[-2] if name == "calls" else name
        if isinstance(heard.message, Board | BoardCall) and board != self._setting.board:
            return
        self._show.hear(name, heard.message, self._clock())

    def _confirm(self, report: Reported) -> None:
        called = self._show.report(report.key, report.speech)
        if called is None or self._setting.board is None:
            return
        self._ports.confirm(
            Shown(
                board=self._setting.board,
                epoch=called.mark.epoch,
                sequence=called.mark.sequence,
                number=called.number,
                drawn_at=report.drawn_at,
                speech=report.speech,
            )
        )

    def _welcome(self, page: Page) -> None:
        self._pages.add(page)
        page.put(encoded(("wall", self._drawn())))

    def _become(self, setting: Setting) -> None:
        before, self._setting = self._setting, setting
        if setting.board != before.board:
            hall = replace(self._show.hall, board=None, known=())
            self._show = Show(setting.look, setting.manner, setting.speaks, hall)
            if setting.board is not None:
                self._ports.watch(setting.board)
        else:
            self._show.become(setting.look, setting.manner, speaks=setting.speaks)
        self._scene = self._drawn()
        if setting.page != before.page:
            self._pages.tell(("reload", {}))

    # ------------------------------------------------------------ what follows

    def _follow_up(self) -> None:
        for scene in self._show.turn(self._clock(), page_speaks=self._pages.any):
            match scene:
                case Drawing():
                    event = drawing_event(scene, self._now_text())
                    self._pages.tell(event)
                    self._scene = event[1]
                    self._note_alive()
                case Saying():
                    self._ports.fetch(scene)
                case Silence():
                    self._pages.tell(silence_event(scene))
        if time.monotonic() - self._alive_s >= ALIVE_S:
            self._pages.tell(alive_event(self._now_text()))
            self._note_alive()
        self._keep_if_due()

    def _note_alive(self) -> None:
        self._alive_s = time.monotonic()

    def _keep_if_due(self) -> None:
        """What decides whether a call is said again, at once; all else every minute."""
        hall = self._show.hall
        urgent = (hall.known, self._show.remembered())
        if urgent != self._last_kept or time.monotonic() - self._kept_s >= KEEP_EVERY_S:
            self._last_kept = urgent
            self._keep()

    def _keep(self) -> None:
        self._kept_s = time.monotonic()
        hall = self._show.hall
        if not hall.lost:
            hall = state.touch(hall, there=True, now=self._clock())
        self._ports.keep(Remembered(self._setting.board, hall, self._show.remembered()))

    def _drawn(self) -> dict[str, Any]:
        return drawing_event(self._show.drawing(self._clock()), self._now_text())[1]

    def _now_text(self) -> str:
        return state.written(self._clock(), self._show.hall)
