"""What the screen says: state and language become words, icons and buttons. Pure: nothing here draws or decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from appliance.flow import screens as sc
from appliance.flow.events import Press
from appliance.flow.kiosk import TEXT_SIZES, Kiosk
from appliance.naming import in_language
from appliance.texts import Texts
from hub.contract.messages import IssuedTicket, Service, ServiceGroup, ServiceWaiting

LONG_WAIT_S: Final = 30 * 60
MIDDLE_WAIT_S: Final = 15 * 60
MANY_PEOPLE: Final = 8
SOME_PEOPLE: Final = 3


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be pressed. `what` is a Press, or an id to be chosen, or a key to be typed."""

    what: str
    text: str
    icon: str = ""
    kind: str = "press"
    """`press`, `choose` or `type`."""
    main: bool = False
    on: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A group, service or class to choose. `level`: 0 no wait known, 1 short, 2 middle, 3 long."""

    id: str
    title: str
    icon: str
    tint: str
    lead: str = ""
    wait: str = ""
    people: str = ""
    level: int = 0
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Always there: whose kiosk this is, and what time it is."""

    over: str
    name: str
    clock: str
    date: str


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between header and bar."""


@dataclass(frozen=True, slots=True)
class Welcome(Body):
    """The home screen: one question, one large answer, and help."""

    question: str
    hint: str
    hero: Button
    hero_lead: str
    people: str
    help: Button
    help_lead: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Choice(Body):
    """Cards to choose from, a page at a time. `search`: the button to the keyboard, where there is one."""

    title: str
    lead: str
    icon: str
    tint: str
    cards: tuple[Card, ...]
    search: Button | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Search(Body):
    """What was typed, what was found, and the keys."""

    title: str
    typed: str
    prompt: str
    cards: tuple[Card, ...]
    nothing: str
    rows: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact of a ticket."""

    icon: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class TicketGiven(Body):
    """The number, large."""

    title: str
    number_label: str
    number: str
    service: str
    icon: str
    tint: str
    facts: tuple[FactLine, ...]
    hint: str
    paper: sc.Paper
    paper_title: str
    paper_lead: str
    track_url: str | None
    scan: str


@dataclass(frozen=True, slots=True)
class Notice(Body):
    """One thing to be told: an icon, a title, what to do. `tone`: calm, busy or trouble."""

    icon: str
    title: str
    lines: tuple[str, ...]
    tone: str = "calm"
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class PinPad(Body):
    """Digits to type."""

    title: str
    lead: str
    filled: int
    digits: int
    note: str
    keys: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class StaffDesk(Body):
    """What staff see and can do."""

    title: str
    facts: tuple[FactLine, ...]
    buttons: tuple[Button, ...]
    note: str
    slips: tuple[str, ...]
    slips_title: str


@dataclass(frozen=True, slots=True)
class View:
    """A whole screen. `actions`: the row above the bar, left, middle text, right."""

    serial: int
    name: str
    header: Header
    body: Body
    left: Button | None
    middle: str
    right: Button | None
    bar: tuple[Button, ...]
    high_contrast: bool
    scale: float
    lower_half: bool
    support_open: bool = False
    slips: tuple[str, ...] = field(default=())


class Presenter:
    """Makes views. `texts`: catalogues by language; `icons`: by group id, what a group looks like."""

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        self._texts = texts

    def view(self, kiosk: Kiosk, wall: datetime, slips: tuple[str, ...] = ()) -> View:
        """The screen as it stands. `wall`: local time; `slips`: the last ones, for staff."""
        words = self._texts.get(kiosk.comfort.language) or self._texts["vi"]
        screen = _below(kiosk.screen)
        left, middle, right = self._actions(kiosk, words)
        return View(
            serial=kiosk.serial,
            name=type(kiosk.screen).__name__,
            header=_header(kiosk, words, wall),
            body=self._body(kiosk, screen, words, slips),
            left=left,
            middle=middle,
            right=right,
            bar=_bar(kiosk, words),
            high_contrast=kiosk.comfort.high_contrast,
            scale=TEXT_SIZES[kiosk.comfort.text_size],
            lower_half=kiosk.comfort.lower_half,
            support_open=kiosk.support_open,
        )

    # ------------------------------------------------------------ bodies

    def _body(self, kiosk: Kiosk, screen: sc.Screen, words: Texts, slips: tuple[str, ...]) -> Body:
        match screen:
            case sc.Home():
                return _welcome(kiosk, words)
            case sc.Groups(page) | sc.Services(_, page) | sc.Classes(_, page):
                return _choice(kiosk, screen, words, page)
            case sc.Result():
                return _ticket(kiosk, screen, words)
            case sc.StaffPin():
                return _pin(kiosk, screen, words)
            case sc.StaffMenu():
                return _staff(kiosk, screen, words, slips)
            case _:
                return _notice(kiosk, screen, words)

    def _actions(self, kiosk: Kiosk, words: Texts) -> tuple[Button | None, str, Button | None]:
        back = Button(Press.BACK, words("back"), "arrow-left")
        match kiosk.screen:
            case sc.Groups(page) | sc.Services(_, page) | sc.Classes(_, page):
                pages = _pages(kiosk)
                first = kiosk.policy.services_first and isinstance(kiosk.screen, sc.Groups)
                left = Button(Press.PREVIOUS_PAGE, words("page.previous"), "arrow-left") if page else back
                left_shown = None if first and not page else left
                more = page + 1 < pages
                right = Button(Press.NEXT_PAGE, words("page.next"), "arrow-right") if more else None
                return left_shown, words("page.of", page=page + 1, pages=pages) if pages > 1 else "", right
            case sc.Confirming():
                return back, "", Button(Press.YES, words("confirm.yes"), "ticket", main=True)
            case sc.Result(paper=sc.Paper.COMING):
                return None, "", None
            case sc.Result(paper=paper, until_s=until_s):
                seconds = max(0, round(until_s - kiosk.now_s))
                left = Button(Press.ANOTHER, words("result.another"), "plus")
                if paper is sc.Paper.FAILED:
                    left = Button(Press.MORE_TIME, words("more_time"), "clock")
                done = Button(Press.DONE, words("result.done"), "check", main=True)
                return left, words("result.home_in", seconds=seconds), done
            case sc.Refused() | sc.HelpCalled():
                return None, "", Button(Press.DONE, words("result.done"), "check", main=True)
            case sc.StillThere():
                return None, "", Button(Press.MORE_TIME, words("more_time"), "clock", main=True)
            case sc.StaffPin() | sc.Finding():
                return back, "", None
            case sc.StaffMenu():
                return None, "", Button(Press.LEAVE, words("staff.leave"), "log-out", main=True)
            case _:
                return None, "", None


def _below(screen: sc.Screen) -> sc.Screen:
    return screen


def _header(kiosk: Kiosk, words: Texts, wall: datetime) -> Header:
    centre = kiosk.world.centre
    name = in_language(centre.name, kiosk.comfort.language) if centre is not None else ""
    return Header(words("over_title"), name, f"{wall:%H:%M}", _date(words.language, wall))


def _date(language: str, day: datetime) -> str:
    from appliance.words import words_in

    return words_in(language).date(day)


def _bar(kiosk: Kiosk, words: Texts) -> tuple[Button, ...]:
    comfort = kiosk.comfort
    return (
        Button(Press.LANGUAGE, words("bar.language"), "languages"),
        Button(Press.TEXT_SIZE, words("bar.text_size"), "a-large-small", on=comfort.text_size > 0),
        Button(Press.CONTRAST, words("bar.contrast"), "contrast", on=comfort.high_contrast),
        Button(Press.LOWER_HALF, words("bar.lower_half"), "accessibility", on=comfort.lower_half),
        Button(Press.CALL_STAFF, words("bar.call_staff"), "concierge-bell", main=True),
    )


def _welcome(kiosk: Kiosk, words: Texts) -> Welcome:
    waiting = kiosk.world.waiting
    people = sum(one.waiting for one in waiting.services.values()) if waiting is not None else 0
    return Welcome(
        question=words("home.question"),
        hint=words("home.hint"),
        hero=Button(Press.TAKE_NUMBER, words("home.take"), "ticket", main=True),
        hero_lead=words("home.take.lead"),
        people=words("home.people", people=people) if waiting is not None else "",
        help=Button(Press.CALL_STAFF, words("home.help"), "circle-question-mark"),
        help_lead=words("home.help.lead"),
        warning=_printer_warning(kiosk, words),
    )


def _printer_warning(kiosk: Kiosk, words: Texts) -> str:
    return "" if kiosk.world.can_print else words("printer.trouble")


def _pages(kiosk: Kiosk) -> int:
    count = len(_all_cards(kiosk, kiosk.screen))
    return max(1, -(-count // kiosk.policy.rows))


def _all_cards(kiosk: Kiosk, screen: sc.Screen) -> list[object]:
    match screen:
        case sc.Groups():
            return list(kiosk.world.groups)
        case sc.Services(group):
            found = kiosk.world.group(group)
            return [] if found is None else list(found.services)
        case sc.Classes(service):
            found_service = kiosk.world.service(service)
            return [] if found_service is None else list(found_service.classes)
        case _:
            return []


def _choice(kiosk: Kiosk, screen: sc.Screen, words: Texts, page: int) -> Choice:
    rows = kiosk.policy.rows
    shown = _all_cards(kiosk, screen)[page * rows : (page + 1) * rows]
    find = Button(Press.FIND, words("find.prompt"), "search")
    warning = _printer_warning(kiosk, words)
    match screen:
        case sc.Groups():
            cards = tuple(_group_card(kiosk, one, words) for one in shown if isinstance(one, ServiceGroup))
            return Choice(words("groups.title"), words("groups.lead"), "", "", cards, find, warning)
        case sc.Services(group):
            found = kiosk.world.group(group)
            title = in_language(found.name, kiosk.comfort.language) if found is not None else ""
            icon = found.services[0].icon if found is not None and found.services else "file-text"
            cards = tuple(_service_card(kiosk, one, group, words) for one in shown if isinstance(one, Service))
            return Choice(title, words("services.lead"), icon, group, cards, find, warning)
        case _:
            cards = tuple(_class_card(kiosk, str(one)) for one in shown)
            return Choice(words("class.title"), words("class.lead"), "", "", cards, None, warning)


def _group_card(kiosk: Kiosk, group: ServiceGroup, words: Texts) -> Card:
    language = kiosk.comfort.language
    if len(group.services) == 1:
        return _service_card(kiosk, group.services[0], group.id, words)
    leads = ", ".join(in_language(one.name, language) for one in group.services[:3])
    icon = group.services[0].icon if group.services else "file-text"
    return Card(group.id, in_language(group.name, language), icon, group.id, lead=leads)


def _service_card(kiosk: Kiosk, service: Service, group: str, words: Texts) -> Card:
    language = kiosk.comfort.language
    title, lead = in_language(service.name, language), in_language(service.description, language)
    stands = kiosk.world.stands(service.id)
    chosen = group if (found := kiosk.world.group(group)) is not None and len(found.services) == 1 else service.id
    if not kiosk.world.is_open(service):
        return Card(chosen, title, "lock", "", lead=lead, closed=_why_closed(service, stands, language, words))
    if stands is None:
        return Card(chosen, title, service.icon, group, lead=lead)
    wait, level = _wait(stands, words)
    people = words("wait.people", people=stands.waiting)
    return Card(chosen, title, service.icon, group, lead=lead, wait=wait, people=people, level=level)


def _why_closed(service: Service, stands: ServiceWaiting | None, language: str, words: Texts) -> str:
    reason = (stands.closed_reason if stands is not None else None) or service.closed_reason
    if reason:
        return in_language(reason, language)
    if service.opens_at is not None:
        return words("closed.until", time=f"{service.opens_at:%H:%M}")
    return words("closed.now")


def _wait(stands: ServiceWaiting, words: Texts) -> tuple[str, int]:
    if stands.wait is None:
        people = stands.waiting
        return ("", 3 if people >= MANY_PEOPLE else 2 if people >= SOME_PEOPLE else 1)
    if stands.wait.high_s < 120:
        return words("wait.now"), 1
    low, high = stands.wait.low_s // 60, -(-stands.wait.high_s // 60)
    level = 3 if stands.wait.high_s > LONG_WAIT_S else 2 if stands.wait.high_s > MIDDLE_WAIT_S else 1
    return words("wait.band", low=low, high=high), level


def _class_card(kiosk: Kiosk, class_: str) -> Card:
    centre = kiosk.world.centre
    found = next((one for one in centre.classes if one.id == class_), None) if centre is not None else None
    if found is None:
        return Card(class_, class_, "user", "")
    return Card(class_, in_language(found.name, kiosk.comfort.language), found.icon, "")


def _ticket(kiosk: Kiosk, screen: sc.Result, words: Texts) -> TicketGiven:
    ticket, language = screen.ticket, kiosk.comfort.language
    service = kiosk.world.service(ticket.service)
    group = next((g.id for g in kiosk.world.groups for s in g.services if s.id == ticket.service), "")
    titles = {
        sc.Paper.COMING: ("slip.coming", "slip.coming.lead"),
        sc.Paper.PRINTED: ("slip.take", "slip.take.lead"),
        sc.Paper.FAILED: ("slip.failed.counts", "slip.failed.keep"),
    }
    title, lead = titles[screen.paper]
    return TicketGiven(
        title=words("slip.failed" if screen.paper is sc.Paper.FAILED else "result.title"),
        number_label=words("result.number"),
        number=ticket.number,
        service=in_language(service.name, language) if service is not None else ticket.service,
        icon=service.icon if service is not None else "file-text",
        tint=group,
        facts=_facts(ticket, words),
        hint=words("result.called"),
        paper=screen.paper,
        paper_title=words(title),
        paper_lead=words(lead),
        track_url=ticket.track_url,
        scan=words("slip.scan"),
    )


def _facts(ticket: IssuedTicket, words: Texts) -> tuple[FactLine, ...]:
    facts = [
        FactLine("map-pin", words("result.counters"), _counters(ticket.counters, words)),
        FactLine("users", words("result.ahead"), _ahead(ticket.people_ahead, words)),
    ]
    if ticket.wait is not None:
        low, high = ticket.wait.low_s // 60, -(-ticket.wait.high_s // 60)
        facts.append(FactLine("clock", words("result.wait"), words("wait.band", low=low, high=high)))
    return tuple(facts)


def _counters(counters: list[str], words: Texts) -> str:
    numbers = [one.rpartition("-")[2] for one in counters]
    if not numbers or not all(one.isdecimal() for one in numbers):
        return words("result.any")
    if len(numbers) == 1:
        return numbers[0]
    return words("result.either", first=", ".join(numbers[:-1]), last=numbers[-1])


def _ahead(people: int, words: Texts) -> str:
    if people == 0:
        return words("result.ahead.nobody")
    return words("result.ahead.one") if people == 1 else words("result.ahead.people", people=people)


def _notice(kiosk: Kiosk, screen: sc.Screen, words: Texts) -> Notice:
    match screen:
        case sc.Working():
            return Notice("ticket", words("working.title"), (words("working.lead"),), "busy")
        case sc.Confirming(doubt=sc.Doubt.CLOSES_BEFORE):
            return Notice("clock", words("confirm.title"), (words("confirm.closes"),), "trouble")
        case sc.Confirming():
            number = kiosk.taken.number if kiosk.taken is not None else ""
            return Notice("ticket", words("confirm.title"), (words("confirm.twice", number=number),), "trouble")
        case sc.Refused(_, said):
            why = in_language(said, kiosk.comfort.language)
            return Notice("circle-alert", words("refused.title"), (why, words("refused.desk")), "trouble")
        case sc.Closed():
            return Notice("clock", words("closed.title"), _opening(kiosk, words))
        case sc.StillThere(_, until_s):
            seconds = max(0, round(until_s - kiosk.now_s))
            return Notice("clock", words("still.title"), (words("still.lead", seconds=seconds),))
        case sc.HelpCalled(_, reached):
            return Notice("concierge-bell", words("help.title"), (words("help.reached" if reached else "help.lead"),))
        case _:
            return Notice("circle-alert", words("nohub.title"), (words("nohub.lead"),), "trouble")


def _opening(kiosk: Kiosk, words: Texts) -> tuple[str, ...]:
    centre = kiosk.world.centre
    opens = centre.opens_at if centre is not None else None
    again = () if opens is None else (words("closed.opens", time=f"{opens:%H:%M}"),)
    return (words("closed.lead"), *again)


def _pin(kiosk: Kiosk, screen: sc.StaffPin, words: Texts) -> PinPad:
    blocked = max(0, round(screen.blocked_until_s - kiosk.now_s))
    note = words("pin.blocked", seconds=blocked) if blocked else words("pin.wrong") if screen.wrong else ""
    digits: list[tuple[Button, ...]] = [
        tuple(Button(key, key, kind="type") for key in row) for row in ("123", "456", "789")
    ]
    keys = [*digits, (Button("backspace", "", "delete", kind="type"), Button("0", "0", kind="type"))]
    return PinPad(words("pin.title"), words("pin.lead"), len(screen.digits), 6, note, tuple(keys))


def _staff(kiosk: Kiosk, screen: sc.StaffMenu, words: Texts, slips: tuple[str, ...]) -> StaffDesk:
    world = kiosk.world
    return StaffDesk(
        title=words("staff.title"),
        facts=(
            FactLine("wifi", words("staff.hub"), words("staff.ok" if world.hub_online else "staff.lost")),
            FactLine("printer", words("staff.printer"), words(f"link.{world.printer_link}")),
            FactLine("receipt-text", words("staff.paper"), words(f"paper.{world.printer_paper}")),
        ),
        buttons=(
            Button(Press.TEST_PRINT, words("staff.test_print"), "printer"),
            Button(Press.LOUDER, words("staff.louder"), "volume-2"),
            Button(Press.QUIETER, words("staff.quieter"), "volume-1"),
            Button(Press.RESTART, words("staff.restart"), "rotate-ccw"),
        ),
        note=words(f"staff.note.{screen.note}") if screen.note else "",
        slips=slips,
        slips_title=words("staff.slips"),
    )
