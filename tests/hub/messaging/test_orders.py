"""Orders on their way: sent at once and again, until done or over, whichever life of the hub gave them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from hub.actions.asking import Request
from hub.actions.device.order import LIFE_MS, order_device
from hub.actions.device.register import add_device, remove_device
from hub.actions.work import Device
from hub.contract.messages import Order, OrderDone, OrderName
from hub.contract.names import OrderState
from hub.contract.time import Instant
from hub.contract.topics import Announcement
from hub.messaging.orders import Orders
from hub.storage import journal
from hub.storage.database import Database
from hub.storage.doors import DirectDoor
from hub.storage.reading import StoredReading
from tests.hub.storage.centre import Centre
from tests.hub.storage.lived import CHIEF


@dataclass
class Stage:
    """A centre with two kiosks, of which the first is there; what is told to devices is kept."""

    centre: Centre
    told: list[Announcement] = field(default_factory=list)
    uploads: str = "https://10.0.0.5:8443"
    there: set[str] = field(default_factory=lambda: {"k1"})

    def __post_init__(self) -> None:
        self.door = DirectDoor(self.centre.ledger)
        self.reading = StoredReading(self.centre.database)
        for device in ("k1", "k2"):
            kiosk = Device(device, "kiosk", (), None, None, device, Instant(0))
            self.centre.done(Request(lambda work, kiosk=kiosk: add_device(work, kiosk)))
        self.orders = self.begun()

    def begun(self) -> Orders:
        """As by a hub that has just begun."""
        made = Orders(
            self.door,
            self.reading.open_orders,
            self.told.append,
            lambda: self.there,
            uploads=lambda: self.uploads,
            clock=self.centre.clock,
        )
        made.start()
        self._cursor = self.centre.ledger.sight.entry
        return made

    def order(self, device: str = "k1", name: OrderName = OrderName.IDENTIFY) -> str:
        """Given, and told of by the journal."""
        order_id: str = self.centre.done(Request(lambda work: order_device(work, CHIEF, device, name)))["order_id"]
        self.follow()
        return order_id

    def follow(self) -> None:
        with self.centre.database.reading() as connection:
            entries = journal.read_after(connection, self._cursor)
        self._cursor = entries[-1].number if entries else self._cursor
        self.orders.on_entries(entries)

    def say(self, order_id: str, *, device: str = "k1", ok: bool = True) -> None:
        """What a device says of an order."""
        self.orders.hear(device, OrderDone(order_id=UUID(order_id), ok=ok, detail=""))
        self.follow()

    def sent(self) -> list[tuple[str, str]]:
        """Since last asked: to whom, and which order."""
        said = [(dict(one.levels)["device"], str(one.message.order_id)) for one in self.told]  # type: ignore[attr-defined]
        self.told.clear()
        return said

    def state(self, order_id: str) -> OrderState:
        (found,) = [one for one in self.reading.all_orders() if one.id == order_id]
        return found.state


@pytest.fixture
def stage(sqlite_database: Database) -> Iterator[Stage]:
    centre = Centre(sqlite_database)
    yield Stage(centre)
    centre.ledger.close()


def test_an_order_is_sent_when_it_is_on_disk_and_again_until_done(stage: Stage) -> None:
    """Not retained; the same message each time."""
    order_id = stage.order()
    (first,) = stage.told
    assert isinstance(first.message, Order)
    assert (first.topic, first.retained) == ("orders", False)
    assert stage.sent() == [("k1", order_id)]
    for _ in range(2):
        stage.orders.walk()
        assert stage.told == [first]
        assert stage.sent() == [("k1", order_id)]
    stage.say(order_id)
    stage.orders.walk()
    assert (stage.sent(), stage.state(order_id)) == ([], OrderState.DONE)


def test_where_a_picture_is_put_is_said_each_time(stage: Stage) -> None:
    """The next life of the hub may have its door elsewhere; other orders name none."""
    order_id = stage.order(name=OrderName.SCREENSHOT)
    stage.uploads = "https://10.0.0.5:34567"
    stage.orders.walk()
    urls = [one.message.upload_url for one in stage.told]  # type: ignore[attr-defined]
    path = f"/devices/k1/screenshots/{order_id}"
    assert urls == [f"https://10.0.0.5:8443{path}", f"https://10.0.0.5:34567{path}"]
    stage.told.clear()
    stage.order(name=OrderName.IDENTIFY)
    assert [one.message.upload_url for one in stage.told] == [None]  # type: ignore[attr-defined]


def test_a_device_that_is_away_is_told_when_it_is_back(stage: Stage) -> None:
    """Nothing is sent into the void meanwhile, but for the first time."""
    order_id = stage.order("k2")
    assert stage.sent() == [("k2", order_id)]
    stage.orders.walk()
    assert stage.sent() == []
    stage.there.add("k2")
    stage.orders.walk()
    assert stage.sent() == [("k2", order_id)]


def test_the_next_life_of_the_hub_goes_on_with_it(stage: Stage) -> None:
    """It knows what is open from the database, and hears what becomes of it."""
    order_id = stage.order()
    stage.sent()
    stage.orders = stage.begun()
    stage.orders.walk()
    assert stage.sent() == [("k1", order_id)]
    stage.say(order_id, ok=False)
    assert stage.state(order_id) is OrderState.FAILED


def test_what_nobody_does_is_over_in_time(stage: Stage) -> None:
    """It is no longer sent, and ended once."""
    order_id = stage.order()
    stage.sent()
    stage.centre.clock.turn(LIFE_MS)
    stage.orders.walk()
    assert (stage.sent(), stage.state(order_id)) == ([], OrderState.EXPIRED)
    stage.follow()
    commits = stage.centre.ledger.figures.batches
    stage.orders.walk()
    assert stage.centre.ledger.figures.batches == commits


def test_a_word_that_counts_for_nothing_does_not_even_reach_the_writer(stage: Stage) -> None:
    """Another device's, one about no order, one about an order that has ended: a device gone mad costs nothing."""
    order_id = stage.order()
    commits = stage.centre.ledger.figures.batches
    stage.say(order_id, device="k2")
    stage.say(str(UUID(int=7)))
    assert stage.centre.ledger.figures.batches == commits
    stage.say(order_id)
    stage.say(order_id, ok=False)
    assert stage.centre.ledger.figures.batches == commits + 1
    assert stage.state(order_id) is OrderState.DONE


def test_nothing_is_sent_to_a_device_that_was_removed(stage: Stage) -> None:
    """What it was told to do is gone with it."""
    stage.order()
    stage.sent()
    stage.centre.done(Request(lambda work: remove_device(work, "k1")))
    stage.follow()
    stage.orders.walk()
    assert stage.sent() == []


def test_the_database_is_asked_only_when_there_is_news_of_orders(stage: Stage) -> None:
    """Not with every number that is taken."""
    reads: list[int] = []
    read = stage.reading.open_orders
    stage.orders._read = lambda: (reads.append(1), read())[1]
    stage.centre.number()
    stage.follow()
    assert reads == []
    stage.order()
    assert reads == [1]
