"""The kiosk's ears: what hub and printer say becomes events. Callbacks post and return."""

import threading
from typing import Final

from appliance.flow import events as ev
from appliance.hands.requests import Post
from hardware.printer.port import Printer, PrinterState
from hub.client.link import HubLink
from hub.contract.messages import Centre, HubPresence, Message, Services, Waiting

LOOK_EVERY_S: Final = 0.5
FIRST_WORD_S: Final = 5.0
"""A printer of which nothing is known by then is as its driver says, known or not."""
CLOSE_LIMIT_S: Final = 2.0


class HubEars:
    """Whether the hub can be asked, and what it keeps for all kiosks. Everything is called on the network thread."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._ready = False
        self._away = False
        self._told: bool | None = None

    def follow(self, link: HubLink) -> None:
        """From now on; to be called before the link is started."""
        link.follow("hub", self._on_hub)
        for topic in ("centre", "services", "waiting"):
            link.follow(topic, self._on_message)

    def on_change(self, ready: bool) -> None:
        """The link is ready, for the hub has answered; or it is lost."""
        self._ready, self._away = ready, False
        self._tell()

    def _on_hub(self, _topic: str, message: Message | None) -> None:
        """A broker may live on while its hub has gone."""
        if isinstance(message, HubPresence):
            self._away = message.state != "online"
            self._tell()

    def _on_message(self, _topic: str, message: Message | None) -> None:
        match message:
            case Centre():
                self._post(ev.CentreHeard(message))
            case Services():
                self._post(ev.ServicesHeard(message))
            case Waiting():
                self._post(ev.WaitingHeard(message))
            case _:
                return

    def _tell(self) -> None:
        online = self._ready and not self._away
        if online is not self._told:
            self._told = online
            self._post(ev.HubChanged(online))


class PrinterEyes:
    """Keeps an eye on the printer: what it tells, and that it tells nothing any more. Never waits for it."""

    def __init__(self, printer: Printer, post: Post) -> None:
        self._printer = printer
        self._post = post
        self._lock = threading.Lock()
        self._told: tuple[str, str] | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._look, name="printer eyes", daemon=True)
        printer.watch(self._see)

    def start(self) -> None:
        """To be called when the printer has been opened."""
        self._thread.start()

    def close(self) -> None:
        """Looks no more."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_LIMIT_S)

    def _look(self) -> None:
        """Silence tells nobody: it has to be looked for."""
        self._closing.wait(FIRST_WORD_S)
        while not self._closing.wait(LOOK_EVERY_S):
            with self._lock:  # or what is seen here could be told after what came later
                self._tell(self._printer.state())

    def _see(self, state: PrinterState) -> None:
        with self._lock:
            self._tell(state)

    def _tell(self, state: PrinterState) -> None:
        seen = (state.link, state.paper)
        if seen != self._told:
            self._told = seen
            self._post(ev.PrinterChanged(*seen))
