"""Back-ups: consistent while the hub works, verified before they count, restored into either database."""

import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from hub.contract.names import Day
from hub.contract.time import Instant
from hub.queueing.facts import EpochBegan
from hub.queueing.ticket import Verb
from hub.storage import backup, check, journal
from hub.storage.backup import BackupFault, Verified, back_up, put_aside, restore, verify
from hub.storage.database import Database, sqlite_url
from hub.storage.schema import migrate
from hub.storage.tables import TicketRow
from tests.conftest import BOTH
from tests.hub.queueing.hall import SET_UP
from tests.hub.storage.centre import DAY_MS, HOUR, MORNING, Centre, answers
from tests.hub.storage.lived import NOTE, Content, content, people_and_devices, two_days, working_day
from tests.hub.storage.small_disk import limited, small_disk

TODAY = Day("2026-11-23")
KEEP = 100
CHANGED_BY_A_RESTORE = {"journal", "epoch", "numbering"}
NOT_KEPT = {"note"}


@pytest.fixture(params=BOTH)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database without a schema; beside `database` this makes all four ways from one to another."""
    if request.param == "sqlite":
        (tmp_path / "target").mkdir()
        with opened(sqlite_url(tmp_path / "target" / "hub.db")) as database:
            yield database
        return
    server = request.getfixturevalue("postgresql")
    name = server.create()
    with opened(server.url(name)) as database:
        yield database
    server.drop(name)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def working(database: Database, now: int = MORNING) -> Iterator[Centre]:
    """A hub over `database`, as far as the storage goes."""
    centre = Centre(database, set_up=None, _ids=count(10_000))
    centre.clock.now = Instant(now)
    try:
        yield centre
    finally:
        centre.ledger.close()


def inside(made: Verified) -> Content:
    """What a back-up holds, read from a copy of it: it must not be written to."""
    with opened(sqlite_url(Path(shutil.copy(made.path, made.path.parents[1] / "inside.db")))) as copy:
        return content(copy)


def copies(directory: Path) -> list[str]:
    """Everything in a directory of back-ups, hidden files included."""
    return sorted(one.name for one in directory.iterdir())


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0


@pytest.fixture
def made(sqlite_database: Database, tmp_path: Path) -> Verified:
    """A back-up of two days."""
    with working(sqlite_database) as centre:
        centre.done(centre.apply(SET_UP))
        two_days(centre)
    return back_up(sqlite_database, tmp_path / "backups", MORNING, keep=KEEP)


def unsealed(made: Verified) -> Path:
    """The back-up under a name of its reader's own choice: nothing but its content can give a change away."""
    return Path(shutil.copy(made.path, made.path.with_name("monday.db")))


# ---------------------------------------------------------------- what is in it


def test_a_back_up_is_one_file_with_every_row(centre: Centre, tmp_path: Path) -> None:
    """Whatever the database; for its owner only; and the database is as before."""
    two_days(centre)
    before = content(centre.database)
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    assert copies(tmp_path / "backups") == [made.path.name]
    assert made.path.name.startswith("hub-20261123-010000.")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert {name for name, rows in inside(made).items() if rows != before[name]} == NOT_KEPT
    assert (made.tickets, made.entry, made.at) == (24, centre.ledger.sight.entry, centre.line.last_entry_at)
    assert content(centre.database) == before
    centre.assert_on_disk()


def test_restored_every_row_is_there_again(centre: Centre, target: Database, tmp_path: Path) -> None:
    """Tickets, requests, staff, sessions, devices, systems, set-ups, days, counters: equal, on either database."""
    two_days(centre)
    before = content(centre.database)
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    restore(made.path, target, centre.clock.now, Day("2026-11-24"))
    after = content(target)
    assert {name for name, rows in after.items() if rows != before[name]} == CHANGED_BY_A_RESTORE | NOT_KEPT
    assert {name for name, (rows, _) in after.items() if rows == 0} == NOT_KEPT


def test_what_was_written_down_is_in_no_back_up(centre: Centre, tmp_path: Path) -> None:
    """Not as a row, nor as a letter left over in the file; in the database it was. The journal knows its key alone."""
    working_day(centre)
    with centre.database.reading() as connection:
        ((key, written),) = connection.execute(text("SELECT key, text FROM note"))
    assert written == NOTE
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    kept = made.path.read_bytes()
    assert key.encode() in kept
    assert NOTE.encode() not in kept


def test_a_note_left_over_in_the_file_would_be_found(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: a back-up that takes rows away and leaves their letters behind."""
    centre = Centre(sqlite_database)
    working_day(centre)
    monkeypatch.setattr(backup, "ERASING", "secure_delete=OFF")
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    assert NOTE.encode() in made.path.read_bytes()
    centre.ledger.close()


@pytest.mark.postgresql
def test_from_one_kind_to_the_other_and_back_nothing_is_lost(
    made: Verified, postgresql_database: Database, tmp_path: Path
) -> None:
    """SQLite, PostgreSQL, SQLite: every value of every row, and no chain is broken by what each restore adds."""
    restore(made.path, postgresql_database, MORNING, TODAY)
    there = content(postgresql_database)
    again = back_up(postgresql_database, tmp_path / "backups", MORNING, keep=KEEP)
    assert inside(again) == there
    kept = inside(made)
    assert {name for name, rows in there.items() if rows != kept[name]} == CHANGED_BY_A_RESTORE
    with opened(sqlite_url(tmp_path / "second.db")) as second:
        restore(again.path, second, MORNING, TODAY)
        with second.reading() as connection:
            texts = connection.execute(text("SELECT text FROM journal ORDER BY entry")).scalars().all()
            assert list(check.problems(connection)) == []
        kinds = [type(journal.read_entry(one).fact).__name__ for one in texts]
        assert kinds.count("EpochBegan") == 3
        assert kinds[-2:] == ["EpochBegan", "EpochBegan"]


def test_a_value_changed_on_the_way_would_show(
    made: Verified, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: the comparison above sees one changed letter in one row."""
    copy_rows = backup._copy_rows

    def careless(old: Connection, new: Connection, table: object) -> None:
        copy_rows(old, new, table)  # type: ignore[arg-type]
        if table is TicketRow.__table__:  # type: ignore[attr-defined]
            new.execute(text("UPDATE ticket SET language = 'xx' WHERE number = 'A001' AND day = '2026-11-23'"))

    monkeypatch.setattr(backup, "_copy_rows", careless)
    restore(made.path, target, MORNING, TODAY)
    assert content(target)["ticket"] != inside(made)["ticket"]


# ---------------------------------------------------------------- while the hub works


def test_a_copy_made_while_the_writer_is_busy_is_one_moment(centre: Centre, tmp_path: Path) -> None:
    """Each is whole, verified, and not older than its beginning; the writer goes on meanwhile."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            centre.ask(*(centre.issue() for _ in range(3)), centre.desk("open"), centre.call(), centre.undo())

    busy = threading.Thread(target=work)
    busy.start()
    try:
        for turn in range(6):
            before = centre.ledger.sight.entry
            made = back_up(centre.database, tmp_path / "backups", Instant(MORNING + 1000 * turn), keep=KEEP)
            assert made.entry >= before
    finally:
        stop.set()
        busy.join(10)
    assert centre.ledger.sight.entry > made.entry > 0
    assert len(copies(tmp_path / "backups")) == 6
    centre.assert_on_disk()


def between_the_tables(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket is issued after each table that is copied."""
    copy_rows = backup._copy_rows

    def slowly(old: Connection, new: Connection, table: object) -> None:
        copy_rows(old, new, table)  # type: ignore[arg-type]
        centre.number()

    monkeypatch.setattr(backup, "_copy_rows", slowly)


@pytest.mark.postgresql
def test_tables_copied_one_by_one_are_of_one_moment(
    postgresql_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL: whatever is committed between two tables is in none of them."""
    with opened(postgresql_database.url.render_as_string(hide_password=False)) as database:
        centre = Centre(database)
        between_the_tables(centre, monkeypatch)
        entry = centre.ledger.sight.entry
        assert back_up(database, tmp_path / "backups", MORNING, keep=KEEP).entry == entry
        assert centre.ledger.sight.entry > entry
        centre.ledger.close()


@pytest.mark.postgresql
def test_tables_of_different_moments_are_refused(
    postgresql_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: without one snapshot for all tables, the copy does not pass its own verification."""
    centre = Centre(postgresql_database)
    between_the_tables(centre, monkeypatch)
    monkeypatch.setattr(Connection, "execution_options", lambda connection, **_: connection)
    with pytest.raises(BackupFault, match=r"beyond the next one|not there"):
        back_up(postgresql_database, tmp_path / "backups", MORNING, keep=KEEP)
    assert copies(tmp_path / "backups") == []
    centre.ledger.close()


def test_in_steps_a_busy_writer_would_keep_a_copy_from_ending(sqlite_database: Database, tmp_path: Path) -> None:
    """Sabotage: SQLite begins a copy made in several steps anew after each commit. Ours is made in one."""
    with working(sqlite_database) as centre, closing(backup._read_only(tmp_path / "hub.db")) as source:
        centre.done(centre.apply(SET_UP))
        left = []

        def commit(_: int, remaining: int, __: int) -> None:
            left.append(remaining)
            centre.number()
            if len(left) == 50:
                raise InterruptedError

        with closing(sqlite3.connect(":memory:")) as copy, pytest.raises(InterruptedError):
            source.backup(copy, pages=10, progress=commit)
        assert min(left) > 0


# ---------------------------------------------------------------- damage


def test_any_byte_that_has_changed_is_noticed(made: Verified) -> None:
    """Wherever it is: at places spread over the whole file, one bit each."""
    whole = made.path.read_bytes()
    for place in range(0, len(whole), len(whole) // 150):
        made.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupFault):
            verify(made.path)
    made.path.write_bytes(whole)
    assert verify(made.path) == made


def test_without_its_seal_a_changed_name_would_pass(made: Verified) -> None:
    """Sabotage: what only the seal can notice. Under another name nothing speaks against this file."""
    path = unsealed(made)
    path.write_bytes(path.read_bytes().replace("Thị Lan".encode(), "Thị Xan".encode()))
    assert verify(path).entry == made.entry
    with pytest.raises(BackupFault, match="does not fit its name"):
        verify(path.rename(made.path))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE journal SET text = replace(text, 'TicketIssued', 'TicketCalled') WHERE entry = 9",
            "entry 9 was changed",
        ),
        ("UPDATE journal SET text = 'no JSON at all' WHERE entry = 9", "entry 9 was changed"),
        ("UPDATE journal SET text = CAST(x'ff' AS TEXT) WHERE entry = 9", "cannot be read|entry 9"),
        ("UPDATE journal SET hash = upper(hash) WHERE entry = 9", "entry 9 was changed"),
        ("DELETE FROM journal WHERE entry = 9", "entry 10 where 9 belongs"),
        ("DELETE FROM journal WHERE entry > 20", "not in the journal"),
        ("DELETE FROM ticket WHERE number = 'B003' AND day = '2026-11-24'", "a ticket that is not there"),
        ("DELETE FROM numbering WHERE service = 'land'", "beyond the next one"),
        ("DROP TABLE desk", "no such table"),
    ],
)
def test_a_damaged_copy_is_refused_by_its_content_alone(
    made: Verified, tmp_path: Path, statement: str, words: str
) -> None:
    """Also when it was given another name; neither verified nor restored."""
    path = unsealed(made)
    change(path, statement)
    with pytest.raises(BackupFault, match=words):
        verify(path)
    with opened(sqlite_url(tmp_path / "new.db")) as empty, pytest.raises(BackupFault, match=words):
        restore(path, empty, MORNING, TODAY)
    assert not (tmp_path / "new.db").exists()


def test_a_torn_file_is_refused(made: Verified) -> None:
    """Half of it, none of it, something else, nothing there, a directory."""
    path = unsealed(made)
    whole = path.read_bytes()
    for torn in (whole[: len(whole) // 2], whole[:-4096], b"", b"no database" * 1000):
        path.write_bytes(torn)
        with pytest.raises(BackupFault, match=r"monday\.db"):
            verify(path)
    for missing in (path.with_name("tuesday.db"), path.parent):
        with pytest.raises(BackupFault, match="no such back-up"):
            verify(missing)


def test_one_of_another_version_says_so(made: Verified) -> None:
    """Before anything of it is judged."""
    path = unsealed(made)
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupFault, match=r"made by another version \(schema 9999"):
        verify(path)


def test_reading_a_back_up_writes_nothing(made: Verified, tmp_path: Path) -> None:
    """Verified and restored, it is byte for byte what it was, and nothing is left beside it."""
    before = made.path.read_bytes(), made.path.stat().st_mtime_ns
    verify(made.path)
    with opened(sqlite_url(tmp_path / "new.db")) as empty:
        restore(made.path, empty, MORNING, TODAY)
    assert (made.path.read_bytes(), made.path.stat().st_mtime_ns) == before
    assert copies(made.path.parent) == [made.path.name]


# ---------------------------------------------------------------- one that fails


def older(directory: Path) -> dict[str, bytes]:
    """Back-ups that stand there already."""
    directory.mkdir(exist_ok=True)
    for hour in (1, 2, 3):
        (directory / f"hub-20261122-0{hour}0000.{hour:016x}.backup").write_bytes(b"older")
    return {one.name: one.read_bytes() for one in directory.iterdir()}


def test_a_copy_that_cannot_be_verified_gets_no_name(centre: Centre, tmp_path: Path) -> None:
    """A database that is not in order is not backed up over those that were."""
    two_days(centre)
    before = older(tmp_path / "backups")
    with centre.database.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE journal SET hash = 'x' WHERE entry = 5"))
    with pytest.raises(BackupFault, match="entry 5 was changed"):
        back_up(centre.database, tmp_path / "backups", MORNING, keep=1)
    assert {one.name: one.read_bytes() for one in (tmp_path / "backups").iterdir()} == before


def test_unverified_it_would_have_pushed_a_good_one_out(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: named without being read back."""
    two_days(centre)
    before = older(tmp_path / "backups")
    with centre.database.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE journal SET hash = 'x' WHERE entry = 5"))
    monkeypatch.setattr(backup, "verify", lambda path: Verified(path, 0, 0, MORNING))
    back_up(centre.database, tmp_path / "backups", MORNING, keep=1)
    assert not before.keys() & set(copies(tmp_path / "backups"))


@pytest.mark.parametrize("nested", [False, True])
def test_a_directory_that_is_a_file_is_named(sqlite_database: Database, tmp_path: Path, nested: bool) -> None:
    """In words for the person who set it."""
    place = tmp_path / "backups"
    place.write_text("a file")
    directory = place / "deeper" if nested else place
    with working(sqlite_database), pytest.raises(BackupFault, match=f"{directory}: no back-up was made"):
        back_up(sqlite_database, directory, MORNING, keep=KEEP)
    assert place.read_text() == "a file"


def test_no_room_leaves_the_older_ones_alone(centre: Centre, tmp_path: Path) -> None:
    """And nothing unfinished; with room it works again."""
    two_days(centre)
    with small_disk(tmp_path / "disk", 64) as directory:
        before = older(directory)
        with pytest.raises(BackupFault, match="no back-up was made"):
            back_up(centre.database, directory, MORNING, keep=1)
        assert {one.name: one.read_bytes() for one in directory.iterdir()} == before
    with limited(64), pytest.raises(BackupFault, match="no back-up was made"):
        back_up(centre.database, tmp_path / "backups", MORNING, keep=1)
    assert copies(tmp_path / "backups") == []
    assert back_up(centre.database, tmp_path / "backups", MORNING, keep=1).entry == centre.ledger.sight.entry


# ---------------------------------------------------------------- keeping and pruning


def test_so_many_are_kept_and_the_oldest_go(sqlite_database: Database, tmp_path: Path) -> None:
    """What is no back-up of ours is left alone."""
    directory = tmp_path / "backups"
    older(directory)
    for other in ("notes.txt", "hub.db", "hub-20200101-000000.backup.gz"):
        (directory / other).touch()
    with working(sqlite_database):
        for hour in range(4):
            back_up(sqlite_database, directory, Instant(MORNING + hour * HOUR), keep=3)
    assert [name[:19] for name in copies(directory)] == [
        "hub-20200101-000000",
        *(f"hub-20261123-0{hour}0000" for hour in (2, 3, 4)),
        "hub.db",
        "notes.txt",
    ]


def test_the_one_just_made_is_never_pruned(sqlite_database: Database, tmp_path: Path) -> None:
    """A clock of 1970 makes the newest look like the oldest."""
    directory = tmp_path / "backups"
    older(directory)
    with working(sqlite_database):
        made = back_up(sqlite_database, directory, Instant(60_000), keep=2)
    assert verify(made.path) == made
    assert [name[:15] for name in copies(directory)] == ["hub-19700101-00", "hub-20261122-03"]


def test_one_that_cannot_be_removed_is_told_and_the_new_one_stays(sqlite_database: Database, tmp_path: Path) -> None:
    """A directory of the name of an old back-up, say."""
    odd = tmp_path / "backups" / "hub-20200101-000000.backup"
    odd.mkdir(parents=True)
    with working(sqlite_database), pytest.raises(BackupFault, match="is made, but older ones cannot be removed"):
        back_up(sqlite_database, odd.parent, MORNING, keep=1)
    assert len(copies(odd.parent)) == 2


def test_what_a_killed_program_left_goes_after_a_day(sqlite_database: Database, tmp_path: Path) -> None:
    """What is fresh may be another program's work and stays."""
    directory = tmp_path / "backups"
    directory.mkdir()
    for stamp in ("20261122-005959", "20261122-010001", "20261123-005959"):
        (directory / f".hub-{stamp}.ab12.unfinished").touch()
        (directory / f".hub-{stamp}.ab12.unfinished-wal").touch()
    with working(sqlite_database):
        back_up(sqlite_database, directory, MORNING, keep=KEEP)
    assert [name[:20] for name in copies(directory)] == [
        *[".hub-20261122-010001"] * 2,
        *[".hub-20261123-005959"] * 2,
        copies(directory)[-1][:20],
    ]


def test_two_in_one_second_do_not_get_into_each_others_way(sqlite_database: Database, tmp_path: Path) -> None:
    """The command line and the hub's own round."""
    failed = []

    def one() -> None:
        try:
            back_up(sqlite_database, tmp_path / "backups", MORNING, keep=KEEP)
        except BackupFault as fault:
            failed.append(fault)

    with working(sqlite_database):
        both = [threading.Thread(target=one) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join(30)
    assert failed == []
    assert {verify(path).entry for path in (tmp_path / "backups").iterdir()} == {1}


# ---------------------------------------------------------------- restoring


def test_a_new_epoch_begins_and_the_chain_goes_on(centre: Centre, target: Database, tmp_path: Path) -> None:
    """The last entry says so; receivers know that what they had of the old epoch may never have been."""
    two_days(centre)
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    later = Instant(centre.clock.now + HOUR)
    restore(made.path, target, later, TODAY)
    with target.reading() as connection:
        assert list(check.problems(connection)) == []
        (entry,) = journal.read_after(connection, made.entry)
        epochs = connection.execute(text("SELECT epoch FROM epoch ORDER BY number")).scalars().all()
    assert epochs == [centre.ledger.sight.epoch, entry.epoch]
    assert entry.epoch != centre.ledger.sight.epoch
    assert (entry.fact, entry.at) == (EpochBegan(entry.epoch, "restored"), later)


def test_a_clock_behind_the_back_up_makes_no_entry_run_back(made: Verified, target: Database) -> None:
    """The first entry of the new epoch is as late as the last of the old."""
    restore(made.path, target, Instant(0), TODAY)
    with target.reading() as connection:
        assert journal.last_entry(connection)[2] == made.at


@pytest.mark.parametrize("of_today", [True, False])
def test_numbers_of_today_jump_to_the_next_hundred(
    centre: Centre, target: Database, tmp_path: Path, of_today: bool
) -> None:
    """For every service: one with numbers, one without any yet, and all of them when the back-up is of yesterday."""
    centre.ask(*(centre.issue() for _ in range(12)), centre.issue("land"))
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    if not of_today:
        centre.clock.turn(DAY_MS)
    restore(made.path, target, centre.clock.now, Day("2026-11-23" if of_today else "2026-11-24"))
    with working(target, centre.clock.now) as restored:
        assert [restored.number(one) for one in ("births", "land", "trade")] == ["A101", "B101", "CK101"]
        assert [restored.number(one) for one in ("births", "land", "trade")] == ["A102", "B102", "CK102"]
        restored.assert_on_disk()


def test_numbers_beyond_a_hundred_jump_to_the_hundred_behind(sqlite_database: Database, tmp_path: Path) -> None:
    """Also when the next one would be the first of a hundred."""
    centre = Centre(sqlite_database)
    centre.ask(*(centre.issue() for _ in range(150)), *(centre.issue("land") for _ in range(100)))
    made = back_up(sqlite_database, tmp_path / "backups", MORNING, keep=KEEP)
    centre.ledger.close()
    with opened(sqlite_url(tmp_path / "new.db")) as new:
        restore(made.path, new, centre.clock.now, TODAY)
        with working(new, centre.clock.now) as restored:
            assert [restored.number(), restored.number("land")] == ["A201", "B201"]


def test_without_the_jump_a_number_would_be_given_twice(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sabotage: numbers given after the back-up was made are unknown to it."""
    centre = Centre(sqlite_database)
    centre.number()
    made = back_up(sqlite_database, tmp_path / "backups", MORNING, keep=KEEP)
    lost = centre.number()
    centre.ledger.close()
    monkeypatch.setattr(backup, "next_hundred", lambda following: following)
    with opened(sqlite_url(tmp_path / "new.db")) as new:
        restore(made.path, new, centre.clock.now, TODAY)
        with working(new, centre.clock.now) as restored:
            assert restored.number() == lost


def test_a_day_opened_by_a_clock_that_ran_ahead_jumps_too(centre: Centre, target: Database, tmp_path: Path) -> None:
    """Its numbers go on until staff confirm the date: those given after the back-up must not come again."""
    centre.clock.turn(DAY_MS)
    centre.number()
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    centre.clock.turn(-DAY_MS)
    assert centre.number() == "A002"
    restore(made.path, target, centre.clock.now, TODAY)
    with working(target, centre.clock.now) as restored:
        assert (restored.line.day, restored.number()) == ("2026-11-24", "A101")
        restored.done(restored.confirm())
        assert (restored.line.day, restored.number()) == (TODAY, "A101")


def called_next(centre: Centre) -> list[str]:
    """Whom the second counter calls once it is free."""
    return answers(centre.ask(centre.press(Verb.FINISH, "c2", "binh"), centre.call("c2", "binh")))


def test_a_restored_hub_works(centre: Centre, target: Database, tmp_path: Path) -> None:
    """Issues, calls, remembers what it was asked before, ends the day; and is backed up again."""
    working_day(centre)
    centre.done(centre.issue(request_id="before"))
    at_work = centre.line.desks
    made = back_up(centre.database, tmp_path / "backups", MORNING, keep=KEEP)
    restore(made.path, target, centre.clock.now, TODAY)
    with working(target, centre.clock.now) as restored:
        assert restored.line.desks == at_work
        again = restored.outcome(restored.issue(request_id="before"))
        assert (again.repeated, answers([again])) == (True, ["A007"])
        assert called_next(restored) == called_next(centre)
        assert answers(restored.ask(restored.issue("land"), restored.issue())) == ["B101", "A101"]
        restored.assert_on_disk()
        restored.clock.turn(DAY_MS)
        assert restored.number() == "A001"
        restored.assert_on_disk()
    assert back_up(target, tmp_path / "backups", Instant(MORNING + HOUR), keep=KEEP).tickets == made.tickets + 3


def test_a_centre_that_was_never_set_up_is_restored_too(database: Database, target: Database, tmp_path: Path) -> None:
    """Nothing but its epoch."""
    with working(database):
        made = back_up(database, tmp_path / "backups", MORNING, keep=KEEP)
    restore(made.path, target, MORNING, TODAY)
    with working(target) as restored:
        assert (restored.ledger.sight.entry, restored.ledger.sight.set_up_version) == (2, 0)
        restored.assert_on_disk()


@pytest.mark.parametrize("holds", ["epoch", "staff"])
def test_only_an_empty_database_is_filled(made: Verified, target: Database, holds: str) -> None:
    """Whatever it holds stays as it is."""
    migrate(target)
    with working(target) as centre:
        if holds == "staff":
            people_and_devices(centre)
    before = content(target)
    with pytest.raises(BackupFault, match="holds data already"):
        restore(made.path, target, MORNING, TODAY)
    assert content(target) == before


def test_a_restore_that_breaks_half_way_leaves_an_empty_database(
    made: Verified, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be tried again."""
    with monkeypatch.context() as patch:
        patch.setattr(backup, "_begin_anew", lambda connection, *_: connection.execute(text("SELECT nonsense")))
        with pytest.raises(BackupFault, match="could not be filled"):
            restore(made.path, target, MORNING, TODAY)
    assert {rows for rows, _ in content(target).values()} == {0}
    restore(made.path, target, MORNING, TODAY)
    assert content(target)["ticket"][0] == made.tickets


def test_no_room_to_restore_leaves_an_empty_database(made: Verified, tmp_path: Path) -> None:
    """A disk that is too small for it."""
    with (
        small_disk(tmp_path / "disk", 256) as directory,
        opened(sqlite_url(directory / "hub.db")) as small,
        pytest.raises((BackupFault, backup.DatabaseFault)),
    ):
        restore(made.path, small, MORNING, TODAY)


# ---------------------------------------------------------------- putting aside


def test_a_database_is_put_aside_with_all_that_belongs_to_it(sqlite_database: Database, tmp_path: Path) -> None:
    """Also what is not yet in its file: a hub that was killed leaves a log beside it."""
    with working(sqlite_database) as centre:
        centre.done(centre.apply(SET_UP))
        centre.number()
        for name in ("hub.db", "hub.db-wal", "hub.db-shm"):
            shutil.copy(tmp_path / name, tmp_path / f"killed-{name}")
    place = tmp_path / "killed-hub.db"
    aside = put_aside(place, MORNING)
    assert aside == tmp_path / "killed-hub.db.20261123-010000.aside"
    assert not [one for one in tmp_path.iterdir() if one.name in ("killed-hub.db", "killed-hub.db-wal")]
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT number FROM ticket").fetchall() == [("A001",)]
    assert put_aside(place, MORNING) is None


def test_nothing_that_was_put_aside_is_overwritten(tmp_path: Path) -> None:
    """Twice in one second: the first stays."""
    place = tmp_path / "hub.db"
    place.write_text("first")
    aside = put_aside(place, MORNING)
    place.write_text("second")
    with pytest.raises(BackupFault, match="exists already"):
        put_aside(place, MORNING)
    assert (aside.read_text() if aside else "", place.read_text()) == ("first", "second")
