"""Live streams on a real server: everybody hears everything in order, and nobody's slowness costs the others."""

import json
import socket
import threading
import time
from contextlib import ExitStack

from hub.web.events import QUEUED_MESSAGES, STALLED_S, TICK_S
from hub.web.stream import EventStream
from tests.hub.web.hall import Hall, until
from tests.hub.web.listening import Ear, connected

LISTENERS = 20
CALLS = 200


def announce(hall: Hall, number: int, *, padding: int = 0) -> None:
    """A call as the publisher would announce it."""
    hall.live.events.announce("call", json.dumps({"sequence": number, "padding": "." * padding}).encode())


def sequences(ear: Ear) -> list[int]:
    return [data["sequence"] for data in ear.named("call")]


def test_twenty_listeners_hear_every_call_in_order(hall: Hall) -> None:
    """Said from another thread while they listen: each has all of it, in the order in which it was said."""
    port = hall.serve().port
    with ExitStack() as ears:
        heard = [ears.enter_context(Ear(port)) for _ in range(LISTENERS)]
        until(lambda: all(ear.named("waiting") for ear in heard))
        for number in range(CALLS):
            announce(hall, number)
        until(lambda: all(len(ear.named("call")) == CALLS for ear in heard))
        assert all(sequences(ear) == list(range(CALLS)) for ear in heard)
    until(lambda: hall.live.events.listeners == 0)


def test_the_first_word_is_the_state_as_it_is(hall: Hall) -> None:
    """Whoever connects, for the first time or again, is right at once."""
    hall.issue("civil")
    port = hall.serve().port
    with Ear(port) as public, Ear(port, "/api/v1/events?board=hall") as board:
        assert until(lambda: public.events)[0][0] == "waiting"
        assert public.events[0][1]["services"]["civil"]["waiting"] == 1
        name, state = until(lambda: board.events)[0]
        assert (name, state["board"], state["waiting"][0]["waiting"]) == ("board", "hall", 1)
    assert b"text/event-stream" in public.head
    assert b"content-length" not in public.head


def test_a_slow_reader_is_dropped_while_the_others_go_on(hall: Hall) -> None:
    """One who never reads is cut when the queue is full; the others miss nothing, and memory stays bounded."""
    port = hall.serve().port
    events = hall.live.events
    with ExitStack() as ears, connected(port, "/api/v1/events", receive_buffer=4096) as deaf:
        heard = [ears.enter_context(Ear(port)) for _ in range(3)]
        until(lambda: events.listeners == 4)
        total = 0
        while events.figures.dropped == 0:
            announce(hall, total, padding=2000)
            total += 1
            until(lambda total=total: all(len(ear.named("call")) >= total - 50 for ear in heard))
            assert total < 20 * QUEUED_MESSAGES
        assert events.listeners == 3
        until(lambda: all(len(ear.named("call")) == total for ear in heard))
        assert all(sequences(ear) == list(range(total)) for ear in heard)
        assert not any(ear.closed for ear in heard)
        assert is_reset(deaf)


def test_who_does_not_read_is_gone_in_ten_odd_seconds(hall: Hall) -> None:
    """Even when little is said: what cannot be sent for ten seconds ends the connection."""
    port = hall.serve().port
    events = hall.live.events
    with connected(port, "/api/v1/events", receive_buffer=4096) as deaf:
        until(lambda: events.listeners == 1)
        started = time.monotonic()
        for number in range(40):  # more than both kernels hold, far less than the queue
            announce(hall, number, padding=20_000)
        until(lambda: events.listeners == 0, limit_s=STALLED_S + 2 * TICK_S + 20)
        took = time.monotonic() - started
        assert took > STALLED_S - TICK_S
        assert is_reset(deaf)


def test_a_stop_with_open_streams_takes_less_than_two_seconds(hall: Hall) -> None:
    """Twenty who listen and one who does not read: all are ended, and the port is free."""
    server = hall.serve()
    with ExitStack() as ears, connected(server.port, "/api/v1/events", receive_buffer=4096):
        heard = [ears.enter_context(Ear(server.port)) for _ in range(LISTENERS)]
        until(lambda: hall.live.events.listeners == LISTENERS + 1)
        for number in range(40):
            announce(hall, number, padding=20_000)
        until(lambda: all(len(ear.named("call")) == 40 for ear in heard))
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 2.0
        assert not server.alive
        until(lambda: all(ear.closed for ear in heard))
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", server.port))


def test_a_closed_browser_is_noticed(hall: Hall) -> None:
    """A page that is closed leaves no listener behind."""
    port = hall.serve().port
    with Ear(port):
        until(lambda: hall.live.events.listeners == 1)
    until(lambda: hall.live.events.listeners == 0)


def test_threads_may_announce_at_once(hall: Hall) -> None:
    """Each thread's own order is kept, and nothing is lost between them."""
    port = hall.serve().port
    with Ear(port) as ear:
        until(lambda: ear.named("waiting"))

        def say(start: int) -> None:
            for number in range(start, start + 50):
                announce(hall, number)

        threads = [threading.Thread(target=say, args=(start,)) for start in (0, 1000, 2000)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until(lambda: len(ear.named("call")) == 150)
        for start in (0, 1000, 2000):
            assert [n for n in sequences(ear) if start <= n < start + 50] == list(range(start, start + 50))


def is_reset(one: socket.socket) -> bool:
    """Whether the hub has cut this connection: what is left in the buffers may still be read first."""
    one.settimeout(5)
    try:
        while one.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return False


def test_the_stream_says_no_length() -> None:
    """An answer without an end has no length."""
    assert "content-length" not in EventStream(None, None, b"").headers  # type: ignore[arg-type]
