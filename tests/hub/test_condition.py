"""How the hub is: in words for people, in figures for machines."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from hub.condition import CLOCK_TOLERANCE_S, Condition
from hub.contract import messages as m
from hub.contract.names import DeviceRole
from hub.contract.time import to_datetime
from hub.live.devices import LastWord
from hub.live.measures import Measures
from hub.messaging.requests import RequestFigures
from hub.storage.database import Database
from tests.hub.storage.centre import Centre


@pytest.fixture
def parts() -> SimpleNamespace:
    """Everything is in order, two devices are known, one of them is there."""
    return SimpleNamespace(
        writer=SimpleNamespace(alive=True),
        link=SimpleNamespace(connected=True, callback_errors=2),
        devices=SimpleNamespace(last_words=dict, malformed=3, doubled=1),
        requests=SimpleNamespace(figures=RequestFigures({"hello": 4}, {"too-late": 5}, {"malformed": 6})),
        rounds=SimpleNamespace(broken=[]),
        ready=True,
    )


@pytest.fixture
def centre(sqlite_database: Database) -> Iterator[Centre]:
    opened = Centre(sqlite_database)
    yield opened
    opened.ledger.close()


@pytest.fixture
def condition(centre: Centre, parts: Any, tmp_path: Path) -> Condition:
    """Over a real ledger."""
    ready = lambda: bool(parts.ready)  # noqa: E731
    others = (parts.writer, parts.link, parts.devices, parts.requests, parts.rounds)
    return Condition(tmp_path, centre.clock, centre.ledger, *others, ready=ready)


def told(condition: Condition) -> dict[str, str]:
    return {name: words for name, words in condition.checks().items() if words is not None}


def figures(condition: Condition) -> dict[str, dict[str, float]]:
    text = Measures(condition.measures).text().decode()
    families = text_string_to_metric_families(text)
    return {
        one.name: {",".join(sample.labels.values()): sample.value for sample in one.samples}
        for one in families
        if one.name.startswith("motcua_")
    }


def test_in_order_nothing_is_told(condition: Condition) -> None:
    """Every part is looked at, and named."""
    assert condition.checks() == dict.fromkeys(("hub", "database", "broker", "disk", "clock"))
    assert figures(condition)["motcua_ready"] == {"": 1}


def test_each_part_has_its_words(condition: Condition, centre: Centre, parts: SimpleNamespace) -> None:
    """What is wrong and what it means, not which class has said so."""
    parts.ready = parts.writer.alive = parts.link.connected = False
    centre.ledger.low_on_disk = True
    centre.clock.turn(-1000 * (CLOCK_TOLERANCE_S + 1))
    assert told(condition) == {
        "hub": "the hub is starting or stopping",
        "database": "the database does not take entries",
        "broker": "the broker cannot be reached: devices get no answers",
        "disk": "the disk is nearly full: no numbers are given",
        "clock": "the clock lies before the last entry: set it right, or confirm the date",
    }
    assert figures(condition)["motcua_ready"] == {"": 0}


@pytest.mark.parametrize(("behind_s", "worth"), [(0, False), (CLOCK_TOLERANCE_S, False), (CLOCK_TOLERANCE_S + 1, True)])
def test_a_clock_a_little_behind_is_not_worth_a_word(
    condition: Condition, centre: Centre, behind_s: int, worth: bool
) -> None:
    """It is in the figures; one that is ahead is not behind."""
    centre.clock.turn(-1000 * behind_s)
    assert ("clock" in told(condition)) is worth
    assert figures(condition)["motcua_clock_behind_seconds"] == {"": behind_s}
    centre.clock.turn(10_000_000)
    assert told(condition) == {}
    assert condition.clock_behind_s() == 0


def test_figures_are_those_of_the_parts(condition: Condition, centre: Centre, parts: SimpleNamespace) -> None:
    """Read off when asked for: who waits, what was refused, what could not be read."""
    with capture_logs():
        centre.ask(centre.issue(), centre.issue(), centre.issue("trade"), centre.call(), centre.bug())
    since = to_datetime(centre.clock.now)
    here = m.DevicePresence(state="online", role=DeviceRole.KIOSK, boot_id="b", version="1", since=since)
    parts.devices.last_words = lambda: {"k1": LastWord(presence=here), "k2": LastWord()}
    parts.rounds.broken = ["back-up"]
    found = figures(condition)
    expected = {
        "motcua_waiting": {"births": 2, "land": 0, "trade": 1},
        "motcua_rule_refusals": {"counter-closed": 1},
        "motcua_internal_faults": {"": 1},
        "motcua_actions": {"": 6},
        "motcua_device_requests": {"hello": 4},
        "motcua_device_refusals": {"too-late": 5},
        "motcua_dropped_messages": {"malformed": 6},
        "motcua_malformed_readings": {"": 3},
        "motcua_callback_errors": {"": 2},
        "motcua_devices_doubled": {"": 1},
        "motcua_devices_online": {"": 1},
        "motcua_rounds_broken": {"": 1},
    }
    assert {name: found[name] for name in expected} == expected
    assert found["motcua_disk_free_megabytes"][""] > 0
