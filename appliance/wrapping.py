"""Breaking text into lines. Pure: how wide a text is, the caller tells."""

from bisect import bisect_left
from collections.abc import Callable
from math import ceil, inf

Width = Callable[[str], float]
"""How wide a text is, in some font."""


def wrapped(text: str, limit: int, width: Width) -> list[str]:
    """`text` in as few lines as `limit` allows, and these about equally long: a lone word on a line looks forgotten."""
    words = [(part, width(part)) for word in text.split() for part in _parts(word, limit, width)]
    space = width(" ")
    most = len(_filled(words, space, limit))
    room = range(ceil(max((wide for _, wide in words), default=0)), limit)
    narrowest = bisect_left(room, True, key=lambda narrower: len(_filled(words, space, narrower)) <= most)
    return _filled(words, space, room.start + narrowest)


def shortened(text: str, limit: int, width: Width) -> str:
    """`text` with an ellipsis, cut so that both fit."""
    kept = bisect_left(range(1, len(text)), True, key=lambda letters: width(f"{text[:letters]}…") > limit)
    return f"{text[:kept].rstrip()}…"


def _filled(words: list[tuple[str, float]], space: float, limit: float) -> list[str]:
    """Words with their widths, as many to a line as there is room for."""
    lines: list[list[str]] = []
    used = inf
    for word, wide in words:
        if used + space + wide <= limit:
            lines[-1].append(word)
            used += space + wide
        else:
            lines.append([word])
            used = wide
    return [" ".join(line) for line in lines]


def _parts(word: str, limit: int, width: Width) -> list[str]:
    """A word that is wider than a line, cut where it has to be; nearly always the word itself."""
    if width(word) <= limit or len(word) == 1:
        return [word]
    fits = max(1, bisect_left(range(1, len(word)), True, key=lambda letters: width(word[:letters]) > limit))
    return [word[:fits], *_parts(word[fits:], limit, width)]
