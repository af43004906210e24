"""Builds the board: the only file that knows every concrete class, and the order in which they start and end."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from display_board.conductor import Conductor
from display_board.conductor import Ports as Hands
from display_board.errors import BoardFault, NoPicture
from display_board.events import Event, SetOtherwise
from display_board.hearing import HubEars
from display_board.memory import Keeper, Storage
from display_board.orders import board_orders
from display_board.pages import Pages
from display_board.player import Patience, Player
from display_board.server import Ports as Behind
from display_board.server import Server
from display_board.setting import combined
from display_board.settings import Settings, load
from display_board.speaking import Speaker
from display_board.voice import Voice
from hub.client.agent import Agent, kept_settings
from hub.client.device_file import DeviceFile
from hub.client.device_file import load as load_device
from hub.client.link import HubLink
from hub.client.machine import storage_free_bytes, temperature_c, undervoltage
from hub.client.orders import OrderBook
from hub.contract.messages import DeviceHealth
from hub.contract.names import DeviceRole
from hub.contract.time import Instant, from_datetime

FONTS: Final = (
    Path(__file__).resolve().parents[1] / "build" / "fonts" / "web",
    Path(__file__).resolve().parent / "fonts",
)
"""In a checkout, where `make env` builds them, and in an installed package."""

Tell = Callable[[dict[str, object]], None]


@dataclass(frozen=True)
class Plan:
    """What the program was asked for. `tell` says something to whoever started it; `log_from`: told from which level on
    it is to be logged, once the settings are read.
    """

    device: Path
    settings_file: Path | None = None
    player: bool = True
    tell: Tell = lambda _line: None
    log_from: Callable[[str], None] = lambda _level: None
    patience: Patience = Patience()


class BoardProgram:
    """A board from its start to its good-bye. `run` blocks until `stop`, or until the hub tells it to begin anew."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._stopping = threading.Event()
        self._last_words: Literal["offline", "restarting"] = "offline"
        self._ends = ExitStack()
        self.settings = load(plan.device, plan.settings_file)
        plan.log_from(self.settings.log.level)
        self.device = enrolled(plan.device)
        self.storage = Storage(self.settings.storage.directory)

    def run(self) -> None:
        """Raises the fault that keeps it from working, with all that was started ended."""
        with self._ends:
            self.storage.open()
            self._ends.callback(self.storage.close)
            self._make()
            self._start()
            self._plan.tell({"page": self.server.address})
            self._stopping.wait()

    def stop(self) -> None:
        """Lets `run` return soon; from any thread, or a signal."""
        self._stopping.set()

    # ------------------------------------------------------------ building

    def _make(self) -> None:
        """Everything is there before anything starts."""
        self._told = kept_settings(self.storage.settings)
        setting = combined(self.settings, self._told)
        self.pages = Pages()
        self.ears = HubEars(self._post)
        self.link = HubLink(
            self.device.address,
            self.device.device,
            self.device.role,
            on_change=self.ears.on_change,
            orders=OrderBook(self.storage.orders),
        )
        self.ears.follow(self.link)
        voice = Voice(self.settings.voice.pack, self.storage.clips, self.settings.voice.variant)
        self.speaker = Speaker(voice, self._post)
        self.keeper = Keeper(self.storage.hall)
        hands = Hands(
            confirm=lambda shown: self.link.publish("shown", shown),
            fetch=self.speaker.fetch,
            keep=self.keeper.keep,
            watch=lambda board: self.ears.watch(self.link, board),
        )
        self.conductor = Conductor(setting, self.pages, hands, clock=self._now)
        self.player = self._make_player(self.settings) if self._plan.player else None
        beat = self.player.beat if self.player is not None else _nothing
        behind = Behind(self.conductor.post, self.conductor.first_word, voice.read, beat, fonts_here())
        self.server = Server(behind, self.settings.page.port)
        self.agent = self._make_agent()

    def _make_player(self, settings: Settings) -> Player:
        return Player(
            lambda: self.server.address,
            self.storage.browser,
            program=settings.player.program,
            arguments=settings.player.arguments,
            full_screen=settings.player.full_screen,
            patience=self._plan.patience,
        )

    def _make_agent(self) -> Agent:
        return Agent(
            self.link,
            self.storage.settings,
            feel=self._health,
            obey=board_orders(self.device, self.conductor.post, self._picture, self._restart),
            heed=lambda told: self._post(SetOtherwise(combined(self.settings, told))),
        )

    def _start(self) -> None:
        """In this order; and ended in the opposite one, each even if another fails to."""
        self._begin(self.keeper.start, self.keeper.close)
        manner = combined(self.settings, self._told).manner
        self._begin(lambda: self.speaker.start(manner), self.speaker.close)
        self._begin(lambda: self.conductor.start(self.storage.remembered()), self.conductor.close)
        self._begin(self.server.start, self.server.close)
        self._begin(self.link.start, lambda: self.link.close(self._last_words))
        self._begin(self.agent.start, self.agent.close)
        if self.player is not None:
            self._begin(self.player.start, self.player.close)

    def _begin(self, start: Callable[[], object], end: Callable[[], object]) -> None:
        self._ends.callback(end)
        start()

    # ------------------------------------------------------------ what parts ask for

    def _post(self, event: Event) -> None:
        self.conductor.post(event)

    def _now(self) -> Instant:
        """The hub's time as soon as it is known: a device may have no clock of its own."""
        return from_datetime(self.link.now())

    def _picture(self) -> bytes:
        if self.player is None:
            raise NoPicture("no browser of ours shows the page")
        return self.player.picture()

    def _restart(self) -> None:
        """The supervisor starts the program again."""
        self._last_words = "restarting"
        self._stopping.set()

    def _health(self) -> DeviceHealth:
        """How the board feels now. Nothing is waited for."""
        offset_s = self.link.clock_offset_s
        return DeviceHealth(
            at=self.link.now(),
            printer=None,
            scanner=None,
            storage_free_bytes=storage_free_bytes(self.storage.directory),
            temperature_c=temperature_c(),
            undervoltage=undervoltage(),
            clock_offset_s=None if offset_s is None else round(offset_s, 3),
            own_numbers={},
            spool=0,
        )


def enrolled(place: Path) -> DeviceFile:
    """The device that was enrolled there. Raises a fault when there is none, or when it is no board."""
    device = load_device(place)
    if device.role is not DeviceRole.BOARD:
        raise BoardFault(f"{device.device} is enrolled as a {device.role.value}, not as a board")
    return device


def fonts_here() -> Path | None:
    """Where the house's fonts are, if they were built."""
    return next((place for place in FONTS if place.is_dir()), None)


def _nothing() -> None:
    """Nobody watches the page."""
