"""The home screen: one question, one large answer, and help."""

from appliance.bodies import Welcome
from appliance.layout.frame import Frame, draw_small_column, draw_small_head
from appliance.layout.items import Box
from appliance.layout.pen import Pen
from appliance.layout.theme import GAP, Family
from appliance.view import Button, Fact, View

GAP_CARDS = 24.0
EXAMPLE = "A012"


def place_welcome(pen: Pen, view: View, body: Welcome, frame: Frame) -> None:
    """Draws the home screen."""
    if pen.theme.family is Family.SMALL:
        _small(pen, view, body, frame)
        return
    room = frame.body
    question = Box(room.x, room.y, room.w, room.h) if frame.upper is None else frame.upper
    used = _question(pen, body, question)
    if frame.upper is not None:
        _hall(pen, body, frame.upper.below(used + 28), least=0.0)
    if frame.upper is None:
        room = Box(room.x, room.y + used + 28, room.w, frame.actions.bottom - room.y - used - 28)
    else:
        room = Box(room.x, room.y, room.w, frame.actions.bottom - room.y)
    if body.warning:
        warning = room.top(warning_height(pen, body.warning, room.w))
        draw_warning(pen, warning, body.warning)
        room = room.below(warning.h + GAP_CARDS)
    if frame.upper is None:
        room = _hall(pen, body, room, least=620.0 if pen.theme.family is Family.TALL else 420.0)
    if pen.theme.family is Family.WIDE:
        hero, help_ = room.before(room.w * 0.34 + GAP_CARDS), room.end(room.w * 0.34)
    else:
        help_h = min(240.0, room.h * 0.34)
        hero, help_ = room.above(help_h + GAP_CARDS), room.foot(help_h)
    with pen.inside(room):
        _hero(pen, body, hero)
        _help(pen, body, help_)


def _hall(pen: Pen, body: Welcome, room: Box, *, least: float) -> Box:
    """How the hall stands, at the bottom of `room` where `least` is left above it; what is left then."""
    title, line = pen.theme.text("card_title").line, pen.theme.text("body").line + 24
    columns = 2 if _told_in_half(pen, body, room.w) else 1
    rows = -(-len(body.hall) // columns)
    height = 36 + title + 12 + rows * line + 28
    if not body.hall or room.h - height - GAP_CARDS < least:
        return room
    box = room.foot(height)
    pen.panel(box, "brand_tint", edge="line_strong" if pen.theme.high_contrast else "")
    with pen.inside(box):
        inner = Box(box.x + 36, box.y + 28, box.w - 72, box.h - 56)
        pen.words(inner.top(title), body.hall_title, "card_title", "ink", most=1)
        cells = inner.below(title + 12).top(rows * line).columns(columns, 56)
        for at, fact in enumerate(body.hall):
            cell = cells[at // rows]
            _standing(pen, fact, Box(cell.x, cell.y + (at % rows) * line, cell.w, line))
    return room.above(height + GAP_CARDS)


def _told_in_half(pen: Pen, body: Welcome, width: float) -> bool:
    """Whether two columns have room for every name."""
    words = (width - 72 - 56) / 2 - 64 - 100
    return not any(pen.block(fact.label, "body", words).cut for fact in body.hall)


def _standing(pen: Pen, fact: Fact, row: Box) -> None:
    """One service and how many wait for it."""
    pen.icon(row.left(44).centred(40, 40), fact.icon, "brand_strong")
    value = pen.block(fact.value, "body", row.w * 0.4, weight=700)
    pen.put(value, row, "ink", align="right")
    pen.words(row.after(64).before(value.width + 16), fact.label, "body", "ink", most=1)


def _question(pen: Pen, body: Welcome, box: Box) -> float:
    """The question and what to do; how high both are."""
    with pen.inside(box):
        question = pen.block(body.question, "display", box.w, most=2)
        hint = pen.block(body.hint, "body", box.w, most=2)
        pen.put(question, box.top(question.height), "ink")
        pen.put(hint, box.below(question.height).top(hint.height), "muted")
    return question.height + hint.height


def warning_height(pen: Pen, text: str, width: float) -> float:
    """How high the word about the printer is."""
    block = pen.block(text, "small", width - _warning_left(width) - 16, most=3, weight=700)
    return max(88.0 if width > 600 else 0.0, block.height + (36 if width > 600 else 14))


def _warning_left(width: float) -> float:
    return 104.0 if width > 600 else 58.0


def draw_warning(pen: Pen, box: Box, text: str) -> None:
    """A word about the printer, before anything is chosen."""
    pen.panel(box, "warn_tint", edge="warn", radius=20)
    left = _warning_left(box.w)
    icon = 48.0 if box.w > 600 else 34.0
    with pen.inside(box):
        pen.icon(box.left(left).centred(icon, icon), "printer", "warn_strong")
        pen.words(box.after(left).before(12), text, "small", "warn_strong", weight=700)


def _hero(pen: Pen, body: Welcome, box: Box) -> None:
    look = pen.theme.look("main")
    pen.touch(box, body.take, look, lift="hero")
    inner = box.inset(44, 40)
    tall = inner.h >= 300
    picture = inner.w >= 760 and tall
    room = inner.before(inner.w * 0.36) if picture else inner
    tile = min(120.0, inner.h * 0.5)
    lead = pen.block(body.take_lead, "body", room.w, most=2)
    title = pen.block(body.take.text, "display", room.w - tile - 28, most=2)
    people = pen.block(body.people, "button", room.w - 96, most=1) if body.people and tall else None
    head = max(tile, title.height)
    pill = people.height + 28 if people is not None else 0
    height = head + 20 + lead.height + (36 + pill if people is not None else 0)
    with pen.inside(box):
        if height > room.h:  # very little room: the word alone
            title = pen.block(body.take.text, "display", room.w - tile - 28, height=room.h)
            width = tile + 28 + title.width
            alone = Box(room.x + (room.w - width) / 2, room.y, width, room.h)
            _tile(pen, body, Box(alone.x, alone.y + (alone.h - tile) / 2, tile, tile))
            pen.put(title, alone.after(tile + 28), look.ink)
            return
        top = room.y + (room.h - height) / 2
        _tile(pen, body, Box(room.x, top + (head - tile) / 2, tile, tile))
        pen.put(title, Box(room.x + tile + 28, top, room.w - tile - 28, head), look.ink)
        pen.put(lead, Box(room.x, top + head + 20, room.w, lead.height), look.ink)
        if people is not None:
            at = Box(room.x, top + head + 20 + lead.height + 36, people.width + 104, pill)
            pen.panel(at, "brand_raised", radius=pill / 2)
            ink = "header_text"
            pen.icon(Box(at.x + 28, at.y, 36, at.h), "users", ink)
            pen.put(people, at.after(76).before(28), ink)
        if picture:
            draw_slip(pen, inner.end(inner.w * 0.32), EXAMPLE)


def _tile(pen: Pen, body: Welcome, box: Box) -> None:
    if pen.theme.high_contrast:
        pen.icon(box.inset(box.w * 0.14), body.take.icon, "on_brand")
    else:
        pen.tile(box, body.take.icon, "surface", "brand_strong")


def draw_slip(pen: Pen, box: Box, number: str, *, slot: str = "brand_raised", mouth: str = "slip_ink") -> None:
    """A picture of a slip leaving the printer, with `number` on it where there is room."""
    w = min(box.w, box.h * 0.72)
    box = box.centred(w, min(box.h, w * 1.28))
    head = box.top(box.h * 0.19)
    pen.panel(head, slot, radius=head.h * 0.34)
    pen.panel(Box(head.x + w * 0.1, head.y + head.h * 0.42, w * 0.8, head.h * 0.2), mouth, radius=head.h * 0.1)
    paper = Box(box.x + w * 0.18, head.y + head.h * 0.56, w * 0.64, box.h - head.h * 0.56)
    edge = "line" if not pen.theme.high_contrast else ""
    pen.panel(paper, "slip", radius=4, edge=edge)
    inner = paper.inset(paper.w * 0.12, 0)
    for top, height, width, colour in (
        (0.14, 0.03, 0.55, "perforation"),
        (0.48, 0.03, 0.8, "perforation"),
        (0.55, 0.03, 0.6, "perforation"),
    ):
        line_w = inner.w * width
        at = Box(inner.x + (inner.w - line_w) / 2, paper.y + paper.h * top, line_w, max(6.0, paper.h * height))
        pen.panel(at, colour, radius=min(at.h / 2, 10))
    head = Box(paper.x + 8, paper.y + paper.h * 0.2, paper.w - 16, paper.h * 0.24)
    shown = pen.block(number, "fact", head.w)
    if shown.height <= head.h and not shown.cut:
        pen.put(shown, head, "slip_ink", align="center")
    else:
        pen.panel(head.inset(head.w * 0.06, head.h * 0.2), "slip_ink", radius=10)
    side = paper.h * 0.24
    code = Box(paper.x + (paper.w - side) / 2, paper.y + paper.h * 0.67, side, side)
    part = side * 0.42
    for x, y in ((0, 0), (side - part, 0), (0, side - part)):
        pen.panel(Box(code.x + x, code.y + y, part, part), "slip_ink", radius=2)
    for x, y in ((0.6, 0.6), (0.82, 0.82)):
        pen.panel(Box(code.x + side * x, code.y + side * y, side * 0.18, side * 0.18), "slip_ink", radius=1)


def _help(pen: Pen, body: Welcome, box: Box) -> None:
    look = pen.theme.look("card")
    pen.touch(box, body.help, look, lift="card")
    inner = box.inset(36, 24)
    with pen.inside(box):
        if box.w < 700 and box.h > 330:
            tile = 112.0
            title = pen.block(body.help.text, "card_title", inner.w, most=2)
            lead = pen.block(body.help_lead, "small", inner.w, most=3)
            pen.tile(Box(inner.x, inner.y + 8, tile, tile), body.help.icon, "brand_tint", look.icon)
            pen.icon(Box(inner.right - 48, inner.y + 8, 48, tile), "chevron-right", "brand")
            foot = inner.foot(title.height + lead.height + 8)
            pen.put(title, foot.top(title.height), look.ink)
            pen.put(lead, foot.below(title.height).top(lead.height), "muted")
            return
        tile = min(112.0, inner.h)
        words = inner.after(tile + 32).before(64)
        pen.tile(Box(inner.x, inner.y + (inner.h - tile) / 2, tile, tile), body.help.icon, "brand_tint", look.icon)
        title = pen.block(body.help.text, "card_title", words.w, most=1)
        room = int((inner.h - title.height) // pen.theme.text("small").line)
        under = pen.block(body.help_lead, "small", words.w, most=min(2, room)) if room >= 1 else None
        height = title.height + (under.height if under else 0)
        top = words.y + (words.h - height) / 2
        pen.put(title, Box(words.x, top, words.w, title.height), look.ink)
        if under is not None:
            pen.put(under, Box(words.x, top + title.height, words.w, under.height), "muted")
        pen.icon(inner.end(48), "chevron-right", "brand")


def _small(pen: Pen, view: View, body: Welcome, frame: Frame) -> None:
    draw_small_head(pen, frame.header, body.question)
    help_cell = Button(body.help.what, body.help.text, body.help.icon, body.help.kind)
    draw_small_column(pen, view, [help_cell])
    room = frame.body
    if body.warning:
        height = min(room.h * 0.4, warning_height(pen, body.warning, room.w))
        draw_warning(pen, room.top(height), body.warning)
        room = room.below(height + GAP)
    with pen.inside(room):
        _hero(pen, body, room)
