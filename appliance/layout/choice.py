"""Groups, services and classes to choose from, a page at a time, and finding a service by words."""

from math import inf

from appliance.bodies import Card, Choice, Search
from appliance.layout.cards import Grid, draw_card, grid
from appliance.layout.frame import (
    SMALL_MARGIN,
    Frame,
    draw_actions,
    draw_small_column,
    draw_small_head,
    small_column,
)
from appliance.layout.items import Box
from appliance.layout.pen import Pen
from appliance.layout.theme import GAP, TOUCH, Family
from appliance.layout.welcome import draw_warning, warning_height
from appliance.view import Button, Kind, View

TILE = 120.0
FIELD = 112.0
MOST_HEIGHT = 236.0


def place_choice(pen: Pen, view: View, body: Choice, frame: Frame) -> None:
    """Draws the cards, with a title, the way to the keyboard, and the way to the next page."""
    if pen.theme.family is Family.SMALL:
        _small_choice(pen, view, body, frame)
        return
    room = frame.body
    if frame.upper is None:
        room = room.below(_head(pen, body.title, body.lead, body.icon, body.tint, room) + 24)
    else:
        _head(pen, body.title, body.lead, body.icon, body.tint, frame.upper)
    if body.warning:
        warning = room.top(warning_height(pen, body.warning, room.w))
        draw_warning(pen, warning, body.warning)
        room = room.below(warning.h + 20)
    actions = frame.actions
    if body.search is not None and frame.upper is None:
        _field(pen, room.top(FIELD), body.search, body.search_prompt)
        room = room.below(FIELD + 24)
    columns = 2 if pen.theme.family is Family.WIDE and len(body.cards) > 2 and pen.theme.scale < 1.5 else 1
    compact = frame.upper is not None or room.h < 700
    gap = 20.0 if not compact else 14.0
    _cards(pen, view, body, room, actions, columns=columns, gap=gap, compact=compact, low=frame.upper is not None)


def _cards(
    pen: Pen, view: View, body: Choice, room: Box, actions: Box, *, columns: int, gap: float, compact: bool, low: bool
) -> None:
    laid = grid(
        pen, body.cards, room, page=body.pager.page, columns=columns, gap=gap, most_height=MOST_HEIGHT, compact=compact
    )
    with pen.inside(room):
        for place, card in zip(laid.places, laid.cards, strict=True):
            draw_card(pen, card, place, laid.cut)
        if not body.cards:
            pen.words(room.top(200), body.empty, "body", "muted")
    onward, said = _onward(body, laid.page, laid.pages)
    if low and body.search is not None:
        _three(pen, view, actions, body.search, onward)
    else:
        draw_actions(pen, view, actions, onward, said)


def _onward(body: Choice, page: int, pages: int) -> tuple[Button | None, str]:
    """The button to the next page, or back to the first, and which page this is."""
    if pages < 2:
        return None, ""
    pager = body.pager
    onward = pager.first if page + 1 == pages else pager.next
    return onward, pager.of.format(page=page + 1, pages=pages)


def _three(pen: Pen, view: View, box: Box, search: Button, onward: Button | None) -> None:
    """In the lower half: back, the keyboard, the next page, side by side."""
    buttons = [one for one in (view.left, search, onward) if one is not None]
    with pen.inside(box):
        for place, button in zip(box.columns(len(buttons), 20.0), buttons, strict=True):
            pen.button(place, button)


def _head(pen: Pen, title: str, lead: str, icon: str, tint: str, box: Box) -> float:
    """Icon, title and lead; how high they are."""
    with pen.inside(box):
        left = TILE + 28 if icon else 0.0
        head = pen.block(title, "title", box.w - left, most=2)
        below = pen.block(lead, "body", box.w - left, most=2) if lead else None
        words = head.height + (below.height if below else 0)
        height = max(words, TILE if icon else 0)
        if icon:
            at = Box(box.x, box.y + (height - TILE) / 2, TILE, TILE)
            strong = pen.theme.group(tint, "strong")
            ground, ink = ("surface", strong) if pen.theme.high_contrast else (strong, "on_brand")
            pen.tile(at, icon, ground, ink)
        top = box.y + (height - words) / 2
        pen.put(head, Box(box.x + left, top, box.w - left, head.height), "ink")
        if below is not None:
            pen.put(below, Box(box.x + left, top + head.height, box.w - left, below.height), "muted")
    return height


def _field(pen: Pen, box: Box, search: Button, prompt: str) -> None:
    """Looks like a field to type in; the whole of it opens the keyboard."""
    pen.touch(box, search, pen.theme.look("plain"), radius=24)
    with pen.inside(box):
        inner = box.inset(16, 14)
        key = pen.block(search.text, "button", 400)
        chip = inner.end(key.width + 44 + 14 + 48)
        pen.panel(chip, "brand_tint", radius=16, edge="line_strong" if pen.theme.high_contrast else "")
        pen.icon(Box(chip.x + 24, chip.y, 44, chip.h), "keyboard", "brand_strong")
        pen.put(key, chip.after(82).before(20), "brand_strong")
        words = inner.before(chip.w + 16)
        pen.icon(Box(words.x + 20, words.y, 44, words.h), "search", "brand_strong")
        pen.words(words.after(88), prompt, "body", "muted")


# ---------------------------------------------------------------- finding by words


def place_search(pen: Pen, view: View, body: Search, frame: Frame) -> None:
    """What was typed, what was found, and the keyboard at the bottom; in a low room beside it."""
    if pen.theme.family is Family.SMALL:
        _small_search(pen, view, body)
        return
    room = Box(frame.body.x, frame.body.y, frame.body.w, frame.actions.bottom - frame.body.y)
    rows = len(body.keys)
    if frame.upper is not None:
        _head(pen, body.title, "", "search", "", frame.upper)
    if frame.upper is not None and pen.theme.family is Family.WIDE:
        keys, above = room.left(room.w * 0.6), room.after(room.w * 0.6 + 24)
    else:
        key_h = min(104.0, TOUCH if frame.upper is not None else inf, (room.h * 0.5 - (rows - 1) * GAP) / rows)
        keys = room.foot(rows * key_h + (rows - 1) * GAP)
        above = room.above(keys.h + 24)
    _keys(pen, body, keys, GAP)
    if frame.upper is None:
        above = above.below(_head(pen, body.title, "", "search", "", above) + 20)
    line = above.top(min(FIELD, max(TOUCH, above.h * 0.26)))
    _typed(pen, view, body, line)
    _found(pen, body, above.below(line.h + 16))


def _typed(pen: Pen, view: View, body: Search, box: Box) -> None:
    """Back, and the line that was typed with a mark where the next letter goes."""
    if view.left is not None:
        small = pen.theme.family is Family.SMALL or box.w < 700
        width = 116.0 if small else 260.0
        with pen.inside(box):
            back = box.left(width)
            if small:  # the arrow alone: its words would take the room of what is typed
                pen.touch(back, view.left, pen.theme.look("plain"), radius=20)
                pen.icon(back.centred(44, 44), view.left.icon, pen.theme.look("plain").icon)
            else:
                pen.button(back, view.left, radius=20)
        box = box.after(width + 16)
    pen.panel(box, "surface", radius=20, edge="brand", border="control")
    with pen.inside(box):
        inner = box.inset(24, 0)
        if not body.typed:
            pen.panel(Box(inner.x, box.y + box.h * 0.24, 4, box.h * 0.52), "brand", radius=2)
            pen.words(inner.after(16), body.prompt, "body", "muted")
            return
        style = pen.theme.text("button")
        shown = body.typed
        while len(shown) > 1 and pen.width_of(shown, style.weight, style.size) > inner.w - 16:
            shown = shown[1:]
        width = pen.width_of(shown, style.weight, style.size)
        pen.words(Box(inner.x, inner.y, width + 2, inner.h), shown, "button", "ink", most=1)
        pen.panel(Box(inner.x + width + 6, box.y + box.h * 0.24, 4, box.h * 0.52), "brand", radius=2)


def _found(pen: Pen, body: Search, box: Box) -> None:
    if not body.cards:
        with pen.inside(box):
            pen.words(box, body.nothing, "body", "muted", valign="top")
        return
    columns = 2 if box.w > 1300 and len(body.cards) > 1 else 1

    def laid_out() -> Grid:
        return grid(pen, body.cards, box, page=0, columns=columns, gap=14.0, most_height=150.0, compact=True)

    with pen.inside(box), pen.as_large_as_fits(lambda: box.contains(laid_out().places[0])):
        laid = laid_out()
        for place, card in zip(laid.places, laid.cards, strict=True):
            draw_card(pen, card, place, laid.cut)


def _keys(pen: Pen, body: Search, box: Box, gap: float) -> None:
    """Rows of keys: single ones equally wide over all rows, the space bar with what is left."""
    most = max(len(row) for row in body.keys)
    single = (box.w - (most - 1) * gap) / most
    with pen.inside(box):
        for row, keys in zip(box.rows(len(body.keys), gap), body.keys, strict=True):
            widths = _widths(keys, single, gap, row.w)
            left = row.x + (row.w - sum(widths) - (len(keys) - 1) * gap) / 2
            for key, width in zip(keys, widths, strict=True):
                _key(pen, key, Box(left, row.y, width, row.h))
                left += width + gap


def _widths(keys: tuple[Button, ...], single: float, gap: float, room: float) -> list[float]:
    wide = [key for key in keys if len(key.text) > 1 or key.icon]
    if not wide:
        return [single] * len(keys)
    plain = len(keys) - len(wide)
    free = room - plain * single - (len(keys) - 1) * gap
    shares = [2.2 if key.what == "space" else 1.0 for key in wide]
    each = min(free / sum(shares), single * 2.6)
    return [single if key not in wide else each * (2.2 if key.what == "space" else 1.0) for key in keys]


def _key(pen: Pen, key: Button, box: Box) -> None:
    look = pen.theme.look("main" if key.main else "on" if key.on else "plain")
    pen.touch(box, key, look, radius=14)
    with pen.inside(box):
        if key.icon:
            pen.icon(box.centred(44, 44), key.icon, look.icon)
        else:
            role = "card_title" if len(key.text) == 1 else "button"
            pen.words(box.inset(6, 0), key.text, role, look.ink, align="center")


# ---------------------------------------------------------------- small screens


def _small_choice(pen: Pen, view: View, body: Choice, frame: Frame) -> None:
    room = frame.body
    if body.warning:
        warning = room.top(warning_height(pen, body.warning, room.w))
        draw_warning(pen, warning, body.warning)
        room = room.below(warning.h + GAP)
    laid = grid(pen, body.cards, room, page=body.pager.page, columns=1, gap=GAP, most_height=130.0, compact=True)
    draw_small_head(pen, frame.header, body.title, body.lead, back=view.left)
    onward, _ = _onward(body, laid.page, laid.pages)
    said = f"{laid.page + 1} / {laid.pages}" if onward is not None else ""
    draw_small_column(pen, view, [one for one in (body.search, onward) if one is not None], about=said)
    with pen.inside(room):
        for place, card in zip(laid.places, laid.cards, strict=True):
            draw_card(pen, card, place, laid.cut)
        if not body.cards:
            pen.words(room, body.empty, "body", "muted", valign="top")


def _small_search(pen: Pen, view: View, body: Search) -> None:
    room = pen.screen.inset(SMALL_MARGIN)
    gap = 6.0
    rows = len(body.keys)
    keys = room.foot(min(104.0 * rows, room.h * 0.55))
    _keys(pen, body, keys, gap)
    above = room.above(keys.h + gap)
    line = above.top(TOUCH)
    column = small_column(pen)
    _typed(pen, view, body, line.before(column.w + GAP))
    with pen.inside(line):
        pen.button(line.end(column.w), view.support, "call", stacked=True, radius=16)
    rest = above.below(line.h + gap)
    with pen.inside(rest):
        if not body.cards:
            pen.words(rest, body.nothing, "small", "muted")
            return
        for place, card in zip(rest.columns(min(2, len(body.cards)), GAP), body.cards, strict=False):
            _small_found(pen, card, place)


def _small_found(pen: Pen, card: Card, place: Box) -> None:
    """One that was found; a closed one says so instead of being a button."""
    if card.closed:
        pen.panel(place, "sunken", radius=14, edge="line")
    else:
        chosen = Button(card.id, card.title, says=card.says or card.title, kind=Kind.CHOOSE)
        pen.touch(place, chosen, pen.theme.look("plain"), radius=14)
    with pen.inside(place):
        pen.words(place.inset(8, 0), card.title, "button", "muted_on_sunken" if card.closed else "ink", align="center")
