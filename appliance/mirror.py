"""The screen on a page of this machine, live, and taps from there: for a demonstration without a touch screen.

On loopback only, and only for who knows the address: a random key is part of it. A picture is taken when the screen has
changed and somebody looks, and sent when it differs from the one before.
"""

import hmac
import json
import secrets
import threading
import time
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import structlog

from appliance.errors import ApplianceFault, NoPicture
from appliance.screen import Screen

LOOPBACK: Final = "127.0.0.1"
LOOKS_S: Final = 20.0
"""So long a page waits for the next picture before it asks anew."""
IDLE_S: Final = 60.0
LONGEST_BODY: Final = 200
PAGE: Final = {
    "": ("index.html", "text/html; charset=utf-8"),
    "mirror.js": ("mirror.js", "text/javascript; charset=utf-8"),
    "mirror.css": ("mirror.css", "text/css; charset=utf-8"),
}
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = structlog.get_logger("appliance.mirror")


class Mirror:
    """Between `start` and `close`. `port` 0: any that is free."""

    def __init__(self, screen: Screen, port: int) -> None:
        self._screen = screen
        self._port = port
        self._key = secrets.token_urlsafe(24)
        self.pictures = Pictures(screen)
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """Where the page is; the key in it is all that guards it."""
        return f"http://{LOOPBACK}:{self._port}/{self._key}/"

    def start(self) -> None:
        """Begins to serve. Raises `ApplianceFault` when the port is taken."""
        try:
            self._server = Server((LOOPBACK, self._port), partial(Visit, self._screen, self.pictures, self._key))
        except OSError as problem:
            raise ApplianceFault(f"the mirror's port {self._port} cannot be used: {problem.strerror}") from problem
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="mirror", daemon=True).start()

    def changed(self) -> None:
        """The screen has been given something else to show."""
        self.pictures.changed()

    def close(self) -> None:
        """Serves no more. Twice is harmless."""
        server, self._server = self._server, None
        self.pictures.close()
        if server is not None:
            server.shutdown()
            server.server_close()


class Server(ThreadingHTTPServer):
    """Whoever still looks when the program ends is not waited for."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as the class above has it
        """A page that has gone is nothing to talk about; what else breaks is one line."""
        log.debug("mirror-visit-broke", exc_info=True)


class Pictures:
    """The last picture, counted from 1. Taken by whoever waits first, once for all who wait."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._news = threading.Condition()
        self._changes, self._looked = 1, 0
        self._looking = self.closed = False
        self._number, self._picture = 0, b""

    def changed(self) -> None:
        """There may be another picture."""
        with self._news:
            self._changes += 1
            self._news.notify_all()

    def close(self) -> None:
        """Nobody waits any more."""
        with self._news:
            self.closed = True
            self._news.notify_all()

    def after(self, number: int, limit_s: float) -> tuple[int, bytes] | None:
        """The next picture that is not the one with this number, with its own; None when there is none in time."""
        end_s = time.monotonic() + limit_s
        while True:
            with self._news:
                left_s = max(0.0, end_s - time.monotonic())
                self._news.wait_for(lambda: self.closed or self._has(number) or self._may_look(), left_s)
                if self.closed:
                    return None
                if self._has(number):
                    return self._number, self._picture
                if not self._may_look():
                    return None
                self._looking, changes = True, self._changes
            self._look(changes)

    def _has(self, number: int) -> bool:
        return self._number not in (0, number)

    def _may_look(self) -> bool:
        return self._looked != self._changes and not self._looking

    def _look(self, changes: int) -> None:
        try:
            picture = self._screen.picture(blanked=False)
        except NoPicture:
            picture = b""
        finally:
            with self._news:
                self._looking, self._looked = False, changes
                self._news.notify_all()
        with self._news:
            if picture not in (b"", self._picture):
                self._number, self._picture = self._number + 1, picture
                self._news.notify_all()


class Visit(BaseHTTPRequestHandler):
    """One page's questions: its own files, the next picture, and taps."""

    protocol_version = "HTTP/1.1"
    server_version = "motcua"
    sys_version = ""
    timeout = IDLE_S

    def __init__(self, screen: Screen, pictures: Pictures, key: str, *more: Any) -> None:
        self._screen = screen
        self._pictures = pictures
        self._key = key
        super().__init__(*more)

    def do_GET(self) -> None:
        """A file of the page, or the next picture."""
        name = self._name()
        if name in PAGE:
            file, kind = PAGE[name]
            self._answer(HTTPStatus.OK, files("appliance.mirror_page").joinpath(file).read_bytes(), kind)
        elif name == "picture":
            self._next_picture()
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A tap."""
        if self._name() != "tap":
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        where = self._where()
        if where is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        self._screen.tap(*where)
        self._answer(HTTPStatus.NO_CONTENT)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - as the class above has it
        """Addresses hold the key: they are not written down."""

    def _name(self) -> str | None:
        """What is asked for, of those who know the key."""
        _, key, name = [*urlsplit(self.path).path.split("/", 2), "nothing", ""][:3]
        known = hmac.compare_digest(key.encode("utf-8", "replace"), self._key.encode())
        return name if known else None

    def _next_picture(self) -> None:
        after = parse_qs(urlsplit(self.path).query).get("after", ["0"])[0]
        if not after.isdecimal() or len(after) > 9:
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        found = self._pictures.after(int(after), LOOKS_S)
        if found is not None:
            self._answer(HTTPStatus.OK, found[1], "image/png", {"X-Picture": str(found[0])})
        elif self._pictures.closed:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self._answer(HTTPStatus.NO_CONTENT)

    def _where(self) -> tuple[float, float] | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            return None
        try:
            said = json.loads(self.rfile.read(int(length)))
            x, y = float(said["x"]), float(said["y"])
        except (ValueError, TypeError, KeyError):
            return None
        return (x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None

    def _refuse(self, status: HTTPStatus) -> None:
        """Whatever was sent along has not been read."""
        self.close_connection = True
        self._answer(status)

    def _answer(
        self, status: HTTPStatus, content: bytes = b"", kind: str = "", more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, **(more or {})}.items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        if status is not HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
