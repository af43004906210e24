"""What the hub can tell a kiosk to do from far away. Each returns nothing when it is done, else why not, in a word."""

from collections.abc import Callable
from typing import Final

from appliance.errors import NoPicture
from appliance.flow import events as ev
from appliance.hands.kiosk_hands import KioskHands
from appliance.hands.requests import Post
from appliance.screen import Screen
from hub.client.agent import Obey
from hub.client.device_file import DeviceFile, HubAddress
from hub.client.errors import NotUploaded
from hub.client.upload import upload
from hub.contract.messages import Order, OrderName

PICTURE: Final = "image/png"


def kiosk_orders(device: DeviceFile, hands: KioskHands, screen: Screen, post: Post) -> dict[OrderName, Obey]:
    """By name. What is not among them this kiosk does not do."""
    return {
        OrderName.IDENTIFY: lambda _order: _posted(post, ev.Identify(device.device)),
        OrderName.RESTART: lambda _order: _posted(post, ev.RestartOrdered()),
        OrderName.TEST_PRINT: lambda _order: hands.print_test(),
        OrderName.REPRINT: lambda order: _reprint(hands, order),
        OrderName.SCREENSHOT: lambda order: _screenshot(device.address, screen.picture, order),
    }


def _posted(post: Post, event: ev.Event) -> str:
    post(event)
    return ""


def _reprint(hands: KioskHands, order: Order) -> str:
    if order.ticket is None:
        return "no ticket"
    return hands.print_copy(order.ticket, order.language or "vi")


def _screenshot(hub: HubAddress, picture: Callable[..., bytes], order: Order) -> str:
    """Nobody far away sees what a visitor has before the eyes."""
    if order.upload_url is None:
        return "no address"
    try:
        upload(hub, order.upload_url, picture(blanked=True), PICTURE)
    except (NoPicture, NotUploaded) as fault:
        return str(fault)
    return ""
