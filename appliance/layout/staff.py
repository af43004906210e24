"""The staff's door and menu, and the fold of a small screen's bar."""

from appliance.bodies import PinPad, StaffDesk
from appliance.layout.frame import SMALL_MARGIN, Frame, bar_of, draw_actions, draw_small_column, draw_small_head
from appliance.layout.items import Box
from appliance.layout.pen import Pen
from appliance.layout.theme import GAP, TOUCH, Family
from appliance.view import Fact, View


def place_pin(pen: Pen, view: View, body: PinPad, frame: Frame) -> None:
    """Digits to press; of what was pressed only how many."""
    small = pen.theme.family is Family.SMALL
    room = frame.body
    if small:
        draw_small_head(pen, frame.header, body.title, body.note or body.lead, back=view.left)
        draw_small_column(pen, view, [])
        words, pad = room.left(room.w * 0.34), room.after(room.w * 0.34 + GAP)
        _filled(pen, body, words.centred(words.w, 34))
    else:
        draw_actions(pen, view, frame.actions)
        room = Box(room.x, room.y, room.w, frame.actions.y - 24 - room.y)
        top = frame.upper or room
        with pen.inside(top):
            title = pen.words(top.top(pen.theme.text("title").line), body.title, "title", align="center", most=1)
            lead = top.below(title.height).top(pen.theme.text("body").line)
            pen.words(lead, body.note or body.lead, "body", "warn_strong" if body.note else "muted", align="center")
            _filled(pen, body, top.below(title.height + lead.h + 16).top(40))
        pad = room if frame.upper is not None else room.below(title.height + lead.h + 16 + 40 + 32)
    _pad(pen, body, pad, GAP if small else 20.0)


def _filled(pen: Pen, body: PinPad, box: Box) -> None:
    dot = min(36.0, box.h, box.w / (1.6 * body.digits))
    row = box.centred(body.digits * dot + (body.digits - 1) * dot * 0.6, dot)
    for at, place in enumerate(row.columns(body.digits, dot * 0.6)):
        pen.panel(place, "brand_strong" if at < body.filled else "surface", radius=dot / 2, edge="line_strong")


def _pad(pen: Pen, body: PinPad, box: Box, gap: float) -> None:
    rows = len(body.keys)
    most = max(len(row) for row in body.keys)
    height = min(140.0, (box.h - (rows - 1) * gap) / rows)
    width = min(240.0, (box.w - (most - 1) * gap) / most)
    pad = Box(box.x + (box.w - most * width - (most - 1) * gap) / 2, box.y, 0, rows * height + (rows - 1) * gap)
    pad = Box(pad.x, box.y + max(0.0, (box.h - pad.h) / 3), most * width + (most - 1) * gap, pad.h)
    with pen.inside(box):
        for row, keys in zip(pad.rows(rows, gap), body.keys, strict=True):
            for place, key in zip(row.columns(most, gap), keys, strict=False):
                look = pen.theme.look("plain")
                pen.touch(place, key, look, radius=20)
                if key.icon:
                    pen.icon(place.centred(44, 44), key.icon, look.icon)
                else:
                    pen.words(place, key.text, "title", look.ink, align="center")


def place_staff(pen: Pen, view: View, body: StaffDesk, frame: Frame) -> None:
    """How the kiosk stands, what can be done, the last slips."""
    small = pen.theme.family is Family.SMALL
    if small:
        draw_small_head(pen, frame.header, body.title, body.note)
        draw_small_column(pen, view, [view.right] if view.right is not None else [])
        left, right = frame.body.columns(2, GAP)
        _states(pen, body.facts, left)
        _small_buttons(pen, body, right)
        return
    draw_actions(pen, view, frame.actions, middle=body.note)
    room = frame.body if frame.upper is None else frame.upper
    with pen.inside(room):
        title = pen.words(room.top(pen.theme.text("title").line), body.title, "title", most=1)
        facts = room.below(title.height + 16)
        line = max(64.0, pen.theme.text("body").line + 16)
        _facts(pen, body.facts, facts, line)
        below = facts.below(len(body.facts) * line + 16)
        if frame.upper is not None:
            _buttons(pen, body, frame.body, columns=2, height=104.0)
            _slips(pen, body, below)
            return
        rows = -(-len(body.buttons) // 2)
        _buttons(pen, body, below, columns=2, height=112.0)
        _slips(pen, body, below.below(rows * 132 + 12))


def _facts(pen: Pen, facts: tuple[Fact, ...], box: Box, line: float) -> None:
    for at, fact in enumerate(facts):
        row = Box(box.x, box.y + at * line, box.w, line)
        if row.bottom > box.bottom + 1:
            return
        icon = min(44.0, line * 0.7)
        pen.icon(Box(row.x, row.y, icon, row.h), fact.icon, "brand_strong")
        words = row.after(icon + 16)
        share = words.w * 0.4
        pen.words(words.left(share), fact.label, "body", "muted", most=1)
        pen.words(words.after(share + 12), fact.value, "body", "ink", weight=700, most=1)


def _states(pen: Pen, facts: tuple[Fact, ...], box: Box) -> None:
    """How things stand, without what they are called: the icon says it."""
    with pen.inside(box):
        for row, fact in zip(box.rows(len(facts), 0), facts, strict=True):
            pen.icon(row.left(36).centred(32, 32), fact.icon, "brand_strong")
            pen.words(row.after(48), fact.value, "body", "ink", weight=700)


def _small_buttons(pen: Pen, body: StaffDesk, box: Box) -> None:
    """The first two with their words, louder and softer as signs side by side."""
    upper, lower = body.buttons[:2], body.buttons[2:]
    rows = box.rows(3, GAP)
    with pen.inside(box):
        for row, button in zip(rows, upper, strict=False):
            pen.button(row, button, radius=16)
        look = pen.theme.look("plain")
        for place, button in zip(rows[2].columns(len(lower), GAP), lower, strict=True):
            pen.touch(place, button, look, radius=16)
            pen.icon(place.centred(44, 44), button.icon, look.icon)


def _buttons(pen: Pen, body: StaffDesk, box: Box, *, columns: int, height: float) -> None:
    gap = GAP if height <= TOUCH else 20.0
    rows = -(-len(body.buttons) // columns)
    height = min(height, (box.h - (rows - 1) * gap) / rows)
    width = (box.w - (columns - 1) * gap) / columns
    with pen.inside(box):
        for at, button in enumerate(body.buttons):
            place = Box(box.x + (at % columns) * (width + gap), box.y + (at // columns) * (height + gap), width, height)
            pen.button(place, button, radius=20)


def _slips(pen: Pen, body: StaffDesk, box: Box) -> None:
    title = pen.theme.text("card_title").line
    line = pen.theme.text("body").line
    if box.h < title + 8 + line:
        return
    with pen.inside(box):
        pen.words(box.top(title), body.slips_title, "card_title", most=1)
        rows = body.slips or (body.no_slips,)
        for at, slip in enumerate(rows):
            place = Box(box.x, box.y + title + 8 + at * line, box.w, line)
            if place.bottom > box.bottom:
                return
            pen.words(place, slip, "body", "ink" if body.slips else "muted", most=1)


def place_support(pen: Pen, view: View) -> None:
    """What is always there, on a small screen: as cells that cover all but the button that closes it."""
    room = pen.screen.inset(SMALL_MARGIN)
    column = max(130.0, room.w * 0.2)
    pen.panel(pen.screen, "paper", radius=0)
    with pen.inside(room):
        pen.button(Box(room.right - column, room.y, column, TOUCH), view.support, stacked=True, radius=16)
        title = room.before(column + GAP).top(TOUCH)
        pen.words(title, view.support_title, "title")
        cells = room.below(TOUCH + GAP)
        places = [place for row in cells.rows(2, GAP) for place in row.columns(2, GAP)]
        for place, button in zip(places, bar_of(pen, view), strict=True):
            pen.button(
                place, button, "on" if button.on else "call" if button.main else "plain", stacked=True, radius=20
            )
