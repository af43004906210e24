"""Faults of the programs in the hall."""


class ApplianceFault(Exception):
    """The program cannot go on. `str()` says why, and what to do."""


class FontsMissing(ApplianceFault):
    """The house fonts are not built."""


class NoPicture(ApplianceFault):
    """The screen cannot be looked at."""


class TextsMissing(ApplianceFault):
    """The words of the screens are not compiled."""


class ScriptFault(ApplianceFault):
    """A line of a script is not understood."""

    def __init__(self, number: int, line: str, reason: str) -> None:
        super().__init__(f"line {number}: {line.strip()!r}: {reason}")
        self.number = number
