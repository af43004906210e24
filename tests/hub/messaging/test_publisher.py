"""The publisher's two threads: whatever they say at one time, the last word on a topic is the newest."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC
from typing import Any, cast

import pytest

from hub.actions.asking import Door, Sight
from hub.contract.messages import Counter
from hub.contract.set_up import BoardSetUp, CounterSetUp, GroupSetUp, ServiceSetUp, SetUp
from hub.contract.time import Instant
from hub.contract.topics import Announcement
from hub.messaging.publisher import Publisher
from hub.queueing.facts import CounterOpened, Entry
from hub.queueing.line import Line

SET_UP = SetUp(
    name={"en": "Lotus"},
    groups=[GroupSetUp(id="all", name={})],
    services=[ServiceSetUp(id="civil", prefix="A", group="all", name={})],
    counters=[CounterSetUp(id="counter-1", number=1, label={}, services=["civil"])],
    boards=[BoardSetUp(id="hall", name={})],
)


class StillDoor:
    """A door to a line that changes when the test says so."""

    def __init__(self) -> None:
        self.line = Line()

    def look(self, question: Callable[[Sight], Any]) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(question(Sight(self.line, SET_UP, 1, "epoch", 1)))
        return done


class Wall:
    """Keeps what was said last on each topic. `before_counter` is called in the middle of saying it."""

    def __init__(self) -> None:
        self.said: dict[str, Announcement] = {}
        self.before_counter: Callable[[], None] = lambda: None

    def tell(self, announcement: Announcement) -> None:
        if announcement.topic == "counter":
            self.before_counter()
        self.said[announcement.address("hoa-sen")] = announcement

    @property
    def counter(self) -> str:
        message = self.said["motcua/1/hoa-sen/counters/counter-1"].message
        assert isinstance(message, Counter)
        return message.state.value


@pytest.fixture
def door() -> StillDoor:
    return StillDoor()


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def publisher(door: StillDoor, wall: Wall) -> Iterator[Publisher]:
    """A publisher that has said everything once."""
    made = Publisher(
        cast("Door", door),
        [wall.tell],
        clock=lambda: Instant(1),
        zone=UTC,
        public_url=None,
        officers=dict,
        also=lambda _: [],
        coalesce_s=0.05,
    )
    made.start()
    yield made
    made.stop()


def open_counter(publisher: Publisher, door: StillDoor) -> None:
    """An officer sits down: the line has it, and then the follower hears of it."""
    fact = CounterOpened("counter-1", "hanh")
    door.line.apply(fact, Instant(2))
    publisher.on_entries([Entry(1, "epoch", Instant(2), fact)])


def test_what_was_seen_before_is_never_said_after(publisher: Publisher, door: StillDoor, wall: Wall) -> None:
    """Everything is being said again, as after a loss of the broker, and meanwhile a counter opens."""
    follower = threading.Thread(target=open_counter, args=(publisher, door))

    def meanwhile() -> None:
        wall.before_counter = lambda: None
        follower.start()
        follower.join(0.2)  # it may not overtake: its word would be covered by the older one

    assert wall.counter == "closed"
    wall.before_counter = meanwhile
    publisher.say_everything()
    follower.join(10)
    assert not follower.is_alive()
    assert wall.counter == "open"
