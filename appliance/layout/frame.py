"""What is on every screen, in the same place: header, actions and bar; what is left is the body's.

Tall screens have the bar at the bottom, wide ones at the right, small ones behind one button of a grid of cells.
"""

from dataclasses import dataclass

from appliance.layout.items import Box
from appliance.layout.pen import Pen
from appliance.layout.theme import GAP, LOWER_HALF_FROM, TOUCH, Family
from appliance.view import Button, View

HEADER = {1.0: 192.0, 1.25: 240.0, 1.5: 272.0}
"""The header's height by size of text."""
LINE = 6.0
BAR = 188.0
SIDE = 248.0
ACTIONS = 112.0
MARGIN = 48.0
WIDE_HEADER = 132.0
SMALL_MARGIN = 6.5


@dataclass(frozen=True, slots=True)
class Frame:
    """The places of one screen. `body`: where its own things stand, the pressable ones among them.

    `upper`: in lower-half mode the part above, for what is only read; else None. `actions`: the row for left, middle
    and right, where the body does not place them itself.
    """

    header: Box
    body: Box
    upper: Box | None
    actions: Box
    bar: Box


def framed(pen: Pen, view: View) -> Frame:
    """The places of `view` on this screen."""
    match pen.theme.family:
        case Family.TALL:
            return _tall(pen, view)
        case Family.WIDE:
            return _wide(pen, view)
        case Family.SMALL:
            return _small(pen)


def draw_frame(pen: Pen, view: View, frame: Frame) -> None:
    """Draws what is always there."""
    if pen.theme.family is Family.SMALL:
        return
    with pen.inside(pen.screen):
        _draw_header(pen, view, frame.header)
        _draw_bar(pen, view, frame.bar)


def draw_actions(pen: Pen, view: View, box: Box, right: Button | None = None, middle: str = "") -> None:
    """The row of actions; `right` and `middle` where the body knows them better than the view."""
    left, right = view.left, right or view.right
    said = middle or view.middle
    both = [one for one in (left, right) if one is not None]
    if not both and not said:
        return
    gap = 24.0
    room = box.w - 2 * gap
    wish = max([_wish(pen, one) for one in both], default=0.0)
    width = min(max(280.0, wish), (room - (180.0 if said else 0.0)) / 2)
    if len(both) == 1 and not said:
        width = min(max(380.0, wish), box.w)
    with pen.inside(box):
        if left is not None:
            pen.button(box.left(width), left)
        if right is not None:
            pen.button(box.end(width), right)
        if said:
            start = box.x + (width + gap if left is not None else 0)
            stop = box.right - (width + gap if right is not None else 0)
            align = "center" if left is not None else "left"
            pen.words(Box(start, box.y, stop - start, box.h), said, "small", "muted", align=align)


def _wish(pen: Pen, button: Button) -> float:
    """The width at which a button's words stand on one line."""
    text = pen.theme.text("button")
    return pen.width_of(button.text, text.weight, text.size) + 44 + 14 + 56


# ---------------------------------------------------------------- places


def _tall(pen: Pen, view: View) -> Frame:
    screen = pen.screen
    header = screen.top(HEADER[view.scale])
    bar = screen.foot(BAR)
    actions = Box(MARGIN, bar.y - 24 - ACTIONS, screen.w - 2 * MARGIN, ACTIONS)
    start = header.bottom + LINE + 28
    upper = None
    if view.lower_half:
        low = screen.h * LOWER_HALF_FROM
        upper = Box(MARGIN, start, actions.w, low - 16 - start)
        start = low
    return Frame(header, Box(MARGIN, start, actions.w, actions.y - 24 - start), upper, actions, bar)


def _wide(pen: Pen, view: View) -> Frame:
    screen = pen.screen
    header = screen.top(WIDE_HEADER * (1 if view.scale == 1 else 1.16))
    bar = screen.below(header.bottom + LINE).end(SIDE)
    room = Box(MARGIN, header.bottom + LINE + 28, screen.w - SIDE - 2 * MARGIN, 0)
    actions = Box(room.x, screen.h - 32 - ACTIONS, room.w, ACTIONS)
    start, upper = room.y, None
    if view.lower_half:
        low = screen.h * LOWER_HALF_FROM
        upper = Box(room.x, start, room.w, low - 16 - start)
        start = low
        bar = Box(bar.x, low - 16, bar.w, screen.h - low + 16)
    return Frame(header, Box(room.x, start, room.w, actions.y - 24 - start), upper, actions, bar)


def _small(pen: Pen) -> Frame:
    """Title row on top, a column of cells at the right; the body is what is left."""
    room = pen.screen.inset(SMALL_MARGIN)
    column = small_column(pen)
    head = room.before(column.w + GAP).top(TOUCH)
    body = room.before(column.w + GAP).below(TOUCH + GAP)
    return Frame(head, body, None, body.foot(TOUCH), column)


def small_column(pen: Pen) -> Box:
    """The column of a small screen."""
    room = pen.screen.inset(SMALL_MARGIN)
    return room.end(max(130.0, room.w * 0.2))


# ---------------------------------------------------------------- drawing


def _draw_header(pen: Pen, view: View, box: Box) -> None:
    head = view.header
    pen.panel(box, "header", radius=0)
    with pen.inside(box):
        pen.drum(Box(box.right - box.h * 1.3, box.y - box.h * 0.3, box.h * 1.6, box.h * 1.6))
    pen.panel(Box(box.x, box.bottom, box.w, LINE), "gold", radius=0)
    emblem = min(112.0, box.h - 40)
    at = Box(MARGIN, box.y + (box.h - emblem) / 2, emblem, emblem)
    _draw_emblem(pen, view, at)
    clock_w = 300.0 if pen.theme.family is Family.TALL else 560.0
    if view.scale > 1:
        clock_w *= 1.16
    left = at.right + 28
    words = Box(left, box.y + 16, box.right - MARGIN - clock_w - 16 - left, box.h - 32)
    with pen.inside(box):
        over = pen.block(head.over, "small", words.w, most=2)
        name = pen.block(head.name, "card_title", words.w, most=1 if len(over.lines) > 1 else 2)
        top = words.y + (words.h - over.height - name.height) / 2
        pen.put(over, Box(words.x, top, words.w, over.height), "header_muted")
        pen.put(name, Box(words.x, top + over.height, words.w, name.height), "header_text")
        _draw_clock(pen, view, Box(box.right - MARGIN - clock_w, words.y, clock_w, words.h))


def _draw_emblem(pen: Pen, view: View, box: Box) -> None:
    """The centre's sign; five presses on it open the door to the staff's menu."""
    ring = "header_text" if pen.theme.high_contrast else "gold"
    pen.touch(box, view.header.door, pen.theme.look("plain"), radius=box.w / 2)
    with pen.inside(box):
        pen.panel(box, "header_text", radius=box.w / 2)
        inner = box.inset(5)
        pen.panel(inner, "surface" if not pen.theme.high_contrast else "header", radius=inner.w / 2, edge=ring)
        side = box.w * 0.46
        pen.icon(box.centred(side, side), "landmark", "brand_strong")


def _draw_clock(pen: Pen, view: View, box: Box) -> None:
    head = view.header
    style = pen.theme.text("small")
    if pen.theme.family is Family.WIDE:
        time_w = pen.theme.text("title").size * (4 * 0.72 + 0.36)
        pen.figures(box.end(time_w), head.clock, "title", "header_text")
        room = box.before(time_w + 28)
        date = _fitting(pen, head, style.size, style.weight, room.w)
        pen.words(room, date, "small", "header_muted", align="right", most=1)
        return
    time, date_h = pen.theme.text("title").line, style.line
    top = box.y + (box.h - time - date_h) / 2
    pen.figures(Box(box.x, top, box.w, time), head.clock, "title", "header_text")
    date = _fitting(pen, head, style.size, style.weight, box.w)
    pen.words(Box(box.x, top + time, box.w, date_h), date, "small", "header_muted", align="right", most=1)


def _fitting(pen: Pen, head: object, size: float, weight: int, width: float) -> str:
    """The date, without its year where there is no room for it."""
    long, short = str(getattr(head, "date", "")), str(getattr(head, "date_short", ""))
    return long if pen.width_of(long, weight, size) <= width else short


def bar_of(pen: Pen, view: View) -> list[Button]:
    """The buttons of the bar that make sense on this screen."""
    return [one for one in view.bar if pen.theme.reaches_high or not one.for_high_screens]


def _draw_bar(pen: Pen, view: View, box: Box) -> None:
    theme = pen.theme
    pen.panel(box, "surface", radius=0)
    tall = theme.family is Family.TALL
    edge = 4.0 if theme.high_contrast else 2.0
    pen.panel(box.top(edge) if tall else box.left(edge), "line", radius=0)
    buttons = bar_of(pen, view)
    with pen.inside(box):
        if tall:
            room = Box(24, box.y + 24, box.w - 48, box.h - 48)
            call_w, gap = 224.0, 14.0
            each = (room.w - call_w - gap * (len(buttons) - 1)) / (len(buttons) - 1)
            for at, button in enumerate(buttons):
                w = call_w if at == len(buttons) - 1 else each
                place = Box(room.x + at * (each + gap), room.y, w, room.h)
                pen.button(place, button, _bar_look(button), stacked=True, radius=20)
            return
        room = box.inset(24, 16) if box.h < 600 else box.inset(24, 28)
        for place, button in zip(room.rows(len(buttons), 13.0), buttons, strict=True):
            pen.button(place, button, _bar_look(button), stacked=True, radius=20)


def _bar_look(button: Button) -> str:
    return "on" if button.on else "call" if button.main else "bar"


def draw_small_column(pen: Pen, view: View, cells: list[Button], *, about: str = "") -> None:
    """The column of a small screen: support on top, the clock with `about` in the middle, `cells` at the bottom."""
    column = small_column(pen)
    with pen.inside(column):
        pen.button(column.top(TOUCH), view.support, "call", stacked=True, radius=16)
        bottom = column.bottom
        for button in reversed(cells):
            pen.button(Box(column.x, bottom - TOUCH, column.w, TOUCH), button, stacked=True, radius=16)
            bottom -= TOUCH + GAP
        free = Box(column.x, column.y + TOUCH + GAP, column.w, bottom - column.y - TOUCH - GAP)
        clock, said = pen.theme.text("title").line, pen.theme.text("small").line
        if free.h >= clock:
            block = pen.block(about, "small", free.w, most=2) if about and free.h >= clock + said else None
            height = clock + (block.height if block else 0)
            top = free.y + (free.h - height) / 2
            pen.figures(Box(free.x, top, free.w, clock), view.header.clock, "title", "ink", align="center")
            if block is not None:
                pen.put(block, Box(free.x, top + clock, free.w, block.height), "muted", align="center")


def draw_small_head(pen: Pen, box: Box, title: str, lead: str = "", *, back: Button | None = None) -> None:
    """The title row of a small screen, with the way back at the left where there is one.

    The lead is left out where there is no room for all of it.
    """
    cell = small_column(pen).w
    with pen.inside(box):
        room = box
        if back is not None:
            pen.button(box.left(cell), back, stacked=True, radius=16)
            room = box.after(cell + GAP)
        head = pen.block(title, "title", room.w)
        below = pen.block(lead, "small", room.w) if lead else None
        if below is None or head.cut or below.cut or head.height + below.height > room.h:
            head, below = pen.block(title, "title", room.w, height=room.h), None
        height = head.height + (below.height if below else 0)
        top = room.y + (room.h - height) / 2
        pen.put(head, Box(room.x, top, room.w, head.height), "ink")
        if below is not None:
            pen.put(below, Box(room.x, top + head.height, room.w, below.height), "muted")
