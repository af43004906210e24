"""The door for devices: HTTPS with the device's own certificate, for what is too large for a message."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.actions.work import DeviceOrder
from hub.contract.messages import OrderName
from hub.contract.refusals import Refusal, RefusalCode
from hub.web.pictures import Pictures
from hub.web.problems import Stop, WebCode, of_refusal, of_status, problem
from hub.web.stream import CONNECTION

MOST_BYTES: Final = 4 * 1024 * 1024
BODY_LIMIT_S: Final = 20.0
PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class DeviceDoor:
    """The ports. `known`: whether a device has a certificate of this serial number, in hexadecimal; `open_orders` is
    called on a worker thread.
    """

    known: Callable[[str, str], bool]
    open_orders: Callable[[], Sequence[DeviceOrder]]
    pictures: Pictures


def create_device_app(door: DeviceDoor) -> Starlette:
    """The application over `door`; its server asks each client for a certificate of our authority."""
    app = Starlette(
        routes=[Route("/devices/{device}/screenshots/{order_id}", _put_screenshot, methods=["PUT"])],
        exception_handlers={Refusal: _refused, Stop: _stopped, 404: _said_no, 405: _said_no},
    )
    app.state.door = door
    return app


async def _put_screenshot(request: Request) -> Response:
    """Takes a picture for an open order to this device. What is not a PNG of at most 4 MiB is refused."""
    door: DeviceDoor = request.app.state.door
    device, order_id = request.path_params["device"], request.path_params["order_id"]
    if device != _owner(request, door.known):
        raise Refusal(RefusalCode.NOT_ALLOWED)
    orders = await asyncio.to_thread(door.open_orders)
    if not any((one.id, one.device, one.order) == (order_id, device, OrderName.SCREENSHOT) for one in orders):
        raise Refusal(RefusalCode.NOT_FOUND)
    content = await _content(request)
    if not content.startswith(PNG):
        raise Refusal(RefusalCode.MALFORMED)
    door.pictures.keep(order_id, device, content)
    return Response(status_code=204)


def _owner(request: Request, known: Callable[[str, str], bool]) -> str | None:
    """The device whose certificate this is; None when it is void by now."""
    shown: dict[str, Any] = request.scope.get("extensions", {}).get(CONNECTION, {}).get("certificate") or {}
    names = [value for part in shown.get("subject", ()) for key, value in part if key == "commonName"]
    serial = str(shown.get("serialNumber", ""))
    return names[0] if len(names) == 1 and known(names[0], serial) else None


async def _content(request: Request) -> bytes:
    """The whole body, within its limits of bytes and of time."""
    content = bytearray()
    try:
        async with asyncio.timeout(BODY_LIMIT_S):
            async for part in request.stream():
                content += part
                if len(content) > MOST_BYTES:
                    raise Stop(WebCode.TOO_LARGE)
    except TimeoutError:
        raise Refusal(RefusalCode.TOO_LATE) from None
    return bytes(content)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return _closing(of_refusal(error).answer())


async def _stopped(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Stop)
    return _closing(problem(error.code).answer())


async def _said_no(_request: Request, error: Exception) -> Response:
    return _closing(of_status(getattr(error, "status_code", 404)).answer())


def _closing(answer: Response) -> Response:
    """A body may still be on its way: nobody waits for it."""
    answer.headers["connection"] = "close"
    return answer
