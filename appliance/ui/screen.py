"""A view becomes widgets: header, body, actions, bar. Everything is placed in pixels of the measured screen."""

from collections.abc import Callable
from typing import Final

import segno
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from appliance import presenter as p
from appliance.flow.screens import Paper
from appliance.ui.kit import Bars, Brush, Code
from appliance.ui.theme import ScreenSize, Theme

Emit = Callable[[str, str, int], None]
"""Told what was pressed: kind, what, and on which screen."""

HEADER: Final = 192
BAR: Final = 188
ACTIONS: Final = 112
MARGIN: Final = 48


class Stage(Widget):
    """The window's only child. `show` replaces what stands on it."""

    def __init__(self, size: ScreenSize, emit: Emit, **options: object) -> None:
        super().__init__(**options)
        self._measures = size
        self._emit = emit
        self.view: p.View | None = None

    def show(self, view: p.View) -> None:
        """Draws a view."""
        self.view = view
        theme = Theme(self._measures, view.high_contrast, view.scale)
        self.clear_widgets()
        self.canvas.before.clear()
        with self.canvas.before:
            Color(*theme.colour("paper"))
            Rectangle(pos=(0, 0), size=(self._measures.width, self._measures.height))
        Painter(theme, self, lambda kind, what: self._emit(kind, what, view.serial)).paint(view)


class Painter:
    """Paints one view on one stage."""

    def __init__(self, theme: Theme, root: Widget, emit: Callable[[str, str], None]) -> None:
        self._theme = theme
        self._w = theme.size.width
        self._h = theme.size.height
        self._brush = Brush(theme, root, self._h, emit)
        self._margin = theme.px(MARGIN)

    def paint(self, view: p.View) -> None:
        """The whole screen."""
        px = self._theme.px
        header = px(HEADER) if not self._theme.size.small else px(120)
        bar = px(BAR) if not self._theme.size.small else 0
        self._header(view.header, header)
        if not self._theme.size.small:
            self._bar(view, self._h - bar, bar)
        actions = self._action_height(view)
        top = header + px(28)
        bottom = self._h - bar - actions - px(20)
        if view.lower_half:
            top = max(top, self._h * 0.42)
        self._body(view, top, max(px(200), bottom - top))
        self._actions(view, self._h - bar - actions)

    # ------------------------------------------------------------ always there

    def _header(self, header: p.Header, h: float) -> None:
        b, px, w = self._brush, self._theme.px, self._w
        b.panel(0, 0, w, h, "header", radius=0)
        b.panel(0, h, w, px(6), "gold", radius=0)
        right = px(330) if self._theme.size.portrait else px(380)
        words = w - right - 2 * self._margin
        b.word(header.over, self._margin, h * 0.2, words, h * 0.27, "small", "header_muted")
        b.word(header.name, self._margin, h * 0.45, words, h * 0.36, "card_title", "header_text")
        b.word(header.clock, w - right - self._margin, h * 0.13, right, h * 0.44, "title", "header_text", align="right")
        b.word(header.date, w - right - self._margin, h * 0.57, right, h * 0.27, "small", "header_muted", align="right")

    def _bar(self, view: p.View, y: float, h: float) -> None:
        b, px = self._brush, self._theme.px
        b.panel(0, y, self._w, h, "surface", radius=0)
        b.panel(0, y, self._w, px(2), "line", radius=0)
        gap, side = px(16), px(24)
        count = len(view.bar)
        each = min((self._w - 2 * side - (count - 1) * gap) / count, px(300))
        left = (self._w - count * each - (count - 1) * gap) / 2
        for at, button in enumerate(view.bar):
            x = left + at * (each + gap)
            fill = "brand_strong" if button.main or button.on else "paper"
            ink = "on_brand" if button.main or button.on else "brand_strong"
            b.touch(x, y + h * 0.12, each, h * 0.76, fill, button.kind, button.what, button.text, radius=20)
            b.icon(button.icon, x, y + h * 0.22, each, h * 0.28, ink)
            word_ink = ink if button.main or button.on else "ink"
            b.word(button.text, x + px(6), y + h * 0.53, each - px(12), h * 0.32, "small", word_ink, align="center")

    def _action_height(self, view: p.View) -> float:
        if view.left is None and view.right is None and not view.middle:
            return 0
        return self._theme.px(ACTIONS) + self._theme.px(36)

    def _actions(self, view: p.View, y: float) -> None:
        b, px = self._brush, self._theme.px
        height = px(ACTIONS)
        width = min(px(340) * max(1.0, self._theme.scale * 0.9), (self._w - 2 * self._margin) * 0.36)
        if view.left is not None:
            self._button(view.left, self._margin, y, width, height)
        if view.right is not None:
            self._button(view.right, self._w - self._margin - width, y, width, height)
        if view.middle:
            room = self._w - 2 * self._margin - 2 * width - px(32)
            b.word(view.middle, self._margin + width + px(16), y, room, height, "small", "muted", align="center")

    def _button(self, button: p.Button, x: float, y: float, w: float, h: float) -> None:
        b, px = self._brush, self._theme.px
        fill, ink = ("brand_strong", "on_brand") if button.main else ("surface", "ink")
        b.touch(x, y, w, h, fill, button.kind, button.what, button.text)
        if not button.icon:
            b.word(button.text, x + px(16), y, w - px(32), h, "button", ink, align="center")
            return
        b.icon(button.icon, x + px(28), y + h * 0.32, px(40), h * 0.36, ink)
        b.word(button.text, x + px(80), y, w - px(100), h, "button", ink, align="center")

    # ------------------------------------------------------------ bodies

    def _body(self, view: p.View, y: float, h: float) -> None:
        match view.body:
            case p.Welcome() as body:
                self._welcome(body, y, h)
            case p.Choice() as body:
                self._choice(body, y, h)
            case p.TicketGiven() as body:
                self._ticket(body, y, h)
            case p.Notice() as body:
                self._notice(body, y, h)
            case p.PinPad() as body:
                self._pin(body, y, h)
            case p.StaffDesk() as body:
                self._staff(body, y)
            case _:
                raise TypeError(f"no picture of {type(view.body).__name__}")

    def _welcome(self, body: p.Welcome, y: float, h: float) -> None:
        b, px, x, w = self._brush, self._theme.px, self._margin, self._w - 2 * self._margin
        question = min(px(120) * self._theme.scale, h * 0.2)
        b.word(body.question, x, y, w, question, "display")
        b.word(body.hint, x, y + question, w, px(56) * self._theme.scale, "body", "muted")
        y += question + px(80) * self._theme.scale
        rest = h - question - px(80) * self._theme.scale
        if body.warning:
            self._warning(body.warning, x, y, w, px(96))
            y, rest = y + px(120), rest - px(120)
        hero = rest * 0.58
        b.touch(x, y, w, hero, "brand_strong", body.hero.kind, body.hero.what, body.hero.text, edge="", lift=40)
        tile = min(px(120), hero * 0.34)
        b.panel(x + px(40), y + px(44), tile, tile, "surface")
        b.icon(body.hero.icon, x + px(40) + tile * 0.2, y + px(44) + tile * 0.2, tile * 0.6, tile * 0.6, "brand_strong")
        room = w * 0.62 - tile - px(80)
        b.word(body.hero.text, x + tile + px(70), y + px(30), max(room, w * 0.4), tile + px(30), "display", "on_brand")
        b.word(body.hero_lead, x + px(40), y + tile + px(80), w * 0.6, px(60) * self._theme.scale, "body", "on_brand")
        if body.people:
            b.word(body.people, x + px(40), y + hero - px(110), w * 0.6, px(72), "fact", "on_brand")
        if w > px(700):
            self._slip(x + w - px(330), y + px(30), px(260), hero - px(60), "A012", coming=True)
        y, rest = y + hero + px(24), rest - hero - px(24)
        card = min(rest, px(320))
        b.touch(x, y, w, card, "surface", body.help.kind, body.help.what, body.help.text, edge="", lift=24)
        tile = min(px(112), card * 0.5)
        b.panel(x + px(32), y + (card - tile) / 2, tile, tile, "brand_tint")
        b.icon(body.help.icon, x + px(32), y + (card - tile * 0.56) / 2, tile, tile * 0.56, "brand_strong")
        words = w - tile - px(160)
        b.word(body.help.text, x + tile + px(64), y + card / 2 - px(64), words, px(60), "card_title")
        b.word(body.help_lead, x + tile + px(64), y + card / 2, words, px(56), "small", "muted")
        b.icon("chevron-right", x + w - px(90), y + (card - px(44)) / 2, px(56), px(44), "brand")

    def _warning(self, text: str, x: float, y: float, w: float, h: float) -> None:
        b, px = self._brush, self._theme.px
        b.panel(x, y, w, h, "warn_tint", edge="warn")
        b.icon("printer", x + px(28), y + h * 0.28, px(48), h * 0.44, "warn_strong")
        b.word(text, x + px(100), y, w - px(124), h, "small", "warn_strong")

    def _choice(self, body: p.Choice, y: float, h: float) -> None:
        b, px, x, w = self._brush, self._theme.px, self._margin, self._w - 2 * self._margin
        scale = self._theme.scale
        left = x
        if body.icon:
            b.panel(x, y, px(112), px(112), "brand_strong").fill = self._theme.group(body.tint, "strong")
            b.icon(body.icon, x + px(26), y + px(26), px(60), px(60), "on_brand")
            left = x + px(140)
        b.word(body.title, left, y, w - (left - x), px(76) * scale, "title")
        b.word(body.lead, left, y + px(76) * scale, w - (left - x), px(46) * scale, "body", "muted")
        top = y + px(140) * scale
        if body.warning:
            self._warning(body.warning, x, top, w, px(84))
            top += px(100)
        columns = 1 if self._theme.size.portrait or len(body.cards) < 3 else 2
        rows = max(3 if self._theme.size.small else 4, -(-len(body.cards) // columns)) if body.cards else 1
        gap = px(24)
        height = min((y + h - top - (rows - 1) * gap) / rows, px(230))
        width = (w - (columns - 1) * gap) / columns
        for at, card in enumerate(body.cards):
            self._card(card, x + (at % columns) * (width + gap), top + (at // columns) * (height + gap), width, height)

    def _card(self, card: p.Card, x: float, y: float, w: float, h: float) -> None:
        b, px = self._brush, self._theme.px
        closed = bool(card.closed)
        if closed:
            b.panel(x, y, w, h, "sunken", edge="line")
        else:
            b.touch(x, y, w, h, "surface", "choose", card.id, card.title, edge="", lift=24)
            if self._theme.high_contrast:
                b.panel(x, y, w, h, "surface", edge="line_strong")
        tile = min(px(120), h * 0.62)
        tint = self._theme.group(card.tint, "tint") if not closed else self._theme.colour("sunken")
        strong = self._theme.group(card.tint, "strong") if not closed else self._theme.colour("muted_on_sunken")
        b.panel(x + px(32), y + (h - tile) / 2, tile, tile, "brand_tint").fill = tint
        b.icon(card.icon, x + px(32), y + (h - tile * 0.56) / 2, tile, tile * 0.56, strong)
        left = x + tile + px(64)
        wait_room = px(300) * min(self._theme.scale, 1.2) if card.people and not closed else px(40)
        words = x + w - left - wait_room - px(56)
        if closed:
            b.word(card.title, left, y + h * 0.14, x + w - left - px(24), h * 0.36, "card_title")
            b.word(card.closed, left, y + h * 0.52, x + w - left - px(24), h * 0.34, "small", "warn_strong")
            return
        if card.lead:
            b.word(card.title, left, y + h * 0.12, words, h * 0.36, "card_title")
            b.word(card.lead, left, y + h * 0.48, words, h * 0.42, "small", "muted")
        else:
            b.word(card.title, left, y + h * 0.08, words, h * 0.84, "card_title")
        if card.people:
            self._wait(card, x + w - wait_room - px(56), y, wait_room, h)
        b.icon("chevron-right", x + w - px(64), y + (h - px(44)) / 2, px(44), px(44), "brand")

    def _wait(self, card: p.Card, x: float, y: float, w: float, h: float) -> None:
        b, px = self._brush, self._theme.px
        b.panel(x - px(16), y + h * 0.2, px(2), h * 0.6, "line", radius=0)
        colour = {1: "success", 2: "brand", 3: "warn"}[max(1, card.level)]
        bars = Bars(level=card.level, on=self._theme.colour(colour), off=self._theme.colour("meter_off"))
        if card.wait:
            b.add(bars, x + px(4), y + h * 0.26, px(44), h * 0.2)
            b.word(card.wait, x + px(64), y + h * 0.18, w - px(70), h * 0.34, "card_title")
            b.icon("users", x, y + h * 0.55, px(48), h * 0.2, "muted")
            b.word(card.people, x + px(64), y + h * 0.5, w - px(70), h * 0.32, "small", "muted")
            return
        b.add(bars, x + px(4), y + h * 0.4, px(44), h * 0.2)
        b.word(card.people, x + px(64), y + h * 0.2, w - px(70), h * 0.6, "body")

    def _slip(self, x: float, y: float, w: float, h: float, number: str, *, coming: bool) -> None:
        b, px = self._brush, self._theme.px
        b.panel(x, y, w, px(56), "brand_raised" if coming else "muted", radius=20)
        b.panel(x + w * 0.1, y + px(24), w * 0.8, px(14), "ink" if not self._theme.high_contrast else "line", radius=8)
        paper = h - px(40)
        b.panel(x + w * 0.18, y + px(34), w * 0.64, paper, "slip", radius=4)
        b.panel(x + w * 0.36, y + px(34) + paper * 0.12, w * 0.28, px(10), "perforation", radius=6)
        b.word(
            number,
            x + w * 0.18,
            y + px(34) + paper * 0.2,
            w * 0.64,
            paper * 0.28,
            "card_title",
            "slip_ink",
            align="center",
        )
        for line in (0.54, 0.63):
            b.panel(x + w * 0.28, y + px(34) + paper * line, w * 0.44, px(10), "perforation", radius=6)

    def _ticket(self, body: p.TicketGiven, y: float, h: float) -> None:
        b, px, x, w = self._brush, self._theme.px, self._margin, self._w - 2 * self._margin
        failed = body.paper is Paper.FAILED
        head = min(px(96), h * 0.12)
        b.panel(x, y, head * 0.92, head * 0.92, "warn" if failed else "success", radius=999)
        b.icon("circle-alert" if failed else "check", x, y + head * 0.2, head * 0.92, head * 0.5, "surface")
        b.word(body.title, x + head + px(20), y, w - head - px(20), head, "title", "warn_strong" if failed else "ink")
        y, h = y + head + px(20), h - head - px(20)
        wide = not self._theme.size.portrait
        card_w = w * 0.58 if wide else w
        card_h = h if wide else h * 0.64
        b.panel(x, y, card_w, card_h, "surface", lift=28, edge="line_strong" if self._theme.high_contrast else "")
        number = min(px(232), card_h * 0.4)
        b.word(body.number_label, x, y + px(20), card_w, px(50), "small", "muted", align="center")
        b.word(body.number, x + px(20), y + px(64), card_w - px(40), number, "number", align="center")
        strong = self._theme.group(body.tint, "strong")
        b.word(
            body.service, x + px(40), y + px(70) + number, card_w - px(80), px(64), "card_title", strong, align="center"
        )
        facts_y = y + px(160) + number
        each = card_w / max(1, len(body.facts))
        for at, fact in enumerate(body.facts):
            fx = x + at * each
            b.icon(fact.icon, fx, facts_y, each, px(44), "brand")
            b.word(fact.label, fx + px(10), facts_y + px(48), each - px(20), px(44), "small", "muted", align="center")
            b.word(fact.value, fx + px(10), facts_y + px(92), each - px(20), px(60), "fact", align="center")
        hint_y = y + card_h - px(100)
        if hint_y > facts_y + px(156):
            b.panel(x + px(32), hint_y, card_w - px(64), px(80), "brand_tint", radius=20)
            b.word(body.hint, x + px(48), hint_y, card_w - px(96), px(80), "small", align="center")
        if wide:
            self._paper(body, x + card_w + px(24), y, w - card_w - px(24), h, stacked=True)
        else:
            self._paper(body, x, y + card_h + px(24), w, h - card_h - px(24), stacked=False)

    def _paper(self, body: p.TicketGiven, x: float, y: float, w: float, h: float, *, stacked: bool) -> None:
        b, px = self._brush, self._theme.px
        failed = body.paper is Paper.FAILED
        code_w = 0.0
        if body.track_url:
            code_w = w if stacked else min(w * 0.42, h + px(40))
        slip_w, slip_h = (
            (w, h * 0.5 - px(12)) if stacked and body.track_url else (w - code_w - (px(24) if code_w else 0), h)
        )
        b.panel(x, y, slip_w, slip_h, "warn_tint" if failed else "brand_tint", edge="warn" if failed else "")
        words_x = x + px(32)
        if not failed and slip_w > px(460):
            self._slip(x + px(24), y + px(40), px(220), slip_h - px(80), body.number, coming=False)
            words_x = x + px(270)
        words = x + slip_w - words_x - px(24)
        ink = "warn_strong" if failed else "ink"
        b.word(body.paper_title, words_x, y + slip_h * 0.12, words, slip_h * 0.38, "card_title", ink, valign="bottom")
        b.word(body.paper_lead, words_x, y + slip_h * 0.53, words, slip_h * 0.36, "body", ink, valign="top")
        if body.track_url:
            cx, cy = (x, y + slip_h + px(24)) if stacked else (x + slip_w + px(24), y)
            cw, ch = (w, h - slip_h - px(24)) if stacked else (code_w, h)
            self._code(body, cx, cy, cw, ch)

    def _code(self, body: p.TicketGiven, x: float, y: float, w: float, h: float) -> None:
        b, px = self._brush, self._theme.px
        b.panel(x, y, w, h, "brand_tint")
        matrix = [
            [bool(dot) for dot in row] for row in segno.make(body.track_url or "", error="m").matrix_iter(border=3)
        ]
        side = min(w - px(48), h - px(120))
        side -= side % len(matrix)
        b.add(Code(matrix), x + (w - side) / 2, y + px(20), side, side)
        b.word(body.scan, x + px(12), y + side + px(24), w - px(24), h - side - px(32), "small", align="center")

    def _notice(self, body: p.Notice, y: float, h: float) -> None:
        b, px, x, w = self._brush, self._theme.px, self._margin, self._w - 2 * self._margin
        tint, ink = {
            "calm": ("brand_tint", "brand_strong"),
            "busy": ("brand_tint", "brand_strong"),
            "trouble": ("warn_tint", "warn_strong"),
        }[body.tone]
        tall = min(h, px(820))
        top = y + (h - tall) / 3
        b.panel(x, top, w, tall, "surface", lift=28, edge="line_strong" if self._theme.high_contrast else "")
        tile = min(px(200), tall * 0.28)
        b.panel(
            x + (w - tile) / 2,
            top + tall * 0.08,
            tile,
            tile,
            tint,
            radius=999,
            edge="line_strong" if self._theme.high_contrast else "",
        )
        b.icon(body.icon, x + (w - tile) / 2, top + tall * 0.08 + tile * 0.24, tile, tile * 0.52, ink)
        room = w - px(96)
        b.word(body.title, x + px(48), top + tall * 0.44, room, tall * 0.22, "title", align="center")
        lines = "\n".join(body.lines)
        b.word(lines, x + px(48), top + tall * 0.66, room, tall * 0.28, "body", "muted", align="center", valign="top")

    def _pin(self, body: p.PinPad, y: float, h: float) -> None:
        b, px, w = self._brush, self._theme.px, self._w
        b.word(body.title, self._margin, y, w - 2 * self._margin, px(80), "title", align="center")
        b.word(body.lead, self._margin, y + px(80), w - 2 * self._margin, px(50), "body", "muted", align="center")
        dot, gap = px(36), px(28)
        left = (w - body.digits * dot - (body.digits - 1) * gap) / 2
        for at in range(body.digits):
            fill = "brand_strong" if at < body.filled else "surface"
            b.panel(left + at * (dot + gap), y + px(156), dot, dot, fill, radius=999, edge="line_strong")
        b.word(
            body.note, self._margin, y + px(200), w - 2 * self._margin, px(52), "small", "warn_strong", align="center"
        )
        top = y + px(264)
        key_h = min((h - px(264) - 3 * px(20)) / 4, px(180))
        key_w = min(px(240), (w - 2 * self._margin - 2 * px(20)) / 3)
        left = (w - 3 * key_w - 2 * px(20)) / 2
        for row, keys in enumerate(body.keys):
            for column, key in enumerate(keys):
                x, ky = left + column * (key_w + px(20)), top + row * (key_h + px(20))
                b.touch(x, ky, key_w, key_h, "surface", key.kind, key.what, key.text or key.what)
                if key.icon:
                    b.icon(key.icon, x, ky + key_h * 0.3, key_w, key_h * 0.4, "brand_strong")
                else:
                    b.word(key.text, x, ky, key_w, key_h, "title", align="center")

    def _staff(self, body: p.StaffDesk, y: float) -> None:
        b, px, x, w = self._brush, self._theme.px, self._margin, self._w - 2 * self._margin
        b.word(body.title, x, y, w, px(80), "title")
        y += px(100)
        line = px(88)
        for at, fact in enumerate(body.facts):
            b.icon(fact.icon, x, y + at * line + line * 0.25, px(56), line * 0.5, "brand_strong")
            b.word(fact.label, x + px(84), y + at * line, w * 0.4, line, "body", "muted")
            b.word(fact.value, x + w * 0.45, y + at * line, w * 0.55, line, "button")
        y += len(body.facts) * line + px(24)
        columns = 2
        key_w, key_h = (w - px(20)) / columns, px(112)
        for at, button in enumerate(body.buttons):
            self._button(
                button, x + (at % columns) * (key_w + px(20)), y + (at // columns) * (key_h + px(20)), key_w, key_h
            )
        y += -(-len(body.buttons) // columns) * (key_h + px(20))
        b.word(body.note, x, y, w, px(56), "small", "success_strong")
        b.word(body.slips_title, x, y + px(64), w, px(56), "card_title")
        b.word("\n".join(body.slips) or "—", x, y + px(124), w, max(px(60), px(260)), "small", valign="top")
