"""The journal: appended, numbered, chained; whoever changes it is found at the place."""

import io
import json
from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from hub import journal_verifier
from hub.contract.names import SlipState, TicketState
from hub.contract.time import Instant
from hub.journal_verifier import Broken
from hub.queueing import facts as f
from hub.storage import check, journal
from hub.storage.journal import FIRST_HASH, Head, append, chained, entry_text, read_entry
from tests.hub.storage.centre import Centre

NOW = Instant(1_795_395_600_000)


def value_of(hint: Any) -> st.SearchStrategy[Any]:
    """Something a field of this type could hold."""
    parts = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(value_of(parts[0]), max_size=3).map(tuple)
    if parts:
        return st.one_of([value_of(part) for part in parts])
    if hint is type(None):
        return st.none()
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    plain = getattr(hint, "__supertype__", hint)
    return {
        str: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
        int: st.integers(-(2**53), 2**53),
        bool: st.booleans(),
    }[plain]


FACTS = st.sampled_from(list(f.KINDS.values())).flatmap(
    lambda kind: st.builds(kind, **{name: value_of(hint) for name, hint in get_type_hints(kind).items()})
)


@given(FACTS, st.integers(1, 2**53), st.integers(0, 2**45))
def test_what_is_read_back_is_what_was_stated(fact: f.Fact, number: int, at: int) -> None:
    """Every kind of fact, to the type of each field."""
    entry = read_entry(entry_text(number, "e1", Instant(at), fact))
    assert (entry.number, entry.epoch, entry.at, entry.fact) == (number, "e1", at, fact)
    for field in fields(fact):
        assert type(getattr(entry.fact, field.name)) is type(getattr(fact, field.name))


def test_a_field_of_a_newer_version_is_left_out() -> None:
    """Fields are added, never re-meant."""
    body = json.loads(entry_text(1, "e1", NOW, f.DeviceLost("k1")))
    body["fact"]["since"] = 12
    assert read_entry(json.dumps(body)).fact == f.DeviceLost("k1")


def test_states_are_states_and_not_just_words() -> None:
    """Followers may compare them by identity."""
    undone = f.MoveUndone(*("t", "c1", "an", "births"), TicketState.WAITING, NOW, *[None] * 4, 0, 1)
    read = read_entry(entry_text(1, "e", NOW, undone)).fact
    assert isinstance(read, f.MoveUndone)
    assert read.state is TicketState.WAITING


def test_no_fact_has_room_for_a_name() -> None:
    """No name, phone, identity number or free text: the chain stays whole when a person's data is erased."""
    words = {"name", "display_name", "phone", "identity", "address", "comment", "text", "password", "note", "words"}
    for kind in f.KINDS.values():
        assert words.isdisjoint(field.name for field in fields(kind)), kind


def test_the_hash_covers_the_exact_text_and_the_hash_before() -> None:
    """By the formula of the module's first lines, written out."""
    import hashlib

    expected = hashlib.sha256(FIRST_HASH.encode() + b"\n" + 'Số "một"'.encode()).hexdigest()
    assert chained(FIRST_HASH, 'Số "một"') == expected


def test_entries_are_numbered_from_one_and_chained(centre: Centre) -> None:
    """Over several appends, within and across batches; nothing stated leaves the head alone."""
    with centre.database.engine.connect() as connection:
        head = centre.ledger._head
        assert append(connection, head, []) is head
    centre.ask(*(centre.issue() for _ in range(3)))
    centre.ask(centre.issue())
    centre.assert_on_disk()
    rows = stored(centre)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert all(json.loads(row[1])["epoch"] == centre.ledger.sight.epoch for row in rows)


def test_the_journal_can_be_followed_and_a_ticket_has_its_history(centre: Centre) -> None:
    """Behind a cursor, oldest first, at most so many."""
    ticket = centre.done(centre.issue())["ticket"]["id"]
    centre.done(centre.slip(ticket))
    centre.done(centre.cancel(ticket))
    with centre.database.reading() as connection:
        everything = journal.read_after(connection, 0)
        assert [entry.number for entry in everything] == list(range(1, centre.ledger.sight.entry + 1))
        assert [entry.number for entry in journal.read_after(connection, 2, limit=2)] == [3, 4]
        assert journal.read_after(connection, centre.ledger.sight.entry) == []
        history = [type(entry.fact) for entry in journal.entries_of(connection, ticket)]
    assert history == [f.TicketIssued, f.SlipPrinted, f.TicketCancelled]


def test_the_end_of_an_empty_journal(centre: Centre) -> None:
    """Zeros: the first entry follows them."""
    with centre.database.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("DELETE FROM journal"))
        assert journal.last_entry(connection) == (0, FIRST_HASH, 0)
        head = append(connection, Head(0, FIRST_HASH, Instant(0), "e"), [(f.DeviceLost("k1"), NOW)])
        assert journal.last_entry(connection) == (1, head.hash, NOW)
        transaction.rollback()


# ---------------------------------------------------------------- tampering


def one_letter(connection: Connection, entry: int) -> None:
    connection.execute(
        text("UPDATE journal SET text = replace(text, 'births', 'birthz') WHERE entry = :n"), {"n": entry}
    )


def the_hash(connection: Connection, entry: int) -> None:
    connection.execute(text("UPDATE journal SET hash = :hash WHERE entry = :n"), {"n": entry, "hash": "0" * 64})


def cut_short(connection: Connection, entry: int) -> None:
    row = connection.execute(text("SELECT text FROM journal WHERE entry = :n"), {"n": entry}).scalar_one()
    said = json.loads(row)
    del said["fact"]
    connection.execute(text("UPDATE journal SET text = :t WHERE entry = :n"), {"n": entry, "t": json.dumps(said)})


def taken_out(connection: Connection, entry: int) -> None:
    connection.execute(text("DELETE FROM journal WHERE entry = :n"), {"n": entry})


def taken_out_and_closed_up(connection: Connection, entry: int) -> None:
    taken_out(connection, entry)
    for number in range(entry + 1, 100):
        connection.execute(text("UPDATE journal SET entry = :m WHERE entry = :n"), {"n": number, "m": number - 1})


def changed_places(connection: Connection, entry: int) -> None:
    for old, new in ((entry, 0), (entry + 1, entry), (0, entry + 1)):
        connection.execute(text("UPDATE journal SET entry = :m WHERE entry = :n"), {"n": old, "m": new})


def spaces_put_in(connection: Connection, entry: int) -> None:
    """The same JSON, other bytes."""
    row = connection.execute(text("SELECT text FROM journal WHERE entry = :n"), {"n": entry}).scalar_one()
    again = json.dumps(json.loads(row), ensure_ascii=False)
    connection.execute(text("UPDATE journal SET text = :t WHERE entry = :n"), {"n": entry, "t": again})


TAMPERINGS: dict[str, tuple[Callable[[Connection, int], None], int]] = {
    "one letter": (one_letter, 0),
    "the hash": (the_hash, 0),
    "cut short": (cut_short, 0),
    "taken out": (taken_out, 1),
    "taken out and closed up": (taken_out_and_closed_up, 0),
    "two changed places": (changed_places, 0),
    "spaces put in": (spaces_put_in, 0),
}
"""What was done, and how far behind the place it is found."""


@pytest.mark.parametrize(("tamper", "behind"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_is_found_at_the_place(
    centre: Centre, tamper: Callable[[Connection, int], None], behind: int
) -> None:
    """By the hub's check, and by the small program that shares no line with it."""
    centre.ask(*(centre.issue() for _ in range(8)))
    place = centre.ledger.sight.entry - 3
    with centre.database.engine.connect() as connection, connection.begin():
        tamper(connection, place)
    with centre.database.reading() as connection:
        problem = next(check.chain_problems(connection))
    with pytest.raises(Broken) as broken:
        journal_verifier.verify(stored(centre))
    assert f"entry {place + behind}" in problem
    assert f"entry {place + behind}" in str(broken.value)


def test_a_chain_that_is_off_would_be_found(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: hashes of the text alone, without the one before."""
    import hashlib

    monkeypatch.setattr(journal, "chained", lambda _, said: hashlib.sha256(said.encode()).hexdigest())
    centre.ask(centre.issue())
    with pytest.raises(Broken):
        journal_verifier.verify(stored(centre))


def test_a_journal_cut_at_its_end_is_whole_but_the_rows_know_better(centre: Centre) -> None:
    """A chain cannot miss its own end; a ticket without its fact is found."""
    centre.ask(*(centre.issue() for _ in range(3)))
    with centre.database.engine.connect() as connection, connection.begin():
        taken_out(connection, centre.ledger.sight.entry)
    with centre.database.reading() as connection:
        problems = list(check.problems(connection))
    assert [problem.split(":")[0] for problem in problems] == ["a ticket whose issue is not in the journal"]


def stored(centre: Centre) -> list[tuple[int, str, str]]:
    with centre.database.reading() as connection:
        rows = connection.execute(text("SELECT entry, text, hash FROM journal ORDER BY entry"))
        return [tuple(row) for row in rows]  # type: ignore[misc]


def test_the_small_program_reads_a_file_and_lines(
    centre: Centre, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """0 whole, 1 broken, 2 cannot be read."""
    centre.ask(centre.issue())
    lines = [json.dumps({"entry": one[0], "text": one[1], "hash": one[2]}) for one in stored(centre)]
    for words, said in ((lines, 0), (lines[1:], 1), (["x"], 2)):
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(words)))
        assert journal_verifier.main(["-"]) == said
    if centre.database.is_sqlite:
        assert journal_verifier.main([centre.database.place]) == 0
    assert journal_verifier.main([str(tmp_path / "nothing.db")]) == 2
    assert journal_verifier.main([]) == 2
    assert f"whole: {len(lines)} entries" in capsys.readouterr().out


def test_the_last_calls_are_read_from_the_end(centre: Centre) -> None:
    """Only the kinds asked for, newest first, a limited number."""
    centre.ask(*(centre.issue() for _ in range(3)), centre.desk("open"))
    with centre.database.reading() as connection:
        found = journal.read_back(connection, [f.TicketIssued], 2)
    assert [entry.fact.number for entry in found] == ["A003", "A002"]  # type: ignore[attr-defined]
    assert all(isinstance(entry.fact, f.TicketIssued) and entry.fact.slip is SlipState.UNKNOWN for entry in found)
