"""The separate reader of the journal: whole or broken, and where; it shares no line with the hub."""

import hashlib
import io
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from hub import journal_verifier
from hub.storage import check
from hub.storage.database import Database
from tests.hub.storage.centre import Centre
from tests.hub.storage.damage import BROKEN, Row, deleted, journal_of, rehashed, rewrite
from tests.hub.storage.lived import working_day


@pytest.fixture
def journal(sqlite_database: Database) -> Iterator[Database]:
    """A day's journal in SQLite, in a file that nobody has open for writing."""
    centre = Centre(sqlite_database)
    working_day(centre)
    centre.ledger.close()
    yield sqlite_database


def rows_of(database: Database) -> list[Row]:
    with database.reading() as connection:
        return journal_of(connection)


def damaged(database: Database, damage: Callable[[list[Row]], None]) -> list[Row]:
    """The journal as `damage` leaves it, in the database too."""
    with database.engine.connect() as connection, connection.begin():
        return rewrite(connection, damage)


def lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def read_lines(given: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    return journal_verifier.main(["-"])


# ---------------------------------------------------------------- whole


def test_a_whole_journal_is_whole(journal: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0; it says how many entries there are and how the chain ends, to be compared with what was noted."""
    rows = rows_of(journal)
    assert journal_verifier.main([journal.place]) == 0
    assert capsys.readouterr().out == f"whole: {len(rows)} entries, head {rows[-1]['hash']}\n"


def test_lines_of_json_are_read_like_a_file(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows exported from SQLite and from PostgreSQL."""
    centre = Centre(database)
    working_day(centre)
    centre.ledger.close()
    rows = rows_of(database)
    assert read_lines(lines(rows), monkeypatch) == 0
    assert capsys.readouterr().out == f"whole: {len(rows)} entries, head {rows[-1]['hash']}\n"


def test_an_empty_journal_is_whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing in it contradicts."""
    assert read_lines("", monkeypatch) == 0
    assert capsys.readouterr().out == f"whole: 0 entries, head {'0' * 64}\n"


def test_letters_beyond_ascii_count_as_their_bytes() -> None:
    """The hash is over the stored UTF-8."""
    said = '{"entry":1,"fact":{"reason":"hết giấy"}}'
    digest = hashlib.sha256(b"0" * 64 + b"\n" + said.encode()).hexdigest()
    assert journal_verifier.verify([(1, said, digest)]) == (1, digest)


def test_a_place_with_any_letters_is_read(journal: Database, tmp_path: Path) -> None:
    """Spaces, percent signs, question marks, hashes."""
    place = tmp_path / "sao lưu 100%20 #1?"
    place.mkdir()
    moved = place / "hub.db"
    journal.close()
    moved.write_bytes(Path(journal.place).read_bytes())
    assert journal_verifier.main([str(moved)]) == 0


def test_a_journal_over_two_epochs_is_whole(journal: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restore the chain goes on; an entry of the epoch that was left does not fit behind it."""
    rows = rows_of(journal)
    begun = {"entry": 20, "epoch": "fedcba9876543210", "at": 1, "kind": "EpochBegan", "fact": {}}
    fork = [*(dict(row) for row in rows[:19]), {"entry": 20, "text": json.dumps(begun), "hash": ""}]
    rehashed(fork)
    assert read_lines(lines(fork), monkeypatch) == 0
    assert read_lines(lines([*fork, *rows[20:]]), monkeypatch) == 1


def test_one_cut_at_its_end_is_whole_as_far_as_it_goes(
    journal: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the noted number and head tell: both differ."""
    rows = rows_of(journal)
    assert read_lines(lines(rows[:-2]), monkeypatch) == 0
    assert capsys.readouterr().out == f"whole: {len(rows) - 2} entries, head {rows[-3]['hash']}\n"


# ---------------------------------------------------------------- broken


@pytest.mark.parametrize("damage", [damage for damage, _ in BROKEN])
def test_a_broken_journal_is_named_at_its_place(
    journal: Database,
    damage: Callable[[list[Row]], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit status 1, whichever way it is read, with the entry's number."""
    rows = damaged(journal, damage)
    assert journal_verifier.main([journal.place]) == 1
    from_file = capsys.readouterr().out
    assert read_lines(lines(rows), monkeypatch) == 1
    assert capsys.readouterr().out == from_file
    assert re.match(r"BROKEN: entry \d+ ", from_file)


def test_bytes_that_are_no_text_are_a_broken_entry(journal: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Not an unreadable file: the place is known."""
    with journal.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE journal SET text = CAST(x'7bff7d' AS TEXT) WHERE entry = 7")
    assert journal_verifier.main([journal.place]) == 1
    assert capsys.readouterr().out.startswith("BROKEN: entry 7 does not fit its hash")


def test_a_reader_that_does_not_hash_would_see_nothing(journal: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: with the hashes believed, a changed entry passes."""
    rows = rows_of(journal)
    rows[6]["text"] = rows[6]["text"].replace('"at":1', '"at":2')

    class Believing:
        def __init__(self, given: bytes) -> None:
            number = json.loads(given.partition(b"\n")[2])["entry"]
            self.hash = rows[number - 1]["hash"]

        def hexdigest(self) -> str:
            return str(self.hash)

    assert read_lines(lines(rows), monkeypatch) == 1
    monkeypatch.setattr(hashlib, "sha256", Believing)
    assert read_lines(lines(rows), monkeypatch) == 0


@pytest.mark.parametrize("seed", range(12))
def test_it_agrees_with_the_check(journal: Database, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is done to the journal, both find the same first entry, or neither finds any."""
    chance = random.Random(seed)

    def damage(rows: list[Row]) -> None:
        at = chance.randrange(len(rows) - 1)
        match chance.randrange(5):
            case 0:
                rows[at]["text"] = rows[at]["text"].replace("1", "2", 1)
            case 1:
                rows[at]["hash"] = rows[at]["hash"][::-1]
            case 2:
                del rows[at]
            case 3:
                rows[at]["text"], rows[at + 1]["text"] = rows[at + 1]["text"], rows[at]["text"]
                rehashed(rows)
            case _:
                del rows[at + 1 :]

    damaged(journal, damage)
    status = journal_verifier.main([journal.place])
    said = capsys.readouterr().out
    with journal.reading() as connection:
        problems = list(check.chain_problems(connection))
    assert status == len(problems)
    assert re.findall(r"entry (\d+)", said)[:1] == [re.findall(r"entry (\d+)", one)[0] for one in problems]


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    "given", ["no JSON\n", "[1]\n", '{"entry":1}\n', '{"entry":null,"text":"","hash":""}\n', "7\n"]
)
def test_lines_that_are_no_journal_cannot_be_read(
    given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, with a reason, never a stack trace."""
    assert read_lines(given, monkeypatch) == 2
    assert capsys.readouterr().err.startswith("cannot be read: ")


def test_files_that_are_no_journal_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Missing, a directory, empty, something else. None is made."""
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("no database" * 200)
    for name in ("missing.db", "", "empty.db", "text.db"):
        assert journal_verifier.main([str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.startswith("cannot be read: ")
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize("arguments", [[], ["a", "b"]])
def test_it_says_how_it_is_used(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2."""
    assert journal_verifier.main(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: ")


# ---------------------------------------------------------------- alone


def alone(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    """The one file, run where nothing of ours can be imported."""
    command = [sys.executable, "-I", "-S", str(Path(journal_verifier.__file__)), *arguments]
    return subprocess.run(command, cwd="/", input=given, capture_output=True, text=True, timeout=60)


def test_it_runs_without_the_hub(journal: Database) -> None:
    """The file alone, with nothing but Python: whole, broken, unreadable."""
    rows = rows_of(journal)
    assert alone(journal.place).returncode == 0
    assert alone("-", given=lines(rows)).stdout == f"whole: {len(rows)} entries, head {rows[-1]['hash']}\n"
    deleted(rows)
    assert alone("-", given=lines(rows)).returncode == 1
    assert alone("no such file").returncode == 2
    assert "import hub" not in Path(journal_verifier.__file__).read_text()


def test_a_back_up_is_read_while_the_hub_works(sqlite_database: Database) -> None:
    """The database itself, too: what is committed and not yet in its file counts."""
    centre = Centre(sqlite_database)
    working_day(centre)
    done = alone(sqlite_database.place)
    assert done.stdout.startswith(f"whole: {centre.ledger.sight.entry} entries")
    with sqlite_database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM journal")).scalar() == centre.ledger.sight.entry
    centre.ledger.close()
