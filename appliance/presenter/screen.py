"""What the screen says: state and language become words, icons and buttons. Pure: nothing here draws or decides."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from appliance.flow import screens as sc
from appliance.flow.kiosk import TEXT_SIZES, Kiosk, seconds_left
from appliance.flow.press import Press
from appliance.naming import in_language
from appliance.texts import Texts
from appliance.view import Body, Button, Header, Notice, Tone, View
from appliance.words import words_in


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
            return more_time, words("result.left", seconds=seconds_left(until_s, kiosk)), kept
        case sc.Result(until_s=until_s):
            another = Button(Press.ANOTHER, words("result.another"), "plus")
            return another, words("result.home_in", seconds=seconds_left(until_s, kiosk)), done
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


# ---------------------------------------------------------------- between header and bar


def _body(kiosk: Kiosk, words: Texts, slips: tuple[str, ...]) -> Body:
    """Each is loaded when it is first needed: the first screen after a start is a notice, and stands the sooner."""
    match kiosk.screen:
        case sc.Home():
            from appliance.presenter.visit import welcome

            return welcome(kiosk, words)
        case sc.Groups() | sc.Services() | sc.Classes() as screen:
            from appliance.presenter.visit import choice

            return choice(kiosk, screen, words)
        case sc.Finding() as screen:
            from appliance.presenter.finding import search

            return search(kiosk, screen, words)
        case sc.Result() as screen:
            from appliance.presenter.ticket import ticket_given

            return ticket_given(kiosk, screen, words)
        case sc.StaffPin() as screen:
            from appliance.presenter.staff import pin_pad

            return pin_pad(kiosk, screen, words)
        case sc.StaffMenu() as screen:
            from appliance.presenter.staff import staff_desk

            return staff_desk(kiosk, screen, words, slips)
        case _:
            return _notice(kiosk, words)


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
            lead = words("still.lead", seconds=seconds_left(until_s, kiosk))
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
