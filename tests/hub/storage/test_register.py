"""Staff, sessions, devices, systems: the rows beside the line."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from hub.actions.work import Device, SignedIn, StaffMember
from hub.contract.names import DeviceRole
from hub.contract.time import Instant
from hub.contract.topics import DeviceIdentity
from hub.storage import memory
from hub.storage.database import Database
from hub.storage.memory import Remembered
from hub.storage.register import StoredRegister, identities

NOW = Instant(1_795_395_600_000)
LAN = StaffMember("s1", "lan", "Nguyễn Thị Lan", "officer", "$argon2id$1", NOW)
MINH = StaffMember("s2", "minh", "Trần Minh", "administrator", "$argon2id$2", NOW)
KIOSK = Device("kiosk-01", "kiosk", (), None, 7, "ab", NOW)
BOARD = Device("board-01", "board", ("hall", "yard"), None, None, "cd", NOW, 4)
PAD = Device("pad-01", "pad", (), "c1", None, "ef", NOW)


@pytest.fixture
def register(database: Database) -> Iterator[StoredRegister]:
    """Over a transaction that is open."""
    with database.engine.connect() as connection, connection.begin():
        yield StoredRegister(connection)


def session(token: str, staff: str = "s1", created_at: int = NOW, seen_at: int = NOW) -> SignedIn:
    return SignedIn(token, staff, "csrf", Instant(created_at), Instant(seen_at), "10.0.0.9")


def open_sessions(register: StoredRegister, *tokens: str) -> list[str]:
    return [token for token in tokens if register.find_session(token) is not None]


# ---------------------------------------------------------------- staff


def test_a_person_is_found_by_name_and_by_id(register: StoredRegister) -> None:
    """As he or she was added; nobody else is."""
    assert not register.has_staff()
    for person in (MINH, LAN):
        register.add_staff(person)
    assert register.has_staff()
    assert (register.find_staff("lan"), register.staff_of("s2")) == (LAN, MINH)
    assert (register.find_staff("s1"), register.staff_of("lan"), register.find_staff("LAN")) == (None, None, None)
    assert register.all_staff() == [LAN, MINH]


def test_a_sign_in_name_is_one_person_s(register: StoredRegister) -> None:
    """The database sees to it, whoever asks."""
    register.add_staff(LAN)
    with pytest.raises(IntegrityError):
        register.add_staff(replace(MINH, name="lan"))


def test_a_person_goes_with_all_sessions(register: StoredRegister) -> None:
    """Others stay signed in."""
    for person in (LAN, MINH):
        register.add_staff(person)
    for one in (session("a"), session("b"), session("c", "s2")):
        register.add_session(one)
    assert register.remove_staff("s1")
    assert not register.remove_staff("s1")
    assert register.all_staff() == [MINH]
    assert open_sessions(register, "a", "b", "c") == ["c"]


# ---------------------------------------------------------------- sessions


def test_a_session_is_found_by_its_token(register: StoredRegister) -> None:
    """As it was begun, then as it was last used."""
    register.add_session(session("a"))
    register.add_session(session("b"))
    assert register.find_session("a") == session("a")
    assert register.find_session("z") is None
    register.touch_sessions({"a": Instant(NOW + 5), "z": Instant(NOW + 5)})
    register.touch_sessions({})
    assert register.find_session("a") == session("a", seen_at=NOW + 5)
    assert register.find_session("b") == session("b")


def test_sessions_end(register: StoredRegister) -> None:
    """Those named; none when none is named."""
    for token in "abc":
        register.add_session(session(token))
    register.remove_sessions([])
    assert open_sessions(register, *"abc") == ["a", "b", "c"]
    register.remove_sessions(["a", "c", "z"])
    assert open_sessions(register, *"abc") == ["b"]


def test_old_sessions_are_cleared_away(register: StoredRegister) -> None:
    """Last used too long ago, or begun too long ago; at the limit itself they stay."""
    ages = {"fresh": (10, 10), "idle": (10, 4), "long": (2, 10), "edge": (3, 5)}
    for token, (created_at, seen_at) in ages.items():
        register.add_session(session(token, created_at=created_at, seen_at=seen_at))
    register.remove_old_sessions(seen_before=Instant(5), created_before=Instant(3))
    assert open_sessions(register, *ages) == ["fresh", "edge"]


# ---------------------------------------------------------------- devices and systems


def test_devices_are_kept_as_they_were_added(register: StoredRegister) -> None:
    """With their boards; the same one again takes its own place."""
    for device in (PAD, KIOSK, BOARD):
        register.add_device(device)
    assert register.find_device("board-01") == BOARD
    assert register.find_device("board-02") is None
    assert register.all_devices() == [BOARD, KIOSK, PAD]
    again = replace(KIOSK, fingerprint="new", settings_version=2, pin_salt="salt", pin_hash="hash")
    register.add_device(again)
    assert register.find_device("kiosk-01") == again
    assert register.remove_device("kiosk-01")
    assert not register.remove_device("kiosk-01")
    assert register.all_devices() == [BOARD, PAD]


def test_devices_are_told_to_the_access_list(register: StoredRegister) -> None:
    """Role, boards, counter: what their rights follow from."""
    for device in (PAD, BOARD):
        register.add_device(device)
    assert identities(register.all_devices()) == [
        DeviceIdentity("board-01", DeviceRole.BOARD, ("hall", "yard"), None),
        DeviceIdentity("pad-01", DeviceRole.PAD, (), "c1"),
    ]


def test_a_system_is_known_by_its_token(register: StoredRegister) -> None:
    """A new token ends the old one of the same name; no two systems share one."""
    register.add_system("reports", "h1", "reader", NOW)
    register.add_system("tools", "h2", "tools", NOW)
    register.add_system("reports", "h3", "reader", NOW)
    found = [register.find_system(token) for token in ("h1", "h2", "h3")]
    assert found == [None, ("tools", "tools"), ("reports", "reader")]
    with pytest.raises(IntegrityError):
        register.add_system("other", "h3", "reader", NOW)


def test_remembered_requests_are_dropped_a_slice_at_a_time(
    register: StoredRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is older than promised, and how many; the writer is never held long."""
    monkeypatch.setattr(memory, "SLICE", 3)
    ages = [Instant(NOW - memory.KEPT_MS - 1)] * 5 + [NOW]
    kept = [Remembered("device:k1", f"r{n}", "", at, True, "{}") for n, at in enumerate(ages)]
    memory.remember(register.connection, kept)
    assert [register.forget_requests(NOW) for _ in range(3)] == [3, 2, 0]
    assert memory.recall(register.connection, [("device:k1", f"r{n}") for n in range(6)]).keys() == {
        ("device:k1", "r5")
    }
