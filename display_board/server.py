"""The board's own small server: the page, its stream, its clips, and what the page reports. For this machine's browser.

On loopback only, and only for who knows the address: a random key is part of it.
"""

import hmac
import html
import json
import secrets
import select
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from display_board.conductor import FirstWord
from display_board.errors import BoardFault
from display_board.events import Event, PageCame, PageWent, Reported
from display_board.pages import Page, as_text
from display_board.show import Word

LOOPBACK: Final = "127.0.0.1"
FILES: Final = "page/"
FONTS: Final = "fonts/"
CLIPS: Final = "clips/"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
ADDRESSES: Final = {"events": "events", "report": "report", "beat": "beat", "clips": CLIPS}
LONGEST_BODY: Final = 2000
IDLE_S: Final = 60.0
LOOK_S: Final = 1.0
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = structlog.get_logger("display_board.server")


@dataclass(frozen=True)
class Ports:
    """Who stands behind the page. `clip`: a sound by its name; `beat`: the page is alive; `fonts`: if there are any."""

    post: Callable[[Event], None]
    first_word: Callable[[], FirstWord]
    clip: Callable[[str], bytes | None]
    beat: Callable[[], None]
    fonts: Path | None


class Report(BaseModel):
    """What a page sends: which call, when it was drawn by the hub's clock, what has become of its announcement."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    call: str = Field(max_length=100)
    drawn_at: AwareDatetime
    speech: Word


class Server:
    """Between `start` and `close`. `port` 0: any that is free."""

    def __init__(self, ports: Ports, port: int) -> None:
        self._ports = ports
        self._port = port
        self._key = secrets.token_urlsafe(24)
        self._closing = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    @property
    def address(self) -> str:
        """Where the page is; the key in it is all that guards it."""
        return f"http://{LOOPBACK}:{self._port}/{self._key}/"

    def start(self) -> None:
        """Begins to serve. Raises `BoardFault` when the port is taken."""
        pages = PageFiles.load(self._ports.fonts)
        try:
            visit = partial(Visit, self._ports, pages, self._key, self._closing)
            self._server = Listener((LOOPBACK, self._port), visit)
        except OSError as problem:
            raise BoardFault(f"page.port {self._port} cannot be used: {problem.strerror}") from problem
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="server", daemon=True).start()

    def close(self) -> None:
        """Serves no more, and ends the streams. Twice is harmless."""
        self._closing.set()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()


class Listener(ThreadingHTTPServer):
    """Whoever still listens when the program ends is not waited for."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - as the class above has it
        """A page that has gone is nothing to talk about; what else breaks is one line."""
        log.debug("visit-broke", exc_info=True)


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The page as it is sent: its frame, its files by name, its texts by language."""

    frame: Template
    by_name: dict[str, bytes]
    texts: dict[str, dict[str, str]]

    @classmethod
    def load(cls, fonts: Path | None) -> "PageFiles":
        """All of it, read once."""
        found = {file.name: file.read_bytes() for file in files("display_board.page").iterdir() if file.is_file()}
        by_name = {FILES + name: content for name, content in found.items() if Path(name).suffix in TYPES}
        for font in sorted(fonts.glob("*.woff2")) if fonts is not None else ():
            by_name[FONTS + font.name] = font.read_bytes()
        texts = {name.removesuffix(".json"): json.loads(found[name]) for name in found if name.endswith(".json")}
        return cls(Template(found["index.html"].decode()), by_name, texts)

    def page(self, word: FirstWord) -> bytes:
        """The page, right from its first picture on."""
        look = word.setting.page
        texts = self.texts.get(look.language, self.texts["vi"])
        data = {**asdict(look), "texts": texts, "addresses": ADDRESSES, "at": word.at, "scene": word.scene}
        values = {"lang": look.language, "theme": look.theme, "files": FILES, "title": texts["title"]}
        escaped = {name: html.escape(value) for name, value in {**values, "data": as_text(data)}.items()}
        return self.frame.substitute(escaped).encode()


class Visit(BaseHTTPRequestHandler):
    """One question of a page."""

    protocol_version = "HTTP/1.1"
    server_version = "motcua"
    sys_version = ""
    timeout = IDLE_S

    def __init__(self, ports: Ports, pages: PageFiles, key: str, closing: threading.Event, *more: Any) -> None:
        self._ports = ports
        self._pages = pages
        self._key = key
        self._closing = closing
        super().__init__(*more)

    def do_GET(self) -> None:
        """The page, one of its files, a clip, or the stream."""
        name = self._name()
        if name == "":
            self._answer(HTTPStatus.OK, self._pages.page(self._ports.first_word()), "text/html; charset=utf-8")
        elif name == "events":
            self._stream()
        elif name is not None and name in self._pages.by_name:
            self._answer(HTTPStatus.OK, self._pages.by_name[name], TYPES[Path(name).suffix])
        elif name is not None and name.startswith(CLIPS):
            self._send_clip(name.removeprefix(CLIPS))
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """What the page has to say."""
        name, body = self._name(), self._body()
        if body is None:
            self.close_connection = True
            self._answer(HTTPStatus.BAD_REQUEST)
        elif name == "beat":
            self._ports.beat()
            self._answer(HTTPStatus.NO_CONTENT)
        elif name == "report":
            self._take_report(body)
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - as the class above has it
        """Addresses hold the key: they are not written down."""

    def _name(self) -> str | None:
        """What is asked for, of those who know the key."""
        _, key, name = [*urlsplit(self.path).path.split("/", 2), "nothing", ""][:3]
        known = hmac.compare_digest(key.encode("utf-8", "replace"), self._key.encode())
        return name if known else None

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            return None
        return self.rfile.read(int(length))

    def _take_report(self, body: bytes) -> None:
        try:
            report = Report.model_validate_json(body)
        except ValidationError:
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        self._ports.post(Reported(report.call, report.speech, report.drawn_at))
        self._answer(HTTPStatus.NO_CONTENT)

    def _send_clip(self, name: str) -> None:
        content = self._ports.clip(name)
        if content is None:
            self._answer(HTTPStatus.NOT_FOUND)
        else:
            self._answer(HTTPStatus.OK, content, "audio/wav")

    def _stream(self) -> None:
        """Until either side has had enough."""
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.close_connection = True
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream; charset=utf-8", "Connection": "close"})
        page = Page()
        self._ports.post(PageCame(page))
        try:
            self.wfile.write(b"retry: 1000\n\n")
            while not (page.ended or self._closing.is_set() or self._is_left()):
                self.wfile.write(page.take(LOOK_S))
        finally:
            self._ports.post(PageWent(page))

    def _is_left(self) -> bool:
        """Whether the browser has hung up: a page says nothing on its stream."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable)

    def _begin(self, status: HTTPStatus, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def _answer(self, status: HTTPStatus, content: bytes = b"", kind: str = "") -> None:
        more = {"Content-Type": kind} if kind else {}
        if status is not HTTPStatus.NO_CONTENT:
            more["Content-Length"] = str(len(content))
        self._begin(status, more)
        self.wfile.write(content)
