"""What presence means: lost, returned, held by two; and what means nothing."""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import pytest
from structlog.testing import capture_logs

from hub.actions.device.presence import Meaning
from hub.contract.time import Instant, to_rfc3339
from hub.live import devices
from hub.live.devices import BOOTS_KEPT, LOG_EVERY_MS, PATIENCE, Devices

NOW = Instant(1_795_395_600_000)
AT = to_rfc3339(NOW)


@dataclass
class Hall:
    """Devices as they are heard, and what was reported of them."""

    there: tuple[str, ...] = ()
    now: Instant = NOW
    reported: list[tuple[str, Meaning]] = field(default_factory=list)
    answers: list[tuple[str, UUID, bool, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.devices = Devices(
            lambda device, meaning: self.reported.append((device, meaning)),
            lambda: self.now,
            self.there,
            answered=lambda device, done: self.answers.append((device, done.order_id, done.ok, done.detail)),
        )

    def hear(self, state: str, boot: str = "a", device: str = "k1", *, retained: bool = False) -> None:
        said = {"state": state, "role": "kiosk", "boot_id": boot, "version": "1", "since": AT}
        self.devices.hear(device, "presence", orjson.dumps(said), retained)

    def told(self) -> list[str]:
        """What was reported since last asked, in short."""
        said = [f"{device} {meaning.__name__.removeprefix('Device')}" for device, meaning in self.reported]
        self.reported.clear()
        return said

    def settle(self, times: int = PATIENCE, *, connected: bool = True) -> list[str]:
        for _ in range(times):
            self.devices.settle(connected=connected)
        return self.told()

    def restart(self) -> "Hall":
        """A hub that begins anew, with what the journal last said."""
        words = self.devices.last_words()
        return Hall(tuple(device for device, word in words.items() if word.stated), self.now)


@pytest.fixture
def hall() -> Hall:
    return Hall()


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as entries:
        yield entries


# ---------------------------------------------------------------- there and gone


def test_a_device_returns_and_is_lost(hall: Hall) -> None:
    """Its last will, its good-bye and a restart it has announced are all the same: nobody can take a number there."""
    for state in ("offline", "restarting", "offline"):
        hall.hear("online")
        hall.hear(state)
    assert hall.told() == ["k1 Returned", "k1 Lost"] * 3


def test_what_was_said_before_is_no_news(hall: Hall) -> None:
    """However often it is said."""
    for state in ("online", "online", "offline", "restarting", "offline"):
        hall.hear(state)
        hall.hear(state, retained=True)
    assert hall.told() == ["k1 Returned", "k1 Lost"]


def test_one_that_was_never_there_cannot_be_lost(hall: Hall) -> None:
    """A will that has been left from another life of the broker."""
    hall.hear("offline", retained=True)
    assert hall.told() + hall.settle() == []


def test_each_device_is_judged_for_itself(hall: Hall) -> None:
    """Two kiosks, one of which goes."""
    hall.hear("online", "a", "k1")
    hall.hear("online", "b", "k2")
    hall.hear("offline", "a", "k1")
    assert hall.told() == ["k1 Returned", "k2 Returned", "k1 Lost"]
    assert {name: word.there for name, word in hall.devices.last_words().items()} == {"k1": False, "k2": True}


# ---------------------------------------------------------------- held by two


def test_a_boot_id_that_comes_back_means_two_holders(hall: Hall) -> None:
    """Each takes the other's connection; the will of the one that was pushed out comes first."""
    hall.hear("online", "a")
    hall.hear("offline", "a")
    hall.hear("online", "b")
    assert hall.told() == ["k1 Returned", "k1 Lost", "k1 Returned"]
    hall.hear("offline", "b")
    hall.hear("online", "a")
    assert hall.told() == ["k1 Lost", "k1 Doubled"]
    assert hall.devices.doubled == 1


def fight(hall: Hall, rounds: int) -> None:
    for turn in range(rounds):
        one, other = ("a", "b") if turn % 2 else ("b", "a")
        hall.hear("offline", one)
        hall.hear("online", other)


def test_two_that_push_each_other_out_do_not_flood_the_journal(hall: Hall) -> None:
    """Once a minute; how often it really was stands in the figures. When it is over, what is true is told."""
    hall.hear("online", "a")
    hall.hear("online", "b")
    fight(hall, 500)
    assert hall.told() == ["k1 Returned", "k1 Lost", "k1 Doubled"]
    assert hall.devices.doubled == 500
    hall.now = Instant(NOW + LOG_EVERY_MS - 1)
    assert hall.settle() == []
    hall.now = Instant(NOW + LOG_EVERY_MS)
    assert hall.settle() == ["k1 Returned"]
    fight(hall, 2)
    assert hall.told() == ["k1 Lost", "k1 Doubled"]


def test_a_fight_that_ends_with_nobody_is_told_as_lost(hall: Hall) -> None:
    """As soon as it is certain."""
    hall.hear("online", "a")
    hall.hear("online", "b")
    hall.hear("online", "a")
    hall.hear("offline", "a")
    assert hall.told() == ["k1 Returned", "k1 Doubled"]
    hall.now = Instant(NOW + LOG_EVERY_MS)
    assert hall.settle(1) == ["k1 Lost"]


def test_a_clock_set_back_does_not_silence_a_device(hall: Hall) -> None:
    """What it did a minute ago lies in the future then."""
    for boot in ("a", "b", "a"):
        hall.hear("online", boot)
    hall.now = Instant(NOW - 3_600_000)
    hall.hear("offline", "a")
    assert hall.told() == ["k1 Returned", "k1 Doubled", "k1 Lost"]


def test_only_so_many_lives_are_remembered(hall: Hall) -> None:
    """A device that restarts all day fills no memory."""
    for number in range(100):
        hall.hear("online", f"boot-{number}")
    assert hall.told() == ["k1 Returned"]
    assert len(hall.devices.last_words()["k1"].boots) == BOOTS_KEPT


# ---------------------------------------------------------------- false alarms


def test_a_device_that_restarts_is_one_device(hall: Hall) -> None:
    """A new boot id each time: by its good-bye, by its will, or without a word (a power cut)."""
    hall.hear("online", "a")
    hall.hear("restarting", "a")
    hall.hear("online", "b")
    hall.hear("offline", "b")
    hall.hear("online", "c")
    hall.hear("online", "d")
    assert hall.devices.doubled == 0
    assert hall.told() == ["k1 Returned", "k1 Lost", "k1 Returned", "k1 Lost", "k1 Returned"]


def test_a_device_that_reconnects_is_one_device(hall: Hall) -> None:
    """The same boot id after its own will."""
    for _ in range(3):
        hall.hear("online", "a")
        hall.hear("offline", "a")
    assert hall.devices.doubled == 0


def test_a_will_that_comes_after_its_successor_means_nothing(hall: Hall) -> None:
    """A life that was followed by another has no say; the present one has."""
    hall.hear("online", "a")
    hall.hear("online", "b")
    hall.told()
    hall.hear("offline", "a")
    assert hall.told() == []
    assert hall.devices.last_words()["k1"].there
    hall.hear("offline", "b")
    assert hall.told() == ["k1 Lost"]


def test_a_hub_that_restarts_states_nothing_that_the_journal_has(hall: Hall) -> None:
    """Every presence is heard again then, retained."""
    hall.hear("online", "a", "k1")
    hall.hear("online", "b", "k2")
    hall.hear("offline", "b", "k2")
    again = hall.restart()
    again.hear("online", "a", "k1", retained=True)
    again.hear("offline", "b", "k2", retained=True)
    assert again.told() + again.settle() == []


def test_without_the_journal_every_start_would_state_it_anew(hall: Hall) -> None:
    """Sabotage: a hub that begins with nothing in mind."""
    hall.hear("online", "a")
    forgetful = Hall()
    forgetful.hear("online", "a", retained=True)
    assert forgetful.told() == ["k1 Returned"]


def test_what_changed_while_the_hub_was_away_is_stated(hall: Hall) -> None:
    """One has gone and left its will, one has come, one has gone and its broker with it."""
    for device in ("k1", "k2", "k3"):
        hall.hear("online", "a", device)
    hall.hear("offline", "a", "k2")
    again = hall.restart()
    again.hear("offline", "a", "k1", retained=True)
    again.hear("online", "b", "k2", retained=True)
    assert again.told() == ["k1 Lost", "k2 Returned"]
    assert again.settle(PATIENCE - 1) == []
    assert again.settle(1) == ["k3 Lost"]
    assert again.settle() == []


# ---------------------------------------------------------------- the broker lost


def test_a_broker_that_is_lost_takes_nobody_with_it(hall: Hall) -> None:
    """Devices say that they are there as soon as it is back: nothing has happened to them."""
    hall.hear("online", "a")
    hall.told()
    hall.devices.lose_touch()
    assert hall.settle(20, connected=False) == []
    assert hall.settle(PATIENCE - 1) == []
    hall.hear("online", "a")
    assert hall.told() + hall.settle(20) == []


def test_a_device_that_died_with_its_broker_is_lost(hall: Hall) -> None:
    """No will was kept for it; its silence tells."""
    hall.hear("online", "a")
    hall.told()
    hall.devices.lose_touch()
    assert hall.settle() == ["k1 Lost"]
    assert not hall.devices.last_words()["k1"].there
    hall.hear("online", "a")
    assert hall.told() == ["k1 Returned"]


def test_without_settling_it_would_be_there_for_ever(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: a hub that goes by what it hears alone."""
    monkeypatch.setattr(devices, "PATIENCE", 10**9)
    hall.hear("online", "a")
    hall.told()
    hall.devices.lose_touch()
    assert hall.settle(100) == []
    assert hall.devices.last_words()["k1"].there


# ---------------------------------------------------------------- readings


def test_the_last_reading_of_each_kind_is_kept(hall: Hall) -> None:
    """With the time of the last, and a count that grows: whoever looks now and then sees that something is new."""
    shown = {"board": "hall", "epoch": "e", "sequence": 7, "drawn_at": AT, "speech": "pending"}
    hall.devices.hear("b1", "shown", orjson.dumps(shown), False)
    hall.now = Instant(NOW + 5)
    hall.devices.hear("b1", "shown", orjson.dumps(shown | {"speech": "spoken"}), False)
    word = hall.devices.last_words()["b1"]
    assert word.shown is not None
    assert (word.shown.speech, word.heard_at, word.changes) == ("spoken", NOW + 5, 2)
    assert (word.presence, word.health, hall.told()) == (None, None, [])


@pytest.mark.parametrize("payload", [b"", b"rubbish", b"[]", b"{}", b'{"state":"asleep"}', b"[" * 50_000, b"\xff"])
def test_a_reading_that_cannot_be_read_is_counted_and_logged_once_a_minute(
    hall: Hall, payload: bytes, logged: list[MutableMapping[str, Any]]
) -> None:
    """It changes nothing of what is known."""
    hall.hear("online", "a")
    for _ in range(50):
        hall.devices.hear("k1", "presence", payload, False)
        hall.devices.hear("k2", "health", payload, False)
    assert hall.devices.malformed == 100
    assert [entry["device"] for entry in logged] == ["k1", "k2"]
    assert hall.told() == ["k1 Returned"]
    hall.now = Instant(NOW + LOG_EVERY_MS)
    hall.devices.hear("k1", "presence", payload, False)
    assert len(logged) == 3


def test_a_removed_device_is_forgotten(hall: Hall) -> None:
    """It is neither there nor lost; enrolled anew it begins anew."""
    hall.hear("online", "a")
    hall.devices.forget("k1")
    hall.devices.forget("k1")
    assert hall.devices.last_words() == {}
    hall.told()
    hall.devices.lose_touch()
    assert hall.settle() == []
    hall.hear("online", "b")
    assert hall.told() == ["k1 Returned"]


# ---------------------------------------------------------------- orders


def test_a_word_about_an_order_is_handed_on(hall: Hall) -> None:
    """It is no reading: nothing is kept of it; what cannot be read is counted like one."""
    order = UUID(int=7)
    for payload in ({"order_id": str(order), "ok": False, "detail": "no paper"}, {"order_id": "none", "ok": True}):
        hall.devices.hear("k1", "orders-done", orjson.dumps(payload), False)
    assert hall.answers == [("k1", order, False, "no paper")]
    assert (hall.devices.malformed, hall.devices.last_words(), hall.reported) == (1, {}, [])


def test_who_is_there_is_known_by_its_own_word(hall: Hall) -> None:
    """Neither one that restarts nor one that the journal alone remembers."""
    again = Hall(there=("k3",))
    for one in (hall, again):
        one.hear("online", device="k1")
        one.hear("restarting", device="k2")
        assert one.devices.there() == {"k1"}
