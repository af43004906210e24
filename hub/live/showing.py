"""One call on its way to the eyes and ears of the halls. Pure: time is an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from hub.actions.device.showing import Seen
from hub.contract.messages import Shown
from hub.queueing.facts import Entry, TicketCalled, TicketRecalled

Call = TicketCalled | TicketRecalled

LIMIT_S: Final = 1.5
"""A screen that works has drawn a call long before; with its way to the officer's page that makes two seconds."""

_MEANS: Final[Mapping[str, Seen]] = MappingProxyType(
    {"pending": Seen.SPEAKING, "spoken": Seen.SPOKEN, "skipped": Seen.SILENT, "muted": Seen.SILENT}
)
_WORTH: Final = (Seen.MISSING, Seen.SENT, Seen.SILENT, Seen.SPEAKING, Seen.SPOKEN)
"""Of two screens in one hall the better word counts."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A call, and what each hall has made of it. `sequence`: its entry in the journal; `due_s`: when silence counts."""

    epoch: str
    sequence: int
    ticket: str
    number: str
    counter: str
    due_s: float
    screens: Mapping[str, Mapping[str, Seen]]
    """By board, by screen."""

    def halls(self) -> dict[str, Seen]:
        """The word of each hall: one screen that shows a call is enough."""
        return {board: max(said.values(), key=_WORTH.index) for board, said in self.screens.items()}


def begun(entry: Entry, call: Call, screens: Mapping[str, frozenset[str]], at_s: float) -> Showing:
    """A call goes out to these screens, by board; a hall without any says nothing."""
    asked = {board: dict.fromkeys(own, Seen.SENT) for board, own in screens.items() if own}
    return Showing(entry.epoch, entry.number, call.ticket, call.number, call.counter, at_s + LIMIT_S, asked)


def confirmed(showing: Showing, screen: str, shown: Shown) -> Showing:
    """After a screen's word. Nothing changes by a word on another call, of a screen that was not asked, or by a late
    `pending` after the end of the announcement.
    """
    before = showing.screens.get(shown.board, {}).get(screen)
    now = _MEANS[shown.speech]
    if before is None or not _is_about(showing, shown) or _is_over(before, now):
        return showing
    said = {**showing.screens[shown.board], screen: now}
    return replace(showing, screens={**showing.screens, shown.board: said})


def overdue(showing: Showing, now_s: float) -> tuple[Showing, tuple[str, ...]]:
    """After the time is over: whoever has said nothing does not show it; and the halls in which nobody does."""
    if now_s < showing.due_s:
        return showing, ()
    screens = {
        board: {screen: Seen.MISSING if one is Seen.SENT else one for screen, one in said.items()}
        for board, said in showing.screens.items()
    }
    after = replace(showing, screens=screens)
    missing = {board for board, word in after.halls().items() if word is Seen.MISSING}
    before = {board for board, word in showing.halls().items() if word is Seen.MISSING}
    return after, tuple(sorted(missing - before))


def is_waiting(showing: Showing) -> bool:
    """Whether some screen has said nothing yet, and its time is not over."""
    return any(one is Seen.SENT for said in showing.screens.values() for one in said.values())


def _is_about(showing: Showing, shown: Shown) -> bool:
    """A call found in a list bears the list's mark, which is that of the call or a later one; its number tells."""
    if shown.epoch != showing.epoch:
        return False
    if shown.number is None:
        return shown.sequence == showing.sequence
    return shown.number == showing.number and shown.sequence >= showing.sequence


def _is_over(before: Seen, now: Seen) -> bool:
    return now is Seen.SPEAKING and before in (Seen.SPOKEN, Seen.SILENT)
