"""What pages are told, in their own words: a scene as an event of the stream that they listen to. Pure."""

from dataclasses import asdict
from typing import Any

from display_board.announcing import Mark
from display_board.show import Drawing, Saying, Silence

Event = tuple[str, dict[str, Any]]
"""Its name, and what it says."""


def drawing_event(drawing: Drawing, at: str) -> Event:
    """To all: draw this. `at`: what the centre's clock says."""
    unconfirmed = [{**_call(one.key, one.mark), "speech": one.speech} for one in drawing.unconfirmed]
    return "wall", {"at": at, "wall": asdict(drawing.wall), "unconfirmed": unconfirmed}


def saying_event(saying: Saying, clips: list[str]) -> Event:
    """To the page that speaks. `clips`: where they are had."""
    return "say", {**_call(saying.key, saying.mark), "clips": clips}


def silence_event(silence: Silence) -> Event:
    """To all: that is not said any more."""
    return "silence", _call(silence.key, silence.mark)


def alive_event(at: str) -> Event:
    """To all: their server is there."""
    return "alive", {"at": at}


def _call(key: str, mark: Mark) -> dict[str, Any]:
    return {"key": key, "epoch": mark.epoch, "sequence": mark.sequence}
