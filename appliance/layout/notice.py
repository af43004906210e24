"""One thing to be told: an icon, a title, what to do."""

from appliance.layout.frame import Frame, draw_actions, draw_small_column, draw_small_head
from appliance.layout.items import Box
from appliance.layout.pen import Pen
from appliance.layout.theme import Family
from appliance.view import Notice, Tone, View

LOOKS = {
    Tone.CALM: ("brand_tint", "brand_strong"),
    Tone.BUSY: ("brand_tint", "brand_strong"),
    Tone.TROUBLE: ("warn_tint", "warn_strong"),
}


def place_notice(pen: Pen, view: View, body: Notice, frame: Frame) -> None:
    """Draws the notice in the middle of what is free."""
    if pen.theme.family is Family.SMALL:
        cells = [view.right] if view.right is not None else []
        draw_small_head(pen, frame.header, body.title, back=view.left)
        draw_small_column(pen, view, cells, about=view.middle)
        _card(pen, body, frame.body, titled=False)
        return
    draw_actions(pen, view, frame.actions)
    room = frame.body
    if frame.upper is not None:
        room = Box(room.x, frame.upper.y, room.w, room.bottom - frame.upper.y)
    height = min(room.h, _height(pen, body, room.w))
    _card(pen, body, Box(room.x, room.y + (room.h - height) / 3, room.w, height), titled=True)


def _height(pen: Pen, body: Notice, width: float) -> float:
    title = pen.block(body.title, "title", width - 128, most=3)
    lines = [pen.block(line, "body", width - 128, most=4) for line in body.lines if line]
    return 64 + 208 + 40 + title.height + 24 + sum(line.height + 12 for line in lines) + 72


def _card(pen: Pen, body: Notice, box: Box, *, titled: bool) -> None:
    tint, ink = LOOKS[body.tone]
    edge = "line_strong" if pen.theme.high_contrast else ""
    pen.panel(box, "surface", edge=edge, lift="card")
    inner = box.inset(64, 40) if titled else box.inset(20, 12)
    title = pen.block(body.title, "title", inner.w, most=3) if titled else None
    lines = [pen.block(line, "body", inner.w, most=4) for line in body.lines if line]
    words = (title.height + 24 if title else 0) + sum(line.height for line in lines) + 12 * max(0, len(lines) - 1)
    tile = min(208.0, max(0.0, inner.h - words - 28))
    with pen.inside(box):
        top = inner.y + (inner.h - words - (tile + 28 if tile >= 56 else 0)) / 2
        if tile >= 56:
            at = Box(inner.x + (inner.w - tile) / 2, top, tile, tile)
            pen.panel(at, tint, radius=tile / 2, edge=edge)
            pen.icon(at.centred(tile * 0.5, tile * 0.5), body.icon, ink)
            top += tile + 28
        if title is not None:
            pen.put(title, Box(inner.x, top, inner.w, title.height), "ink", align="center")
            top += title.height + 24
        for line in lines:
            pen.put(line, Box(inner.x, top, inner.w, line.height), "muted", align="center")
            top += line.height + 12


def place_name(pen: Pen, name: str) -> None:
    """The kiosk's own name, over whatever is shown, for somebody who looks for it among others."""
    screen = pen.screen
    box = screen.centred(screen.w * 0.86, min(420.0, screen.h * 0.6))
    pen.panel(box, "brand_strong", radius=40, lift="hero")
    with pen.inside(box):
        icon = min(120.0, box.h * 0.36)
        block = pen.block(name, "display", box.w - 80, most=2)
        top = box.y + (box.h - icon - 16 - block.height) / 2
        pen.icon(Box(box.x, top, box.w, icon), "monitor-smartphone", "on_brand")
        pen.put(block, Box(box.x + 40, top + icon + 16, box.w - 80, block.height), "on_brand", align="center")
