"""The conductor: holds the state, feeds it events, and has its effects carried out. One thread drains, any may post."""

import queue
from collections.abc import Callable
from typing import Protocol

import structlog

from appliance.flow import effects as fx
from appliance.flow import events as ev
from appliance.flow.kiosk import Kiosk
from appliance.flow.step import start, step

log = structlog.get_logger("appliance.conductor")


class Hands(Protocol):
    """Who carries effects out: at once or on threads of their own, never making the caller wait."""

    def carry_out(self, effect: fx.Effect) -> None:
        """Begins to carry `effect` out; what comes of it is posted as an event."""


class Conductor:
    """`show` is called with the state whenever it has changed."""

    def __init__(
        self,
        kiosk: Kiosk,
        *,
        show: Callable[[Kiosk], None],
        clock: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self._events: queue.SimpleQueue[ev.Event] = queue.SimpleQueue()
        self._show = show
        self._clock = clock
        self._new_id = new_id
        self._hands: Hands | None = None
        self.kiosk = kiosk

    def begin(self, hands: Hands) -> None:
        """The first screen."""
        self._hands = hands
        self.kiosk = start(self.kiosk)
        self._show(self.kiosk)

    def post(self, event: ev.Event) -> None:
        """Something happened; from any thread."""
        self._events.put(event)

    def drain(self) -> None:
        """Everything that has happened so far; on the one thread that owns the screen."""
        self._take(ev.Ticked(self._clock()))
        while True:
            try:
                event = self._events.get_nowait()
            except queue.Empty:
                return
            self._take(event)

    def _take(self, event: ev.Event) -> None:
        before = self.kiosk
        self.kiosk, wanted = step(before, event, self._new_id())
        for effect in wanted:
            if self._hands is not None:
                self._hands.carry_out(effect)
        if self.kiosk is not before:
            self._show(self.kiosk)
