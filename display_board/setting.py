"""How a board is set: what the hub says of the device, and what its own file says of the screen. Pure."""

from dataclasses import dataclass

from display_board.announcing import Manner
from display_board.settings import Settings
from display_board.state import Look
from hub.contract.messages import DeviceSettings


@dataclass(frozen=True, slots=True)
class PageLook:
    """What a page has to know before it draws anything. `volume`: of 1."""

    language: str = "vi"
    theme: str = "day"
    picture: bool = True
    volume: float = 0.8


@dataclass(frozen=True, slots=True)
class Setting:
    """`board`: whose calls are shown; None while the hub has not said it."""

    board: str | None = None
    look: Look = Look()
    manner: Manner = Manner()
    speaks: bool = True
    page: PageLook = PageLook()


def combined(own: Settings, told: DeviceSettings | None) -> Setting:
    """The file goes before the hub's word, and an empty list or text leaves it to the hub."""
    said = told or DeviceSettings(version=0)
    languages: tuple[str, ...] = own.voice.languages or tuple(said.languages) or ("vi", "en")
    only = (said.counter,) if said.counter else ()
    return Setting(
        board=said.boards[0] if said.boards else None,
        look=Look(own.board.counters or only, own.board.spotlight_s * 1000),
        manner=Manner(
            sound=own.voice.sound,
            languages=languages,
            numbers=own.voice.numbers,
            variant=own.voice.variant,
            times=own.voice.times,
        ),
        speaks=said.speaks if own.voice.speaks == "as the hub says" else own.voice.speaks == "yes",
        page=PageLook(
            language=own.board.language or next((one for one in said.languages if one in ("vi", "en")), "vi"),
            theme=own.board.theme,
            picture=own.board.picture,
            volume=own.voice.volume / 100,
        ),
    )
