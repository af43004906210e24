"""The few things every screen is made of: panels, words, icons, buttons, bars, codes. Their looks are in `kit.kv`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from appliance.fonts import icon_font
from appliance.ui.theme import Theme, font, icon

CLEAR: Final = (0.0, 0.0, 0.0, 0.0)

Builder.load_file(str(Path(__file__).with_name("kit.kv")))


class Panel(Widget):
    """A rounded surface."""

    fill = ColorProperty("#FFFFFF")
    pressed_fill = ColorProperty("#FFFFFF")
    edge = ColorProperty("#FFFFFF")
    shadow = ColorProperty(CLEAR)
    edge_width = NumericProperty(0)
    radius = NumericProperty(20)
    lift = NumericProperty(0)
    is_down = BooleanProperty(False)


class Touch(ButtonBehavior, Panel):
    """A surface that can be pressed. `act` is called when the finger leaves it where it came down.

    A drag that leaves it does nothing, and a second finger elsewhere neither.
    """

    act = ObjectProperty(None, allownone=True)
    says = StringProperty("")
    """What it says, for tests and for speech."""

    def __init__(self, **options: Any) -> None:
        super().__init__(always_release=False, **options)
        self.bind(state=self._follow)

    def on_release(self) -> None:
        """The press."""
        if self.act is not None:
            self.act()

    def _follow(self, *_: object) -> None:
        self.is_down = self.state == "down"


class Word(Label):
    """Words in the house font."""


class Icon(Label):
    """An icon of the icon font."""


class Bars(Widget):
    """One to three bars: how long the wait is, told by more than colour."""

    level = NumericProperty(0)
    on = ColorProperty("#0B5CAD")
    off = ColorProperty("#C3CEDC")


class Code(Widget):
    """A QR code, module by module, with its quiet zone."""

    def __init__(self, matrix: list[list[bool]], **options: Any) -> None:
        super().__init__(**options)
        side = len(matrix)
        texture = Texture.create(size=(side, side), colorfmt="luminance")
        texture.mag_filter = texture.min_filter = "nearest"
        dots = bytes(0 if dark else 255 for row in reversed(matrix) for dark in row)
        texture.blit_buffer(dots, colorfmt="luminance", bufferfmt="ubyte")
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle(texture=texture, pos=self.pos, size=self.size)
        self.bind(pos=self._place, size=self._place)

    def _place(self, *_: object) -> None:
        self._picture.pos, self._picture.size = self.pos, self.size


class Brush:
    """Puts things on a screen, in pixels from the top left corner of the area it was given."""

    def __init__(self, theme: Theme, root: Widget, top: float, emit: Callable[[str, str], None]) -> None:
        self.theme = theme
        self._root = root
        self._top = top
        self._emit = emit

    def panel(
        self, x: float, y: float, w: float, h: float, fill: str, *, radius: float = 28, edge: str = "", lift: float = 0
    ) -> Panel:
        """A surface that only shows."""
        theme = self.theme
        made = Panel(
            pos=(x, self._top - y - h),
            size=(w, h),
            fill=theme.colour(fill),
            pressed_fill=theme.colour(fill),
            edge=theme.colour(edge) if edge else CLEAR,
            edge_width=theme.border("control_bar") if edge else 0,
            radius=theme.px(radius),
        )
        self._lift(made, lift)
        self._root.add_widget(made)
        return made

    def touch(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str,
        kind: str,
        what: str,
        says: str,
        *,
        radius: float = 28,
        edge: str = "line_strong",
        lift: float = 0,
    ) -> Touch:
        """A surface that can be pressed: it emits (`kind`, `what`)."""
        theme = self.theme
        down = {"brand_strong": "brand_raised"}.get(fill, "brand_tint")
        made = Touch(
            pos=(x, self._top - y - h),
            size=(w, h),
            fill=theme.colour(fill),
            pressed_fill=theme.colour(down) if not theme.high_contrast else theme.colour(fill),
            edge=theme.colour(edge) if edge else CLEAR,
            edge_width=theme.border("control_bar") if edge else 0,
            radius=theme.px(radius),
            says=says,
            act=lambda: self._emit(kind, what),
        )
        self._lift(made, lift)
        self._root.add_widget(made)
        return made

    def word(
        self,
        text: str,
        x: float,
        y: float,
        w: float,
        h: float,
        role: str,
        colour: str | tuple[float, float, float, float] = "ink",
        *,
        align: str = "left",
        valign: str = "middle",
        size: float | None = None,
    ) -> Word:
        """Words in a box, wrapped between words, made smaller (never below the least) until they fit."""
        theme = self.theme
        made = Word(
            text=text,
            pos=(x, self._top - y - h),
            size=(w, h),
            font_name=font(theme.weight(role)),
            font_size=size or theme.text(role),
            color=theme.colour(colour) if isinstance(colour, str) else colour,
            halign=align,
            valign=valign,
            line_height=1.05,
        )
        made.text_size = (w, None)
        made.texture_update()
        while (made.texture_size[1] > h + 1 or _widest(made) > w) and made.font_size > theme.px(20):
            made.font_size -= 1
            made.texture_update()
        made.text_size = (w, h)
        self._root.add_widget(made)
        return made

    def icon(
        self, name: str, x: float, y: float, w: float, h: float, colour: str | tuple[float, float, float, float]
    ) -> Icon:
        """An icon filling the box's height."""
        made = Icon(
            text=icon(name),
            pos=(x, self._top - y - h),
            size=(w, h),
            font_name=str(icon_font()),
            font_size=min(w, h),
            color=self.theme.colour(colour) if isinstance(colour, str) else colour,
        )
        self._root.add_widget(made)
        return made

    def add(self, widget: Widget, x: float, y: float, w: float, h: float) -> Widget:
        """Anything else, in a box."""
        widget.size = (w, h)
        widget.pos = (x, self._top - y - h)
        self._root.add_widget(widget)
        return widget

    def _lift(self, panel: Panel, lift: float) -> None:
        if lift and not self.theme.high_contrast:
            panel.lift = self.theme.px(lift)
            panel.shadow = (0.063, 0.141, 0.243, 0.16)
        else:
            panel.lift = 0
            panel.shadow = CLEAR


def _widest(word: Word) -> float:
    """The width of the longest single word: one that is too long for its box must not be cut in the middle."""
    text = word.text
    parts = [part for line in text.split("\n") for part in line.split(" ")]
    label = word._label
    return max((label.get_extents(part)[0] for part in parts), default=0.0)
