"""A ticket becomes paper: drawn for the width of the printer, printed, and remembered for the staff's menu."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from appliance.naming import Names
from hardware.errors import PrinterFault, PrinterTrouble
from hardware.printer.port import Printer
from hub.contract.messages import IssuedTicket

if TYPE_CHECKING:  # drawing takes a while to load, and the first screen does not wait for it
    from appliance.slip.drawing import Slip

NAMES_LIMIT_S: Final = 2.0
REMEMBERED: Final = 8

log = structlog.get_logger("appliance.hands.printing")


class SlipPrinter:
    """Used by one thread at a time; `printed` may be read by any."""

    def __init__(self, printer: Printer, names: Names) -> None:
        self._printer = printer
        self._names = names
        self.printed: tuple[str, ...] = ()
        """The last slips, the newest first: time and number."""

    def warm_up(self) -> None:
        """Loads what drawing needs, so that the first visitor does not wait for it."""
        from appliance.slip.drawing import draw_slip

        draw_slip(_test_slip(""), self._printer.model.width_dots)

    def print(self, ticket: IssuedTicket, language: str, *, copy: bool = False) -> PrinterTrouble | None:
        """Why the slip is not out, as far as anybody can tell; None when it is out."""
        self._names.wait(NAMES_LIMIT_S)
        trouble = self._print(slip_of(ticket, language, self._names, copy=copy), ticket.number)
        if trouble is None:
            self.printed = (f"{ticket.issued_at:%H:%M}  {ticket.number}", *self.printed)[:REMEMBERED]
        else:
            log.error("slip-not-printed", ticket=str(ticket.id), reason=trouble, copy=copy)
        return trouble

    def print_test(self) -> PrinterTrouble | None:
        """A slip that nobody can take for a number."""
        return self._print(_test_slip(self._names.centre("vi")), "test")

    def _print(self, slip: "Slip", label: str) -> PrinterTrouble | None:
        from appliance.slip.drawing import draw_slip

        try:
            self._printer.print_slip(draw_slip(slip, self._printer.model.width_dots), label)
        except PrinterFault as fault:
            return fault.reason
        except Exception:  # a listed catch: whatever breaks while drawing, somebody waits for an answer
            log.exception("slip-broke", label=label)
            return "unknown"
        return None


def slip_of(ticket: IssuedTicket, language: str, names: Names, *, copy: bool = False) -> "Slip":
    """What stands on the paper of `ticket`; a copy says that it is one."""
    from appliance.slip.drawing import Slip

    return Slip(
        language=language,
        centre=names.centre(language),
        number=ticket.number,
        service=names.service(ticket.service, language),
        counters=tuple(ticket.counters),
        people_ahead=ticket.people_ahead,
        wait_s=(ticket.wait.low_s, ticket.wait.high_s) if ticket.wait else None,
        issued_at=ticket.issued_at,
        track_url=ticket.track_url,
        copy=copy,
    )


def _test_slip(centre: str) -> "Slip":
    from appliance.slip.drawing import Slip

    return Slip(
        language="vi",
        centre=centre,
        number="X000",
        service="In thử · Test",
        counters=(),
        people_ahead=0,
        wait_s=None,
        issued_at=datetime.now().astimezone(),
        track_url=None,
    )
