"""A kiosk's script: what visitors do, one step a line. Pure: lines in, steps out.

issue civil-status elderly en    # a number for a service; class and language may be left out
cancel last                      # the visitor gives the last number back
wait 2.5                         # seconds
stay                             # until the program is told to end
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from appliance.errors import ScriptFault
from hub.contract.names import ID_PATTERN

ALLOWED: Final = "issue SERVICE [CLASS] [LANGUAGE], cancel last, wait SECONDS, stay"
LONGEST_WAIT_S: Final = 86_400.0


@dataclass(frozen=True)
class Issue:
    """Take a number."""

    service: str
    class_: str = "ordinary"
    language: str = "vi"


@dataclass(frozen=True)
class CancelLast:
    """Give the last number back."""


@dataclass(frozen=True)
class Wait:
    """Do nothing for a while."""

    seconds: float


@dataclass(frozen=True)
class Stay:
    """Do nothing until told to end."""


Step = Issue | CancelLast | Wait | Stay


def parse(lines: Iterable[str]) -> Iterator[Step]:
    """The steps, each as soon as its line is there. Raises `ScriptFault` at the first line it does not understand."""
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if words:
            yield _step(number, line, words)


def _step(number: int, line: str, words: list[str]) -> Step:
    match words:
        case ["issue", service, *rest] if len(rest) <= 2:
            _check(number, line, "service and class", ID_PATTERN, [service, *rest[:1]])
            _check(number, line, "language", r"^[a-z]{2}$", rest[1:])
            return Issue(service, *rest)
        case ["cancel", "last"]:
            return CancelLast()
        case ["wait", seconds]:
            return Wait(_seconds(number, line, seconds))
        case ["stay"]:
            return Stay()
        case _:
            raise ScriptFault(number, line, f"allowed are {ALLOWED}")


def _check(number: int, line: str, what: str, pattern: str, words: list[str]) -> None:
    for word in words:
        if not re.fullmatch(pattern, word):
            raise ScriptFault(number, line, f"{word!r} is no {what}; allowed is {pattern.strip('^$')}")


def _seconds(number: int, line: str, word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT_S:
        raise ScriptFault(number, line, f"{word!r} is no number of seconds from 0 to {LONGEST_WAIT_S:.0f}")
    return seconds
