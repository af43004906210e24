"""Reads a hub's journal and says whether its chain is whole. Shares no line with the hub that wrote it.

    python -m hub.journal_verifier HUB.DB          a SQLite database or back-up
    … | python -m hub.journal_verifier -           one JSON object a line: {"entry":…,"text":…,"hash":…}

Each entry's hash is SHA-256 over the hash before it (64 zeros for the first), a line feed, and the entry's text as
stored; the text says its own number. Exit status: 0 whole, 1 broken (the place is named), 2 cannot be read.
"""

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

Row = tuple[int, str, str]


class Broken(Exception):
    """The chain is broken; says where."""


def verify(rows: Iterable[Row]) -> tuple[int, str]:
    """Number and hash of the last entry. Raises `Broken` at the first entry that does not fit."""
    last, head = 0, "0" * 64
    for entry, text, digest in rows:
        if entry != last + 1:
            raise Broken(f"entry {entry} follows entry {last}: something is missing, double or moved")
        head = hashlib.sha256(head.encode() + b"\n" + text.encode(errors="surrogateescape")).hexdigest()
        if head != digest:
            raise Broken(f"entry {entry} does not fit its hash: it, or an entry before it, was changed")
        if _own_number(text) != entry:
            raise Broken(f"entry {entry} carries the text of another entry")
        last = entry
    return last, head


def _own_number(text: str) -> object:
    try:
        body = json.loads(text)
    except ValueError:
        return None
    return body.get("entry") if isinstance(body, dict) else None


def _from_file(path: str) -> Iterable[Row]:
    connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")  # damaged text still has a place
    try:
        yield from connection.execute("SELECT entry, CAST(text AS TEXT), hash FROM journal ORDER BY entry")
    finally:
        connection.close()


def _from_lines(lines: Iterable[str]) -> Iterable[Row]:
    for line in lines:
        row = json.loads(line)
        yield int(row["entry"]), str(row["text"]), str(row["hash"])


def main(arguments: list[str]) -> int:
    """The program."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m hub.journal_verifier HUB.DB   (or - for lines of JSON)\n")
        return 2
    try:
        last, head = verify(_from_lines(sys.stdin) if arguments[0] == "-" else _from_file(arguments[0]))
    except Broken as broken:
        sys.stdout.write(f"BROKEN: {broken}\n")
        return 1
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    sys.stdout.write(f"whole: {last} entries, head {head}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
