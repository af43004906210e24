"""A view becomes a picture: the one door of this room.

Bodies are loaded when they are first placed: the first screen after a start is a notice, and stands the sooner.
"""

from appliance.layout.frame import draw_frame, framed
from appliance.layout.items import Picture
from appliance.layout.notice import place_name, place_notice
from appliance.layout.pen import Measure, Pen
from appliance.layout.theme import Family, ScreenSize, Theme
from appliance.view import Notice, View


def arrange(view: View, screen: ScreenSize, measure: Measure) -> Picture:
    """`view` on `screen`. Raises `TypeError` for a body that nobody has drawn."""
    theme = Theme(screen, view.high_contrast, view.scale)
    pen = Pen(theme, measure)
    if theme.family is Family.SMALL and view.support_open:
        from appliance.layout.staff import place_support

        place_support(pen, view)
    else:
        _place(pen, view)
    if view.identify:
        place_name(pen, view.identify)
    return Picture(view.serial, view.name, theme.colour("paper"), tuple(pen.items))


def _place(pen: Pen, view: View) -> None:
    frame = framed(pen, view)
    draw_frame(pen, view, frame)
    if isinstance(view.body, Notice):
        place_notice(pen, view, view.body, frame)
    else:
        from appliance.layout.bodies import place_body

        place_body(pen, view, frame)
