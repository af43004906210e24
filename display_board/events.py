"""What can happen to a board."""

from dataclasses import dataclass

from pydantic import AwareDatetime

from display_board.pages import Page
from display_board.setting import Setting
from display_board.show import Saying, Word
from hub.contract.messages import Message


@dataclass(frozen=True, slots=True)
class Heard:
    """A message on a topic; None: a retained one was cleared."""

    topic: str
    message: Message | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Hub and broker are there, or are not."""

    there: bool


@dataclass(frozen=True, slots=True)
class PageCame:
    """A page has begun to listen."""

    page: Page


@dataclass(frozen=True, slots=True)
class PageWent:
    """A page listens no more."""

    page: Page


@dataclass(frozen=True, slots=True)
class Reported:
    """A page says of a call what it has drawn, or said."""

    key: str
    speech: Word
    drawn_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class ClipsReady:
    """What is to be said can be had under these names."""

    saying: Saying
    clips: list[str]


@dataclass(frozen=True, slots=True)
class SetOtherwise:
    """The board is set otherwise from here on."""

    setting: Setting


@dataclass(frozen=True, slots=True)
class Identify:
    """Somebody far away asks which screen this is."""

    device: str


Event = Heard | Contact | PageCame | PageWent | Reported | ClipsReady | SetOtherwise | Identify
