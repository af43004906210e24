"""The memory of requests: what it keeps, for how long, and when it may be spared a query."""

from dataclasses import replace

import pytest

from hub.contract.time import Instant
from hub.storage import memory
from hub.storage.database import Database
from hub.storage.memory import KEPT_MS, SLICE, Filter, Key, Remembered
from tests.hub.storage.centre import DAY_MS, Centre, answers

ONE = Remembered("device:k1", "r1", "hash", Instant(5), True, '{"ticket":"Số một"}')


def known(database: Database, *keys: Key) -> dict[Key, Remembered]:
    with database.reading() as connection:
        return memory.recall(connection, keys)


def keep(database: Database, *answers: Remembered) -> None:
    with database.engine.connect() as connection, connection.begin():
        memory.remember(connection, answers)


def test_what_is_recalled_is_what_was_answered(database: Database) -> None:
    """To the letter and the type; several at once; others are not there."""
    refused = replace(ONE, request_id="r2", ok=False, answer='{"code":"nobody-waiting"}')
    keep(database, ONE, refused, replace(ONE, asker="device:k2"))
    found = known(database, ("device:k1", "r1"), ("device:k1", "r2"), ("device:k2", "r2"))
    assert found == {("device:k1", "r1"): ONE, ("device:k1", "r2"): refused}
    assert known(database) == {}
    assert {type(one.ok) for one in found.values()} == {bool}


def test_a_day_is_promised_and_two_are_kept(database: Database) -> None:
    """Older ones go, a slice at a time, so that the writer is never held long."""
    now = Instant(10 * DAY_MS)
    fresh = [replace(ONE, request_id=f"fresh-{n}", at=Instant(now - KEPT_MS + n)) for n in range(3)]
    old = [replace(ONE, request_id=f"old-{n}", at=Instant(n)) for n in range(SLICE + 7)]
    keep(database, *fresh, *old)
    with database.engine.connect() as connection, connection.begin():
        assert [memory.forget(connection, now) for _ in range(3)] == [SLICE, 7, 0]
    assert len(known(database, *((one.asker, one.request_id) for one in (*fresh, *old)))) == 3
    assert KEPT_MS >= DAY_MS


def test_the_filter_never_says_no_to_what_is_remembered(database: Database) -> None:
    """Made from the table or told since; a stranger is spared the query."""
    keep(database, ONE)
    with database.reading() as connection:
        sieve = Filter(connection)
    assert sieve.perhaps([("device:k1", "r1"), ("device:k1", "r2")]) == [("device:k1", "r1")]
    sieve.add([("device:k1", "r2")])
    assert sieve.perhaps([("device:k1", "r2")]) == [("device:k1", "r2")]
    assert sieve.perhaps([("r1", "device:k1"), ("device:k", "1r1")]) == []


def test_a_filter_is_renewed_when_it_has_grown(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """And forgets nothing by it: repeats before and after get their own answer."""
    monkeypatch.setattr(memory, "SPARE", 5)
    centre.reopen()
    first = centre.ledger._filter
    for number in range(40):
        centre.ask(centre.issue(request_id=f"{number}"))
    assert centre.ledger._filter is not first
    assert not centre.ledger._filter.worn
    again = [centre.outcome(centre.issue(request_id=f"{number}")) for number in range(40)]
    assert answers(again) == [f"A{number:03d}" for number in range(1, 41)]
    assert all(one.repeated for one in again)


def test_a_hub_that_forgot_the_disk_was_full_still_remembers(centre: Centre) -> None:
    """After everything was read anew, the filter knows what is remembered."""
    centre.ask(centre.issue(request_id="same"))
    with centre.ledger._connection.begin():
        centre.ledger._load(centre.ledger._connection)
    assert centre.outcome(centre.issue(request_id="same")).repeated
