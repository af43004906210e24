"""The conductor: holds the state, feeds it events, and has its effects carried out. One thread drains, any may post."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from appliance.flow.kiosk import Kiosk
from appliance.flow.ways import start

if TYPE_CHECKING:  # what can happen is loaded when something does: the first screen stands before
    from appliance.flow import effects as fx
    from appliance.flow import events as ev


class Hands(Protocol):
    """Who carries effects out: at once or on threads of their own, never making the caller wait."""

    def carry_out(self, effect: fx.Effect) -> None:
        """Begins to carry `effect` out; what comes of it is posted as an event."""


class Conductor:
    """`clock`: seconds that never go back. `new_id`: ids for requests."""

    def __init__(self, kiosk: Kiosk, *, clock: Callable[[], float], new_id: Callable[[], str]) -> None:
        self._events: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
        self._wanted: deque[fx.Effect] = deque()
        self._clock = clock
        self._new_id = new_id
        self._show: Callable[[Kiosk], None] = lambda _kiosk: None
        self._shown = kiosk
        self.kiosk = kiosk
        self.hands: Hands | None = None
        """Until there are any, what is wanted waits for them."""

    def begin(self, show: Callable[[Kiosk], None]) -> None:
        """The first screen. From here on `show` is called with the state when it has changed, and once a second."""
        self._show = show
        self.kiosk = self._shown = start(replace(self.kiosk, now_s=self._clock()))
        self._show(self.kiosk)

    def post(self, event: ev.Event) -> None:
        """Something happened; from any thread."""
        self._events.put(event)

    def drain(self) -> None:
        """Everything that has happened so far; on the one thread that owns the screen."""
        from appliance.flow.events import Ticked

        self._take(Ticked(self._clock()))
        while not self._events.empty():
            self._take(self._events.get())
        while self._wanted and self.hands is not None:
            self.hands.carry_out(self._wanted.popleft())
        if _looks_different(self._shown, self.kiosk):
            self._shown = self.kiosk
            self._show(self.kiosk)

    def _take(self, event: ev.Event) -> None:
        from appliance.flow.step import step

        self.kiosk, wanted = step(self.kiosk, event, self._new_id())
        self._wanted.extend(wanted)


def _looks_different(before: Kiosk, after: Kiosk) -> bool:
    """Time alone shows in whole seconds only."""
    return int(before.now_s) != int(after.now_s) or replace(after, now_s=before.now_s) != before
