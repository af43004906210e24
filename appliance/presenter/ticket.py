"""A ticket that was given, as the screen says it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.bodies import PaperLook, TicketGiven
from appliance.flow import screens as sc
from appliance.flow.kiosk import Kiosk
from appliance.naming import in_language
from appliance.texts import Texts
from appliance.view import Fact
from appliance.words import counters_line, wait_line, words_in

if TYPE_CHECKING:
    from hub.contract.messages import IssuedTicket

LOOKS = {
    sc.Paper.COMING: (PaperLook.COMING, "slip.coming", "slip.coming.lead"),
    sc.Paper.PRINTED: (PaperLook.OUT, "slip.take", "slip.take.lead"),
    sc.Paper.FAILED: (PaperLook.NONE, "slip.failed", "slip.failed.keep"),
}


def ticket_given(kiosk: Kiosk, screen: sc.Result, words: Texts) -> TicketGiven:
    """The number with all that belongs to it, and what becomes of the paper."""
    ticket = screen.ticket
    service = kiosk.world.service(ticket.service)
    group = next((one.id for one in kiosk.world.groups for s in one.services if s.id == ticket.service), "")
    name = in_language(service.name, words.language) if service is not None else ticket.service
    paper, title, lead = LOOKS[screen.paper]
    failed = paper is PaperLook.NONE
    return TicketGiven(
        title=words("slip.failed" if failed else "result.title"),
        number_label=words("result.number"),
        number=ticket.number,
        service=name,
        icon=service.icon if service is not None else "file-text",
        tint=group,
        facts=_facts(ticket, words),
        hint="" if failed else words("result.called"),
        paper=paper,
        paper_title=words(title),
        paper_lead=words(lead),
        track_url=ticket.track_url or "",
        scan=words("slip.keep.scan" if failed else "slip.scan"),
        warning=words("slip.failed.counts") if failed else "",
        ways_title=words("slip.keep.title") if failed else "",
        ways=_ways(ticket, words) if failed else (),
        says=words("result.says", number=ticket.number, service=name),
    )


def _facts(ticket: IssuedTicket, words: Texts) -> tuple[Fact, ...]:
    said = words_in(words.language)
    where = counters_line(said, tuple(ticket.counters))
    facts = [
        Fact(
            "map-pin",
            words("result.counters"),
            where.removeprefix(f"{said.counter} ").removeprefix(f"{said.counters} "),
        ),
        Fact("users", words("result.ahead"), _ahead(ticket.people_ahead, words)),
    ]
    if ticket.wait is not None:
        band = wait_line(said, ticket.wait.low_s, ticket.wait.high_s)
        facts.append(Fact("clock", words("result.wait"), band))
    return tuple(facts)


def _ahead(people: int, words: Texts) -> str:
    if people == 0:
        return words("result.ahead.nobody")
    return words("result.ahead.one") if people == 1 else words("result.ahead.people", people=people)


def _ways(ticket: IssuedTicket, words: Texts) -> tuple[Fact, ...]:
    """With a telephone, and without one."""
    phone = "slip.keep.phone.scan" if ticket.track_url else "slip.keep.phone.photo"
    return (
        Fact("smartphone", words("slip.keep.phone"), words(phone)),
        Fact("hand-helping", words("slip.keep.none"), words("slip.keep.none.desk")),
    )
