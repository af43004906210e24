"""Putting a file where the hub wants it: HTTPS with the device's certificate, for what is too large for a message."""

import http.client
from typing import Final
from urllib.parse import urlsplit

from hub.client.device_file import HubAddress
from hub.client.errors import NotUploaded
from hub.client.trust import trust

LIMIT_S: Final = 20.0


def upload(hub: HubAddress, url: str, content: bytes, kind: str, *, limit_s: float = LIMIT_S) -> None:
    """`PUT`s `content` to an address of the hub. Only the centre's own authority is believed, whatever it says.

    Raises `NotUploaded`.
    """
    try:
        status = _put(hub, url, content, kind, limit_s)
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise NotUploaded(f"nothing can be put at {url}: {problem}") from problem
    if not 200 <= status < 300:
        raise NotUploaded(f"the hub answered {status}")


def _put(hub: HubAddress, url: str, content: bytes, kind: str, limit_s: float) -> int:
    place = urlsplit(url)
    if place.scheme != "https" or not place.hostname:
        raise ValueError("it does not begin with https://")
    connection = http.client.HTTPSConnection(place.hostname, place.port, context=trust(hub), timeout=limit_s)
    try:
        query = f"?{place.query}" if place.query else ""
        connection.request("PUT", (place.path or "/") + query, content, {"Content-Type": kind})
        return connection.getresponse().status
    finally:
        connection.close()
