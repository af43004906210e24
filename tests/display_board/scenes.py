"""What can hang on the wall, as scenes to be drawn: every layout, full and empty, honest and cramped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from display_board import state
from display_board.conductor import FirstWord
from display_board.setting import PageLook, Setting
from display_board.show import Show
from display_board.state import Look
from display_board.telling import drawing_event
from hub.contract import messages as m
from hub.contract.time import Instant
from tests.display_board.hall import MORNING, SERVICES, after, board, call, centre, counter, waiting

FORMATS: Final = {"1080p": (1920, 1080), "4k": (3840, 2160), "portrait": (1080, 1920)}
THEMES: Final = ("day", "high-contrast")

NOTICE: Final = {
    "vi": "Cấp số: sáng 7:30–11:00, chiều 13:00–16:30, thứ Hai đến thứ Sáu. Số chỉ có giá trị trong ngày.",
    "en": "Numbers are given from 7:30 to 11:00 and from 13:00 to 16:30. They are valid today only.",
}
BEFORE: Final = (("E004", 7), ("B029", 1), ("D006", 6), ("B030", 2), ("A011", 5), ("T027", 8), ("C008", 3), ("B031", 1))
COUNTS: Final = {"civil": 6, "copies": 12, "land": 14, "social": 3, "business": 4, "results": 2}
LONG_NAME: Final = "Trung tâm Phục vụ hành chính công liên phường Nguyễn Thị Minh Khai – Trần Hưng Đạo – Phạm Ngũ Lão"
LONG_SERVICE: Final = "Đăng ký biến động quyền sử dụng đất, tài sản gắn liền với đất và giấy phép xây dựng"
LONG_LABEL: Final = {"vi": "Bàn hướng dẫn và trả kết quả", "en": "Guidance and results desk"}
LONG_NOTICE: Final = {
    "vi": "Từ ngày 01/12/2026 trung tâm tiếp nhận hồ sơ đất đai tại tầng 2, cửa số 4, xin Ông/Bà mang theo căn cước và "
    "giấy hẹn"
}


def hall(*calls: m.BoardCall, name: dict[str, str] | None = None, notice: Any = NOTICE, **counts: int) -> Show:
    """A board that has heard its hall and these calls."""
    show = Show()
    show.touch(MORNING, there=True)
    told = centre(name=name) if name else centre()
    for message in (told, board(1, notice=notice), waiting(MORNING, **(counts or COUNTS))):
        show.hear("", message, MORNING)
    for one in calls:
        show.hear("", one, state.from_datetime(one.at))
    return show


def earlier(*numbers: tuple[str, int]) -> list[m.BoardCall]:
    """Calls of the last minutes, none of them fresh any more."""
    return [call(number, at, n + 2, after(20 * (n - len(numbers)) - 30)) for n, (number, at) in enumerate(numbers)]


def full() -> Show:
    """The newest, and eight before it."""
    return hall(*earlier(*BEFORE), call("A012", 5, 50, after(-2)))


def empty() -> Show:
    """Nobody was called yet."""
    return hall()


def one() -> Show:
    """The first call of the day."""
    return hall(call("A001", 20, 50, after(-2)))


def calm() -> Show:
    """The last call is some time ago."""
    return hall(*earlier(*BEFORE, ("A012", 5)))


def lost() -> Show:
    """Three minutes without the hub."""
    show = calm()
    show.touch(MORNING, there=True)
    show.touch(MORNING, there=False)
    return show


def unknown() -> Show:
    """A board that has never heard of its hub."""
    return Show()


def two_digits() -> Show:
    """Counters from 10 on, several of them calling at once."""
    fresh = [call(f"C{n:03}", 10 + n, 40 + n, after(-2)) for n in range(3)]
    return hall(*earlier(*((number, at + 19) for number, at in BEFORE)), *fresh)


def own_numbers() -> Show:
    """Given by kiosks themselves."""
    given = [f"{letter}{n + 7}-0{n}2" for n, letter in enumerate("ABCDET")]
    told = earlier(*((f"{letter}001", n + 14) for n, letter in enumerate("ABCDET")))
    renamed = [one.model_copy(update={"number": number}) for one, number in zip(told, given, strict=True)]
    return hall(*renamed, call("A012", 20, 50, after(-2)).model_copy(update={"number": "A7-012"}))


def long_names() -> Show:
    """The longest that anybody would write."""
    told = [one.model_copy(update={"label": LONG_LABEL}) for one in earlier(*BEFORE)]
    newest = call("TK10999", 5, 50, after(-2)).model_copy(update={"label": LONG_LABEL})
    show = hall(*told, newest, name={"vi": LONG_NAME}, notice=LONG_NOTICE)
    lines = [
        m.BoardWaiting(service=one, prefix="TK", name={"vi": LONG_SERVICE}, waiting=128, wait=None)
        for one, _, _ in SERVICES
    ]
    listed = board(1, notice=LONG_NOTICE).model_copy(update={"waiting": lines})
    show.hear("", listed, MORNING)
    return show


def many_services() -> Show:
    """More than fit at once."""
    show = full()
    lines = [
        m.BoardWaiting(service=f"s{n}", prefix=chr(65 + n), name={"vi": f"Lĩnh vực {n}"}, waiting=n, wait=None)
        for n in range(19)
    ]
    show.hear("", board(60).model_copy(update={"waiting": lines, "calls": []}), MORNING)
    return show


def zone(counters: int = 6) -> Show:
    """Some counters, each in another state."""
    show = hall(*earlier(("A010", 2), ("B001", 3)), call("A012", 5, 50, after(-2)))
    states = ("open", "serving", "called", "paused", "called", "closed")
    for n in range(1, counters + 1):
        of_state = states[(n - 1) % len(states)]
        held = {"serving": f"A{n:03}", "called": "A012" if n == 5 else f"B{n:03}"}.get(of_state)
        show.hear(f"c{n}", counter(n, of_state, held), MORNING)
    show.look = Look(tuple(f"c{n}" for n in range(1, counters + 1)))
    return show


def plate(of_state: str, number: str | None = None, *, fresh: bool = False) -> Show:
    """One counter."""
    show = hall(*([call("A012", 5, 50, after(-2))] if fresh else []))
    told = counter(5, of_state, number and "A012")
    if told.ticket is not None:
        told = told.model_copy(update={"ticket": told.ticket.model_copy(update={"number": number})})
    show.hear("c5", told, MORNING)
    show.look = Look(("c5",))
    return show


def plate_lost() -> Show:
    """One counter, three minutes without the hub."""
    show = plate("serving", "A012")
    show.touch(MORNING, there=False)
    return show


SCENES: Final[dict[str, tuple[Callable[[], Show], float]]] = {
    "hall-full": (full, 0),
    "hall-empty": (empty, 0),
    "hall-one": (one, 0),
    "hall-calm": (calm, 60),
    "hall-lost": (lost, 180),
    "hall-unknown": (unknown, 0),
    "hall-two-digits": (two_digits, 0),
    "hall-own-numbers": (own_numbers, 0),
    "hall-long-names": (long_names, 0),
    "hall-many-services": (many_services, 0),
    "zone": (zone, 0),
    "zone-many": (lambda: zone(12), 0),
    "counter-called": (lambda: plate("called", "A012", fresh=True), 0),
    "counter-serving": (lambda: plate("serving", "A7-012"), 0),
    "counter-paused": (lambda: plate("paused"), 0),
    "counter-lost": (plate_lost, 180),
}
"""By name: how to make it, and how many seconds after the beginning it is looked at."""


@dataclass(frozen=True)
class Drawn:
    """A scene in one look."""

    scene: str
    theme: str = "day"
    language: str = "vi"
    picture: bool = True

    def first_word(self) -> FirstWord:
        """As a page is told it."""
        make, seconds = SCENES[self.scene]
        now = Instant(after(seconds))
        show = make()
        at = state.written(now, show.hall)
        setting = Setting("hall", show.look, page=PageLook(self.language, self.theme, self.picture))
        return FirstWord(setting, {**drawing_event(show.drawing(now), at)[1], "unconfirmed": []}, at)
