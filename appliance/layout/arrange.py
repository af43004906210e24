"""A view becomes a picture: the one door of this room."""

from appliance.layout.choice import place_choice, place_search
from appliance.layout.frame import draw_frame, framed
from appliance.layout.items import Picture
from appliance.layout.notice import place_name, place_notice
from appliance.layout.pen import Measure, Pen
from appliance.layout.staff import place_pin, place_staff, place_support
from appliance.layout.theme import Family, ScreenSize, Theme
from appliance.layout.ticket import place_ticket
from appliance.layout.welcome import place_welcome
from appliance.view import Choice, Notice, PinPad, Search, StaffDesk, TicketGiven, View, Welcome


def arrange(view: View, screen: ScreenSize, measure: Measure) -> Picture:
    """`view` on `screen`. Raises `TypeError` for a body that nobody has drawn."""
    theme = Theme(screen, view.high_contrast, view.scale)
    pen = Pen(theme, measure)
    if theme.family is Family.SMALL and view.support_open:
        place_support(pen, view)
    else:
        _place(pen, view)
    if view.identify:
        place_name(pen, view.identify)
    return Picture(view.serial, view.name, theme.colour("paper"), tuple(pen.items))


def _place(pen: Pen, view: View) -> None:
    frame = framed(pen, view)
    draw_frame(pen, view, frame)
    match view.body:
        case Welcome() as body:
            place_welcome(pen, view, body, frame)
        case Choice() as body:
            place_choice(pen, view, body, frame)
        case Search() as body:
            place_search(pen, view, body, frame)
        case TicketGiven() as body:
            place_ticket(pen, view, body, frame)
        case Notice() as body:
            place_notice(pen, view, body, frame)
        case PinPad() as body:
            place_pin(pen, view, body, frame)
        case StaffDesk() as body:
            place_staff(pen, view, body, frame)
        case body:
            raise TypeError(f"no place for {type(body).__name__}")
