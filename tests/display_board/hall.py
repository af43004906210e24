"""A hall as a board hears of it: messages of the hub, at moments of one morning."""

from datetime import datetime, timedelta, timezone

from display_board.announcing import Called, Mark
from hub.contract import messages as m
from hub.contract.time import Instant, to_datetime

ZONE = timezone(timedelta(hours=7))
MORNING = Instant(1_795_401_660_000)
"""Monday 23 November 2026, 09:41 in the centre."""

SERVICES = (
    ("civil", "A", "Hộ tịch"),
    ("copies", "B", "Chứng thực"),
    ("land", "C", "Đất đai, xây dựng"),
    ("social", "D", "Bảo trợ xã hội"),
    ("business", "E", "Hộ kinh doanh"),
    ("results", "T", "Trả kết quả"),
)


def after(seconds: float) -> Instant:
    """So many seconds after the beginning."""
    return Instant(MORNING + round(seconds * 1000))


def moment(at: Instant) -> datetime:
    """As it stands in a message."""
    return to_datetime(at, ZONE)


def label(counter: int) -> dict[str, str]:
    """What stands over a counter."""
    return {"vi": f"Quầy {counter}", "en": f"Counter {counter}"}


def call(number: str, counter: int, sequence: int, at: Instant, repeat: int = 0, epoch: str = "e1") -> m.BoardCall:
    """A call as it happens."""
    return m.BoardCall(
        epoch=epoch,
        sequence=sequence,
        number=number,
        counter=f"c{counter}",
        label=label(counter),
        repeat=repeat,
        at=moment(at),
    )


def listed(number: str, counter: int, at: Instant, repeat: int = 0) -> m.Call:
    """A call in the list."""
    return m.Call(number=number, counter=f"c{counter}", label=label(counter), called_at=moment(at), repeat=repeat)


def board(sequence: int, *calls: m.Call, epoch: str = "e1", notice: dict[str, str] | None = None) -> m.Board:
    """The retained state of the board."""
    waiting = [
        m.BoardWaiting(service=service, prefix=prefix, name={"vi": name}, waiting=3, wait=None)
        for service, prefix, name in SERVICES
    ]
    return m.Board(
        epoch=epoch, sequence=sequence, calls=list(calls), waiting=waiting, notice=notice, playlist_version=0
    )


def counter(number: int, state: str, ticket: str | None = None, since: Instant = MORNING) -> m.Counter:
    """What a counter says of itself."""
    held = m.CounterTicket(number=ticket, since=moment(since)) if ticket else None
    return m.Counter.model_validate(
        {"number": number, "label": label(number), "state": state, "officer": None, "ticket": held}, strict=False
    )


def waiting(at: Instant, **counts: int) -> m.Waiting:
    """How many wait, with a forecast of 20 to 35 minutes for each."""
    services = {
        service: m.ServiceWaiting(
            open=True, closed_reason=None, waiting=count, wait=m.WaitBand(low_s=1200, high_s=2100)
        )
        for service, count in counts.items()
    }
    return m.Waiting(at=moment(at), services=services)


def centre(**changed: object) -> m.Centre:
    """The centre."""
    told = {
        "name": {"vi": "Phường An Bình", "en": "An Binh ward"},
        "languages": ["vi", "en"],
        "classes": [],
        "open": True,
        "opens_at": None,
        "closes_at": None,
        "notice": None,
        "public_url": None,
    }
    return m.Centre.model_validate({**told, **changed}, strict=False)


def called(number: str, counter: int, sequence: int, at: Instant) -> Called:
    """A call as the announcer gets it."""
    return Called(Mark("e1", sequence), number, f"c{counter}", label(counter), at)
