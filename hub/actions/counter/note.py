"""An officer writes a line for whoever has the ticket next. Facts know its key only."""

import unicodedata
from typing import Final

from hub.actions.work import Note, Work
from hub.contract.messages import Count, Message

MOST_LETTERS: Final = 200


class Erased(Message):
    """How many notes were erased."""

    notes: Count


def write_note(work: Work, ticket: str, text: str | None) -> str | None:
    """Keeps what is readable of `text` and returns its key; None when nothing is."""
    readable = plain(text or "")
    if not readable or work.line.day is None:
        return None
    key = work.new_key()
    work.notes.add(Note(key, ticket, work.line.day, work.now, readable))
    return key


def plain(text: str) -> str:
    """One line of plain text: spaces for what breaks it, nothing that cannot be seen, and no more than is allowed."""
    words = unicodedata.normalize("NFC", text).split()
    return "".join(letter for letter in " ".join(words) if letter.isprintable())[:MOST_LETTERS].strip()


def erase_notes(work: Work) -> Erased:
    """Erases what was written on days that are over."""
    return Erased(notes=0 if work.line.day is None else work.notes.erase_but(work.line.day))
