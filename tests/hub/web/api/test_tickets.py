"""Numbers at the desk and for other systems; a ticket's history."""

from uuid import uuid4

import pytest

from hub.actions.citizen.cancel_ticket import cancel_ticket
from hub.actions.citizen.report_slip import report_slip_failed, report_slip_printed
from hub.actions.device.register import add_device
from hub.actions.work import Asker, Device
from hub.contract.names import SlipState
from hub.contract.time import Instant
from tests.hub.web.hall import Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio

WANTED = {"service": "civil", "class": "ordinary"}


async def test_the_desk_gives_numbers(hall: Hall, browser: Browsers) -> None:
    """Without a slip of ours; the same key gives the same number."""
    desk = await signed_in(browser, "desk")
    key = str(uuid4())
    answers = [await desk.change("POST", "/api/v1/tickets", WANTED, key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].text == answers[1].text
    ticket = answers[0].json()["ticket"]
    assert (ticket["number"], ticket["class"], ticket["people_ahead"]) == ("A001", "ordinary", 0)
    found = hall.reading.find_ticket(ticket["id"])
    assert found is not None
    assert (found.slip.value, found.asker.partition(":")[0]) == ("none", "staff")


async def test_a_system_gives_numbers_too(hall: Hall, browser: Browsers) -> None:
    """With its token and no CSRF token."""
    one = browser()
    one.http.headers["authorization"] = f"Bearer {hall.add_system('portal', 'issuing')}"
    answer = await one.change("POST", "/api/v1/tickets", WANTED)
    assert answer.status_code == 201
    found = hall.reading.find_ticket(answer.json()["ticket"]["id"])
    assert found is not None
    assert found.asker == "system:portal"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**WANTED, "service": "nowhere"}, 422, "unknown-service"),
        ({**WANTED, "class": "nobody"}, 422, "unknown-class"),
        ({**WANTED, "class": "x" * 40}, 422, "malformed"),
        ({"service": "civil"}, 422, "malformed"),
        ({**WANTED, "name": "Nguyễn Văn A"}, 422, "malformed"),
    ],
)
async def test_what_cannot_be_issued(
    hall: Hall, browser: Browsers, body: dict[str, str], status: int, code: str
) -> None:
    """Refused by the rules, or before them; names of people have no place here."""
    desk = await signed_in(browser, "desk")
    answer = await desk.change("POST", "/api/v1/tickets", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_history_names_counters_and_officers(hall: Hall, officer: Browser) -> None:
    """What happened in order, without keys, askers and ids of people."""
    ticket = hall.issue()
    await officer.press("c1", "open")
    for verb, body in (("call-next", None), ("recall", None), ("start", None), ("transfer", {"service": "land"})):
        hall.clock.pass_by(20)
        await officer.press("c1", verb, body)
    await officer.press("c1", "undo")
    answer = await officer.get(f"/api/v1/tickets/{ticket}")
    lines = answer.json()["history"]
    assert [line["what"] for line in lines] == [
        "TicketIssued",
        "TicketCalled",
        "TicketRecalled",
        "ServiceStarted",
        "TicketTransferred",
        "MoveUndone",
    ]
    assert all(line["officer"] == "Officer" for line in lines[1:])
    assert (lines[2]["repeat"], lines[2]["counter"], lines[4]["service"]) == (1, "c1", "land")
    assert hall.track_key(ticket) not in answer.text
    assert "kiosk-01" not in answer.text


async def test_the_history_of_a_slip(hall: Hall, browser: Browsers) -> None:
    """Not printed and why, printed again at whose wish, and that it was a copy."""
    desk = await signed_in(browser, "desk")
    hall.do(lambda work: add_device(work, Device("kiosk-01", "kiosk", (), None, None, "ab", Instant(0))))
    ticket, kiosk = hall.issue(slip=SlipState.UNKNOWN), Asker("device", "kiosk-01")
    hall.do(lambda work: report_slip_failed(work, kiosk, ticket, copy=False, reason="paper-out"))
    assert (await desk.change("POST", f"/api/v1/tickets/{ticket}/reprint")).status_code == 201
    hall.do(lambda work: report_slip_printed(work, kiosk, ticket, copy=True))
    answer = (await desk.get(f"/api/v1/tickets/{ticket}")).json()
    told = [(one["what"], one["reason"], one["copy"], one["officer"]) for one in answer["history"][1:]]
    assert told == [
        ("SlipFailed", "paper-out", False, None),
        ("ReprintOrdered", None, None, "Desk"),
        ("SlipPrinted", None, True, None),
    ]
    assert (answer["ticket"]["slip"], answer["ticket"]["copies"]) == ("printed", 1)


async def test_a_slip_that_nobody_printed_cannot_be_printed_again(hall: Hall, browser: Browsers) -> None:
    """A number of the desk, one that is over, one that never was."""
    desk = await signed_in(browser, "desk")
    own = (await desk.change("POST", "/api/v1/tickets", WANTED)).json()["ticket"]["id"]
    answer = await desk.change("POST", f"/api/v1/tickets/{own}/reprint")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-slip")
    over = hall.issue()
    hall.do(lambda work: cancel_ticket(work, Asker("device", "kiosk-01"), over))
    assert (await desk.change("POST", f"/api/v1/tickets/{over}/reprint")).json()["code"] == "illegal-move"
    assert (await desk.change("POST", f"/api/v1/tickets/{uuid4()}/reprint")).status_code == 404


async def test_the_queue_is_what_is(hall: Hall, officer: Browser) -> None:
    """Who waits in order of arrival, the counters, what rests, and what can be taken back until when."""
    first, second, third = hall.issue(class_="elderly"), hall.issue("copies"), hall.issue()
    hall.issue("land")
    await officer.press("c1", "open")
    await officer.press("c1", "call-next")
    await officer.press("c1", "no-show")
    document = (await officer.get("/api/v1/queue")).json()
    civil, copies, land = document["services"]
    assert [ticket["id"] for ticket in civil["tickets"]] == [third]
    assert [ticket["id"] for ticket in copies["tickets"]] == [second]
    assert (land["waiting"], land["tickets"][0]["slip"]) == (1, "printed")
    assert [(ticket["id"], ticket["state"], ticket["class"]) for ticket in document["resting"]] == [
        (first, "no-show", "elderly")
    ]
    counter = document["counters"][0]
    assert (counter["state"], counter["officer"]["display_name"], counter["ticket"]) == ("open", "Officer", None)
    until = "2026-11-23T09:41:10+07:00"
    assert counter["undo"] == {"number": "A001", "was": "called", "state": "no-show", "until": until}
    hall.clock.pass_by(11)
    assert (await officer.get("/api/v1/queue")).json()["counters"][0]["undo"] is None


async def test_a_number_is_found_by_what_stands_on_its_slip(hall: Hall, officer: Browser) -> None:
    """By the number of today, by the random part of the address; with why it waits, while it does."""
    mine = hall.issue("land")
    for slip in ("C001", hall.track_key(mine)):
        answer = await officer.get(f"/api/v1/tickets?slip={slip}")
        assert answer.status_code == 200
        assert answer.json()["ticket"]["id"] == mine
        wait = answer.json()["wait"]
        assert (wait["counters"], wait["working"], wait["ahead"]) == (["c3"], [], 0)
    hall.do(lambda work: cancel_ticket(work, Asker("citizen", mine), mine))
    over = (await officer.get("/api/v1/tickets?slip=C001")).json()
    assert (over["ticket"]["state"], over["wait"]) == ("cancelled", None)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "malformed"),
        ("slip=", 422, "malformed"),
        ("slip=%2F..", 422, "malformed"),
        ("slip=A002", 404, "not-found"),
        ("slip=a001", 404, "not-found"),
        ("slip=abc", 404, "not-found"),
    ],
)
async def test_what_is_not_found(hall: Hall, officer: Browser, query: str, status: int, code: str) -> None:
    """Neither a number of today nor the code of any slip."""
    hall.issue()
    answer = await officer.get(f"/api/v1/tickets?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_number_of_yesterday_is_not_found(hall: Hall, officer: Browser) -> None:
    """Today's may be given again."""
    hall.issue()
    hall.clock.pass_by(86_400)
    hall.issue("land")
    officer = await signed_in(lambda **_: officer, "officer")
    assert (await officer.get("/api/v1/tickets?slip=A001")).status_code == 404


async def test_the_desk_takes_a_number_out(hall: Hall, browser: Browsers) -> None:
    """Whoever gave it; repeated it is the same answer, asked anew it is too late; the history says who."""
    mine = hall.issue()
    desk = await signed_in(browser, "desk")
    key, path = str(uuid4()), f"/api/v1/tickets/{mine}/cancel"
    assert [(await desk.change("POST", path, key=key)).status_code for _ in range(2)] == [200, 200]
    again = await desk.change("POST", path)
    assert (again.status_code, again.json()["code"]) == (409, "illegal-move")
    unknown = await desk.change("POST", f"/api/v1/tickets/{uuid4()}/cancel")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-found")
    told = (await desk.get(f"/api/v1/tickets/{mine}")).json()["history"][-1]
    assert (told["what"], told["officer"]) == ("TicketCancelled", "Desk")


async def test_an_officer_takes_out_only_what_is_at_the_counter(hall: Hall, officer: Browser) -> None:
    """The desk's address is not for counters."""
    answer = await officer.change("POST", f"/api/v1/tickets/{hall.issue()}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
