"""The broadcast without a server: who hears what, and what a full queue means."""

import asyncio
import threading

import pytest

from hub.contract.refusals import Refusal, RefusalCode
from hub.web.events import (
    KEPT_FOR_STAFF,
    MOST_LISTENERS,
    PUBLIC,
    QUEUED_BYTES,
    QUEUED_MESSAGES,
    STAFF,
    Broadcast,
    Listener,
    encoded,
)

pytestmark = pytest.mark.anyio


async def settled() -> None:
    """Lets the loop hand over what was announced."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_each_audience_hears_its_own() -> None:
    """Staff hear the public's events and theirs; a phone hears of its own ticket only."""
    events = Broadcast()
    public, staff = events.listen({PUBLIC}), events.listen({PUBLIC, STAFF})
    phone = events.listen({"ticket:1"})
    events.announce("call", b"{}")
    events.announce("queue", b"{}", STAFF)
    events.announce("ticket", b"{}", "ticket:1")
    await settled()
    assert public.take() == encoded("call", b"{}")
    assert staff.take() == encoded("call", b"{}") + encoded("queue", b"{}")
    assert phone.take() == encoded("ticket", b"{}")


async def test_announcing_to_nobody_costs_nothing() -> None:
    """Before anybody listens, and after all have left, nothing is kept."""
    events = Broadcast()
    events.announce("call", b"{}")
    listener = events.listen({PUBLIC})
    events.leave(listener)
    events.announce("call", b"{}")
    await settled()
    assert not events._pending
    assert not listener.queue
    assert events.figures.announced == 2


async def test_a_full_queue_drops_its_listener_alone() -> None:
    """Its connection is cut, its memory freed; the neighbour goes on."""
    events = Broadcast()
    cut = []
    slow = events.listen({PUBLIC}, abort=lambda: cut.append("slow"))
    quick = events.listen({PUBLIC}, abort=lambda: cut.append("quick"))
    for number in range(QUEUED_MESSAGES + 1):
        events.announce("call", b"%d" % number)
        await settled()
        quick.take()
    assert cut == ["slow"]
    assert (slow.dropped, slow.ended, len(slow.queue), slow.queued_bytes) == (True, True, 0, 0)
    assert (events.listeners, events.figures.dropped) == (1, 1)


async def test_a_queue_is_bounded_in_bytes_as_well() -> None:
    """A few large messages fill it too."""
    events = Broadcast()
    slow = events.listen({PUBLIC})
    for _ in range(3):
        events.announce("call", b"." * (QUEUED_BYTES // 2 - 100))
        await settled()
    assert slow.dropped


async def test_a_burst_alone_makes_nobody_slow() -> None:
    """A thousand at once: handed over in portions, between which a listener gets to send."""
    events = Broadcast()
    listener = events.listen({PUBLIC})
    heard = bytearray()

    async def send() -> None:
        while heard.count(b"event:") < 1000:
            await listener.wake.wait()
            heard.extend(listener.take())

    sending = asyncio.create_task(send())
    await asyncio.to_thread(lambda: [events.announce("call", b"%d" % number) for number in range(1000)])
    await asyncio.wait_for(sending, 5)
    assert not listener.dropped
    assert [int(line[6:]) for line in heard.split(b"\n") if line.startswith(b"data: ")] == list(range(1000))


async def test_listeners_are_counted_and_refused_beyond_the_limit() -> None:
    """A centre has hundreds; beyond that one is told to come back. The public cannot take the staff's places."""
    events = Broadcast()
    for _ in range(MOST_LISTENERS - KEPT_FOR_STAFF):
        events.listen({PUBLIC})
    for audiences, places in (({PUBLIC}, 0), ({PUBLIC, STAFF}, KEPT_FOR_STAFF)):
        for _ in range(places):
            events.listen(audiences)
        with pytest.raises(Refusal) as caught:
            events.listen(audiences)
        assert caught.value.code is RefusalCode.TOO_MANY
    events.close()


async def test_ended_by_key_and_by_close() -> None:
    """A sign-out ends that session's streams; a close ends all, and nobody can begin to listen."""
    events = Broadcast()
    mine, other = events.listen({STAFF}, key="mine"), events.listen({STAFF}, key="other")
    events.end("mine")
    await settled()
    assert (mine.ended, other.ended) == (True, False)
    events.close()
    events.close()
    await settled()
    assert other.ended
    with pytest.raises(Refusal):
        events.listen({PUBLIC})


async def test_who_is_stuck_is_cut_at_the_close() -> None:
    """One that ends while it sends cannot finish: it is cut, so that nobody waits for it."""
    cut: list[bool] = []
    listener = Listener(frozenset({PUBLIC}), lambda: True, lambda: cut.append(True), sending_since=1.0)
    listener.end()
    assert cut == [True]
    assert listener.dropped


def test_a_dead_loop_is_nobody() -> None:
    """What listened on a loop that is gone disturbs no thread that announces."""
    events = Broadcast()

    async def listen() -> None:
        events.listen({PUBLIC})

    asyncio.run(listen())
    events.announce("call", b"{}")
    events.end("x")
    events.close()


async def test_saying_it_to_twenty_is_cheap() -> None:
    """Encoded once, one wake-up of the loop a burst: 20 listeners hear 1,000 calls at well under 1 ms each."""
    events = Broadcast()
    listeners = [events.listen({PUBLIC}) for _ in range(20)]
    woken = 0
    loop = asyncio.get_running_loop()
    call_soon_threadsafe = loop.call_soon_threadsafe

    def counted(*given: object) -> object:
        nonlocal woken
        woken += 1
        return call_soon_threadsafe(*given)  # type: ignore[arg-type]

    loop.call_soon_threadsafe = counted  # type: ignore[method-assign, assignment]
    for number in range(1000):
        events.announce("call", b'{"sequence":%d}' % number)
        if number % 50 == 49:
            await settled()
            for listener in listeners:
                assert listener.take().count(b"event:") == 50
    loop.call_soon_threadsafe = call_soon_threadsafe  # type: ignore[method-assign]
    assert woken == 20


async def test_many_threads_may_announce() -> None:
    """Nothing is lost between them."""
    events = Broadcast()
    listener = events.listen({PUBLIC})
    threads = [threading.Thread(target=lambda: [events.announce("call", b"{}") for _ in range(20)]) for _ in range(5)]
    for thread in threads:
        thread.start()
    await asyncio.to_thread(lambda: [thread.join() for thread in threads])
    await settled()
    assert listener.take().count(b"event:") == 100
