"""Faults of the call board's program."""


class BoardFault(Exception):
    """The program cannot go on. `str()` says why, and what to do."""


class NoPicture(BoardFault):
    """The screen cannot be looked at."""
