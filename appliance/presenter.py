"""What the screen says: state and language become words, icons and buttons. Pure: nothing here draws or decides."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from appliance.flow import screens as sc
from appliance.flow.kiosk import TEXT_SIZES, Kiosk
from appliance.flow.press import Press
from appliance.keyboard import Key, rows
from appliance.naming import in_language
from appliance.texts import Texts
from appliance.view import (
    Body,
    Button,
    Choice,
    Fact,
    Header,
    Kind,
    Notice,
    Pager,
    PinPad,
    Search,
    StaffDesk,
    Tone,
    View,
    Welcome,
)
from appliance.words import words_in

PIN_DIGITS = 6
MOST_IN_HALL = 6


class Presenter:
    """Makes views. `texts`: catalogues by language."""

    def __init__(self, texts: Mapping[str, Texts]) -> None:
        self._texts = texts

    def words(self, language: str) -> Texts:
        """The catalogue of a language, or the Vietnamese one."""
        return self._texts.get(language) or self._texts["vi"]

    def view(self, kiosk: Kiosk, now: datetime, slips: tuple[str, ...] = ()) -> View:
        """The screen as it stands. `now`: shown as the centre's own time; `slips`: the last ones, for staff."""
        words = self.words(kiosk.comfort.language)
        left, middle, right = _actions(kiosk, words)
        return View(
            serial=kiosk.serial,
            name=type(kiosk.screen).__name__,
            language=words.language,
            header=_header(kiosk, words, _on_the_wall(kiosk, now)),
            body=_body(kiosk, words, slips),
            left=left,
            middle=middle,
            right=right,
            bar=_bar(kiosk, words),
            support=_support(kiosk, words),
            support_title=words("bar.support"),
            support_open=kiosk.support_open,
            high_contrast=kiosk.comfort.high_contrast,
            scale=TEXT_SIZES[kiosk.comfort.text_size],
            lower_half=kiosk.comfort.lower_half,
            identify=kiosk.device if kiosk.identifying else "",
        )


def blanked(view: View, words: Texts) -> View:
    """The same screen for somebody far away: nothing of its visitor is left."""
    covered = Notice("eye-off", words("blanked.title"), (words("blanked.lead"),))
    return replace(view, body=covered, left=None, middle="", right=None)


# ---------------------------------------------------------------- always there


def _on_the_wall(kiosk: Kiosk, now: datetime) -> datetime:
    """The time of the centre, whose zone stands in what the hub says; before it has spoken, that of this machine."""
    waiting = kiosk.world.waiting
    return now.astimezone(None if waiting is None else waiting.at.tzinfo)


def _header(kiosk: Kiosk, words: Texts, wall: datetime) -> Header:
    centre = kiosk.world.centre
    name = in_language(centre.name, words.language) if centre is not None else ""
    date = words_in(words.language)
    return Header(
        over=words("over_title"),
        name=name,
        clock=f"{wall:%H:%M}",
        date=date.date(wall),
        date_short=date.short_date(wall),
        door=Button(Press.STAFF_DOOR, "", says=words("header.emblem")),
    )


def _bar(kiosk: Kiosk, words: Texts) -> tuple[Button, ...]:
    comfort = kiosk.comfort
    return (
        Button(Press.LANGUAGE, words("bar.language"), "languages"),
        Button(Press.TEXT_SIZE, words("bar.text_size"), "a-large-small", on=comfort.text_size > 0),
        Button(Press.CONTRAST, words("bar.contrast"), "contrast", on=comfort.high_contrast),
        Button(
            Press.LOWER_HALF, words("bar.lower_half"), "accessibility", on=comfort.lower_half, for_high_screens=True
        ),
        Button(Press.CALL_STAFF, words("bar.call_staff"), "concierge-bell", main=True),
    )


def _support(kiosk: Kiosk, words: Texts) -> Button:
    if kiosk.support_open:
        return Button(Press.SUPPORT, words("bar.close"), "x")
    return Button(Press.SUPPORT, words("bar.support"), "accessibility", main=True)


def _actions(kiosk: Kiosk, words: Texts) -> tuple[Button | None, str, Button | None]:
    """Left, middle and right of the row above the bar."""
    back = Button(Press.BACK, words("back"), "arrow-left")
    done = Button(Press.DONE, words("result.done"), "check", main=True)
    more_time = Button(Press.MORE_TIME, words("more_time"), "timer", short=words("more_time.short"))
    match kiosk.screen:
        case sc.Groups():
            return None if kiosk.policy.services_first else back, "", None
        case sc.Services() | sc.Classes() | sc.StaffPin() | sc.Finding():
            return back, "", None
        case sc.Confirming():
            return back, "", Button(Press.YES, words("confirm.yes"), "ticket", main=True)
        case sc.Result(paper=sc.Paper.COMING):
            return None, "", None
        case sc.Result(paper=sc.Paper.FAILED, until_s=until_s):
            kept = Button(Press.DONE, words("result.kept"), "check", main=True)
            return more_time, words("result.left", seconds=_left(until_s, kiosk)), kept
        case sc.Result(until_s=until_s):
            another = Button(Press.ANOTHER, words("result.another"), "plus")
            return another, words("result.home_in", seconds=_left(until_s, kiosk)), done
        case sc.Refused() | sc.HelpCalled():
            return None, "", done
        case sc.StillThere():
            return (
                None,
                "",
                Button(Press.MORE_TIME, words("more_time"), "timer", main=True, short=words("more_time.short")),
            )
        case sc.StaffMenu():
            return None, "", Button(Press.LEAVE, words("staff.leave"), "log-out", main=True)
        case _:
            return None, "", None


def _left(until_s: float, kiosk: Kiosk) -> int:
    return max(0, round(until_s - kiosk.now_s))


# ---------------------------------------------------------------- bodies


def _body(kiosk: Kiosk, words: Texts, slips: tuple[str, ...]) -> Body:
    match kiosk.screen:
        case sc.Home():
            return _welcome(kiosk, words)
        case sc.Groups() | sc.Services() | sc.Classes() as screen:
            return _choice(kiosk, screen, words)
        case sc.Finding() as screen:
            return _search(kiosk, screen, words)
        case sc.Result() as screen:
            from appliance.given import ticket_given  # each when it is first needed: the first screen is a notice

            return ticket_given(kiosk, screen, words)
        case sc.StaffPin() as screen:
            return _pin(kiosk, screen, words)
        case sc.StaffMenu() as screen:
            return _staff(kiosk, screen, words, slips)
        case _:
            return _notice(kiosk, words)


def _welcome(kiosk: Kiosk, words: Texts) -> Welcome:
    waiting = kiosk.world.waiting
    people = sum(one.waiting for one in waiting.services.values()) if waiting is not None else 0
    return Welcome(
        question=words("home.question"),
        hint=words("home.hint"),
        take=Button(Press.TAKE_NUMBER, words("home.take"), "ticket", main=True),
        take_lead=words("home.take.lead"),
        people=words("home.people", people=people) if waiting is not None else "",
        help=Button(Press.CALL_STAFF, words("home.help"), "circle-question-mark"),
        help_lead=words("home.help.lead"),
        warning=_printer_warning(kiosk, words),
        hall_title=words("home.hall"),
        hall=_hall(kiosk, words),
    )


def _hall(kiosk: Kiosk, words: Texts) -> tuple[Fact, ...]:
    """Who waits for what, by the headings of the first choice."""
    if kiosk.world.waiting is None:
        return ()
    told = []
    for group in kiosk.world.groups[:MOST_IN_HALL]:
        stands = [one for service in group.services if (one := kiosk.world.stands(service.id)) is not None]
        if stands:
            people = sum(one.waiting for one in stands)
            told.append(Fact(group.services[0].icon, in_language(group.name, words.language), str(people)))
    return tuple(told)


def _printer_warning(kiosk: Kiosk, words: Texts) -> str:
    return "" if kiosk.world.can_print else words("printer.trouble")


def _choice(kiosk: Kiosk, screen: sc.Groups | sc.Services | sc.Classes, words: Texts) -> Choice:
    from appliance.cards import all_cards

    title, lead, icon, tint = _choice_head(kiosk, screen, words)
    pager = Pager(
        page=screen.page,
        next=Button(Press.NEXT_PAGE, words("page.next"), "arrow-right"),
        first=Button(Press.NEXT_PAGE, words("page.first"), "undo-2"),
        of=words.template("page.of"),
    )
    find = Button(Press.FIND, words("find.keyboard"), "search", says=words("find.title"), short=words("find.short"))
    return Choice(
        title=title,
        lead=lead,
        icon=icon,
        tint=tint,
        cards=all_cards(kiosk, screen, words),
        pager=pager,
        search=None if isinstance(screen, sc.Classes) else find,
        search_prompt=words("find.prompt"),
        warning=_printer_warning(kiosk, words),
        empty=words("services.none"),
    )


def _choice_head(kiosk: Kiosk, screen: sc.Groups | sc.Services | sc.Classes, words: Texts) -> tuple[str, str, str, str]:
    """Title, lead, icon and tint."""
    match screen:
        case sc.Groups():
            return words("groups.title"), words("groups.lead"), "", ""
        case sc.Classes():
            return words("class.title"), words("class.lead"), "", ""
        case sc.Services(group):
            found = kiosk.world.group(group)
            title = in_language(found.name, words.language) if found is not None else ""
            icon = found.services[0].icon if found is not None and found.services else "file-text"
            return title, words("services.lead"), icon, group


def _search(kiosk: Kiosk, screen: sc.Finding, words: Texts) -> Search:
    from appliance.cards import found_cards

    typed = screen.keyboard.text
    cards = found_cards(kiosk, typed, words) if typed.strip() else ()
    nothing = words("find.nothing") if typed.strip() else words("find.hint")
    keys = tuple(tuple(_key(key, screen, words) for key in row) for row in rows(screen.keyboard))
    return Search(words("find.title"), typed, words("find.prompt"), cards, nothing, keys)


def _key(key: str, screen: sc.Finding, words: Texts) -> Button:
    match key:
        case Key.SHIFT:
            on = screen.keyboard.shift
            return Button(key, "", "arrow-big-up", Kind.TYPE, on=on, says=words("find.shift"))
        case Key.BACKSPACE:
            return Button(key, "", "delete", Kind.TYPE, says=words("find.backspace"))
        case Key.SPACE | Key.CLEAR | Key.DIGITS | Key.LETTERS:
            return Button(key, words(f"find.{key}"), kind=Kind.TYPE)
        case _:
            return Button(key, key, kind=Kind.TYPE)


def _notice(kiosk: Kiosk, words: Texts) -> Notice:
    match kiosk.screen:
        case sc.Starting():
            return Notice("power", words("starting.title"), (words("starting.lead"),), Tone.BUSY)
        case sc.Working():
            return Notice("ticket", words("working.title"), (words("working.lead"),), Tone.BUSY)
        case sc.Confirming(doubt=sc.Doubt.CLOSES_BEFORE):
            lines = (_service_name(kiosk, words), words("confirm.closes"))
            return Notice("clock", words("confirm.title"), lines, Tone.TROUBLE)
        case sc.Confirming():
            number = kiosk.taken.number if kiosk.taken is not None else ""
            lines = (_service_name(kiosk, words), words("confirm.twice", number=number))
            return Notice("ticket", words("confirm.title"), lines, Tone.TROUBLE)
        case sc.Refused(_, said):
            why = in_language(said, words.language)
            return Notice("circle-alert", words("refused.title"), (why, words("refused.desk")), Tone.TROUBLE)
        case sc.Closed():
            return Notice("clock", words("closed.title"), _opening(kiosk, words))
        case sc.StillThere(_, until_s):
            lead = words("still.lead", seconds=_left(until_s, kiosk))
            return Notice("hourglass", words("still.title"), (lead,))
        case sc.HelpCalled(_, reached):
            lead = words("help.reached" if reached else "help.lead")
            return Notice("concierge-bell", words("help.title"), (lead,))
        case _:
            return Notice("circle-alert", words("nohub.title"), (words("nohub.lead"),), Tone.TROUBLE)


def _service_name(kiosk: Kiosk, words: Texts) -> str:
    service = kiosk.world.service(getattr(kiosk.screen, "service", ""))
    return in_language(service.name, words.language) if service is not None else ""


def _opening(kiosk: Kiosk, words: Texts) -> tuple[str, ...]:
    centre = kiosk.world.centre
    opens = centre.opens_at if centre is not None else None
    again = () if opens is None else (words("closed.opens", time=f"{opens:%H:%M}"),)
    return (words("closed.lead"), *again)


# ---------------------------------------------------------------- staff


def _pin(kiosk: Kiosk, screen: sc.StaffPin, words: Texts) -> PinPad:
    blocked = _left(screen.blocked_until_s, kiosk)
    note = words("pin.blocked", seconds=blocked) if blocked else words("pin.wrong") if screen.wrong else ""
    digits = [tuple(Button(key, key, kind=Kind.TYPE) for key in row) for row in ("123", "456", "789")]
    erase = Button("backspace", "", "delete", Kind.TYPE, says=words("find.backspace"))
    keys = (*digits, (erase, Button("0", "0", kind=Kind.TYPE)))
    return PinPad(words("pin.title"), words("pin.lead"), len(screen.digits), PIN_DIGITS, note, keys)


def _staff(kiosk: Kiosk, screen: sc.StaffMenu, words: Texts, slips: tuple[str, ...]) -> StaffDesk:
    world = kiosk.world
    return StaffDesk(
        title=words("staff.title"),
        facts=(
            Fact("wifi", words("staff.hub"), words("staff.ok" if world.hub_online else "staff.lost")),
            Fact("printer", words("staff.printer"), words(f"link.{world.printer_link}")),
            Fact("receipt-text", words("staff.paper"), words(f"paper.{world.printer_paper}")),
        ),
        buttons=(
            Button(Press.TEST_PRINT, words("staff.test_print"), "printer"),
            Button(Press.RESTART, words("staff.restart"), "rotate-ccw"),
            Button(Press.QUIETER, words("staff.quieter"), "volume-1"),
            Button(Press.LOUDER, words("staff.louder"), "volume-2"),
        ),
        note=words(f"staff.note.{screen.note}") if screen.note else "",
        slips_title=words("staff.slips"),
        slips=slips,
        no_slips=words("staff.no_slips"),
    )
