"""A link against a real Mosquitto and a hub that misbehaves on cue."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from hub.client.asking import read_answer
from hub.client.device_file import HubAddress, load
from hub.client.errors import LinkClosed, NoAnswer, NotPermitted, Unfit
from hub.client.link import HubLink, LinkState
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import (
    ASKED,
    DEVICE,
    LIMIT_S,
    TICKET,
    LocalBroker,
    ScriptedHub,
    SecureBroker,
    answer,
    answer_twice,
    ignore,
    until,
)

PRESENCE = f"devices/{DEVICE}/presence"
HEALTH = m.DeviceHealth(
    at=datetime(2026, 11, 23, tzinfo=UTC),
    printer=None,
    scanner=None,
    storage_free_bytes=None,
    temperature_c=41.5,
    undervoltage=None,
    clock_offset_s=None,
    own_numbers={},
    spool=0,
)


def test_an_answer_comes_back(link: HubLink, hub: ScriptedHub) -> None:
    """Asked once, with a new id and the fields as on the wire."""
    reply = link.ask("issue-ticket", ASKED)
    assert read_answer(reply, m.IssueTicketAnswer).ticket.number == TICKET["number"]
    (asked,) = hub.operations("issue-ticket")
    assert UUID(asked.id) == reply.request_id
    assert UUID(asked.id).version == 7
    assert {key: asked.body[key] for key in ASKED} == ASKED


def test_no_ask_waits_for_an_acknowledgement(link: HubLink) -> None:
    """Without TCP_NODELAY each takes 40 ms."""
    connection = link._connection._client.socket()
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_lost_reply_is_repeated_with_the_same_id(link: HubLink, hub: ScriptedHub) -> None:
    """At half of the time-out."""
    hub.script["issue-ticket"] = [ignore, answer]
    begin = time.monotonic()
    reply = link.ask("issue-ticket", ASKED, timeout_s=2.0)
    assert time.monotonic() - begin >= 1.0
    first, second = hub.operations("issue-ticket")
    assert reply.ok
    assert first.id == second.id == str(reply.request_id)
    assert first.body["sent_at"] < second.body["sent_at"]


def test_a_second_reply_does_no_harm(link: HubLink, hub: ScriptedHub) -> None:
    """The next question gets its own answer."""
    hub.script["issue-ticket"] = [answer_twice]
    first = link.ask("issue-ticket", ASKED)
    second = link.ask("issue-ticket", ASKED)
    assert first.request_id != second.request_id
    assert link.ready


def test_no_answer_leaves_the_outcome_open(link: HubLink, hub: ScriptedHub) -> None:
    """Asked twice in vain; asked again with its id, the hub tells."""
    hub.script["issue-ticket"] = [ignore, ignore]
    request_id = uuid7()
    with pytest.raises(NoAnswer) as raised:
        link.ask("issue-ticket", ASKED, timeout_s=0.3, request_id=request_id)
    assert raised.value.request_id == request_id
    assert raised.value.sent
    assert link.ask("issue-ticket", ASKED, request_id=request_id).request_id == request_id
    assert {asked.id for asked in hub.operations("issue-ticket")} == {str(request_id)}


def test_a_refusal_is_a_reply(link: HubLink, hub: ScriptedHub) -> None:
    """Not a fault: the caller shows its words."""
    hub.script["issue-ticket"] = [lambda there, asked: there.reply(asked, code="service-closed")]
    reply = link.ask("issue-ticket", ASKED)
    assert not reply.ok
    assert reply.refusal is not None
    assert reply.refusal.code == "service-closed"


def test_the_same_id_asked_twice_at_once_is_one_question(link: HubLink, hub: ScriptedHub) -> None:
    """Both get the one answer."""
    hub.script["issue-ticket"] = [ignore]
    request_id = uuid7()
    first = link.ask_soon("issue-ticket", ASKED, timeout_s=1.0, request_id=request_id)
    second = link.ask_soon("issue-ticket", ASKED, timeout_s=1.0, request_id=request_id)
    assert first.result(LIMIT_S) is second.result(LIMIT_S)


def test_what_does_not_fit_never_leaves(link: HubLink, hub: ScriptedHub) -> None:
    """Unknown operations, wrong fields, another role's operations and topics."""
    with pytest.raises(Unfit, match="known are hello"):
        link.ask("issue-tickets", ASKED)
    with pytest.raises(Unfit, match="language"):
        link.ask("issue-ticket", {**ASKED, "language": "vietnamese"})
    with pytest.raises(Unfit, match="bytes long"):
        link.ask("issue-ticket", {**ASKED, "note": "x" * 70_000})
    with pytest.raises(Unfit):
        link.publish("health", m.Done())
    with pytest.raises(NotPermitted):
        link.publish("settings", m.DeviceSettings(version=1))
    with pytest.raises(NotPermitted):
        link.follow("board", lambda *_: None, board="hall-1")
    assert hub.operations("issue-ticket") == []


def test_it_says_that_it_is_there_and_that_it_leaves(broker: LocalBroker, hub: ScriptedHub) -> None:
    """Presence is retained, with a boot id of its own; `close` twice is harmless."""
    with HubLink(broker.address, DEVICE, DeviceRole.KIOSK) as link:
        assert link.wait_ready(LIMIT_S)
        until(lambda: hub.last(PRESENCE).get("state") == "online", "presence online")
        assert hub.last(PRESENCE)["boot_id"] == link.boot_id
        assert hub.last(PRESENCE)["role"] == "kiosk"
        link.close()
    until(lambda: hub.last(PRESENCE)["state"] == "offline", "presence offline")
    assert link.state is LinkState.CLOSED
    with pytest.raises(LinkClosed):
        link.ask("issue-ticket", ASKED)
    assert HubLink(broker.address, DEVICE, DeviceRole.KIOSK).boot_id != link.boot_id


def test_the_last_will_speaks_for_a_killed_device(broker: LocalBroker, hub: ScriptedHub) -> None:
    """The broker says it at once when the socket goes."""
    program = (
        "import sys, time; from hub.client.link import HubLink; from hub.client.device_file import HubAddress;"
        "from hub.contract.names import DeviceRole;"
        f"link = HubLink(HubAddress('hoa-sen', '127.0.0.1', {broker.port}), '{DEVICE}', DeviceRole.KIOSK);"
        "link.start(); link.wait_ready(10); sys.stdin.read()"
    )
    device = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        until(lambda: hub.last(PRESENCE).get("state") == "online", "presence online")
        until(lambda: hub.operations("hello"), "hello")
    finally:
        device.kill()
        device.communicate(timeout=LIMIT_S)
    until(lambda: hub.last(PRESENCE)["state"] == "offline", "the last will")


def test_all_comes_back_after_the_broker_was_away(broker: LocalBroker, hub: ScriptedHub, link: HubLink) -> None:
    """Retained presence and health, the greeting, and the question that was open, all without being asked to."""
    link.publish_health(HEALTH)
    until(lambda: hub.last(f"devices/{DEVICE}/health"), "health")
    hub.script["issue-ticket"] = [ignore]
    waiting = link.ask_soon("issue-ticket", ASKED, timeout_s=LIMIT_S)
    until(lambda: hub.operations("issue-ticket"), "the request")
    broker.stop()
    until(lambda: link.state is LinkState.DOWN, "the link notices")
    unsent = link.ask_soon("issue-ticket", ASKED, timeout_s=LIMIT_S)
    hub.heard.clear()
    broker.start()
    hub.reconnected()
    assert waiting.result(LIMIT_S).ok
    assert unsent.result(LIMIT_S).ok
    assert link.ready
    assert len(hub.operations("hello")) >= 2
    asked = [one.id for one in hub.operations("issue-ticket")]
    assert asked.count(str(waiting.result().request_id)) >= 2
    until(lambda: hub.last(PRESENCE).get("state") == "online", "presence again")
    until(lambda: hub.last(f"devices/{DEVICE}/health").get("temperature_c") == 41.5, "health again")


def test_without_a_broker_the_question_was_not_sent(tmp_path: Path) -> None:
    """The caller may give its own number with a clear conscience."""
    with HubLink(LocalBroker(tmp_path).address, DEVICE, DeviceRole.KIOSK) as link:
        with pytest.raises(NoAnswer) as raised:
            link.ask("issue-ticket", ASKED, timeout_s=0.2)
        assert not raised.value.sent
        assert link.clock_offset_s is None
        begin = time.monotonic()
    assert time.monotonic() - begin < LIMIT_S


def test_closing_fails_what_is_open(link: HubLink, hub: ScriptedHub) -> None:
    """Nobody waits for an answer that cannot come."""
    hub.script["issue-ticket"] = [ignore, ignore]
    waiting = link.ask_soon("issue-ticket", ASKED, timeout_s=LIMIT_S)
    link.close()
    with pytest.raises(LinkClosed):
        waiting.result(LIMIT_S)


def test_the_broker_denies(tmp_path: Path) -> None:
    """The access list says no: the asker learns it at once, not after the time-out."""
    root = f"motcua/1/hoa-sen/devices/{DEVICE}"
    access = (
        f"topic write {root}/presence\ntopic write {root}/requests/hello\ntopic read #\ntopic write +/+/+/+/+/replies"
    )
    with (
        LocalBroker(tmp_path, access) as broker,
        ScriptedHub(broker.port),
        HubLink(broker.address, DEVICE, DeviceRole.KIOSK) as link,
    ):
        assert link.wait_ready(LIMIT_S)
        begin = time.monotonic()
        with pytest.raises(NotPermitted, match="issue-ticket"):
            link.ask("issue-ticket", ASKED, timeout_s=LIMIT_S)
        assert time.monotonic() - begin < LIMIT_S / 2
        link.publish_health(HEALTH)
        assert link.wait_ready(LIMIT_S)


def test_it_follows_what_is_retained_and_what_comes(link: HubLink, hub: ScriptedHub) -> None:
    """Messages are parsed per THE table; malformed ones are dropped, a cleared one is None."""
    heard: list[object] = []
    settings = f"devices/{DEVICE}/settings"
    hub.say(settings, {"version": 1, "kiosk_number": 7}, retain=True)
    link.follow("settings", lambda _topic, message: heard.append(message))
    until(lambda: heard, "the retained settings")
    hub.say(settings, b"not json")
    hub.say(settings, {"version": "one"})
    hub.say(settings, {"version": 2, "of_a_newer_hub": True})
    hub.say(settings, b"", retain=True)
    until(lambda: len(heard) == 3, "two more")
    assert heard == [m.DeviceSettings(version=1, kiosk_number=7), m.DeviceSettings(version=2), None]


def test_a_callback_that_raises_harms_nobody(link: HubLink, hub: ScriptedHub) -> None:
    """Other callbacks hear, and questions are answered."""
    heard: list[object] = []

    def fail(_topic: str, _message: object) -> None:
        raise RuntimeError("a bug in the program")

    link.follow("settings", fail)
    link.follow("settings", lambda _topic, message: heard.append(message))
    hub.say(f"devices/{DEVICE}/settings", {"version": 1}, retain=True)
    until(lambda: heard, "the other callback")
    assert link.ask("issue-ticket", ASKED).ok


def test_garbage_on_the_replies_harms_nobody(link: HubLink, hub: ScriptedHub) -> None:
    """Neither bytes that are no JSON nor replies to questions never asked."""
    hub.say(f"devices/{DEVICE}/replies", b"\xff\x00")
    hub.say(f"devices/{DEVICE}/replies", {"request_id": str(uuid7()), "at": "now", "ok": True})
    assert link.ask("issue-ticket", ASKED).ok


def test_it_knows_how_the_hub_is(link: HubLink, hub: ScriptedHub) -> None:
    """From the retained topic; when a hub comes back, open questions reach it at once."""
    assert link.hub_state is None
    hub.be("online", "boot-1")
    until(lambda: link.hub_state, "the hub's presence")
    hub.script["issue-ticket"] = [ignore, answer]
    waiting = link.ask_soon("issue-ticket", ASKED, timeout_s=60.0)
    hub.be("offline", "boot-1")
    hub.be("online", "boot-2")
    assert waiting.result(LIMIT_S).ok
    assert link.hub_state is not None
    assert link.hub_state.boot_id == "boot-2"


def test_a_greeting_goes_on_until_the_hub_says_yes(broker: LocalBroker, hub: ScriptedHub) -> None:
    """A hub that is starting refuses, then comes online; what was asked meanwhile is asked then."""
    hub.be("starting", "boot-1")
    hub.script["hello"] = [lambda there, asked: there.reply(asked, code="starting")]
    changes: list[bool] = []
    with HubLink(broker.address, DEVICE, DeviceRole.KIOSK, on_change=changes.append) as link:
        until(lambda: hub.operations("hello"), "the first greeting")
        waiting = link.ask_soon("issue-ticket", ASKED, timeout_s=LIMIT_S)
        until(lambda: link.hub_state is not None, "the hub's presence")
        assert not link.ready
        assert hub.operations("issue-ticket") == []
        hub.be("online", "boot-1")
        assert waiting.result(LIMIT_S).ok
        assert changes == [True]
        broker.stop()
        until(lambda: changes == [True, False], "the loss is told")


def test_it_keeps_the_hubs_time(broker: LocalBroker, hub: ScriptedHub) -> None:
    """A kiosk two hours behind sends corrected times from its first real question on."""
    with HubLink(broker.address, DEVICE, DeviceRole.KIOSK, wall=lambda: time.time() - 7200) as link:
        assert link.wait_ready(LIMIT_S)
        assert link.clock_offset_s == pytest.approx(7200, abs=0.5)
        link.ask("issue-ticket", ASKED)
    sent_at = datetime.fromisoformat(hub.operations("issue-ticket")[0].body["sent_at"])
    assert abs(sent_at - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_order_is_carried_out_once(broker: LocalBroker, hub: ScriptedHub) -> None:
    """Repeated, its outcome is told again; expired, it is not heeded."""
    taken: list[m.Order] = []
    orders, done = f"devices/{DEVICE}/orders", f"devices/{DEVICE}/orders-done"
    soon = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    order = {"order_id": str(uuid7()), "order": "identify", "expires_at": soon}
    link = HubLink(broker.address, DEVICE, DeviceRole.KIOSK)
    link.obey(taken.append)
    with link:
        assert link.wait_ready(LIMIT_S)
        hub.say(orders, {**order, "order_id": str(uuid7()), "expires_at": past})
        hub.say(orders, order)
        hub.say(orders, order)
        until(lambda: taken, "the order")
        link.order_done(taken[0].order_id, ok=True, detail="blinked")
        until(lambda: hub.last(done), "the outcome")
        hub.say(orders, order)
        until(lambda: [topic for topic, _ in hub.heard].count(done) >= 2, "the outcome again")
    assert [str(one.order_id) for one in taken] == [order["order_id"]]
    assert hub.last(done) == {"order_id": order["order_id"], "ok": True, "detail": "blinked"}


def test_many_threads_ask_at_once(link: HubLink) -> None:
    """Each gets the answer to its own question."""
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(20):
            request_id = uuid7()
            if link.ask("issue-ticket", ASKED, timeout_s=LIMIT_S, request_id=request_id).request_id != request_id:
                wrong.append(request_id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT_S)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []


def test_it_closes_soon_even_if_the_broker_hangs() -> None:
    """One that accepts and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        link = HubLink(HubAddress("hoa-sen", "127.0.0.1", mute.getsockname()[1]), DEVICE, DeviceRole.KIOSK)
        link.start()
        accepted, _ = mute.accept()
        with accepted:
            assert accepted.recv(1)
            assert not link.wait_ready(0.05)
            begin = time.monotonic()
            link.close()
            assert time.monotonic() - begin < LIMIT_S


def test_many_links_ask_at_once_over_tls(tmp_path: Path) -> None:
    """Plain TCP would hide two threads that write to one socket."""
    with SecureBroker(tmp_path) as broker, ScriptedHub(broker.port), ExitStack() as open_links:
        links = []
        for name in (f"kiosk-{number:02}" for number in range(8)):
            device = load(broker.enrol(name, DeviceRole.KIOSK, tmp_path / name))
            links.append(open_links.enter_context(HubLink(device.address, device.device, device.role)))
        assert all(link.wait_ready(LIMIT_S) for link in links)
        asked = [link.ask_soon("issue-ticket", ASKED, timeout_s=LIMIT_S) for _ in range(25) for link in links]
        assert all(answered.result(LIMIT_S).ok for answered in asked)
        assert all(link.ready for link in links)


@pytest.mark.filterwarnings("ignore:unclosed <ssl:ResourceWarning")  # paho drops the socket of a failed handshake
def test_a_broker_of_another_centre_is_not_trusted(tmp_path: Path) -> None:
    """A link never becomes ready with one whose certificate it cannot check."""
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    ours = SecureBroker(tmp_path / "ours")
    with SecureBroker(tmp_path / "theirs") as theirs, ScriptedHub(theirs.port):
        device = load(ours.enrol(DEVICE, DeviceRole.KIOSK, tmp_path / DEVICE))
        other = load(theirs.enrol(DEVICE, DeviceRole.KIOSK, tmp_path / "other"))
        lured = replace(device.address, port=other.address.port)
        with HubLink(lured, DEVICE, DeviceRole.KIOSK) as link, HubLink(other.address, "b", DeviceRole.KIOSK) as good:
            assert good.wait_ready(LIMIT_S)
            assert not link.wait_ready(0.5)
