"""The certificates by which the hub is known: to devices at the broker and at their door, to browsers at the pages."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hub.contract.time import Instant, to_datetime
from hub.fleet.addresses import names_and_addresses
from hub.fleet.authority import AUTHORITY_FILE, Authority
from hub.settings import Settings
from hub.web.server import TlsFiles


@dataclass(frozen=True, slots=True)
class Certificates:
    """Each is made when first asked for, and anew in time: a hub may run for years."""

    settings: Settings
    authority: Authority
    clock: Callable[[], Instant]

    def for_broker(self) -> Path:
        """The broker's directory, with `server.pem` and `server.key` in it."""
        asked = self.settings.broker
        return self._keep("broker", "server", asked.listen, asked.reached_at)

    def for_devices(self) -> TlsFiles:
        """What devices are shown where they bring what is too large for a message."""
        asked = self.settings.broker
        directory = self._keep("web", "devices", asked.listen, asked.reached_at)
        return TlsFiles(directory / "devices.pem", directory / "devices.key", self.authority.directory / AUTHORITY_FILE)

    def for_pages(self) -> TlsFiles | None:
        """What browsers are shown; None: plain http."""
        web = self.settings.web
        if web.tls == "off":
            return None
        if web.tls == "files" and web.certificate and web.key:
            return TlsFiles(web.certificate, web.key)
        public = urlsplit(web.public_url).hostname if web.public_url else None
        directory = self._keep("web", "server", web.listen, public or "")
        return TlsFiles(directory / "server.pem", directory / "server.key")

    def _keep(self, folder: str, name: str, listen: str, reached_at: str) -> Path:
        directory = self.settings.data.directory / folder
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        names, addresses = names_and_addresses(listen, reached_at)
        self.authority.keep_server(directory, name, names, addresses, to_datetime(self.clock()))
        return directory
