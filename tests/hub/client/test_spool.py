"""What the hub must hear is heard once, in order, over restarts of device, hub and broker, and however old it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from hub.client.link import HubLink
from hub.client.spool import Spool
from hub.contract.names import DeviceRole
from tests.hub.client.scripted_hub import (
    DEVICE,
    LIMIT_S,
    TICKET,
    Asked,
    LocalBroker,
    ScriptedHub,
    answer,
    ignore,
    until,
)

PRINTED = {"ticket_id": TICKET["id"], "copy": False}
SOON_S = 0.05


@pytest.fixture
def spool(link: HubLink, tmp_path: Path) -> Iterator[Spool]:
    """Of a kiosk that is ready."""
    opened = Spool(link, tmp_path / "spool", pause_s=SOON_S)
    opened.start()
    yield opened
    opened.close()
    opened.close()


def ids(hub: ScriptedHub, operation: str = "slip-printed") -> list[UUID]:
    """As the hub heard them."""
    return [UUID(asked.id) for asked in hub.operations(operation)]


def test_it_is_told_and_forgotten(spool: Spool, hub: ScriptedHub, tmp_path: Path) -> None:
    """Nothing stays on disk of what is answered."""
    request = uuid7()
    spool.add("slip-printed", PRINTED, request)
    until(lambda: len(spool) == 0, "the answer")
    assert ids(hub) == [request]
    assert list((tmp_path / "spool").iterdir()) == []


def test_what_was_not_answered_is_told_by_the_next_program(link: HubLink, hub: ScriptedHub, tmp_path: Path) -> None:
    """In the same order, under the same ids."""
    before, requests = Spool(link, tmp_path), [uuid7() for _ in range(12)]
    for request in requests:
        before.add("slip-printed", PRINTED, request)
    after = Spool(link, tmp_path, pause_s=SOON_S)
    assert len(after) == 12
    after.start()
    until(lambda: len(after) == 0, "all answers")
    after.close()
    assert ids(hub) == requests


def test_an_answer_that_is_lost_is_waited_for_under_the_same_id(spool: Spool, hub: ScriptedHub) -> None:
    """However often."""
    hub.script["slip-printed"] = [ignore, ignore, ignore, answer]
    request = uuid7()
    spool.add("slip-printed", PRINTED, request)
    until(lambda: len(spool) == 0, "the answer")
    assert ids(hub) == [request] * 4


@pytest.mark.parametrize("code", ["too-late", "too-many", "hub-full", "starting"])
def test_a_no_for_now_loses_nothing(code: str, spool: Spool, hub: ScriptedHub) -> None:
    """What comes later waits its turn."""
    hub.script["slip-printed"] = [lambda there, asked: there.reply(asked, code=code)] * 2
    first, second = uuid7(), uuid7()
    spool.add("slip-printed", PRINTED, first)
    spool.add("slip-printed", PRINTED, second)
    until(lambda: len(spool) == 0, "both answers")
    assert ids(hub) == [first, first, first, second]


def test_a_no_for_good_is_an_answer(spool: Spool, hub: ScriptedHub) -> None:
    """The hub does not know the ticket: asking again would not help, and the next report must not wait for ever."""
    hub.script["slip-printed"] = [lambda there, asked: there.reply(asked, code="not-found")]
    spool.add("slip-printed", PRINTED, uuid7())
    until(lambda: len(spool) == 0, "the answer")
    assert len(ids(hub)) == 1


def test_a_clock_that_is_an_hour_wrong_loses_no_report(spool: Spool, hub: ScriptedHub) -> None:
    """The hub's clock was set while the report was on its way: it comes too late, and says what time it is."""
    hour = timedelta(hours=1)
    hub.clock = lambda: datetime.now(UTC) + hour

    def judge(there: ScriptedHub, asked: Asked) -> None:
        late = there.clock() - datetime.fromisoformat(asked.body["sent_at"]) > timedelta(seconds=10)
        there.reply(asked, {}, code="too-late" if late else None)

    hub.script["slip-printed"] = [judge] * 5
    spool.add("slip-printed", PRINTED, uuid7())
    until(lambda: len(spool) == 0, "the answer")
    assert 2 <= len(ids(hub)) <= 3


def test_the_same_report_is_taken_once(spool: Spool, hub: ScriptedHub) -> None:
    """While it waits; the hub knows it afterwards."""
    hub.script["slip-printed"] = [ignore, answer]
    request = uuid7()
    spool.add("slip-printed", PRINTED, request)
    spool.add("slip-printed", PRINTED, request)
    assert len(spool) == 1
    until(lambda: len(spool) == 0, "the answer")


def test_a_file_that_cannot_be_read_is_set_aside(link: HubLink, hub: ScriptedHub, tmp_path: Path) -> None:
    """The others are told; and it can be looked at."""
    good = uuid7()
    Spool(link, tmp_path).add("slip-printed", PRINTED, good)
    (tmp_path / "00000000.json").write_text('{"operation": "slip-pr')
    (tmp_path / ".00000002.json.half").write_text("{")
    spool = Spool(link, tmp_path, pause_s=SOON_S)
    spool.start()
    until(lambda: len(spool) == 0, "the answer")
    spool.close()
    assert ids(hub) == [good]
    assert [path.name for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".conf"] == [
        "00000000.unreadable"
    ]


def test_what_does_not_fit_the_table_stops_nothing(spool: Spool, hub: ScriptedHub) -> None:
    """It can never be sent."""
    spool.add("slip-printed", {"ticket_id": "none"}, uuid7())
    request = uuid7()
    spool.add("slip-printed", PRINTED, request)
    until(lambda: len(spool) == 0, "the answer")
    assert ids(hub) == [request]


def test_a_full_disk_does_not_keep_it_from_being_told(
    spool: Spool, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only not safe any more."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hub.client.spool.replace_file", full)
    spool.add("slip-printed", PRINTED, uuid7())
    until(lambda: len(spool) == 0, "the answer")
    assert len(ids(hub)) == 1


def test_it_outlives_the_broker(tmp_path: Path) -> None:
    """Told when the hub can be reached again."""
    with LocalBroker(tmp_path) as broker, ScriptedHub(broker.port) as hub:
        with HubLink(broker.address, DEVICE, DeviceRole.KIOSK) as link:
            assert link.wait_ready(LIMIT_S)
            spool = Spool(link, tmp_path / "spool", pause_s=SOON_S)
            spool.start()
            broker.stop()
            until(lambda: not link.ready, "the loss")
            request = uuid7()
            spool.add("slip-printed", PRINTED, request)
            broker.start()
            hub.reconnected()
            until(lambda: len(spool) == 0, "the answer", 20)
            assert set(ids(hub)) == {request}
        spool.close()
