"""An officer's presses over HTTP: one verb each, safe to send again."""

from uuid import uuid4

import pytest

from hub.actions.device.register import add_device
from hub.actions.work import Device
from hub.contract.names import StaffRole
from hub.contract.time import Instant
from hub.queueing.ticket import Verb
from tests.hub.queueing.test_ticket import ASKED_OTHERWISE
from tests.hub.web.hall import Browser, Browsers, Hall, signed_in

pytestmark = pytest.mark.anyio


async def test_a_visit_from_call_to_finish(hall: Hall, officer: Browser) -> None:
    """Open, call, recall, start, finish: each answers how the counter stands."""
    ticket = hall.issue()
    states = []
    for verb in ("open", "call-next", "recall", "start", "finish", "pause", "resume", "close"):
        answer = await officer.press("c1", verb)
        assert answer.status_code == 200, answer.text
        states.append(answer.json()["state"])
    assert states == ["open", "called", "called", "serving", "open", "paused", "open", "closed"]
    assert (await officer.get(f"/api/v1/tickets/{ticket}")).json()["ticket"]["state"] == "finished"


async def test_held_and_missed_tickets_can_be_named(hall: Hall, officer: Browser) -> None:
    """Return takes a ticket of today that rests; transfer and cancel too."""
    first, second, third = (hall.issue() for _ in range(3))
    await officer.press("c1", "open")
    for verb in ("call-next", "hold", "call-next", "no-show"):
        assert (await officer.press("c1", verb)).status_code == 200
    assert (await officer.press("c1", "return", {"ticket": first})).json()["ticket"]["state"] == "waiting"
    assert (await officer.press("c1", "cancel", {"ticket": second})).json()["ticket"]["state"] == "cancelled"
    assert (await officer.press("c1", "call-next")).json()["ticket"]["id"] == first
    await officer.press("c1", "hold")
    moved = await officer.press("c1", "transfer", {"service": "land", "ticket": first})
    assert (moved.json()["ticket"]["service"], moved.json()["ticket"]["state"]) == ("land", "waiting")
    assert (await officer.press("c1", "return", {"ticket": str(uuid4())})).status_code == 404
    assert (await officer.press("c1", "call-next")).json()["ticket"]["id"] == third


async def test_a_slip_is_printed_again(hall: Hall, officer: Browser) -> None:
    """Of the ticket at the counter, or of a named one; it is no press that could be taken back."""
    hall.do(lambda work: add_device(work, Device("kiosk-01", "kiosk", (), None, None, "ab", Instant(0))))
    called, waiting = hall.issue(), hall.issue()
    await officer.press("c1", "open")
    assert (await officer.press("c1", "reprint")).status_code == 404
    await officer.press("c1", "call-next")
    for body, ticket in ((None, called), ({"ticket": waiting}, waiting)):
        answer = await officer.press("c1", "reprint", body)
        assert (answer.status_code, answer.json()["ticket"]["id"]) == (200, ticket)
    assert [one.ticket for one in hall.reading.open_orders()] == [called, waiting]
    assert (await officer.press("c1", "undo")).json()["ticket"]["id"] == called


async def test_a_press_can_be_taken_back(hall: Hall, officer: Browser) -> None:
    """Within ten seconds, once."""
    hall.issue()
    await officer.press("c1", "open")
    await officer.press("c1", "call-next")
    assert (await officer.press("c1", "undo")).json()["ticket"]["state"] == "waiting"
    again = await officer.press("c1", "undo")
    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-undo")


async def test_the_same_key_is_the_same_press(hall: Hall, officer: Browser) -> None:
    """Sent three times, called once, answered alike; at another address or with another body it is a mismatch."""
    first, _ = hall.issue(), hall.issue()
    await officer.press("c1", "open")
    key = str(uuid4())
    answers = [await officer.press("c1", "call-next", key=key) for _ in range(3)]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert answers[0].json()["ticket"]["id"] == first
    assert hall.writer.look(lambda sight: sight.line.waiting_count("civil")).result(5) == 1
    for verb, body in (("recall", None), ("transfer", {"service": "land"})):
        other = await officer.press("c1", verb, body, key=key)
        assert (other.status_code, other.json()["code"]) == (409, "request-mismatch")
    bodies = [{"service": "land"}, {"service": "copies"}]
    key = str(uuid4())
    assert [(await officer.press("c1", "transfer", body, key=key)).status_code for body in bodies] == [200, 409]


async def test_a_refusal_is_remembered_like_an_answer(hall: Hall, officer: Browser) -> None:
    """Nobody waited then; sent again with the same key it is still so, with a new one somebody is called."""
    await officer.press("c1", "open")
    key = str(uuid4())
    assert (await officer.press("c1", "call-next", key=key)).json()["code"] == "nobody-waiting"
    hall.issue()
    assert (await officer.press("c1", "call-next", key=key)).json()["code"] == "nobody-waiting"
    assert (await officer.press("c1", "call-next")).status_code == 200


async def test_keys_are_ones_own(hall: Hall, officer: Browser, browser: Browsers) -> None:
    """Two officers' browsers may come upon the same key."""
    hall.add_staff("binh", StaffRole.OFFICER)
    other = await signed_in(browser, "binh")
    key = str(uuid4())
    assert (await officer.press("c1", "open", key=key)).status_code == 200
    assert (await other.press("c2", "open", key=key)).status_code == 200


async def test_a_key_in_capitals_is_the_same_key(hall: Hall, officer: Browser) -> None:
    """A UUID however written."""
    hall.issue()
    hall.issue()
    await officer.press("c1", "open")
    key = str(uuid4())
    called = [(await officer.press("c1", "call-next", key=one)).text for one in (key, key.upper(), f"{{{key}}}")]
    assert len(set(called)) == 1


async def test_one_does_not_press_at_anothers_counter(hall: Hall, officer: Browser, browser: Browsers) -> None:
    """Whoever sits there has it; every verb says so."""
    hall.add_staff("binh", StaffRole.OFFICER)
    other = await signed_in(browser, "binh")
    await other.press("c1", "open")
    for verb in ("open", "call-next", "close", *(one.value for one in Verb if one not in ASKED_OTHERWISE)):
        answer = await officer.press("c1", verb)
        assert (answer.status_code, answer.json()["code"]) == (409, "counter-taken"), verb


async def test_a_closed_body_is_closed(hall: Hall, officer: Browser) -> None:
    """A misspelt field is said, not skipped."""
    await officer.press("c1", "open")
    answer = await officer.press("c1", "return", {"tickets": "x"})
    assert answer.status_code == 422
    assert "tickets" in answer.json()["detail"]
