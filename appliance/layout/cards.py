"""Cards to choose from: how high they must be, how many fit on a page, and how one looks."""

from dataclasses import dataclass, replace
from typing import Final

from appliance.bodies import Card
from appliance.layout.items import Box
from appliance.layout.pen import LEVELS, Block, Pen, pressing
from appliance.layout.theme import TOUCH, Family
from appliance.view import Kind, Level

ALIKE: Final = 0.8
"""Titles are equally large unless one is so long that all would be smaller than this share of their size."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How all cards of one screen are cut. `title`: the size of their titles."""

    width: float
    tile: float
    pad: float
    """Left and right of everything."""
    air: float
    """Above and below the words."""
    aside: float
    """Between the tile and the words."""
    chevron: float
    beside: float
    """The width of the part for the wait; 0: it stands under the title."""
    title: float

    def room(self, card: Card, box: Box) -> Box:
        """Where a card's words stand; a closed one needs no room for a wait."""
        words = box.inset(self.pad, 0).after(self.tile + self.aside)
        return words.before(12 if card.closed else self.chevron + self.beside)


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cards of one page stand, and which page that is."""

    places: tuple[Box, ...]
    cards: tuple[Card, ...]
    cut: Cut
    page: int
    pages: int


def cut_cards(pen: Pen, cards: tuple[Card, ...], width: float, *, compact: bool) -> Cut:
    """One cut for all `cards` at this width."""
    style = pen.theme.text("card_title")
    if pen.theme.family is Family.SMALL:
        cut = Cut(width, tile=62, pad=9, air=4, aside=14, chevron=6, beside=0, title=style.size)
    else:
        tell_beside = width >= 900 and pen.theme.scale == 1.0 and any(card.people for card in cards)
        beside = 330.0 if tell_beside else 0.0
        tile, pad, air = (80.0, 14.0, 12.0) if compact else (120.0, 28.0, 16.0)
        cut = Cut(width, tile, pad, air, aside=24, chevron=56, beside=beside, title=style.size)
    sizes = [
        pen.block(card.title, "card_title", cut.room(card, Box(0, 0, width, 0)).w, most=2).text.size
        for card in cards
        if not card.closed
    ]
    return replace(cut, title=max(style.size * ALIKE, min([style.size, *sizes])))


def grid(
    pen: Pen,
    cards: tuple[Card, ...],
    box: Box,
    *,
    page: int,
    columns: int,
    gap: float,
    most_height: float,
    compact: bool,
) -> Grid:
    """The places of one page in `box`; `page` counts on past the last one.

    Rows are equally high; where that would leave a screen with very few, each is as high as its cards need.
    """
    width = (box.w - (columns - 1) * gap) / columns
    cut = cut_cards(pen, cards, width, compact=compact)
    rows = [cards[at : at + columns] for at in range(0, len(cards), columns)]
    needs = [max(_height(pen, card, cut) for card in row) for row in rows]
    pages = _pages(needs, box.h, gap)
    at = page % len(pages)
    shown = pages[at]
    free = (box.h - sum(needs[row] for row in shown) - gap * (len(shown) - 1)) / max(1, len(shown))
    even = max((needs[row] for row in shown), default=0.0)
    if even * len(shown) + gap * (len(shown) - 1) <= box.h:
        full = max(len(one) for one in pages)
        height = max(even, min(most_height, (box.h - gap * (full - 1)) / max(1, full)))
        heights = [height] * len(shown)
    else:
        heights = [needs[row] + max(0.0, free) for row in shown]
    places: list[Box] = []
    top = box.y
    for row, height in zip(shown, heights, strict=True):
        places += [Box(box.x + col * (width + gap), top, width, height) for col in range(len(rows[row]))]
        top += height + gap
    return Grid(tuple(places), tuple(card for row in shown for card in rows[row]), cut, at, len(pages))


def _pages(needs: list[float], room: float, gap: float) -> list[list[int]]:
    """Which rows stand on which page: equally many on each if that is no page more, else as many as fit."""
    packed: list[list[int]] = [[]]
    used = 0.0
    for row, need in enumerate(needs):
        if packed[-1] and used + gap + need > room + 1:
            packed.append([])
            used = 0.0
        used += need + (gap if packed[-1] else 0)
        packed[-1].append(row)
    highest = max(needs, default=1.0)
    alike = max(1, int((room + gap + 1) // (highest + gap)))
    if -(-len(needs) // alike) <= len(packed):
        return [list(range(at, min(at + alike, len(needs)))) for at in range(0, len(needs), alike)] or [[]]
    return packed


def _height(pen: Pen, card: Card, cut: Cut) -> float:
    """The least height at which everything on a card fits."""
    words = cut.room(card, Box(0, 0, cut.width, 0)).w
    title = pen.block(card.title, "card_title", words, most=2, size=cut.title).height
    tile = cut.tile + 2 * min(cut.pad, 9.0 if pen.theme.family is Family.SMALL else cut.pad)
    return max(tile, TOUCH, title + _under(pen, card, words, cut.beside) + 2 * cut.air)


def _under(pen: Pen, card: Card, words: float, beside: float) -> float:
    """How high that is which stands under the title: why it is closed, the wait, or what it is about."""
    style = pen.theme.text("small")
    if card.closed:
        return pen.block(card.closed, "small", words, most=2, weight=700).height
    if not beside and (card.wait or card.people):
        return style.line
    return style.line if card.lead and beside else 0.0


def draw_card(pen: Pen, card: Card, box: Box, cut: Cut) -> None:
    """One card."""
    closed = bool(card.closed)
    look = pen.theme.look("closed" if closed else "card")
    if closed:
        pen.panel(box, look.fill, edge=look.edge)
    else:
        pen.touch(box, pressing(Kind.CHOOSE, card.id, card.says or card.title), look, lift="card")
    with pen.inside(box):
        inner = box.inset(cut.pad, 0)
        at = Box(inner.x, box.y + (box.h - cut.tile) / 2, cut.tile, cut.tile)
        _tile(pen, card, at, closed=closed)
        _words(pen, card, cut.room(card, box), cut)
        if closed:
            return
        if cut.chevron >= 40:
            pen.icon(inner.end(40), "chevron-right", "brand")
        if cut.beside and card.people:
            _wait(pen, card, Box(inner.right - cut.chevron - cut.beside, box.y, cut.beside, box.h))


def _tile(pen: Pen, card: Card, box: Box, *, closed: bool) -> None:
    if closed:
        ground = "sunken" if pen.theme.high_contrast else "line"
        pen.tile(box, "lock", ground, "muted_on_sunken")
    else:
        pen.tile(box, card.icon, pen.theme.group(card.tint, "tint"), pen.theme.group(card.tint, "strong"))


def _words(pen: Pen, card: Card, box: Box, cut: Cut) -> None:
    title = pen.block(card.title, "card_title", box.w, most=2, size=cut.title)
    under: Block | None = None
    colour = "muted"
    if card.closed:
        under, colour = pen.block(card.closed, "small", box.w, most=2, weight=700), "warn_strong"
    elif not cut.beside and (card.wait or card.people):
        _waiting_below(pen, card, box, title)
        return
    elif card.lead and title.height + pen.theme.text("small").line <= box.h - 16:
        under = pen.block(card.lead, "small", box.w, most=1)
        under = None if under.cut else under
    height = title.height + (under.height if under else 0)
    top = box.y + (box.h - height) / 2
    pen.put(title, Box(box.x, top, box.w, title.height), "ink")
    if under is not None:
        pen.put(under, Box(box.x, top + title.height, box.w, under.height), colour)


def _waiting_below(pen: Pen, card: Card, box: Box, title: Block) -> None:
    style = pen.theme.text("small")
    top = box.y + (box.h - title.height - style.line) / 2
    pen.put(title, Box(box.x, top, box.w, title.height), "ink")
    line = Box(box.x, top + title.height, box.w, style.line)
    bar_h = style.size * 0.86
    if card.level is not Level.NONE:
        pen.bars(Box(line.x, line.y + (line.h - bar_h) / 2, bar_h, bar_h), card.level)
        line = line.after(bar_h + 12)
    colour = LEVELS[card.level][2]
    ways = (" · ".join(part for part in (card.wait, people) if part) for people in (card.people, card.people_short))
    whole = (said for said in ways if pen.width_of(said, style.weight, style.size) <= line.w)
    pen.words(line, next(whole, card.wait or card.people_short), "small", colour, most=1)


def _wait(pen: Pen, card: Card, box: Box) -> None:
    """The part at the right: how long, and how many people; at the same place on every card."""
    pen.panel(Box(box.x, box.y + box.h * 0.2, 2, box.h * 0.6), "line", radius=0)
    room = box.after(26)
    upper, lower = pen.theme.text("button"), pen.theme.text("small")
    if not card.wait:
        line = Box(room.x, box.y + (box.h - upper.line) / 2, room.w, upper.line)
        if card.level is not Level.NONE:
            pen.bars(Box(line.x, line.y, 40, line.h).centred(40, 32), card.level)
        pen.words(line.after(54), card.people, "body", "ink", most=1)
        return
    top = box.y + (box.h - upper.line - lower.line) / 2
    line = Box(room.x, top, room.w, upper.line)
    pen.bars(Box(line.x, line.y, 40, line.h).centred(40, 32), card.level)
    pen.words(line.after(54), card.wait, "button", LEVELS[card.level][2], most=1)
    line = Box(room.x, top + upper.line, room.w, lower.line)
    pen.icon(Box(line.x, line.y, 40, line.h).centred(32, 32), "users", "muted")
    pen.words(line.after(54), card.people, "small", "muted", most=1)
