"""A file is put where the hub wants it, with the device's certificate, and nowhere else."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from hub.client.device_file import HubAddress, load
from hub.client.errors import NotUploaded
from hub.client.upload import upload
from hub.contract.names import DeviceRole
from hub.fleet.authority import Authority
from hub.fleet.devices import DeviceFolder, HubPlace, write_folder

PICTURE = b"\x89PNG and so on"


class Shelf(HTTPServer):
    """Takes what is put, and whose it is. `status`: what it answers."""

    status = 204

    def __init__(self, authority: Path) -> None:
        self.taken: list[tuple[str, str, str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Taking)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority / "server.pem", authority / "server.key")
        context.load_verify_locations(authority / "authority.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """Who is not believed hangs up."""


class Taking(BaseHTTPRequestHandler):
    """One file."""

    server: Shelf

    def do_PUT(self) -> None:
        """Notes it with the name in the certificate."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        subject = self.connection.getpeercert()["subject"]  # type: ignore[attr-defined]
        (name,) = (value for part in subject for key, value in part if key == "commonName")
        self.server.taken.append((name, self.path, self.headers["Content-Type"], content))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def shelf(folder: Path) -> Iterator[tuple[Shelf, HubAddress]]:
    """A hub's shelf on loopback, and a device of the same centre."""
    authority = Authority.open(folder / "authority", "hoa-sen", datetime.now(UTC))
    authority.issue_server([], [ip_address("127.0.0.1")], datetime.now(UTC)).write(folder, "server")
    certificate = authority.issue_device("kiosk-01", datetime.now(UTC))
    place = HubPlace("hoa-sen", "127.0.0.1", 1)
    write_folder(DeviceFolder("kiosk-01", DeviceRole.KIOSK, place, certificate).files(), folder / "device")
    opened = Shelf(folder)
    thread = threading.Thread(target=opened.serve_forever)
    thread.start()
    try:
        yield opened, load(folder / "device").address
    finally:
        opened.shutdown()
        opened.server_close()
        thread.join()


def test_a_picture_is_put_in_the_device_s_name(tmp_path: Path) -> None:
    """At exactly the address that was given."""
    with shelf(tmp_path) as (hub, device):
        upload(device, f"https://127.0.0.1:{hub.server_port}/up/1?key=2", PICTURE, "image/png")
        assert hub.taken == [("kiosk-01", "/up/1?key=2", "image/png", PICTURE)]


def test_a_no_is_told(tmp_path: Path) -> None:
    """With its number."""
    with shelf(tmp_path) as (hub, device):
        hub.status = 404
        with pytest.raises(NotUploaded, match="the hub answered 404"):
            upload(device, f"https://127.0.0.1:{hub.server_port}/gone", PICTURE, "image/png")


def test_a_stranger_gets_nothing(tmp_path: Path) -> None:
    """Whoever has no certificate of the centre's authority, whatever the address says."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    with shelf(tmp_path / "ours") as (_, device), shelf(tmp_path / "theirs") as (stranger, _):
        with pytest.raises(NotUploaded, match="certificate verify failed"):
            upload(device, f"https://127.0.0.1:{stranger.server_port}/", PICTURE, "image/png")
        assert stranger.taken == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "ftp://127.0.0.1/",
        "https://",
        "nowhere",
        "https://[",
        "https://127.0.0.1:99999/",
        "https://127.0.0.1:1/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    """In one word, never with a traceback."""
    with pytest.raises(NotUploaded, match="nothing can be put"):
        upload(HubAddress("hoa-sen", "127.0.0.1", 1), url, PICTURE, "image/png")
