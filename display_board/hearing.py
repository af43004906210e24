"""The board's ears: what hub and broker say is posted to the one who decides. Callbacks post and return."""

from collections.abc import Callable

from display_board.events import Contact, Event, Heard
from hub.client.link import HubLink
from hub.contract.messages import HubPresence, Message

Post = Callable[[Event], None]


class HubEars:
    """What is said for all, and for this board; and whether anybody is there to say it."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._ready = False
        self._away = False
        self._told: bool | None = None
        self._boards: set[str] = set()

    def follow(self, link: HubLink) -> None:
        """From now on; to be called before the link is started."""
        link.follow("hub", self._on_hub)
        link.follow("centre", self._on_message)
        link.follow("waiting", self._on_message)
        link.follow("counter", self._on_message, counter="+")

    def watch(self, link: HubLink, board: str) -> None:
        """Hears this board too, once."""
        if board not in self._boards:
            self._boards.add(board)
            link.follow("board", self._on_message, board=board)
            link.follow("board-call", self._on_message, board=board)

    def on_change(self, ready: bool) -> None:
        """The link is ready, for the hub has answered; or it is lost."""
        self._ready, self._away = ready, False
        self._tell()

    def _on_hub(self, _topic: str, message: Message | None) -> None:
        """A broker may live on while its hub has gone."""
        if isinstance(message, HubPresence):
            self._away = message.state != "online"
            self._tell()

    def _on_message(self, topic: str, message: Message | None) -> None:
        self._post(Heard(topic, message))

    def _tell(self) -> None:
        there = self._ready and not self._away
        if there is not self._told:
            self._told = there
            self._post(Contact(there))
