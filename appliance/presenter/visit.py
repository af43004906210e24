"""The screens on which a visit begins: the one question, and what can be chosen."""

from appliance.bodies import Choice, Pager, Welcome
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.flow.press import Press
from appliance.naming import in_language
from appliance.presenter.cards import all_cards
from appliance.texts import Texts
from appliance.view import Button, Fact

MOST_IN_HALL = 6


def welcome(kiosk: Kiosk, words: Texts) -> Welcome:
    """The home screen."""
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


def choice(kiosk: Kiosk, screen: sc.Groups | sc.Services | sc.Classes, words: Texts) -> Choice:
    """Groups, services or classes as cards."""
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
