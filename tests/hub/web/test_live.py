"""What open pages hear of the hub's own announcements, through the whole of it: commit, journal, publisher, stream."""

from contextlib import ExitStack, closing

import httpx

from hub.actions.counter.call_next import call_next
from hub.actions.counter.desk import change_desk
from hub.actions.device.call_staff import answer_staff_call, call_staff
from hub.actions.work import Asker
from hub.contract.set_up import SetUp
from tests.hub.web.hall import PASSWORD, Hall, set_up, until
from tests.hub.web.listening import Ear


def signed_in(port: int, name: str) -> tuple[httpx.Client, str]:
    """A client with a session, and its cookie as a header."""
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}")
    answer = client.post("/api/v1/session", json={"name": name, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client, f"motcua_session={client.cookies['motcua_session']}"


def test_a_call_is_heard_by_everybody_and_the_queue_by_staff(hall: Hall) -> None:
    """The public hears the call, the counter and the board; staff hear the queue besides."""
    hall.issue()
    hall.publish()
    port = hall.serve().port
    client, cookie = signed_in(port, "officer")
    with (
        closing(client),
        Ear(port) as public,
        Ear(port, cookie=cookie) as staff,
        Ear(port, "/api/v1/events?board=hall") as board,
    ):
        until(lambda: public.events and staff.events and board.events)
        assert [name for name, _ in staff.events] == ["queue"]
        hall.do(lambda work: change_desk(work, "c1", "somebody", "open"))
        hall.do(lambda work: call_next(work, "c1", "somebody"))
        for ear in (public, staff, board):
            call = until(lambda ear=ear: ear.named("call"))[0]
            assert (call["board"], call["number"], call["label"]["vi"]) == ("hall", "A001", "Quầy 1")
            until(lambda ear=ear: [one for one in ear.named("counter") if one["state"] == "called"])
        until(lambda: [said for said in board.named("board") if said["calls"]])
        until(lambda: [said for said in staff.named("queue") if said["counters"][0]["state"] == "called"])
        assert not public.named("queue")
        assert not board.named("queue")


def test_a_call_for_staff_is_heard_at_once(hall: Hall) -> None:
    """By staff alone, and so is that somebody goes; it waits for no figure of people waiting."""
    hall.publish(coalesce_s=30)
    port = hall.serve().port
    client, cookie = signed_in(port, "officer")
    with closing(client), Ear(port) as public, Ear(port, cookie=cookie) as staff:
        until(lambda: public.events and staff.named("queue"))
        hall.do(lambda work: call_staff(work, "kiosk-01", "home"))
        called = until(lambda: staff.named("queue")[-1]["help"])
        assert called == [{"device": "kiosk-01", "screen": "home", "since": "2026-11-23T09:41:00+07:00"}]
        hall.do(lambda work: answer_staff_call(work, Asker("staff", "an"), "kiosk-01"))
        until(lambda: staff.named("queue")[-1]["help"] == [])
        assert "kiosk-01" not in str(public.events)


def test_the_queue_asks_for_a_session(hall: Hall) -> None:
    """A page that wants the queue is told that nobody is signed in, instead of being given less."""
    port = hall.serve().port
    answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/events?queue=true")
    assert (answer.status_code, answer.json()["code"]) == (401, "signed-out")


def test_sign_out_and_the_end_by_clock_end_the_stream(hall: Hall) -> None:
    """The stream of a session is over with it; others go on."""
    port = hall.serve().port
    first, cookie = signed_in(port, "officer")
    second, other = signed_in(port, "desk")
    with closing(first), closing(second), ExitStack() as ears:
        ear, neighbour, public = (ears.enter_context(Ear(port, cookie=one)) for one in (cookie, other, ""))
        until(lambda: ear.events and neighbour.events and public.events)
        assert first.delete("/api/v1/session").status_code == 204
        until(lambda: ear.closed)
        assert not neighbour.closed
        hall.clock.pass_by(1800)
        until(lambda: neighbour.closed)
        assert not public.closed


def test_who_follows_a_ticket_hears_of_it_alone(hall: Hall) -> None:
    """State at once, then each change of it; a change of others is heard only where it changes the number ahead."""
    first, second = hall.issue(), hall.issue()
    hall.issue("land")
    hall.publish()
    port = hall.serve().port
    with Ear(port, f"/api/v1/events?ticket={hall.track_key(second)}") as phone:
        assert until(lambda: phone.named("ticket"))[0]["people_ahead"] == 1
        hall.do(lambda work: change_desk(work, "c3", "somebody", "open"))
        hall.do(lambda work: call_next(work, "c3", "somebody"))
        hall.do(lambda work: change_desk(work, "c1", "another", "open"))
        hall.do(lambda work: call_next(work, "c1", "another"))
        until(lambda: phone.named("ticket")[-1]["people_ahead"] == 0)
        assert len(phone.named("ticket")) <= 3
        assert {name for name, _ in phone.events} <= {"ticket", "alive"}
        assert first not in str(phone.events)


def test_a_quiet_stream_says_that_it_lives(hall: Hall) -> None:
    """With the hub's time in it, so that a page knows both."""
    port = hall.serve().port
    with Ear(port) as ear:
        alive = until(lambda: ear.named("alive"))
        assert alive[0]["at"].startswith("2026-11-23T09:41:00")


def test_a_new_set_up_reloads_the_pages(hall: Hall) -> None:
    """Names of services are part of the page itself."""
    hall.publish()
    port = hall.serve().port
    with Ear(port, "/api/v1/events?board=hall") as board:
        until(lambda: board.events)
        changed = set_up().model_copy(update={"notice": {"vi": "Nghỉ trưa"}})
        hall.furnish(SetUp.model_validate(changed.model_dump()))
        until(lambda: board.named("reload"))
