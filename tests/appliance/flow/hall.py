"""A centre as a kiosk knows it, every screen, and every event: what the flow's tests walk over."""

from datetime import datetime
from uuid import UUID

from appliance.finding.keyboard import opened
from appliance.flow import events as ev
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk, Policy, World, hashed_pin
from appliance.flow.press import Press
from hub.contract import messages as m

NOW = datetime.fromisoformat("2026-11-23T08:42:00+07:00")
REQUEST = "01a20000-0000-7000-8000-000000000001"
TICKET_ID = UUID("01a20000-0000-7000-8000-0000000000aa")
PIN = "314159"
SALT = "salt"
CENTRE = m.Centre(
    name={"vi": "Phường Hoa Sen", "en": "Hoa Sen ward"},
    languages=["vi", "en"],
    classes=[
        m.TicketClass(id="ordinary", name={"vi": "Thường", "en": "Ordinary"}, icon="user"),
        m.TicketClass(id="elderly", name={"vi": "Người cao tuổi", "en": "Elderly"}, icon="heart-handshake"),
    ],
    open=True,
    opens_at=None,
    closes_at=datetime.fromisoformat("2026-11-23T11:00:00+07:00"),
    notice=None,
    public_url=None,
)


def service(id_: str, prefix: str, *, is_open: bool = True) -> m.Service:
    """A service with a name made of its id."""
    return m.Service(
        id=id_,
        prefix=prefix,
        name={"vi": f"Việc {id_}", "en": f"Service {id_}"},
        description={},
        icon="file-text",
        open=is_open,
        closed_reason=None,
        opens_at=None,
        classes=["ordinary", "elderly"],
    )


SERVICES = m.Services(
    version=1,
    groups=[
        m.ServiceGroup(
            id="people",
            name={"vi": "Hộ tịch", "en": "Civil status"},
            services=[service("birth", "A"), service("marriage", "B"), service("closed", "C", is_open=False)],
        ),
        m.ServiceGroup(id="land", name={"vi": "Đất đai", "en": "Land"}, services=[service("land", "D")]),
    ],
)
WAITING = m.Waiting(
    at=NOW,
    services={
        "birth": m.ServiceWaiting(open=True, closed_reason=None, waiting=3, wait=m.WaitBand(low_s=600, high_s=900)),
        "marriage": m.ServiceWaiting(open=True, closed_reason=None, waiting=0, wait=None),
        "closed": m.ServiceWaiting(open=False, closed_reason={"vi": "Nghỉ", "en": "Closed"}, waiting=0, wait=None),
        "land": m.ServiceWaiting(open=True, closed_reason=None, waiting=30, wait=m.WaitBand(low_s=7000, high_s=9000)),
    },
)
TICKET = m.IssuedTicket(
    id=TICKET_ID,
    number="A012",
    service="birth",
    class_="ordinary",
    issued_at=NOW,
    people_ahead=3,
    wait=m.WaitBand(low_s=600, high_s=900),
    counters=["counter-3", "counter-4"],
    track_url="https://queue.example.vn/t/abc",
)
POLICY = Policy(pin_salt=SALT, pin_hash=hashed_pin(SALT, PIN))
WORLD = World(True, CENTRE, SERVICES, WAITING, "ready", "ok")


def kiosk(screen: sc.Screen, *, policy: Policy = POLICY, world: World = WORLD) -> Kiosk:
    """A kiosk that has stood on `screen` for ten seconds."""
    return Kiosk(policy=policy, screen=screen, serial=7, changed_s=90.0, touched_s=95.0, now_s=100.0, world=world)


SCREENS: tuple[sc.Screen, ...] = (
    sc.Starting(),
    sc.Home(),
    sc.Groups(),
    sc.Services("people"),
    sc.Finding(opened("vi")),
    sc.Classes("birth"),
    sc.Confirming("birth", "ordinary", sc.Doubt.TAKEN_JUST_NOW),
    sc.Confirming("land", "ordinary", sc.Doubt.CLOSES_BEFORE),
    sc.Working(REQUEST, "birth", "ordinary", 99.0),
    sc.Result(TICKET, sc.Paper.COMING, 130.0, request_id=REQUEST),
    sc.Result(TICKET, sc.Paper.PRINTED, 115.0, request_id=REQUEST),
    sc.Result(TICKET, sc.Paper.FAILED, 160.0, request_id=REQUEST),
    sc.Result(TICKET, sc.Paper.FAILED, 160.0, request_id=REQUEST, late=True),
    sc.Result(TICKET, sc.Paper.FAILED, 160.0, request_id=REQUEST, copy=True, again=3),
    sc.Refused("too-many", {"vi": "Vui lòng chờ", "en": "Please wait"}, 120.0),
    sc.NoHub(),
    sc.NoHub(110.0),
    sc.Closed(),
    sc.StillThere(sc.Groups(), 120.0),
    sc.HelpCalled(sc.Home(), False, 108.0),
    sc.HelpCalled(sc.Result(TICKET, sc.Paper.FAILED, 160.0, request_id=REQUEST), True, 108.0),
    sc.StaffPin("12", 1),
    sc.StaffMenu(),
)

EVENTS: tuple[ev.Event, ...] = (
    *(ev.Pressed(what, 7) for what in Press),
    *(ev.Chose(what, 7) for what in ("people", "land", "birth", "closed", "elderly", "nothing")),
    *(ev.Typed(key, 7) for key in ("a", "5", "backspace", "space", "nothing")),
    ev.Ticked(100.5),
    ev.Ticked(300.0),
    ev.HubChanged(False),
    ev.HubChanged(True),
    ev.CentreHeard(CENTRE),
    ev.CentreHeard(CENTRE.model_copy(update={"open": False})),
    ev.ServicesHeard(SERVICES),
    ev.WaitingHeard(WAITING),
    ev.SettingsHeard(m.DeviceSettings(version=1)),
    ev.SettingsHeard(m.DeviceSettings(version=2, ask_class=True, services_first=True, languages=["en", "ko"])),
    ev.PrinterChanged("silent", "unknown"),
    ev.PrinterChanged("ready", "out"),
    ev.PrinterChanged("ready", "ok"),
    ev.TicketGiven(REQUEST, TICKET),
    ev.TicketGiven("another", TICKET),
    ev.TicketRefused(REQUEST, "service-closed", {"vi": "Đóng", "en": "Closed"}),
    ev.NobodyAnswered(REQUEST),
    ev.SlipCame(TICKET_ID),
    ev.SlipStuck(TICKET_ID, "jam"),
    ev.HelpAnswered(True),
    ev.Recovered(REQUEST, TICKET, "vi", True, True),
    ev.Recovered(REQUEST, TICKET, "en", True, False),
    ev.Recovered(REQUEST, TICKET, "vi", False, False),
    ev.RecoveryEnded(),
    ev.Identify("kiosk-01"),
    ev.RestartOrdered(),
)
