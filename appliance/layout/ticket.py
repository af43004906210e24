"""The number, large: on a card like a ticket, with what belongs to it, and what becomes of the paper."""

from dataclasses import replace

from appliance.bodies import PaperLook, TicketGiven
from appliance.layout.frame import Frame, draw_actions, draw_small_column, draw_small_head
from appliance.layout.items import Box
from appliance.layout.pen import Block, Pen
from appliance.layout.theme import GAP, Family
from appliance.layout.welcome import draw_slip
from appliance.view import Fact, View

NOTCH = 40.0
WIDE_SHARE = 0.38
FAILED_SHARE = 0.38
CODE_SHARE = 0.29
LEAST_CODE = 200.0
LEAST_SMALL_CODE = 110.0
LEAST_SMALL_NUMBER = 76.0
LEAST_NUMBER = 150.0
"""The number never becomes smaller than that to make room for something else."""


def place_ticket(pen: Pen, view: View, body: TicketGiven, frame: Frame) -> None:
    """Draws the result."""
    if pen.theme.family is Family.SMALL:
        _small(pen, view, body, frame)
        return
    draw_actions(pen, view, frame.actions)
    room = frame.body
    if frame.upper is not None:
        room = Box(room.x, frame.upper.y, room.w, frame.body.bottom - frame.upper.y)
    with pen.as_large_as_fits(lambda: _fits(pen, body, room)):
        room = room.below(_head(pen, body, room) + 24)
        code = bool(body.warning and body.track_url)
        if pen.theme.family is Family.WIDE:
            beside = room.end(room.w * (FAILED_SHARE if body.warning else WIDE_SHARE))
            _card(pen, body, room.before(beside.w + 24), code=code)
            _beside(pen, body, beside, stacked=True)
            return
        spare = room.h - 24 - _card_height(pen, body, room.w, code=code) - _beside_height(pen, body, room.w)
        card = room.top(_card_height(pen, body, room.w, code=code) + max(0.0, spare) * 0.6)
        _card(pen, body, card, code=code)
        _beside(pen, body, room.below(card.h + 24), stacked=False)


def _fits(pen: Pen, body: TicketGiven, room: Box) -> bool:
    """Whether everything finds room in the size of text that is set."""
    left = room.h - _head_height(pen, body, room.w) - 24
    code = bool(body.warning and body.track_url)
    if pen.theme.family is Family.WIDE:
        beside = room.w * (FAILED_SHARE if body.warning else WIDE_SHARE)
        card = _card_height(pen, body, room.w - beside - 24, code=code)
        return card <= left and _beside_height(pen, body, beside) <= left
    return _card_height(pen, body, room.w, code=code) + 24 + _beside_height(pen, body, room.w) <= left


# ---------------------------------------------------------------- above the card


def _head(pen: Pen, body: TicketGiven, box: Box) -> float:
    """A tick and a title; or, without paper, a warning that begins with what counts."""
    height = _head_height(pen, body, box.w)
    if body.warning:
        title, said = _warning(pen, body, box.w)
        with pen.inside(box):
            at = box.top(height)
            pen.panel(at, "warn_tint", edge="warn", border="control")
            with pen.inside(at):
                pen.icon(at.left(168).centred(80, 80), "printer-x", "warn_strong")
                words = Box(at.x + 164, at.y + 28, box.w - 200, title.height)
                pen.put(title, words, "warn_strong")
                pen.put(said, Box(words.x, words.bottom, words.w, said.height), "ink")
        return height
    side = 88.0
    title = pen.block(body.title, "title", box.w - side - 24, most=2)
    with pen.inside(box):
        at = Box(box.x, box.y + (height - side) / 2, side, side)
        ground, ink = ("brand", "on_brand") if pen.theme.high_contrast else ("success", "surface")
        pen.panel(at, ground, radius=side / 2)
        pen.icon(at.centred(44, 44), "check", ink)
        pen.put(title, Box(box.x + side + 24, box.y, box.w - side - 24, height), "ink")
    return height


def _warning(pen: Pen, body: TicketGiven, width: float) -> tuple[Block, Block]:
    return pen.block(body.title, "card_title", width - 200, most=2), pen.block(
        body.warning, "body", width - 200, most=3
    )


def _head_height(pen: Pen, body: TicketGiven, width: float) -> float:
    if body.warning:
        return sum(block.height for block in _warning(pen, body, width)) + 56
    return max(88.0, pen.block(body.title, "title", width - 112, most=2).height)


# ---------------------------------------------------------------- the card


def _card_height(pen: Pen, body: TicketGiven, width: float, *, code: bool) -> float:
    """How high the card must be for a number that can be read from afar."""
    inner = width - 56 - (width * CODE_SHARE + 84 if code else 0)
    label = pen.theme.text("small").line
    service = _service(pen, body, inner).height + 24
    top = max(label + LEAST_NUMBER * 1.06 + service + 12 + 32, width * CODE_SHARE + 84 if code else 0)
    return top + 8 + 20 + _facts_height(pen, body.facts, width) + 32 + _hint_height(pen, body, width)


def _service(pen: Pen, body: TicketGiven, width: float) -> Block:
    """The service's name, in as few and as large lines as it can be."""
    three = pen.block(body.service, "card_title", width - 140, most=3)
    return three if not three.cut else pen.block(body.service, "card_title", width - 140, most=4)


def _hint(pen: Pen, body: TicketGiven, width: float) -> Block:
    return pen.block(body.hint, "body", width - 64 - 48 - 56, most=2)


def _hint_height(pen: Pen, body: TicketGiven, width: float) -> float:
    """With the space above it; nothing where there is no hint."""
    return _hint(pen, body, width).height + 36 + 20 if body.hint else 0.0


def _card(pen: Pen, body: TicketGiven, box: Box, *, code: bool) -> None:
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(box, "surface", edge=edge, lift="card")
    with pen.inside(box):
        body = _without_hint(pen, body, box, code=code)
        facts = _facts_height(pen, body.facts, box.w)
        top = box.above(facts + _hint_height(pen, body, box.w) + 32 + 28)
        if code:
            side = min(box.w * CODE_SHARE, top.h - 84)
            _number(pen, body, top.before(side + 84))
            _code_beside(pen, body, top.end(side + 84), side)
        else:
            _number(pen, body, top)
        line = Box(box.x, top.bottom, box.w, 8)
        _perforation(pen, line)
        row = Box(box.x + 24, line.bottom + 20, box.w - 48, facts)
        _facts(pen, body.facts, row)
        if body.hint:
            _draw_hint(pen, _hint(pen, body, box.w), Box(box.x + 32, row.bottom + 20, box.w - 64, 0))


def _without_hint(pen: Pen, body: TicketGiven, box: Box, *, code: bool) -> TicketGiven:
    """What can best be done without when the number would become too small."""
    return body if _card_height(pen, body, box.w, code=code) <= box.h + 1 else replace(body, hint="")


def _draw_hint(pen: Pen, hint: Block, place: Box) -> None:
    at = Box(place.x, place.y, place.w, hint.height + 36)
    pen.panel(at, "brand_tint", radius=20, edge="line_strong" if pen.theme.high_contrast else "")
    with pen.inside(at):
        left = at.x + (at.w - hint.width - 60) / 2
        pen.icon(Box(left, at.y, 44, at.h), "megaphone", "brand_strong")
        pen.put(hint, Box(left + 60, at.y, hint.width, at.h), "ink", align="center")


def _number(pen: Pen, body: TicketGiven, box: Box) -> None:
    """Label, number and service, one above the other in the middle."""
    inner = box.inset(28, 16)
    label = pen.block(body.number_label, "small", inner.w)
    service = _service(pen, body, inner.w)
    pill = service.height + 24
    style = pen.theme.text("number")
    room = inner.h - label.height - pill - 12
    size = min(style.size, room / (style.line / style.size))
    number = pen.block(body.number, "number", inner.w, size=max(60.0, size))
    top = inner.y + (inner.h - label.height - number.height - pill - 12) / 2
    pen.put(label, Box(inner.x, top, inner.w, label.height), "muted", align="center")
    pen.put(number, Box(inner.x, top + label.height, inner.w, number.height), "ink", align="center")
    width = service.width + 36 + 44 + 14 + 36
    at = Box(inner.x + (inner.w - width) / 2, top + label.height + number.height + 8, width, pill)
    strong = pen.theme.group(body.tint, "strong")
    edge = strong if pen.theme.high_contrast else ""
    pen.panel(at, pen.theme.group(body.tint, "tint"), radius=min(pill / 2, 48), edge=edge)
    pen.icon(Box(at.x + 32, at.y, 44, at.h), body.icon, strong)
    pen.put(service, at.after(90).before(32), strong, align="center")


def _code_beside(pen: Pen, body: TicketGiven, box: Box, side: float) -> None:
    said = pen.block(body.scan, "small", box.w - 36, most=2, weight=700)
    top = box.y + (box.h - side - 12 - said.height) / 2
    at = Box(box.x + 18, top, side, side)
    pen.panel(at, "slip", radius=16, edge="line_strong")
    pen.code(at.inset(4), body.track_url)
    pen.put(said, Box(box.x + 6, top + side + 12, side + 24, said.height), "ink", align="center")


def _perforation(pen: Pen, line: Box) -> None:
    """Two notches and a row of dots."""
    for x in (line.x - NOTCH / 2, line.right - NOTCH / 2):
        at = Box(x, line.y + (line.h - NOTCH) / 2, NOTCH, NOTCH)
        with pen.inside(at):
            pen.panel(at, "paper", radius=NOTCH / 2)
    pen.dots(line.inset(NOTCH / 2 + 4, 0), "perforation")


def _fact_blocks(pen: Pen, facts: tuple[Fact, ...], width: float) -> list[tuple[Block, Block]]:
    each = width / max(1, len(facts)) - 16
    labels = [pen.block(fact.label, "small", each, most=2) for fact in facts]
    values = [pen.block(fact.value, "fact", each, most=2) for fact in facts]
    size = min((value.text.size for value in values), default=0)
    values = [pen.block(fact.value, "fact", each, most=2, size=size) for fact in facts]
    return list(zip(labels, values, strict=True))


def _facts_height(pen: Pen, facts: tuple[Fact, ...], width: float) -> float:
    blocks = _fact_blocks(pen, facts, width - 48)
    return 52 + max((a.height for a, _ in blocks), default=0) + max((b.height for _, b in blocks), default=0)


def _facts(pen: Pen, facts: tuple[Fact, ...], row: Box) -> None:
    """Side by side: icon, what it is, how it stands."""
    blocks = _fact_blocks(pen, facts, row.w)
    labels = max((label.height for label, _ in blocks), default=0)
    values = max((value.height for _, value in blocks), default=0)
    for at, (place, fact, (label, value)) in enumerate(zip(row.columns(len(facts), 0), facts, blocks, strict=True)):
        if at:
            pen.panel(Box(place.x - 1, row.y, 2, row.h), "line", radius=0)
        pen.icon(place.top(44), fact.icon, "brand")
        pen.put(label, Box(place.x + 8, row.y + 52, place.w - 16, labels), "muted", align="center")
        pen.put(value, Box(place.x + 8, row.y + 52 + labels, place.w - 16, values), "ink", align="center")


# ---------------------------------------------------------------- beside or under the card


def _beside_height(pen: Pen, body: TicketGiven, width: float) -> float:
    """How high what stands beside or under the card must be."""
    if body.warning:
        text = width - 28 - 112 - 28 - 24
        ways = [
            pen.block(way.label, "card_title", text).height + pen.block(way.value, "body", text, most=3).height
            for way in body.ways
        ]
        return pen.block(body.ways_title, "card_title", width, most=2).height + 14 + len(ways) * (max(ways) + 24) + 16
    share = 0.58 if body.track_url and pen.theme.family is Family.TALL else 1.0
    words = (width * share - 88) * (0.56 if pen.theme.scale < 1.4 else 1.0) - 28
    said = (
        pen.block(body.paper_title, "card_title", words, most=3).height
        + pen.block(body.paper_lead, "body", words, most=4).height
    )
    scan = pen.block(body.scan, "small", width * 0.42 - 48, most=3, weight=700).height if body.track_url else 0.0
    height = max(260.0, said + 54, scan + 12 + LEAST_CODE + 40 if scan else 0.0)
    return height * 2 + 24 if pen.theme.family is Family.WIDE and body.track_url else height


def _beside(pen: Pen, body: TicketGiven, box: Box, *, stacked: bool) -> None:
    """The paper and the code to follow the number; or, without paper, how the number is kept."""
    if body.warning:
        _ways(pen, body, box)
        return
    if not body.track_url:
        _paper(pen, body, box)
        return
    if stacked:
        upper, lower = box.rows(2, 24)
        _paper(pen, body, upper)
        _code(pen, body, lower)
        return
    code_w = min(box.w * 0.42, box.h + 24)
    _paper(pen, body, box.before(code_w + 24))
    _code(pen, body, box.end(code_w))


def _paper(pen: Pen, body: TicketGiven, box: Box) -> None:
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(box, "brand_tint", edge=edge)
    with pen.inside(box):
        inner = box.inset(32, 24)
        picture = inner.w * 0.44
        show = pen.theme.scale < 1.4 or inner.w > 560
        words = inner.after(picture + 28) if show else inner
        title = pen.block(body.paper_title, "card_title", words.w, most=3)
        lead = pen.block(body.paper_lead, "body", words.w, most=4)
        arrow = 88.0 if body.paper is PaperLook.OUT and title.height + lead.height + 116 <= inner.h else 0.0
        height = title.height + 6 + lead.height + (24 + arrow if arrow else 0)
        top = words.y + (words.h - height) / 2
        pen.put(title, Box(words.x, top, words.w, title.height), "ink")
        pen.put(lead, Box(words.x, top + title.height + 6, words.w, lead.height), "ink")
        if arrow:
            at = Box(words.x, top + height - arrow, arrow, arrow)
            pen.panel(at, "brand_strong", radius=arrow / 2)
            pen.icon(at.centred(44, 44), "arrow-down", "on_brand")
        if show:
            slot = "muted" if not pen.theme.high_contrast else "brand"
            draw_slip(pen, inner.left(picture), body.number, slot=slot)


def _code(pen: Pen, body: TicketGiven, box: Box) -> None:
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(box, "brand_tint", edge=edge)
    with pen.inside(box):
        wide = box.w > box.h * 1.25
        inner = box.inset(24, 20)
        if wide:
            side = inner.h
            words = inner.after(side + 24)
            said = pen.block(body.scan, "body", words.w, most=4, weight=700)
            pen.put(said, words, "ink")
        else:
            said = pen.block(body.scan, "small", inner.w, most=3, weight=700)
            side = min(inner.w, inner.h - said.height - 12)
            pen.put(said, inner.foot(said.height), "ink", align="center")
        at = Box(inner.x if wide else inner.x + (inner.w - side) / 2, inner.y, side, side)
        pen.panel(at, "slip", radius=20)
        pen.code(at.inset(2), body.track_url)


def _ways(pen: Pen, body: TicketGiven, box: Box) -> None:
    """How to keep a number that was not printed."""
    with pen.inside(box):
        title = pen.block(body.ways_title, "card_title", box.w, most=2)
        pen.put(title, box.top(title.height), "ink")
        rest = box.below(title.height + 14)
        for place, way in zip(rest.rows(len(body.ways), 16), body.ways, strict=True):
            _way(pen, way, place)


def _way(pen: Pen, way: Fact, box: Box) -> None:
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(box, "brand_tint", edge=edge)
    with pen.inside(box):
        tile = min(112.0, box.h - 32)
        at = Box(box.x + 28, box.y + (box.h - tile) / 2, tile, tile)
        pen.tile(at, way.icon, "surface", "brand_strong")
        words = box.after(28 + tile + 28).before(24)
        label = pen.block(way.label, "card_title", words.w)
        room = max(1, int((box.h - label.height - 8) // pen.theme.text("body").line))
        value = pen.block(way.value, "body", words.w, most=room)
        top = box.y + (box.h - label.height - value.height) / 2
        pen.put(label, Box(words.x, top, words.w, label.height), "ink")
        pen.put(value, Box(words.x, top + label.height, words.w, value.height), "ink")


# ---------------------------------------------------------------- small screens


def _small(pen: Pen, view: View, body: TicketGiven, frame: Frame) -> None:
    draw_small_head(pen, frame.header, body.warning or body.title)
    cells = [one for one in (view.left, view.right) if one is not None]
    draw_small_column(pen, view, cells)
    room = frame.body
    body, code_w = _small_parts(pen, body, room)
    card = room.before(code_w + GAP) if code_w else room
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(card, "surface", radius=20, edge=edge, lift="card")
    inner = card.inset(14, 8)
    with pen.inside(card), pen.as_large_as_fits(lambda: _small_fits(pen, body, inner)):
        _small_card(pen, body, inner)
    if code_w:
        _small_code(pen, body, room.end(code_w))


def _small_parts(pen: Pen, body: TicketGiven, room: Box) -> tuple[TicketGiven, float]:
    """What a small screen has room for, and how wide the code is: long names push out first its size, then facts."""
    none = replace(body, facts=())
    if not body.track_url:
        return (body if _small_fits(pen, body, room.inset(14, 8)) else none), 0.0
    ways = [(body, 0.38), (body, 0.3), (none, 0.38), (none, 0.3)]
    for said, share in ways if body.warning else [*ways[:2], (body, 0.0), *ways[2:]]:
        code_w = min(room.h, room.w * share)
        card = room.before(code_w + GAP) if code_w else room
        if _small_fits(pen, said, card.inset(14, 8)):
            return said, code_w
    return none, room.w * 0.3


def _small_service(pen: Pen, body: TicketGiven, box: Box) -> Block:
    line = pen.theme.text("small").line if body.facts else 0.0
    return pen.block(body.service, "card_title", box.w, height=max(40.0, box.h - LEAST_SMALL_NUMBER - line))


def _small_fits(pen: Pen, body: TicketGiven, box: Box) -> bool:
    values = [pen.block(fact.value, "small", box.w - 44, weight=700) for fact in body.facts[:1]]
    return not any(block.cut for block in (_small_service(pen, body, box), *values))


def _small_card(pen: Pen, body: TicketGiven, box: Box) -> None:
    """Number, service, and as many facts as there is room for."""
    line = pen.theme.text("small").line
    facts = body.facts
    service = _small_service(pen, body, box)
    while facts and box.h - service.height - len(facts) * line < LEAST_SMALL_NUMBER:
        facts = facts[:-1]
    style = pen.theme.text("number")
    room = box.h - service.height - len(facts) * line
    number = pen.block(body.number, "number", box.w, size=min(style.size, max(52.0, room / (style.line / style.size))))
    top = box.y + (room - number.height) / 2
    pen.put(number, Box(box.x, top, box.w, number.height), "ink", align="center")
    top += number.height
    pen.put(service, Box(box.x, top, box.w, service.height), pen.theme.group(body.tint, "strong"), align="center")
    top += service.height
    for fact in facts:
        value = pen.block(fact.value, "small", box.w - 44, weight=700)
        left = box.x + (box.w - value.width - 44) / 2
        pen.icon(Box(left, top, 32, line).centred(28, 28), fact.icon, "brand")
        pen.put(value, Box(left + 44, top, value.width, line), "ink")
        top += line


def _small_code(pen: Pen, body: TicketGiven, box: Box) -> None:
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(box, "brand_tint", radius=20, edge=edge)
    said = body.paper_title if not body.warning else body.scan

    def words() -> Block:
        return pen.block(said, "small", box.w - 20, most=3, weight=700)

    def side() -> float:
        return min(box.w - 24, box.h - words().height - 28)

    with pen.inside(box), pen.as_large_as_fits(lambda: side() >= min(LEAST_SMALL_CODE, box.w - 24)):
        at = Box(box.x + (box.w - side()) / 2, box.y + 12, side(), side())
        pen.panel(at, "slip", radius=12)
        pen.code(at.inset(2), body.track_url)
        pen.put(words(), Box(box.x + 10, at.bottom + 4, box.w - 20, box.bottom - at.bottom - 10), "ink", align="center")
