"""A board's mind: what it hears becomes what its pages draw and say. No input, no output: time is an argument.

It confirms nothing by itself. What was drawn or said, pages report; here it is only told which call that was.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeVar

from display_board import state
from display_board.announcing import (
    LONGEST_MS,
    Called,
    Clip,
    Manner,
    Mark,
    Speech,
    Verdict,
    announcement,
    ended,
    given_up,
    line_up,
    next_turn,
)
from display_board.state import Hall, KnownCall, Look, Wall
from hub.contract.messages import Board, BoardCall, Message
from hub.contract.time import Instant

Word = Literal["pending", "spoken", "skipped", "muted"]
"""What has become of a call's announcement, in the words of the wire."""

REMEMBERED: Final = 128

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A call on the wall that no page is known to have drawn. `speech`: what to report of it for now."""

    key: str
    mark: Mark
    speech: Word


@dataclass(frozen=True, slots=True)
class Drawing:
    """To all pages: draw this, and report those calls once they can be seen."""

    wall: Wall
    unconfirmed: tuple[Unconfirmed, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """To the page that speaks: say this, and report that it was said."""

    key: str
    mark: Mark
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """To all pages: this call is not said any more; report that."""

    key: str
    mark: Mark


Scene = Drawing | Saying | Silence


@dataclass(slots=True)
class Show:
    """One board. `hear`, `touch`, `report` when something happens; `turn` after each of them, and when `next_turn` is
    due. `speaks`: its pages announce what they show.
    """

    look: Look = Look()
    manner: Manner = Manner()
    speaks: bool = True
    hall: Hall = field(default_factory=Hall)
    _speech: Speech = Speech()
    _words: OrderedDict[str, Word] = field(default_factory=OrderedDict)
    """What was decided of each call's announcement."""
    _drawn: OrderedDict[str, bool] = field(default_factory=OrderedDict)
    _undecided: set[str] = field(default_factory=set)
    """Calls of the program before this one, which ended before they were said."""
    _silenced: list[Silence] = field(default_factory=list)
    _last: Wall | None = None

    # ------------------------------------------------------------ what happens

    def hear(self, name: str, message: Message | None, now: Instant) -> None:
        """A message of the hub; `name`: of which counter."""
        before = {one.called.key for one in self.hall.known} - self._undecided
        self.hall = state.hear(self.hall, name, message, now)
        if isinstance(message, Board | BoardCall):
            self._undecided.clear()
            for known in reversed(self.hall.known):
                if known.called.key not in before:
                    self._consider(known)

    def touch(self, now: Instant, *, there: bool) -> None:
        """Hub and broker are there, or are not."""
        self.hall = state.touch(self.hall, there=there, now=now)

    def report(self, key: str, speech: Word) -> Called | None:
        """A page has drawn a call, or has said it; which one, None when it is none of ours."""
        known = next((one for one in self.hall.known if one.called.key == key), None)
        if known is None:
            return None
        _remember(self._drawn, key, True)
        if speech != "pending":
            self._speech = ended(self._speech, key)
            _remember(self._words, key, speech)
        return known.called

    def page_gone(self) -> None:
        """The page that spoke is not there any more: what it was saying is lost."""
        self._speech = given_up(self._speech)

    def become(self, look: Look, manner: Manner, *, speaks: bool) -> None:
        """It is set otherwise from here on."""
        self.look, self.manner, self.speaks = look, manner, speaks
        if not speaks:
            self._decide(self._speech.waiting, "muted")
            self._speech = Speech()

    # ------------------------------------------------------------ what follows

    def turn(self, now: Instant, *, page_speaks: bool) -> list[Scene]:
        """What pages are told now. `page_speaks`: there is one that can be given something to say."""
        scenes: list[Scene] = []
        drawing = self.drawing(now)
        if drawing.wall != self._last:
            self._last = drawing.wall
            scenes.append(drawing)
        scenes += self._say(now) if page_speaks else []
        scenes += self._silenced
        self._silenced.clear()
        return scenes

    def drawing(self, now: Instant) -> Drawing:
        """All that is to be seen now, for a page that has just come."""
        shown = state.calls(self.hall, self.look)
        known = {*self._drawn, *self._undecided}
        waits = (one for one in shown if one.is_news() and one.called.key not in known)
        unconfirmed = (Unconfirmed(one.called.key, one.called.mark, self._word(one.called.key)) for one in waits)
        return Drawing(state.wall(self.hall, self.look, now), tuple(unconfirmed))

    def next_turn(self, now: Instant) -> Instant | None:
        """When `turn` has something to do by time alone."""
        change = state.next_change(self.hall, self.look, now)
        if self._speech.speaking is None:
            return change
        limit = Instant(self._speech.since + LONGEST_MS + 1)
        return limit if change is None else min(limit, change)

    # ------------------------------------------------------------ its memory

    def remembered(self) -> dict[str, Word]:
        """What was decided of announcements, for the program that comes after this one."""
        return dict(self._words)

    def remember(self, hall: Hall, words: dict[str, Word]) -> None:
        """What was known before this program began. What was never decided is, once the hub is heard again."""
        self.hall = replace(hall, lost=True)
        self._words = OrderedDict(words)
        self._drawn = OrderedDict.fromkeys(words, True)
        self._undecided = {one.called.key for one in hall.known} - set(words)

    def _consider(self, known: KnownCall) -> None:
        """A call that has just become known is lined up, unless it is no news or nobody here speaks."""
        called = known.called
        if not self.look.has(called.counter) or called.key in self._words:
            return
        if not known.is_news():
            self._decide((called,), "skipped")
        elif not self.speaks:
            self._decide((called,), "muted")
        else:
            self._speech, replaced = line_up(self._speech, called)
            self._silence(replaced)

    def _say(self, now: Instant) -> list[Scene]:
        on_the_wall = {one.called.key: one for one in state.calls(self.hall, self.look)}

        def verdict(called: Called) -> Verdict:
            known = on_the_wall.get(called.key)
            return Verdict.OVER if known is None else state.verdict(self.hall, known)

        self._speech, turn, over = next_turn(self._speech, verdict, now)
        self._silence(over)
        if turn is None:
            return []
        called = turn.called
        return [Saying(called.key, called.mark, announcement(called, self.manner, short=turn.short))]

    def _silence(self, calls: tuple[Called, ...]) -> None:
        self._decide(calls, "skipped")
        self._silenced += (Silence(one.key, one.mark) for one in calls)

    def _decide(self, calls: tuple[Called, ...], word: Word) -> None:
        for one in calls:
            _remember(self._words, one.key, word)

    def _word(self, key: str) -> Word:
        return self._words.get(key, "pending" if key in self._speech.keys else "muted")


def _remember(memory: OrderedDict[str, V], key: str, value: V) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
