"""Each order once."""

from pathlib import Path
from uuid import uuid4

from hub.client.orders import KEPT, OrderBook
from hub.contract.messages import OrderDone


def test_an_order_is_new_once() -> None:
    """While it is carried out there is no outcome; then there is, for good."""
    book, order_id = OrderBook(), uuid4()
    assert book.is_new(order_id)
    assert not book.is_new(order_id)
    assert book.outcome(order_id) is None
    done = OrderDone(order_id=order_id, ok=True, detail="")
    book.finish(done)
    assert book.outcome(order_id) == done
    assert not book.is_new(order_id)


def test_the_book_does_not_grow_for_ever() -> None:
    """The oldest orders are forgotten."""
    book, first = OrderBook(), uuid4()
    book.is_new(first)
    for _ in range(KEPT):
        assert book.is_new(uuid4())
    assert book.is_new(first)


def test_what_is_done_outlives_the_program(tmp_path: Path) -> None:
    """A file that cannot be read is an empty book."""
    file, done = tmp_path / "orders.json", OrderDone(order_id=uuid4(), ok=False, detail="paper-out")
    book, open_order = OrderBook(file), uuid4()
    book.is_new(open_order)
    book.is_new(done.order_id)
    book.finish(done)
    after = OrderBook(file)
    assert after.outcome(done.order_id) == done
    assert not after.is_new(done.order_id)
    assert after.is_new(open_order)
    file.write_text("[{")
    assert OrderBook(file).is_new(done.order_id)
