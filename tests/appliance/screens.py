"""Every screen of a kiosk in a centre with names as long as real ones: what is arranged, drawn and looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from appliance.finding.keyboard import opened, press
from appliance.flow import screens as sc
from appliance.flow.kiosk import Comfort, Kiosk, Policy, Taken, World
from appliance.layout.theme import ScreenSize
from appliance.presenter.screen import Presenter
from appliance.texts import load_texts
from appliance.view import View
from hub.contract import messages as m
from hub.contract.names import Text

NOW: Final = datetime.fromisoformat("2026-11-23T08:42:00+07:00")
URL: Final = "https://motcua.hoasen.example.vn/t/k3Vt9QpLx2mA"

USUAL: Final = Comfort()

SIZES: Final = {
    "1080x1920": ScreenSize(1080, 1920, 4.03),  # 21.5 inch, upright
    "1920x1080": ScreenSize(1920, 1080, 4.03),  # 21.5 inch, lying
    "1280x800": ScreenSize(1280, 800, 5.93),  # 10.1 inch
    "800x480": ScreenSize(800, 480, 5.19),  # 7 inch
}

LONG: Final = {
    "vi": "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
    "en": "Registration of changes, corrections and additions to civil status records",
}


def _service(id_: str, prefix: str, icon: str, vi: str, en: str, closed: Text | None = None) -> m.Service:
    return m.Service(
        id=id_,
        prefix=prefix,
        name={"vi": vi, "en": en},
        description={"vi": "", "en": ""},
        icon=icon,
        open=closed is None,
        closed_reason=closed,
        opens_at=None,
        classes=["ordinary", "elderly", "disabled", "pregnant", "child", "merit"],
    )


PAUSED: Final = {
    "vi": "Tạm ngưng đến 10:00. Cần gấp, mời hỏi Quầy 1.",
    "en": "Paused until 10:00. If urgent, ask at Counter 1.",
}

CIVIL: Final = m.ServiceGroup(
    id="civil-status",
    name={"vi": "Hộ tịch", "en": "Civil status"},
    services=[
        _service("birth", "A", "baby", "Đăng ký khai sinh", "Birth registration"),
        _service("marriage", "B", "heart-handshake", "Đăng ký kết hôn", "Marriage registration"),
        _service("single", "C", "file-heart", "Xác nhận tình trạng hôn nhân", "Certificate of marital status"),
        _service("extract", "D", "files", "Bản sao trích lục hộ tịch", "Copies of civil status extracts"),
        _service("change", "E", "file-pen", LONG["vi"], LONG["en"], PAUSED),
        _service("death", "F", "file-x", "Đăng ký khai tử", "Death registration"),
        _service("guardian", "G", "shield", "Đăng ký giám hộ", "Guardianship"),
    ],
)


def _alone(id_: str, prefix: str, icon: str, vi: str, en: str, lead: tuple[str, str]) -> m.ServiceGroup:
    one = _service(id_, prefix, icon, vi, en)
    described = one.model_copy(update={"description": {"vi": lead[0], "en": lead[1]}})
    return m.ServiceGroup(id=id_, name={"vi": vi, "en": en}, services=[described])


SERVICES: Final = m.Services(
    version=1,
    groups=[
        CIVIL,
        _alone(
            "certification",
            "H",
            "stamp",
            "Chứng thực",
            "Certification",
            ("Bản sao, chữ ký, hợp đồng", "Copies, signatures, contracts"),
        ),
        _alone(
            "land",
            "K",
            "land-plot",
            "Đất đai, xây dựng",
            "Land and construction",
            ("Giấy chứng nhận, tách thửa", "Certificates, plots"),
        ),
        _alone(
            "social", "L", "hand-heart", "Bảo trợ xã hội", "Social support", ("Trợ cấp, người có công", "Allowances")
        ),
        _alone(
            "business",
            "M",
            "store",
            "Hộ kinh doanh",
            "Household business",
            ("Đăng ký, thay đổi", "Registering, changing"),
        ),
        _alone(
            "results",
            "T",
            "package-check",
            "Trả kết quả",
            "Collecting results",
            ("Nhận kết quả theo giấy hẹn", "With your slip"),
        ),
    ],
)


def _stands(waiting: int, low: int | None = None, high: int = 0, *, is_open: bool = True) -> m.ServiceWaiting:
    band = None if low is None else m.WaitBand(low_s=low * 60, high_s=high * 60)
    return m.ServiceWaiting(open=is_open, closed_reason=None, waiting=waiting, wait=band)


WAITING: Final = m.Waiting(
    at=NOW,
    services={
        "birth": _stands(3, 10, 15),
        "marriage": _stands(0, 0, 1),
        "single": _stands(8, 35, 45),
        "extract": _stands(5, 15, 20),
        "change": m.ServiceWaiting(open=False, closed_reason=PAUSED, waiting=0, wait=None),
        "death": _stands(1, 3, 8),
        "guardian": _stands(0, 0, 1),
        "certification": _stands(14, 40, 55),
        "land": _stands(112, 150, 210),
        "social": _stands(2),
        "business": _stands(0),
        "results": _stands(9),
    },
)
CENTRE: Final = m.Centre(
    name={"vi": "Phường Hoa Sen", "en": "Hoa Sen ward"},
    languages=["vi", "en"],
    classes=[
        m.TicketClass(id="ordinary", name={"vi": "Thường", "en": "Ordinary"}, icon="user"),
        m.TicketClass(id="elderly", name={"vi": "Người cao tuổi", "en": "Elderly"}, icon="heart-handshake"),
        m.TicketClass(
            id="disabled", name={"vi": "Người khuyết tật", "en": "Person with a disability"}, icon="accessibility"
        ),
        m.TicketClass(id="pregnant", name={"vi": "Phụ nữ mang thai", "en": "Pregnant"}, icon="baby"),
        m.TicketClass(id="child", name={"vi": "Có con nhỏ", "en": "With a small child"}, icon="blocks"),
        m.TicketClass(id="merit", name={"vi": "Người có công với cách mạng", "en": "Person of merit"}, icon="medal"),
    ],
    open=True,
    opens_at=datetime.fromisoformat("2026-11-23T13:30:00+07:00"),
    closes_at=None,
    notice=None,
    public_url="https://motcua.hoasen.example.vn",
)
WORLD: Final = World(True, CENTRE, SERVICES, WAITING, "ready", "ok")
BROKEN: Final = replace(WORLD, printer_link="cover-open")

TICKET: Final = m.IssuedTicket(
    id=UUID("01a20000-0000-7000-8000-0000000000aa"),
    number="A012",
    service="birth",
    class_="ordinary",
    issued_at=NOW,
    people_ahead=3,
    wait=m.WaitBand(low_s=600, high_s=900),
    counters=["counter-3", "counter-4"],
    track_url=URL,
)
LONGEST: Final = TICKET.model_copy(
    update={
        "number": "MW88888",
        "service": "change",
        "people_ahead": 112,
        "wait": m.WaitBand(low_s=9000, high_s=12600),
        "counters": [f"counter-{number}" for number in (1, 3, 5, 12, 14)],
    }
)


@dataclass(frozen=True)
class Shown:
    """A screen with what the kiosk knows while it is shown."""

    screen: sc.Screen
    world: World = WORLD
    slips: tuple[str, ...] = ()
    support_open: bool = False
    identify_until_s: float = 0.0
    taken: Taken | None = None


def _typed(text: str) -> sc.Finding:
    keyboard = opened("vi")
    for key in text:
        keyboard = press(keyboard, "space" if key == " " else key)
    return sc.Finding(keyboard)


SCREENS: Final[dict[str, Shown]] = {
    "starting": Shown(sc.Starting()),
    "home": Shown(sc.Home()),
    "home-no-printer": Shown(sc.Home(), BROKEN),
    "groups": Shown(sc.Groups()),
    "groups-no-printer": Shown(sc.Groups(), BROKEN),
    "services": Shown(sc.Services("civil-status")),
    "services-last-page": Shown(sc.Services("civil-status", page=1)),
    "services-none": Shown(sc.Services("gone")),
    "finding": Shown(sc.Finding(opened("vi"))),
    "finding-found": Shown(_typed("khai sinh")),
    "finding-nothing": Shown(_typed("zzzzqqqq")),
    "finding-long": Shown(_typed("xac nhan tinh trang hon nhan de ket hon o nuoc ngoai voi nguoi nuoc ngoai")),
    "classes": Shown(sc.Classes("birth")),
    "confirming-closes": Shown(sc.Confirming("birth", "ordinary", sc.Doubt.CLOSES_BEFORE)),
    "confirming-twice": Shown(
        sc.Confirming("birth", "ordinary", sc.Doubt.TAKEN_JUST_NOW), taken=Taken("birth", "A012", 0)
    ),
    "working": Shown(sc.Working("r", "birth", "ordinary", 0)),
    "result-coming": Shown(sc.Result(TICKET, sc.Paper.COMING, 45)),
    "result": Shown(sc.Result(TICKET, sc.Paper.PRINTED, 15)),
    "result-no-address": Shown(
        sc.Result(TICKET.model_copy(update={"track_url": None, "wait": None, "people_ahead": 0}), sc.Paper.PRINTED, 15)
    ),
    "result-longest": Shown(sc.Result(LONGEST, sc.Paper.PRINTED, 15)),
    "result-failed": Shown(sc.Result(TICKET, sc.Paper.FAILED, 60), BROKEN),
    "result-failed-longest": Shown(sc.Result(LONGEST, sc.Paper.FAILED, 60), BROKEN),
    "result-failed-no-address": Shown(
        sc.Result(TICKET.model_copy(update={"track_url": None}), sc.Paper.FAILED, 60), BROKEN
    ),
    "refused": Shown(
        sc.Refused(
            "too-many",
            {
                "vi": "Máy này vừa cấp quá nhiều số. Vui lòng thử lại sau ít phút.",
                "en": "Too many requests. Please try again in a few minutes.",
            },
            20,
        )
    ),
    "no-hub": Shown(sc.NoHub()),
    "closed": Shown(sc.Closed()),
    "still-there": Shown(sc.StillThere(sc.Groups(), 20)),
    "help-called": Shown(sc.HelpCalled(sc.Home(), reached=True, until_s=8)),
    "staff-pin": Shown(sc.StaffPin("31")),
    "staff-pin-wrong": Shown(sc.StaffPin("", 3, 30)),
    "staff-menu": Shown(sc.StaffMenu("test-print"), slips=tuple(f"08:{at:02}  A0{at:02}" for at in range(41, 33, -1))),
    "staff-menu-empty": Shown(sc.StaffMenu(), BROKEN),
    "support": Shown(sc.Home(), support_open=True),
    "identify": Shown(sc.Home(), identify_until_s=15),
}


@cache
def presenter() -> Presenter:
    """With both catalogues."""
    return Presenter({language: load_texts(language) for language in ("vi", "en")})


def kiosk(shown: Shown, comfort: Comfort = USUAL) -> Kiosk:
    """A kiosk that shows it."""
    return Kiosk(
        Policy(),
        shown.screen,
        serial=7,
        comfort=comfort,
        world=shown.world,
        taken=shown.taken,
        support_open=shown.support_open,
        device="kiosk-01",
        identify_until_s=shown.identify_until_s,
    )


def view(name: str, comfort: Comfort = USUAL) -> View:
    """One of the screens, as its words."""
    shown = SCREENS[name]
    return presenter().view(kiosk(shown, comfort), NOW, shown.slips)


def comforts() -> Iterator[Comfort]:
    """Every way to see a screen."""
    for language in ("vi", "en"):
        for text_size in range(3):
            for high_contrast in (False, True):
                for lower_half in (False, True):
                    yield Comfort(language, text_size, high_contrast, lower_half)
