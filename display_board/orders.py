"""What the hub can tell a board to do from far away. Each returns nothing when it is done, else why not, in a word."""

from collections.abc import Callable
from typing import Final

from display_board.errors import NoPicture
from display_board.events import Event, Identify
from hub.client.agent import Obey
from hub.client.device_file import DeviceFile
from hub.client.errors import NotUploaded
from hub.client.upload import upload
from hub.contract.messages import Order, OrderName

PICTURE: Final = "image/png"


def board_orders(
    device: DeviceFile, post: Callable[[Event], None], picture: Callable[[], bytes], restart: Callable[[], None]
) -> dict[OrderName, Obey]:
    """By name. What is not among them this board does not do."""

    def identify(_order: Order) -> str:
        post(Identify(device.device))
        return ""

    def begin_anew(_order: Order) -> str:
        restart()
        return ""

    def screenshot(order: Order) -> str:
        """All that hangs on a wall may be seen from far away."""
        if order.upload_url is None:
            return "no address"
        try:
            upload(device.address, order.upload_url, picture(), PICTURE)
        except (NoPicture, NotUploaded) as fault:
            return str(fault)
        return ""

    return {OrderName.IDENTIFY: identify, OrderName.RESTART: begin_anew, OrderName.SCREENSHOT: screenshot}
