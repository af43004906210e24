"""Which body is placed by whom."""

from appliance.bodies import Choice, PinPad, Search, StaffDesk, TicketGiven, Welcome
from appliance.layout.choice import place_choice, place_search
from appliance.layout.frame import Frame
from appliance.layout.pen import Pen
from appliance.layout.staff import place_pin, place_staff
from appliance.layout.ticket import place_ticket
from appliance.layout.welcome import place_welcome
from appliance.view import View


def place_body(pen: Pen, view: View, frame: Frame) -> None:
    """What stands between header and bar, but notices. Raises `TypeError` for a body that nobody has drawn."""
    match view.body:
        case Welcome() as body:
            place_welcome(pen, view, body, frame)
        case Choice() as body:
            place_choice(pen, view, body, frame)
        case Search() as body:
            place_search(pen, view, body, frame)
        case TicketGiven() as body:
            place_ticket(pen, view, body, frame)
        case PinPad() as body:
            place_pin(pen, view, body, frame)
        case StaffDesk() as body:
            place_staff(pen, view, body, frame)
        case body:
            raise TypeError(f"no place for {type(body).__name__}")
