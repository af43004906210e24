"""The door for devices: who comes without a certificate of ours is not heard, and each puts its own pictures only."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from hub.actions.work import DeviceOrder
from hub.contract.messages import OrderName
from hub.contract.time import Instant
from hub.fleet.authority import AUTHORITY_FILE, Authority, Certificate
from hub.web.device_door import MOST_BYTES, PNG, DeviceDoor, create_device_app
from hub.web.events import Broadcast
from hub.web.pictures import Pictures
from hub.web.server import Server, TlsFiles
from tests.hub.web.hall import Clock

NOW: Final = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ORDER: Final = DeviceOrder(
    *(str(uuid4()), "kiosk-01", OrderName.SCREENSHOT, None, "staff:an"),
    ordered_at=Instant(0),
    expires_at=Instant(300_000),
    message="{}",
)
PICTURE: Final = PNG + b"\x00" * 1000


@dataclass
class House:
    """A served door, its authority, and a certificate for each device that asks for one."""

    place: Path
    orders: list[DeviceOrder] = field(default_factory=lambda: [ORDER])
    serials: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.authority = Authority.open(self.place / "authority", "hoa-sen", NOW)
        self.authority.issue_server([], [], NOW).write(self.place, "server")
        self.pictures = Pictures(Clock())
        door = DeviceDoor(self.known, lambda: self.orders, self.pictures)
        files = TlsFiles(
            self.place / "server.pem", self.place / "server.key", self.authority.directory / AUTHORITY_FILE
        )
        self.server = Server(create_device_app(door), Broadcast(), listen="127.0.0.1", port=0, tls=files)
        self.server.start()

    def known(self, device: str, serial: str) -> bool:
        return device in self.serials and int(serial, 16) == int(self.serials[device], 16)

    def enrol(self, device: str = "kiosk-01") -> Certificate:
        """A certificate; the one before is void."""
        made = self.authority.issue_device(device, NOW)
        self.serials[device] = made.serial
        return made

    def context(self, shown: Certificate | None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.authority.directory / AUTHORITY_FILE))
        if shown is not None:
            shown.write(self.place, "shown")
            context.load_cert_chain(self.place / "shown.pem", self.place / "shown.key")
        return context

    def put(self, shown: Certificate | None, content: Any = PICTURE, **levels: str) -> httpx.Response:
        """One request with this certificate; `device` and `order_id` may be named."""
        device, order_id = levels.get("device", "kiosk-01"), levels.get("order_id", ORDER.id)
        with httpx.Client(verify=self.context(shown), trust_env=False) as client:
            return client.put(
                f"https://127.0.0.1:{self.server.port}/devices/{device}/screenshots/{order_id}", content=content
            )

    def kept(self) -> bytes | None:
        return self.pictures.find(ORDER.id, "kiosk-01")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path)
    yield opened
    opened.server.stop()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_device_puts_the_picture_it_was_asked_for(house: House) -> None:
    """It is there for whoever asked, as it was sent; sent again it takes its own place."""
    mine = house.enrol()
    for _ in range(2):
        assert house.put(mine).status_code == 204
    assert house.kept() == PICTURE


def test_without_a_certificate_of_ours_nobody_is_heard(house: House, tmp_path: Path) -> None:
    """None at all, one of another authority, one that is a server's: the connection itself fails."""
    stranger = Authority.open(tmp_path / "stranger", "hoa-sen", NOW).issue_device("kiosk-01", NOW)
    server = house.authority.issue_server([], [], NOW)
    house.enrol()
    for shown in (None, stranger, server):
        with pytest.raises(httpx.TransportError):
            house.put(shown)
    assert house.kept() is None


def test_a_certificate_that_is_void_opens_nothing(house: House) -> None:
    """The one before, and that of a device that was removed: judged with each request."""
    old = house.enrol()
    new = house.enrol()
    assert code(house.put(old)) == (403, "not-allowed")
    assert house.put(new).status_code == 204
    house.serials.clear()
    assert code(house.put(new)) == (403, "not-allowed")


def test_a_device_puts_nothing_in_anothers_name(house: House) -> None:
    """Though the other was asked for one."""
    house.enrol()
    other = house.enrol("kiosk-02")
    assert code(house.put(other)) == (403, "not-allowed")
    assert code(house.put(other, device="kiosk-02")) == (404, "not-found")
    assert house.kept() is None


@pytest.mark.parametrize("change", [{"order": OrderName.IDENTIFY}, {"device": "kiosk-02"}, {"id": "another"}])
def test_only_an_open_order_to_take_a_picture_is_answered(house: House, change: dict[str, Any]) -> None:
    """Not one for something else, nor one that is over."""
    mine = house.enrol()
    house.orders = [replace(ORDER, **change)]
    assert code(house.put(mine)) == (404, "not-found")
    house.orders = []
    assert code(house.put(mine)) == (404, "not-found")


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>", PNG[:7], b" " + PNG])
def test_what_is_no_png_is_not_kept(house: House, content: bytes) -> None:
    """Staff open it in their browsers."""
    assert code(house.put(house.enrol(), content)) == (400, "malformed")
    assert house.kept() is None


def test_a_picture_has_its_limit(house: House) -> None:
    """To the byte, whether its length is announced or not."""
    mine = house.enrol()
    whole = PNG + b"\x00" * (MOST_BYTES - len(PNG))
    assert house.put(mine, whole).status_code == 204
    assert house.kept() == whole

    def in_parts(of: bytes) -> Iterator[bytes]:
        yield from (of[at : at + 65536] for at in range(0, len(of), 65536))

    house.pictures.forget_old()
    for content in (whole + b"\x00", in_parts(whole + b"\x00")):
        with suppress(httpx.WriteError):  # the door may have closed before all of it was sent
            assert code(house.put(mine, content)) == (413, "too-large")
    assert house.kept() == whole


def test_nothing_else_is_behind_the_door(house: House) -> None:
    """Neither pages nor another method."""
    mine = house.enrol()
    with httpx.Client(verify=house.context(mine), trust_env=False) as client:
        base = f"https://127.0.0.1:{house.server.port}"
        assert client.get(f"{base}/").status_code == 404
        assert client.get(f"{base}/api/v1/queue").json()["code"] == "not-found"
        assert client.get(f"{base}/devices/kiosk-01/screenshots/{ORDER.id}").status_code == 405


def test_a_new_certificate_of_the_hub_is_shown_without_a_restart(house: House) -> None:
    """To whoever connects from then on."""
    mine = house.enrol()
    fresh = house.authority.issue_server([], [], NOW)
    fresh.write(house.place, "server")
    house.server.renew()
    with house.context(mine).wrap_socket(
        socket.create_connection(("127.0.0.1", house.server.port)), server_hostname="127.0.0.1"
    ) as connection:
        shown = connection.getpeercert()
    assert shown is not None
    assert int(str(shown["serialNumber"]), 16) == int(fresh.serial, 16)
