"""The centre's devices: added, given a new certificate, removed; what they may follows at once."""

import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from hub.actions.asking import Outcome, Request
from hub.actions.work import Asker
from hub.client.device_file import load
from hub.contract.messages import DeviceSettings
from hub.contract.names import DeviceRole
from hub.contract.refusals import Refusal, RefusalCode
from hub.contract.set_up import KiosksSetUp, SetUp
from hub.contract.topics import DeviceIdentity
from hub.fleet.authority import Authority
from hub.fleet.devices import Change, DeviceFolder, Fleet, HubPlace, write_folder
from hub.fleet.pin import hashed_pin
from hub.storage import journal
from hub.storage.database import Database
from hub.storage.doors import DirectDoor
from hub.storage.reading import StoredReading
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import Centre

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
KIOSK, BOARD, PAD = DeviceRole.KIOSK, DeviceRole.BOARD, DeviceRole.PAD
WITH_BOARD = SetUp.model_validate(SET_UP.model_dump() | {"boards": [{"id": "hall", "name": {"vi": "Sảnh"}}]})


@dataclass
class Centres:
    """A fleet over a real ledger and a real authority, and what it has told of changes."""

    centre: Centre
    authority: Authority
    changes: list[tuple[str, Change]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fleet = self.started()

    def started(self, clock: Callable[[], datetime] = lambda: NOW) -> Fleet:
        """The fleet of a hub that has just begun: it knows what the database knows."""
        return Fleet(
            DirectDoor(self.centre.ledger),
            self.authority,
            HubPlace("hoa-sen", "10.0.0.1", 8883),
            known=StoredReading(self.centre.database).all_devices(),
            changed=lambda device, change: self.changes.append((device, change)),
            clock=clock,
        )

    def facts(self) -> list[str]:
        """What the journal says of devices, in short."""
        with self.centre.database.reading() as connection:
            facts = [entry.fact for entry in journal.read_after(connection, 0)]
        said = [(type(fact).__name__, getattr(fact, "device", None)) for fact in facts]
        return [f"{kind.removeprefix('Device')} {device}" for kind, device in said if device]


@pytest.fixture
def place(sqlite_database: Database, tmp_path: Path) -> Iterator[Centres]:
    centre = Centre(sqlite_database, set_up=WITH_BOARD)
    yield Centres(centre, Authority.open(tmp_path / "authority", "hoa-sen", NOW))
    centre.ledger.close()


def serial(folder: DeviceFolder) -> str:
    return folder.certificate.serial


def refuses(code: RefusalCode, act: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.code is code


# ---------------------------------------------------------------- added


def test_a_device_is_given_a_certificate_in_its_own_name(place: Centres) -> None:
    """Its row, its fact, its rights; and whoever has to know is told."""
    folder = place.fleet.add("kiosk-01", KIOSK, kiosk_number=7)
    certificate = x509.load_pem_x509_certificate(folder.certificate.certificate)
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "kiosk-01"
    (row,) = StoredReading(place.centre.database).all_devices()
    assert (row.id, row.role, row.kiosk_number, row.fingerprint) == ("kiosk-01", "kiosk", 7, serial(folder))
    assert row.settings_version == 1
    assert place.fleet.all() == [row]
    assert place.facts() == ["Added kiosk-01"]
    assert place.changes == [("kiosk-01", Change.CERTIFICATE)]
    assert not place.authority.is_revoked(serial(folder))


def test_roles_rights_and_settings_follow(place: Centres) -> None:
    """Boards of a board, the counter of a pad; nothing of a device nobody knows."""
    place.fleet.add("pad-01", PAD, counter="c1")
    place.fleet.add("board-01", BOARD, boards=("hall",))
    fleet = place.fleet
    assert [fleet.role_of(one) for one in ("pad-01", "board-01", "nobody")] == [PAD, BOARD, None]
    assert [fleet.settings_version_of(one, 4) for one in ("pad-01", "nobody")] == [5, 0]
    assert fleet.identities() == [
        DeviceIdentity("board-01", BOARD, ("hall",), None),
        DeviceIdentity("pad-01", PAD, (), "c1"),
    ]
    assert dict(fleet.settings(WITH_BOARD, 4)) == {
        "board-01": DeviceSettings(version=5, kiosk_number=None, boards=["hall"], counter=None, languages=["vi", "en"]),
        "pad-01": DeviceSettings(version=5, kiosk_number=None, boards=[], counter="c1", languages=["vi", "en"]),
    }


def test_only_the_present_certificate_is_held(place: Centres) -> None:
    """However its number is written; neither the one before, nor another device's, nor that of one that is gone."""
    first = serial(place.fleet.add("kiosk-01", KIOSK))
    assert place.fleet.holds("kiosk-01", f"00{first.upper()}")
    second = serial(place.fleet.add("kiosk-01", KIOSK))
    other = serial(place.fleet.add("kiosk-02", KIOSK))
    assert [place.fleet.holds("kiosk-01", one) for one in (first, second, other, "", "x")] == [0, 1, 0, 0, 0]
    place.fleet.remove("kiosk-01")
    assert not place.fleet.holds("kiosk-01", second)


def test_a_hub_that_begins_knows_its_devices(place: Centres) -> None:
    """From the database."""
    place.fleet.add("board-01", BOARD, boards=("hall",))
    assert place.started().all() == place.fleet.all()


def test_the_folder_makes_a_machine_that_device(place: Centres, tmp_path: Path) -> None:
    """For its owner's eyes only, and readable by the device's own program."""
    write_folder(place.fleet.add("kiosk-01", KIOSK).files(), tmp_path / "kiosk")
    written = sorted((tmp_path / "kiosk").iterdir())
    assert [one.name for one in written] == ["authority.pem", "device.key", "device.pem", "device.toml"]
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in written)
    read = load(tmp_path / "kiosk")
    assert (read.device, read.role, read.address.centre) == ("kiosk-01", KIOSK, "hoa-sen")
    assert (read.address.host, read.address.port) == ("10.0.0.1", 8883)
    assert "PRIVATE" not in repr(
        DeviceFolder("k", KIOSK, HubPlace("c", "h", 1), place.authority.issue_device("k", NOW))
    )


@pytest.mark.parametrize(
    ("device", "role", "options", "code"),
    [
        ("Kiosk 1", KIOSK, {}, RefusalCode.MALFORMED),
        ("", KIOSK, {}, RefusalCode.MALFORMED),
        ("kiosk-01\n", KIOSK, {}, RefusalCode.MALFORMED),
        ("k" * 33, KIOSK, {}, RefusalCode.MALFORMED),
        ("board-01", BOARD, {"boards": ("hall", "moon")}, RefusalCode.NOT_FOUND),
        ("pad-01", PAD, {}, RefusalCode.UNKNOWN_COUNTER),
        ("pad-01", PAD, {"counter": "c9"}, RefusalCode.UNKNOWN_COUNTER),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    place: Centres, device: str, role: DeviceRole, options: dict[str, object], code: RefusalCode
) -> None:
    """In a word for a person, never as an error of the program."""
    refuses(code, lambda: place.fleet.add(device, role, **options))  # type: ignore[arg-type]
    assert (place.fleet.all(), place.facts(), place.changes) == ([], [], [])


# ---------------------------------------------------------------- given a new certificate


def test_a_new_certificate_makes_the_old_one_void(place: Centres) -> None:
    """And its settings are said anew."""
    first = place.fleet.add("kiosk-01", KIOSK)
    second = place.fleet.add("kiosk-01", KIOSK, kiosk_number=3)
    assert place.authority.is_revoked(serial(first))
    assert not place.authority.is_revoked(serial(second))
    assert place.fleet.settings_version_of("kiosk-01", 0) == 2
    assert place.started().settings_version_of("kiosk-01", 0) == 2
    assert [device.kiosk_number for device in place.fleet.all()] == [3]


def test_refused_a_device_keeps_the_certificate_it_has(place: Centres) -> None:
    """A board that was mistyped takes no board down."""
    first = place.fleet.add("board-01", BOARD, boards=("hall",))
    refuses(RefusalCode.NOT_FOUND, lambda: place.fleet.add("board-01", BOARD, boards=("moon",)))
    assert not place.authority.is_revoked(serial(first))
    assert [device.fingerprint for device in place.fleet.all()] == [serial(first)]


def test_without_revocation_the_old_one_would_be_good_for_a_year(
    place: Centres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: a device that was stolen."""
    first = place.fleet.add("kiosk-01", KIOSK)
    monkeypatch.setattr(Authority, "revoke", lambda *_: None)
    place.fleet.add("kiosk-01", KIOSK)
    assert not place.authority.is_revoked(serial(first))


# ---------------------------------------------------------------- set otherwise


def test_what_all_kiosks_do_is_told_to_kiosks(place: Centres) -> None:
    """The centre's word, and each kiosk's own PIN; nothing of it to others."""
    folder = place.fleet.add("kiosk-01", KIOSK)
    place.fleet.add("board-01", BOARD, boards=("hall",))
    kiosks = WITH_BOARD.model_copy(update={"kiosks": KiosksSetUp(ask_class=True, services_first=True)})
    told = dict(place.fleet.settings(kiosks, 2))
    assert (told["kiosk-01"].ask_class, told["kiosk-01"].services_first) == (True, True)
    assert (told["board-01"].ask_class, told["board-01"].services_first) == (False, False)
    pin = told["kiosk-01"].staff_pin
    assert pin is not None
    assert folder.pin is not None
    assert pin.hash == hashed_pin(pin.salt, folder.pin)
    assert told["board-01"].staff_pin is None


def test_one_board_of_a_hall_speaks(place: Centres) -> None:
    """The one that was added first, until it is taken out; boards of other halls and all other devices are free to."""
    two = WITH_BOARD.model_dump() | {"boards": [{"id": one, "name": {"vi": one}} for one in ("hall", "yard")]}
    place.centre.done(place.centre.apply(SetUp.model_validate(two)))
    minutes = iter(range(60))
    fleet = place.started(clock=lambda: NOW + timedelta(minutes=next(minutes)))
    for device, board in (("tv-9", "hall"), ("tv-1", "hall"), ("tv-2", "yard")):
        fleet.add(device, BOARD, boards=(board,))
    fleet.add("kiosk-1", KIOSK, kiosk_number=1)

    def silent() -> list[str]:
        return [device for device, told in fleet.settings(WITH_BOARD, 1) if not told.speaks]

    assert silent() == ["tv-1"]
    fleet.remove("tv-9")
    assert silent() == []


def test_a_new_pin_ends_the_old_one_and_is_told_at_once(place: Centres) -> None:
    """With the next version of the settings, and without a new certificate; who did it stands in the journal."""
    folder = place.fleet.add("kiosk-01", KIOSK, kiosk_number=7)
    (before,) = place.fleet.all()
    pin = place.fleet.change_pin("kiosk-01", Asker("staff", "chief"))
    (after,) = place.fleet.all()
    assert after == replace(before, settings_version=2, pin_salt=after.pin_salt, pin_hash=after.pin_hash)
    assert after.pin_salt is not None
    assert after.pin_hash == hashed_pin(after.pin_salt, pin) != before.pin_hash
    assert after.pin_hash != hashed_pin(after.pin_salt, folder.pin or "")
    assert place.started().all() == [after]
    assert not place.authority.is_revoked(serial(folder))
    assert place.changes[-1] == ("kiosk-01", Change.SETTINGS)
    assert place.facts() == ["Added kiosk-01", "StaffPinChanged kiosk-01"]


def test_only_a_kiosk_has_a_pin(place: Centres) -> None:
    """Neither a board nor a device nobody knows."""
    place.fleet.add("board-01", BOARD, boards=("hall",))
    for device in ("board-01", "kiosk-01"):
        refuses(RefusalCode.NOT_FOUND, lambda device=device: place.fleet.change_pin(device, Asker("staff", "chief")))
    assert place.changes == [("board-01", Change.CERTIFICATE)]


def test_a_pin_is_shown_by_nothing_that_is_printed(place: Centres) -> None:
    """Neither the digits nor the hash: somebody patient could find the digits in it."""
    folder = place.fleet.add("kiosk-01", KIOSK)
    (device,) = place.fleet.all()
    assert folder.pin not in repr(folder)
    assert str(device.pin_hash) not in repr(device)
    assert not any(str(folder.pin).encode() in content for content in folder.files().values())


# ---------------------------------------------------------------- removed


def test_a_removed_device_may_nothing(place: Centres) -> None:
    """Its certificate is void, its row gone, and whoever has to know is told that it is gone."""
    folder = place.fleet.add("kiosk-01", KIOSK)
    place.fleet.add("kiosk-02", KIOSK)
    place.fleet.remove("kiosk-01")
    assert place.authority.is_revoked(serial(folder))
    assert place.fleet.role_of("kiosk-01") is None
    assert [one.id for one in place.fleet.identities()] == ["kiosk-02"]
    assert [device.id for device in place.started().all()] == ["kiosk-02"]
    assert place.facts() == ["Added kiosk-01", "Added kiosk-02", "Removed kiosk-01"]
    assert place.changes[-1] == ("kiosk-01", Change.REMOVED)


def test_one_that_is_not_there_cannot_be_removed(place: Centres) -> None:
    """Nor twice."""
    place.fleet.add("kiosk-01", KIOSK)
    place.fleet.remove("kiosk-01")
    for device in ("kiosk-01", "nobody"):
        refuses(RefusalCode.NOT_FOUND, lambda device=device: place.fleet.remove(device))
    assert place.changes == [("kiosk-01", Change.CERTIFICATE), ("kiosk-01", Change.REMOVED)]


def test_who_reads_does_not_wait_for_who_changes(place: Centres, monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer, on its own thread, says what devices shall be set to; whoever changes one waits for the writer."""
    submit = DirectDoor.submit
    read: list[list[str]] = []

    def submit_once_read(door: DirectDoor, request: Request) -> "Future[Outcome]":
        reader = threading.Thread(target=lambda: read.append([one.id for one in place.fleet.all()]), daemon=True)
        reader.start()
        reader.join(5)
        return submit(door, request)

    monkeypatch.setattr(DirectDoor, "submit", submit_once_read)
    place.fleet.add("kiosk-01", KIOSK)
    place.fleet.change_pin("kiosk-01", Asker("staff", "s1"))
    place.fleet.remove("kiosk-01")
    assert read == [[], ["kiosk-01"], ["kiosk-01"]]


def test_many_at_once_take_turns(place: Centres) -> None:
    """The pages' threads add them; each has one certificate that is good."""
    folders: list[DeviceFolder] = []

    def add(number: int) -> None:
        folders.append(place.fleet.add(f"kiosk-{number % 3}", KIOSK))

    threads = [threading.Thread(target=add, args=[number]) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    good = {serial(folder) for folder in folders if not place.authority.is_revoked(serial(folder))}
    assert len(folders) == 9
    assert good == {device.fingerprint for device in place.fleet.all()}
    assert len(good) == 3
